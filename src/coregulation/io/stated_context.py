"""What a caller or a manifest says about a whole session, read in one way: where it took place, and what everybody got at once."""

from __future__ import annotations

from collections.abc import Sequence

from coregulation.errors import UsageError, nearest_names

SETTINGS = ("one room", "remote", "apart")
_NOTHING = ("none", "nothing")


def parse_setting(text: str | None) -> str | None:
    """Read where a session took place.

    Parameters
    ----------
    text
        One of `SETTINGS`, in small or capital letters; None is nothing said.

    Returns
    -------
    str or None
        As it stands in `SETTINGS`.

    Raises
    ------
    UsageError
        If it is another word: a session that was recorded apart would pass for one that was not.
    """
    if text is None:
        return None
    word = " ".join(text.lower().replace("_", " ").replace("-", " ").split())
    if word not in SETTINGS:
        raise UsageError(
            "The setting {came!r} is not known. Did you mean {near:or}? one room, remote and apart are known: say --setting apart (setting in the "
            "manifest) if each person was recorded alone.",
            came=text,
            near=nearest_names(word, SETTINGS),
        )
    return word


def parse_shared(words: Sequence[str] | None) -> tuple[str, ...] | None:
    """Read what everybody got at once.

    Parameters
    ----------
    words
        Such as ("music",); "none" alone is nothing, and None is nothing said.

    Returns
    -------
    tuple of str or None
        () for nothing.

    Raises
    ------
    UsageError
        If "none" stands among others.
    """
    if words is None:
        return None
    named = tuple(word.strip() for word in words)
    if len(named) == 1 and named[0].lower() in _NOTHING:
        return ()
    if any(word.lower() in ("", *_NOTHING) for word in named):
        raise UsageError(
            "Among what was shared stands {words}: none alone, or what was shared (music, film, …), was expected.",
            words=", ".join(named) or "nothing",
        )
    return named

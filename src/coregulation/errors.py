"""What can go wrong, in three kinds: the recording is bad, the call is, or the peer is.

A message says what came, what was expected and what to do. It never repeats a name or a path from inside a file, since it may be
shown to somebody else than the person it names.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from typing import Any

_SIMILAR = 0.6  # ratio of `difflib` (0 to 1) from which two names count as similar: its default


class MessageFormatter(string.Formatter):
    """Fill a message template; `{names:and}` and `{names:or}` list several items.

    Parameters
    ----------
    conjunctions
        The words for "and" and "or" in the language of the template.
    """

    def __init__(self, conjunctions: dict[str, str] | None = None) -> None:
        self.conjunctions = conjunctions or {"and": "and", "or": "or"}

    def format_field(self, value: Any, format_spec: str) -> str:
        """Format one fact; a sequence with the specification "and" or "or" becomes a list in words."""
        if format_spec in self.conjunctions and isinstance(value, Sequence) and not isinstance(value, str):
            return self._listed([str(item) for item in value], self.conjunctions[format_spec])
        return str(super().format_field(value, format_spec))

    @staticmethod
    def _listed(items: list[str], conjunction: str) -> str:
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


class CoregulationError(Exception):
    """Any error this package raises on purpose.

    Parameters
    ----------
    template
        The message in English, with `{fact}` where a fact belongs; it is also the key of its translation.
    **facts
        What fills the template. Without any, the template is the message as it stands.
    """

    def __init__(self, template: str, /, **facts: Any) -> None:
        super().__init__(MessageFormatter().vformat(template, (), facts) if facts else template)
        self.template = template
        self.facts = facts

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt_error, (type(self), self.template, self.facts)


def _rebuilt_error(kind: type[CoregulationError], template: str, facts: dict[str, Any]) -> CoregulationError:
    return kind(template, **facts)


class DataError(CoregulationError):
    """The recording cannot be used as it is."""


class FileFaultError(DataError, ValueError):
    """What is wrong with the bytes of a file, where the file has no name yet: a reader adds it."""


class UsageError(CoregulationError):
    """The call is wrong: an option, a setting or a name that cannot be meant."""


class ProtocolError(CoregulationError):
    """The other side of a connection broke the protocol."""


def nearest_names(name: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Find what somebody may have meant by a name that is not known.

    Parameters
    ----------
    name
        As it came.
    known
        The names that are known.
    most
        How many to suggest.

    Returns
    -------
    tuple of str
        The most similar names, the best first; where none is similar, all known names, sorted. The fact `near` of a
        template such as "There is no cue {name!r}. Did you mean {near:or}?".
    """
    names = sorted(known)
    return similar_names(name, names, most) or tuple(names)


def similar_names(name: str, known: Iterable[str], most: int = 1) -> tuple[str, ...]:
    """Find the names that are similar to one that is not known.

    Parameters
    ----------
    name
        As it came.
    known
        The names that are known.
    most
        How many to suggest.

    Returns
    -------
    tuple of str
        The best first; empty where none is similar.
    """
    import difflib

    return tuple(difflib.get_close_matches(name, sorted(set(known)), n=most, cutoff=_SIMILAR))

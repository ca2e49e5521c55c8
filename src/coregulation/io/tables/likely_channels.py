"""What a column's name is probably about: which channel, and whose; only a proposal, or the choice among several columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coregulation.channels import CHANNELS
from coregulation.io.tables.header_names import CHANNEL_ALIASES, without_unit


def likely_channel(name: str) -> str | None:
    """Propose the channel that a column's name is about, without the person's part of it; None where it tells none.

    Parameters
    ----------
    name
        Such as "player_0/heart_rate", "HR1" or "Resp_b".

    Returns
    -------
    str or None
        The name of a channel.
    """
    return _channel_named(name) or _channel_named(without_unit(name))


def _channel_named(name: str) -> str | None:
    bare = re.sub(r"[\[(].*", "", name).lower()
    parts = [part for part in re.split(r"[/|:]", bare) if part.strip()] or [bare]
    word = re.sub(r"[\s_.-]+", " ", re.sub(r"\d+", " ", parts[-1])).strip()
    words = [word, re.sub(r"( [a-z]$|^[a-z] )", "", word).strip()]
    for item in words:
        own = item.replace(" ", "_")
        if own in CHANNELS:
            return own
        if item in CHANNEL_ALIASES:
            return CHANNEL_ALIASES[item]
    return None


def channels_by_person(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Propose channels of columns that are called alike but for one part, which then tells the person.

    Parameters
    ----------
    names
        Of all columns of values, such as "HR_ada" and "HR_ben".

    Returns
    -------
    dict
        By the column's name the channel and the person; only of channels that stand beside two different parts or more.
    """
    pairs = {name: pair for name in names if (pair := _beside(name)) is not None}
    people: dict[str, set[str]] = {}
    for channel, person in pairs.values():
        people.setdefault(channel, set()).add(person)
    return {name: (channel, person) for name, (channel, person) in pairs.items() if len(people[channel]) > 1}


def _beside(name: str) -> tuple[str, str] | None:
    """Return the channel with which a name begins or ends, and the word that stands beside it."""
    words = [word for word in re.split(r"[\s_/|:.-]+", re.sub(r"[\[(].*", "", without_unit(name))) if word]
    for parts, person in ((words[:-1], words[-1:]), (words[1:], words[:1])):
        channel = likely_channel(" ".join(parts)) if parts else None
        if channel is not None:
            return channel, person[0].lower()
    return None


def person_part(name: str, channel: str) -> str:
    """Take the channel off a column's name; what is left tells the person, in the file's own words.

    Parameters
    ----------
    name
        Such as "player_0/heart_rate".
    channel
        The name of the channel that the column is about.

    Returns
    -------
    str
        In small letters, such as "player_0"; the whole name where the channel does not stand in it.
    """
    bare = re.sub(r"[\[(].*", "", without_unit(name)).strip()
    for word in (channel, *(word for word, own in CHANNEL_ALIASES.items() if own == channel)):
        pattern = re.compile(re.sub(r"[ _]", r"[\\s_.-]?", word), re.IGNORECASE)
        if pattern.search(bare):
            return re.sub(r"^[\s_/|:.-]+|[\s_/|:.-]+$", "", pattern.sub("", bare, count=1)).lower()
    return bare.lower()

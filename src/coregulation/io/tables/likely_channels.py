"""What a column's name is probably about: which channel, and whose; only a proposal, or the choice among several columns."""

from __future__ import annotations

import re

from coregulation.channels import CHANNELS
from coregulation.io.tables.header_names import CHANNEL_ALIASES


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
    bare = re.sub(r"[\[(].*", "", name).strip()
    for word in (channel, *(word for word, own in CHANNEL_ALIASES.items() if own == channel)):
        pattern = re.compile(re.sub(r"[ _]", r"[\\s_.-]?", word), re.IGNORECASE)
        if pattern.search(bare):
            return re.sub(r"^[\s_/|:.-]+|[\s_/|:.-]+$", "", pattern.sub("", bare, count=1)).lower()
    return bare.lower()

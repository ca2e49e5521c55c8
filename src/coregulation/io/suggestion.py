"""The command that analyses a file, as far as the file tells it; what only its owner knows is proposed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from coregulation.channels import CHANNELS, HEART_RATE
from coregulation.io.tables.contents import ColumnContents, Contents
from coregulation.io.tables.header_names import CHANNEL_ALIASES

_PEOPLE = ("ada", "ben", "cyd", "dan", "eve", "fay", "gil", "hal")  # pseudonyms to be changed
_TIMES = frozenset({"time", "time stamp"})
_RR_MS = (300.0, 2000.0)  # between these lies the median RR interval (ms) of a person who is awake


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


def people_of_columns(columns: Sequence[ColumnContents]) -> dict[str, list[tuple[ColumnContents, str]]]:
    """Group columns by person, by what their names have beside the channel.

    Parameters
    ----------
    columns
        Of values.

    Returns
    -------
    dict
        For each person, in the file's words, the columns with their channels; empty where the names tell none.
    """
    groups: dict[str, list[tuple[ColumnContents, str]]] = {}
    for column in columns:
        channel = likely_channel(column.name) or column.means
        if channel is not None:
            groups.setdefault(person_part(column.name, channel), []).append((column, channel))
    return groups


def suggest_command(files: Sequence[Contents]) -> str:
    """Return the command that analyses these files, with what they do not say as a proposal.

    Parameters
    ----------
    files
        What each of them holds.

    Returns
    -------
    str
        A command line.
    """
    first = files[0]
    paths = list(dict.fromkeys(item.path for item in files))
    values = [c for c in first.columns if c.kind == "number" and c.means not in _TIMES and not _is_index(c, first)]
    words = ["coregulation", "analyze", *paths, *_people(first, paths, values), *_meaning(first, values)]
    return " ".join(shlex.quote(word) for word in words)


def _is_index(column: ColumnContents, file: Contents) -> bool:
    return column.number == 0 and not column.name and any(other.name for other in file.columns)


def _people(first: Contents, paths: Sequence[str], values: Sequence[ColumnContents]) -> list[str]:
    if len(paths) > 1:
        return [word for name, _ in zip(_PEOPLE, paths, strict=False) for word in ("--person", name)]
    groups = people_of_columns(values)
    channel = _common(groups)
    if channel is None and first.is_recording:
        return ["--person", _PEOPLE[0]]
    own = (
        [next(c for c, kind in group if kind == channel) for group in groups.values()] if channel else list(values[:2])
    )
    if len(own) < 2:
        return ["--person", _PEOPLE[0]]
    return [
        word
        for name, column in zip(_PEOPLE, own, strict=False)
        for word in ("--person", f"{name}={column.name or column.number}")
    ]


def _by_size(values: Sequence[ColumnContents]) -> tuple[str, str | None]:
    """Propose what numbers without a name may be: RR intervals where their median could be one, else a heart rate."""
    median = values[0].median if values else None
    if median is not None and _RR_MS[0] <= median <= _RR_MS[1]:
        return "rr", "ms"
    if median is not None and _RR_MS[0] <= 1000 * median <= _RR_MS[1]:
        return "rr", "s"
    return HEART_RATE, None


def _usual_unit(channel: str, values: Sequence[ColumnContents]) -> str:
    if channel == "ecg":
        return "mV"
    return "s" if values and values[0].median is not None and values[0].median < _RR_MS[0] / 100 else "ms"


def _common(groups: dict[str, list[tuple[ColumnContents, str]]]) -> str | None:
    """Return the first channel that all people have."""
    sets = [[channel for _, channel in group] for group in groups.values()]
    return (
        next((channel for channel in sets[0] if all(channel in own for own in sets)), None) if len(sets) > 1 else None
    )


def _meaning(first: Contents, values: Sequence[ColumnContents]) -> list[str]:
    groups = people_of_columns(values)
    told = [channel for group in groups.values() for _, channel in group]
    named = [column.means for column in values if column.means]
    if first.is_recording and named and len(named) == len(set(named)):
        return ["--shared", "none"]
    channel, unit = _common(groups) or (told[0] if told else None), None
    if channel is None:
        channel, unit = _by_size(values)
    out = ["--signal", channel]
    known = CHANNELS.get(channel)
    if known is not None and not known.stated and not any(column.unit for column in values):
        out += ["--unit", unit or _usual_unit(channel, values)]
    time = next((column for column in first.columns if column.means == "time" or column.kind in _TIMES), None)
    rated = first.rate is not None or any(column.rate for column in first.columns)
    if time is not None and time.kind == "number" and time.unit is None:
        out += ["--time-column", str(time.number), "--time-unit", "s"]
    elif time is None and not rated and channel not in ("rr", "beats"):
        out += ["--rate", "4"]
    return [*out, "--shared", "none"]

"""The command that analyses a file, as far as the file tells it; what only its owner knows is proposed."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coregulation.channels import CHANNELS, EDA, HEART_RATE
from coregulation.io.options import NO_TIME, ReadOptions
from coregulation.io.plain_numbers import RR_MS, likely_by_size
from coregulation.io.tables.contents import ColumnContents, Contents
from coregulation.io.tables.derived_columns import copies
from coregulation.io.tables.header_names import carried_time_unit
from coregulation.io.tables.likely_channels import likely_channel, person_part
from coregulation.io.tables.time_proposals import unit_by_size
from coregulation.io.tables.value_columns import letters

_TIMES = frozenset({"time", "time stamp"})


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


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is not said about files and their analysis needs, with a proposal for each.

    Parameters
    ----------
    people
        As `--person` takes them, such as "A=hr_a"; () where they were named.
    options
        By the name of the option without its dashes, in the order in which they should be said.
    layout
        How the table is written, as words of a command line; () for one row per moment.
    """

    people: tuple[str, ...]
    options: Mapping[str, str]
    layout: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        """All of it as words of a command line."""
        named = [word for person in self.people for word in ("--person", person)]
        return [*self.layout, *named] + [word for name, value in self.options.items() for word in (f"--{name}", value)]


def propose_options(files: Sequence[Contents], options: ReadOptions | None = None) -> Proposal:
    """Propose what is not said about files.

    Parameters
    ----------
    files
        What each of them holds.
    options
        What was said; None is nothing.

    Returns
    -------
    Proposal
        Only what is missing.
    """
    stated = ReadOptions() if options is None else options
    first = files[0]
    paths = list(dict.fromkeys(item.path for item in files))
    values = _varying(
        [c for c in first.columns if c.kind == "number" and c.means not in _TIMES and not _is_index(c, first)]
    )
    chosen = {str(column) for column in (*stated.columns.values(), stated.column) if column is not None}
    own = [c for c in first.columns if {c.name, str(c.number)} & chosen] or values
    layout = _long(first, paths, values, stated)
    people = () if stated.columns or layout else _people(first, paths, values)
    return Proposal(people, _meaning(first, own, stated), layout)


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
    paths = list(dict.fromkeys(item.path for item in files))
    return shlex.join(["coregulation", "analyze", *paths, *propose_options(files).words])


def _long(
    first: Contents, paths: Sequence[str], values: Sequence[ColumnContents], stated: ReadOptions
) -> tuple[str, ...]:
    """Propose a long table where one column of words tells rows of the same time apart, and there is one column of values."""
    words = [column for column in first.columns if column.labels]
    times = [column for column in first.columns if column.means == "time" or column.kind in _TIMES]
    is_one = len(paths) == len(words) == len(values) == 1 and not (stated.long or stated.columns)
    if not is_one or not times or times[0].rises:
        return ()
    return ("--long", "--person-column", _handle(words[0], first), "--value-column", _handle(values[0], first))


def _varying(values: list[ColumnContents]) -> list[ColumnContents]:
    """Leave out columns that only rise or are one number throughout, where others are left: they are nobody's values."""
    others = [column for column in values if not column.rises and not (column.least == column.most and column.rows > 1)]
    return others or values


def _is_index(column: ColumnContents, file: Contents) -> bool:
    return column.number == 0 and not column.name and any(other.name for other in file.columns)


def _people(first: Contents, paths: Sequence[str], values: Sequence[ColumnContents]) -> tuple[str, ...]:
    if len(paths) > 1:
        return tuple(letters()[: len(paths)])
    groups = people_of_columns(values)
    channel = _common(groups)
    leads = first.rate is not None and not any(likely_channel(column.name) for column in values)
    if first.is_recording and (channel is None or leads):  # leads of one device have a name each and one rate
        return tuple(letters()[:1])
    own = _of_people(groups, channel, values)
    if len(own) < 2:
        several = len(values) > 1 and not first.is_recording
        return (f"{letters()[0]}={_handle(own[0], first)}",) if several else tuple(letters()[:1])
    return tuple(f"{name}={_handle(column, first)}" for name, column in zip(letters(), own, strict=False))


def _of_people(
    groups: dict[str, list[tuple[ColumnContents, str]]], channel: str | None, values: Sequence[ColumnContents]
) -> list[ColumnContents]:
    """Return one column for each person: those of a channel that all have, else of the first that a name tells, else the first two."""
    pairs = [pair for group in groups.values() for pair in group]
    if channel:
        own = [next(c for c, kind in group if kind == channel) for group in groups.values()]
    elif pairs:
        own = [column for column, kind in pairs if kind == pairs[0][1]]
    else:
        own = list(values[:2])
    copied = copies([column.name for column in own], channel or (pairs[0][1] if pairs else HEART_RATE))
    return [column for place, column in enumerate(own) if place not in copied]


def _handle(column: ColumnContents, file: Contents) -> str:
    """Return what a column may be called by on a command line: its name, or its number where the name is not its own."""
    names = [other.name for other in file.columns]
    return column.name if column.name and names.count(column.name) == 1 else str(column.number)


def _usual_unit(channel: str, values: Sequence[ColumnContents]) -> str:
    if channel not in CHANNELS:
        return "a.u."
    if channel == "ecg":
        return "mV"
    return "s" if values and values[0].median is not None and values[0].median < RR_MS[0] / 100 else "ms"


def _common(groups: dict[str, list[tuple[ColumnContents, str]]]) -> str | None:
    """Return the first channel that all people have."""
    sets = [[channel for _, channel in group] for group in groups.values()]
    return (
        next((channel for channel in sets[0] if all(channel in own for own in sets)), None) if len(sets) > 1 else None
    )


def _meaning(first: Contents, values: Sequence[ColumnContents], stated: ReadOptions) -> dict[str, str]:
    out: dict[str, str] = {}
    named = [column.means for column in values if column.means]
    if first.is_recording and named and len(named) == len(set(named)) and stated.signal is None:
        out |= _unsaid(first, values, stated)
    else:
        channel, unit = _channel(values) if stated.signal is None else (stated.signal, None)
        if stated.signal is None:
            out["signal"] = channel
        out |= _one_of_several(first, values, channel, stated)
        known = CHANNELS.get(channel)
        needs_unit = stated.scale is None if known is None else not known.stated
        if needs_unit and stated.unit is None and not any(column.unit for column in values):
            own = [column for column in values if channel in (column.means, likely_channel(column.name))]
            out["unit"] = unit or _usual_unit(channel, own or values)
        out |= _times(first, channel, stated)
    if stated.shared is None:
        out["shared"] = "none"
    return out


def _unsaid(first: Contents, values: Sequence[ColumnContents], stated: ReadOptions) -> dict[str, str]:
    """Propose what a format leaves out of the channels that it names: the unit of one, and when its rows were taken."""
    channel = next(column.means for column in values if column.means) or ""
    without = [
        c for c in values if c.means is not None and c.means in CHANNELS and not CHANNELS[c.means].stated and not c.unit
    ]
    if not without or stated.unit is not None:
        return _times(first, channel, stated)
    own = without[0]
    alone = {} if len(values) == 1 else {"signal": own.means or "", "column": _handle(own, first)}
    return alone | {"unit": _usual_unit(own.means or "", without)} | _times(first, channel, stated)


def _one_of_several(
    first: Contents, values: Sequence[ColumnContents], channel: str, stated: ReadOptions
) -> dict[str, str]:
    """Propose a column of a recording of one person that has several."""
    chosen = stated.column is not None or any(column is not None for column in stated.columns.values())
    if not first.is_recording or chosen or len(values) < 2 or len(_people(first, [first.path], values)) > 1:
        return {}
    own = next((c for c in values if channel in (c.means, likely_channel(c.name), _channel_of_unit(c.unit))), values[0])
    return {"column": _handle(own, first)}


def _channel_of_unit(unit: str | None) -> str | None:
    """Return the channel that is usually in a unit."""
    symbol = (unit or "").replace("μ", "µ").replace("uS", "µS").replace("uV", "µV")
    return {"µS": EDA, "mV": "ecg", "µV": "ecg", "1/min": HEART_RATE, "bpm": HEART_RATE}.get(symbol)


def _channel(values: Sequence[ColumnContents]) -> tuple[str, str | None]:
    """Propose a channel, and its unit where the size of the numbers tells both."""
    groups = people_of_columns(values)
    named = [channel for group in groups.values() for _, channel in group]
    by_unit = [channel for column in values if (channel := _channel_of_unit(column.unit))]
    channel = _common(groups) or next(iter([*named, *by_unit]), None)
    if channel is None:
        return likely_by_size(values[0]) if values else (HEART_RATE, None)
    return channel, None


def _times(first: Contents, channel: str, stated: ReadOptions) -> dict[str, str]:
    """Propose the unit of a column of times, or a rate where nothing says when rows were taken."""
    named = [c for c in first.columns if {c.name, str(c.number)} & {str(stated.time_column)}]
    timed = named or [c for c in first.columns if c.means == "time" or c.kind in _TIMES] or _rising(first, channel)
    time = timed[0] if timed and stated.time_column != NO_TIME else None
    rated = stated.rate is not None or first.is_timed or any(column.rate for column in first.columns)
    if time is not None and time.kind == "number" and time.unit is None and stated.time_unit is None and not rated:
        out = {} if stated.time_column is not None else {"time-column": str(time.number)}
        return out | {"time-unit": carried_time_unit(time.name) or unit_by_size(time.least or 0.0, time.most or 0.0)}
    return {"rate": "4"} if time is None and not rated and channel not in ("rr", "beats") else {}


def _rising(first: Contents, channel: str) -> list[ColumnContents]:
    """Return the columns of a table that may be its time since they only rise; not a count of rows, and not beside intervals."""
    rising = [c for c in first.columns if c.rises and not first.is_recording and channel not in ("rr", "beats")]
    counts = [c for c in rising if c.least in (0, 1) and c.most == c.least + c.rows - 1]
    return [column for column in rising if column not in counts]

"""A table to tracks: which column is whose, which is the time, and in what unit each is written."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from coregulation.clock import Clock
from coregulation.errors import DataError, UsageError
from coregulation.io.options import ReadOptions
from coregulation.io.remarks import Note, ReadingRemark, note
from coregulation.io.tables.column_meaning import ColumnMeaning, interpret_columns
from coregulation.io.tables.counters import counter_notes
from coregulation.io.tables.derived_columns import refuse_derived
from coregulation.io.tables.header_names import SAMPLE, rate_in
from coregulation.io.tables.interval_times import likely_time
from coregulation.io.tables.mixed_rows import refuse_mixed_rows
from coregulation.io.tables.rising import FEWEST, is_rising
from coregulation.io.tables.table import Table
from coregulation.io.tables.time_columns import row_times, time_index
from coregulation.io.tables.time_proposals import proposed_unit
from coregulation.io.tables.units import stated_unit
from coregulation.io.tables.value_columns import Meanings, columns_of_people, letters, refuse_stacked, value_column
from coregulation.io.time_origin import RowTimes
from coregulation.io.track import Track
from coregulation.session import Person
from coregulation.signals import Floats, Unit

_FRACTION = re.compile(r"(?:1/(\d+(?:\.\d+)?) ?s|s ?/ ?(\d+(?:\.\d+)?))", re.ASCII)


def tracks_of_table(table: Table, options: ReadOptions) -> list[Track]:
    """Return one track per person from a table with one column per person.

    Parameters
    ----------
    table
        One row for each moment.
    options
        What the caller said; without people, each column of values is a person named by a letter.

    Returns
    -------
    list of Track
        In the order in which the people were named, all on one clock.

    Raises
    ------
    UsageError
        If the signal, a unit, a column or the time must be stated.
    DataError
        If a cell that should be a number is text.
    """
    meanings = interpret_columns(table)
    time = time_index(table, meanings, options)
    clock = Clock(name="table")
    refuse_stacked(table, meanings, time)
    refuse_mixed_rows(table, meanings, options, used={time})
    if options.columns:
        chosen = [(name, table.index(name if column is None else column)) for name, column in options.columns.items()]
    else:
        chosen = list(zip(letters(), columns_of_people(table, meanings, options, time), strict=False))
    return _tracks(table, meanings, options, [(options.person(name), column) for name, column in chosen], time, clock)


def tracks_of_file(table: Table, options: ReadOptions, person: Person, number: int) -> list[Track]:
    """Return the tracks of a file that holds one person: the one that was asked for, or all that the format names.

    Parameters
    ----------
    table
        The file.
    options
        What the caller said.
    person
        Whose file it is.
    number
        Of the file among those of the session, from 1; it names the file's clock.

    Returns
    -------
    list of Track
        One for the column that was asked for, or one for each channel that the format names.

    Raises
    ------
    UsageError
        If the column or the signal must be stated, or the format names a channel twice.
    """
    meanings = interpret_columns(table)
    time = time_index(table, meanings, options)
    refuse_stacked(table, meanings, time)
    refuse_mixed_rows(table, meanings, options, used={time})
    clock = Clock(offset_sd=None, name=f"file {number}")
    if options.signal is None and options.column is None and table.carried:
        columns = list(_named_channels(table, meanings).values())
    else:
        columns = [value_column(table, meanings, options, time)]
    return _tracks(table, meanings, options, [(person, column) for column in columns], time, clock)


def _tracks(
    table: Table,
    meanings: Meanings,
    options: ReadOptions,
    chosen: Sequence[tuple[Person, int]],
    time: int | None,
    clock: Clock,
) -> list[Track]:
    """Return a track for each column; the column of times, which they share, is read once."""
    tracks: list[Track] = []
    for person, column in chosen:
        times = tracks[0].times if tracks and time is not None else None
        tracks.append(make_track(table, meanings, options, person, column, time, clock, times))
    return tracks


def _named_channels(table: Table, meanings: Meanings) -> dict[str, int]:
    """Return the columns whose channel the format names."""
    named: dict[str, int] = {}
    for meaning in meanings:
        if meaning.channel is not None and meaning.channel in named:
            raise UsageError(
                "{origin}: it holds {channel} more than once. If these are of two people, say --signal {channel} --person "
                "A={first} --person B={second}; of one person say --signal {channel} --column {first}. The columns are "
                "{columns}.",
                origin=table.origin,
                channel=meaning.channel,
                first=named[meaning.channel],
                second=meaning.number,
                columns=table.listing(),
            )
        if meaning.channel is not None:
            named[meaning.channel] = meaning.number
    if not named:
        raise UsageError(
            "{origin}: nothing says what kind of signal its columns are. Say which signal is in which column, such as "
            "--signal ecg --column 0 (or resp, eda, ppg, …), or name each in a manifest. The columns are {columns}.",
            origin=table.origin,
            columns=table.listing(),
        )
    return named


def make_track(
    table: Table,
    meanings: Meanings,
    options: ReadOptions,
    person: Person,
    column: int,
    time: int | None,
    clock: Clock,
    known_times: RowTimes | None = None,
) -> Track:
    """Return one column as a track.

    Parameters
    ----------
    table
        The table.
    meanings
        What is known of each of its columns, in their order.
    options
        What the caller said.
    person
        Whose column it is.
    column
        The number of the column of values, from 0.
    time
        The number of the column of times; None where there is none.
    clock
        The file's clock, where the format measured none.
    known_times
        What the column of times was read as already; None reads it.

    Returns
    -------
    Track
        With the numbers as they stand in the file; unit and scale are kept beside them.

    Raises
    ------
    UsageError
        If the signal, a unit or the time must be stated.
    DataError
        If what was stated contradicts the file.
    """
    meaning = meanings[column]
    metadata = meaning.metadata
    channel = options.signal or meaning.channel
    if channel is None:
        raise UsageError(
            "{origin}: nothing says what kind of signal this is. State it, such as --signal heart_rate (or rr, resp, eda, motion, "
            "rating, … or a name of your own).",
            origin=table.origin,
        )
    options = _with_fraction(options)
    refuse_derived(table, meaning, channel, options)
    if column == time and channel != "beats":
        raise UsageError(
            "{origin}: column {column} is named as the values and as their time. Name another column for one of them (--column, --time-column).",
            origin=table.origin,
            column=column,
        )
    samples = channel == "beats" and options.unit == SAMPLE
    times = row_times(table, meanings, column, time, options, known_times)
    rate = metadata.rate if options.rate is None else options.rate
    numbers = table.numbers(column)
    _refuse_count_above(table, numbers, options)
    if channel == "beats" and not samples:
        _refuse_rate(table, options)
    if channel == "rr" and times is None and rate is None and options.time_column is None:
        _refuse_named_rate(table, meaning)
        _ask_for_likely_time(table, meanings, options, column, numbers)
    if channel not in ("rr", "beats") and times is None and rate is None and options.time_column is None:
        _ask_for_rising_time(table, meanings, column, channel)
    return Track(
        person=person,
        channel=channel,
        origin=table.origin,
        numbers=numbers,
        times=times,
        rate=None if channel == "beats" else rate,
        start=_in_zone(metadata.start if options.start is None else options.start, options),
        unit=Unit.SECOND if samples else stated_unit(table, meaning, options.unit, channel),
        scale=_sample_scale(options) if samples else options.scale,
        clock=metadata.clock or clock,
        remarks=(*_left_out(table), *_jumps(table, meanings, times, rate), *metadata.remarks),
        events=table.events,
        of_file=table.remarks,
        in_zone=bool(times is not None and times.moved)
        or _is_naive(metadata.start if options.start is None else options.start),
    )


def _refuse_count_above(table: Table, numbers: Floats, options: ReadOptions) -> None:
    """Refuse a column without a name whose first number says how many follow, or at which rate."""
    if table.carried or len(table.columns) > 1 or table.names[0] or len(numbers) <= FEWEST:
        return
    first, others = float(numbers[0]), numbers[1:]
    facts = {"origin": table.origin, "first": first, "skip": table.first_row}
    if first == options.rate and not np.nanmin(others) <= first <= np.nanmax(others):
        raise DataError(
            "{origin}: its first number, {first:g}, is the rate. Say --skip-lines {skip} to leave it out (skip_lines in the manifest); if it "
            "is a value, write a name for the column above it.",
            **facts,
        )
    if first == len(others):
        raise DataError(
            "{origin}: its first number, {first:g}, is how many numbers follow. Say --skip-lines {skip} to leave it out (skip_lines in the "
            "manifest); if it is a value, write a name for the column above it.",
            **facts,
        )


def _jumps(table: Table, meanings: Meanings, times: RowTimes | None, rate: float | None) -> tuple[Note, ...]:
    return tuple(counter_notes(table, meanings)) if times is None and rate is not None and not table.carried else ()


def _refuse_rate(table: Table, options: ReadOptions) -> None:
    """Refuse a rate for beat times, which have none; it counts only for beats that are numbers of samples."""
    if options.rate is not None:
        raise UsageError(
            "{origin}: beats are times and have no rate. Leave out --rate; if the numbers count samples, say --unit "
            'sample --rate {rate} (unit = "sample", rate = {rate} in the manifest).',
            origin=table.origin,
            rate=f"{options.rate:g}",
        )


def _with_fraction(options: ReadOptions) -> ReadOptions:
    """Read a unit such as "1/360 s" or "s/360" as seconds with a scale."""
    match = None if options.unit is None else _FRACTION.fullmatch(options.unit.strip())
    parts = 0.0 if match is None else float(match[1] or match[2])
    if not parts:
        return options
    scale = (1.0 if options.scale is None else options.scale) / parts
    return replace(options, unit=Unit.SECOND.symbol, scale=scale)


def _sample_scale(options: ReadOptions) -> float:
    if options.rate is None:
        raise UsageError("Beats as sample numbers need the rate of the samples: say --rate HZ as well.")
    return (1.0 if options.scale is None else options.scale) / options.rate


def _is_naive(start: Any) -> bool:
    return isinstance(start, datetime.datetime) and start.tzinfo is None


def _in_zone(start: Any, options: ReadOptions) -> float | datetime.datetime | None:
    if isinstance(start, datetime.datetime) and start.tzinfo is None and options.zone is not None:
        assert isinstance(options.zone, datetime.tzinfo)
        return start.replace(tzinfo=options.zone)
    moment: float | datetime.datetime | None = start
    return moment


def _refuse_named_rate(table: Table, meaning: ColumnMeaning) -> None:
    """Refuse to sum intervals whose own name says that they were sampled at a rate."""
    rate = rate_in(meaning.name)
    if rate is not None and not table.carried:
        raise UsageError(
            "{origin}: column {column} is called {name!r}, which says a rate. If its intervals were resampled evenly, say --rate {rate}; if each row "
            "is one beat, say --time-column none.",
            origin=table.origin,
            column=meaning.number,
            name=meaning.name,
            rate=f"{rate:g}",
        )


def _ask_for_likely_time(table: Table, meanings: Meanings, options: ReadOptions, column: int, numbers: Floats) -> None:
    """Refuse to sum intervals beside a column that holds their times, since every gap and the start would be lost."""
    unit = stated_unit(table, meanings[column], options.unit, "rr")
    if unit is None:
        return
    scale = 1.0 if options.scale is None else options.scale
    likely = likely_time(table, meanings, column, numbers * scale * unit.factor_to(Unit.SECOND))
    if likely is None:
        return
    meaning, word = likely
    raise UsageError(
        "{origin}: column {column} seems to hold the times of the intervals ({name!r}). Say --time-column {column}{unit} to "
        "use it (time = … in the manifest), or --time-column none if it is something else.",
        origin=table.origin,
        column=meaning.number,
        name=meaning.name,
        unit=f" --time-unit {word}" if word else "",
    )


def _ask_for_rising_time(table: Table, meanings: Meanings, column: int, channel: str) -> None:
    """Refuse a signal whose rows have no time beside a column that may be it."""
    for meaning in meanings:
        if meaning.number != column and not meaning.is_index and not table.carried and is_rising(table, meaning):
            raise UsageError(
                "{origin}: nothing says when each row of {channel} was taken, and column {column}{name} only rises. If it is the time, say "
                "--time-column {column} --time-unit {unit} (or whichever unit it is); if the rows are evenly spaced, say --rate HZ.",
                origin=table.origin,
                channel=channel,
                column=meaning.number,
                name=f" ({meaning.name!r})" if meaning.name else "",
                unit=proposed_unit(table, meaning.number),
            )


def _left_out(table: Table) -> tuple[Note, ...]:
    return (note(ReadingRemark.LINES_AFTER_LEFT_OUT, table.left_out),) if table.left_out else ()

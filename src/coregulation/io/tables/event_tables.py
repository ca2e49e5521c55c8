"""Small tables of notes, one a row: cells by the name of their column, times as s of the session or as moments."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from coregulation.errors import CoregulationError, DataError
from coregulation.io.tables.cell_parsing import CellKind, cell_kind, parse_number
from coregulation.io.tables.dialect import detect_dialect
from coregulation.io.tables.stamps import parse_stamps
from coregulation.io.text_lines import read_lines
from coregulation.io.time_origin import ClockAnchor, RowTimes, TimeOrigin

_WORDS = {
    "onset": "start",
    "duration": "length",
    "trial_type": "kind",
    "block": "kind",
    "with": "present",
    "speaker": "person",
}
_LARGE = 1e8
Noted = TypeVar("Noted")


@dataclass(frozen=True, slots=True)
class EventRow:
    """A row of a table of notes; a cell that cannot be used raises `DataError`.

    Parameters
    ----------
    place
        Where the row stands in the file, for errors.
    cells
        Text by the name of its column, in small letters; BIDS' names are replaced by ours.
    """

    place: str
    cells: dict[str, str]

    def text(self, name: str) -> str | None:
        """Return a cell, None where it is empty or n/a."""
        value = self.cells.get(name, "").strip()
        return None if not value or value.lower() == "n/a" else value

    def words(self, name: str) -> tuple[str, ...]:
        """Return the words of a cell."""
        return tuple(word for word in (self.text(name) or "").replace("+", " ").replace(",", " ").split())

    def required(self, name: str) -> str:
        """Return a cell that must be there."""
        value = self.text(name)
        if value is None:
            raise DataError("{name} is missing.", name=name)
        return value

    def number(self, name: str) -> float | None:
        """Return a cell as a number, None where it is empty."""
        value = self.text(name)
        return None if value is None else parse_number(value, ",", name)

    def time(self, name: str, zero: TimeOrigin) -> float:
        """Return a cell as s on the session clock."""
        value = self.required(name)
        if cell_kind(value) is CellKind.STAMP:
            return _session_time(parse_stamps([value], lambda _: name, clock_form="m:ss"), zero)
        since = parse_number(value, ",", name)
        return since - (zero.since(ClockAnchor.ZONED) if since > _LARGE else 0.0)

    def end(self, zero: TimeOrigin) -> float:
        """Return where a span ends, by its end or its length."""
        length = self.number("length")
        return self.time("end", zero) if length is None else self.time("start", zero) + length


def _session_time(times: RowTimes, zero: TimeOrigin) -> float:
    """Return a moment on the session clock; 0:02:00 counts from its zero unless the session began earlier on that day."""
    (since,) = times.seconds
    if times.anchor is not ClockAnchor.DAY:
        return float(since - zero.since(times.anchor))
    if zero.anchor is None:
        return float(since)
    clock = float(since - zero.since(ClockAnchor.DAY))
    return float(since) if clock < 0 else clock


def parse_event_rows(rows: Iterable[EventRow], make: Callable[[EventRow], Noted]) -> tuple[Noted, ...]:
    """Make something of each row; an error names the row.

    Parameters
    ----------
    rows
        Of one table.
    make
        Makes one thing of one row; raises `DataError` where it cannot.

    Returns
    -------
    tuple
        What was made, in the order of the rows.

    Raises
    ------
    DataError
        If one row cannot be used; the error begins with its place.
    """
    parsed = []
    for row in rows:
        try:
            parsed.append(make(row))
        except DataError as error:
            raise DataError(
                "{place}: {problem}",
                place=row.place,
                problem=error,
            ) from error
    return tuple(parsed)


def read_event_rows(path: str | os.PathLike[str] | None, session: str, needed: set[str]) -> Iterable[EventRow]:
    """Read the rows of a table that belong to a session.

    Parameters
    ----------
    path
        The table; None is no table.
    session
        The session's id; rows whose session column names another are left out.
    needed
        The columns that must be there, by our names.

    Returns
    -------
    iterable of EventRow
        In the order of the file; nothing without a table.

    Raises
    ------
    UsageError
        If there is no such file, or its separator cannot be found with certainty.
    DataError
        If it is no table, or a column that is needed is missing.
    """
    if path is None:
        return []
    lines = read_lines(Path(path))
    try:
        table = detect_dialect(lines).rows(lines)
    except CoregulationError as error:
        raise type(error)(
            "{path}: {problem}",
            path=str(path),
            problem=error,
        ) from error
    names = [_WORDS.get(word.strip().lower(), word.strip().lower()) for word in table[0]]
    missing = needed - set(names)
    if missing:
        raise DataError(
            "{path}: the column {column!r} is missing; the first line must name the columns.",
            path=str(path),
            column=sorted(missing)[0],
        )
    return _of_session(path, names, table[1:], session)


def _of_session(
    path: str | os.PathLike[str], names: Sequence[str], rows: Sequence[Sequence[str]], session: str
) -> list[EventRow]:
    listed = [
        EventRow(f"{path}: row {n + 2}", dict(zip(names, row, strict=False))) for n, row in enumerate(rows) if row
    ]
    return [row for row in listed if row.text("session") in (None, session)]

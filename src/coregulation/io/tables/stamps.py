"""A column of dates and times as people write them: ISO 8601, day or month first, the month as a word, AM and PM, times of day, m:ss.

A date such as 05/04/2026 is read where a day above 12 or a dot between its parts tells the order; else the order must be stated.
Times of day that go on after midnight count on.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Sequence

import numpy as np

from coregulation.errors import DataError, UsageError
from coregulation.io.tables.cell_parsing import Cell, CellKind, cell_kind, is_stamp, moment_of, plain_text
from coregulation.io.tables.stamp_forms import month_number, rewritten
from coregulation.io.time_origin import ClockAnchor, RowTimes
from coregulation.signals import Floats

DATE_ORDERS = ("day-first", "month-first")
CLOCK_FORMS = ("m:ss", "h:mm")
_DAY = 86400.0  # s
_ANCHORS = {True: ClockAnchor.ZONED, False: ClockAnchor.LOCAL, None: ClockAnchor.DAY}
_TIME = r"(?P<h>\d{1,2}):(?P<m>\d{2})(:(?P<s>\d{2}([.,]\d+)?))?(\s*(?P<half>[ap])\.?\s?m\.?)?"
_SIGNS = re.ASCII | re.IGNORECASE
_CLOCK = re.compile(r"\+?" + _TIME, _SIGNS)
_OFFSET = re.compile(r"(\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?)\s*(Z|[+-]\d{2}:?\d{2})", re.ASCII)
_SHORT = re.compile(r"(?P<m>\d{1,3}):(?P<s>\d{2}([.,]\d+)?)", re.ASCII)
_DATED = re.compile(
    r"(?P<a>\d{1,2})(?P<sign>[./-])(?P<b>\d{1,2})(?P=sign)(?P<year>\d{4})(,?[ T]\s*" + _TIME + ")?", _SIGNS
)
_SHORT_YEAR = re.compile(r"(?P<a>\d{1,2})(?P<sign>[./])(?P<b>\d{1,2})(?P=sign)(?P<year>\d{2}),?[ T]\s*" + _TIME, _SIGNS)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?P<sign>[/.-])(?P<b>\d{1,2})(?P=sign)(?P<a>\d{1,2})([ T]\s*" + _TIME + ")?", _SIGNS
)
_NAMED = re.compile(r"(?P<a>\d{1,2})[- ](?P<month>[a-z]{3,9})\.?[- ](?P<year>\d{4})(,?[ T]\s*" + _TIME + ")?", _SIGNS)
_MONTH_FIRST = re.compile(
    r"([a-z]{3,9},? )?(?P<month>[a-z]{3,9})\.? (?P<a>\d{1,2}),? (?P<year>\d{4})(,?( at)? " + _TIME + ")?", _SIGNS
)
_YEAR_LAST = re.compile(r"[a-z]{3} (?P<month>[a-z]{3}) +(?P<a>\d{1,2}) " + _TIME + r" (?P<year>\d{4})", _SIGNS)


def parse_stamps(
    cells: Sequence[Cell],
    place: Callable[[int], str],
    date_order: str | None = None,
    clock_form: str | None = None,
    is_missing: Callable[[Cell], bool] = lambda cell: cell_kind(cell) is CellKind.MISSING,
) -> RowTimes:
    """Read a column of time stamps.

    Parameters
    ----------
    cells
        The column.
    place
        Names a row's place, for errors.
    date_order
        "day-first" or "month-first", where a date such as 05/04/2026 can be both.
    clock_form
        "m:ss" or "h:mm", where 12:30 can be both.
    is_missing
        Says whether a cell has no time; its row gets NaN.

    Returns
    -------
    RowTimes
        In s since 1970 (dates), since midnight (times of day) or since the file's own zero (m:ss).

    Raises
    ------
    UsageError
        If the order of a date, or what 12:30 means, must be stated.
    DataError
        If a cell is no time, or stamps with and without a date or a zone are mixed.
    """
    iso = _iso_times(cells)
    if iso is not None:
        return iso
    if clock_form not in CLOCK_FORMS:
        clock_form = None
    cells = _without_offsets(cells, place)
    clock_form = clock_form or _found_form(cells)
    order = date_order or _found_order(cells)
    known = [not is_missing(cell) for cell in cells]
    read = [
        _stamp(cell, place(row), order, clock_form) if known[row] else (math.nan, "missing")
        for row, cell in enumerate(cells)
    ]
    kinds = {kind for _, kind in read if kind != "missing"}
    if kinds == {"elapsed", None}:  # from an hour on, a column of m:ss goes on as h:mm:ss
        kinds = {"elapsed"}
    if len(kinds) > 1:
        raise DataError("{place} is not of one kind with the rows above: it mixes time stamps with and without a date or a "
                        "time zone.", place=place(_first_other(read)))  # fmt: skip
    seconds = np.array([since for since, _ in read], np.float64)
    kind = kinds.pop() if kinds else None
    if kind == "elapsed":
        return RowTimes(seconds)
    anchor = _ANCHORS[kind]  # type: ignore[index]
    return RowTimes(_past_midnight(seconds) if anchor is ClockAnchor.DAY else seconds, anchor)


def _without_offsets(cells: Sequence[Cell], place: Callable[[int], str]) -> Sequence[Cell]:
    """Take the offset from UTC off times of day, where it is the same in all: without a date they are no moments."""
    offsets = [_OFFSET.fullmatch(cell.strip()) if isinstance(cell, str) else None for cell in cells]
    first = next((match for match in offsets if match), None)
    if first is None:
        return cells
    other = next((row for row, match in enumerate(offsets) if match and match[2] != first[2]), None)
    if other is not None:
        raise DataError(
            "{place} has another offset from UTC than the times of day above it, so the clocks changed on that day. Export it with dates, or "
            "split the file there.",
            place=place(other),
        )
    return [match[1] if match else cell for match, cell in zip(offsets, cells, strict=True)]


def _first_other(read: Sequence[tuple[float, bool | str | None]]) -> int:
    """Return the first row whose stamp is of another kind than those above it."""
    known = [(row, kind) for row, (_, kind) in enumerate(read) if kind != "missing"]
    return next(row for row, kind in known if kind != known[0][1])


def _iso_times(cells: Sequence[Cell]) -> RowTimes | None:
    """Read a column in which every cell is an ISO 8601 date and time, which is what large files have; None for others."""
    first = moment_of(cells[0]) if len(cells) and isinstance(cells[0], str) else None
    if first is None:
        return None
    zero = datetime.datetime(1970, 1, 1, tzinfo=None if first.tzinfo is None else datetime.UTC)
    parse = datetime.datetime.fromisoformat
    try:
        seconds = np.fromiter(((parse(cell) - zero).total_seconds() for cell in cells), np.float64, len(cells))  # type: ignore[arg-type]
    except (ValueError, TypeError):  # another kind of cell, or some with a zone and some without
        return None
    return RowTimes(seconds, _ANCHORS[first.tzinfo is not None])


def _past_midnight(seconds: Floats) -> Floats:
    """Count on where times of day begin anew."""
    return seconds + _DAY * np.concatenate(([0.0], np.cumsum(np.diff(seconds) < -_DAY / 2)))


def _found_order(cells: Sequence[Cell]) -> str | None:
    """Return the order of day and month that the column itself tells, if it does."""
    dated = [m for m in (_dated(_read_form(cell)) for cell in cells if isinstance(cell, str)) if m]
    if not dated:
        return None
    first, second = max(int(m["a"]) for m in dated), max(int(m["b"]) for m in dated)
    if dated[0]["sign"] == "." or first > 12 or all(m["a"] == m["b"] for m in dated):
        return "day-first"
    return "month-first" if second > 12 else None


def _found_form(cells: Sequence[Cell]) -> str | None:
    """Return "m:ss" where fractions of a second, or more than 23 before the colon, tell that 12:30 is no time of day."""
    short = [m for m in (_SHORT.fullmatch(plain_text(cell)) for cell in cells if isinstance(cell, str)) if m]
    return "m:ss" if any(not m["s"].isdigit() or int(m["m"]) > 23 for m in short) else None


def _stamp(cell: Cell, place: str, order: str | None, clock_form: str | None) -> tuple[float, bool | str | None]:
    if isinstance(cell, datetime.time):
        return 3600.0 * cell.hour + 60.0 * cell.minute + cell.second + cell.microsecond * 1e-6, None
    text = _read_form(cell) if isinstance(cell, str) else ""
    dated = _dated(text)
    if dated:
        return _of_date(dated, text, order), False
    ordered = _ordered(text)
    if ordered:
        return _of_ordered(ordered, text), False
    short = _SHORT.fullmatch(text)
    if short:
        return _of_short(short, text, place, clock_form)
    clock = _CLOCK.fullmatch(text)
    if clock:
        return _of_day(clock, place), None
    moment = cell if isinstance(cell, datetime.datetime) else moment_of(text)
    if moment is None:
        raise DataError(
            "{place} is not a time stamp; a time like 2026-05-04T14:00:03.2Z or 14:00:03.2 was expected.", place=place
        )
    zoned = moment.tzinfo is not None
    return (moment if zoned else moment.replace(tzinfo=datetime.UTC)).timestamp(), zoned


def _read_form(cell: str) -> str:
    """Return a cell in a form that is read."""
    text = plain_text(cell)
    return text if is_stamp(text) else rewritten(text) or text


def _dated(text: str) -> re.Match[str] | None:
    return _DATED.fullmatch(text) or _SHORT_YEAR.fullmatch(text)


def _ordered(text: str) -> re.Match[str] | None:
    forms = (_YEAR_FIRST, _NAMED, _MONTH_FIRST, _YEAR_LAST)
    return next((match for form in forms if (match := form.fullmatch(text))), None)


def _of_day(clock: re.Match[str], place: str) -> float:
    hour, half = int(clock["h"]), (clock["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        raise DataError("{place} is no time of day: its hour is not 1 to 12.", place=place)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return 3600.0 * hour + 60.0 * int(clock["m"]) + float((clock["s"] or "0").replace(",", "."))


def _of_date(dated: re.Match[str], text: str, order: str | None) -> float:
    if order is None:
        raise UsageError(
            "{text!r} is a date whose day and month could be either. Say --date-order day-first or --date-order "
            "month-first (date_order = … in the manifest).",
            text=text,
        )
    day, month = (dated["a"], dated["b"]) if order == "day-first" else (dated["b"], dated["a"])
    try:
        return _moment(dated, int(month), int(day), text)
    except ValueError as error:
        raise DataError("{text!r} is no date with the {order}.", text=text, order=order.replace("-", " ")) from error


def _of_ordered(dated: re.Match[str], text: str) -> float:
    """Return a date that begins with its year, or whose month is a word."""
    words = dated.groupdict()
    try:
        month = int(words["b"]) if words.get("b") else month_number(words["month"].lower()) or 0
        return _moment(dated, month, int(dated["a"]), text)
    except ValueError as error:
        raise DataError("{text!r} is no date. Dates such as 2026-05-04 or 04-May-2026 are known.", text=text) from error


def _moment(dated: re.Match[str], month: int, day: int, text: str) -> float:
    year = int(dated["year"])
    date = datetime.datetime(year if year > 99 else 2000 + year, month, day, tzinfo=datetime.UTC)
    return date.timestamp() + (_of_day(dated, text) if dated["h"] else 0.0)


def _of_short(short: re.Match[str], text: str, place: str, form: str | None) -> tuple[float, str | None]:
    first, second = int(short["m"]), float(short["s"].replace(",", "."))
    if second >= 60:
        raise DataError(
            "{place} is not a time stamp: {text!r} has more than 59 after its colon.", place=place, text=text
        )
    if form is None:
        raise UsageError(
            "{place} is {text!r}: minutes and seconds, or a time of day? Say --time-unit m:ss or --time-unit h:mm "
            "(unit = … of the time in the manifest).",
            place=place,
            text=text,
        )
    if form == "h:mm" and first > 23:
        raise DataError("{place} is {text!r}, which is not {form}.", place=place, text=text, form=form)
    return (60.0 * first + second, "elapsed") if form == "m:ss" else (3600.0 * first + 60.0 * second, None)

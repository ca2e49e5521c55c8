"""Rows with times onto a regular grid: the rate is found or checked, repeated stamps are counted, gaps stay gaps."""

from __future__ import annotations

import itertools

import numpy as np

from coregulation.channels import Channel
from coregulation.clock import Clock
from coregulation.errors import DataError, UsageError
from coregulation.filters import MAX_GAP, gridded
from coregulation.io.remarks import Note, ReadingRemark, note
from coregulation.signals import Bools, Floats, Ints, Signal

Notes = list[Note]
_MAX_RATE = 1e6  # Hz; what is faster is a number in another unit
_MIN_RATE = 1 / 600.0  # Hz; rows further apart are no signal
_REPEATED = 0.01  # share of repeated stamps up to which they are counted instead of refused
_MAX_EMPTY = 20  # times as many samples as rows: a stray stamp must not stretch the grid over years
_MANY = 10_000_000  # samples from which that is asked
_GAP = 3.0  # s
_PART = 1 << 16  # rows that are compared with an even grid at once
_STEP_BESIDE = 0.02  # share of the step between rows, by which one may differ
_BESIDE = 0.05  # of the step between rows, by which a row may lie beside its place
_MOST_BESIDE = 0.4  # the same where stamps are rounded; from a half on, two rows could fall on one place
_HALF_UNIT = 0.55  # of the resolution of stamps, by which rounding moves a stamp at most
_NOISE = 5e-6  # s, that steps between moments since 1900 lose in double precision at most
_LOOKED_AT = 5000  # steps at either end of a column, in which its resolution is looked for
_AGREES = 0.1  # relative difference up to which a stated rate is the one found


def on_grid(
    values: Floats,
    device: Floats | None,
    rate: float | None,
    start: float,
    channel: Channel,
    clock: Clock,
    origin: str,
) -> tuple[Signal, Notes]:
    """Return values as a regular signal on the session clock.

    Parameters
    ----------
    values
        Shape (n,), in the channel's unit.
    device
        Shape (n,), device times in s; None where rows are evenly spaced at `rate`.
    rate
        Stated, in Hz; None to find it from the times.
    start
        Device time of the first row (s), where there are no times.
    channel
        What they are.
    clock
        From device time to session time.
    origin
        The file as the caller named it.

    Returns
    -------
    tuple of Signal and list of Note
        The signal in the channel's unit, NaN where rows are missing, and what was noticed: repeated stamps, gaps, rows
        without a time, a rate that was found.

    Raises
    ------
    UsageError
        If neither times nor a rate were said.
    DataError
        If times go back, too many are repeated, or a stated rate contradicts them.
    """
    if device is None:
        if rate is None:
            raise UsageError(
                "{origin}: nothing says when each row of {channel} was taken. Say --rate HZ if there are so many rows per "
                "second, or which column holds the time with --time-column and --time-unit.",
                origin=origin,
                channel=channel.name,
            )
        if not _MIN_RATE <= rate <= _MAX_RATE:
            raise DataError(
                "{origin}: a rate of {rate:g} Hz was stated for {channel}, and no recording of people has one (a row in ten minutes up to a million "
                "rows per second). Mend --rate (rate = … in the manifest).",
                origin=origin,
                rate=rate,
                channel=channel.name,
            )
        return Signal(values, rate / (1 + clock.drift_ppm * 1e-6), clock.session_time(start), channel.unit), []
    values, device, notes = _known(values, device)
    _check_order(device, origin)
    if rate is not None and _repeats(device) > max(1, _REPEATED * len(device)):
        device, remarks = spread_coarse(device, rate, origin)
        notes.append(remarks)
    values, device, more = _distinct(values, device, origin)
    notes += more
    measured = _rate(device, channel, origin)
    if rate is not None and abs(measured / rate - 1) > _AGREES:
        raise DataError(
            "{origin}: a rate of {rate:g} Hz was stated, and the time column says {found:.4g} Hz (a row "
            "every {step:.4g} s). Leave out --rate or --time-column, or mend --time-unit.",
            origin=origin,
            rate=rate,
            found=measured,
            step=1 / measured,
        )
    times = np.asarray(clock.session_time(device))
    _check_span(times, rate or measured, channel, origin)
    return _signal(
        values,
        times,
        rate or measured,
        channel,
        [*notes, *([] if rate else [note(ReadingRemark.RATE_FOUND, rate=measured)])],
    )


def _check_span(times: Floats, rate: float, channel: Channel, origin: str) -> None:
    span = float(times[-1] - times[0])
    if span * rate > max(_MANY, _MAX_EMPTY * len(times)):
        raise DataError(
            "{origin}: the time stamps of {channel} span {days:n.4g day|days} with only {rows:n row|rows} at "
            "{rate:g} Hz. One of them is probably wrong, or recordings of different days were joined: split "
            "them.",
            origin=origin,
            channel=channel.name,
            days=span / 86400,
            rows=len(times),
            rate=rate,
        )


def _signal(values: Floats, times: Floats, rate: float, channel: Channel, notes: Notes) -> tuple[Signal, Notes]:
    if _is_even(times, rate):
        return Signal(values, rate, float(times[0]), channel.unit), notes
    steps = np.diff(times) * rate
    start, places = _own_places(times, rate) or (0.0, None)
    if places is not None:
        steps, times = np.diff(places).astype(np.float64), places / rate
    gaps = int((steps > _GAP * rate * (1 + 1e-9)).sum())
    if gaps:
        notes = [*notes, note(ReadingRemark.GAPS_KEPT, gaps)]
    evened = gridded(times, values, rate, channel.unit, MAX_GAP + 1e-6)
    return Signal(evened.values, rate, start + evened.start, channel.unit), [
        *notes,
        note(ReadingRemark.PUT_ON_GRID, len(values), rate=rate),
    ]


def _is_even(times: Floats, rate: float) -> bool:
    """Say whether rows are evenly spaced, a part of them at a time: a long recording needs no second copy of its times."""
    for first in range(0, len(times), _PART):
        part = times[first : first + _PART + 1]
        places = np.arange(first, first + len(part)) / rate
        beside = np.abs(part - times[0] - places).max() * rate
        if beside >= _BESIDE or (np.abs(np.diff(part) * rate - 1) >= _STEP_BESIDE).any():
            return False
    return True


def _own_places(times: Floats, rate: float) -> tuple[float, Ints] | None:
    """Return the time of place 0 (s) and the place of each row, where the rows lie on an even grid of their own.

    A device samples evenly, also before and after a gap; its stamps are rounded. Rows on such a grid keep their values, whereas
    interpolation between rounded stamps would change them, and lose those at the edges of gaps.
    """
    position = (times - times[0]) * rate
    aside = float(np.angle(np.exp(2j * np.pi * position).mean())) / (2 * np.pi)
    places = np.round(position - aside)
    beside = float(np.abs(position - aside - places).max())
    rounded = min(_MOST_BESIDE, _HALF_UNIT * _resolution(times) * rate) if beside > _BESIDE else 0.0
    if beside > max(_BESIDE, rounded) or (np.diff(places) < 1).any():
        return None
    return float(times[0] + aside / rate), places.astype(np.int64)


def _resolution(times: Floats) -> float:
    """Return what all steps are multiples of (s), 0 if nothing is; single precision is coarser at a later time."""
    steps = np.diff(times)
    return max(_common_unit(steps[:_LOOKED_AT]), _common_unit(steps[-_LOOKED_AT:]))


def _common_unit(steps: Floats) -> float:
    kinds = np.unique(np.round(steps[steps <= 1.5 * np.median(steps)], 6))
    apart = np.diff(kinds)
    apart = apart[apart > 2 * _NOISE]
    if not len(apart):
        return 0.0
    multiples = np.round(kinds / apart.min())
    unit = float(kinds @ multiples / (multiples @ multiples))
    return unit if (np.abs(kinds - unit * multiples) < _NOISE).all() else 0.0


def _known(values: Floats, times: Floats) -> tuple[Floats, Floats, Notes]:
    known = np.isfinite(times)
    if known.all():
        return values, times, []
    return values[known], times[known], [note(ReadingRemark.ROWS_WITHOUT_TIME, int((~known).sum()))]


def _check_order(times: Floats, origin: str) -> None:
    steps = np.diff(times)
    if (steps < 0).any():
        row = int(np.argmax(steps < 0)) + 2
        raise DataError(
            "{origin}: time stamps must increase, and row {row} of the values goes back by {step:.4g} s. Two "
            "recordings may have been joined: split them, or sort the rows if their order was lost.",
            origin=origin,
            row=row,
            step=-steps[row - 2],
        )


def _repeats(times: Floats) -> int:
    return int((np.diff(times) == 0).sum())


def spread_coarse(times: Floats, rate: float, origin: str) -> tuple[Floats, Note]:
    """Place rows whose stamps are coarser than their stated rate: evenly at that rate, anew after each gap.

    Parameters
    ----------
    times
        Shape (n,), in s, not decreasing.
    rate
        Stated, in Hz.
    origin
        The file as the caller named it.

    Returns
    -------
    tuple of array and Note
        The times, shape (n,), in s, and what was done.

    Raises
    ------
    DataError
        If the stamps count other rows per second than the rate.
    """
    steps = np.diff(times)
    step = float(np.median(steps[steps > 0])) if (steps > 0).any() else 0.0
    edges = [0, *(np.flatnonzero(steps > max(_GAP, 3 * step)) + 1).tolist(), len(times)]
    pieces = [times[first:last] for first, last in itertools.pairwise(edges)]
    long = [piece for piece in pieces if piece[-1] - piece[0] > 10 * step]
    measured = sum(map(len, long)) / sum(float(piece[-1] - piece[0]) + step for piece in long) if long else rate
    if abs(measured / rate - 1) > _AGREES:
        raise DataError(
            "{origin}: a rate of {rate:g} Hz was stated, and there are {found:n.4g row|rows} per second by the time column. Leave "
            "out --rate or choose another --time-column, or mend --time-unit.",
            origin=origin,
            rate=rate,
            found=measured,
        )
    even = [np.arange(len(piece)) / rate for piece in pieces]
    placed = [own + float(np.mean(piece - own)) for piece, own in zip(pieces, even, strict=True)]
    return np.maximum.accumulate(np.concatenate(placed)), note(ReadingRemark.COARSE_STAMPS, len(times), step=step)


def _distinct(values: Floats, times: Floats, origin: str) -> tuple[Floats, Floats, Notes]:
    """Keep the first row of each repeated stamp, and count the others."""
    steps = np.diff(times)
    again = np.concatenate(([False], steps == 0))[: len(times)]
    count = int(again.sum())
    if not _same_values(values, again) and count > max(1, _REPEATED * len(times)):
        raise DataError(
            "{origin}: {count} of {rows:n row|rows} repeat the time of the row before. If the stamps are "
            "coarser than the rows and the rows are evenly spaced, state --rate HZ as well.",
            origin=origin,
            count=count,
            rows=len(times),
        )
    if not count:
        return values, times, []
    return values[~again], times[~again], [note(ReadingRemark.REPEATED_STAMPS, count)]


def _same_values(values: Floats, again: Bools) -> bool:
    """Say whether every row that repeats a stamp repeats the value too: then it is the same row written twice."""
    rows = np.flatnonzero(again)
    return bool(np.array_equal(values[rows], values[rows - 1], equal_nan=True))


def _rate(times: Floats, channel: Channel, origin: str) -> float:
    """Return the rate at which rows come where none are missing, as a whole number or period if within 1 % of one."""
    if len(times) < 3:
        raise DataError(
            "{origin}: {rows:n row|rows} with a time are too few to be a signal.",
            origin=origin,
            rows=len(times),
        )
    steps = np.diff(times)
    rate = 1.0 / float(steps[steps <= 1.5 * np.median(steps)].mean())
    fastest = channel.max_rate
    if not _MIN_RATE <= rate <= fastest:
        raise DataError(
            "{origin}: the rows of {channel} are {step:.3g} s apart by their time column. Its unit is "
            "probably another one than was said: state --time-unit (s, ms, min, …).",
            origin=origin,
            channel=channel.name,
            step=1 / rate,
        )
    for number in (round(rate), 1 / max(1, round(1 / rate))):
        if number and abs(rate / number - 1) < 0.01:
            return float(number)
    return float(f"{rate:.4g}")

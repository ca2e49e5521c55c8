"""RR intervals that were resampled evenly in time, as laboratories exchange them: a signal, not one interval per beat."""

from __future__ import annotations

import numpy as np

from coregulation.errors import DataError
from coregulation.signals import Floats

_EVEN = 0.02  # relative difference of steps up to which stamps are evenly spaced
_AGREES = 0.1  # relative difference up to which a stated rate is that of the stamps
_SLOWEST, _FASTEST = 0.05, 100.0  # Hz; what intervals are resampled to
_OVERSAMPLED = 8.0  # rows per beat from which a series that was resampled changes little from row to row
_CHANGES = 3.0  # steps of half an SD per beat that such a series has at most; a new beat makes one
_LONG = 58  # bends, of 60 intervals
_STRAIGHT = 0.05  # of the usual step, below which three intervals lie on a straight line
_MOSTLY = 0.5  # share of repeated or straight steps that beats do not have
_SLOW = 0.5  # variance of bends over that of steps; 1.3 to 2.5 in five minutes of 24-hour ECGs, 0.07 to 0.46 in series at 4 Hz
_APART = 2.0  # s by which the sum of intervals leaves their stamps where they are not one per beat; a packet is never so late


def even_rate(intervals: Floats, stamps: Floats | None, rate: float | None, origin: str) -> float | None:
    """Return the rate at which intervals were sampled evenly; None where there is one for each beat.

    Parameters
    ----------
    intervals
        Shape (n,), in s; NaN where missing.
    stamps
        Shape (n,), in s, of each row; None where there are none.
    rate
        What was stated, in Hz; None where nothing was.
    origin
        The file as the caller named it.

    Returns
    -------
    float or None
        In Hz.

    Raises
    ------
    DataError
        If a rate was stated and the stamps say that the rows are not evenly spaced at it.
    """
    if stamps is None:
        _refuse_rate_of_beats(intervals, rate, origin)
        return rate
    stamped_rate = _rate_of_stamps(intervals, stamps)
    if rate is None or (stamped_rate is not None and abs(stamped_rate / rate - 1) <= _AGREES):
        return stamped_rate
    steps = np.diff(stamps[np.isfinite(stamps)])
    raise DataError(
        "{origin}: a rate of {rate} Hz was stated for RR intervals, and by their time column the rows are {step:.3g} s apart, "
        "from {least:.3g} to {most:.3g} s. Intervals with one row per beat have no rate: leave out --rate (rate = … in the "
        "manifest). If they were resampled evenly, mend the rate or --time-unit.",
        origin=origin,
        rate=f"{rate:g}",
        step=float(np.median(steps)) if len(steps) else 0.0,
        least=float(steps.min()) if len(steps) else 0.0,
        most=float(steps.max()) if len(steps) else 0.0,
    )


def _refuse_rate_of_beats(intervals: Floats, rate: float | None, origin: str) -> None:
    """Refuse a rate, such as that of the ECG, for intervals that change from row to row as single beats do."""
    known = intervals[np.isfinite(intervals)]
    if rate is None or len(known) < _LONG + 2:
        return
    rows_per_beat = rate * float(np.median(known))
    steps = np.abs(np.diff(known))
    changes = float((steps > 0.5 * np.std(known)).mean())
    if rows_per_beat >= _OVERSAMPLED and changes > _CHANGES / rows_per_beat:
        raise DataError(
            "{origin}: a rate of {rate} Hz was stated for RR intervals, so each would fill {rows:n row|rows}, and they change from row to row as "
            "single beats do. Intervals with one row per beat have no rate: leave out --rate (rate = … in the manifest), also where it is "
            "that of the ECG.",
            origin=origin,
            rate=f"{rate:g}",
            rows=round(rows_per_beat),
        )


def _rate_of_stamps(intervals: Floats, stamps: Floats) -> float | None:
    """Return the rate of evenly spaced stamps whose intervals add up to something else."""
    known = np.isfinite(stamps) & np.isfinite(intervals)
    times, own = stamps[known], intervals[known]
    if len(times) < 10:
        return None
    steps = np.diff(times)
    usual = float(np.median(steps))
    even = np.abs(steps - usual) <= _EVEN * usual
    if not 1 / _FASTEST <= usual <= 1 / _SLOWEST or even.mean() < 0.98 or (steps < 0).any():
        return None
    apart = np.cumsum(np.where(even, own[1:] - steps, 0.0))
    return float(f"{1 / usual:.6g}") if float(np.ptp(apart)) > _APART else None


def looks_resampled(intervals: Floats) -> bool:
    """Say whether intervals without times change as those of a series do that was resampled evenly, and not as beats do.

    Parameters
    ----------
    intervals
        Shape (n,), in s; NaN where missing.

    Returns
    -------
    bool
        True where most of them repeat the one before, or lie on a straight line with their neighbours, or where their steps change
        so slowly that no breath is in them; False for fewer than 60.
    """
    steps = np.diff(intervals[np.isfinite(intervals)])
    bends = np.diff(steps)
    if len(bends) < _LONG or not steps.any():
        return False
    repeated = float((steps == 0).mean())
    straight = float((np.abs(bends) < _STRAIGHT * np.median(np.abs(steps))).mean())
    return max(repeated, straight) > _MOSTLY or float(bends.var() / steps.var()) < _SLOW


def series_of_intervals(intervals: Floats) -> Floats:
    """Turn RR intervals that were sampled evenly into heart rates.

    Parameters
    ----------
    intervals
        Shape (n,), in s; NaN where missing.

    Returns
    -------
    array
        Shape (n,), in 1/min; NaN where an interval is missing or not positive.
    """
    return 60.0 / np.where(intervals > 0, intervals, np.nan)

"""How soon each person came back to the own resting level after each probe, alone and together, without a model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.errors import DataError
from coregulation.reasons import because
from coregulation.regulation.design import Design, Probe, UnidentifiedError
from coregulation.regulation.panel import Panel
from coregulation.regulation.reason_codes import Refusal, Settle
from coregulation.regulation.thresholds import THRESHOLDS, RegulationThresholds
from coregulation.signals import Floats


@dataclass(frozen=True, slots=True)
class Recovery:
    """One person's way back after one probe.

    Parameters
    ----------
    person
        Whose.
    probe
        After which stressor.
    zero
        The person's own alone-rest level, in the unit of the index.
    rest_sd
        Standard deviation of the running mean there, in the same unit.
    peak
        Height over the zero at the stressor's end, in the same unit.
    half_life
        From the stressor's end until the height is halved and stays so, s; where `censored`, how long it had not.
    censored
        Whether the person had not come half-way back when the recovery ended.
    """

    person: str
    probe: Probe
    zero: float
    rest_sd: float
    peak: float
    half_life: float
    censored: bool

    @property
    def together(self) -> bool:
        """Whether the others were there."""
        return self.probe.together


def measure_recoveries(
    panel: Panel, design: Design, thresholds: RegulationThresholds = THRESHOLDS
) -> tuple[Recovery, ...]:
    """Measure each probed person's recovery from each probe.

    The zero is the median of the person's alone-rest (not the last minute, which still holds the previous recovery). A
    recovery together in which arousal never rose clearly is kept, since dropping it would hide the very effect: its
    threshold is then one rest SD over the zero, where half the peak would be noise.

    Parameters
    ----------
    panel
        Everybody's index, shape (t, people).
    design
        What was done when.
    thresholds
        Minimum lengths.

    Returns
    -------
    tuple of Recovery
        By person, then by probe; one with too much missing is left out.

    Raises
    ------
    UnidentifiedError
        If there is no alone-rest.
    DataError
        If a probed person has no values in it.
    """
    step = float(np.median(np.diff(panel.times)))
    smooth = np.column_stack([running_mean(panel.times, column, thresholds.smoothing) for column in panel.values.T])
    recoveries = []
    for person, column in zip(design.people, smooth.T, strict=True):
        probes = [probe for probe in design.probes if person in probe.hit]
        if probes:
            zero, sd = _zero(panel.times, column, design, thresholds)
            each = (_recovery(panel.times, column, person, probe, zero, sd, step, thresholds) for probe in probes)
            recoveries += [recovery for recovery in each if recovery is not None]
    return tuple(recoveries)


def resting_levels(
    panel: Panel, design: Design, thresholds: RegulationThresholds = THRESHOLDS
) -> tuple[tuple[float, float], ...]:
    """Measure each person's own alone-rest level.

    Parameters
    ----------
    panel
        Everybody's index, shape (t, people).
    design
        What was done when.
    thresholds
        Minimum lengths.

    Returns
    -------
    tuple of (float, float)
        By person, median and standard deviation of the running mean, in the unit of the index.

    Raises
    ------
    UnidentifiedError
        If there is no alone-rest.
    DataError
        If a person has almost no values in it.
    """
    smooth = (running_mean(panel.times, column, thresholds.smoothing) for column in panel.values.T)
    return tuple(_zero(panel.times, column, design, thresholds) for column in smooth)


def running_mean(times: Floats, values: Floats, length: float) -> Floats:
    """Compute the mean of the values around each time.

    Parameters
    ----------
    times
        s, shape (n,).
    values
        NaN where missing, shape (n,).
    length
        Of the window, s.

    Returns
    -------
    ndarray, shape (n,)
        NaN where a window is empty.
    """
    present = np.isfinite(values)
    total = np.concatenate(([0.0], np.cumsum(np.where(present, values, 0.0))))
    count = np.concatenate(([0], np.cumsum(present)))
    low = np.searchsorted(times, times - length / 2 - 1e-9)
    high = np.searchsorted(times, times + length / 2 + 1e-9)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((total[high] - total[low]) / (count[high] - count[low]), float)


def _zero(times: Floats, values: Floats, design: Design, thresholds: RegulationThresholds) -> tuple[float, float]:
    rests = design.rests(together=False)
    if sum(rest.length for rest in rests) < thresholds.min_rest:
        raise UnidentifiedError(
            "Nobody rested alone, so there is no resting level to come back to. Record three quiet minutes apart before the "
            "first stressful task.",
            because(Refusal.NO_ALONE_REST),
            because(Settle.REST_APART_FIRST),
        )
    in_rest = np.zeros(len(times), bool)
    for rest in rests:
        in_rest |= (times >= rest.start) & (times < rest.end)
    resting = values[in_rest & np.isfinite(values)]
    if len(resting) < thresholds.min_rest_values:
        raise DataError("Almost nothing was recorded in the rest alone; no resting level can be taken from it.")
    middle = float(np.median(resting))
    return middle, max(float(np.std(resting)), 1e-12)


def _recovery(
    times: Floats,
    values: Floats,
    person: str,
    probe: Probe,
    zero: float,
    sd: float,
    step: float,
    thresholds: RegulationThresholds,
) -> Recovery | None:
    watched = (times >= probe.end - 1e-9) & (times < probe.until + 1e-9)
    at, height = times[watched] - probe.end, values[watched] - zero
    present = np.isfinite(height)
    if present.sum() < 2 or present.mean() < 1 - thresholds.max_missing or at[present][0] > thresholds.smoothing:
        return None
    at, height = at[present], height[present]
    time, censored = time_to_stay_below(at, height, max(height[0] / 2, sd), probe, step, thresholds)
    return Recovery(person, probe, zero, sd, float(height[0]), max(time, thresholds.min_half_life), censored)


def time_to_stay_below(
    at: Floats, height: Floats, level: float, probe: Probe, step: float, thresholds: RegulationThresholds
) -> tuple[float, bool]:
    """Measure when somebody has come below a height and stays there for a while.

    Parameters
    ----------
    at
        Times after the stressor's end, s, shape (n,).
    height
        Heights over the zero, in the unit of the index, shape (n,).
    level
        Which height, in the same unit.
    probe
        After which stressor.
    step
        Between values, s.
    thresholds
        How long they must stay.

    Returns
    -------
    tuple of float and bool
        The time, s, and whether it is only a lower bound, since the person had not come there at the end.
    """
    low = height <= level
    for first in np.flatnonzero(low):
        stay = (at >= at[first]) & (at <= at[first] + thresholds.stay_below)
        if low[stay].all() and at[-1] - at[first] >= min(thresholds.stay_below, probe.until - probe.end) - step:
            return crossing_time(at, height, int(first), level), False
    return float(at[-1]), True


def crossing_time(at: Floats, height: Floats, first: int, level: float) -> float:
    """Interpolate when a height was passed.

    Parameters
    ----------
    at
        Times, s, shape (n,).
    height
        Heights, shape (n,).
    first
        Index of the first value at or below the level.
    level
        Which height.

    Returns
    -------
    float
        s.
    """
    if first == 0:
        return float(at[0])
    before, after = height[first - 1], height[first]
    return float(at[first - 1] + (at[first] - at[first - 1]) * (before - level) / (before - after))

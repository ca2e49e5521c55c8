"""How soon each person came back to the own resting level after each probe, alone and together, without a model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.errors import DataError
from coregulation.reasons import because
from coregulation.regulation.censored import Cells, fit_cells
from coregulation.regulation.design import Design, Probe, UnidentifiedError
from coregulation.regulation.interval import Interval, interval_of_mean
from coregulation.regulation.panel import Panel
from coregulation.regulation.reason_codes import Refusal, Settle
from coregulation.regulation.thresholds import THRESHOLDS, RegulationThresholds
from coregulation.settings import LEVEL
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


@dataclass(frozen=True, slots=True)
class RecoveryComparison:
    """One person's recoveries together against alone.

    Parameters
    ----------
    person
        Whose.
    ratio
        Of half-lives, together over alone; an end is 0 or infinite where everything was censored on one side.
    alone
        Half-life alone, s.
    together
        Half-life together, s.
    borrowed
        Restricted-mean seconds saved together, up to the horizon, s.
    horizon
        Length of the shortest watched recovery, s.
    counts
        Recoveries alone and together.
    censored
        How many of each never came back in time.
    rise
        How far the stressors raised the person alone, in rest SDs (the manipulation check).
    pooled
        Whether the standard deviation is that of all people.
    rise_together
        How far the stressors raised the person together, in rest SDs.
    rise_ratio
        Of the rises, together over alone, with a t interval on their logarithms; None where a rise was not above zero.
    error
        Standard error of the logarithm of `ratio`.
    freedom
        Its degrees of freedom.
    """

    person: str
    ratio: Interval
    alone: Interval
    together: Interval
    borrowed: Interval
    horizon: float
    counts: tuple[int, int]
    censored: tuple[int, int]
    rise: float
    pooled: bool
    rise_together: float = math.inf
    rise_ratio: Interval | None = None
    error: float = math.nan
    freedom: float = 0.0

    @property
    def manipulated(self) -> bool:
        """Whether the stressor raised arousal at all when alone."""
        return self.rise > THRESHOLDS.min_rise

    @property
    def comparable(self) -> bool:
        """Whether the rises together, as a whole and never one by one, are large enough for half-lives to be compared."""
        least = max(THRESHOLDS.min_rise_together, THRESHOLDS.min_rise_share * self.rise)
        return self.rise_together >= least

    def ratio_at(self, level: float) -> Interval:
        """Return the ratio with an interval at another level; at its own where nothing is known of its spread.

        Parameters
        ----------
        level
            Of the interval, 0 to 1.

        Returns
        -------
        Interval
            With open ends where those of `ratio` are.
        """
        if not (self.freedom > 0 and math.isfinite(self.error)):
            return self.ratio
        narrower = _exp(interval_of_mean(math.log(self.ratio.value), self.error, self.freedom, level))
        low = 0.0 if self.ratio.low == 0 else narrower.low
        return Interval(narrower.value, low, math.inf if math.isinf(self.ratio.high) else narrower.high, level)

    def no_different(self, margin: float = 2.0) -> bool:
        """Return whether the ratio's interval lies inside 1/margin to margin: an equivalence statement."""
        return self.ratio.inside(1 / margin, margin)


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
    smooth = np.column_stack([_running_mean(panel.times, column, thresholds.smoothing) for column in panel.values.T])
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
    smooth = (_running_mean(panel.times, column, thresholds.smoothing) for column in panel.values.T)
    return tuple(_zero(panel.times, column, design, thresholds) for column in smooth)


def _running_mean(times: Floats, values: Floats, length: float) -> Floats:
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
    half = max(height[0] / 2, sd)
    low = height <= half
    for first in np.flatnonzero(low):
        stay = (at >= at[first]) & (at <= at[first] + thresholds.stay_below)
        if low[stay].all() and at[-1] - at[first] >= min(thresholds.stay_below, probe.until - probe.end) - step:
            time = _crossing(at, height, int(first), half)
            return Recovery(person, probe, zero, sd, float(height[0]), max(time, thresholds.min_half_life), False)
    return Recovery(person, probe, zero, sd, float(height[0]), max(float(at[-1]), thresholds.min_half_life), True)


def _crossing(at: Floats, height: Floats, first: int, half: float) -> float:
    if first == 0:
        return float(at[0])
    before, after = height[first - 1], height[first]
    return float(at[first - 1] + (at[first] - at[first - 1]) * (before - half) / (before - after))


def compare_recoveries(recoveries: Sequence[Recovery], person: str, level: float = LEVEL) -> RecoveryComparison | None:
    """Compare one person's recoveries together with those alone.

    t intervals on ln half-life, with the SD pooled over all people unless the people's differ more than threefold (a
    percentile bootstrap at 3 + 3 covers .79). Censored recoveries enter as log-normal lower bounds; where all of one
    kind are censored, only a one-sided bound is given.

    Parameters
    ----------
    recoveries
        Recoveries of all people, whose standard deviation may be pooled.
    person
        Whose are compared.
    level
        Of the intervals, 0 to 1.

    Returns
    -------
    Comparison or None
        None without a recovery of either kind.
    """
    own = _cells([recovery for recovery in recoveries if recovery.person == person])
    if not len(own[0]) or not len(own[1]):
        return None
    cells, pooled = _fitted(recoveries, person)
    alone, together = (interval_of_mean(cells.means[at], cells.errors[at], cells.freedom, level) for at in (0, 1))
    difference = interval_of_mean(
        cells.means[1] - cells.means[0], math.hypot(cells.errors[0], cells.errors[1]), cells.freedom, level
    )
    horizon = min(recovery.probe.until - recovery.probe.end for cell in own for recovery in cell)
    rises, near = ([recovery.peak / recovery.rest_sd for recovery in cell] for cell in own)
    return RecoveryComparison(
        person, _bounded(_exp(difference), own), _exp(alone), _exp(together), _borrowed(own, horizon, level), horizon,
        (len(own[0]), len(own[1])), (_never(own[0]), _never(own[1])), float(np.mean(rises)), pooled,
        float(np.mean(near)), _rise_ratio(rises, near, level), math.hypot(cells.errors[0], cells.errors[1]), cells.freedom,
    )  # fmt: skip


def _rise_ratio(alone: Sequence[float], together: Sequence[float], level: float) -> Interval | None:
    if min(*alone, *together) <= 0 or len(alone) + len(together) < 3:
        return None
    cells = fit_cells([(np.log(rises), np.zeros(len(rises))) for rises in (alone, together)])
    error = math.hypot(cells.errors[0], cells.errors[1])
    return _exp(interval_of_mean(cells.means[1] - cells.means[0], error, cells.freedom, level))


def pooled_ratio(each: Sequence[RecoveryComparison], level: float = LEVEL) -> Interval:
    """Pool the half-life ratios of several people by their geometric mean.

    Parameters
    ----------
    each
        One per person, at least one.
    level
        Of the interval, 0 to 1.

    Returns
    -------
    Interval
        With the fewest degrees of freedom of any of them.
    """
    errors = [comparison.error for comparison in each]
    return _exp(
        interval_of_mean(
            float(np.mean([math.log(comparison.ratio.value) for comparison in each])), math.hypot(*errors) / len(each),
            min(comparison.freedom for comparison in each), level,
        )
    )  # fmt: skip


def _fitted(recoveries: Sequence[Recovery], person: str) -> tuple[Cells, bool]:
    """Return the person's two cells first, with the SD of all people where theirs are alike."""
    people = [person, *(who for who in dict.fromkeys(recovery.person for recovery in recoveries) if who != person)]
    cells = [
        [_log(cell) for cell in _cells([recovery for recovery in recoveries if recovery.person == who]) if cell]
        for who in people
    ]
    if len(people) > 1 and _alike([fit_cells(own) for own in cells]):
        return fit_cells([cell for own in cells for cell in own]), True
    return fit_cells(cells[0]), False


def _cells(recoveries: Sequence[Recovery]) -> tuple[list[Recovery], list[Recovery]]:
    return [recovery for recovery in recoveries if not recovery.together], [
        recovery for recovery in recoveries if recovery.together
    ]


def _log(cell: Sequence[Recovery]) -> tuple[Floats, Floats]:
    return np.log([recovery.half_life for recovery in cell]), np.array([recovery.censored for recovery in cell], float)


def _never(cell: Sequence[Recovery]) -> int:
    return sum(recovery.censored for recovery in cell)


def _alike(fits: Sequence[Cells]) -> bool:
    sds = [fit.sd for fit in fits if fit.freedom > 0]
    return len(sds) > 1 and max(sds) <= THRESHOLDS.max_unequal * max(min(sds), 1e-9)


def _exp(interval: Interval) -> Interval:
    with np.errstate(over="ignore"):
        value, low, high = np.exp([interval.value, interval.low, interval.high])
    return Interval(float(value), float(low), float(high), interval.level)


def _bounded(ratio: Interval, own: tuple[list[Recovery], list[Recovery]]) -> Interval:
    never_alone, never_together = (_never(cell) == len(cell) for cell in own)
    return Interval(
        ratio.value, 0.0 if never_alone else ratio.low, math.inf if never_together else ratio.high, ratio.level
    )


def _borrowed(own: tuple[list[Recovery], list[Recovery]], horizon: float, level: float) -> Interval:
    times = [np.minimum([recovery.half_life for recovery in cell], horizon) for cell in own]
    parts = [float(np.var(t, ddof=1)) / len(t) if len(t) > 1 else math.inf for t in times]
    difference, total = float(times[0].mean() - times[1].mean()), sum(parts)
    if not 0 < total < math.inf:
        reach = 0.0 if total == 0 else math.inf
        return Interval(difference, difference - reach, difference + reach, level)
    freedom = total**2 / sum(part**2 / (len(t) - 1) for part, t in zip(parts, times, strict=True))
    return interval_of_mean(difference, math.sqrt(total), freedom, level)

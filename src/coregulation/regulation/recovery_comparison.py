"""One person's recoveries together against alone, without a model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.regulation.censored import Cells, fit_cells
from coregulation.regulation.interval import Interval, interval_of_mean
from coregulation.regulation.recovery import Recovery
from coregulation.regulation.thresholds import THRESHOLDS, RegulationThresholds
from coregulation.settings import LEVEL
from coregulation.signals import Floats


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
    equal_heights
        The same comparison with every clock started at one height; None where that is not asked.
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
    equal_heights: RecoveryComparison | None = None

    @property
    def manipulated(self) -> bool:
        """Whether the stressor raised arousal at all when alone."""
        return self.rise > THRESHOLDS.min_rise

    @property
    def comparable(self) -> bool:
        """Whether the rises together, as a whole and never one by one, are large enough for half-lives to be compared."""
        least = max(THRESHOLDS.min_rise_together, THRESHOLDS.min_rise_share * self.rise)
        return self.rise_together >= least

    @property
    def rose_less(self) -> bool:
        """Whether the stressors surely raised the person less together."""
        return self.rise_ratio is not None and self.rise_ratio.below(1.0)

    def shorter(self, level: float, thresholds: RegulationThresholds) -> bool:
        """Decide whether half-lives are shorter together, from the person's own heights.

        Parameters
        ----------
        level
            At which the whole interval must lie below 1, 0 to 1.
        thresholds
            With the largest ratio.

        Returns
        -------
        bool
            What is seen.
        """
        return self.ratio.value < thresholds.max_ratio and self.ratio_at(level).below(1.0)

    def shorter_from_equal_heights(self, level: float, thresholds: RegulationThresholds) -> bool:
        """Decide the same with every clock started at one height.

        Parameters
        ----------
        level
            At which the whole interval must lie below 1, 0 to 1.
        thresholds
            With the largest ratio.

        Returns
        -------
        bool
            True where that was not asked.
        """
        even = self.equal_heights
        return even is None or even.shorter(level, thresholds)

    def surely_shorter_from_equal_heights(self, thresholds: RegulationThresholds) -> bool:
        """Decide the same where the rises together were too small for half-lives from the person's own heights.

        Parameters
        ----------
        thresholds
            With the level and the least rise together.

        Returns
        -------
        bool
            False where that was not asked.
        """
        even, least = self.equal_heights, thresholds.min_rise_if_less
        clear = even is not None and even.shorter(thresholds.ratio_level_if_less, thresholds)
        return clear and self.rise_together >= least

    def longer(self, thresholds: RegulationThresholds) -> bool:
        """Decide whether half-lives are longer together, from own heights and from equal ones.

        Parameters
        ----------
        thresholds
            With the level.

        Returns
        -------
        bool
            What is seen.
        """
        both = [self] if self.equal_heights is None else [self, self.equal_heights]
        return all(seen.ratio_at(thresholds.ratio_level).above(1.0) for seen in both)

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

"""A pair over visits: coming back alone, coming back together, how much is borrowed, and whether that changes.

Two visits make no trend: people who begin high come down by themselves (regression to the mean), and a task that was met
before is easier (habituation). Both are said beside every slope; only a control, such as weeks with rests alone, tells them
from learning.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.errors import UsageError
from coregulation.regulation.interval import Interval, interval_of_mean
from coregulation.regulation.partial_pooling import PooledEstimates, pool_partially
from coregulation.regulation.thresholds import THRESHOLDS
from coregulation.signals import Floats


@dataclass(frozen=True, slots=True)
class Visit:
    """One person at one visit.

    Parameters
    ----------
    number
        0, 1, …, or weeks since the first.
    alone
        ln half-life alone (of s) with its standard error, NaN where none was seen.
    together
        The same with the other person.
    window
        The highest peak (rest SDs) that the person came half-way back from; NaN where none was seen.
    own_burden
        ln own burden with the other person with its standard error, NaN where none was given.
    """

    number: float
    alone: tuple[float, float]
    together: tuple[float, float]
    window: float
    own_burden: tuple[float, float] = (math.nan, math.inf)

    @property
    def dependence(self) -> float:
        """1 − T½ together / T½ alone: 0 is as fast alone; negative is slower together."""
        return 1 - math.exp(self.together[0] - self.alone[0])


@dataclass(frozen=True, slots=True)
class Journey:
    """What visits say of one person.

    Parameters
    ----------
    visits
        In order.
    alone
        Change of ln half-life alone per visit; None with fewer than five visits.
    together
        The same with the other person.
    borrowed
        Change of ln (together / alone) per visit.
    carried
        Whether settling alone has become faster and less is borrowed, while settling together held; None where it is not asked.
    pooled_alone
        ln half-life alone (of s), partially pooled over the visits; None where no visit knows one.
    pooled_burden
        ln own burden with the other person, partially pooled over the visits; None where no visit knows one.
    """

    visits: tuple[Visit, ...]
    alone: Interval | None
    together: Interval | None
    borrowed: Interval | None
    carried: bool | None
    pooled_alone: PooledEstimates | None = None
    pooled_burden: PooledEstimates | None = None


def make_visit(
    number: float,
    alone: Interval,
    together: Interval,
    came_back_from: Sequence[float],
    own_burden: Interval | None = None,
) -> Visit:
    """Put one person's results of a session into a visit.

    Parameters
    ----------
    number
        0, 1, …, or weeks since the first visit.
    alone
        Half-life alone, in s.
    together
        Half-life with the other person, in s.
    came_back_from
        Peaks, in rest SDs, of the recoveries that came half-way back; may be empty.
    own_burden
        Own burden with the other person, 1 = as alone; None where none was given.

    Returns
    -------
    Visit
        With log half-lives and their standard errors. A half-life that is not positive and finite becomes NaN; an
        interval that is open at an end gives an infinite standard error.
    """
    burden = (math.nan, math.inf) if own_burden is None else _log(own_burden)
    return Visit(number, _log(alone), _log(together), max(came_back_from, default=math.nan), burden)


def _log(interval: Interval) -> tuple[float, float]:
    if not 0 < interval.value < math.inf:
        return math.nan, math.inf
    if not 0 < interval.low < interval.value < interval.high < math.inf:
        return math.log(interval.value), math.inf
    return math.log(interval.value), math.log(interval.high / interval.low) / 3.92


def analyze_journey(visits: Sequence[Visit]) -> Journey:
    """Estimate slopes over visits by weighted least squares with a random visit effect; t intervals with n − 2.

    Parameters
    ----------
    visits
        Of one person, in any order.

    Returns
    -------
    Journey
        Without slopes where there are too few visits.

    Raises
    ------
    UsageError
        If there is no visit, or two have the same number.
    """
    ordered = tuple(sorted(visits, key=lambda visit: visit.number))
    if not ordered or len({visit.number for visit in ordered}) < len(ordered):
        raise UsageError("A journey needs a visit or more, each with a number of its own.")
    at = np.array([visit.number for visit in ordered])
    alone, together = (np.array([getattr(visit, name) for visit in ordered]) for name in ("alone", "together"))
    borrowed = np.column_stack([together[:, 0] - alone[:, 0], np.hypot(alone[:, 1], together[:, 1])])
    pooled = _pooled(alone), _pooled(np.array([visit.own_burden for visit in ordered]))
    if len(ordered) < THRESHOLDS.min_visits:
        return Journey(ordered, None, None, None, None, *pooled)
    solo, with_other, less = (slope(at, part[:, 0], part[:, 1]) for part in (alone, together, borrowed))
    return Journey(ordered, solo, with_other, less, _carried(solo, with_other, less), *pooled)


def _pooled(estimates: Floats) -> PooledEstimates | None:
    """Pool estimates with their errors, shape (visits, 2); None where none is known."""
    known = np.isfinite(estimates).all(axis=1)
    return pool_partially(estimates[:, 0], estimates[:, 1]) if known.any() else None


def _carried(alone: Interval, together: Interval, borrowed: Interval) -> bool:
    no_slower = together.low <= 0  # not slower with the other than before
    return alone.below(0) and borrowed.above(0) and no_slower


def slope(at: Floats, values: Floats, errors: Floats) -> Interval:
    """Fit a line to estimates that have errors of their own and vary between visits besides.

    The variance between visits is found by the method of moments.

    Parameters
    ----------
    at
        Where each value stands, such as the number of the visit, shape (n,).
    values
        Estimates, shape (n,).
    errors
        Their standard errors, shape (n,). Values with an error that is not positive and finite are left out.

    Returns
    -------
    Interval
        Change of the value per unit of `at`, 95 %; NaN with an infinite interval where fewer than three values are
        left.
    """
    known = np.isfinite(errors) & (errors > 0)
    at, values, errors = at[known], values[known], errors[known]
    n = len(at)
    if n < 3:
        return Interval(math.nan, -math.inf, math.inf)
    excess = 0.0
    for _ in range(50):
        weights = 1 / (errors**2 + excess)
        design = np.column_stack([np.ones(n), at - np.average(at, weights=weights)])
        beta = np.linalg.solve(design.T @ (weights[:, None] * design), design.T @ (weights * values))
        spread = float((weights * (values - design @ beta) ** 2).sum()) / (n - 2)
        excess = max(0.0, excess + (spread - 1) * float(np.mean(1 / weights)))
    error = 1 / math.sqrt(float((weights * design[:, 1] ** 2).sum()))
    return interval_of_mean(float(beta[1]), error * math.sqrt(max(1.0, spread)), n - 2)


def pool_slopes(slopes: Sequence[Interval]) -> Interval:
    """Average slopes over people or pairs: the second stage of a two-stage mixed model.

    Parameters
    ----------
    slopes
        One per person or pair; those without a finite value and interval are left out.

    Returns
    -------
    Interval
        Unweighted mean with a 95 % t interval over people or pairs.

    Raises
    ------
    UsageError
        If fewer than two slopes have an interval.
    """
    values = np.array([slope.value for slope in slopes])
    errors = np.array([(slope.high - slope.low) / 2 for slope in slopes])
    known = np.isfinite(values) & np.isfinite(errors)
    if known.sum() < 2:
        raise UsageError("Two slopes or more with an interval are needed to pool them.")
    n = int(known.sum())
    spread = float(values[known].std(ddof=1))
    return interval_of_mean(float(values[known].mean()), spread / math.sqrt(n), n - 1)

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
    """

    number: float
    alone: tuple[float, float]
    together: tuple[float, float]
    window: float

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
    shrunk
        ln half-life alone of each visit, drawn to their mean by how little each knows.
    """

    visits: tuple[Visit, ...]
    alone: Interval | None
    together: Interval | None
    borrowed: Interval | None
    carried: bool | None
    shrunk: Floats


def make_visit(number: float, alone: Interval, together: Interval, came_back_from: Sequence[float]) -> Visit:
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

    Returns
    -------
    Visit
        With log half-lives and their standard errors. A half-life that is not positive and finite becomes NaN; an
        interval that is open at an end gives an infinite standard error.
    """
    return Visit(number, _log(alone), _log(together), max(came_back_from, default=math.nan))


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
    if len(ordered) < THRESHOLDS.min_visits:
        return Journey(ordered, None, None, None, None, shrink_slopes(alone[:, 0], alone[:, 1]))
    solo, with_other, less = (slope(at, part[:, 0], part[:, 1]) for part in (alone, together, borrowed))
    return Journey(
        ordered, solo, with_other, less, _carried(solo, with_other, less), shrink_slopes(alone[:, 0], alone[:, 1])
    )


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


def shrink_slopes(values: Floats, errors: Floats) -> Floats:
    """Draw estimates to their weighted mean, the more the larger their own error is.

    Each keeps the share of its distance that is not its own noise (DerSimonian & Laird 1986).

    Parameters
    ----------
    values
        Estimates, shape (n,); NaN stays NaN and counts for nothing.
    errors
        Their standard errors, shape (n,). One that is not positive and finite counts as very large.

    Returns
    -------
    ndarray, shape (n,)
        In the unit of the values; all equal where they vary no more than their errors explain.
    """
    errors = np.where(np.isfinite(errors) & (errors > 0), errors, 1e6)
    if not np.isfinite(values).all():
        out, present = np.full(len(values), np.nan), np.isfinite(values)
        out[present] = shrink_slopes(values[present], errors[present]) if present.any() else []
        return out
    weights = 1 / errors**2
    middle = float(np.average(values, weights=weights))
    heterogeneity = float((weights * (values - middle) ** 2).sum()) - (len(values) - 1)
    scale = float(weights.sum() - (weights**2).sum() / weights.sum())
    between = max(0.0, heterogeneity / scale) if scale > 0 else 0.0
    if between:
        middle = float(np.average(values, weights=1 / (errors**2 + between)))
    return np.asarray(middle + (values - middle) * between / (between + errors**2), float)


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

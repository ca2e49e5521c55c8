"""How soon one person comes back alone: the half-life that everything together is compared with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.regulation.censored import fit_cells
from coregulation.regulation.interval import Interval, interval_of_mean
from coregulation.regulation.recovery import Recovery
from coregulation.regulation.thresholds import THRESHOLDS
from coregulation.settings import LEVEL


@dataclass(frozen=True, slots=True)
class SoloRecovery:
    """A person's own half-life alone.

    Parameters
    ----------
    person
        Whose.
    half_life
        s, geometric mean with its t interval; open above where every recovery was censored, unbounded from one.
    count
        Recoveries.
    censored
        How many of them were not half-way back when they ended.
    raised
        How many stressors raised the person enough; only those are counted.
    """

    person: str
    half_life: Interval
    count: int
    censored: int
    raised: int


def solo_recovery(
    recoveries: Sequence[Recovery], person: str, least: float = THRESHOLDS.min_rise, level: float = LEVEL
) -> SoloRecovery | None:
    """Estimate one person's half-life alone.

    Parameters
    ----------
    recoveries
        Recoveries of everybody in every condition.
    person
        Id of the person in question.
    least
        Recoveries whose peak is at most this many rest SDs are left out.
    level
        Of the interval, 0 to 1.

    Returns
    -------
    SoloRecovery or None
        Half-life in s, the geometric mean with censored recoveries counted as lower bounds; None where no stressor
        alone raised the person's arousal enough.
    """
    own = [
        recovery
        for recovery in recoveries
        if recovery.person == person and not recovery.together and recovery.peak > least * recovery.rest_sd
    ]
    if not own:
        return None
    hidden = np.array([recovery.censored for recovery in own], float)
    cell = fit_cells([(np.log([recovery.half_life for recovery in own]), hidden)])
    interval = interval_of_mean(
        float(cell.means[0]), float(cell.errors[0]) if cell.freedom > 0 else math.inf, cell.freedom, level
    )
    with np.errstate(over="ignore"):
        value, low, high = (float(end) for end in np.exp([interval.value, interval.low, interval.high]))
    never = int(hidden.sum())
    return SoloRecovery(
        person, Interval(value, low, math.inf if never == len(own) else high, level), len(own), never, len(own)
    )


def pool_solo(each: Sequence[SoloRecovery], level: float = LEVEL) -> Interval:
    """Pool half-lives over people by their geometric mean.

    Parameters
    ----------
    each
        One per person. People whose recoveries were all censored are left out; at least one other is needed.
    level
        Of the interval, 0 to 1.

    Returns
    -------
    Interval
        In s, with a t interval over people; from 0 to beyond any length with only one.
    """
    logs = np.log([visit.half_life.value for visit in each if visit.censored < visit.count])
    n = len(logs)
    interval = interval_of_mean(
        float(logs.mean()), float(logs.std(ddof=1)) / math.sqrt(n) if n > 1 else math.inf, n - 1, level
    )
    return Interval(math.exp(interval.value), math.exp(interval.low), math.exp(min(interval.high, 700.0)), level)

"""The first gate: whether something may have moved both, seen in what neither person's own course explains."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from coregulation.regulation.natural.levels import PairLevels
from coregulation.regulation.natural.partner import settledness
from coregulation.signals import Floats

STEP = 2.0
"""Time over which unsmoothed levels are averaged, s."""
LAGS = 6
"""Steps of both courses that an innovation is told apart from."""
OPEN = 0.2
"""Least p at which the gate is open: a claim needs more than "not shown", so one in five gates closes by chance."""
_SPEARMAN = 1.06  # variance of Fisher's z of a rank correlation, times n − 3
_MIN_STEPS = 30  # fewest steps with an innovation


@dataclass(frozen=True, slots=True)
class InnovationCorrelation:
    """Whether the innovations of two people go together.

    Parameters
    ----------
    correlation
        Rank correlation over all sessions, weighted by their length; NaN where too little is known.
    p
        One-sided, for going together; NaN likewise.
    """

    correlation: float
    p: float

    @property
    def is_open(self) -> bool:
        """Whether a claim is allowed."""
        return self.p >= OPEN


def common_input(sessions: Sequence[PairLevels]) -> InnovationCorrelation:
    """Correlate what neither course explains, where the first person is in the lower half of their own levels.

    In the upper half, settling beside the other would itself tie the two together.

    Parameters
    ----------
    sessions
        Of one pair, the receiver first.

    Returns
    -------
    InnovationCorrelation
        Over all sessions: Stouffer's sum of their z.

    References
    ----------
    Fieller EC, Hartley HO, Pearson ES (1957), Biometrika 44:470, doi:10.1093/biomet/44.3-4.470
    Stouffer SA et al. (1949), The American Soldier, Princeton University Press
    """
    each = [_rank_correlation(*_innovations(_steps(session))) for session in sessions]
    known = [(rho, count) for rho, count in each if count >= _MIN_STEPS]
    if not known:
        return InnovationCorrelation(math.nan, math.nan)
    z = sum(math.atanh(rho) * math.sqrt((count - 3) / _SPEARMAN) for rho, count in known) / math.sqrt(len(known))
    mean = sum(rho * count for rho, count in known) / sum(count for _, count in known)
    return InnovationCorrelation(mean, 1.0 - NormalDist().cdf(z))


def _steps(session: PairLevels) -> Floats:
    """Return both levels as means of 2 s, shape (2, steps); NaN where less than half is known."""
    size = max(1, round(STEP * session.rate))
    count = session.levels.shape[1] // size
    parts = session.levels[:, : count * size].reshape(2, count, size)
    known = np.isfinite(parts)
    sums = np.where(known, parts, 0.0).sum(axis=2)
    return np.where(known.sum(axis=2) * 2 >= size, sums / np.maximum(known.sum(axis=2), 1), np.nan)


def _innovations(steps: Floats) -> tuple[Floats, Floats]:
    """Return both innovations where the first person was in the lower half of their levels a step before."""
    count = steps.shape[1] - LAGS
    if count <= 0:
        return np.empty(0), np.empty(0)
    lagged = [steps[who, LAGS - lag : LAGS - lag + count] for who in (0, 1) for lag in range(1, LAGS + 1)]
    last = steps[:, LAGS - 1 : LAGS - 1 + count]
    settled = settledness(last)
    design = np.column_stack([np.ones(count), *lagged, *settled, last[0] * settled[1], last[1] * settled[0]])
    now = steps[:, LAGS:]
    known = np.isfinite(design).all(axis=1) & np.isfinite(now).all(axis=0)
    if known.sum() <= design.shape[1]:
        return np.empty(0), np.empty(0)
    fitted = np.linalg.lstsq(design[known], now[:, known].T, rcond=None)[0]
    errors = now[:, known].T - design[known] @ fitted
    low = last[0, known] <= np.median(last[0, known])
    return errors[low, 0], errors[low, 1]


def _rank_correlation(first: Floats, second: Floats) -> tuple[float, int]:
    if len(first) < _MIN_STEPS:
        return 0.0, len(first)
    ranks = [np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(float) for values in (first, second)]
    rho = float(np.corrcoef(np.stack(ranks))[0, 1])
    return max(-0.999999, min(0.999999, rho)), len(first)

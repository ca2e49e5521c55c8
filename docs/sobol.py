"""Which assumption decides an outcome: Sobol indices, for the tables of the documentation.

Saltelli's sampling with Jansen's estimators: Saltelli et al. (2010), Comput Phys Commun 181:259, doi:10.1016/j.cpc.2009.09.018.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from coregulation.errors import UsageError
from coregulation.signals import Floats
from coregulation.simulate.parameters import Profile

# the assumptions of a profile that are varied
FREE = ("borrowed", "contagion", "alarm", "window", "receptivity", "tau_safety")
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Share:
    """Share of an outcome's variance that one input explains.

    Parameters
    ----------
    first
        Alone, 0 to 1.
    first_interval
        Its 95 % bootstrap interval.
    total
        With its interactions, 0 to 1.
    total_interval
        Its 95 % bootstrap interval.
    """

    first: float
    first_interval: Interval
    total: float
    total_interval: Interval


def sobol(
    outcome: Callable[[Floats], float],
    ranges: Mapping[str, Interval],
    rng: np.random.Generator,
    samples: int = 256,
    draws: int = 499,
) -> dict[str, Share]:
    """Estimate each input's Sobol indices.

    Parameters
    ----------
    outcome
        Of one set of inputs, shape (inputs,), in the order of `ranges`; called samples · (inputs + 2) times.
    ranges
        Lowest and highest value of each input, uniform between.
    rng
        For the samples and the bootstrap.
    samples
        Rows of each of the two base matrices.
    draws
        Of the bootstrap.

    Returns
    -------
    dict
        The share of each input, by name.

    Raises
    ------
    UsageError
        If a range is empty, or the outcome does not vary or is not finite.
    """
    low, high = np.array(list(ranges.values()), dtype=np.float64).T
    if not (low < high).all():
        raise UsageError("Each range needs a lowest value below its highest.")
    first, second = (low + (high - low) * rng.random((samples, len(low))) for _ in range(2))
    base = np.array([outcome(row) for row in first])
    other = np.array([outcome(row) for row in second])
    mixed = np.stack([_swapped(outcome, first, second, i) for i in range(len(low))])
    if not (np.isfinite(base).all() and np.isfinite(other).all() and np.ptp(base) > 0):
        raise UsageError("The outcome must be finite and must vary over the ranges.")
    picks = rng.integers(samples, size=(draws, samples))
    return {name: _share(base, other, mixed[i], picks) for i, name in enumerate(ranges)}


def around(profile: Profile, names: tuple[str, ...] = FREE, share: float = 0.5) -> dict[str, Interval]:
    """Make a range around each of some numbers of a profile.

    Parameters
    ----------
    profile
        The person.
    names
        Of the numbers.
    share
        How far to go, as a share of each number.

    Returns
    -------
    dict
        Lowest and highest value, by name.
    """
    return {name: (getattr(profile, name) * (1 - share), getattr(profile, name) * (1 + share)) for name in names}


def _swapped(outcome: Callable[[Floats], float], first: Floats, second: Floats, column: int) -> Floats:
    """Outcomes of the first matrix with one column of the second."""
    rows = first.copy()
    rows[:, column] = second[:, column]
    return np.array([outcome(row) for row in rows])


def _share(base: Floats, other: Floats, mixed: Floats, picks: np.typing.NDArray[np.int64]) -> Share:
    first, total = _indices(base, other, mixed)
    spread = np.array([_indices(base[rows], other[rows], mixed[rows]) for rows in picks])
    (low_first, high_first), (low_total, high_total) = np.quantile(spread, (0.025, 0.975), axis=0).T
    return Share(first, (float(low_first), float(high_first)), total, (float(low_total), float(high_total)))


def _indices(base: Floats, other: Floats, mixed: Floats) -> Interval:
    variance = float(np.var(np.concatenate([base, other])))
    first = 1 - float(((other - mixed) ** 2).mean()) / (2 * variance)
    return first, float(((base - mixed) ** 2).mean()) / (2 * variance)

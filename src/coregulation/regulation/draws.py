"""Joint draws around the maximum, over how much return rates vary from moment to moment.

The posterior of the parameters is taken as normal around its maximum, for each size of the variation between moments; the sizes
are averaged over (the idea of integrated nested Laplace approximations). So an interval holds what three moments cannot know about
the next one. The points are fixed numbers, so that no answer depends on a seed.

References
----------
Rue H, Martino S, Chopin N (2009), Journal of the Royal Statistical Society B 71:319, doi:10.1111/j.1467-9868.2008.00700.x
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coregulation.reasons import because
from coregulation.regulation.design import NotConvergedError
from coregulation.regulation.fit import Maximum
from coregulation.regulation.model import WeakPriors
from coregulation.regulation.posterior import Posterior
from coregulation.regulation.reason_codes import Refusal
from coregulation.signals import Floats

_SIZES = np.geomspace(0.05, 1.6, 14)  # standard deviations of ln rate between moments that are averaged over


class Draws(NamedTuple):
    """Joint draws from the posterior.

    Parameters
    ----------
    vectors
        Parameters, shape (n, size).
    effects
        Linear effects of the same draws, shape (n, q).
    moment_sd
        Standard deviation of ln rate between moments, of each draw, shape (n,).
    """

    vectors: Floats
    effects: Floats
    moment_sd: Floats

    @property
    def effective(self) -> float:
        """Effective number of independent draws: all of them, since none is weighted."""
        return float(len(self.vectors))


class _Component(NamedTuple):
    centre: Floats
    root: Floats  # of the covariance, lower
    weight: float  # logarithm


def draw_posterior(target: Posterior, best: Maximum, count: int, weak: WeakPriors) -> Draws:
    """Draw parameters and linear effects.

    Parameters
    ----------
    target
        The posterior.
    best
        Its maximum.
    count
        How many draws.
    weak
        Prior of the variation between moments.

    Returns
    -------
    Draws
        Joint draws of parameters and linear effects.

    Raises
    ------
    NotConvergedError
        If the information at the maximum has no inverse.
    """
    try:
        parts = [_component(target, best, size, weak) for size in _SIZES] if target.layout.moments else [_plain(best)]
        effects_root = np.linalg.inv(np.linalg.cholesky(best.point.precision)).T
    except np.linalg.LinAlgError as error:
        raise NotConvergedError(
            "The posterior could not be drawn from, so there is no interval. That is a failure of the search and no sign of a "
            "bad recording; please report it.",
            because(Refusal.NO_SPREAD),
        ) from error
    weights = np.exp(np.array([part.weight for part in parts]) - max(part.weight for part in parts))
    chosen = np.searchsorted(np.cumsum(weights) / weights.sum(), (np.arange(count) + 0.5) / count)
    points = fixed_points(count, len(best.vector) + len(best.point.effects))
    normal = points[:, : len(best.vector)]
    vectors = np.empty((count, len(best.vector)))
    for at, part in enumerate(parts):
        mine = chosen == at
        vectors[mine] = part.centre + normal[mine] @ part.root.T
    effects = best.point.effects + (vectors - best.vector) @ best.scores.effects
    effects = effects + points[:, len(best.vector) :] @ effects_root.T
    sizes = _SIZES if target.layout.moments else np.zeros(1)
    return Draws(vectors, effects, sizes[chosen])


def fixed_points(count: int, size: int) -> Floats:
    """Return standard normal points that are the same in every run, each with its mirror image.

    Parameters
    ----------
    count
        How many.
    size
        Of each.

    Returns
    -------
    ndarray, shape (count, size)
        In an order that depends on nothing.
    """
    rng = np.random.Generator(np.random.Philox(key=20_090_401))
    half = rng.standard_normal((-(-count // 2), size))
    both = np.concatenate([half, -half])[:count]
    return np.asarray(both[rng.permutation(count)], float)


def _plain(best: Maximum) -> _Component:
    return _Component(best.vector, _root(best.information), 0.0)


def _component(target: Posterior, best: Maximum, size: float, weak: WeakPriors) -> _Component:
    """Return the normal posterior under one size of the variation, from the one that was searched."""
    at = target.layout.part("moments")
    change = 1 / size**2 - 1 / target.sd[at] ** 2
    information = best.information.copy()
    information[at, at] += np.diag(change)
    pull = np.zeros(len(best.vector))
    pull[at] = change * best.vector[at]
    covariance = _inverse(information)
    move = -(covariance @ pull)
    fits = 0.5 * move @ information @ move - 0.5 * float(change @ best.vector[at] ** 2)
    log_size = (np.log(size) - np.log(weak.moment[0])) / weak.moment[1]
    root = _root(information)
    weight = fits + float(np.log(np.diag(root)).sum()) - target.layout.moments * np.log(size) - 0.5 * log_size**2
    return _Component(best.vector + move, root, float(weight))


def _inverse(information: Floats) -> Floats:
    inverse = np.linalg.inv(information)
    return np.asarray((inverse + inverse.T) / 2, float)


def _root(information: Floats) -> Floats:
    return np.asarray(np.linalg.cholesky(_inverse(information)), float)

"""The likelihood of a panel under the model, its maximum, and joint draws around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from coregulation.reasons import because
from coregulation.regulation.design import NotConvergedError
from coregulation.regulation.model import Dynamics, Parameterisation, WeakPriors
from coregulation.regulation.panel import ModelGrid
from coregulation.regulation.reason_codes import Refusal
from coregulation.signals import Floats

if TYPE_CHECKING:
    from coregulation.regulation.kalman import Steps

_STEP = 1e-6
_MAX_STEPS = 60
_TAIL = 8.0  # degrees of freedom of the proposal: heavier than the target, so that weights stay bounded
_ROUNDS = 6  # of proposals at most
_EFFECTIVE = 20.0  # independent draws at least


class Evaluation(NamedTuple):
    """The posterior at one vector.

    Parameters
    ----------
    loss
        Minus the log posterior, up to a constant.
    penalty
        The part of it that comes neither from innovations nor from normal priors.
    residual
        Standardised innovations, then the standard scores of the resting levels together, shape (m,).
    log_variance
        Logarithm of the innovations' variances, shape (m,); 0 for the scores.
    effects
        The linear effects that are best at this vector, shape (q,).
    precision
        Their precision, shape (q, q).
    """

    loss: float
    penalty: float
    residual: Floats
    log_variance: Floats
    effects: Floats
    precision: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """What is minimised: minus the log of the restricted likelihood times the weak priors.

    Linear effects (levels, shifts, doses, cross_exposure) are integrated out exactly under a flat prior (de Jong
    1991), so that many doses do not bias rates and variances; only the few numbers of the `Parameterisation` are
    searched.

    Parameters
    ----------
    grid
        Rows, conditions and linear effects.
    layout
        How a vector becomes dynamics.
    slope
        Slope of the emission at each row, shape (t, people); 1 where the index is arousal itself.
    y
        What is observed, shape (t, people), in the unit of the index; NaN where missing.
    centre
        Centre of the weak priors, shape (size,).
    sd
        Their standard deviation, shape (size,); infinite where a prior is flat.
    level
        Standard deviation of the weak prior on each person's resting level together, shape (people,), in the unit
        of `y`.
    """

    grid: ModelGrid
    layout: Parameterisation
    slope: Floats
    y: Floats
    centre: Floats
    sd: Floats
    level: Floats

    def at(self, vector: Floats) -> Evaluation | None:
        """Return the posterior at a vector, or None where it cannot be computed."""
        from coregulation.regulation import kalman

        dynamics = self.layout.dynamics(vector)
        if not _sane(dynamics):
            return None
        grid = self.grid
        steps = steps_of(dynamics, grid)
        if not np.abs(steps.phis).max() < 1e6:
            return None
        seen = kalman.Observations(self.y, self.slope, dynamics.noise)
        linear = kalman.LinearEffects(grid.rows, grid.inputs, grid.levels)
        out, variances = kalman.innovations(seen, steps, dynamics.first, linear)
        return self._point(vector, out, variances, dynamics)

    def _point(self, vector: Floats, out: Floats, variances: Floats, dynamics: Dynamics) -> Evaluation | None:
        from coregulation.regulation import kalman

        scaled = np.asarray(out / np.sqrt(variances)[:, None], np.float64)
        precision, shared = kalman.cross_products(scaled)
        levels, penalty = self._resting(dynamics)
        precision += levels.T @ levels
        try:
            lower = np.linalg.cholesky(precision)
            beta = np.asarray(np.linalg.solve(precision, shared), np.float64)
        except np.linalg.LinAlgError:
            return None
        residual = np.concatenate([kalman.residuals(scaled, beta), levels @ beta])
        log_variance = np.concatenate([np.log(variances), np.zeros(len(levels))])
        off = (vector - self.centre) / self.sd
        penalty += float(np.log(np.diag(lower)).sum())
        loss = 0.5 * float(log_variance.sum() + residual @ residual + off @ off) + penalty
        return Evaluation(loss, penalty, residual, log_variance, beta, precision) if np.isfinite(loss) else None

    def _resting(self, dynamics: Dynamics) -> tuple[Floats, float]:
        """Return the weak prior on the resting level together: rows that a level's standard score is made of, and ln |A|.

        The prior is on the level and not on the push to it, since that would favour fast returns together (it takes a
        stronger push to hold the same level); ln |A| is the Jacobian. It is not flat either: next to a pair that never
        returns every push means a level without bound, and the Jacobian alone would draw the search there.
        """
        at = [e for e, effect in enumerate(self.grid.effects) if effect.kind == "setpoint_shift"]
        rows = np.zeros((len(at), len(self.grid.effects)))
        if not at:
            return rows, 0.0
        pushed = [self.grid.effects[e].person for e in at]
        drift = dynamics.drift(~np.eye(len(dynamics.rate), dtype=bool))[np.ix_(pushed, pushed)]
        try:
            rows[:, at] = np.linalg.inv(drift) / self.level[pushed, None]
        except np.linalg.LinAlgError:
            return np.full_like(rows, np.inf), np.inf
        return rows, float(np.linalg.slogdet(drift)[1])

    def scoring(self, vector: Floats, here: Evaluation) -> tuple[Floats, Floats]:
        """Return gradient and expected information at a vector, by forward differences of the innovations."""
        size = len(vector)
        moved, variances, restricted = [], [], np.empty(size)
        for j in range(size):
            step = _STEP * max(1.0, abs(vector[j]))
            there = self.at(vector + step * (np.arange(size) == j))
            if there is None:
                raise NotConvergedError(
                    "The likelihood cannot be computed right beside the point reached; there is no estimate.",
                    because(Refusal.NO_DESCENT),
                )
            d_variance = (there.log_variance - here.log_variance) / step
            moved.append((there.residual - here.residual) / step)
            variances.append(d_variance)
            restricted[j] = (there.penalty - here.penalty) / step
        of_residual, of_variance = np.array(moved), np.array(variances)
        off = (vector - self.centre) / self.sd**2
        gradient = 0.5 * of_variance.sum(axis=1) + of_residual @ here.residual + restricted + off
        raw = of_residual + 0.5 * of_variance * here.residual  # derivative of the innovation at a fixed scale
        information = raw @ raw.T + 0.5 * of_variance @ of_variance.T + np.diag(1 / self.sd**2)
        return gradient, information


def _sane(dynamics: Dynamics) -> bool:
    least = min(dynamics.rate.min(), dynamics.diffusion.min(), dynamics.noise.min())
    most = max(dynamics.rate.max(), np.abs(dynamics.damping).max(), np.abs(dynamics.drive).max())
    wide = max(dynamics.diffusion.max(), dynamics.noise.max())
    return bool(least > 1e-12 and most < 20 and wide < np.inf)  # a NaN fails each of these


def steps_of(dynamics: Dynamics, grid: ModelGrid) -> Steps:
    """Compute the exact transition of each distinct pair of condition and time step.

    Parameters
    ----------
    dynamics
        One set of parameters.
    grid
        Conditions and time steps.

    Returns
    -------
    Steps
        One transition per pair, and which of them leads to each row.
    """
    from coregulation.regulation import kalman

    drifts, noises = dynamics.drifts(grid.companies, grid.before), dynamics.spreads(grid.companies)
    return kalman.Steps(*kalman.discretise(drifts, noises, grid.regimes, grid.steps), grid.which)


class Maximum(NamedTuple):
    """Where the search ended.

    Parameters
    ----------
    vector
        Parameters at the maximum, shape (size,).
    point
        The posterior there.
    information
        Expected information there, shape (size, size).
    steps
        How many scoring steps the search took.
    """

    vector: Floats
    point: Evaluation
    information: Floats
    steps: int


def maximise(target: Posterior, start: Floats, tolerance: float = 1e-4) -> Maximum:
    """Find the maximum by Fisher scoring with Levenberg's damping.

    Converged when the Newton decrement says that no more than `tolerance` of log posterior is left to win.

    Parameters
    ----------
    target
        What is minimised.
    start
        Where the search begins, shape (size,).
    tolerance
        In units of log posterior.

    Returns
    -------
    Maximum
        Where the search ended.

    Raises
    ------
    NotConvergedError
        Otherwise; the last iterate is never an answer.
    """
    vector, here = start, target.at(start)
    if here is None:
        raise NotConvergedError("The likelihood cannot be computed at the start.", because(Refusal.NO_START))
    damping = 1e-3
    for steps in range(_MAX_STEPS):
        gradient, information = target.scoring(vector, here)
        if 0.5 * gradient @ np.linalg.solve(information, gradient) < tolerance:
            return Maximum(vector, here, information, steps)
        moved = _step(target, vector, here, gradient, information, damping)
        if moved is None:
            break
        vector, here, damping = moved
    raise NotConvergedError(
        "The search for the best fit did not end in {steps:n step|steps}, so there is no estimate. Record more probes, more time "
        "alone, or cleaner signals.",
        because(Refusal.NO_MAXIMUM, steps=_MAX_STEPS),
    )


def _step(
    target: Posterior, vector: Floats, here: Evaluation, gradient: Floats, information: Floats, damping: float
) -> tuple[Floats, Evaluation, float] | None:
    for _ in range(25):
        move = np.linalg.solve(information + damping * np.diag(np.diag(information)), gradient)
        move /= max(1.0, float(np.abs(move).max()) / 1.5)
        there = target.at(vector - move)
        if there is not None and there.loss < here.loss:
            # less won than promised: the information is too small in some direction, and full steps would go to and fro
            promised = gradient @ move - 0.5 * move @ information @ move
            gain = (here.loss - there.loss) / promised
            return vector - move, there, max(damping / 5, 1e-9) if gain > 0.75 else damping * (4 if gain < 0.5 else 1)
        damping *= 6
    return None


class Draws(NamedTuple):
    """Joint draws from the posterior.

    Parameters
    ----------
    vectors
        Parameters, shape (n, size).
    effects
        Linear effects of the same draws, shape (n, q).
    effective
        Effective number of independent draws among those that were weighted.
    """

    vectors: Floats
    effects: Floats
    effective: float


def draw_posterior(target: Posterior, best: Maximum, count: int, rng: np.random.Generator) -> Draws:
    """Draw from the posterior by importance: multivariate t proposals, weighted by the posterior, pooled and resampled.

    The first round sits on the maximum and its information, each further one on the weighted moments so far (Cappé et al.
    2004), the weights flattened until enough draws carry them (Koblents & Míguez 2015); rounds are pooled by their
    effective numbers until these suffice. Importance keeps the skew that a normal approximation loses; the heavy tail keeps
    the weights bounded.

    Parameters
    ----------
    target
        The posterior.
    best
        Its maximum.
    count
        How many draws.
    rng
        Of the draws.

    Returns
    -------
    Draws
        Joint draws of parameters and linear effects.

    Raises
    ------
    NotConvergedError
        If a few draws still carry all the weight; an interval from them would be too narrow.
    """
    each = max(count, 12 * len(best.vector))
    middle, spread = best.vector, np.asarray(np.linalg.inv(best.information) * 1.2, float)
    vectors, points, weights = np.empty((0, len(middle))), list[Evaluation | None](), np.empty(0)
    for _ in range(_ROUNDS):
        sample = _sample(target, middle, spread, each, rng)
        weight = _weights(sample)
        vectors, points = np.concatenate([vectors, sample.vectors]), [*points, *sample.points]
        weights = np.concatenate([weights, weight * _effective(weight)])
        if _effective(weights) >= count / 4:
            break
        middle, spread = _moments(vectors, weights / weights.sum())
    if _effective(weights) < _EFFECTIVE:
        raise _no_spread()
    up_to = np.cumsum(weights) / weights.sum()
    chosen = np.searchsorted(up_to, (np.arange(count) + rng.random()) / count).clip(max=len(weights) - 1)
    rng.shuffle(chosen)
    effects = np.array([_effects(points[i], rng) for i in chosen])
    return Draws(vectors[chosen], effects, _effective(weights))


def _no_spread() -> NotConvergedError:
    return NotConvergedError(
        "The posterior could not be drawn from, so there is no interval. Record more probes, more time alone, or cleaner signals.",
        because(Refusal.NO_SPREAD),
    )


def _effective(weights: Floats) -> float:
    return float(weights.sum() ** 2 / (weights**2).sum())


def _moments(vectors: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Return where and how widely to draw next: moments under weights flat enough that five draws a dimension count."""
    weight = np.maximum(weight, 1e-300)  # what underflowed to zero would stay there however flat the rest became
    while _effective(weight) < 5.0 * vectors.shape[1]:
        weight = weight**0.8 / (weight**0.8).sum()
    middle = weight @ vectors
    centred = (vectors - middle) * np.sqrt(weight)[:, None]
    return middle, np.asarray(centred.T @ centred * 1.2, float)


class _Sample(NamedTuple):
    vectors: Floats
    points: list[Evaluation | None]
    proposal: Floats


def _sample(target: Posterior, middle: Floats, spread: Floats, count: int, rng: np.random.Generator) -> _Sample:
    size = len(middle)
    normal = rng.standard_normal((count, size))
    stretch = np.sqrt(_TAIL / rng.chisquare(_TAIL, count))
    vectors = middle + (normal * stretch[:, None]) @ np.linalg.cholesky(spread).T
    proposal = -0.5 * (_TAIL + size) * np.log1p((normal**2).sum(axis=1) * stretch**2 / _TAIL)
    return _Sample(vectors, [target.at(vector) for vector in vectors], proposal)


def _weights(sample: _Sample) -> Floats:
    logs = np.array([-np.inf if point is None else -point.loss for point in sample.points]) - sample.proposal
    if not np.isfinite(logs.max()):
        raise _no_spread()
    weight = np.exp(logs - logs.max())
    return np.asarray(weight / weight.sum(), float)


def _effects(point: Evaluation | None, rng: np.random.Generator) -> Floats:
    assert point is not None
    lower = np.linalg.cholesky(point.precision)
    return np.asarray(point.effects + np.linalg.solve(lower.T, rng.standard_normal(len(lower))), float)


def posterior_of(grid: ModelGrid, layout: Parameterisation, weak: WeakPriors) -> Posterior:
    """Set up the posterior of a linear emission, where the index is arousal plus noise.

    Parameters
    ----------
    grid
        Data, conditions and linear effects.
    layout
        Which parameters are free.
    weak
        The weak priors; some are scaled by the variance of the data.

    Returns
    -------
    Posterior
        Its `centre` is also where to start the search.
    """
    variance = np.nanvar(grid.y, axis=0)
    centre, sd = layout.prior(weak, variance)
    return Posterior(grid, layout, np.ones_like(grid.y), grid.y, centre, sd, weak.level * np.sqrt(variance))

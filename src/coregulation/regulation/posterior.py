"""The posterior of a panel under the model: a restricted likelihood and weak priors."""

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
    from coregulation.regulation.kalman import Observations, Steps

_STEP = 1e-6
_LEAST_PRECISION = 1e-9  # of a linear effect, as a share of the most precise one's


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
    doubt
        Factor of the noise variance of each value, shape (t, people); above 1 where a value lies far from what was foreseen.
    centre
        Centre of the weak priors, shape (size,).
    sd
        Their standard deviation, shape (size,); infinite where a prior is flat.
    level
        Standard deviation of the weak prior on each person's resting level together, shape (people,), in the unit
        of the index.
    """

    grid: ModelGrid
    layout: Parameterisation
    doubt: Floats
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
        seen = self.observations(dynamics)
        linear = kalman.LinearEffects(grid.rows, grid.inputs, grid.levels)
        out, variances = kalman.innovations(seen, steps, dynamics.first, linear)
        return self._point(vector, out, variances, dynamics)

    def observations(self, dynamics: Dynamics) -> Observations:
        """Return the values with the noise that each has."""
        from coregulation.regulation import kalman

        return kalman.Observations(self.grid.y, dynamics.noise * self.doubt, dynamics.parts)

    def _point(self, vector: Floats, out: Floats, variances: Floats, dynamics: Dynamics) -> Evaluation | None:
        from coregulation.regulation import kalman

        scaled = np.asarray(out / np.sqrt(variances)[:, None], np.float64)
        precision, shared = kalman.cross_products(scaled)
        levels, penalty = self._resting(dynamics)
        precision += levels.T @ levels
        # a stressor inside a pause was not seen: without this its dose has no precision but that of rounding
        precision += np.diag(np.full(len(precision), _LEAST_PRECISION * float(np.diag(precision).max(initial=1e-300))))
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

    def scoring(self, vector: Floats, here: Evaluation) -> Scores:
        """Compute gradient and expected information at a vector, by forward differences of the innovations."""
        size = len(vector)
        moved, variances, restricted, effects = [], [], np.empty(size), []
        for j in range(size):
            step = _STEP * max(1.0, abs(vector[j]))
            shifted = self.at(vector + step * (np.arange(size) == j))
            if shifted is None:
                raise NotConvergedError(
                    "The likelihood cannot be computed right beside the point reached; there is no estimate.",
                    because(Refusal.NO_DESCENT),
                )
            moved.append((shifted.residual - here.residual) / step)
            variances.append((shifted.log_variance - here.log_variance) / step)
            effects.append((shifted.effects - here.effects) / step)
            restricted[j] = (shifted.penalty - here.penalty) / step
        of_residual, of_variance = np.array(moved), np.array(variances)
        each = 0.5 * of_variance + of_residual * here.residual
        raw = of_residual + 0.5 * of_variance * here.residual  # derivative of the innovation at a fixed scale
        off = (vector - self.centre) / self.sd**2
        information = raw @ raw.T + 0.5 * of_variance @ of_variance.T + np.diag(1 / self.sd**2)
        return Scores(each.sum(axis=1) + restricted + off, information, each, raw, of_variance, np.array(effects))


class Scores(NamedTuple):
    """First derivatives of the posterior at a vector.

    Parameters
    ----------
    gradient
        Of the loss, shape (size,).
    information
        Expected information, with that of the priors, shape (size, size).
    each
        What each innovation adds to the gradient, shape (size, m).
    raw
        Derivatives of the standardised innovations at a fixed scale, shape (size, m).
    log_variance
        Derivatives of the logarithms of their variances, shape (size, m).
    effects
        Derivatives of the linear effects that are best, shape (size, q).
    """

    gradient: Floats
    information: Floats
    each: Floats
    raw: Floats
    log_variance: Floats
    effects: Floats


def _sane(dynamics: Dynamics) -> bool:
    least = min(dynamics.rate.min(), dynamics.diffusion.min(), dynamics.noise.min())
    most = max(dynamics.rate.max(), np.abs(dynamics.damping).max(), np.abs(dynamics.drive).max())
    wide = max(dynamics.diffusion.max(), dynamics.noise.max(), dynamics.colours.max(initial=0.0))
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

    drifts, noises = dynamics.drifts(grid.companies, grid.before, grid.hit), dynamics.spreads(grid.companies)
    phis, gammas, covs = kalman.discretise(drifts, noises, grid.regimes, grid.steps)
    if not dynamics.colour_spans:
        return kalman.Steps(phis, gammas, covs, grid.which, phis.shape[1])
    keep = np.exp(-grid.steps[:, None, None] / np.array(dynamics.colour_spans))  # the same of everybody
    alone = dynamics.livelier(grid.companies)[grid.regimes][:, :, None] * dynamics.colours
    keep = np.broadcast_to(keep, alone.shape).reshape(len(phis), -1)
    added = alone.reshape(len(phis), -1) * (1 - keep**2)
    return kalman.Steps(
        _widened(phis, keep), _widened(gammas, np.zeros_like(keep)), _widened(covs, added), grid.which, phis.shape[1]
    )


def _widened(square: Floats, diagonal: Floats) -> Floats:
    """Return matrices (m, b, b) with further states that depend on themselves alone."""
    mixed, more = square.shape[1], diagonal.shape[1]
    out = np.zeros((len(square), mixed + more, mixed + more))
    out[:, :mixed, :mixed] = square
    at = np.arange(mixed, mixed + more)
    out[:, at, at] = diagonal
    return out


def posterior_of(grid: ModelGrid, layout: Parameterisation, weak: WeakPriors) -> Posterior:
    """Set up the posterior.

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
    return Posterior(grid, layout, np.ones_like(grid.y), centre, sd, weak.level * np.sqrt(variance))

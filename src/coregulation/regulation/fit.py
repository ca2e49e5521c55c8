"""The search for the maximum of the posterior: scoring, then a second method, from several starts."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from coregulation.reasons import because
from coregulation.regulation.design import NotConvergedError
from coregulation.regulation.posterior import Evaluation, Posterior, Scores
from coregulation.regulation.reason_codes import Refusal
from coregulation.signals import Floats

_MAX_STEPS = 40  # of scoring
_MAX_EVALUATIONS = 30  # of the second method, each with a gradient
_TOLERANCE = 0.01  # of log posterior: a hundredth changes no interval in its third digit
_PATIENCE = 20  # steps after which a tenth is enough: along a flat ridge the last hundredth can take hundreds of steps
_STARTS = (1.0, 0.4)  # factors of the return rates that the search begins at, in order until one ends
_NEAR = 2.0  # of log posterior left to win, from where on the curvature that was seen says more than the expected one
_PAIRS = 3  # steps, beside the last, whose curvature is remembered
_FAR = 3.0  # standard deviations from which an innovation is doubted
_SPIKE = 8.0  # robust standard deviations from which a single value is doubted before the search
_FREEDOM = 4.0  # of the t distribution that its weight is taken from


class Maximum(NamedTuple):
    """Where the search ended.

    Parameters
    ----------
    vector
        Parameters at the maximum, shape (size,).
    point
        The posterior there.
    scores
        Its derivatives there.
    steps
        How many steps the search took.
    """

    vector: Floats
    point: Evaluation
    scores: Scores
    steps: int

    @property
    def information(self) -> Floats:
        """Expected information at the maximum, shape (size, size)."""
        return self.scores.information


def maximise(target: Posterior, start: Floats, tolerance: float = _TOLERANCE) -> Maximum:
    """Find the maximum by Fisher scoring with Levenberg's damping, then, where that does not end, by L-BFGS.

    Ended when the Newton decrement says that no more than `tolerance` of log posterior is left to win, or ten times that after
    twenty steps.

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
        If neither method ended; the last iterate is never an answer.
    """
    here = target.at(start)
    if here is None:
        raise NotConvergedError("The likelihood cannot be computed at the start.", because(Refusal.NO_START))
    ended, vector = _scored(target, start, here, tolerance)
    return ended or _polished(target, vector, tolerance)


def maximise_from_several(target: Posterior) -> Maximum:
    """Find the maximum from several starts, the first that ends.

    Parameters
    ----------
    target
        What is minimised; its `centre` is the first start.

    Returns
    -------
    Maximum
        Where the first search that ended did so.

    Raises
    ------
    NotConvergedError
        If none ended.
    """
    reached = []
    for factor in _STARTS:
        start = target.centre.copy()
        for name in ("rate", "total"):
            start[target.layout.part(name)] += np.log(factor)
        here = target.at(start)
        if here is None:
            continue
        ended, vector = _scored(target, start, here, _TOLERANCE)
        if ended is not None:
            return ended
        reached.append(vector)
    if not reached:
        raise NotConvergedError("The likelihood cannot be computed at the start.", because(Refusal.NO_START))
    return _polished(target, reached[0], _TOLERANCE)


def doubting(target: Posterior, best: Maximum) -> Posterior | None:
    """Give values that lie far from what was foreseen more noise, so that no single one turns an answer.

    The weights are those of a t distribution with four degrees of freedom.

    Parameters
    ----------
    target
        The posterior, without doubt.
    best
        Its maximum.

    Returns
    -------
    Posterior or None
        None where no value lies far away.
    """
    seen = np.isfinite(target.grid.y)
    residual = np.zeros(seen.shape)
    residual[seen] = best.point.residual[: seen.sum()]
    far = np.abs(residual) > _FAR
    if not far.any():
        return None
    return replace(target, doubt=np.where(far, target.doubt * (_FREEDOM + residual**2) / (_FREEDOM + 1), target.doubt))


def doubting_spikes(target: Posterior) -> Posterior:
    """Give single values that stand out from their neighbours more noise, before anything is searched.

    Parameters
    ----------
    target
        The posterior, without doubt.

    Returns
    -------
    Posterior
        The same where no value lies eight robust standard deviations from the median of the five around it.
    """
    doubt = target.doubt.copy()
    for person, column in enumerate(target.grid.y.T):
        seen = np.flatnonzero(np.isfinite(column))
        around = np.lib.stride_tricks.sliding_window_view(np.pad(column[seen], 2, mode="edge"), 5)
        off = np.abs(column[seen] - np.median(around, axis=1))
        # of a smooth series, most values are the median of their five themselves: the spread is that against both neighbours
        middle = column[seen][1:-1] - (column[seen][:-2] + column[seen][2:]) / 2
        spread = max(1.4826 * float(np.median(np.abs(middle))) / np.sqrt(1.5), 1e-12)
        spikes = off > _SPIKE * spread
        doubt[seen[spikes], person] = (off[spikes] / spread) ** 2
    return replace(target, doubt=doubt)


def _scored(target: Posterior, vector: Floats, here: Evaluation, tolerance: float) -> tuple[Maximum | None, Floats]:
    damping, pairs = 1e-3, list[tuple[Floats, Floats]]()
    for steps in range(_MAX_STEPS):
        scores = target.scoring(vector, here)
        left = _left(scores)
        if left < tolerance * (1 if steps < _PATIENCE else 10):
            return Maximum(vector, here, scores, steps), vector
        if pairs:
            pairs[-1] = (pairs[-1][0], scores.gradient - pairs[-1][1])
        moved = _step(target, vector, here, scores._replace(information=_bent(scores.information, pairs)), damping)
        if moved is None:
            break
        pairs = [*pairs[-_PAIRS:], (moved[0] - vector, scores.gradient)] if left < _NEAR else []
        vector, here, damping = moved
    return None, vector


def _bent(information: Floats, pairs: list[tuple[Floats, Floats]]) -> Floats:
    """Bend the expected information to what the last steps saw of the curvature (symmetric rank one; Nocedal & Wright 2006, 6.2)."""
    bent = information
    for step, change in pairs:
        rest = change - bent @ step
        along = float(rest @ step)
        if abs(along) < 1e-8 * float(np.linalg.norm(rest) * np.linalg.norm(step)):
            continue
        bent_further = bent + np.outer(rest, rest) / along
        least = np.linalg.eigvalsh(bent_further)[0]
        if least > 0.05 * np.linalg.eigvalsh(information)[0]:
            bent = bent_further
    return bent


def _left(scores: Scores) -> float:
    return float(0.5 * scores.gradient @ np.linalg.solve(scores.information, scores.gradient))


def _polished(target: Posterior, vector: Floats, tolerance: float) -> Maximum:
    """Go on from where scoring stopped by a method that does not trust the expected information, or raise."""
    from scipy.optimize import minimize

    def loss(x: Floats) -> tuple[float, Floats]:
        point = target.at(x)
        if point is None:
            return 1e12, np.zeros_like(x)
        return point.loss, target.scoring(x, point).gradient

    search = minimize(loss, vector, jac=True, method="L-BFGS-B", options={"maxfun": _MAX_EVALUATIONS, "ftol": 1e-9})
    point = target.at(search.x)
    scores = None if point is None else target.scoring(search.x, point)
    if point is None or scores is None or not (search.success or _left(scores) < 10 * tolerance):
        raise NotConvergedError(
            "The search for the best fit did not end in {steps:n step|steps}, so there is no estimate. That is a failure of the "
            "search and no sign of a bad recording; please report it.",
            because(Refusal.NO_MAXIMUM, steps=_MAX_STEPS),
        )
    return Maximum(np.asarray(search.x, float), point, scores, _MAX_STEPS + int(search.nit))


def _step(
    target: Posterior, vector: Floats, here: Evaluation, scores: Scores, damping: float
) -> tuple[Floats, Evaluation, float] | None:
    gradient, information = scores.gradient, scores.information
    for _ in range(25):
        move = np.linalg.solve(information + damping * np.diag(np.diag(information)), gradient)
        move /= max(1.0, float(np.abs(move).max()) / 1.5)
        trial = target.at(vector - move)
        if trial is not None and trial.loss < here.loss:
            # less won than promised: the information is too small in some direction, and full steps would go to and fro
            promised = gradient @ move - 0.5 * move @ information @ move
            gain = (here.loss - trial.loss) / promised
            return vector - move, trial, max(damping / 5, 1e-9) if gain > 0.75 else damping * (4 if gain < 0.5 else 1)
        damping *= 6
    return None

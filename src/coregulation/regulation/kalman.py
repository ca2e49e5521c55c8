"""The compiled core: exact discretisation, a filter that carries linear effects along, and a smoother.

Loaded only where a fit runs (numba). Matrices here are two to ten wide, so plain loops beat a linear-algebra library.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from coregulation._kernel_cache import njit
from coregulation.signals import Floats, Ints


class Steps(NamedTuple):
    """Exact transitions of the state over each distinct time step.

    Parameters
    ----------
    phis
        How the state carries over, shape (m, n, n).
    gammas
        What a constant input adds over the step, shape (m, n, n).
    covs
        Covariance of the noise that the step adds, shape (m, n, n).
    which
        The transition that leads to each row, shape (t,).
    mixed
        How many states, the first ones, depend on each other; each further one only on itself.
    """

    phis: Floats
    gammas: Floats
    covs: Floats
    which: Ints
    mixed: int


class Observations(NamedTuple):
    """Observed values and how they depend on the state.

    Parameters
    ----------
    y
        Shape (t, people); NaN where missing.
    noise
        Variance of the white noise of each value, shape (t, people).
    parts
        Which states each person's values are made of, shape (people, 1 + colours): first the arousal, then the
        coloured noises.
    """

    y: Floats
    noise: Floats
    parts: Ints


class LinearEffects(NamedTuple):
    """Effects of unknown size that enter linearly.

    Parameters
    ----------
    rows
        The state that each effect drives, shape (q,).
    inputs
        Input of each effect over the step to each row, shape (t, q).
    levels
        Shape (q,). An effect with −1 drives the state; any other raises the observations of the person with that
        index by its size.
    """

    rows: Ints
    inputs: Floats
    levels: Ints


_TERMS = 12  # of the Taylor series at |A|h <= 1/4: the rest is below 1e-14


@njit(cache=True)
def _product(left: Floats, right: Floats) -> Floats:
    out = np.zeros((left.shape[0], right.shape[1]))
    for i in range(left.shape[0]):
        for k in range(left.shape[1]):
            if left[i, k] != 0.0:
                for j in range(right.shape[1]):
                    out[i, j] += left[i, k] * right[k, j]
    return out


@njit(cache=True)
def _discretise(drift: Floats, noise: Floats, step: float) -> tuple[Floats, Floats, Floats]:
    n = drift.shape[0]
    halvings = max(0, math.ceil(math.log2(max(np.abs(drift).sum() * step, 1e-300) / 0.25)))
    h = step / 2.0**halvings
    phi, gamma, cov = np.eye(n), np.eye(n) * h, noise * h
    power, spread = np.eye(n), noise * h
    for j in range(1, _TERMS):
        power = _product(drift, power) * (h / j)
        phi += power
        gamma += power * (h / (j + 1))
        half = _product(drift, spread)
        spread = (half + half.T) * (h / (j + 1))
        cov += spread
    for _ in range(halvings):
        gamma = gamma + _product(phi, gamma)
        cov = cov + _product(_product(phi, cov), phi.T)
        phi = _product(phi, phi)
    return phi, gamma, (cov + cov.T) / 2


@njit(cache=True)
def discretise(drifts: Floats, noises: Floats, regimes: Ints, steps: Floats) -> tuple[Floats, Floats, Floats]:
    """Return transition, input and noise matrices, shape (m, n, n), for m pairs of a regime and a time step.

    Exact for a drift that is constant over the step: Taylor series of a fraction of the step, then doubling (which, unlike
    Van Loan's block exponential, does not lose digits over a long gap).
    """
    m, n = len(steps), drifts.shape[1]
    phis, gammas, covs = np.empty((m, n, n)), np.empty((m, n, n)), np.empty((m, n, n))
    for i in range(m):
        phis[i], gammas[i], covs[i] = _discretise(drifts[regimes[i]], noises[regimes[i]], steps[i])
    return phis, gammas, covs


@njit(cache=True)
def _predict(phi: Floats, cov: Floats, noise: Floats, half: Floats, mixed: int) -> None:
    n = phi.shape[0]
    for i in range(n):
        for j in range(n):
            if i < mixed:
                total = 0.0
                for k in range(mixed):
                    total += phi[i, k] * cov[k, j]
                half[i, j] = total
            else:
                half[i, j] = phi[i, i] * cov[i, j]
    for i in range(n):
        for j in range(i + 1):
            total = noise[i, j]
            if j < mixed:
                for k in range(mixed):
                    total += half[i, k] * phi[j, k]
            else:
                total += half[i, j] * phi[j, j]
            cov[i, j] = total
            cov[j, i] = total


@njit(cache=True)
def _advance(state: Floats, phi: Floats, old: Floats, mixed: int, width: int) -> None:
    n = state.shape[0]
    for i in range(mixed):
        for e in range(width):
            old[i, e] = state[i, e]
    for i in range(mixed):
        for e in range(width):
            state[i, e] = phi[i, 0] * old[0, e]
        for k in range(1, mixed):
            for e in range(width):
                state[i, e] += phi[i, k] * old[k, e]
    for i in range(mixed, n):
        for e in range(width):
            state[i, e] *= phi[i, i]


@njit(cache=True)
def _push(state: Floats, gamma: Floats, linear: LinearEffects, t: int, mixed: int, order: Ints, width: int) -> None:
    for column in range(1, width):
        e = order[column - 1]
        push = linear.inputs[t, e]
        if push != 0.0:
            for i in range(mixed):
                state[i, column] -= gamma[i, linear.rows[e]] * push  # columns hold minus the effect's mean


@njit(cache=True)
def _beginnings(linear: LinearEffects) -> Ints:
    """Return the first row that each effect reaches, shape (q,); a column is nothing but zeros before."""
    rows, q = linear.inputs.shape
    first = np.zeros(q, np.int64)
    for e in range(q):
        if linear.levels[e] < 0:
            while first[e] < rows and linear.inputs[first[e], e] == 0.0:
                first[e] += 1
    return first


@njit(cache=True)
def _update(state: Floats, cov: Floats, parts: Ints, noise: float, seen: Floats, gain: Floats, width: int) -> float:
    """Take in one scalar: `seen` becomes its innovation, for the data and for each effect; returns its variance."""
    n = state.shape[0]
    for k in range(n):
        gain[k] = cov[k, parts[0]]
        for c in range(1, len(parts)):
            gain[k] += cov[k, parts[c]]
    f = noise + gain[parts[0]]
    for c in range(1, len(parts)):
        f += gain[parts[c]]
    for e in range(width):
        seen[e] -= state[parts[0], e]
    for c in range(1, len(parts)):
        for e in range(width):
            seen[e] -= state[parts[c], e]
    for k in range(n):
        by = gain[k] / f
        for e in range(width):
            state[k, e] += by * seen[e]
        for j in range(n):
            cov[k, j] -= by * gain[j]
    return float(f)


@njit(cache=True)
def innovations(seen: Observations, steps: Steps, first: Floats, linear: LinearEffects) -> tuple[Floats, Floats]:
    """Filter the data and every linear effect at once (de Jong 1991), one scalar observation at a time.

    Returns innovations, shape (m, 1 + q), the data's first, and their variances, shape (m,); `first` is the covariance of
    the first state.
    """
    n, q, m = first.shape[0], len(linear.rows), int(np.isfinite(seen.y).sum())
    out, variances = np.zeros((m, 1 + q)), np.empty(m)
    state, cov, at = np.zeros((n, 1 + q)), first.copy(), 0
    old, half, gain, line = np.empty((n, 1 + q)), np.empty((n, n)), np.empty(n), np.empty(1 + q)
    begins, width = _beginnings(linear), 1
    order = np.argsort(begins)
    for t in range(seen.y.shape[0]):
        while width <= q and begins[order[width - 1]] <= t:
            width += 1
        if t > 0:
            to = steps.which[t]
            _predict(steps.phis[to], cov, steps.covs[to], half, steps.mixed)
            _advance(state, steps.phis[to], old, steps.mixed, width)
            _push(state, steps.gammas[to], linear, t, steps.mixed, order, width)
        for i in range(seen.y.shape[1]):
            if math.isfinite(seen.y[t, i]):
                line[0] = seen.y[t, i]
                for column in range(1, width):
                    line[column] = 1.0 if linear.levels[order[column - 1]] == i else 0.0
                variances[at] = _update(state, cov, seen.parts[i], seen.noise[t, i], line, gain, width)
                out[at, 0] = line[0]
                for column in range(1, width):
                    out[at, 1 + order[column - 1]] = line[column]
                at += 1
    return out, variances


@njit(cache=True)
def cross_products(scaled: Floats) -> tuple[Floats, Floats]:
    """Return the cross products of the effects' columns, shape (q, q), and with the data's, (q,); the data come first.

    A loop, because a threaded matrix product of so thin a table costs more in waking threads than in arithmetic.
    """
    m, q = scaled.shape[0], scaled.shape[1] - 1
    precision, shared = np.zeros((q, q)), np.zeros(q)
    for t in range(m):
        for i in range(q):
            value = scaled[t, 1 + i]
            if value != 0.0:
                shared[i] += value * scaled[t, 0]
                for j in range(i + 1):
                    precision[i, j] += value * scaled[t, 1 + j]
    for i in range(q):
        for j in range(i):
            precision[j, i] = precision[i, j]
    return precision, shared


@njit(cache=True)
def residuals(scaled: Floats, beta: Floats) -> Floats:
    """Return the data's column less what the effects explain, shape (m,)."""
    out = scaled[:, 0].copy()
    for t in range(scaled.shape[0]):
        for i in range(len(beta)):
            out[t] -= scaled[t, 1 + i] * beta[i]
    return out


@njit(cache=True)
def smooth(seen: Observations, steps: Steps, first: Floats, pushes: Floats) -> Floats:
    """Return the smoothed state, shape (t, n): a filter forwards, then Rauch, Tung and Striebel backwards.

    `pushes`, shape (t, n), is what the inputs add over the step to each row; levels are already taken off the data.
    """
    rows, n = seen.y.shape[0], first.shape[0]
    mean, spread = np.zeros((rows, n)), np.zeros((rows, n, n))
    ahead, wide = np.zeros((rows, n)), np.zeros((rows, n, n))
    state, cov, half, gain = np.zeros((n, 1)), first.copy(), np.empty((n, n)), np.empty(n)
    for t in range(rows):
        if t > 0:
            state = _product(steps.phis[steps.which[t]], state) + pushes[t].reshape(n, 1)
            _predict(steps.phis[steps.which[t]], cov, steps.covs[steps.which[t]], half, steps.mixed)
        ahead[t], wide[t] = state[:, 0], cov
        for i in range(seen.y.shape[1]):
            if math.isfinite(seen.y[t, i]):
                _update(state, cov, seen.parts[i], seen.noise[t, i], np.full(1, seen.y[t, i]), gain, 1)
        mean[t], spread[t] = state[:, 0], cov
    for t in range(rows - 2, -1, -1):
        back = _product(spread[t], np.ascontiguousarray(steps.phis[steps.which[t + 1]].T))
        apart = np.linalg.solve(wide[t + 1], (mean[t + 1] - ahead[t + 1]).reshape(n, 1))
        mean[t] += _product(back, apart)[:, 0]
    return mean


@njit(cache=True)
def simulate_path(steps: Steps, roots: Floats, chance: Floats) -> Floats:
    """Return a free path of the state, shape (t, n), from standard normals of that shape and roots of the noises."""
    path = np.zeros_like(chance)
    path[0] = chance[0]
    for t in range(1, len(chance)):
        to = steps.which[t]
        path[t] = (
            _product(steps.phis[to], path[t - 1].reshape(-1, 1)) + _product(roots[to], chance[t].reshape(-1, 1))
        )[:, 0]
    return path


@njit(cache=True)
def decay_sum(decay: Floats, push: Floats) -> Floats:
    """Return δ with δ_t = decay_t δ_{t−1} + push_t from nothing, each person by itself, shape (t, n)."""
    out = np.zeros_like(push)
    for t in range(1, len(push)):
        out[t] = decay[t] * out[t - 1] + push[t]
    return out

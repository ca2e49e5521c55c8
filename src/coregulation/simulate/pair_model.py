"""The plain linear pair with the parameters of the model that is estimated (docs/steadying.md), as truth for estimates."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coregulation.errors import UsageError
from coregulation.linear_algebra import triangular_factor
from coregulation.signals import Floats
from coregulation.simulate.plan import Plan, PlanSpan
from coregulation.simulate.truth import TrueBurden

Two = tuple[float, float]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(5)
_FRACTION = 0.25  # largest rate times time for which five nodes and `_TERMS` terms are exact to rounding
_TERMS = 14
_SAME = 1e-9  # a.u.: arousal that rests at the limit of being settled is settled, whatever its last digits


@dataclass(frozen=True, slots=True)
class PairModel:
    """Two people's arousal; index i is the person acted on, so p[0] is how much of B's arousal reaches A.

    Together dx_i = [−(k_i+d_i)(x_i−level_i) + p_i (x_j−level_j) + g_ir u_i + s_i u_j + h_i e] dt + σ_i dW_i; alone
    d = p = s = h = 0 and `zero` stands for `level`. Partner drive acts on the other's excess over the level of being
    together, so that `level` is the resting level together whatever p is.

    Parameters
    ----------
    k
        Own return rate, in 1/s.
    d
        Extra own damping when the other is there, in 1/s.
    p
        Partner drive, in 1/s.
    g
        Arousal a second per unit of own stressor, in a.u./s.
    g_cv
        Coefficient of variation of each probe's own g (log-normal).
    s
        Spill, arousal a second per unit of the other's stressor, in a.u./s.
    h
        How much of the shared unscripted input e reaches each, in a.u./s.
    e_tau
        Time constant of e, a process of unit variance, in s.
    zero
        Resting level alone, in a.u.
    level
        Resting level together, in a.u.
    sigma
        Diffusion, in a.u./√s.
    noise
        Standard deviation of the measurement, in a.u.
    tiring
        Share by which each further probe of a person reaches less (habituation of the response).
    settling
        Share by which each further probe makes k larger (habituation of the return).
    settled
        The damping d acts only while the other's excess over the level together is at most this, in a.u. ("only a settled partner
        helps"; read at each sample and held until the next). inf: always. The burden is that next to a settled person.

    References
    ----------
    Reed RG, Barnard K, Butler EA (2015), Emotion 15:45, doi:10.1037/a0038561
    """

    k: Two = (0.02, 0.02)
    d: Two = (0.0, 0.0)
    p: Two = (0.0, 0.0)
    g: Two = (0.03, 0.03)
    g_cv: float = 0.15
    s: Two = (0.0, 0.0)
    h: Two = (0.0, 0.0)
    e_tau: float = 20.0
    zero: Two = (0.0, 0.0)
    level: Two = (0.0, 0.0)
    sigma: Two = (0.015, 0.015)
    noise: Two = (0.05, 0.05)
    tiring: float = 0.0
    settling: float = 0.0
    settled: float = math.inf

    def __post_init__(self) -> None:
        if min(self.k) <= 0 or min(*self.sigma, *self.noise, self.g_cv, self.tiring, self.settling) < 0:
            raise UsageError("k must be positive; sigma, noise, g_cv, tiring and settling must not be negative.")
        if self.e_tau <= 0:
            raise UsageError("e_tau must be positive; {e_tau} came.", e_tau=self.e_tau)
        if math.isnan(self.settled):
            raise UsageError("settled is an arousal in a.u., or inf; nan came.")
        self.burden()

    def varied(self, rng: np.random.Generator, cv: float = 0.25) -> PairModel:
        """Draw another pair of this kind: a person's rates and doses times one log-normal factor of mean 1.

        Such a change leaves every burden as it is.

        Parameters
        ----------
        rng
            Random numbers.
        cv
            Coefficient of variation of the factor; 0: the same pair.

        Returns
        -------
        PairModel
            With the same burdens.
        """
        spread = math.sqrt(math.log1p(cv**2))
        factor = np.exp(spread * rng.standard_normal(2) - spread**2 / 2)
        rates: dict[str, Any] = {name: _times(getattr(self, name), factor) for name in ("k", "d", "p", "g", "s", "h")}
        return replace(self, sigma=_times(self.sigma, np.sqrt(factor)), **rates)

    def drift(self, together: bool, faster: Two = (1.0, 1.0), helped: tuple[bool, bool] = (True, True)) -> Floats:
        """Compute the drift matrix.

        Parameters
        ----------
        together
            Whether the two are together.
        faster
            Factors of the own return rates (habituation).
        helped
            Whose added damping acts.

        Returns
        -------
        ndarray, shape (2, 2)
            In 1/s.
        """
        own = [k * f for k, f in zip(self.k, faster, strict=True)]
        if not together:
            return np.diag([-own[0], -own[1]])
        a, b = (d if is_helped else 0.0 for d, is_helped in zip(self.d, helped, strict=True))
        return np.array([[-own[0] - a, self.p[0]], [self.p[1], -own[1] - b]])

    def burden(self) -> TrueBurden:
        """Compute own burden, cost to the partner, net effect and the burden of the pair.

        Returns
        -------
        TrueBurden
            Of a unit push to each, in units of what it costs alone.
        """
        return TrueBurden.of(self.drift(True), self.k)

    def draw(self, rng: np.random.Generator, plan: Plan, rate: float = 1.0) -> PairSeries:
        """Draw one pair's way through a plan for two, exactly discretised.

        Parameters
        ----------
        rng
            Random numbers.
        plan
            For two people.
        rate
            Samples per second, in Hz.

        Returns
        -------
        PairSeries
            Latent and measured arousal.

        Raises
        ------
        UsageError
            If the plan is not for two, or a span is no whole number of samples, or the rate is not positive.
        """
        if not (math.isfinite(rate) and rate > 0):
            raise UsageError("A rate is a positive number of Hz; {rate} came.", rate=rate)
        if len(plan.people) != 2:
            raise UsageError("A pair model needs a plan for two; this one has {people}.", people=len(plan.people))
        state = np.concatenate(
            [self.zero + np.array(self.sigma) / np.sqrt(2 * np.array(self.k)) * _two(rng), _one(rng)]
        )
        parts, doses, probes = [], [], [0, 0]
        for span in plan.spans:
            gains = tuple(self._gain(rng, i, probes[i]) for i in (0, 1))
            path, state = self._through(rng, span, plan.people, state, gains, (probes[0], probes[1]), rate)
            probes = [count + (span.dose.get(who, 0.0) > 0) for count, who in zip(probes, plan.people, strict=True)]
            parts.append(path)
            doses.append(gains)
        latent = np.concatenate(parts)
        measured = latent[:, :2] + np.array(self.noise) * rng.standard_normal((len(latent), 2))
        return PairSeries(latent[:, :2], measured, latent[:, 2], np.array(doses), rate)

    def _gain(self, rng: np.random.Generator, person: int, before: int) -> float:
        spread = math.sqrt(math.log1p(self.g_cv**2))
        factor = math.exp(spread * rng.standard_normal() - spread**2 / 2)
        return self.g[person] * factor * (1 - self.tiring) ** before

    def _through(
        self,
        rng: np.random.Generator,
        span: PlanSpan,
        people: tuple[str, ...],
        state: Floats,
        gains: tuple[float, ...],
        before: tuple[int, int],
        rate: float,
    ) -> tuple[Floats, Floats]:
        """Return the path through a span, (n, 3) with e last, and where it ends."""
        n = round(span.seconds * rate)
        if abs(n - span.seconds * rate) > 1e-6:
            raise UsageError(
                "A span of {seconds:g} s is no whole number of samples at {rate:g} Hz.", seconds=span.seconds, rate=rate
            )
        faster = (1 + self.settling * max(0, before[0] - 1), 1 + self.settling * max(0, before[1] - 1))
        noise, diffusion = rng.standard_normal((n, 3)), np.array([*self.sigma, math.sqrt(2 / self.e_tau)])
        transitions, pushes = {}, {}
        for helped in self._helped(span):
            transition, shift, root = _exactly(*self._joint(span, people, gains, faster, helped), diffusion, 1 / rate)
            transitions[helped], pushes[helped] = transition, noise @ root.T + shift
        path = np.empty((n, 3))
        for t in range(n):
            path[t] = state
            helped_now = self._helped_now(state) if len(transitions) > 1 else (True, True)
            state = transitions[helped_now] @ state + pushes[helped_now][t]
        return path, state

    def _helped(self, span: PlanSpan) -> tuple[tuple[bool, bool], ...]:
        """Return who may be helped in a span: both always, or what the other's arousal allows."""
        if not span.together or self.settled == math.inf:
            return ((True, True),)
        return tuple((a, b) for a in (True, False) for b in (True, False))

    def _helped_now(self, state: Floats) -> tuple[bool, bool]:
        first, second = (bool(state[i] - self.level[i] <= self.settled + _SAME) for i in (0, 1))
        return second, first

    def _joint(
        self, span: PlanSpan, people: tuple[str, ...], gains: tuple[float, ...], faster: Two, helped: tuple[bool, bool]
    ) -> tuple[Floats, Floats]:
        """Return drift and constant push of (x_A, x_B, e)."""
        drift = np.zeros((3, 3))
        drift[:2, :2] = self.drift(span.together, faster, helped)
        drift[2, 2] = -1 / self.e_tau
        rest = np.array(self.level if span.together else self.zero)
        u = np.array([span.dose.get(who, 0.0) for who in people])
        push = -drift[:2, :2] @ rest + np.array(gains) * u
        if span.together:
            drift[:2, 2] = self.h
            push += np.array(self.s) * u[::-1]
        return drift, np.append(push, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class PairSeries:
    """One pair, as drawn.

    Parameters
    ----------
    latent
        Arousal, shape (n, 2), in a.u.
    measured
        Arousal with measurement noise, shape (n, 2), in a.u.
    shared
        The unscripted input e, shape (n,), of unit variance.
    gains
        g of each person in each span, shape (spans, 2), in a.u./s.
    rate
        Samples per second, in Hz.
    """

    latent: Floats
    measured: Floats
    shared: Floats
    gains: Floats
    rate: float


def _exactly(drift: Floats, push: Floats, diffusion: Floats, step: float) -> tuple[Floats, Floats, Floats]:
    """Return Φ = e^{AΔ}, the constant input's share and a root of the noise's covariance.

    The noise is summed over a fraction of the step by a Gauss–Legendre rule, whose terms are rows of a root already; then the
    fraction is doubled. So the covariance itself is never made, and a direction without noise stays without. The root is lower
    triangular with the shared input first, since that always has noise and the people may have none but through it.
    """
    n, order = len(drift), [2, 0, 1]
    largest = max(float(np.abs(drift).sum(axis=1).max()) * step, 1e-9)
    doublings = max(0, math.ceil(math.log2(largest / _FRACTION)))
    part = step / 2**doublings
    joint = np.zeros((n + 1, n + 1))
    joint[:n, :n], joint[:n, n] = drift[np.ix_(order, order)], push[order]
    turns = _exponentials(joint, part * np.append((1 + _NODES) / 2, 1.0))
    spread = np.sqrt(part * _WEIGHTS / 2)[:, None, None] * diffusion[order]
    root = triangular_factor(np.concatenate(turns[:-1, :n, :n] * spread, axis=1))
    turn = turns[-1]
    for _ in range(doublings):
        root = triangular_factor(np.concatenate([root, turn[:n, :n] @ root], axis=1))
        turn = turn @ turn
    back = np.argsort(order)
    return turn[np.ix_(back, back)], turn[back, n], root[np.ix_(back, back)]


def _exponentials(matrix: Floats, times: Floats) -> Floats:
    """Return e^{matrix · t} for each time, shape (times, n, n), by a Taylor series (scipy's `expm` loses 10 ms a call here)."""
    small = matrix * times[:, None, None]
    term = total = np.broadcast_to(np.eye(len(matrix)), small.shape)
    for k in range(1, _TERMS):
        term = term @ small / k
        total = total + term
    return total


def _times(values: Two, factor: Floats) -> Two:
    return (values[0] * float(factor[0]), values[1] * float(factor[1]))


def _two(rng: np.random.Generator) -> Floats:
    return rng.standard_normal(2)


def _one(rng: np.random.Generator) -> Floats:
    return rng.standard_normal(1)

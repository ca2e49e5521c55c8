"""The model of a pair, or of N people, and what its parameters mean in arousal-seconds."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

import numpy as np

from coregulation.errors import UsageError
from coregulation.linear_algebra import is_stable
from coregulation.signals import Bools, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Dynamics:
    """How arousal moves, alone and together.

    Together dx_i = [−(k_i + d_i) x_i + Σ_j p_ij x_j + inputs] dt + σ_i dW_i, with x_i taken from the level that holds
    there; alone d and p are zero. Every x is a distance from its own level, so that moving j's level does not move i.

    Parameters
    ----------
    rate
        k, own return rate in the middle of the session, 1/s, shape (n,).
    damping
        d, extra own damping together, 1/s, shape (n,).
    drive
        p[i, j], how much j's arousal reaches i, 1/s, shape (n, n), zero diagonal.
    diffusion
        σ², variance put in by each second, shape (n,).
    noise
        Variance of an observation, shape (n,).
    common
        Correlation of the white part of what moves people together, −1/(n−1) to 1.
    habituation
        What each further probe adds to ln k.
    shared
        h, how much of the slow unscripted input together reaches each, 1/s, shape (n,); empty where none is modelled.
    span
        Time constant of the slow input, which has unit variance, s.
    noise_log_ratio
        What being together adds to ln σ² of each, shape (n,); empty where it is not modelled.
    """

    rate: Floats
    damping: Floats
    drive: Floats
    diffusion: Floats
    noise: Floats
    common: float = 0.0
    habituation: float = 0.0
    shared: Floats = field(default_factory=lambda: np.empty(0))
    span: float = 20.0
    noise_log_ratio: Floats = field(default_factory=lambda: np.empty(0))

    def drift(self, company: Bools, before: Floats | float = 0.0) -> Floats:
        """Return the drift matrix for who is with whom, shape (n, n), and how many probes each has had, from the mean.

        Shape (n, n), or (n + 1, n + 1) with the slow shared input last.
        """
        return np.asarray(self.drifts(company[None], np.full((1, len(self.rate)), before))[0], float)

    def drifts(self, companies: Bools, before: Floats) -> Floats:
        """Return the drift matrices of several conditions, who was with whom (c, n, n) and earlier probes (c, n)."""
        n, size = len(self.rate), len(self.rate) + min(1, self.shared.size)
        at, out = np.arange(n), np.zeros((len(companies), size, size))
        together = companies.any(axis=2)
        out[:, :n, :n] = companies * self.drive
        out[:, at, at] = -(self.rate * np.exp(self.habituation * before) + self.damping * together)
        if self.shared.size:
            out[:, :n, n] = self.shared * together
            out[:, n, n] = -1 / self.span
        return out

    def spreads(self, companies: Bools) -> Floats:
        """Return the noise matrices of several conditions, of the drifts' shape."""
        n, size = len(self.rate), len(self.rate) + min(1, self.shared.size)
        at, out = np.arange(n), np.zeros((len(companies), size, size))
        sd = np.sqrt(self.diffusion)
        if self.noise_log_ratio.size:
            sd = sd * np.exp(self.noise_log_ratio / 2 * companies.any(axis=2))
        sd = np.broadcast_to(sd, (len(companies), n))
        out[:, :n, :n] = (self.common * sd[:, :, None] * sd[:, None, :]) * companies
        out[:, at, at] = sd**2
        if self.shared.size:
            out[:, n, n] = 2 / self.span
        return out

    def only(self, people: list[int]) -> Dynamics:
        """Return the dynamics of some of the people, as if the others were not there."""
        return Dynamics(
            self.rate[people], self.damping[people], self.drive[np.ix_(people, people)], self.diffusion[people],
            self.noise[people], self.common, self.habituation, noise_log_ratio=self.noise_log_ratio[people] if self.noise_log_ratio.size else self.noise_log_ratio,
        )  # fmt: skip

    @property
    def first(self) -> Floats:
        """The covariance of the first state: that of being alone for long."""
        alone = self.diffusion / (2 * self.rate)
        return np.diag(np.append(alone, np.ones(min(1, self.shared.size))))


@dataclass(frozen=True, slots=True, eq=False)
class BurdenRatios:
    """What a unit push costs, against being alone; infinite where the pair does not come back.

    Parameters
    ----------
    own_burden
        k_i M_ii, 1 = as alone; shape (n,).
    cost_to_partner
        [j, i] = k_i M_ji, what a push to i costs j, in i's own alone burdens; shape (n, n).
    net_effect
        Own burden and all costs; shape (n,).
    pair_burden
        ΣM / Σ(1/k); above 1 means worse than apart.
    """

    own_burden: Floats
    cost_to_partner: Floats
    net_effect: Floats
    pair_burden: float


def burden_ratios(dynamics: Dynamics) -> BurdenRatios:
    """Compute what a unit push costs where all people are together, in units of being alone.

    With A the drift matrix together and M = (−A)⁻¹, M_ji is the area under j's response to a unit push to i.

    Parameters
    ----------
    dynamics
        Rates, damping and drive.

    Returns
    -------
    BurdenRatios
        All infinite where the drift together is not stable, since no response then ends.
    """
    n = len(dynamics.rate)
    company = ~np.eye(n, dtype=bool)
    drift = dynamics.drift(company)[:n, :n]
    if not is_stable(drift):
        never = np.full((n, n), np.inf)
        return BurdenRatios(never[0], never, never[0], np.inf)
    total = np.linalg.inv(-drift)
    price = total * dynamics.rate
    own = np.diag(price).copy()
    return BurdenRatios(
        own, np.where(company, price, 0.0), price.sum(axis=0), float(total.sum() / (1 / dynamics.rate).sum())
    )


@dataclass(frozen=True, slots=True)
class WeakPriors:
    """Weak normal priors that keep a flat direction from running away, each as centre and standard deviation.

    Parameters
    ----------
    rate
        Of ln k and ln (k + d); the centre in 1/s.
    drive
        Of p, 1/s.
    noise
        Of the ln noise variance; the centre as a share of the variance seen.
    common
        Of the arctanh of the white shared correlation.
    habituation
        Of what a probe adds to ln k.
    shared
        Of ln h; the centre as a share of σ.
    noise_log_ratio
        Of what being together adds to ln σ².
    level
        Standard deviation of the resting level together, in those of all that was seen.
    """

    rate: tuple[float, float] = (0.03, 1.5)
    drive: tuple[float, float] = (0.0, 0.1)
    noise: tuple[float, float] = (0.1, 2.5)
    common: tuple[float, float] = (0.0, 1.0)
    habituation: tuple[float, float] = (0.0, 0.08)
    shared: tuple[float, float] = (0.05, 1.5)
    noise_log_ratio: tuple[float, float] = (0.0, 0.5)
    level: float = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Parameterisation:
    """Which numbers are free, and how a vector of them becomes `Dynamics`.

    Vector: ln k, ln (k + d) where free, free p (row by row), ln σ², ln noise, then where modelled the arctanh of the
    white shared correlation, habituation, ln h of each person, and what being together adds to ln σ² of who was in it. A
    return rate read from a short stretch comes out about 2/T too large; a prior flat in its logarithm takes that back
    to first order, alone and together alike. So nobody is taken to run away from the own level unpushed: a pair may
    still do so, through p.

    Parameters
    ----------
    people
        How many, n.
    damping
        Whose damping together is free, shape (n,); elsewhere d is 0.
    drive
        [i, j]: whether p of j on i is free, shape (n, n); elsewhere p is 0.
    common
        Whether the correlation of white input together is free.
    habituation
        Whether ln k changes from probe to probe.
    span
        Time constant of a slow shared input, in s; None where none is modelled.
    noise_log_ratio
        Whether ln σ² differs together, for each person whose damping is free.

    Raises
    ------
    UsageError
        If the shapes of `damping` and `drive` do not fit `people`.
    """

    people: int
    damping: Bools
    drive: Bools
    common: bool = True
    habituation: bool = True
    span: float | None = None
    noise_log_ratio: bool = True

    def __post_init__(self) -> None:
        if self.damping.shape != (self.people,) or self.drive.shape != (self.people, self.people):
            raise UsageError("damping needs one flag a person and drive one a pair of people.")

    @property
    def parts(self) -> tuple[int, ...]:
        """How many numbers each part of the vector has."""
        n = self.people
        met, slow = int(self.damping.sum()), n if self.span is not None else 0
        return (
            n,
            met,
            int(self.drive.sum()),
            n,
            n,
            int(self.common),
            int(self.habituation),
            slow,
            met if self.noise_log_ratio else 0,
        )

    def dynamics(self, vector: Floats) -> Dynamics:
        """Turn a vector into dynamics."""
        n, ends = self.people, list(itertools.accumulate(self.parts))
        rate, total, p, diffusion, noise, white, habituation, slow, livelier = (
            vector[end - size : end] for size, end in zip(self.parts, ends, strict=True)
        )
        own, damping, drive = np.exp(rate), np.zeros(n), np.zeros((n, n))
        damping[self.damping], drive[self.drive] = np.exp(total) - own[self.damping], p
        noise_log_ratio = np.zeros(n)
        if self.noise_log_ratio:
            noise_log_ratio[self.damping] = livelier
        common = math.tanh(white[0]) if self.common else 0.0
        return Dynamics(
            own, damping, drive, np.exp(diffusion), np.exp(noise), common if common > 0 else common / max(1, n - 1),
            float(habituation[0]) if self.habituation else 0.0, np.exp(slow), self.span or 20.0, noise_log_ratio,
        )  # fmt: skip

    def prior(self, weak: WeakPriors, variance: Floats) -> tuple[Floats, Floats]:
        """Return centres (which are also a first guess) and standard deviations, shape (size,), for seen variances."""
        spread = np.log(variance * 2 * weak.rate[0])
        rates = np.full(self.parts[0] + self.parts[1], np.log(weak.rate[0]))
        middles = [
            rates, np.full(self.parts[2], weak.drive[0]), spread, np.log(variance * weak.noise[0]),
            np.full(self.parts[5], weak.common[0]), np.full(self.parts[6], weak.habituation[0]),
            (np.log(weak.shared[0]) + spread / 2)[: self.parts[7]], np.full(self.parts[8], weak.noise_log_ratio[0]),
        ]  # fmt: skip
        widths = (
            weak.rate,
            weak.rate,
            weak.drive,
            (0.0, np.inf),
            weak.noise,
            weak.common,
            weak.habituation,
            weak.shared,
            weak.noise_log_ratio,
        )
        sd = [np.full(count, width[1]) for count, width in zip(self.parts, widths, strict=True)]
        return np.concatenate(middles), np.concatenate(sd)

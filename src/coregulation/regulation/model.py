"""The model of a pair, or of N people, and what its parameters mean in arousal-seconds (REGULATION.md 2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.errors import UsageError
from coregulation.signals import Bools, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Dynamics:
    """How arousal moves, alone and in company.

    In company dx_i = [−(k_i + d_i) x_i + Σ_j p_ij x_j + inputs] dt + σ_i dW_i, with x_i taken from the level that holds
    there; alone d and p are zero. (REGULATION.md 2 writes p_ij x_j with x_j from an arbitrary origin: then moving
    j's zero would move i. Here every x is a distance from its own level.)

    Args:
        rate: k, own return rate, 1/s, shape (n,). damping: d, extra own damping in company, 1/s, shape (n,).
        drive: p[i, j], how much j's arousal reaches i, 1/s, shape (n, n), zero diagonal.
        diffusion: σ², variance put in by each second, shape (n,). noise: variance of an observation, shape (n,).
        common: correlation of what moves people in company (white unscripted shared input), −1/(n−1) to 1.
    """

    rate: Floats
    damping: Floats
    drive: Floats
    diffusion: Floats
    noise: Floats
    common: float = 0.0

    def drift(self, company: Bools) -> Floats:
        """Return the drift matrix, shape (n, n), for who is with whom, shape (n, n)."""
        own = self.rate + self.damping * company.any(axis=1)
        return np.where(company, self.drive, 0.0) - np.diag(own)

    def spread(self, company: Bools) -> Floats:
        """Return the noise matrix, shape (n, n), for who is with whom."""
        sd = np.sqrt(self.diffusion)
        return np.outer(sd, sd) * (np.eye(len(sd)) + self.common * company)


@dataclass(frozen=True, slots=True, eq=False)
class Burden:
    """What a unit push costs, against being alone; inf where the pair does not come back.

    Args:
        own: k_i M_ii, 1 = as alone; shape (n,).
        price: price[j, i] = k_i M_ji, what a push to i costs j, in i's own alone burdens; shape (n, n).
        net: own + all prices; shape (n,). pair: ΣM / Σ(1/k); above 1 means worse than apart.
    """

    own: Floats
    price: Floats
    net: Floats
    pair: float


def burden(dynamics: Dynamics) -> Burden:
    """Return own burden, price, net and pair burden with everybody in company; M = (−A)⁻¹."""
    n = len(dynamics.rate)
    company = ~np.eye(n, dtype=bool)
    drift = dynamics.drift(company)
    if np.linalg.eigvals(drift).real.max() >= 0:
        never = np.full((n, n), np.inf)
        return Burden(never[0], never, never[0], np.inf)
    total = np.linalg.inv(-drift)
    price = total * dynamics.rate
    own = np.diag(price).copy()
    return Burden(own, np.where(company, price, 0.0), price.sum(axis=0), float(total.sum() / (1 / dynamics.rate).sum()))


@dataclass(frozen=True, slots=True)
class Weak:
    """Weak normal priors that keep a flat direction from running away; each is wider than anything data-rich cares about.

    Args:
        rate: centre (1/s) and sd of ln k and ln (k + d). drive: sd of p, 1/s. noise: centre (share of the variance) and sd of
            ln noise variance. common: sd of atanh of the shared input's correlation.
    """

    rate: tuple[float, float] = (0.03, 1.5)
    drive: float = 0.3
    noise: tuple[float, float] = (0.1, 2.5)
    common: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Which numbers are free, and how a vector of them becomes `Dynamics`.

    Vector: ln k, ln (k + d) where free, free p (row by row), ln σ², ln noise, and atanh of the shared input's correlation if
    modelled. A return rate read from a short stretch comes out about 2/T too large; a prior flat in its logarithm takes
    that back to first order, alone and in company alike. So nobody is taken to run away from the own level unpushed:
    a pair may still do so, through p.
    """

    people: int
    damping: Bools
    drive: Bools
    common: bool

    def __post_init__(self) -> None:
        if self.damping.shape != (self.people,) or self.drive.shape != (self.people, self.people):
            raise UsageError("damping needs one flag a person and drive one a pair of people.")

    @property
    def size(self) -> int:
        """How many numbers are free."""
        return 3 * self.people + int(self.damping.sum()) + int(self.drive.sum()) + int(self.common)

    def dynamics(self, vector: Floats) -> Dynamics:
        """Turn a vector into dynamics."""
        n = self.people
        cuts = np.cumsum([n, int(self.damping.sum()), int(self.drive.sum()), n, n])
        rate, d, p, diffusion, noise, rest = np.split(vector, cuts)
        damping, drive = np.zeros(n), np.zeros((n, n))
        damping[self.damping], drive[self.drive] = np.exp(d) - np.exp(rate)[self.damping], p
        floor = -1.0 / max(1, n - 1)
        common = np.tanh(rest[0]) if self.common else 0.0
        common = float(common if common > 0 else -common * floor)
        return Dynamics(np.exp(rate), damping, drive, np.exp(diffusion), np.exp(noise), common)

    def start(self, variance: Floats, rates: Floats) -> Floats:
        """Return a first guess from each person's variance, shape (n,), and rate of forgetting, shape (n,)."""
        coupled = np.concatenate([np.log(rates)[self.damping], np.zeros(int(self.drive.sum()))])
        spread, noise = np.log(variance * 0.8 * 2 * rates), np.log(variance * 0.1)
        return np.concatenate([np.log(rates), coupled, spread, noise, np.zeros(int(self.common))])

    def prior(self, weak: Weak, variance: Floats) -> tuple[Floats, Floats]:
        """Return centres and standard deviations of the weak priors, shape (size,); inf where there is none."""
        n, rates, drives, rest = (
            self.people,
            self.people + int(self.damping.sum()),
            int(self.drive.sum()),
            int(self.common),
        )
        noise = np.log(variance * weak.noise[0])
        centre = [np.full(rates, np.log(weak.rate[0])), np.zeros(drives + n), noise, np.zeros(rest)]
        sd = [(rates, weak.rate[1]), (drives, weak.drive), (n, np.inf), (n, weak.noise[1]), (rest, weak.common)]
        return np.concatenate(centre), np.concatenate([np.full(count, width) for count, width in sd])

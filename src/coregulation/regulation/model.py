"""The model of a pair, or of N people, and what its parameters mean in arousal-seconds."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

import numpy as np

from coregulation.errors import UsageError
from coregulation.signals import Bools, Floats, Ints


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
        What being together adds to ln σ², and to the variance of the coloured noises, of each, shape (n,); empty where it is not
        modelled.
    colours
        Variance of each person's coloured noises of observation, alone, shape (n, c).
    colour_spans
        Their time constants, s.
    moments
        What each hard moment of a person adds to the logarithm of that person's return rate, shape (m,).
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
    colours: Floats = field(default_factory=lambda: np.empty((0, 0)))
    colour_spans: tuple[float, ...] = ()
    moments: Floats = field(default_factory=lambda: np.empty(0))

    def drift(self, company: Bools, before: Floats | float = 0.0) -> Floats:
        """Return the drift matrix for who is with whom, shape (n, n), and how many probes each has had, from the mean.

        Shape (n, n), or (n + 1, n + 1) with the slow shared input last.
        """
        return np.asarray(self.drifts(company[None], np.full((1, len(self.rate)), before))[0], float)

    def drifts(self, companies: Bools, before: Floats, hit: Ints | None = None) -> Floats:
        """Return the drift matrices of several conditions.

        Who was with whom (c, n, n), earlier probes (c, n), and the hard moment that each is in (c, n), −1 for none.
        """
        n, size = len(self.rate), len(self.rate) + min(1, self.shared.size)
        at, out = np.arange(n), np.zeros((len(companies), size, size))
        together = companies.any(axis=2)
        total = self.rate * np.exp(self.habituation * before) + self.damping * together
        if hit is not None and self.moments.size:
            total = total * np.exp(np.append(self.moments, 0.0)[hit])
        out[:, :n, :n] = companies * self.drive
        out[:, at, at] = -total
        if self.shared.size:
            out[:, :n, n] = self.shared * together
            out[:, n, n] = -1 / self.span
        return out

    def livelier(self, companies: Bools) -> Floats:
        """Return the factor of each one's noise variances in several conditions, shape (c, n)."""
        together = companies.any(axis=2)
        ratio = self.noise_log_ratio if self.noise_log_ratio.size else np.zeros(len(self.rate))
        return np.asarray(np.exp(ratio * together), float)

    def spreads(self, companies: Bools) -> Floats:
        """Return the noise matrices of several conditions, of the drifts' shape."""
        n, size = len(self.rate), len(self.rate) + min(1, self.shared.size)
        at, out = np.arange(n), np.zeros((len(companies), size, size))
        sd = np.sqrt(self.diffusion * self.livelier(companies))
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
        return np.diag(np.concatenate([alone, np.ones(min(1, self.shared.size)), self.colours.ravel()]))

    @property
    def parts(self) -> Ints:
        """Which states each person's observations are made of, shape (n, 1 + c): arousal, then coloured noises."""
        n, c = len(self.rate), len(self.colour_spans)
        first = n + min(1, self.shared.size)
        return np.column_stack([np.arange(n), first + np.arange(n * c).reshape(n, c)])


@dataclass(frozen=True, slots=True, eq=False)
class BurdenRatios:
    """What a unit push costs, against being alone; infinite where the pair does not come back.

    All may have leading axes, one entry per draw.

    Parameters
    ----------
    own_burden
        k_i M_ii, 1 = as alone; shape (..., n).
    cost_to_partner
        [j, i] = k_i M_ji, what a push to i costs j, in i's own alone burdens; shape (..., n, n).
    net_effect
        Own burden and all costs; shape (..., n).
    pair_burden
        ΣM / Σ(1/k), shape (...); above 1 means worse than apart.
    """

    own_burden: Floats
    cost_to_partner: Floats
    net_effect: Floats
    pair_burden: Floats


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
    return burdens_of_rates(dynamics.rate, dynamics.damping, dynamics.drive)


def burdens_of_rates(rate: Floats, damping: Floats, drive: Floats) -> BurdenRatios:
    """Compute the burdens of many draws at once.

    Parameters
    ----------
    rate
        k, 1/s, shape (..., n).
    damping
        d, 1/s, shape (..., n).
    drive
        p, 1/s, shape (..., n, n), of which the diagonal is not used.

    Returns
    -------
    BurdenRatios
        With the same leading axes; infinite where the drift together is not stable.
    """
    n = rate.shape[-1]
    own = np.eye(n, dtype=bool)
    drift = np.where(own, -(rate + damping)[..., None, :], drive)
    limit = np.abs(drift).max(axis=(-2, -1)) * 1e-12
    stable = np.linalg.eigvals(drift).real.max(axis=-1) < -limit
    total = np.linalg.inv(np.where(stable[..., None, None], -drift, own.astype(float)))
    price = total * rate[..., None, :]
    diagonal = np.diagonal(price, axis1=-2, axis2=-1)
    endless = ~stable
    return BurdenRatios(
        np.where(endless[..., None], np.inf, diagonal),
        np.where(endless[..., None, None], np.inf, np.where(own, 0.0, price)),
        np.where(endless[..., None], np.inf, price.sum(axis=-2)),
        np.asarray(np.where(endless, np.inf, total.sum(axis=(-2, -1)) / (1 / rate).sum(axis=-1))),
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
    diffusion
        Of ln σ²; the centre as a factor of what would make all the variance seen at the centre of `rate`.
    colour
        Of the ln variance of each coloured noise; the centre as a share of the variance seen.
    span
        Of the ln time constant of the slow shared input; the centre in s.
    moment
        Of the ln standard deviation of the ln return rates from moment to moment; the centre as that standard deviation. Real
        half-lives of one person differ by up to 1.15 with everything that makes them differ.
    """

    rate: tuple[float, float] = (0.03, 1.5)
    drive: tuple[float, float] = (0.0, 0.02)
    noise: tuple[float, float] = (0.1, 2.5)
    common: tuple[float, float] = (0.0, 1.0)
    habituation: tuple[float, float] = (0.0, 0.08)
    shared: tuple[float, float] = (0.05, 1.5)
    noise_log_ratio: tuple[float, float] = (0.0, 0.5)
    level: float = 2.0
    diffusion: tuple[float, float] = (0.2, 2.5)
    colour: tuple[float, float] = (0.03, 1.5)
    span: tuple[float, float] = (20.0, 1.0)
    moment: tuple[float, float] = (0.3, 0.8)


@dataclass(frozen=True, slots=True, eq=False)
class Parameterisation:
    """Which numbers are free, and how a vector of them becomes `Dynamics`.

    Vector: ln k, ln (k + d) where free, free p (row by row), ln σ², ln noise, then where modelled the arctanh of the
    white shared correlation, habituation, ln h of each person and the ln time constant of the slow input, what being together adds
    to ln σ² of who was in it, the ln variances of coloured noises, and what each hard moment adds to ln
    rate. A return rate read from a short stretch comes out about 2/T too large; a prior flat in its logarithm takes that back
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
    slow
        Whether there is a slow shared input.
    noise_log_ratio
        Whether ln σ² differs together, for each person whose damping is free.
    colours
        Time constants of each one's coloured noises, s.
    moments
        How many hard moments have a rate of their own.

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
    slow: bool = False
    noise_log_ratio: bool = True
    colours: tuple[float, ...] = ()
    moments: int = 0

    def __post_init__(self) -> None:
        if self.damping.shape != (self.people,) or self.drive.shape != (self.people, self.people):
            raise UsageError("damping needs one flag a person and drive one a pair of people.")

    @property
    def sizes(self) -> dict[str, int]:
        """How many numbers each part of the vector has, in order."""
        n, met = self.people, int(self.damping.sum())
        return {
            "rate": n, "total": met, "drive": int(self.drive.sum()), "diffusion": n, "noise": n, "common": int(self.common),
            "habituation": int(self.habituation), "shared": n * self.slow, "span": int(self.slow),
            "livelier": met * self.noise_log_ratio, "colours": n * len(self.colours),
            "moments": self.moments,
        }  # fmt: skip

    def part(self, name: str) -> slice:
        """Return where a part of the vector is."""
        sizes = self.sizes
        ends = dict(zip(sizes, itertools.accumulate(sizes.values()), strict=True))
        return slice(ends[name] - sizes[name], ends[name])

    def split(self, vectors: Floats) -> dict[str, Floats]:
        """Return the parts of one vector, or of many along the last axis."""
        ends = list(itertools.accumulate(self.sizes.values()))
        return {
            name: vectors[..., end - size : end] for (name, size), end in zip(self.sizes.items(), ends, strict=True)
        }

    def rates(self, vectors: Floats) -> tuple[Floats, Floats, Floats]:
        """Return k, d (..., n) and p (..., n, n) of one vector, or of many along the last axis."""
        parts = self.split(vectors)
        own = np.exp(parts["rate"])
        damping, drive = np.zeros_like(own), np.zeros((*own.shape, self.people))
        damping[..., self.damping] = np.exp(parts["total"]) - own[..., self.damping]
        drive[..., self.drive] = parts["drive"]
        return own, damping, drive

    def dynamics(self, vector: Floats) -> Dynamics:
        """Turn a vector into dynamics."""
        n, parts = self.people, self.split(vector)
        own, damping, drive = self.rates(vector)
        noise_log_ratio = np.zeros(n)
        if self.noise_log_ratio:
            noise_log_ratio[self.damping] = parts["livelier"]
        common = math.tanh(parts["common"][0]) if self.common else 0.0
        return Dynamics(
            own, damping, drive, np.exp(parts["diffusion"]), np.exp(parts["noise"]),
            common if common > 0 else common / max(1, n - 1), float(parts["habituation"][0]) if self.habituation else 0.0,
            np.exp(parts["shared"]), float(np.exp(parts["span"][0])) if self.slow else 20.0, noise_log_ratio,
            np.exp(parts["colours"]).reshape(n, len(self.colours)), self.colours, parts["moments"],
        )  # fmt: skip

    def prior(self, weak: WeakPriors, variance: Floats) -> tuple[Floats, Floats]:
        """Return centres (which are also a first guess) and standard deviations, shape (size,), for seen variances."""
        spread = np.log(variance * 2 * weak.rate[0])
        each = len(self.colours)
        centres = {
            "rate": np.log(weak.rate[0]), "total": np.log(weak.rate[0]), "drive": weak.drive[0],
            "diffusion": spread + np.log(weak.diffusion[0]), "noise": np.log(variance * weak.noise[0]),
            "common": weak.common[0], "habituation": weak.habituation[0],
            "shared": (np.log(weak.shared[0]) + spread / 2)[: self.people * self.slow], "span": np.log(weak.span[0]),
            "livelier": weak.noise_log_ratio[0], "colours": np.repeat(np.log(variance * weak.colour[0]), each),
            "moments": 0.0,
        }  # fmt: skip
        widths = {
            "rate": weak.rate[1], "total": weak.rate[1], "drive": weak.drive[1], "diffusion": weak.diffusion[1],
            "noise": weak.noise[1], "common": weak.common[1], "habituation": weak.habituation[1], "shared": weak.shared[1],
            "span": weak.span[1], "livelier": weak.noise_log_ratio[1], "colours": weak.colour[1],
            "moments": weak.moment[0],
        }  # fmt: skip
        middle = [np.broadcast_to(centres[name], size) for name, size in self.sizes.items()]
        sd = [np.full(size, widths[name]) for name, size in self.sizes.items()]
        return np.concatenate(middle), np.concatenate(sd)

"""From a pair of signals to an answer with its null, its seed and its interval.

The primary statistic is the largest, over the lags, of |mean over windows of Fisher's z|. Its p comes from the same
largest value in each surrogate, so that the lags are paid for, with the +1 rule (Phipson & Smyth 2010). A p-value exists only
as a property of a `Coupling`, next to the null it comes from; nobody can pass one in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.coupling.correlation import LaggedCorrelation, Surface
from coregulation.linear_algebra import argmax_near_middle
from coregulation.signals import Floats

MIN_NULLS = 99  # fewer surrogates than this, and a p says nothing worth printing
MIN_WINDOWS = 5  # windows' lengths of common valid time


@dataclass(frozen=True, slots=True)
class CouplingEstimate:
    """How strong, how sure, at which lag and who leads.

    Args:
        value: mean correlation at the lag (tanh of the mean z), -1 to 1.
        interval: of the value, at that lag.
        lag: s, never negative; who leads has a name, not a sign.
        lag_interval: s, on the signed axis where positive means that the first person leads.
        leader: who comes first, where the interval of the lag leaves zero out.
        clock_sd: s, what the clocks add to the lag's uncertainty; None where nobody stated the clocks.
    """

    value: float
    interval: tuple[float, float]
    lag: float
    lag_interval: tuple[float, float]
    leader: str | None
    clock_sd: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Coupling:
    """What one measure says of one signal of one pair, against one null.

    Args:
        pair: the two people, in order.
        signal: the channel.
        measure: with its settings.
        null: the surrogate it was held against, by name; None where there was none to be had.
        gate: which question the null answers: "G1" beyond own dynamics, "G2" beyond the scripted input.
        primary: fixed before data were seen; everything else is secondary.
        statistic: the largest |mean z| over lags.
        nulls: shape (k,), the same of each surrogate; empty where the answer is refused.
        estimate: None where too little is there.
        windows: how many windows' lengths of common valid time there are.
        coverage: share of the common time that is valid in both.
        seed: of the surrogates.
        refused: why there is no p; None where there is one.
    """

    pair: tuple[str, str]
    signal: str
    measure: LaggedCorrelation
    null: str | None
    gate: str
    primary: bool
    statistic: float
    nulls: Floats
    estimate: CouplingEstimate | None
    windows: float
    coverage: float
    seed: int
    refused: str | None = None

    @property
    def p(self) -> float | None:
        """Share of surrogates at least as strong, by the +1 rule; None where refused."""
        if self.refused is not None or len(self.nulls) == 0 or not math.isfinite(self.statistic):
            return None
        return float((1 + (self.nulls >= self.statistic - 1e-12).sum()) / (1 + len(self.nulls)))


@dataclass(frozen=True, slots=True)
class Pairing:
    """Who a pair is, and what their clocks put on a lag between them (s; None where nobody stated it)."""

    first: str
    second: str
    clock_sd: float | None = 0.0


def estimate_coupling(
    surfaces: Sequence[Surface],
    measure: LaggedCorrelation,
    pairing: Pairing,
    bootstrap: BlockBootstrap,
    rng: np.random.Generator,
) -> CouplingEstimate | None:
    """Return the strength at the lag where |mean z| is largest, with the intervals of strength and lag.

    The interval is that of the mean at this lag; choosing the lag by its height is not in it. The interval of
    the lag comes from choosing it anew in each resample, widened by what the clocks leave open. None where no window is left.
    """
    z = np.concatenate([surface.z for surface in surfaces]) if surfaces else np.empty((0, 1))
    there = np.isfinite(z)
    if not there.any():
        return None
    counts = there.sum(axis=0)
    profile = np.where(counts > 0, np.where(there, z, 0.0).sum(axis=0) / np.maximum(counts, 1), 0.0)
    best = int(argmax_near_middle(np.abs(profile)))
    lags, hop = surfaces[0].lags, _hop(surfaces[0])
    block = max(1, round(bootstrap.windows_per_block * measure.window / hop))
    blocks = max(2, int(counts[best] // block))
    resampled = bootstrap.profiles(z, block, rng)
    low, high = bootstrap.interval(float(profile[best]), resampled[:, best], blocks)
    signed = np.nan_to_num(resampled * np.sign(profile[best]), nan=-np.inf)
    lag = float(lags[best])
    step = float(lags[1] - lags[0]) if len(lags) > 1 else 0.0
    lag_interval = _lag_interval(lags[argmax_near_middle(signed)], lag, step, pairing.clock_sd, bootstrap.level)
    return CouplingEstimate(
        value=math.tanh(float(profile[best])),
        interval=(math.tanh(low), math.tanh(high)),
        lag=abs(lag),
        lag_interval=lag_interval,
        leader=_leader(lag_interval, pairing),
        clock_sd=pairing.clock_sd,
    )


def _hop(surface: Surface) -> float:
    return float(surface.centres[1] - surface.centres[0]) if len(surface.centres) > 1 else 1.0


def _lag_interval(chosen: Floats, lag: float, step: float, clock_sd: float | None, level: float) -> tuple[float, float]:
    """Return where the lag may lie: the resampled lags, half a step of the grid, and the clocks."""
    tail = 50 * (1 - level)
    low, high = (float(edge) for edge in np.percentile(chosen, [tail, 100 - tail]))
    clock = 1.96 * (clock_sd or 0.0)
    below, above = max(0.0, lag - low) + step / 2, max(0.0, high - lag) + step / 2
    return lag - math.hypot(below, clock), lag + math.hypot(above, clock)


def _leader(lag_interval: tuple[float, float], pairing: Pairing) -> str | None:
    """Name who comes first; nobody where the clocks are unknown or the interval holds zero."""
    if pairing.clock_sd is None:
        return None
    if lag_interval[0] > 0:
        return pairing.first
    return pairing.second if lag_interval[1] < 0 else None


def false_discovery(ps: Sequence[float]) -> list[float]:
    """Return Benjamini–Hochberg adjusted values (1995) in the order given."""
    values = np.asarray(ps, dtype=np.float64)
    order = np.argsort(values)
    ranked = values[order] * len(values) / np.arange(1, len(values) + 1)
    adjusted = np.minimum.accumulate(ranked[::-1])[::-1]
    out = np.empty(len(values))
    out[order] = np.minimum(adjusted, 1.0)
    return [float(value) for value in out]

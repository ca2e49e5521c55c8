"""From a pair of signals to an answer with its null, its seed and its interval.

The primary statistic is the largest, over the lags, of |mean over windows of Fisher's z| times the root of the number of effective
windows. Its p-value comes from the same largest value in each surrogate, so that choosing the lag is part of the test. A p-value exists only as a property of a result that holds
its null; nobody can pass one in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.settings import LINKAGE
from coregulation.coupling.surface import Surface, WindowSums, pool_sums, sum_windows
from coregulation.linear_algebra import argmax_near_middle
from coregulation.reasons import Reason
from coregulation.settings import Z_LEVEL
from coregulation.signals import Floats

ROUNDING = 1e-12  # a surrogate this little below the statistic counts as equal to it


def count_as_strong(statistic: float, nulls: Floats) -> int:
    """Count the surrogates that are at least as strong as what was observed.

    Parameters
    ----------
    statistic
        What was observed.
    nulls
        The same of each surrogate, shape (k,).

    Returns
    -------
    int
        From 0 to k.
    """
    return int((nulls >= statistic - ROUNDING).sum())


def p_value(statistic: float, nulls: Floats) -> float:
    """Compute the share of surrogates at least as strong, with the data counted among them: (1 + b) / (1 + k).

    Parameters
    ----------
    statistic
        What was observed.
    nulls
        The same of each surrogate, shape (k,).

    Returns
    -------
    float
        From 1 / (1 + k) to 1; never zero.

    References
    ----------
    Phipson B, Smyth GK (2010), Statistical Applications in Genetics and Molecular Biology 9:39, doi:10.2202/1544-6115.1585
    """
    return (1 + count_as_strong(statistic, nulls)) / (1 + len(nulls))


@dataclass(frozen=True, slots=True)
class CouplingEstimate:
    """How strong, how sure, at which lag and who leads.

    Parameters
    ----------
    value
        Mean correlation at the lag (tanh of the mean z), -1 to 1.
    interval
        Of the value, at that lag.
    lag
        In s, never negative; who leads has a name, not a sign.
    lag_interval
        In s, on the signed axis where positive means that the first person leads.
    leader
        Who comes first, where the interval of the lag leaves zero out.
    clock_sd
        What the clocks add to the lag's uncertainty, s; None where nobody stated the clocks.
    declared
        The signed mean at the declared lag; None where no window is valid there.
    at_zero
        Mean correlation at lag 0, -1 to 1; NaN where no window is valid there.
    """

    value: float
    interval: tuple[float, float]
    lag: float
    lag_interval: tuple[float, float]
    leader: str | None
    clock_sd: float | None
    declared: FixedLag | None = None
    at_zero: float = math.nan


@dataclass(frozen=True, slots=True)
class FixedLag:
    """The signed mean at a lag that was fixed before data were seen.

    Parameters
    ----------
    lag
        In s; positive: the first person leads.
    value
        Mean correlation, -1 to 1.
    interval
        Its 95 % interval; nothing was selected.
    mean
        The mean on the scale of averaging (Fisher's z of a correlation).
    half_width
        Of the interval for equivalence (`LINKAGE.equivalence_level`), on the same scale.
    quantile
        The t quantile in that half width.
    """

    lag: float
    value: float
    interval: tuple[float, float]
    mean: float
    half_width: float
    quantile: float


@dataclass(frozen=True, slots=True)
class Equivalence:
    """How far a pair's mean at the declared lag is from that of its pseudo-dyads, in Fisher's z.

    Parameters
    ----------
    difference
        Pair less mean of the pseudo-dyads.
    interval
        Its 90 % interval.
    margin
        Largest difference that counts as none.
    """

    difference: float
    interval: tuple[float, float]
    margin: float

    @property
    def is_shown(self) -> bool:
        """Whether the whole interval lies within the margin."""
        return -self.margin < self.interval[0] and self.interval[1] < self.margin


@dataclass(frozen=True, slots=True, eq=False)
class Coupling:
    """What one measure says of one signal of one pair, against one null.

    Parameters
    ----------
    pair
        The two people, in order.
    signal
        The channel.
    measure
        With its settings.
    null
        Title of the null; None where there was none to be had.
    gate
        Which question the null answers: "G1" beyond own dynamics, "G2" beyond the scripted input.
    primary
        Fixed before data were seen; everything else is secondary.
    statistic
        The largest studentised |mean z| over lags.
    nulls
        The same of each surrogate, shape (k,); empty where the answer is refused.
    estimate
        None where too little is valid.
    windows
        Windows' lengths of common valid time.
    coverage
        Share of the common time that is valid in both.
    seed
        Of the surrogates.
    refused
        Why there is no p-value; None where there is one.
    equivalence
        With pseudo-dyads, at gate G2.
    """

    pair: tuple[str, str]
    signal: str
    measure: AbstractMeasure
    null: str | None
    gate: str
    primary: bool
    statistic: float
    nulls: Floats
    estimate: CouplingEstimate | None
    windows: float
    coverage: float
    seed: int
    refused: Reason | None = None
    equivalence: Equivalence | None = None

    @property
    def p(self) -> float | None:
        """The p-value (`p_value`); None where it is refused."""
        if self.refused is not None or len(self.nulls) == 0 or not math.isfinite(self.statistic):
            return None
        return p_value(self.statistic, self.nulls)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Who a pair is, and what their clocks add to a lag between them.

    Parameters
    ----------
    first, second
        The two people.
    clock_sd
        Standard deviation, s; None where nobody stated it.
    """

    first: str
    second: str
    clock_sd: float | None = 0.0


def estimate_coupling(
    surfaces: Sequence[Surface],
    measure: AbstractMeasure,
    pairing: Pairing,
    bootstrap: BlockBootstrap,
    rng: np.random.Generator,
    observed: WindowSums | None = None,
) -> CouplingEstimate | None:
    """Estimate the strength at the lag where the studentised |mean z| is largest, with the intervals of strength and lag.

    The interval is that of the mean at this lag; choosing the lag by its height is not in it. The interval of
    the lag comes from choosing it anew in each resample, widened by what the clocks leave open.

    Parameters
    ----------
    surfaces
        The measure by window and lag, one for each span.
    measure
        Which it is.
    pairing
        Who the two are.
    bootstrap
        For the intervals.
    rng
        Source of the resamples.
    observed
        The sums whose largest studentised value is the pair's statistic; None: those of the surfaces.

    Returns
    -------
    CouplingEstimate or None
        None where no window is valid.
    """
    z = np.concatenate([surface.z for surface in surfaces]) if surfaces else np.empty((0, 1))
    valid = np.isfinite(z)
    if not valid.any():
        return None
    counts = valid.sum(axis=0)
    profile = np.where(counts > 0, np.where(valid, z, 0.0).sum(axis=0) / np.maximum(counts, 1), 0.0)
    lags, hop, back = surfaces[0].lags, _hop(surfaces[0]), surfaces[0].scale.back
    sums = observed or pool_sums([sum_windows(each, measure.overlap) for each in surfaces], len(lags))
    best = int(argmax_near_middle(np.abs(sums.studentised)))
    block = max(1, round(bootstrap.windows_per_block * measure.window / hop))
    blocks = max(2, int(counts[best] // block))
    resampled = bootstrap.profiles(z, block, rng)
    zero, declared = (int(np.argmin(np.abs(lags - at))) for at in (0.0, measure.declared_lag))
    low, high = bootstrap.interval(float(profile[best]), resampled[:, best], blocks)
    signed = np.nan_to_num(resampled * np.sign(profile[best]), nan=-np.inf)
    lag = float(lags[best])
    step = float(lags[1] - lags[0]) if len(lags) > 1 else 0.0
    lag_interval = _lag_interval(lags[argmax_near_middle(signed)], lag, step, pairing.clock_sd, bootstrap.level)
    return CouplingEstimate(
        value=back(float(profile[best])),
        interval=(back(low), back(high)),
        lag=abs(lag),
        lag_interval=lag_interval,
        leader=_leader(lag_interval, pairing),
        clock_sd=pairing.clock_sd,
        declared=_fixed_lag(float(lags[declared]), z[:, declared], resampled[:, declared], block, bootstrap, back),
        at_zero=back(float(profile[zero])) if counts[zero] else math.nan,
    )


def _fixed_lag(
    lag: float, z: Floats, resampled: Floats, block: int, bootstrap: BlockBootstrap, back: Callable[[float], float]
) -> FixedLag | None:
    count = int(np.isfinite(z).sum())
    if count == 0:
        return None
    mean, blocks = float(np.nanmean(z)), max(2, count // block)
    low, high = bootstrap.interval(mean, resampled, blocks)
    narrow = replace(bootstrap, level=LINKAGE.equivalence_level)
    half = narrow.interval(mean, resampled, blocks)[1] - mean
    return FixedLag(lag, back(mean), (back(low), back(high)), mean, half, narrow.quantile(blocks))


def _hop(surface: Surface) -> float:
    return float(surface.centres[1] - surface.centres[0]) if len(surface.centres) > 1 else 1.0


def _lag_interval(chosen: Floats, lag: float, step: float, clock_sd: float | None, level: float) -> tuple[float, float]:
    """Return where the lag may lie: the resampled lags, half a step of the grid, and the clocks."""
    tail = 50 * (1 - level)
    low, high = (float(edge) for edge in np.percentile(chosen, [tail, 100 - tail]))
    clock = Z_LEVEL * (clock_sd or 0.0)
    below, above = max(0.0, lag - low) + step / 2, max(0.0, high - lag) + step / 2
    return lag - math.hypot(below, clock), lag + math.hypot(above, clock)


def _leader(lag_interval: tuple[float, float], pairing: Pairing) -> str | None:
    """Name who comes first; nobody where the clocks are unknown or the interval holds zero."""
    if pairing.clock_sd is None:
        return None
    if lag_interval[0] > 0:
        return pairing.first
    return pairing.second if lag_interval[1] < 0 else None

"""How long a series remembers, from its slow cosines: what its mean is worth, and how many independent values it holds.

A model of the slow part (an Ornstein–Uhlenbeck process of unknown memory, with unknown fast noise on it) is averaged over what
the data leave possible, after Müller & Watson (2018, Econometrica 86:775, doi:10.3982/ECTA15047), who do so for long-run covariances.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.settings import TAIL, UPPER
from coregulation.signals import Floats, Ints

COSINES = 28  # slowest cosines that are looked at: up to fourteen periods in the series
MAX_BINS = 64  # values into which a longer series is averaged; so many cosines need no more
FEWEST = 12  # values below which no memory is estimated
LEAST = 1.5  # effective values that are reckoned with at least: with fewer no interval holds
_MEMORIES = 40  # memories that are averaged over …
_PER_SERIES = (1.0, 800.0)  # … from the length of the series down to an 800th of it, evenly in their logarithm
_SHORTER = (
    0.15  # exponent by which a shorter memory is likelier beforehand, so that intervals of white values hold as well
)
_NOISE = (0.0, 0.3, 0.6, 0.85)  # shares of fast noise in the variance of a value
_NEGLIGIBLE, _HALVINGS = 1e-6, 30  # weight of a model that is left out; steps of the search for a width
_SURROUNDINGS = 12.0  # spans: an hour around five minutes
_FINE = 400  # bins of a span that stand for a continuous process
_OTHERWISE = 0.25  # probability beforehand that another stretch of the recording has a memory of its own


@dataclass(frozen=True, slots=True)
class MeanUncertainty:
    """What the mean of a series with memory is worth.

    Parameters
    ----------
    half_width
        Half the width of the 95 % interval of the mean, in the unit of the values; NaN where it is not known.
    effective
        Effective number of independent values: variance of the slow part over that of its mean (posterior median).
    error
        Standard error of the mean, in the unit of the values; NaN where it is not known.
    """

    half_width: float
    effective: float
    error: float = math.nan


def mean_uncertainty(values: Floats, others: Sequence[Floats] = ()) -> MeanUncertainty:
    """Estimate what the mean of a series with memory is worth.

    The mean is that of the process behind the series. From the series alone its memory is known poorly: no rule tells three
    effective values from eight with certainty (see docs/person.md). Other stretches of the same recording tell more.

    Parameters
    ----------
    values
        Evenly spaced, shape (n,); missing values (NaN) are left out, as if the known ones followed each other.
    others
        Other stretches of the same recording with the same spacing. Each may have its own level and spread; a
        stretch whose memory looks different counts less.

    Returns
    -------
    MeanUncertainty
        With no width and 0 effective values where fewer than 12 values are known.
    """
    size = max(1, -(-int(np.isfinite(values).sum()) // MAX_BINS))
    series = _bins(values, size)
    if len(series) < FEWEST:
        return MeanUncertainty(math.nan, 0.0)
    if _is_constant(series):
        return MeanUncertainty(0.0, float(len(series)), 0.0)
    model = _model(len(series), len(series))
    fit = model.fit(series)
    stretches = [part for part in (_bins(other, size) for other in others) if len(part) >= FEWEST and np.ptp(part) > 0]
    weights = _posterior(fit.likelihood + sum(_evidence(part, len(series)) for part in stretches), model)
    resolved = np.where(model.effective >= LEAST, weights, 0.0)
    if not resolved.sum() > 0:
        return MeanUncertainty(math.nan, _median(model.effective, weights))
    resolved /= resolved.sum()
    half = _half_width(resolved, fit.scale, model.freedom)
    return MeanUncertainty(half, _median(model.effective, weights), math.sqrt(resolved @ fit.scale**2))


@dataclass(frozen=True, slots=True, eq=False)
class VarianceFreedom:
    """How many degrees of freedom the variance of a series with memory may have.

    Parameters
    ----------
    freedom
        Of each memory that is possible, shape (k,).
    probability
        Of each memory, shape (k,).
    variance
        Of the means over bins from which the memory was estimated, in the unit of the values squared.
    size
        Values in one of those bins.
    """

    freedom: Floats
    probability: Floats
    variance: float
    size: int

    @property
    def effective(self) -> float:
        """Effective number of independent squares (posterior median)."""
        return _median(self.freedom, self.probability)


def variance_freedom(values: Floats, others: Sequence[Floats] = ()) -> VarianceFreedom | None:
    """Estimate how many degrees of freedom the variance of a series with memory has.

    Of a normal series twice the squared mean over the variance of its variance (Satterthwaite 1946), for each memory that the data leave possible, all
    memories likely alike beforehand.

    Parameters
    ----------
    values
        Evenly spaced, shape (n,); missing values (NaN) are left out, as if the known ones followed each other.
    others
        Other stretches of the same recording with the same spacing, which tell more of the memory.

    Returns
    -------
    VarianceFreedom or None
        None where fewer than 12 values are known, or all are the same.

    References
    ----------
    Satterthwaite, F. E. (1946), Biometrics Bulletin 2:110, doi:10.2307/3002019
    """
    size = max(1, -(-int(np.isfinite(values).sum()) // MAX_BINS))
    series = _bins(values, size)
    if len(series) < FEWEST or _is_constant(series):
        return None
    model = _model(len(series), len(series))
    stretches = [part for part in (_bins(other, size) for other in others) if len(part) >= FEWEST and np.ptp(part) > 0]
    likelihood = model.fit(series).likelihood + sum(_evidence(part, len(series)) for part in stretches)
    weights = np.exp(likelihood - likelihood.max())
    return VarianceFreedom(model.variance_freedom, weights / weights.sum(), float(series.var()), size)


def surrounding_half_width(values: Floats) -> float:
    """Compute how far the mean of what surrounds a series may be from the mean of the series, where its spectrum is 1/f.

    A heart at rest has no memory of one length: the slower one looks, the more it wanders (Kobayashi & Musha 1982, IEEE Trans
    Biomed Eng 29:456, doi:10.1109/TBME.1982.324972). The surroundings are twelve times as long as the series: an hour around five minutes.

    Parameters
    ----------
    values
        Evenly spaced, shape (n,); missing values (NaN) are left out, as if the known ones followed each other.

    Returns
    -------
    float
        Half the width of a 95 % interval, in the unit of the values; NaN where fewer than 12 values are known.
    """
    series = _bins(values, max(1, -(-int(np.isfinite(values).sum()) // MAX_BINS)))
    if len(series) < FEWEST:
        return math.nan
    if _is_constant(series):
        return 0.0
    model = _wandering(len(series))
    fit = model.fit(series)
    return _half_width(_posterior(fit.likelihood, model), fit.scale, model.freedom)


def effective_values(memories: float) -> float:
    """Compute how many independent values a mean over a span is worth, for a process with exponential memory.

    Parameters
    ----------
    memories
        Length of the span over the memory (the lag at which the correlation is 1/e).

    Returns
    -------
    float
        Variance of the process over that of its mean.
    """
    return memories**2 / 2 / (memories - 1 + math.exp(-memories))


def effective_squares(memories: float) -> float:
    """Compute how many independent squares the variance of a span is worth, for a process with exponential memory.

    Parameters
    ----------
    memories
        Length of the span over the memory (the lag at which the correlation is 1/e).

    Returns
    -------
    float
        Twice the squared mean of the variance over its variance.
    """
    lags = _lags(_FINE)
    return _freedom_of_variance(_remembering(lags, memories / _FINE))


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """Log likelihood of each model, and the scale of the mean's error in each; shape (models,)."""

    likelihood: Floats
    scale: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """The models for series of one length: cosines and their inverse covariances, for a process of variance one."""

    cosines: Floats  # (q, n)
    inverse: Floats  # (models, q, q)
    log_determinant: Floats  # (models,)
    mean_variance: Floats  # (models,)
    effective: Floats  # (models,)
    prior: Floats  # (models,)
    variance_freedom: Floats  # (models,): of the variance of the series

    @property
    def freedom(self) -> int:
        return len(self.cosines)

    def fit(self, series: Floats) -> _Fit:
        x = self.cosines @ (series - series.mean())
        square = np.einsum("i,mij,j->m", x, self.inverse, x)
        likelihood = -0.5 * self.log_determinant - 0.5 * self.freedom * np.log(square)
        return _Fit(likelihood, np.sqrt(self.mean_variance * square / self.freedom))


def _is_constant(series: Floats) -> bool:
    return bool(np.ptp(series) <= 1e-12 * np.abs(series).max())


@functools.lru_cache(maxsize=64)
def _model(count: int, base: int) -> _Model:
    """Return the models of `count` values whose memories are those of a series of `base` values."""
    spans = np.repeat(np.geomspace(*_PER_SERIES, _MEMORIES), len(_NOISE))  # lengths of the base series, in memories
    noise = np.tile(_NOISE, _MEMORIES)
    lags = _lags(count)
    covariances = [_covariance(_remembering(lags, span / base), part) for span, part in zip(spans, noise, strict=True)]
    effective = np.array([effective_values(span) for span in spans * count / base])
    return _model_of(covariances, effective, spans**_SHORTER)


@functools.lru_cache(maxsize=16)
def _wandering(count: int) -> _Model:
    """Return the models of `count` values of a process with a 1/f spectrum around the mean of what surrounds them."""
    waves = np.arange(
        1, round(4 * _SURROUNDINGS * count)
    )  # in the surroundings; a bin's mean leaves little of the fastest
    turns = waves / (_SURROUNDINGS * count)
    power = np.sinc(turns) ** 2 / waves
    of_lag = np.array([power @ np.cos(2 * np.pi * turns * lag) for lag in range(count)])
    covariances = [_covariance(of_lag[_lags(count)] / of_lag[0], part) for part in _NOISE]
    return _model_of(covariances, np.array([1 / each.mean() for each in covariances]), np.ones(len(_NOISE)))


def _model_of(covariances: list[Floats], effective: Floats, prior: Floats) -> _Model:
    count = len(covariances[0])
    waves = np.arange(1, min(COSINES, count // 2) + 1)
    cosines: Floats = np.cos(np.pi * np.outer(waves, (np.arange(count) + 0.5) / count))
    cosines *= math.sqrt(2 / count)
    of_cosines: Floats = np.stack([cosines @ each @ cosines.T for each in covariances])
    inverse = np.linalg.inv(of_cosines).astype(np.float64)
    means: Floats = np.array([each.mean() for each in covariances])
    freedom = np.array([_freedom_of_variance(each) for each in covariances])
    return _Model(cosines, inverse, _log_determinant(of_cosines), means, effective, prior / prior.sum(), freedom)


def _freedom_of_variance(covariance: Floats) -> float:
    """Return the degrees of freedom of the variance of normal values of a covariance."""
    means = covariance.mean(axis=0)
    about_mean = covariance - means - means[:, None] + means.mean()
    return float(np.trace(about_mean) ** 2 / (about_mean**2).sum())


def _lags(count: int) -> Ints:
    index = np.arange(count)
    lags: Ints = np.abs(index[:, None] - index)
    return lags


def _log_determinant(matrices: Floats) -> Floats:
    logarithms: Floats = np.linalg.slogdet(matrices)[1]
    return logarithms


def _remembering(lags: Ints, step: float) -> Floats:
    """Return the correlation of bins of an Ornstein–Uhlenbeck process, each bin `step` memories long."""
    alone = 2 / step**2 * (step - 1 + math.exp(-step))
    apart = (2 * math.cosh(step) - 2) / step**2 if step < 30 else 0.0  # of bins that follow each other, but for the lag
    return np.where(lags == 0, 1.0, apart / alone * np.exp(-step * lags))


def _covariance(slow: Floats, noise: float) -> Floats:
    """Return the covariance of a slow process with a share of noise between bins."""
    covariance: Floats = (1 - noise) * slow + noise * np.eye(len(slow))
    return covariance


def _evidence(part: Floats, base: int) -> Floats:
    """Return what another stretch says of each model, in log likelihood; at worst little, as its memory may differ."""
    model = _model(len(part), base)
    likelihood = model.fit(part).likelihood
    top = likelihood.max()
    average = top + math.log(model.prior @ np.exp(likelihood - top))
    evidence: Floats = np.log((1 - _OTHERWISE) * np.exp(likelihood - average) + _OTHERWISE)
    return evidence


def _posterior(likelihood: Floats, model: _Model) -> Floats:
    weights = model.prior * np.exp(likelihood - likelihood.max())
    posterior: Floats = weights / weights.sum()
    return posterior


def _median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values, kind="stable")
    return float(values[order][np.searchsorted(np.cumsum(weights[order]), 0.5)])


def _half_width(weights: Floats, scale: Floats, freedom: int) -> float:
    """Return where a mixture of t distributions around 0 leaves 5 % outside, by bisection."""
    from scipy.special import stdtr, stdtrit

    likely = weights > _NEGLIGIBLE
    weights, scale = weights[likely] / weights[likely].sum(), scale[likely]
    low, high = float(stdtrit(freedom, UPPER)) * np.array([scale.min(), scale.max()])
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        outside = 2 * float(weights @ stdtr(freedom, -middle / scale))
        low, high = (middle, high) if outside > 2 * TAIL else (low, middle)
    return float(high)


def _bins(values: Floats, size: int) -> Floats:
    """Average the known values over bins of `size`; what is left over at the end is left out."""
    known = values[np.isfinite(values)]
    bins: Floats = known[: len(known) // size * size].reshape(-1, size).mean(axis=1)
    return bins

"""Heart rate variability of a span: time domain, Poincaré, two bands; each with its interval, or why there is none.

No LF/HF "balance": the ratio does not measure one (Billman 2013).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coregulation.physiology.estimate import Estimate, block_means, unknown_estimate
from coregulation.physiology.interpolation import SplineSlopes
from coregulation.physiology.mean_interval import binned, interval_of_mean, interval_of_power
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.rr_cleaning import REFUSES, WARNS
from coregulation.physiology.tachogram import PLAUSIBLE_RR, Tachogram
from coregulation.reasons import Reason, because
from coregulation.settings import TAIL, UPPER
from coregulation.signals import Beats, Bools, Floats, Signal
from coregulation.stage import Piece, joined, run

LF = (0.04, 0.15)  # Hz (Task Force 1996)
HF = (0.15, 0.40)
_SEGMENT = 120.0  # s
_SHORTEST = {"lf": 120.0, "hf": 60.0, "time": 30.0}  # s known
_BIN = 6  # beats, about a breath, over which values are averaged before their memory is estimated
_BLOCK, _DRAWS = 30, 1000  # beats in a block, bootstrap samples


@dataclass(frozen=True, slots=True)
class Hrv:
    """What the intervals between beats say about a span.

    Parameters
    ----------
    mean_nn, rmssd, sdnn, sd1, sd2
        Mean interval, root mean square of successive differences, standard deviation and both Poincaré axes, in ms.
    pnn50
        Share of successive differences over 50 ms, 0 to 1.
    lf, hf
        Power from 0.04 to 0.15 Hz and from 0.15 to 0.40 Hz, in ms².
    artefacts
        Share of beats that are marked or end an impossible interval.
    warnings
        What to keep in mind.
    """

    mean_nn: Estimate
    rmssd: Estimate
    sdnn: Estimate
    pnn50: Estimate
    sd1: Estimate
    sd2: Estimate
    lf: Estimate
    hf: Estimate
    artefacts: float
    warnings: tuple[Reason, ...]


def compute_hrv(beats: Beats, seed: int = 0) -> Hrv:
    """Compute the heart rate variability of a span of beats.

    Time domain: successive differences of neighbouring trusted intervals only; standard deviations with n − 1;
    SD1 = sd(Δ)/√2, SD2 = √(2 SDNN² − SD1²) (Brennan 2001); pNN50 over the number of successive
    differences, as in the PhysioNet toolbox. Intervals from the series' own memory (see `interval_of_mean`), on a
    log scale for the root of a mean square; that of pNN50 by a circular block bootstrap over 30 beats. They are for the process
    behind these minutes, not for the hour around them. Bands: 4 Hz smooth spline, Welch over 120 s (Hann, 50 %, linear detrend), chi-square intervals;
    the spline keeps 98 % of a 0.25 Hz rhythm at a mean RR of 0.9 s. At least 30 s known (60 for HF, 120 for LF) and at
    most 20 % artefacts, or no number; over 5 % it warns.

    Parameters
    ----------
    beats
        Beats of the span, session times in s, with `ok` and `breaks`.
    seed
        Seed of the bootstrap for the interval of pNN50.

    Returns
    -------
    Hrv
        Each measure with its 95 % interval, or without a value and with the reason.

    References
    ----------
    Task Force of the ESC and NASPE (1996), Circulation 93:1043, doi:10.1161/01.CIR.93.5.1043

    Brennan, M., Palaniswami, M. & Kamen, P. (2001), IEEE Trans Biomed Eng 48:1342, doi:10.1109/10.959330
    """
    share = artefact_share(beats)
    nn = beats.nn
    nn = np.where((nn >= PLAUSIBLE_RR[0]) & (nn <= PLAUSIBLE_RR[1]), nn, np.nan) * 1000
    why = _refusal(nn, share, len(beats))
    measured = _none(why) if why else _time_domain(nn, np.random.default_rng(seed))
    bands = {name: unknown_estimate("ms²", why) for name in ("lf", "hf")} if why else _bands(beats)
    warns = (because(PhysiologyReason.MANY_ARTEFACTS, share=share),) if share > WARNS else ()
    return Hrv(**measured, **bands, artefacts=share, warnings=warns)


def artefact_share(beats: Beats) -> float:
    """Compute the share of beats that are marked or end an impossible interval (outside 0.25 to 2.5 s).

    Parameters
    ----------
    beats
        Session times in s, with `ok` and `breaks`.

    Returns
    -------
    float
        0 to 1; 0 without a beat.
    """
    assert beats.ok is not None
    if not len(beats):
        return 0.0
    rr = beats.rr
    impossible = (rr < PLAUSIBLE_RR[0]) | (rr > PLAUSIBLE_RR[1])
    return float((~beats.ok | impossible).mean())


def rmssd(nn: Floats) -> float:
    """Compute the root mean square of successive differences.

    Parameters
    ----------
    nn
        Intervals in any unit, shape (n,); NaN where an interval is not known, so that no difference reaches across
        it.

    Returns
    -------
    float
        In the unit of `nn`; at least one difference must be known.
    """
    return math.sqrt(np.nanmean(np.diff(nn) ** 2))


def sdnn(nn: Floats) -> float:
    """Compute the standard deviation of intervals, with n − 1 in the denominator.

    Parameters
    ----------
    nn
        Intervals in any unit, shape (n,); NaN where an interval is not known. At least two must be.

    Returns
    -------
    float
        In the unit of `nn`.
    """
    return float(np.nanstd(nn, ddof=1))


def pnn50(nn: Floats) -> float:
    """Compute the share of successive differences over 50 ms.

    Parameters
    ----------
    nn
        Intervals in ms, shape (n,); NaN where an interval is not known.

    Returns
    -------
    float
        0 to 1, of the differences that are known; at least one must be.
    """
    step = np.diff(nn)
    return float((np.abs(step) > 50).sum() / np.isfinite(step).sum())


def poincare(nn: Floats) -> tuple[float, float]:
    """Compute both axes of the Poincaré ellipse from standard deviations with n − 1.

    Parameters
    ----------
    nn
        Intervals in any unit, shape (n,); NaN where an interval is not known. At least two differences must be.

    Returns
    -------
    float
        SD1, across the line of identity, in the unit of `nn`.
    float
        SD2, along it, in the unit of `nn`; 0 where its square would be negative.

    References
    ----------
    Brennan, M., Palaniswami, M. & Kamen, P. (2001), IEEE Trans Biomed Eng 48:1342, doi:10.1109/10.959330
    """
    sd1 = float(np.nanstd(np.diff(nn), ddof=1)) / math.sqrt(2)
    return sd1, math.sqrt(max(0.0, 2 * sdnn(nn) ** 2 - sd1**2))


def _refusal(nn: Floats, share: float, count: int) -> Reason | None:
    known = float(np.nansum(nn)) / 1000
    if share > REFUSES:
        return too_many_artefacts(share, count)
    if known < _SHORTEST["time"] or np.isfinite(np.diff(nn)).sum() < 3:
        return because(PhysiologyReason.INTERVALS_TOO_SHORT, known=known, needed=_SHORTEST["time"])
    return None


def too_many_artefacts(share: float, count: int) -> Reason:
    """Give the reason why nothing is computed from beats with too many artefacts.

    Parameters
    ----------
    share
        Share of marked beats, 0 to 1.
    count
        Number of beats.

    Returns
    -------
    Reason
        With the share, the allowed share and the number of beats as facts.
    """
    return because(PhysiologyReason.TOO_MANY_ARTEFACTS, share=share, allowed=REFUSES, count=count)


def _none(why: Reason) -> dict[str, Estimate]:
    units = {"mean_nn": "ms", "rmssd": "ms", "sdnn": "ms", "pnn50": "1", "sd1": "ms", "sd2": "ms"}
    return {name: unknown_estimate(unit, why) for name, unit in units.items()}


def _time_domain(nn: Floats, rng: np.random.Generator) -> dict[str, Estimate]:
    sd1, sd2 = poincare(nn)
    values = {"mean_nn": float(np.nanmean(nn)), "rmssd": rmssd(nn), "sdnn": sdnn(nn), "pnn50": pnn50(nn)}
    values |= {"sd1": sd1, "sd2": sd2}
    intervals = _intervals(nn) | {"pnn50": _pnn50_interval(nn, rng)}
    units = {name: "1" if name == "pnn50" else "ms" for name in values}
    return {name: Estimate(float(value), units[name], intervals[name]) for name, value in values.items()}


def _intervals(nn: Floats) -> dict[str, tuple[float, float] | None]:
    """Return the intervals of what is a mean, or a root of one, of a series with memory (ms)."""
    level, step = nn - np.nanmean(nn), np.diff(nn, prepend=np.nan)
    swing = (step - np.nanmean(step)) ** 2 / 2
    return {
        "mean_nn": interval_of_mean(binned(nn, _BIN)),
        "rmssd": _root(interval_of_power(binned(step**2, _BIN))),
        "sdnn": _root(interval_of_power(binned(level**2, _BIN))),
        "sd1": _root(interval_of_power(binned(swing, _BIN))),
        "sd2": _root(interval_of_power(binned(2 * level**2 - swing, _BIN))),
    }


def _root(interval: tuple[float, float] | None) -> tuple[float, float] | None:
    return None if interval is None else (math.sqrt(interval[0]), math.sqrt(interval[1]))


def _pnn50_interval(nn: Floats, rng: np.random.Generator) -> tuple[float, float]:
    """Bootstrap the share of successive differences over 50 ms; a draw of gaps alone says nothing."""
    step = np.diff(nn, prepend=np.nan)
    known = np.isfinite(step)
    columns = np.stack([known, np.abs(np.where(known, step, 0.0)) > 50], axis=1).astype(np.float64)
    means = block_means(columns, _BLOCK, _DRAWS, rng)
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = np.nanquantile(means[:, 1] / means[:, 0], [TAIL, UPPER])
    return float(low), float(high)


def _bands(beats: Beats) -> dict[str, Estimate]:
    grid = joined(p.data for p in run(Tachogram(4.0, slopes=SplineSlopes()), [Piece(beats, beats.window.end)]))
    return {name: band_power(grid, band, _SHORTEST[name]) for name, band in (("lf", LF), ("hf", HF))}


def band_power(rr: Signal, band: tuple[float, float], shortest: float) -> Estimate:
    """Compute the power of RR in a frequency band, from whole segments without a gap (Welch, Hann, 50 % overlap).

    Parameters
    ----------
    rr
        RR in s on a regular grid, as from `Tachogram`; NaN where missing.
    band
        Lower and upper edge in Hz, the upper excluded.
    shortest
        Shortest gapless stretch from which a power is computed, in s.

    Returns
    -------
    Estimate
        Power in ms² with a 95 % chi-square interval; no value, but the reason, without a gapless stretch that is
        long enough.
    """
    segments = _segments(rr, max(shortest, min(_SEGMENT, rr.coverage * len(rr) / rr.rate)))
    if not len(segments):
        return unknown_estimate("ms²", because(PhysiologyReason.NO_GAPLESS_STRETCH, needed=shortest))
    power, width = _periodograms(segments * 1000, rr.rate)
    frequency = np.arange(power.shape[1]) * width
    inside: Bools = (frequency >= band[0]) & (frequency < band[1])
    mean = power.mean(axis=0)[inside]
    value = float(mean.sum() * width)
    return Estimate(value, "ms²", _chi_square(value, _freedom(mean, len(segments))))


def _segments(rr: Signal, seconds: float) -> Floats:
    """Cut each gapless stretch into segments that overlap by half, shape (k, n)."""
    n = int(seconds * rr.rate)
    there = np.concatenate([[False], np.isfinite(rr.values), [False]])
    edges = np.flatnonzero(np.diff(there))
    starts = [at for a, b in zip(edges[::2], edges[1::2], strict=True) for at in range(a, b - n + 1, max(1, n // 2))]
    return np.stack([rr.values[at : at + n] for at in starts]) if starts else np.empty((0, n))


def _periodograms(segments: Floats, rate: float) -> tuple[Floats, float]:
    """Return one-sided densities of linearly detrended, Hann-weighted segments and the width of a bin."""
    n = segments.shape[1]
    line = np.linspace(-1, 1, n)
    level = segments - segments.mean(axis=1, keepdims=True)
    level -= (level @ line / (line @ line))[:, None] * line
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
    power: Floats = 2 * np.abs(np.fft.rfft(level * hann, axis=1)) ** 2 / (rate * (hann @ hann))
    return power, rate / n


def _freedom(power: Floats, segments: int) -> float:
    """Degrees of freedom of a sum of Welch bins: Hann ties neighbouring bins, and halves that overlap."""
    independent = segments / (1 + 2 * (1 - 1 / segments) / 36)
    return float(2 * independent * max(1.0, power.sum() ** 2 / (power @ power) / 1.94))


def _chi_square(value: float, freedom: float) -> tuple[float, float]:
    from scipy.special import chdtri

    return (freedom * value / float(chdtri(freedom, TAIL)), freedom * value / float(chdtri(freedom, UPPER)))

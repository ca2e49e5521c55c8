"""Power of RR in two bands of frequencies."""

from __future__ import annotations

import numpy as np

from coregulation.filters import BandPass
from coregulation.physiology.estimate import Estimate, unknown_estimate
from coregulation.physiology.interpolation import SplineSlopes
from coregulation.physiology.mean_interval import binned, interval_of_power
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.tachogram import Tachogram
from coregulation.reasons import because
from coregulation.signals import Beats, Bools, Floats, Signal
from coregulation.stage import Piece, apply_stage, joined, run

LF = (0.04, 0.15)  # Hz (Task Force 1996)
HF = (0.15, 0.40)
_SEGMENT = 120.0  # s
_SHORTEST = {"lf": 120.0, "hf": 60.0}  # s known
_EDGE = 0.04  # Hz, width of the band's edges where its squares are taken
_BIN = 5.0  # s, about a breath, over which squares are averaged before their memory is estimated


def band_powers(beats: Beats) -> dict[str, Estimate]:
    """Compute the power of the intervals between beats in two bands.

    Parameters
    ----------
    beats
        Session times in s, with `ok` and `breaks`.

    Returns
    -------
    dict of str to Estimate
        "lf" and "hf" in ms², each with its 95 % interval, or without a value and with the reason.
    """
    grid = joined(p.data for p in run(Tachogram(4.0, slopes=SplineSlopes()), [Piece(beats, beats.window.end)]))
    return {name: band_power(grid, band, _SHORTEST[name]) for name, band in (("lf", LF), ("hf", HF))}


def band_power(rr: Signal, band: tuple[float, float], shortest: float) -> Estimate:
    """Compute the power of RR in a frequency band, from whole segments without a gap (Welch, Hann, 50 % overlap).

    The interval is that of the mean of the squared band-passed RR, on a log scale: how much the power waxes and wanes
    decides, and for how long, not a number of degrees of freedom that a spectrum has only where nothing changes.

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
        Power in ms² with its 95 % interval; no value, but the reason, without a gapless stretch that is
        long enough.
    """
    segments = _segments(rr, max(shortest, min(_SEGMENT, rr.coverage * len(rr) / rr.rate)))
    if not len(segments):
        return unknown_estimate("ms²", because(PhysiologyReason.NO_GAPLESS_STRETCH, needed=shortest))
    power, width = _periodograms(segments * 1000, rr.rate)
    frequency = np.arange(power.shape[1]) * width
    inside: Bools = (frequency >= band[0]) & (frequency < band[1])
    value = float(power.mean(axis=0)[inside].sum() * width)
    return Estimate(value, "ms²", _interval(value, rr, band))


def _segments(rr: Signal, seconds: float) -> Floats:
    """Cut each gapless stretch into segments that overlap by half, shape (k, n)."""
    n = int(seconds * rr.rate)
    present = np.concatenate([[False], np.isfinite(rr.values), [False]])
    edges = np.flatnonzero(np.diff(present))
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


def _interval(value: float, rr: Signal, band: tuple[float, float]) -> tuple[float, float] | None:
    """Lay the relative interval of the mean squared band-passed RR around a power."""
    inside = apply_stage(BandPass(*band, _EDGE), rr).values * 1000
    squares = binned(inside**2, round(_BIN * rr.rate))
    bounds = interval_of_power(squares)
    if bounds is None:
        return None
    mean = float(np.nanmean(squares))
    return value * bounds[0] / mean, value * bounds[1] / mean

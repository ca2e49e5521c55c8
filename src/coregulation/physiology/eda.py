"""Skin conductance, live: artefacts out, the driver behind it, the tonic level and the responses.

A response is a burst of the sudomotor nerve smeared by the skin: a difference of two exponentials (Bateman, 0.7 and
2 s). Undoing that smear is exact, (1 + τ₁ d/dt)(1 + τ₂ d/dt) y, and with a Gaussian over it quiet enough. So the driver
is a linear-phase filter: a response becomes one short bump whose area is its size, also where responses overlap,
and the tonic level passes as it is.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from coregulation.filters import Resample
from coregulation.physiology.estimate import Estimate, unknown_estimate
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.sliding import SlidingFunction, median_of
from coregulation.reasons import because
from coregulation.settings import TAIL, UPPER
from coregulation.signals import Floats, Signal
from coregulation.stage import Stage, apply_stage, chain

RISE, FALL = (
    0.7,
    2.0,
)  # s, time constants of a response (Benedek & Kaernbach 2010, J Neurosci Methods 190:80, doi:10.1016/j.jneumeth.2010.04.028, fit them per person: about 0.75 and 2)
AMPLITUDE = (RISE / FALL) ** (RISE / (FALL - RISE)) / FALL  # µS of response per µS·s of driver
MIN_AMPLITUDE = 0.05  # µS, the smallest response that counts
STEEPEST, LOWEST = 8.0, 0.05  # µS/s and µS, beyond which it is no skin
NON_RESPONDER = 1 / 3  # responses a minute
RATE = 8.0  # Hz
_SPREAD = 0.5  # s, standard deviation of the Gaussian over the driver
_SIDE = 1.75  # s on either side of a bump that belong to it
_TONIC = 10.0  # s on either side, whose median is the tonic level


@dataclass(frozen=True, slots=True)
class Scr:
    """A skin conductance response.

    Parameters
    ----------
    onset
        Session time of the burst behind it, in s.
    amplitude
        Height to which it would have risen alone, in µS.
    """

    onset: float
    amplitude: float


@dataclass(frozen=True, slots=True)
class SkinResult:
    """What the skin of one person said in a recording.

    Parameters
    ----------
    scl
        Tonic level in µS, at 2 Hz.
    driver
        Bursts of the sudomotor nerve in µS, at 8 Hz, tonic level included.
    scrs
        The responses of at least 0.05 µS.
    scr_rate
        Responses a minute of known time, with its Poisson interval.
    responder
        False below one response in three minutes: leave this person's skin out; None if under three minutes are known.
    """

    scl: Signal
    driver: Signal
    scrs: tuple[Scr, ...]
    scr_rate: Estimate
    responder: bool | None


@functools.cache
def skin_driver() -> Stage[Signal, Any, Signal]:
    """Return the stage from skin conductance (µS) to its driver at 8 Hz; artefacts and what is near them are missing.

    Artefacts: steps over 8 µS/s and levels under 0.05 µS, with half a second on either side.

    Returns
    -------
    Stage
        Takes a `Signal` in µS and returns the driver in µS at 8 Hz; NaN where it is not known.
    """
    return chain(Resample(RATE), SlidingFunction(_without_artefacts, 0.5, 0.5), SlidingFunction(_deconvolved, 2.0, 2.0))


@functools.cache
def tonic_level() -> Stage[Signal, Any, Signal]:
    """Return the stage from the driver to the tonic level (µS) at 2 Hz: the median of 20 s, which bursts do not move.

    Returns
    -------
    Stage
        Takes the driver (µS) and returns the tonic level in µS at 2 Hz; NaN where less than half of the 20 s is
        known.
    """
    return chain(Resample(2.0), SlidingFunction(median_of, _TONIC, _TONIC))


@functools.cache
def responses() -> Stage[Signal, Any, Signal]:
    """Return the stage from the driver to responses: their amplitude (µS) where a burst is, 0 elsewhere, at 8 Hz.

    Returns
    -------
    Stage
        Takes the driver (µS at 8 Hz) and returns amplitudes in µS; NaN where anything within 1.75 s is missing.
    """
    return SlidingFunction(_amplitudes, _SIDE, _SIDE)


def analyze_skin(eda: Signal) -> SkinResult:
    """Compute tonic level, driver and responses from a recording of skin conductance.

    Parameters
    ----------
    eda
        Skin conductance in µS; NaN where missing.

    Returns
    -------
    SkinResult
        Signals, responses and their rate. `scr_rate` has no value under a minute of known signal, and `responder`
        is None under three.
    """
    driver = apply_stage(skin_driver(), eda)
    amplitudes = apply_stage(responses(), driver)
    minutes = np.isfinite(amplitudes.values).sum() / RATE / 60
    scrs = scrs_of(amplitudes)
    rate = response_rate(len(scrs), float(minutes))
    responder = None if minutes < 3 else len(scrs) / float(minutes) >= NON_RESPONDER
    return SkinResult(apply_stage(tonic_level(), driver), driver, scrs, rate, responder)


def scrs_of(amplitudes: Signal) -> tuple[Scr, ...]:
    """List the responses in a signal of amplitudes.

    Parameters
    ----------
    amplitudes
        From `responses`: amplitudes in µS, 0 where there is no burst, NaN where it is not known.

    Returns
    -------
    tuple of Scr
        In order of time.
    """
    at = np.flatnonzero(amplitudes.values > 0)
    times = amplitudes.times
    return tuple(Scr(float(times[i]), float(amplitudes.values[i])) for i in at)


def response_rate(count: int, minutes: float) -> Estimate:
    """Compute the rate of responses with its exact Poisson interval.

    Parameters
    ----------
    count
        Number of responses.
    minutes
        Known time, in min.

    Returns
    -------
    Estimate
        Responses per minute with a 95 % interval; no value, but the reason, under a minute of known time.
    """
    if minutes < 1:
        return unknown_estimate("1/min", because(PhysiologyReason.SKIN_TOO_SHORT, known=minutes * 60, needed=60.0))
    from scipy.special import gammaincinv

    low = float(gammaincinv(count, TAIL)) if count else 0.0
    return Estimate(count / minutes, "1/min", (low / minutes, float(gammaincinv(count + 1, UPPER)) / minutes))


def _without_artefacts(rows: Floats, rate: float) -> Floats:
    with np.errstate(invalid="ignore"):
        steep = (np.abs(np.diff(rows, axis=1)) * rate > STEEPEST).any(axis=1)
        low = (rows < LOWEST).any(axis=1)
    return np.where(steep | low, np.nan, rows[:, math.ceil(0.5 * rate)])


@functools.lru_cache(maxsize=16)
def _inverse(rate: float) -> Floats:
    """Kernel of a Gaussian times (1 + τ₁ d/dt)(1 + τ₂ d/dt), to be laid over a neighbourhood of ±2 s."""
    half = math.ceil(2.0 * rate)
    t = np.arange(-half, half + 1) / rate
    bell = np.exp(-0.5 * (t / _SPREAD) ** 2)
    bell /= bell.sum()
    first = t / _SPREAD**2 * bell
    first /= first @ t
    second = (t**2 / _SPREAD**4 - 1 / _SPREAD**2) * bell
    second -= second.mean()
    second /= second @ t**2 / 2
    kernel: Floats = bell + (RISE + FALL) * first + RISE * FALL * second
    kernel.setflags(write=False)
    return kernel


def _deconvolved(rows: Floats, rate: float) -> Floats:
    driver: Floats = rows @ _inverse(rate)
    return driver


def _amplitudes(rows: Floats, rate: float) -> Floats:
    middle, near = math.ceil(_SIDE * rate), math.ceil(0.5 * rate)
    height = rows[:, middle]
    # NaN compares false, so a bump with anything missing around it is unknown, not absent
    peak = (height > rows[:, middle - near : middle].max(axis=1)) & (
        height >= rows[:, middle + 1 : middle + near + 1].max(axis=1)
    )
    out = np.where(np.isnan(rows).any(axis=1), np.nan, 0.0)
    at = np.flatnonzero(peak & ~np.isnan(out))
    amplitude = AMPLITUDE * _areas(rows[at], middle) / rate
    low = np.maximum(rows[at, :middle].min(axis=1), rows[at, middle + 1 :].min(axis=1))
    tall = height[at] - low > 0.5 * MIN_AMPLITUDE / AMPLITUDE / (_SPREAD * math.sqrt(2 * math.pi))
    out[at] = np.where(tall & (amplitude >= MIN_AMPLITUDE), amplitude, 0.0)
    return out


def _areas(rows: Floats, middle: int) -> Floats:
    """Area (samples times height) of each bump over the line between the lowest points on its two sides."""
    each, column = np.arange(len(rows)), np.arange(rows.shape[1])
    left = rows[:, :middle].argmin(axis=1)
    right = middle + 1 + rows[:, middle + 1 :].argmin(axis=1)
    h0, h1 = rows[each, left][:, None], rows[each, right][:, None]
    line = h0 + (h1 - h0) * (column - left[:, None]) / (right - left)[:, None]
    inside = (column >= left[:, None]) & (column <= right[:, None])
    areas: Floats = np.where(inside, rows - line, 0.0).sum(axis=1)
    return areas

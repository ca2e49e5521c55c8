"""Respiratory sinus arrhythmia of a span: Porges and Bohrer's, peak to trough for each breath, and adjusted for breathing.

RSA rises when one breathes slower or deeper with no change in the vagus, so the primary value is the one adjusted for
breathing, and what is not adjusted says "uncontrolled" (Grossman & Taylor 2007, Biol Psychol 74:263, doi:10.1016/j.biopsycho.2005.11.014).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from coregulation.errors import UsageError
from coregulation.filters import AbstractFir, BandPass
from coregulation.physiology.breath import Breath
from coregulation.physiology.estimate import Estimate, mean_estimate, unknown_estimate
from coregulation.physiology.hrv import artefact_share, too_many_artefacts
from coregulation.physiology.interpolation import SplineSlopes
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.rr_cleaning import REFUSES
from coregulation.physiology.sliding import SlidingFunction
from coregulation.physiology.tachogram import Tachogram, knots
from coregulation.reasons import Reason, because
from coregulation.signals import Beats, Floats, Signal
from coregulation.sliding_stage import Closed, windowed
from coregulation.stage import Piece, Stage, chain, run

BAND = (0.12, 0.40)  # Hz, of adults
EPOCH = 30.0  # s
_ROUNDING = 1e-9  # share of the largest spread: a depth that varies by less does not vary, whatever the last digits
_POINTS, _ORDER, _RATE = 21, 3, 2.0  # the moving polynomial: samples, order, Hz
_EXTENDED = 1.0  # s by which the slowest beat may follow a breath
_MIN_EPOCHS = 12  # epochs for an adjustment (6 min) …
_SPREAD = 4.0  # 1/min … and how far their breathing rates must lie apart


@dataclass(frozen=True, slots=True)
class EqualisedBand(AbstractFir):
    """The band of RSA behind the moving polynomial, made flat.

    The residual of a 21-point cubic at 2 Hz does not pass the band evenly: between 0.16 and 0.40 Hz its power goes from
    -0.34 to +0.43 ln units. Here the band-pass carries the inverse, so that a rhythm of amplitude a ms gives
    ln(a²/2) wherever one breathes. This departs from the original by that ripple.

    Parameters
    ----------
    width
        Width of the transition at both edges of the band, in Hz.
    """

    width: float = 0.08

    def kernels(self, rate: float) -> tuple[Floats, ...]:
        """Return the kernels of the upper and the lower edge; the upper carries the inverse."""
        return _equalised(rate, self.width)


def porges_bohrer() -> Stage[Beats, Any, tuple[Closed[float], ...]]:
    """Return the stage from beats to RSA (ln ms²) of each closed 30-s epoch, NaN where less than 80 % of it is known.

    RR at 2 Hz, 21-point moving cubic taken out, band of 0.12 to 0.40 Hz, ln of the variance (Porges 1985; Lewis 2012). From
    RR in ms, so it does not depend on the mean heart rate. See `EqualisedBand` for where it departs.

    Returns
    -------
    Stage
        Takes `Beats` and returns each epoch that is over, with its window and RSA in ln ms².

    References
    ----------
    Lewis, G. F. et al. (2012), Biol Psychol 89:349, doi:10.1016/j.biopsycho.2011.11.009
    """
    cubic = SlidingFunction(_without_cubic, (_POINTS // 2) / _RATE, (_POINTS // 2) / _RATE)
    return chain(Tachogram(_RATE, slopes=SplineSlopes()), cubic, EqualisedBand(), windowed(_ln_variance, EPOCH, EPOCH))


def rsa_porges_bohrer(beats: Beats) -> Estimate:
    """Compute Porges and Bohrer's RSA of a recording.

    Parameters
    ----------
    beats
        Session times in s, with `ok` and `breaks`.

    Returns
    -------
    Estimate
        Mean over epochs of 30 s in ln ms² with a 95 % t interval; no value, but the reason, with over 20 %
        artefacts or without a known epoch.
    """
    share = artefact_share(beats)
    if share > REFUSES:
        return unknown_estimate("ln ms²", too_many_artefacts(share, len(beats)))
    return mean_estimate(np.array([epoch.value for epoch in epochs(beats)]), "ln ms²")


def epochs(beats: Beats) -> tuple[Closed[float], ...]:
    """Compute Porges and Bohrer's RSA of each epoch of a recording.

    Parameters
    ----------
    beats
        Session times in s, with `ok` and `breaks`.

    Returns
    -------
    tuple of Closed
        One per epoch of 30 s, with its window and RSA in ln ms²; NaN where less than 80 % is known.
    """
    return tuple(out for piece in run(porges_bohrer(), [Piece(beats, beats.window.end)]) for out in piece.data)


@dataclass(frozen=True, slots=True)
class PeakToTrough:
    """RSA breath by breath.

    Parameters
    ----------
    times
        End of each breath, shape (n,), in s.
    values
        Longest RR in expiration less shortest in inspiration, in ms; NaN where it is negative or unknown.
    missing
        Share of breaths without a value.
    mean
        Over the breaths that have one.
    """

    times: Floats
    values: Floats
    missing: float
    mean: Estimate


def peak_to_trough(beats: Beats, breaths: Sequence[Breath]) -> PeakToTrough:
    """Compute peak-to-trough RSA of each breath, from the measured intervals and not from a curve.

    The slowest beat may come up to a second after the breath. A negative difference is missing, not zero: the share of
    missing breaths is returned, since leaving them out raises the mean.

    Parameters
    ----------
    beats
        Session times in s, with `ok` and `breaks`.
    breaths
        In order of time; those marked `speaking` are left out.

    Returns
    -------
    PeakToTrough
        RSA in ms of each breath, the share without a value, and the mean with a 95 % t interval (at least three
        values).

    References
    ----------
    Grossman, P., van Beek, J. & Wientjes, C. (1990), Psychophysiology 27:702, doi:10.1111/j.1469-8986.1990.tb03198.x
    """
    known = knots(beats)
    values = np.array([_swing(known.times, known.rr * 1000, b) for b in breaths if not b.speaking])
    times = np.array([b.end for b in breaths if not b.speaking])
    missing = float(np.isnan(values).mean()) if len(values) else 1.0
    return PeakToTrough(times, values, missing, mean_estimate(values, "ms", fewest=3))


def _swing(times: Floats, rr: Floats, breath: Breath) -> float:
    start, peak, end, late = np.searchsorted(times, (breath.start, breath.peak, breath.end, breath.end + _EXTENDED))
    inspired, expired = rr[start : peak + 1], rr[peak:late]  # the beat at the turn belongs to both
    if not len(inspired) or not len(expired) or end == start:
        return math.nan
    swing = float(expired.max() - inspired.min())
    return swing if swing > 0 else math.nan


class RsaControl(StrEnum):
    """Whether the effect of breathing was taken out of RSA."""

    ADJUSTED = "respiration-adjusted"
    UNCONTROLLED = "uncontrolled"


@dataclass(frozen=True, slots=True)
class AdjustedRsa:
    """RSA with what breathing explains taken out, within one person.

    Parameters
    ----------
    value
        Mean of the adjusted epochs: RSA at this person's own middle rate and depth, in ln ms².
    epochs
        Shape (n,), adjusted, NaN where unknown.
    per_rate
        Change in ln ms² for each breath per minute.
    per_depth
        Change in ln ms² for each e-fold of depth.
    control
        Whether breathing was taken out.
    why
        Why it was not; None where it was.
    """

    value: Estimate
    epochs: Floats
    per_rate: float
    per_depth: float
    control: RsaControl
    why: Reason | None = None


def adjusted_rsa(rsa: Floats, rate: Floats, depth: Floats) -> AdjustedRsa:
    """Adjust RSA for breathing by regression over one person's epochs (whole record).

    Under 6 min, or where the rates span less than 4 per minute, the effect of breathing cannot be estimated. The
    values are then left as they are and called uncontrolled.

    Parameters
    ----------
    rsa
        RSA of each epoch, shape (n,), in ln ms²; NaN where unknown.
    rate
        Breathing rate in each epoch, shape (n,), in 1/min; NaN where unknown.
    depth
        Depth of breath in each epoch, shape (n,), positive, in any unit; NaN where unknown.

    Returns
    -------
    AdjustedRsa
        Epochs adjusted to the person's own median rate and log depth, their mean, and the effects of rate and
        depth.

    Raises
    ------
    UsageError
        If the three arrays differ in length.

    References
    ----------
    Grossman, P. & Taylor, E. W. (2007), Biol Psychol 74:263, doi:10.1016/j.biopsycho.2005.11.014
    """
    if not len(rsa) == len(rate) == len(depth):
        raise UsageError("rsa, rate and depth must have one value an epoch.")
    with np.errstate(divide="ignore", invalid="ignore"):
        inputs = np.stack([rate, np.log(depth)], axis=1)
    known = np.isfinite(rsa) & np.isfinite(inputs).all(axis=1)
    why = _uncontrolled(rate[known])
    if why:
        return uncontrolled_rsa(rsa, why)
    middle = np.median(inputs[known], axis=0)
    design = np.column_stack([np.ones(known.sum()), inputs[known] - middle])
    effect = np.linalg.lstsq(design, rsa[known], rcond=_ROUNDING)[0]
    adjusted = np.where(known, rsa - np.nan_to_num(inputs - middle, posinf=0, neginf=0) @ effect[1:], np.nan)
    mean = mean_estimate(adjusted, "ln ms²", fewest=3)
    return AdjustedRsa(mean, adjusted, float(effect[1]), float(effect[2]), RsaControl.ADJUSTED)


def uncontrolled_rsa(rsa: Floats, why: Reason) -> AdjustedRsa:
    """Keep RSA as it is where breathing cannot be taken out of it.

    Parameters
    ----------
    rsa
        RSA of each epoch, shape (n,), in ln ms²; NaN where unknown.
    why
        Why breathing cannot be taken out.

    Returns
    -------
    AdjustedRsa
        The same epochs and their mean, with effects of 0 and the control `UNCONTROLLED`.
    """
    return AdjustedRsa(mean_estimate(rsa, "ln ms²"), rsa, 0.0, 0.0, RsaControl.UNCONTROLLED, why)


def _uncontrolled(rate: Floats) -> Reason | None:
    if len(rate) < _MIN_EPOCHS:
        return because(PhysiologyReason.BREATH_KNOWN_TOO_SHORT, known=len(rate), needed=_MIN_EPOCHS, epoch=EPOCH)
    low, high = np.quantile(rate, [0.05, 0.95])
    if high - low < _SPREAD:
        return because(PhysiologyReason.BREATH_TOO_EVEN, spread=float(high - low), needed=_SPREAD)
    return None


def _ln_variance(signal: Signal) -> float:
    valid = signal.values[np.isfinite(signal.values)] * 1000
    if len(valid) < 0.8 * len(signal):
        return math.nan
    variance = float(np.var(valid))
    return math.log(variance) if variance > 1e-9 else math.nan


@functools.lru_cache(maxsize=1)
def _cubic() -> Floats:
    """Weights of a moving cubic at its middle (Savitzky & Golay 1964)."""
    powers = np.vander(np.arange(_POINTS) - _POINTS // 2, _ORDER + 1)
    weights: Floats = np.linalg.pinv(powers)[-1]
    return weights


def _without_cubic(rows: Floats, _rate: float) -> Floats:
    residual: Floats = rows[:, _POINTS // 2] - rows @ _cubic()
    return residual


@functools.lru_cache(maxsize=4)
def _equalised(rate: float, width: float) -> tuple[Floats, ...]:
    high, low = BandPass(*BAND, width).kernels(rate)
    size, half = 1024, len(high) // 2
    band = np.fft.rfft(np.roll(np.pad(high - low, (0, size - len(high))), -half)).real
    turn = np.arange(size // 2 + 1) * 2 * np.pi / size
    passed = 1 - np.cos(np.outer(turn, np.arange(_POINTS) - _POINTS // 2)) @ _cubic()
    inverse = np.fft.irfft(band / np.maximum(passed, 0.3))
    kernel = np.roll(inverse, half)[: len(high)]
    kernel -= kernel.mean()
    return low + kernel, low

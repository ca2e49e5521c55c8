"""RSA over time, in the band where this person breathes now: by complex demodulation, and as a gain per depth of breath.

At 7 breaths per minute the usual band of 0.12 to 0.40 Hz misses RSA altogether, so the band follows the breathing.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from coregulation.physiology.aligned_rows import Rows
from coregulation.signals import Floats, Ints
from coregulation.sliding_stage import Buffered, SlidingStage

RSA, FREQUENCY, ADJUSTED, FIXED = range(4)  # columns
RATE = 4.0  # Hz of what comes in
_SEARCHED = (0.06, 0.62)  # Hz where breathing is looked for
_PADDED = 512  # length of the padded spectra: bins of 1/128 Hz, at most 0.02 ln units beside a peak
_TAPERS = 5
_MIN_KNOWN = 0.8  # share of a window's weight
_COHERENCE = 0.5
_ROWS = 1024
_HOP = 4  # samples

Spectra = npt.NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class BreathBand(SlidingStage[Rows, Rows]):
    """Rows of RR (ms) and respiration at 4 Hz to rows at 1 Hz, each about the window centred there.

    Columns: RSA in ln ms² at the measured breathing frequency (32-s Hann window: half its weight within ±0.03 Hz,
    nothing beyond ±0.06), that frequency in Hz, RSA adjusted for depth in ln (ms per unit of depth)² (the transfer gain
    of respiration to RR over 60 s with five sine tapers, missing where their coherence is under 0.5), and RSA in the fixed
    band of 0.12 to 0.40 Hz in ln ms². A rhythm of amplitude a ms gives ln(a²/2) (Gates 2015; Riedel & Sidorenko 1995).

    Parameters
    ----------
    length
        Length of the window for RSA and the breathing frequency, in s.
    gain_length
        Length of the window for the gain of respiration to RR, in s; at least `length`.

    References
    ----------
    Gates, K. M. et al. (2015), Psychophysiology 52:1059, doi:10.1111/psyp.12428

    Riedel, K. S. & Sidorenko, A. (1995), IEEE Trans Signal Process 43:188, doi:10.1109/78.365298
    """

    length: float = 32.0
    gain_length: float = 60.0
    grid: ClassVar[bool] = True

    @property
    def delay(self) -> float:
        """Half the longer window, in s."""
        return self.gain_length / 2

    def reach(self, rate: float) -> tuple[float, float]:
        """Return half the longer window on either side."""
        return self._half, self._half - 1

    def time_of(self, number: int) -> float:
        """Return the time of a point."""
        return number * _HOP / RATE

    def number_of(self, time: float) -> float:
        """Return a time in points."""
        return time * RATE / _HOP

    def answer(self, buffer: Buffered, first: int, end: int) -> Rows:
        """Return the points first to end - 1."""
        pad = np.full((self._half, 2), np.nan)
        values = np.concatenate([pad, buffer.values, pad])
        windows = np.lib.stride_tricks.sliding_window_view(values, 2 * self._half, axis=0)
        centres = np.arange(first, end) * _HOP - round(buffer.start * RATE)
        parts = [self._points(windows[centres[at : at + _ROWS]]) for at in range(0, len(centres), _ROWS)]
        return Rows(np.concatenate(parts) if parts else np.empty((0, 4)), RATE / _HOP, first)

    def nothing(self) -> Rows:
        """Return no row."""
        return Rows(np.empty((0, 4)), RATE / _HOP, 0)

    @property
    def _half(self) -> int:
        return round(self.gain_length * RATE / 2)

    def _points(self, windows: Floats) -> Floats:
        n = round(self.length * RATE)
        near = windows[:, :, self._half - n // 2 : self._half + n // 2]
        rr, resp = (np.fft.rfft(_level(near[:, i], _hann(n)), _PADDED, axis=1) for i in range(2))
        at = _breathing(resp)
        frequency = np.where(at > 0, at * RATE / _PADDED, np.nan)
        rsa = np.where(at > 0, _demodulated(rr, at, n), np.nan)
        # one sample less: the transform of a taper has 2 (n + 1) points, and 480 is a kind number
        adjusted = np.where(at > 0, _gain(windows[:, :, 1:], frequency), np.nan)
        return np.stack([rsa, frequency, adjusted, _band(rr, n)], axis=1)


@functools.lru_cache(maxsize=8)
def _hann(n: int) -> Floats:
    window: Floats = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(n) + 0.5) / n)
    return window


@functools.lru_cache(maxsize=8)
def _line(n: int) -> Floats:
    return np.linspace(-1, 1, n)


def _level(rows: Floats, weight: Floats) -> Floats:
    """Take each row's weighted line out and weigh it; NaN rows where too little is known."""
    t = _line(rows.shape[1])
    present = np.isfinite(rows)
    if present.all():
        return _level_complete(rows, weight, t)
    w = weight * present
    x = np.where(present, rows, 0.0)
    total = w.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean, middle = (w * x).sum(axis=1) / total, (w @ t) / total
        slope = ((w * x) @ t - total * mean * middle) / (w @ t**2 - total * middle**2)
    flat = x - mean[:, None] - slope[:, None] * (t - middle[:, None])
    known = total >= _MIN_KNOWN * weight.sum()
    scaled = w * flat * (weight.sum() / np.where(known, total, 1.0))[:, None]
    return np.where(known[:, None], scaled, np.nan)


def _level_complete(rows: Floats, weight: Floats, t: Floats) -> Floats:
    """Do as `_level` where nothing is missing; weights are symmetric, so mean and slope do not meet."""
    mean, slope = rows @ weight / weight.sum(), rows @ (weight * t) / (weight @ t**2)
    flat: Floats = rows - mean[:, None]
    flat -= slope[:, None] * t
    flat *= weight
    return flat


def _breathing(resp: Spectra) -> Ints:
    """Return the bin where each window has most power among the frequencies of breathing; 0 where it has none."""
    low, high = (round(edge * _PADDED / RATE) for edge in _SEARCHED)
    power = np.abs(resp[:, low:high]) ** 2
    usable = np.isfinite(power).all(axis=1) & (power.max(axis=1, initial=0.0) > 1e-18)
    return np.where(usable, low + np.where(usable[:, None], power, 0.0).argmax(axis=1), 0)


def _demodulated(rr: Spectra, at: Ints, n: int) -> Floats:
    return _ln(2 * np.abs(rr[np.arange(len(at)), at]) ** 2 / _hann(n).sum() ** 2)


def _band(rr: Spectra, n: int) -> Floats:
    low, high = (math.ceil(edge * _PADDED / RATE) for edge in (0.12, 0.40))
    power = (np.abs(rr[:, low:high]) ** 2).sum(axis=1)
    return _ln(2 * power / (_PADDED * (_hann(n) @ _hann(n))))


def _gain(windows: Floats, frequency: Floats) -> Floats:
    """Return ln of the squared gain of respiration to RR where five sine tapers say that they cohere.

    A sine taper is a difference of two plain spectra half a bin and more to either side (Riedel & Sidorenko 1995), so
    one transform serves them all.
    """
    n = windows.shape[2]
    flat = [_level(windows[:, i], np.ones(n)) for i in range(2)]
    both = np.fft.fft(flat[0] + 1j * flat[1], 2 * (n + 1), axis=1)
    centre = np.rint(np.nan_to_num(frequency) * 2 * (n + 1) / RATE).astype(np.int64)[:, None]
    size, each = 2 * (n + 1), np.arange(len(windows))[:, None]
    k = np.arange(1, _TAPERS + 1)
    here = both[each, (centre - k) % size] - both[each, (centre + k) % size]
    mirrored = (both[each, (k - centre) % size] - both[each, (-centre - k) % size]).conj()
    rr, resp = (here + mirrored) / 2, (here - mirrored) / 2j
    cross = np.abs((rr * resp.conj()).mean(axis=1)) ** 2
    own = (np.abs(resp) ** 2).mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        coherence = cross / (own * (np.abs(rr) ** 2).mean(axis=1))
        return np.where(coherence >= _COHERENCE, _ln(cross / own**2), np.nan)


def _ln(power: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(power > 1e-12, np.log(power), np.nan)

"""Skin conductance taken apart over a whole recording; for what a live screen may show see `eda`."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coregulation.errors import DataError
from coregulation.filters import Resample
from coregulation.physiology.eda import FALL, RISE, skin_driver, tonic_level
from coregulation.signals import Bools, Floats, Signal, Unit
from coregulation.stage import apply_stage

_RATE = 4.0  # Hz
_ROUNDS = 300  # steps of the descent
_SPARSE = 0.002  # µS, the weight on the driver
_MIN_SECONDS = 60.0  # s

Spectrum = npt.NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Tonic level and phasic part, which add up to the signal but for noise, and the driver behind the phasic part.

    Parameters
    ----------
    tonic, phasic
        In µS, at 4 Hz; NaN where the conductance or the tonic level is not known.
    driver
        µS, not negative; through the response of unit area it gives the phasic part.
    left
        Standard deviation of what neither explains, in µS.
    """

    tonic: Signal
    phasic: Signal
    driver: Signal
    left: float


def decompose_recording(eda: Signal) -> Decomposition:
    """Take a whole recording of skin conductance (µS) apart into tonic level, responses and a sparse driver.

    The driver is not negative and minimises squared error plus a weight on its sum, by accelerated projected gradient
    (Beck & Teboulle 2009). It sees the future, so nothing live is made of it. It departs from cvxEDA (Greco 2016) in
    the tonic level, which is that of `tonic_level`, and in the solver.

    Parameters
    ----------
    eda
        Skin conductance in µS, at any rate; NaN where missing.

    Returns
    -------
    Decomposition
        Tonic level, phasic part and driver in µS at 4 Hz, and the standard deviation of what they leave.

    Raises
    ------
    DataError
        If under a minute is known.

    References
    ----------
    Beck, A. & Teboulle, M. (2009), SIAM J Imaging Sci 2:183, doi:10.1137/080716542

    Greco, A. et al. (2016), IEEE Trans Biomed Eng 63:797, doi:10.1109/TBME.2015.2474131
    """
    signal = apply_stage(Resample(_RATE), eda)
    level = apply_stage(tonic_level(), apply_stage(skin_driver(), eda))
    present = np.isfinite(level.values)
    if present.sum() < _MIN_SECONDS * level.rate:
        raise DataError(
            "{known:.0f} s of skin conductance are known; {needed:.0f} s are needed.",
            known=float(present.sum() / level.rate),
            needed=_MIN_SECONDS,
        )
    tonic = np.interp(signal.times, level.times[present], level.values[present])
    near = np.interp(signal.times, level.times, present.astype(np.float64)) > 0.5
    known = np.isfinite(signal.values) & near
    driver = _sparse_driver(np.where(known, signal.values - tonic, 0.0), known)
    phasic = _through(driver, _skin(len(driver)))
    left = float((signal.values - tonic - phasic)[known].std())
    level_part, two, three = (
        Signal(np.where(known, part, np.nan), _RATE, signal.start, Unit.MICROSIEMENS)
        for part in (tonic, phasic, driver)
    )
    return Decomposition(level_part, two, three, left)


def _sparse_driver(phasic: Floats, known: Bools) -> Floats:
    """Return the driver by steps of length one: the response has unit area, so no step is too long."""
    skin = _skin(len(phasic))
    driver = ahead = np.zeros(len(phasic))
    pace = 1.0
    for _ in range(_ROUNDS):
        error = np.where(known, _through(ahead, skin) - phasic, 0.0)
        better = np.maximum(0.0, ahead - _through(error, skin.conj()) - _SPARSE)
        faster = (1 + math.sqrt(1 + 4 * pace**2)) / 2
        ahead = better + (pace - 1) / faster * (better - driver)
        driver, pace = better, faster
    return driver


def _skin(n: int) -> Spectrum:
    """Return the spectrum of a response of unit area, padded so that nothing wraps round."""
    since = np.arange(round(30 * _RATE)) / _RATE
    response = np.exp(-since / FALL) - np.exp(-since / RISE)
    return np.asarray(np.fft.rfft(response / response.sum(), n + len(since)))


def _through(values: Floats, skin: Spectrum) -> Floats:
    size = len(values) + round(30 * _RATE)
    out: Floats = np.fft.irfft(np.fft.rfft(values, size) * skin, size)[: len(values)]
    return out

"""Motion: activity from the acceleration of a body part, or motion energy as it is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from coregulation.errors import DataError
from coregulation.filters import BandPass, Resample
from coregulation.physiology.around import Around
from coregulation.signals import Floats, Signal
from coregulation.stage import Stage, chain, whole

Axes = tuple[Signal, Signal, Signal]


def axis_activity() -> Stage[Signal, Any, Signal]:
    """Return the stage from one axis of acceleration to its mean square around the mean of a second, at 10 Hz.

    Gravity is what does not change within a second.
    """
    return chain(Resample(10.0), Around(_spread, 0.5, 0.5))


def activity(axes: Axes) -> Signal:
    """Return how much a body part moved (root mean square over a second, in the unit of the axes), at 10 Hz."""
    parts = [whole(axis_activity(), axis) for axis in _same_time(axes)]
    total = np.sqrt(sum(part.values for part in parts))
    return Signal(total, parts[0].rate, parts[0].start, axes[0].unit)


def chest_tilt(axes: Axes) -> Signal:
    """Return how the chest tilts with breathing, from the acceleration on it (whole record).

    The direction in which gravity moves most between 0.1 and 0.6 Hz (the principal axis over the recording). Whether
    breathing in tips it up or down depends on how the sensor lies, so it is turned such that the longer half of the
    mean cycle falls: most people breathe out longer than in.
    """
    bands = [whole(chain(Resample(10.0), BandPass(0.1, 0.6, 0.1)), axis) for axis in _same_time(axes)]
    moves = np.stack([band.values for band in bands])
    known = np.isfinite(moves).all(axis=0)
    if known.sum() < 100:
        raise DataError(
            f"{known.sum() / 10:.0f} s of acceleration are known; 10 s are needed to find the breath in it."
        )
    _, directions = np.linalg.eigh(np.cov(moves[:, known]))
    tilt = directions[:, -1] @ moves
    rising = np.nanmean(np.diff(tilt) > 0)
    return Signal(tilt if rising <= 0.5 else -tilt, 10.0, bands[0].start, bands[0].unit)


def _same_time(axes: Axes) -> Axes:
    if len({(len(axis), axis.rate, axis.start, axis.unit) for axis in axes}) != 1:
        raise DataError("The three axes of an accelerometer must have one rate, start, length and unit.")
    return axes


def _spread(rows: Floats, rate: float) -> Floats:
    known = np.isfinite(rows).sum(axis=1)
    there = np.where(np.isfinite(rows), rows, 0.0)
    total = np.maximum(known, 1)
    mean = there.sum(axis=1) / total
    square = (np.where(np.isfinite(rows), rows - mean[:, None], 0.0) ** 2).sum(axis=1) / total
    return np.where(np.isfinite(rows[:, math.ceil(0.5 * rate)]), square, np.nan)

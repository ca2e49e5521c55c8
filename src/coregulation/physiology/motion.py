"""Motion: activity from the acceleration of a body part, or motion energy as it is."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coregulation.errors import DataError
from coregulation.filters import BandPass, Resample
from coregulation.linear_algebra import with_canonical_sign
from coregulation.physiology.sliding import SlidingFunction
from coregulation.reasons import Reason, reason_of
from coregulation.signals import Floats, Signal, Unit, Window
from coregulation.stage import Stage, chain, whole

Axes = tuple[Signal, Signal, Signal]
CHEST = ("chest_acceleration_x", "chest_acceleration_y", "chest_acceleration_z")  # channels, in any one unit
MOVING = 0.05  # g; a beat moves a chest by about 0.01 and walking by over 0.1 (our choice between the two)
_MANY = 6.0  # spreads of movement at rest that are more than sitting still
_ONE_WAY = 0.5  # share of what changes that must lie in one direction; of noise a third does


def axis_activity() -> Stage[Signal, Any, Signal]:
    """Return the stage from one axis of acceleration to its mean square around the mean of a second, at 10 Hz.

    Gravity is what does not change within a second.
    """
    return chain(Resample(10.0), SlidingFunction(_spread, 0.5, 0.5))


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

    Raises
    ------
    DataError
        If under 10 s are known, or no one direction holds half of what changes: then there is no breath in it.
    """
    bands = [whole(chain(Resample(10.0), BandPass(0.1, 0.6, 0.1)), axis) for axis in _same_time(axes)]
    moves = np.stack([band.values for band in bands])
    known = np.isfinite(moves).all(axis=0)
    if known.sum() < 100:
        raise DataError(
            "{known:.0f} s of acceleration are known; 10 s are needed to find the breath in it.",
            known=float(known.sum() / 10),
        )
    sizes, directions = np.linalg.eigh(np.cov(moves[:, known]))
    if not sizes[-1] > _ONE_WAY * sizes.sum():
        raise DataError("The acceleration does not change mainly in one direction, as it does on a breathing chest.")
    tilt = with_canonical_sign(directions[:, -1]) @ moves
    steps = np.diff(tilt)
    rising = (steps[np.isfinite(steps)] > 0).mean()
    return Signal(tilt if rising <= 0.5 else -tilt, 10.0, bands[0].start, bands[0].unit)


@dataclass(frozen=True, slots=True, eq=False)
class ChestResult:
    """What acceleration tells of a chest: movement in g, and the breath in its tilt, or why there is none."""

    movement: Signal
    breath: Signal | None
    why: Reason | None = None


def analyze_chest(axes: Axes) -> ChestResult:
    """Return movement and breath from three axes in any one unit (whole record): their median length is taken as 1 g.

    Where it moves by more than `MOVING` nothing is told of the breath.

    Raises
    ------
    DataError
        If the axes do not belong together, or hold nothing.
    """
    length = np.sqrt(sum(axis.values**2 for axis in _same_time(axes)))
    gravity = float(np.nanmedian(length)) if np.isfinite(length).any() else 0.0
    if not gravity > 0:
        raise DataError("An accelerometer always measures gravity; this one measured nothing.")
    moved = activity(axes)
    movement = replace(moved, values=moved.values / gravity, unit=Unit.ARBITRARY)
    x, y, z = (_still(axis, movement) for axis in axes)
    try:
        return ChestResult(movement, chest_tilt((x, y, z)))
    except DataError as error:
        return ChestResult(movement, None, reason_of(error))


def _still(axis: Signal, movement: Signal) -> Signal:
    at = np.rint((axis.times - movement.start) * movement.rate).astype(np.int64).clip(0, len(movement) - 1)
    return replace(axis, values=np.where(movement.values[at] > MOVING, np.nan, axis.values))


def motion_at_rest(motion: Signal, rest: Window) -> tuple[float, float] | None:
    """Return middle and robust spread of movement in a rest, in its own unit; None where it never changed there."""
    calm = motion.within(rest).values
    calm = calm[np.isfinite(calm)]
    middle = float(np.median(calm)) if len(calm) else 0.0
    spread = 1.4826 * float(np.median(np.abs(calm - middle))) if len(calm) else 0.0
    return (middle, spread) if spread > 0 else None


def movement_threshold(motion: Signal, rest: Window) -> float | None:
    """Return the level from which somebody moves: six spreads over their own rest; None where that cannot be told."""
    calm = motion_at_rest(motion, rest)
    return calm[0] + _MANY * calm[1] if calm else None


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

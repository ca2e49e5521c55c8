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
from coregulation.stage import Stage, apply_stage, chain

Axes = tuple[Signal, Signal, Signal]
CHEST = ("chest_acceleration_x", "chest_acceleration_y", "chest_acceleration_z")  # channels, in any one unit
MOVING = 0.05  # g; a beat moves a chest by about 0.01 and walking by over 0.1 (our choice between the two)
_MANY = 6.0  # spreads of movement at rest that are more than sitting still
_ONE_WAY = 0.5  # share of what changes that must lie in one direction; of noise a third does


def axis_activity() -> Stage[Signal, Any, Signal]:
    """Return the stage from one axis of acceleration to its mean square around the mean of a second, at 10 Hz.

    Gravity is what does not change within a second.

    Returns
    -------
    Stage
        Takes a `Signal` in any unit and returns its mean square in that unit squared, at 10 Hz; NaN where missing.
    """
    return chain(Resample(10.0), SlidingFunction(_spread, 0.5, 0.5))


def activity(axes: Axes) -> Signal:
    """Compute how much a body part moved.

    Parameters
    ----------
    axes
        Acceleration along three axes, of one rate, start, length and unit; NaN where missing.

    Returns
    -------
    Signal
        Root mean square around the mean of a second, over all axes, in their unit, at 10 Hz.

    Raises
    ------
    DataError
        If the axes differ in rate, start, length or unit.
    """
    parts = [apply_stage(axis_activity(), axis) for axis in _same_time(axes)]
    total = np.sqrt(sum(part.values for part in parts))
    return Signal(total, parts[0].rate, parts[0].start, axes[0].unit)


def chest_tilt(axes: Axes) -> Signal:
    """Compute how the chest tilts with breathing, from the acceleration on it (whole record).

    The tilt is taken along the direction in which gravity moves most between 0.1 and 0.6 Hz (the principal axis over
    the recording). Whether breathing in tips it up or down depends on how the sensor lies, so it is turned such that
    the longer half of the mean cycle falls: most people breathe out longer than in.

    Parameters
    ----------
    axes
        Acceleration along three axes, of one rate, start, length and unit; NaN where missing.

    Returns
    -------
    Signal
        Tilt in the unit of the axes, at 10 Hz, rising with inspiration; NaN where missing.

    Raises
    ------
    DataError
        If the axes differ in rate, start, length or unit, if under 10 s are known, or if no one direction holds half
        of what changes: then there is no breath in it.
    """
    bands = [apply_stage(chain(Resample(10.0), BandPass(0.1, 0.6, 0.1)), axis) for axis in _same_time(axes)]
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
    """Movement and breath from the acceleration of a chest.

    Parameters
    ----------
    movement
        Root mean square over a second, in g, at 10 Hz.
    breath
        Tilt of the chest, rising with inspiration, at 10 Hz, in the unit of the axes; None where there is no breath
        in it.
    why
        Why there is no breath; None where there is one.
    """

    movement: Signal
    breath: Signal | None
    why: Reason | None = None


def analyze_chest(axes: Axes) -> ChestResult:
    """Separate movement and breath in the acceleration of a chest (whole record).

    The median length of the vector is taken as 1 g. Where the chest moves by more than `MOVING`, the breath is
    missing.

    Parameters
    ----------
    axes
        Acceleration along three axes in any one unit, of one rate, start and length; NaN where missing.

    Returns
    -------
    ChestResult
        Movement in g, and the breath or the reason why there is none.

    Raises
    ------
    DataError
        If the axes differ in rate, start, length or unit, or hold no gravity.
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
    """Compute middle and robust spread of movement in a rest.

    Parameters
    ----------
    motion
        Movement in its own unit; NaN where missing.
    rest
        Span of session time in which the person rested.

    Returns
    -------
    tuple or None
        Median and 1.4826 median absolute deviations, in the unit of `motion`; None where it is unknown or never
        changed.
    """
    calm = motion.within(rest).values
    calm = calm[np.isfinite(calm)]
    middle = float(np.median(calm)) if len(calm) else 0.0
    spread = 1.4826 * float(np.median(np.abs(calm - middle))) if len(calm) else 0.0
    return (middle, spread) if spread > 0 else None


def movement_threshold(motion: Signal, rest: Window) -> float | None:
    """Compute the level from which a person moves: six robust spreads above the median of their own rest.

    Parameters
    ----------
    motion
        Movement in its own unit; NaN where missing.
    rest
        Span of session time in which the person rested.

    Returns
    -------
    float or None
        In the unit of `motion`; None where movement is unknown in the rest or never changed there.
    """
    calm = motion_at_rest(motion, rest)
    return calm[0] + _MANY * calm[1] if calm else None


def _same_time(axes: Axes) -> Axes:
    if len({(len(axis), axis.rate, axis.start, axis.unit) for axis in axes}) != 1:
        raise DataError("The three axes of an accelerometer must have one rate, start, length and unit.")
    return axes


def _spread(rows: Floats, rate: float) -> Floats:
    known = np.isfinite(rows).sum(axis=1)
    present = np.where(np.isfinite(rows), rows, 0.0)
    total = np.maximum(known, 1)
    mean = present.sum(axis=1) / total
    square = (np.where(np.isfinite(rows), rows - mean[:, None], 0.0) ** 2).sum(axis=1) / total
    return np.where(np.isfinite(rows[:, math.ceil(0.5 * rate)]), square, np.nan)

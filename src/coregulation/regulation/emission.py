"""From what was measured to an index of arousal: heart rate rises less and less the higher the arousal.

How much a person's heart levels off cannot be read from one session: a curve that bends more always seems to fit better, because
it also presses the heart's own noise down where arousal is high. So a straight line and a curve that levels off as published
heart rates do are both fitted, and their draws are pooled: an interval holds what is not known about the curve.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from coregulation.errors import UsageError
from coregulation.regulation.design import Design
from coregulation.regulation.panel import Panel
from coregulation.regulation.recovery import resting_levels
from coregulation.signals import Floats

_STEEPEST = 4.0  # spans beyond which nothing is measured any more but the ceiling


@dataclass(frozen=True, slots=True)
class SaturatingEmission:
    """y − zero = span · asinh(x / span): slope 1 at the own zero, half of it at √3 spans; inf is a straight line.

    Parameters
    ----------
    span
        In the unit of what was measured.
    """

    span: float = math.inf

    def __post_init__(self) -> None:
        if not self.span > 0:
            raise UsageError("A span is a positive number; {span:g} came.", span=self.span)

    def index(self, heights: Floats) -> Floats:
        """Return x of y − zero."""
        if math.isinf(self.span):
            return heights
        return np.asarray(self.span * np.sinh(np.clip(heights / self.span, -_STEEPEST, _STEEPEST)), float)


STRAIGHT = SaturatingEmission()
HEART = (SaturatingEmission(35.0), STRAIGHT)  # 1/min: 30 /min over the own zero stand for 1.13 and 1.0 times 30


def apply_emission(panel: Panel, design: Design, curve: SaturatingEmission) -> Panel:
    """Turn what was measured into an index that is linear in arousal under a curve.

    Parameters
    ----------
    panel
        What was measured, shape (t, people).
    design
        What was done when.
    curve
        How it levels off.

    Returns
    -------
    Panel
        The index over each own resting level.

    Raises
    ------
    UnidentifiedError
        If nobody rested alone.
    DataError
        If almost nothing was recorded in that rest.
    """
    heights = panel.values - [level for level, _ in resting_levels(panel, design)]
    return replace(panel, values=curve.index(heights))

"""From what was measured to an index that is linear in arousal: heart rate rises ever less the more aroused somebody is.

A linear emission fitted to a saturating heart rate fails (on simulated sessions the 95 % interval of d covers in .44 of them), so the curve is
chosen by likelihood, each curve's Jacobian counted, before anything is read from the fit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.errors import UsageError
from coregulation.regulation.design import Design
from coregulation.regulation.fit import Maximum
from coregulation.regulation.panel import Panel
from coregulation.regulation.recovery import resting_levels
from coregulation.regulation.statespace import StateSpace
from coregulation.signals import Floats

HEART = (math.inf, 80.0, 45.0, 30.0, 22.0)  # 1/min over the own zero at which the heart's answer begins to level off


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
        # beyond six spans nothing is measured any more but the ceiling
        return np.asarray(self.span * np.sinh(np.clip(heights / self.span, -6.0, 6.0)), float)

    def log_slopes(self, heights: Floats) -> float:
        """Return Σ ln |dx/dy| over all values: what a likelihood of x owes to one of y."""
        return 0.0 if math.isinf(self.span) else float(np.nansum(np.log(np.cosh(heights / self.span))))


def linearise_emission(
    panel: Panel, design: Design, model: StateSpace, spans: Sequence[float] = HEART
) -> tuple[Panel, SaturatingEmission]:
    """Bend a panel to an index that is linear in arousal, by the curve with the highest posterior.

    Parameters
    ----------
    panel
        What was measured, shape (t, people).
    design
        What was done when.
    model
        How each curve is fitted.
    spans
        Curves that are tried, in the unit of what was measured.

    Returns
    -------
    tuple of Panel and SaturatingEmission
        The index over each own resting level, and the curve.

    Raises
    ------
    UnidentifiedError
        If nobody was alone, or nobody together.
    NotConvergedError
        If no maximum was found.
    DataError
        If the recording does not fit the design.
    """
    heights = panel.values - [level for level, _ in resting_levels(panel, design)]
    inside = design.inside(panel.times)
    best: tuple[float, Panel, SaturatingEmission] | None = None
    found: Maximum | None = None
    for curve in map(SaturatingEmission, spans):
        bent = replace(panel, values=curve.index(heights))
        found = model.search(bent, design, found)[1]
        loss = found.point.loss - curve.log_slopes(heights[inside])
        if best is None or loss < best[0]:
            best = loss, bent, curve
    assert best is not None
    return best[1], best[2]

"""The second gate: the other's state where it cannot have helped, two minutes before a rise and five minutes after."""

from __future__ import annotations

import numpy as np

from coregulation.regulation.natural.regression import RiseTable, joint_f, regressors, residuals

CLOSED = 0.05
"""The gate is closed below this p."""
MIN_SHIFTS = 99
"""Fewest moves with which a p is given; the smallest possible is then .01."""


def negative_controls(table: RiseTable) -> float:
    """Test whether the other's state long before and long after tells how a rise ends, given the state just before.

    Both together, by an F. What the covariates and the state just before leave over is kept (Freedman and Lane), and the other's course
    is moved against it, so that covariates and controls keep the ties that they have in one course.

    Parameters
    ----------
    table
        Of one direction.

    Returns
    -------
    float
        p; NaN where fewer than 99 moves allow a test.

    References
    ----------
    Freedman D, Lane D (1983), Journal of Business & Economic Statistics 1:292, doi:10.1080/07350015.1983.10509354
    Lipsitch M, Tchetgen Tchetgen E, Cohen T (2010), Epidemiology 21:383, doi:10.1097/EDE.0b013e3181d61eeb
    """
    columns = [*regressors(table), table.partner.long_before, table.partner.long_after]
    known = table.known & np.isfinite(table.partner.long_before) & np.isfinite(table.partner.long_after)
    known = known & known[:1]  # a rise without a residual has nothing to move against
    rest = residuals(columns[:-2], table.left, known, table.session)
    observed, *moved = joint_f(columns, 2, rest, known, table.session)
    against = np.array(moved)[np.isfinite(moved)]
    if not np.isfinite(observed) or len(against) < MIN_SHIFTS:
        return float("nan")
    return float((1 + (against >= observed * (1 - 1e-12)).sum()) / (1 + len(against)))

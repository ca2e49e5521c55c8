"""Recoveries timed from equal heights, so that neither a ceiling of the signal nor smaller rises pass for a quicker return.

A heart that levels off makes the way back from a large rise look slower than that from a small one, whoever is there. Between the
same two heights any such curve takes the same time for the same return.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from coregulation.regulation.design import Design
from coregulation.regulation.panel import Panel
from coregulation.regulation.recovery import Recovery, crossing_time, running_mean, time_to_stay_below
from coregulation.regulation.thresholds import THRESHOLDS, RegulationThresholds
from coregulation.signals import Floats


def time_from_equal_heights(
    panel: Panel, design: Design, recoveries: Sequence[Recovery], thresholds: RegulationThresholds = THRESHOLDS
) -> tuple[Recovery, ...]:
    """Measure each recovery again, from a height that was reached both alone and together.

    That height is, for each person, the smaller of the mean height alone and the mean height together at the stressors' ends. The
    clock of a recovery from higher up starts when the person has come down to it and stops at half of it; the others stay
    as they are.

    Parameters
    ----------
    panel
        Everybody's index that the recoveries were read from, shape (t, people).
    design
        Whose stressors count.
    recoveries
        As `measure_recoveries` returns them.
    thresholds
        Minimum lengths.

    Returns
    -------
    tuple of Recovery
        In the order given; those of other stressors, and of people without both kinds, unchanged.
    """
    step = float(np.median(np.diff(panel.times)))
    common = {who: _common_height(recoveries, design, who) for who in design.people}
    smooth = {
        who: running_mean(panel.times, panel.values[:, i], thresholds.smoothing) for i, who in enumerate(design.people)
    }
    return tuple(
        _from_height(recovery, common[recovery.person], panel.times, smooth[recovery.person], step, thresholds)
        if recovery.probe in design.probes and recovery.peak > common[recovery.person]
        else recovery
        for recovery in recoveries
    )


def _common_height(recoveries: Sequence[Recovery], design: Design, who: str) -> float:
    """Return the smaller of the two mean heights; infinite where one kind is missing."""
    mine = [recovery for recovery in recoveries if recovery.person == who and recovery.probe in design.probes]
    kinds = [[recovery.peak for recovery in mine if recovery.together is near] for near in (False, True)]
    return min(float(np.mean(peaks)) if peaks else np.inf for peaks in kinds) if all(kinds) else np.inf


def _from_height(
    recovery: Recovery, height: float, times: Floats, values: Floats, step: float, thresholds: RegulationThresholds
) -> Recovery:
    probe = recovery.probe
    watched = (times >= probe.end - 1e-9) & (times < probe.until + 1e-9) & np.isfinite(values)
    at, over = times[watched] - probe.end, values[watched] - recovery.zero
    reached = np.flatnonzero(over <= height)
    if not len(reached):  # never came down that far: so long it had not even begun
        return replace(recovery, peak=height, half_life=max(float(at[-1]), thresholds.min_half_life), censored=True)
    begun = crossing_time(at, over, int(reached[0]), height)
    end, censored = time_to_stay_below(at, over, max(height / 2, recovery.rest_sd), probe, step, thresholds)
    return replace(recovery, peak=height, half_life=max(end - begun, thresholds.min_half_life), censored=censored)

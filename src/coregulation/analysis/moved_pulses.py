"""Pulses while the wrist moved: they say nothing of single intervals, and are set aside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coregulation.analysis.beat_source import BeatSeries
from coregulation.analysis.person_reasons import PersonReason
from coregulation.reasons import because
from coregulation.signals import Beats, Bools, Floats, Signal


def set_moved_pulses_aside(series: BeatSeries, motion: Signal, moving: float) -> BeatSeries:
    """Mark the pulses that came while the person moved, so that no interval to or from them counts.

    Movement shifts a pulse wave by as much as intervals vary, in any rhythm, so what looks like a pulse there need not be one.
    The heart of an ECG goes on being read while its wearer moves.

    Parameters
    ----------
    series
        A person's beats.
    motion
        Movement, in its own unit; pulses where it is missing are left as they are.
    moving
        Level of `motion` above which the person moves.

    Returns
    -------
    BeatSeries
        The same where the beats are no pulses, or none came in movement; else with marks, a remark on how many, and refused where too
        many are marked.
    """
    beats = series.cleaned.beats
    assert beats.ok is not None
    moved = _is_above(motion, moving, beats.times) & beats.ok
    if not series.is_pulse or series.refused is not None or not moved.any():
        return series
    cleaned = replace(series.cleaned, beats=Beats(beats.times, beats.ok & ~moved, beats.breaks))
    remark = because(PersonReason.PULSES_MOVED, count=int(moved.sum()), total=len(beats))
    return replace(series, cleaned=cleaned, remarks=(*series.remarks, remark), refused=cleaned.refusal)


def _is_above(motion: Signal, level: float, times: Floats) -> Bools:
    """Return where movement is above a level in the sample nearest to each time."""
    if not len(motion):
        return np.zeros(len(times), bool)
    at = np.rint((times - motion.start) * motion.rate).astype(np.int64)
    inside = (at >= 0) & (at < len(motion))
    above: Bools = inside & (motion.values[at.clip(0, len(motion) - 1)] > level)
    return above

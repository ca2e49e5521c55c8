"""Beats for measures that need a level (heart rate) and no single interval: what is known of a sum is kept."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from coregulation.filters import MAX_GAP
from coregulation.physiology.beats import Beat
from coregulation.physiology.cleaned_beats import CleanedBeats
from coregulation.physiology.fault_clusters import clustered_faults
from coregulation.physiology.judged_beats import Artefact
from coregulation.signals import Beats, Bools


def level_beats(cleaned: CleanedBeats, longest: float = MAX_GAP) -> Beats:
    """Prepare cleaned beats for a level: one clear fault is corrected, a cluster of faults becomes a gap.

    A missed beat leaves an interval whose length is that of two, and a displaced beat two intervals whose sum is right. Such
    a sum is divided evenly, so that the mean rate over it is exact. In a cluster of faults (see `clustered_faults`)
    several explanations fit, so nothing is known there. Short breaks
    without a cause (a lost packet) are bridged: an artefact in their middle keeps them from counting as an interval.

    Parameters
    ----------
    cleaned
        Beats with what is wrong with each.
    longest
        Longest break that is corrected or bridged, in s.

    Returns
    -------
    Beats
        For a level only: intervals in it may be parts of a sum, so no variability can be computed from it.
    """
    clustered = clustered_faults(cleaned.artefacts, cleaned.beats.times, cleaned.usual)
    rows = list(_corrected(cleaned, clustered, longest))
    times, ok, breaks = (
        (np.array(column) for column in zip(*((b.time, b.ok, b.breaks) for b in rows), strict=True))
        if rows
        else ([], [], [])
    )
    return Beats(np.asarray(times, float), np.asarray(ok, bool), np.asarray(breaks, bool))


def _corrected(cleaned: CleanedBeats, clustered: Bools, longest: float) -> Iterator[Beat]:
    """Yield the beats for a level, in order of time."""
    assert cleaned.beats.ok is not None
    assert cleaned.beats.breaks is not None
    before, lost = math.nan, False
    rows = zip(cleaned.beats.times.tolist(), cleaned.beats.ok.tolist(), cleaned.beats.breaks.tolist(), strict=True)
    for i, (time, ok, is_broken) in enumerate(rows):
        artefact, gap = cleaned.artefacts[i], time - before
        if clustered[i]:
            lost = True
            continue
        if artefact is Artefact.EXTRA:
            continue
        if lost or math.isnan(before) or (is_broken and gap > longest):
            yield Beat(time, ok=ok, breaks=True)
        elif is_broken and artefact is Artefact.MISSED and i + 1 < len(clustered):
            parts = max(2, round(gap / cleaned.usual[i]))
            yield from (Beat(before + k * gap / parts) for k in range(1, parts))
            yield Beat(time, ok=ok)
        elif is_broken:
            yield Beat(time - gap / 2, ok=False)
            yield Beat(time, ok=ok)
        elif (
            artefact is Artefact.ECTOPIC
            and i + 1 < len(clustered)
            and not clustered[i + 1]
            and not cleaned.beats.breaks[i + 1]
        ):
            time = (before + float(cleaned.beats.times[i + 1])) / 2
            yield Beat(time)
        else:
            yield Beat(time, ok=ok)
        before, lost = time, False

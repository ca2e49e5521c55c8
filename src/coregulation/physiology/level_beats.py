"""Beats for measures that need a level (heart rate) and no single interval: what is known of a sum is kept."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from coregulation.filters import MAX_GAP
from coregulation.physiology.beats import Beat
from coregulation.physiology.cleaned_beats import CleanedBeats
from coregulation.physiology.fault_clusters import AROUND, clustered_faults, doubtful_intervals
from coregulation.physiology.judged_beats import Artefact
from coregulation.signals import Beats, Bools

UNEVEN = 0.1  # of the usual interval, by which intervals may differ from their middle where a sum is divided evenly


def level_beats(cleaned: CleanedBeats, longest: float = MAX_GAP) -> Beats:
    """Prepare cleaned beats for a level: one clear fault is corrected, a cluster of faults becomes a gap.

    A missed beat leaves an interval whose length is that of two, and a displaced beat two intervals whose sum is right. Such
    a sum is divided evenly, so that the mean rate over it is exact. In a cluster of faults (see `clustered_faults`)
    several explanations fit, so nothing is known there; nor where intervals differ so much that even halves would tell
    a wrong rate (see `UNEVEN`), nor of an interval whose length nothing explains. Short breaks
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
    hidden = clustered_faults(cleaned.artefacts, cleaned.beats.times, cleaned.usual) | _uneven(cleaned)
    rows = list(_corrected(cleaned, hidden, longest))
    times, ok, breaks = (
        (np.array(column) for column in zip(*((b.time, b.ok, b.breaks) for b in rows), strict=True))
        if rows
        else ([], [], [])
    )
    return Beats(np.asarray(times, float), np.asarray(ok, bool), np.asarray(breaks, bool))


def _corrected(cleaned: CleanedBeats, hidden: Bools, longest: float) -> Iterator[Beat]:
    """Yield the beats for a level, in order of time."""
    assert cleaned.beats.ok is not None
    assert cleaned.beats.breaks is not None
    doubtful = _doubtful(cleaned)
    before, lost = math.nan, False
    rows = zip(cleaned.beats.times.tolist(), cleaned.beats.ok.tolist(), cleaned.beats.breaks.tolist(), strict=True)
    for i, (time, ok, is_broken) in enumerate(rows):
        artefact, gap = cleaned.artefacts[i], time - before
        if hidden[i]:
            lost = True
            continue
        if artefact is Artefact.EXTRA:
            continue
        if lost or doubtful[i] or math.isnan(before) or (is_broken and gap > longest):
            yield Beat(time, ok=ok, breaks=True)
        elif is_broken and artefact is Artefact.MISSED and i + 1 < len(hidden):
            parts = max(2, round(gap / cleaned.usual[i]))
            yield from (Beat(before + k * gap / parts) for k in range(1, parts))
            yield Beat(time, ok=ok)
        elif is_broken:
            yield Beat(time - gap / 2, ok=False)
            yield Beat(time, ok=ok)
        elif (
            artefact is Artefact.ECTOPIC
            and i + 1 < len(hidden)
            and not hidden[i + 1]
            and not cleaned.beats.breaks[i + 1]
        ):
            time = (before + float(cleaned.beats.times[i + 1])) / 2
            yield Beat(time)
        else:
            yield Beat(time, ok=ok)
        before, lost = time, False


def _doubtful(cleaned: CleanedBeats) -> Bools:
    """Return where nothing is known of an interval, once extra beats are left out: nothing explains its length, or a fault close by may have made it."""
    kept = np.array([artefact is not Artefact.EXTRA for artefact in cleaned.artefacts], bool)
    is_unexplained = np.array([artefact in _UNEXPLAINED for artefact in cleaned.artefacts], bool)
    is_sum = np.array([artefact in (Artefact.MISSED, Artefact.ECTOPIC) for artefact in cleaned.artefacts], bool)
    is_sum |= np.roll(np.array([artefact is Artefact.ECTOPIC for artefact in cleaned.artefacts], bool), 1)
    rr = np.full(len(kept), np.nan)
    rr[kept] = np.diff(cleaned.beats.times[kept], prepend=np.nan)
    return is_unexplained | (~is_sum & doubtful_intervals(rr, cleaned.artefacts, cleaned.usual))


_UNEXPLAINED = (Artefact.LONG, Artefact.SHORT)


def _uneven(cleaned: CleanedBeats) -> Bools:
    """Find the beats beside a fault where intervals differ so much that a sum of two cannot be divided evenly.

    Two intervals of which each is `d` of their mean away from it, divided evenly, move a mean rate over 4 s by up to
    15 `d` per minute, at any rate.
    """
    nn, hidden = cleaned.beats.nn, np.zeros(len(cleaned.artefacts), bool)
    for i in (k for k, artefact in enumerate(cleaned.artefacts) if artefact is not None):
        around = nn[max(0, i - AROUND) : i + AROUND + 1]
        known = around[np.isfinite(around)]
        if len(known) and np.ptp(known) > 2 * UNEVEN * np.median(known):
            hidden[max(0, i - 1) : i + 2] = True  # an extra beat and the true one beside it may be mixed up
    return hidden

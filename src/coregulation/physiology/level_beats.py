"""Beats for measures that need a level (heart rate) and no single interval: what is known of a sum is kept."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from coregulation.filters import MAX_GAP
from coregulation.physiology.beats import Beat
from coregulation.physiology.cleaned_beats import CleanedBeats, as_beats
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
    return level_stretch(cleaned, LevelChain(), 0, len(cleaned.artefacts), longest)[0]


class LevelChain(NamedTuple):
    """Where the beats for a level have come to.

    Parameters
    ----------
    before
        Session time of the last of them, in s; NaN before the first.
    lost
        True if what follows it is lost.
    """

    before: float = math.nan
    lost: bool = False


def level_stretch(
    cleaned: CleanedBeats, chain: LevelChain, first: int, end: int, longest: float = MAX_GAP
) -> tuple[Beats, LevelChain]:
    """Prepare a stretch of cleaned beats for a level, going on from what came before it (see `level_beats`).

    Parameters
    ----------
    cleaned
        The beats of the stretch and those around it, with what is wrong with each.
    chain
        Where the beats before the stretch have come to.
    first, end
        Number of the first beat of the stretch, and of the first after it.
    longest
        Longest break that is corrected or bridged, in s.

    Returns
    -------
    Beats
        For a level only.
    LevelChain
        Where the beats have come to with them.
    """
    hidden = clustered_faults(cleaned.artefacts, cleaned.beats.times, cleaned.usual) | _uneven(cleaned)
    doubtful, out = _doubtful(cleaned), list[Beat]()
    for i in range(first, end):
        rows, chain = _levelled(cleaned, i, hidden, bool(doubtful[i]), chain, longest)
        out += rows
    columns = ([beat.time for beat in out], [beat.ok for beat in out], [beat.breaks for beat in out])
    return Beats(np.array(columns[0], float), np.array(columns[1], bool), np.array(columns[2], bool)), chain


def _levelled(
    cleaned: CleanedBeats, i: int, hidden: Bools, is_doubtful: bool, chain: LevelChain, longest: float
) -> tuple[list[Beat], LevelChain]:
    """Return what becomes of one beat, and where the chain has come to."""
    if hidden[i]:
        return [], LevelChain(chain.before, True)
    if cleaned.artefacts[i] is Artefact.EXTRA:
        return [], chain
    rows = _rows(cleaned, i, hidden, is_doubtful, chain, longest)
    return rows, LevelChain(rows[-1].time)


def _rows(
    cleaned: CleanedBeats, i: int, hidden: Bools, is_doubtful: bool, chain: LevelChain, longest: float
) -> list[Beat]:
    """Return a beat as it counts for a level, after those that were missed before it."""
    assert cleaned.beats.ok is not None
    assert cleaned.beats.breaks is not None
    time, ok, is_broken = float(cleaned.beats.times[i]), bool(cleaned.beats.ok[i]), bool(cleaned.beats.breaks[i])
    gap, artefact = time - chain.before, cleaned.artefacts[i]
    is_last = i + 1 == len(hidden)
    if chain.lost or is_doubtful or math.isnan(chain.before) or (is_broken and gap > longest):
        return [Beat(time, ok=ok, breaks=True)]
    if is_broken and artefact is Artefact.MISSED and not is_last:
        parts = max(2, round(gap / cleaned.usual[i]))
        return [*(Beat(chain.before + k * gap / parts) for k in range(1, parts)), Beat(time, ok=ok)]
    if is_broken:
        return [Beat(time - gap / 2, ok=False), Beat(time, ok=ok)]
    if artefact is Artefact.ECTOPIC and not is_last and not hidden[i + 1] and not cleaned.beats.breaks[i + 1]:
        return [Beat((chain.before + float(cleaned.beats.times[i + 1])) / 2)]
    return [Beat(time, ok=ok)]


def _doubtful(cleaned: CleanedBeats) -> Bools:
    """Return where nothing is known of an interval, once extra beats are left out: nothing explains its length, or a fault close by may have made it."""
    kept = np.array([artefact is not Artefact.EXTRA for artefact in cleaned.artefacts], bool)
    is_unexplained = np.array([artefact in _UNEXPLAINED for artefact in cleaned.artefacts], bool)
    is_sum = np.array([artefact in (Artefact.MISSED, Artefact.ECTOPIC) for artefact in cleaned.artefacts], bool)
    is_sum |= np.roll(np.array([artefact is Artefact.ECTOPIC for artefact in cleaned.artefacts], bool), 1)
    rr = np.full(len(kept), np.nan)
    rr[kept] = np.diff(cleaned.beats.times[kept], prepend=np.nan)
    return is_unexplained | (
        ~is_sum & doubtful_intervals(rr, cleaned.artefacts, cleaned.usual, as_beats(cleaned.judged).nn)
    )


_UNEXPLAINED = (Artefact.LONG, Artefact.SHORT)


def _uneven(cleaned: CleanedBeats) -> Bools:
    """Find the beats beside a fault where intervals differ so much that a sum of two cannot be divided evenly.

    Two intervals of which each is `d` of their mean away from it, divided evenly, move a mean rate over 4 s by up to
    15 `d` per minute, at any rate.
    """
    hidden = np.zeros(len(cleaned.artefacts), bool)
    faults = [k for k, artefact in enumerate(cleaned.artefacts) if artefact is not None]
    nn = cleaned.beats.nn if faults else np.empty(0)
    for i in faults:
        around = nn[max(0, i - AROUND) : i + AROUND + 1]
        known = around[np.isfinite(around)]
        if len(known) and np.ptp(known) > 2 * UNEVEN * np.median(known):
            hidden[max(0, i - 1) : i + 2] = True  # an extra beat and the true one beside it may be mixed up
    return hidden

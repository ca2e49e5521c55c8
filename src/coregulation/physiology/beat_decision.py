"""Which candidates are beats: the compiled decision that ECG and PPG share.

A candidate is a local maximum of a detector's envelope. It is decided once, when everything up to `look_ahead`
seconds after it is known, from nothing later than that, so the pieces in which a signal arrives cannot matter.
Ideas that are common property of the field since Pan & Tompkins (1985) and Hamilton & Tompkins (1986): running
medians of beats and of the rest, a threshold between them, a search back after 1.66 intervals (here: a look ahead), T
waves told by their slope; and since Zong (2003): a threshold that falls as the next beat becomes due. Ours:
it is raised for what is unlike the beats known, as noise between them is.

Loaded by the stages when they first run, since numba takes its time.
"""

from __future__ import annotations

from typing import Any

from coregulation._kernel_cache import njit
from coregulation.physiology.beat_evidence import emit_beat
from coregulation.physiology.beat_levels import levels_at, ranked, summarise
from coregulation.physiology.beat_memory import KNOWN, BeatRule
from coregulation.physiology.beat_shapes import ALIKE, SAME_SIZE, correlation, likeness_of, usual_shape

_DUE = 0.75  # share of the usual interval from which a beat may come as if nothing were early
_ON_TIME = 0.15  # share of it by which a beat that is due may be off (the least by which an early one of a class is)


@njit(cache=True)
def decide_beats(memory: Any, queue: Any, watch: Any, known: float, rule: BeatRule, out: Any) -> int:
    """Decide each candidate that is due, oldest first.

    Parameters
    ----------
    memory
        Shape (1,), of MEMORY; changed.
    queue
        Shape (WAITING,), of CANDIDATE, the first `waiting` of them filled, in order of time; changed.
    watch
        Shape (1,): where the signal was lost.
    known
        Time in s before which every candidate is in the queue.
    rule
        The thresholds.
    out
        Shape (WAITING,), of BEAT; the decided beats are written to its beginning.

    Returns
    -------
    int
        Number of beats written to `out`.
    """
    m, count, at = memory[0], 0, 0
    while at < m.waiting and queue[at].at + rule.look_ahead <= known:
        if _spoiled(m, queue[at], watch[0], rule):
            at += 1
            continue
        if m.steady >= m.heights.size and queue[at].height > rule.giant * m.usual and not _gives_up(m, queue[at], rule):
            _lose(m, queue[at].at - rule.guard, queue[at].at + rule.guard)
            at += 1
            continue
        if m.beats == 0 and known < queue[at].at + rule.learn:
            break  # what is learned from must be known, or it would depend on how the signal was cut
        if m.beats == 0:
            _learn(m, queue, at, rule)
        if _is_beat(m, queue, at, rule):
            count += emit_beat(m, queue[at], out[count:], rule)
        elif queue[at].at - m.last >= rule.refractory:
            m.others[m.rest % m.others.size] = queue[at].height
            m.rest += 1
            m.usual_rest = ranked(m.others, m.rest, 0.5)
        at += 1
    for i in range(at, m.waiting):
        queue[i - at] = queue[i]
    m.waiting -= at
    return count


@njit(cache=True)
def _spoiled(m: Any, candidate: Any, watch: Any, rule: BeatRule) -> bool:
    """Remember the lost spans that began before a candidate; say whether it stands in or beside candidate."""
    spoiled = candidate.at < rule.guard
    for i in range(watch.count - 1, -1, -1):
        span = watch.spans[i]
        if span.end <= m.emitted or span.end <= m.last:
            break
        if span.told > candidate.at + rule.look_ahead or span.start > candidate.at + rule.guard:
            continue
        if span.start < candidate.at:
            m.lost_from, m.lost_to = min(m.lost_from, span.start), max(m.lost_to, min(span.end, candidate.at))
            m.gap = True
        spoiled = spoiled or span.end > candidate.at - rule.guard
    return bool(spoiled)


@njit(cache=True)
def _lose(m: Any, start: float, end: float) -> None:
    """Take a span as lost; the chain of beats breaks there."""
    m.lost_from, m.lost_to = min(m.lost_from, max(start, 0.0)), max(m.lost_to, end)
    m.gap = True


@njit(cache=True)
def _gives_up(m: Any, candidate: Any, rule: BeatRule) -> bool:
    """Return whether candidates too high for a beat have come for so long that what is known of beats is to be learned anew."""
    if candidate.at - m.giant_last > 2.5:
        m.giant_first = candidate.at
    m.giant_last = candidate.at
    if candidate.at - m.giant_first <= rule.patience:
        return False
    m.beats, m.interval_count, m.steady, m.proven, m.relearned = 0, 0, 0, False, True
    m.evidence = 0.0
    m.uses[:] = 0.0
    _lose(m, max(m.emitted, 0.0), candidate.at)
    return True


@njit(cache=True)
def _learn(m: Any, queue: Any, at: int, rule: BeatRule) -> None:
    """Take the highest of the first candidates as what a beat is like."""
    highest = 0.0
    for i in range(at, m.waiting):
        if queue[i].at <= queue[at].at + max(rule.learn, rule.look_ahead):
            highest = max(highest, queue[i].height)
    m.heights[:] = highest
    m.intervals[:] = 0.8
    summarise(m)


@njit(cache=True)
def _is_strong(m: Any, candidate: Any, rule: BeatRule) -> bool:
    """Return whether a candidate stands over the threshold, which is higher for candidate that comes early or looks unlike beats."""
    beats, rest = levels_at(m, candidate.at)
    due = (candidate.at - m.last) / m.interval
    early = min(1.0, max(0.0, (_DUE - due) / 0.45))
    return _stands_over(m, candidate, rest + (rule.strong + 0.25 * early) * (beats - rest), rule)


@njit(cache=True)
def _stands_over(m: Any, candidate: Any, level: float, rule: BeatRule) -> bool:
    """Return whether a candidate is over a level, raised for candidate unlike the beats known; what is high may look as it likes."""
    beats, rest = levels_at(m, candidate.at)
    most = rest + (rule.strong + 0.25) * (beats - rest)
    if candidate.height < level or candidate.height >= most or m.beats < KNOWN:
        return bool(candidate.height >= level)
    unlike = 1.0 - max(0.0, likeness_of(m, candidate.shape))
    return bool(candidate.height >= level + rule.unlike * unlike * (beats - rest))


@njit(cache=True)
def _is_beat(m: Any, queue: Any, at: int, rule: BeatRule) -> bool:
    """Return whether a candidate is a beat, from what is known up to `look_ahead` after it."""
    candidate = queue[at]
    gap = candidate.at - m.last
    if gap < rule.refractory or (gap < rule.settle and candidate.height < rule.steep * m.height):
        return False
    for i in range(at + 1, m.waiting):
        after = queue[i].at - candidate.at
        if after >= min(rule.p_wave, rule.look_ahead):
            break
        if queue[i].height > (rule.greater if after < rule.complex_width else rule.taller) * candidate.height:
            return False
    if not (_is_strong(m, candidate, rule) or (m.beats > 0 and _is_best(m, queue, at, rule))):
        return False
    return not (rule.crested and _moves_none(m, queue, at, rule))


@njit(cache=True)
def _moves_none(m: Any, queue: Any, at: int, rule: BeatRule) -> bool:
    """Return whether a candidate unlike the usual beat stands between two such beats that follow each other on time.

    A beat of the ventricles or of the atria that comes early delays the next one, or is clear; noise and T waves delay none.
    """
    early = queue[at].at - m.last < _DUE * m.interval
    if not (early and m.alike >= ALIKE and queue[at].crest < rule.sure):
        return False
    usual = usual_shape(m)
    if usual < 0 or correlation(m.shapes[usual], queue[at].shape, True) >= SAME_SIZE:
        return False
    for i in range(at + 1, m.waiting):
        late = (queue[i].at - m.last) / m.interval - 1.0
        if abs(late) <= _ON_TIME and correlation(m.shapes[usual], queue[i].shape, True) >= ALIKE:
            return True
    return False


@njit(cache=True)
def _is_best(m: Any, queue: Any, at: int, rule: BeatRule) -> bool:
    """Return whether a weak candidate is the best there is where a beat is due: a search back, looking ahead."""
    candidate = queue[at]
    beats, rest = levels_at(m, candidate.at)
    if candidate.at - m.last < 0.5 * m.long_interval or not _stands_over(
        m, candidate, rest + rule.weak * (beats - rest), rule
    ):
        return False
    until = min(candidate.at + rule.look_ahead, m.last + 1.66 * m.long_interval)
    for i in range(at + 1, m.waiting):
        if queue[i].at > until:
            break
        if queue[i].height > candidate.height or _is_strong(m, queue[i], rule):
            return False
    return True

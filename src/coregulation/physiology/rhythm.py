"""Which candidates are beats: the compiled decision that ECG and PPG share.

A candidate is a local maximum of a detector's envelope. It is decided once, when everything up to `look_ahead`
seconds after it is known, from nothing later than that, so the pieces in which a signal arrives cannot matter.
Ideas that are common property of the field since Pan & Tompkins (1985) and Hamilton & Tompkins (1986): running
medians of beats and of the rest, a threshold between them, a search back after 1.66 intervals (here: a look ahead), T
waves told by their slope; and since Zong (2003): a threshold that falls as the next beat becomes due.

Loaded by the stages when they first run, since numba takes its time.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

SHAPE = 25  # points of a candidate's shape
CANDIDATE = np.dtype(
    [
        ("at", "f8"),
        ("height", "f8"),
        ("up", "f8"),
        ("up_gain", "f8"),
        ("down", "f8"),
        ("down_gain", "f8"),
        ("shape", "f8", (SHAPE,)),
    ]
)
WAITING = 64  # candidates stand at least 80 ms apart: more than five seconds of them
BEAT = np.dtype([("time", "f8"), ("confidence", "f8"), ("breaks", "?"), ("lost_from", "f8"), ("lost_to", "f8")])
MEMORY = np.dtype(
    [
        ("last", "f8"),  # where the last beat's candidate stood
        ("height", "f8"),  # and how high
        ("emitted", "f8"),  # time of the last beat told
        ("beats", "i8"),
        ("rest", "i8"),
        ("heights", "f8", (8,)),
        ("intervals", "f8", (8,)),
        ("others", "f8", (12,)),
        ("likeness", "f8", (5,)),
        ("shapes", "f8", (4, SHAPE)),
        ("uses", "f8", (4,)),
        ("up_gain", "f8"),
        ("down_gain", "f8"),
        ("lost_from", "f8"),
        ("lost_to", "f8"),
        ("waiting", "i8"),
    ]
)


class Rule(NamedTuple):
    """The constants of a decision: times in s, levels as a share of the way from the rest to the beats."""

    look_ahead: float
    refractory: float
    settle: float
    strong: float
    weak: float
    guard: float
    steep: float
    learn: float


def memory() -> npt.NDArray[Any]:
    """Return what is known before anything has come."""
    empty = np.zeros(1, MEMORY)
    for name in ("last", "emitted", "lost_to"):
        empty[name] = -np.inf
    empty["lost_from"] = np.inf
    return empty


@njit(cache=True)
def decided(memory: Any, queue: Any, watch: Any, known: float, rule: Rule, out: Any) -> int:
    """Decide each candidate that is due, oldest first; return how many beats were written to `out`.

    Args:
        memory: shape (1,), of MEMORY; changed.
        queue: shape (WAITING,), of CANDIDATE, the first `waiting` of them filled, in order of time; changed.
        watch: shape (1,): where the signal was lost.
        known: s: every candidate before this time is in the queue.
        rule: the constants.
        out: shape (WAITING,), of BEAT.
    """
    m, told, at = memory[0], 0, 0
    if m.beats == 0 and m.waiting > 0 and known < queue[0].at + rule.learn:
        return 0
    while at < m.waiting and queue[at].at + rule.look_ahead <= known:
        if _spoiled(m, queue[at], watch[0], rule):
            at += 1
            continue
        if m.beats == 0:
            _learn(m, queue, at, rule)
        if _is_beat(m, queue, at, rule):
            told += _accept(m, queue[at], out[told])
        elif queue[at].at - m.last >= rule.refractory:
            m.others[m.rest % m.others.size] = queue[at].height
            m.rest += 1
        at += 1
    for i in range(at, m.waiting):
        queue[i - at] = queue[i]
    m.waiting -= at
    return told


@njit(cache=True)
def _spoiled(m: Any, one: Any, watch: Any, rule: Rule) -> bool:
    """Remember the lost spans that began before a candidate; say whether it stands in or beside one."""
    spoiled = False
    for i in range(watch.count - 1, -1, -1):
        span = watch.spans[i]
        if span.end <= m.emitted or span.end <= m.last:
            break
        if span.told > one.at + rule.look_ahead or span.start > one.at + rule.guard:
            continue
        if span.start < one.at:
            m.lost_from, m.lost_to = min(m.lost_from, span.start), max(m.lost_to, min(span.end, one.at))
        spoiled = spoiled or span.end > one.at - rule.guard
    return spoiled


@njit(cache=True)
def _learn(m: Any, queue: Any, at: int, rule: Rule) -> None:
    """Take the highest of the first candidates as what a beat is like."""
    highest = 0.0
    for i in range(at, m.waiting):
        if queue[i].at <= queue[at].at + max(rule.learn, rule.look_ahead):
            highest = max(highest, queue[i].height)
    m.heights[:] = highest
    m.intervals[:] = 0.8


@njit(cache=True)
def _middle(values: Any, count: int) -> float:
    """Return the lower median of the first `count` values: half of the beats may be three times as high."""
    n = min(count, values.size)
    return float(np.sort(values[:n])[(n - 1) // 2]) if n > 0 else 0.0


@njit(cache=True)
def _levels(m: Any, now: float) -> tuple[float, float]:
    """Return the height of beats and of the rest; the first fades in a long silence."""
    beats = _middle(m.heights, m.heights.size)
    silence = now - m.last if m.beats > 0 else 0.0
    beats *= 0.5 ** (max(0.0, silence - 4.0) / 3.0)
    return beats, min(_middle(m.others, m.rest), 0.6 * beats)


@njit(cache=True)
def _is_strong(m: Any, one: Any, interval: float, rule: Rule) -> bool:
    """Return whether a candidate stands over the threshold that its distance from the last beat asks for."""
    beats, rest = _levels(m, one.at)
    gap = one.at - m.last
    early = min(1.0, max(0.0, (0.75 - gap / interval) / 0.45))
    if one.height < rest + (rule.strong + 0.25 * early) * (beats - rest):
        return False
    return not (gap < rule.settle and one.height < rule.steep * m.height and _likeness(m, one) < 0.9)


@njit(cache=True)
def _is_beat(m: Any, queue: Any, at: int, rule: Rule) -> bool:
    """Return whether a candidate is a beat, from what is known up to `look_ahead` after it."""
    one = queue[at]
    if one.at - m.last < rule.refractory:
        return False
    for i in range(at + 1, m.waiting):
        if queue[i].at - one.at < rule.refractory and queue[i].height > 2.0 * one.height:
            return False
    interval = _middle(m.intervals, m.intervals.size)
    if _is_strong(m, one, interval, rule):
        return True
    beats, rest = _levels(m, one.at)
    overdue = one.at - m.last >= 0.5 * interval and one.height >= rest + rule.weak * (beats - rest)
    if m.beats == 0 or not overdue:
        return False
    until = min(one.at + rule.look_ahead, m.last + 1.66 * interval)
    for i in range(at + 1, m.waiting):
        if queue[i].at > until:
            break
        if queue[i].height > one.height or _is_strong(m, queue[i], interval, rule):
            return False
    return True


@njit(cache=True)
def _likeness(m: Any, one: Any) -> float:
    """Return the correlation with the shape known that is most alike (-1 if none is known)."""
    best = -1.0
    for k in range(m.uses.size):
        if m.uses[k] > 0:
            best = max(best, _correlation(m.shapes[k], one.shape))
    return best


@njit(cache=True)
def _correlation(known: Any, shape: Any) -> float:
    """Return the largest correlation of two shapes over shifts of one point to either side."""
    best, n = -1.0, known.size
    for shift in range(-1, 2):
        ab = aa = bb = a = b = 0.0
        for i in range(1, n - 1):
            x, y = known[i], shape[i + shift]
            a, b, ab, aa, bb = a + x, b + y, ab + x * y, aa + x * x, bb + y * y
        size = n - 2
        spread = (aa - a * a / size) * (bb - b * b / size)
        if spread > 0:
            best = max(best, (ab - a * b / size) / np.sqrt(spread))
    return best


@njit(cache=True)
def _remember_shape(m: Any, shape: Any) -> None:
    """Blend a shape into the one most alike, or put it in the place of the least used."""
    best, alike = 0, -1.0
    for k in range(m.uses.size):
        m.uses[k] *= 0.98
        likeness = _correlation(m.shapes[k], shape) if m.uses[k] > 0 else -1.0
        if likeness > alike:
            best, alike = k, likeness
    if alike < 0.8:
        best = int(np.argmin(m.uses))
        m.shapes[best], m.uses[best] = shape, 0.0
    m.uses[best] += 1.0
    m.shapes[best] += (shape - m.shapes[best]) / min(m.uses[best], 8.0)


@njit(cache=True)
def _accept(m: Any, one: Any, row: Any) -> int:
    """Take a candidate as a beat; write it down if it, and those before it, look like beats."""
    _beats, rest = _levels(m, one.at)
    likeness = _likeness(m, one)
    gap = one.at - m.last
    if m.beats > 0 and gap < 3.0 and m.lost_to < m.last:
        m.intervals[m.beats % m.intervals.size] = gap
    m.heights[m.beats % m.heights.size] = one.height
    m.likeness[m.beats % m.likeness.size] = likeness
    _remember_shape(m, one.shape)
    m.last, m.height, m.beats = one.at, one.height, m.beats + 1
    contrast = min(1.0, max(0.0, one.height / max(rest, 1e-300) - 1.0) / 2.0)
    row.time = _apex(m, one)
    row.confidence = contrast * max(0.0, likeness)
    row.lost_from, row.lost_to = m.lost_from, m.lost_to
    row.breaks = m.lost_to > m.emitted or m.emitted == -np.inf
    m.lost_from, m.lost_to, m.emitted = np.inf, -np.inf, row.time
    return 1


@njit(cache=True)
def _apex(m: Any, one: Any) -> float:
    """Return the time of the extremum that is the larger one; of nearly equal ones, that of the usual side."""
    ratio = one.up_gain / max(one.down_gain, 1e-300)
    upright = ratio > 1.0 if not 0.67 < ratio < 1.5 else m.up_gain >= m.down_gain
    m.up_gain += (one.up_gain - m.up_gain) / min(m.beats, 16)
    m.down_gain += (one.down_gain - m.down_gain) / min(m.beats, 16)
    return float(one.up if upright else one.down)

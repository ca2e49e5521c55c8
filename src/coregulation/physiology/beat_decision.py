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

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

SHAPE = 25  # points of a candidate's shape
CANDIDATE = np.dtype(
    [
        ("at", "f8"),
        ("height", "f8"),
        ("crest", "f8"),
        ("up", "f8"),
        ("up_gain", "f8"),
        ("down", "f8"),
        ("down_gain", "f8"),
        ("shape", "f8", (SHAPE,)),
    ]
)
BEST = 5.6  # the score (crest times likeness) beyond which a beat could not be clearer
KNOWN = 5  # beats after which what they look like is known
FADES = 4.0  # s without a beat after which smaller ones begin to count
LONGEST = 3.0  # s between two beats; a longer span without one is told as lost
WAITING = 64  # candidates stand at least 80 ms apart: more than five seconds of them
BEAT = np.dtype([("time", "f8"), ("confidence", "f8"), ("breaks", "?"), ("lost_from", "f8"), ("lost_to", "f8")])
MEMORY = np.dtype(
    [
        ("last", "f8"),  # where the last beat's candidate stood
        ("height", "f8"),  # and how high
        ("emitted", "f8"),  # time of the last beat told
        ("beats", "i8"),
        ("rest", "i8"),
        ("told", "i8"),
        ("readable", "?"),
        ("gap", "?"),
        ("heights", "f8", (8,)),
        ("intervals", "f8", (8,)),
        ("others", "f8", (12,)),
        ("scores", "f8", (9,)),
        ("likes", "f8", (9,)),
        ("shapes", "f8", (4, SHAPE)),
        ("uses", "f8", (4,)),
        ("up_gain", "f8"),
        ("down_gain", "f8"),
        ("lost_from", "f8"),
        ("lost_to", "f8"),
        ("usual", "f8"),
        ("cap", "f8"),  # of the envelope in its mean; set at candidates alone, so that no cut of the stream moves it
        ("usual_rest", "f8"),
        ("interval", "f8"),
        ("long_interval", "f8"),
        ("short_interval", "f8"),
        ("score", "f8"),
        ("level", "f8"),  # mean of the envelope
        ("waiting", "i8"),
        ("giant_first", "f8"),  # where a run of candidates too high for a beat began (s)
        ("giant_last", "f8"),  # and its last one
        ("steady", "i8"),  # beats in a row since a heart was seen
        ("relearned", "?"),  # what is known was learned from such a run
    ]
)


class BeatRule(NamedTuple):
    """The thresholds of the decision; a level is a share of the way from the height of the rest to that of the beats.

    They were chosen on simulated hearts and noise and on the development records (docs/accuracy.md), unless a
    reference stands behind them.

    Parameters
    ----------
    look_ahead
        Time after a candidate that must be known before it is decided, in s.
    refractory
        Time after a beat in which there is no other, in s (Pan & Tompkins have 0.2).
    settle
        Time after a beat in which a candidate may be its T wave, in s (Pan & Tompkins: 0.36).
    strong
        Level over which a candidate is a beat.
    weak
        Level over which a candidate is a beat if one is due and nothing better follows.
    guard
        Time beside a lost span in which nothing is decided, in s.
    unlike
        Share by which the level is raised for a candidate wholly unlike the known beats.
    giant
        Usual heights of a beat beyond which a candidate is a transient and no beat.
    patience
        Time of such candidates after which the beats themselves have become larger and are learned anew, in s.
    steep
        Share of the last beat's height that a candidate within `settle` must have.
    greater
        A candidate is no beat if one this many times as high follows within `complex_width`.
    complex_width
        Largest time between two deflections of one complex, in s.
    p_wave
        Largest time between a P wave and its complex, in s.
    taller
        A candidate is a P wave if one this many times as high follows within `p_wave`.
    learn
        Length of the stretch from which the first beats are learned, in s.
    crested
        True if beats are recognised because they stand out and look alike (ECG), False if they are recognised because
        they come evenly (PPG).
    opened
        Score from which a signal is taken to hold beats.
    closed
        Score below which it is no longer taken to hold beats.
    even
        Score from which a signal is taken to hold beats if their intervals are even.
    sure
        Score of a single beat that could not be clearer.

    References
    ----------
    Pan, J. & Tompkins, W. J. (1985), IEEE Trans Biomed Eng 32:230, doi:10.1109/TBME.1985.325532
    """

    look_ahead: float
    refractory: float
    settle: float
    strong: float
    weak: float
    guard: float
    unlike: float
    giant: float
    patience: float
    steep: float
    greater: float
    complex_width: float
    p_wave: float
    taller: float
    learn: float
    crested: bool
    opened: float
    closed: float
    even: float
    sure: float


def memory() -> npt.NDArray[Any]:
    """Make the memory of the decision as it is before any sample has come.

    Returns
    -------
    ndarray
        Shape (1,), of the structured type `MEMORY`; `decide_beats` changes it in place.
    """
    empty = np.zeros(1, MEMORY)
    for name in ("last", "emitted", "lost_to", "giant_first", "giant_last"):
        empty[name] = -np.inf
    empty["lost_from"] = empty["cap"] = np.inf
    return empty


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
    m, told, at = memory[0], 0, 0
    while at < m.waiting and queue[at].at + rule.look_ahead <= known:
        if _spoiled(m, queue[at], watch[0], rule):
            at += 1
            continue
        if m.steady >= m.heights.size and queue[at].height > rule.giant * m.usual and not _gives_up(m, queue[at], rule):
            _lose(m, queue[at].at - rule.guard, queue[at].at + rule.guard)
            at += 1
            continue
        if m.beats == 0 and known < queue[at].at + rule.learn:
            break  # what is learned from must be known, or it would hang on how the signal was cut
        if m.beats == 0:
            _learn(m, queue, at, rule)
        if _is_beat(m, queue, at, rule):
            told += _accept(m, queue[at], out[told], rule)
        elif queue[at].at - m.last >= rule.refractory:
            m.others[m.rest % m.others.size] = queue[at].height
            m.rest += 1
            m.usual_rest = _ranked(m.others, m.rest, 0.5)
        at += 1
    for i in range(at, m.waiting):
        queue[i - at] = queue[i]
    m.waiting -= at
    return told


@njit(cache=True)
def _spoiled(m: Any, one: Any, watch: Any, rule: BeatRule) -> bool:
    """Remember the lost spans that began before a candidate; say whether it stands in or beside one."""
    spoiled = one.at < rule.guard
    for i in range(watch.count - 1, -1, -1):
        span = watch.spans[i]
        if span.end <= m.emitted or span.end <= m.last:
            break
        if span.told > one.at + rule.look_ahead or span.start > one.at + rule.guard:
            continue
        if span.start < one.at:
            m.lost_from, m.lost_to = min(m.lost_from, span.start), max(m.lost_to, min(span.end, one.at))
            m.gap = True
        spoiled = spoiled or span.end > one.at - rule.guard
    return bool(spoiled)


@njit(cache=True)
def _lose(m: Any, start: float, end: float) -> None:
    """Take a span as lost; the chain of beats breaks there."""
    m.lost_from, m.lost_to = min(m.lost_from, max(start, 0.0)), max(m.lost_to, end)
    m.gap = True


@njit(cache=True)
def _gives_up(m: Any, one: Any, rule: BeatRule) -> bool:
    """Return whether candidates too high for a beat have come for so long that what is known of beats is to be learned anew."""
    if one.at - m.giant_last > 2.5:
        m.giant_first = one.at
    m.giant_last = one.at
    if one.at - m.giant_first <= rule.patience:
        return False
    m.beats, m.told, m.steady, m.readable, m.relearned = 0, 0, 0, False, True
    m.uses[:] = 0.0
    _lose(m, max(m.emitted, 0.0), one.at)
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
    _summarise(m)


@njit(cache=True)
def _summarise(m: Any) -> None:
    """Bring up to date what is usual of the last beats."""
    m.usual = _ranked(m.heights, m.heights.size, 0.5)
    m.interval = _ranked(m.intervals, m.intervals.size, 0.5)
    m.long_interval = _ranked(m.intervals, m.intervals.size, 0.75)
    m.short_interval = _ranked(m.intervals, m.intervals.size, 0.25)


@njit(cache=True)
def _ranked(values: Any, count: int, share: float) -> float:
    """Return the value below which a share of the first `count` values lie (0 if there are none)."""
    n = min(count, values.size)
    if n == 0:
        return 0.0
    ordered = values[:n].copy()
    for i in range(1, n):
        value, j = ordered[i], i
        while j > 0 and ordered[j - 1] > value:
            ordered[j] = ordered[j - 1]
            j -= 1
        ordered[j] = value
    return float(ordered[int(share * (n - 1))])


@njit(cache=True)
def _levels(m: Any, now: float) -> tuple[float, float]:
    """Return the height of beats and of the rest; the first fades in a long silence.

    The lower median: half of the beats may be ventricular and three times as high.
    """
    beats = m.usual
    if m.beats > 0 and (m.relearned or m.beats < KNOWN):
        beats *= 0.5 ** (max(0.0, now - m.last - 2.5) / 0.7)
    elif m.beats > 0 and now - m.last > FADES:
        beats *= 0.5 ** ((now - m.last - FADES) / 3.0)
    return beats, min(m.usual_rest, 0.6 * beats)


@njit(cache=True)
def _is_strong(m: Any, one: Any, rule: BeatRule) -> bool:
    """Return whether a candidate stands over the threshold, which is higher for one that comes early or looks unlike beats."""
    beats, rest = _levels(m, one.at)
    due = (one.at - m.last) / m.interval
    early = min(1.0, max(0.0, (0.75 - due) / 0.45))
    return _stands_over(m, one, rest + (rule.strong + 0.25 * early) * (beats - rest), rule)


@njit(cache=True)
def _stands_over(m: Any, one: Any, level: float, rule: BeatRule) -> bool:
    """Return whether a candidate is over a level, raised for one unlike the beats known; what is high may look as it likes."""
    beats, rest = _levels(m, one.at)
    most = rest + (rule.strong + 0.25) * (beats - rest)
    if one.height < level or one.height >= most or m.beats < KNOWN:
        return bool(one.height >= level)
    unlike = 1.0 - max(0.0, _likeness(m, one))
    return bool(one.height >= level + rule.unlike * unlike * (beats - rest))


@njit(cache=True)
def _is_beat(m: Any, queue: Any, at: int, rule: BeatRule) -> bool:
    """Return whether a candidate is a beat, from what is known up to `look_ahead` after it."""
    one = queue[at]
    gap = one.at - m.last
    if gap < rule.refractory or (gap < rule.settle and one.height < rule.steep * m.height):
        return False
    for i in range(at + 1, m.waiting):
        after = queue[i].at - one.at
        if after >= min(rule.p_wave, rule.look_ahead):
            break
        if queue[i].height > (rule.greater if after < rule.complex_width else rule.taller) * one.height:
            return False
    return _is_strong(m, one, rule) or (m.beats > 0 and _is_best(m, queue, at, rule))


@njit(cache=True)
def _is_best(m: Any, queue: Any, at: int, rule: BeatRule) -> bool:
    """Return whether a weak candidate is the best there is where a beat is due: a search back, looking ahead."""
    one = queue[at]
    beats, rest = _levels(m, one.at)
    if one.at - m.last < 0.5 * m.long_interval or not _stands_over(m, one, rest + rule.weak * (beats - rest), rule):
        return False
    until = min(one.at + rule.look_ahead, m.last + 1.66 * m.long_interval)
    for i in range(at + 1, m.waiting):
        if queue[i].at > until:
            break
        if queue[i].height > one.height or _is_strong(m, queue[i], rule):
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
def _accept(m: Any, one: Any, row: Any, rule: BeatRule) -> int:
    """Take a candidate as a beat; return 1 and write it down if it, and those before it, look like beats."""
    likeness = max(0.0, _likeness(m, one)) if m.beats > 0 else 1.0
    gap = one.at - m.last
    if m.beats > 0 and gap < 3.0 and not m.gap:
        m.intervals[m.told % m.intervals.size] = gap
        m.told += 1
    confidence = _confidence(m, one, likeness, rule)
    if rule.crested and m.beats > 0 and gap > FADES and one.height < 0.5 * m.usual:
        m.heights[:] = one.height  # after so long a silence it is the beats that have become smaller
    m.heights[m.beats % m.heights.size] = one.height
    score = one.crest * likeness
    m.scores[m.beats % m.scores.size] = min(score, BEST)
    m.likes[m.beats % m.likes.size] = likeness
    _remember_shape(m, one.shape)
    m.last, m.height, m.beats, m.gap = one.at, one.height, m.beats + 1, False
    _summarise(m)
    time = _apex(m, one)
    readable = _is_crested(m, score, rule) if rule.crested else _is_even(m, rule)
    m.relearned = m.relearned and m.beats < 4 * KNOWN
    m.steady = m.steady + 1 if readable else 0
    if not readable or time <= m.emitted:
        m.lost_from, m.lost_to = min(m.lost_from, max(m.emitted, 0.0)), max(m.lost_to, time)
        return 0
    told = max(0.0, min(m.lost_to, time) - max(m.lost_from, m.emitted))
    if m.emitted > -np.inf and time - m.emitted - told > LONGEST:
        m.lost_from, m.lost_to = m.emitted, time
    row.time, row.confidence = time, confidence
    row.lost_from, row.lost_to = m.lost_from, min(m.lost_to, time)
    row.breaks = m.lost_to > m.emitted or m.emitted == -np.inf
    m.lost_from, m.lost_to, m.emitted = np.inf, -np.inf, time
    return 1


@njit(cache=True)
def _confidence(m: Any, one: Any, likeness: float, rule: BeatRule) -> float:
    """Return how alike a beat is to others, times how far it stands out, or how much it keeps their height and time."""
    if rule.crested:
        return float(likeness * min(1.0, max(0.0, 0.5 * (one.crest - 1.0))))
    height = min(one.height / m.usual, m.usual / one.height)
    off = abs((one.at - m.last) / m.interval - 1.0) if m.beats > 0 else 0.0
    return float(likeness * min(1.0, 2.0 * height) * min(1.0, max(0.0, 1.25 - off)))


@njit(cache=True)
def _is_crested(m: Any, score: float, rule: BeatRule) -> bool:
    """Return whether what was taken for beats lately stands out and looks alike, which noise does not.

    Once it does, it may become worse before it is given up; two that do so clearly are enough. The mean of the last nine,
    none counted for more than `BEST`: of beats of two sizes the small ones alone would look like noise.
    """
    known = min(m.beats, m.scores.size)
    usual = m.scores[:known].mean()
    even = m.told >= m.intervals.size and m.long_interval < 1.12 * m.short_interval
    enough = rule.closed if m.readable else rule.even if even else rule.opened
    sure = score >= rule.sure and (m.score >= 0.75 * rule.sure or (m.beats == 1 and score >= 1.25 * rule.sure))
    m.readable = usual >= enough if m.beats >= 5 else m.readable or sure
    m.score = score
    return bool(m.readable or sure)


@njit(cache=True)
def _is_even(m: Any, rule: BeatRule) -> bool:
    """Return whether what was taken for beats lately looks alike and comes evenly; movement does neither for long."""
    if m.told < 4:
        return False
    short, long = _ranked(m.intervals, m.told, 0.25), _ranked(m.intervals, m.told, 0.75)
    usual = _ranked(m.likes, m.beats, 0.5) * (1.0 - (long - short) / _ranked(m.intervals, m.told, 0.5))
    m.readable = usual >= (rule.closed if m.readable else rule.opened)
    return bool(m.readable)


@njit(cache=True)
def _apex(m: Any, one: Any) -> float:
    """Return the time of the extremum that is the larger one; of nearly equal ones, that of the usual side."""
    ratio = one.up_gain / max(one.down_gain, 1e-300)
    upright = ratio > 1.0 if not 2 / 3 < ratio < 1.5 else m.up_gain >= m.down_gain
    m.up_gain += (one.up_gain - m.up_gain) / min(m.beats, 16)
    m.down_gain += (one.down_gain - m.down_gain) / min(m.beats, 16)
    return float(one.up if upright else one.down)

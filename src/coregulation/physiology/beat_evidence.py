"""When a beat leaves: as soon as there is evidence that the signal holds a heart, and then with those before it.

Noise has no beats, but a candidate alone cannot tell. So evidence is summed up from beat to beat, as in Page's test for a
change (1954): each beat adds the log likelihood ratio of a heart against noise, and the sum never falls below zero. Until it
suffices, beats wait; when it does, all that have come since it was zero for several beats are told.

Loaded by the stages when they first run, since numba takes its time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from coregulation._kernel_cache import njit
from coregulation.physiology.beat_levels import ranked, summarise
from coregulation.physiology.beat_memory import BEST, FADES, KNOWN, LONGEST, PENDING, WAITS, BeatRule
from coregulation.physiology.beat_shapes import (
    apex_time,
    concordance_of,
    correlation,
    likeness_of,
    remember_shape,
    remember_timing,
    usual_shape,
)

# Log likelihood ratio of a heart against noise from one beat, by logistic regression on the development records, made hearts and
# made noise, each kind weighted alike (docs/accuracy.md): constant, likeness, likeness times crest, unevenness
_CONSTANT, _LIKENESS, _CRESTED, _UNEVEN = -2.8, 0.81, 0.14, -2.67
# What a beat adds per unit of variety while no heart is known: large and small beats come at any time in impulses of one form (heavy-tailed
# noise), and in a heart either sizes or intervals keep. Chosen on made noise and hearts of other seeds than the tests'
_VARIED = -2.0
_MOST_VARIED = (2.0, 1.5)  # largest log ratios of sizes and of intervals that count
_FEWEST = 4  # beats and intervals from which they are known to vary
_MOST, _LEAST = 2.0, -4.0  # what one beat can add at most, and take away
_EVEN = 0.25  # log ratio to the usual XX: hearts that fibrillate have it
_AGAIN = 0.5  # share of the evidence that is enough where there was a heart before
_TIMED = 3  # intervals after which the usual one is known
_BARREN = 4  # beats in a row without evidence after which those that wait are given up
_TOPS = 6.0  # crest beyond which a beat could not be clearer
_DOUBTS, _DRIFT = 16.0, 1.0  # evidence against a heart that it takes to give one up, and what each beat may lack


@njit(cache=True)
def emit_beat(m: Any, candidate: Any, out: Any, rule: BeatRule) -> int:
    """Take a candidate as a beat; write down it and those that waited if they come from a heart.

    Parameters
    ----------
    m
        One row of `MEMORY`; changed.
    candidate
        The beat, of `CANDIDATE`.
    out
        Of `BEAT`, longer than `PENDING`; the beats that leave are written to its beginning.
    rule
        The thresholds.

    Returns
    -------
    int
        Number of beats written.
    """
    first, likeness = m.beats == 0, max(0.0, likeness_of(m, candidate.shape)) if m.beats > 0 else 1.0
    gap = candidate.at - m.last
    ratio = _evidence(m, candidate, gap)
    chained = m.beats > 0 and gap < 3.0 and not m.gap
    confidence = _confidence(m, candidate, likeness, rule)
    if chained:
        m.intervals[m.interval_count % m.intervals.size] = gap
        m.interval_count += 1
    score = _remember(m, candidate, likeness, rule)
    number = remember_shape(m, candidate.shape)
    remember_timing(m, number, gap if chained else np.nan, candidate.spike)
    m.last, m.height, m.beats, m.gap = candidate.at, candidate.height, m.beats + 1, False
    usual = usual_shape(m)
    m.alike = correlation(m.shapes[usual], candidate.shape, True) if usual >= 0 else np.nan
    time = apex_time(m, candidate, number)
    proven = _is_proven(m, score, 0.0 if first else ratio, rule)
    m.relearned = m.relearned and m.beats < 4 * KNOWN
    m.steady = m.steady + 1 if proven else 0
    if time <= m.emitted:
        return 0
    if not proven and (rule.proof == 0.0 or m.barren >= _BARREN):
        _drop(m, time)
        return 0
    _wait(m, time, proven)
    row = m.rows[m.pending - 1]
    row.time, row.confidence, row.paced = time, confidence, m.spikes[number] > 0.5
    row.likeness = m.alike
    return _leave(m, out) if proven else 0


@njit(cache=True)
def _evidence(m: Any, candidate: Any, gap: float) -> float:
    """Return the log likelihood ratio of a heart against noise: alike in shape and size, standing out, coming evenly."""
    unlike = -np.log(1.02 - min(concordance_of(m, candidate.shape), 0.99))
    shape = _CONSTANT + unlike * (_LIKENESS + _CRESTED * min(candidate.crest, _TOPS))
    varied = _VARIED * _variety(m) if m.confirmed == -np.inf else 0.0
    return float(min(max(shape + _UNEVEN * _unevenness(m, gap) + varied, _LEAST), _MOST))


@njit(cache=True)
def _unevenness(m: Any, gap: float) -> float:
    """Return how far an interval is from the usual one, beyond what hearts do that fibrillate; below zero where those before it keep as well.

    In noise one interval in three is near the usual one, but hardly ever most of eight in a row.
    """
    if m.interval_count < _TIMED or m.gap:
        return 0.0
    off = min(abs(np.log(max(gap, 0.01) / ranked(m.intervals, m.interval_count, 0.5))), 1.5)
    spread = np.log(ranked(m.intervals, m.interval_count, 0.75) / ranked(m.intervals, m.interval_count, 0.25))
    return float(max(off, min(spread, _EVEN)) - _EVEN)


@njit(cache=True)
def _variety(m: Any) -> float:
    """Return how much sizes and intervals of the last beats vary, both at once, as impulses do: the product of two log ratios."""
    if min(m.beats, m.interval_count) < _FEWEST:
        return 0.0
    sizes = min(_log_ratio(m.heights, m.beats), _MOST_VARIED[0])
    return sizes * min(_log_ratio(m.intervals, m.interval_count), _MOST_VARIED[1])


@njit(cache=True)
def _log_ratio(values: Any, count: int) -> float:
    """Return the log of the value that a fifth exceed over that which four fifths exceed."""
    return float(np.log(ranked(values, count, 0.8) / ranked(values, count, 0.2)))


@njit(cache=True)
def _remember(m: Any, candidate: Any, likeness: float, rule: BeatRule) -> float:
    """Remember height, score and likeness; return the score."""
    if rule.crested and m.beats > 0 and candidate.at - m.last > FADES and candidate.height < 0.5 * m.usual:
        m.heights[:] = candidate.height  # after so long a silence it is the beats that have become smaller
    m.heights[m.beats % m.heights.size] = candidate.height
    score = candidate.crest * likeness
    m.scores[m.beats % m.scores.size] = min(score, BEST)
    m.likes[m.beats % m.likes.size] = likeness
    summarise(m)
    return float(score)


@njit(cache=True)
def _confidence(m: Any, candidate: Any, likeness: float, rule: BeatRule) -> float:
    """Return how alike a beat is to others, times how far it stands out, or how much it keeps their height and time."""
    if rule.crested:
        return float(likeness * min(1.0, max(0.0, 0.5 * (candidate.crest - 1.0))))
    height = min(candidate.height / m.usual, m.usual / candidate.height)
    off = abs((candidate.at - m.last) / m.interval - 1.0) if m.beats > 0 else 0.0
    return float(likeness * min(1.0, 2.0 * height) * min(1.0, max(0.0, 1.25 - off)))


@njit(cache=True)
def _is_proven(m: Any, score: float, ratio: float, rule: BeatRule) -> bool:
    """Return whether the last beats come from a heart."""
    if not rule.crested:
        return _is_even(m, rule)
    if rule.proof == 0.0:
        return _is_crested(m, score, rule)
    m.evidence = max(0.0, m.evidence + ratio)
    m.barren = 0 if m.evidence > 0.0 else m.barren + 1
    m.doubt = min(_DOUBTS, m.doubt + ratio + _DRIFT)
    usual = _mean_score(m)
    if m.proven:
        m.proven = usual >= rule.closed and m.doubt > 0.0
        m.evidence, m.barren = (m.evidence, m.barren) if m.proven else (0.0, _BARREN)
    elif m.evidence >= _needed(m, rule) and m.beats >= KNOWN and usual >= _opening(m, rule):
        m.proven, m.doubt = True, _DOUBTS
    return bool(m.proven)


@njit(cache=True)
def _needed(m: Any, rule: BeatRule) -> float:
    """Return the evidence that is needed: less where there was a heart before."""
    return rule.proof if m.confirmed == -np.inf else _AGAIN * rule.proof


@njit(cache=True)
def _mean_score(m: Any) -> float:
    """Return the mean score of the last nine beats, none counted for more than `BEST`.

    Of beats of two sizes the small ones alone would look like noise.
    """
    return float(m.scores[: min(m.beats, m.scores.size)].mean())


@njit(cache=True)
def _opening(m: Any, rule: BeatRule) -> float:
    """Return the mean score that beats must have, less if their intervals are even."""
    even = m.interval_count >= m.intervals.size and m.long_interval < 1.12 * m.short_interval
    return rule.even if even else rule.opened


@njit(cache=True)
def _is_crested(m: Any, score: float, rule: BeatRule) -> bool:
    """Return whether what was taken for beats lately stands out and looks alike; two beats that do so clearly are enough.

    Once it does, it may become worse before it is given up.
    """
    enough = rule.closed if m.proven else _opening(m, rule)
    sure = score >= rule.sure and (m.score >= 0.75 * rule.sure or (m.beats == 1 and score >= 1.25 * rule.sure))
    m.proven = _mean_score(m) >= enough if m.beats >= KNOWN else m.proven or sure
    m.score = score
    return bool(m.proven or sure)


@njit(cache=True)
def _is_even(m: Any, rule: BeatRule) -> bool:
    """Return whether what was taken for beats lately looks alike and comes evenly; movement does neither for long."""
    if m.interval_count < 4:
        return False
    short, long = ranked(m.intervals, m.interval_count, 0.25), ranked(m.intervals, m.interval_count, 0.75)
    usual = ranked(m.likes, m.beats, 0.5) * (1.0 - (long - short) / ranked(m.intervals, m.interval_count, 0.5))
    m.proven = usual >= (rule.closed if m.proven else rule.opened)
    return bool(m.proven)


@njit(cache=True)
def _drop(m: Any, time: float) -> None:
    """Take a beat and those that wait as lost."""
    m.lost_from, m.lost_to = min(m.lost_from, max(m.confirmed, 0.0)), max(m.lost_to, time)
    m.pending, m.emitted = 0, m.confirmed


@njit(cache=True)
def _wait(m: Any, time: float, proven: bool) -> None:
    """Make room for a beat among those that wait, and write down what was lost before it."""
    while m.pending == PENDING or (m.pending > 0 and not proven and time - m.rows[0].time > WAITS):
        _drop_oldest(m)
    known_lost = max(0.0, min(m.lost_to, time) - max(m.lost_from, m.emitted))
    if m.emitted > -np.inf and time - m.emitted - known_lost > LONGEST:
        m.lost_from, m.lost_to = m.emitted, time
    row = m.rows[m.pending]
    row.lost_from, row.lost_to = m.lost_from, min(m.lost_to, time)
    row.breaks = m.lost_to > m.emitted or m.emitted == -np.inf
    m.lost_from, m.lost_to, m.emitted = np.inf, -np.inf, time
    m.pending += 1


@njit(cache=True)
def _drop_oldest(m: Any) -> None:
    """Take the oldest beat that waits as lost."""
    end = m.rows[0].time
    for i in range(1, m.pending):
        m.rows[i - 1] = m.rows[i]
    m.pending -= 1
    if m.pending == 0:
        m.lost_from, m.lost_to = min(m.lost_from, max(m.confirmed, 0.0)), max(m.lost_to, end)
        m.emitted = m.confirmed
        return
    m.rows[0].breaks, m.rows[0].lost_from, m.rows[0].lost_to = True, max(m.confirmed, 0.0), m.rows[0].time


@njit(cache=True)
def _leave(m: Any, out: Any) -> int:
    """Write down all beats that waited."""
    for i in range(m.pending):
        out[i] = m.rows[i]
    count, m.pending, m.confirmed = m.pending, 0, m.emitted
    return int(count)

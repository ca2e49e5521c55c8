"""RR cleaning: which beats and intervals cannot be trusted, marked and never deleted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

import numpy as np

from coregulation.physiology.beats import Beat, beat_stream
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.reasons import Reason, because
from coregulation.signals import Beats, Floats, Signal, Window
from coregulation.stage import Piece, run

WINDOW = 91  # intervals that say what is usual (Lipponen & Tarvainen 2019)
AHEAD = 2  # beats that must be known after the one that is judged
FIRST = 30  # beats that are judged together at the beginning
WARNS = 0.05  # share of marked beats (0 to 1) beyond which HRV is to be read with care (our choice)
REFUSES = 0.20  # share beyond which no HRV is computed (our choice)


class Artefact(Enum):
    """What is wrong with a beat, or with the interval that ends at it."""

    MISSED = "missed"  # one or more beats were not found in the interval
    EXTRA = "extra"  # the beat is none
    ECTOPIC = "ectopic"  # the beat came early or late, and the next one where it was due
    LONG = "long"  # the interval is too long, and no missed beat explains it
    SHORT = "short"  # the interval is too short, and no extra beat explains it


@dataclass(frozen=True, slots=True)
class JudgedBeat(Beat):
    """A beat, and what is wrong with it: `ok` and `breaks` include the judgement, `artefact` gives its kind.

    Parameters
    ----------
    time
        Session time of the beat, in s.
    confidence
        0 to 1, from the detector; not a probability.
    ok
        False where the beat cannot be trusted.
    breaks
        True where the interval that ends here cannot be trusted.
    lost
        The span in which the signal could not be read since the last beat; None if there was none.
    artefact
        What is wrong with the beat or its interval; None where nothing is.
    median
        The usual interval here, in s: the median of the last sound ones; NaN where it is not known.
    """

    artefact: Artefact | None = None
    median: float = math.nan


class _Neighbourhood(NamedTuple):
    """One RR interval, its neighbours, the usual interval and the threshold of an unusual change; all in s."""

    before: float
    here: float
    after: float
    later: float
    median: float
    change: float
    level: float


class _Explanation(NamedTuple):
    """What is wrong with a beat, and how far the beat in its place stands from the one before (s)."""

    artefact: Artefact | None
    shift: float = math.nan


class _ChainState(NamedTuple):
    """The last beat that counts and the interval before it (s), the last sound intervals (s), and which of the last beats had a fault."""

    anchor: float = math.nan
    before: float = math.nan
    sound: tuple[float, ...] = ()
    faults: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class _State:
    """The beats still needed, how many were seen and judged, and the chain of those that count."""

    held: tuple[Beat, ...] = ()
    seen: int = 0
    judged: int = 0
    chain: _ChainState = field(default_factory=_ChainState)


@dataclass(frozen=True, slots=True)
class RrCleaning:
    """Judge each beat by the intervals around it, the same live and offline.

    After Lipponen & Tarvainen (2019, J Med Eng Technol 43:173-181): what is usual comes from the quartile deviation of
    91 successive differences and a running median of 11 intervals. Where we depart, and by how much (simulated hours
    with breathing, white and 1/f intervals, 3 % of the beats damaged; the hearts of tests/physiology/test_rr.py):

    - Both windows end two beats after the one that is judged instead of being centred, so that live is offline; the
      first 30 beats are judged together.
    - A change must exceed 8 quartile deviations instead of 5.2, at least 10 % and at most 35 % of the median: with 5.2
      our rule marks 1 in 140 beats of a clean white series and takes 3.1 % off its RMSSD, with 8 1 in 3,000 and 0.2 %.
    - No iteration: of all the ways in which beats may be missing, extra or displaced in this interval and the next two, the one
      that leaves the chain smoothest is taken (each fault costs half an interval, a displaced beat the usual change). What an
      interval should be comes from the last sound ones, so up to five faults in ten beats do not become the rule.
    - Nothing is moved or put in but in `CleanedBeats.corrected`, where it stays marked.

    References
    ----------
    Lipponen, J. A. & Tarvainen, M. P. (2019), J Med Eng Technol 43:173, doi:10.1080/03091902.2019.1640306
    """

    @property
    def delay(self) -> float:
        """Two beats, at 30 beats per minute (s). `until` of each piece is exact."""
        return 4.0

    def start(self) -> _State:
        """Know nothing."""
        return _State()

    def step(self, state: _State, piece: Piece[tuple[Beat, ...]]) -> tuple[_State, Piece[tuple[JudgedBeat, ...]]]:
        """Judge each beat that has two after it."""
        held, seen = state.held + tuple(piece.data), state.seen + len(piece.data)
        new = _State(held, seen, state.judged, state.chain)
        return _judged(new, seen - AHEAD if seen >= FIRST else state.judged)

    def finish(self, state: _State) -> Piece[tuple[JudgedBeat, ...]]:
        """Judge the last beats from what there is."""
        _, piece = _judged(state, state.seen)
        return Piece(piece.data, math.inf)


def _judged(state: _State, upto: int) -> tuple[_State, Piece[tuple[JudgedBeat, ...]]]:
    """Judge the beats before number `upto`; keep those that a window still needs."""
    offset = state.seen - len(state.held)
    if upto <= state.judged:
        return state, Piece((), _until(state, offset))
    times = np.array([beat.time for beat in state.held])
    broken = np.array([beat.breaks for beat in state.held])
    rr = np.where(broken, np.nan, times - _before(times))
    median, change = _usual(rr, np.arange(state.judged, upto) - offset, offset)
    rows = zip(range(state.judged - offset, upto - offset), median.tolist(), change.tolist(), strict=True)
    chain, out = _Chain(state.chain), []
    for i, usual, allowed in rows:
        after, later = (float(rr[i + k]) if i + k < len(rr) else math.nan for k in (1, 2))
        out.append(chain.judge(state.held[i], after, later, usual, allowed))
    keep = max(0, upto - offset - WINDOW)
    new = _State(state.held[keep:], state.seen, upto, chain.state)
    return new, Piece(tuple(out), _until(new, state.seen - len(new.held)))


def _until(state: _State, offset: int) -> float:
    """Return the time of the first beat that is not judged yet; before it nothing will change."""
    if state.judged < state.seen:
        return state.held[state.judged - offset].time
    return state.held[-1].time if state.held else -math.inf


def _usual(rr: Floats, which: np.ndarray, offset: int) -> tuple[Floats, Floats]:
    """Return the running median of 11 intervals, and the change between two that is none of the usual ones, in s."""
    last = np.minimum(np.maximum(which + AHEAD, FIRST - 1 - offset), len(rr) - 1)
    low, high = _quantiles(np.abs(rr - _before(rr)), last, WINDOW, (0.25, 0.75))
    middle = np.minimum(np.maximum(which + AHEAD, 10 - offset), len(rr) - 1)
    (median,) = _quantiles(rr, middle, 11, (0.5,))
    change = np.clip(4.0 * (high - low), 0.1 * median, 0.35 * median)
    return median, np.where(np.isnan(change), 0.35 * median, change)


def _before(values: Floats) -> Floats:
    """Return the value before each; NaN before the first."""
    before = np.empty(len(values))
    before[:1], before[1:] = np.nan, values[:-1]
    return before


def _quantiles(values: Floats, last: np.ndarray, size: int, shares: Sequence[float]) -> list[Floats]:
    """Return quantiles of the `size` values that end at each of some positions, those missing passed over."""
    index = last[:, None] - np.arange(size)
    rows = np.where(index >= 0, values[np.maximum(index, 0)], np.nan)
    rows.sort(axis=1)
    most = np.maximum(np.isfinite(rows).sum(axis=1) - 1, 0)
    each_row = np.arange(len(rows))
    out = []
    for share in shares:
        position = share * most
        low = position.astype(int)
        below, above = rows[each_row, low], rows[each_row, np.minimum(low + 1, most)]
        out.append(below + (position - low) * (above - below))
    return out


@dataclass(slots=True)
class _Chain:
    """The chain of beats that count, while it is followed."""

    state: _ChainState

    def judge(self, beat: Beat, after: float, later: float, median: float, change: float) -> JudgedBeat:
        """Judge the next beat, and go on from it unless it is none; from its place if it was displaced."""
        anchor, before, sound, faults = self.state
        here = math.nan if beat.breaks else beat.time - anchor
        if sum(faults) > _MAX_FAULTS or (beat.breaks and not beat.time - anchor <= _FORGETS):
            sound, faults = (), ()
        usual = _middle(sound) if len(sound) >= _MIN_SOUND else median
        level = usual if math.isnan(before) else (before + usual) / 2
        known = beat.ok and not math.isnan(here) and not math.isnan(median)
        around = _Neighbourhood(before, here, after, later, usual, change, level)
        artefact, shift = _explain(around) if known else _Explanation(None)
        if artefact is Artefact.ECTOPIC:
            anchor, before = anchor + shift, math.nan
        elif artefact is not Artefact.EXTRA:
            # an interval from a beat that the detector doubts says nothing; it is left out anyway
            anchor, before = beat.time if beat.ok else math.nan, here if known and artefact is None else math.nan
        if known and artefact is None:
            sound = (*sound, here)[-_SOUND:]
        if known:
            faults = (*faults, artefact is not None)[-_JUDGED:]
        self.state = _ChainState(anchor, before, sound, faults)
        ok = beat.ok and artefact not in _NO_BEAT
        breaks = beat.breaks or artefact in _NO_INTERVAL
        return JudgedBeat(beat.time, beat.confidence, ok, breaks, beat.lost, artefact, usual)


_NO_BEAT = (Artefact.EXTRA, Artefact.ECTOPIC, Artefact.SHORT)
_NO_INTERVAL = (Artefact.MISSED, Artefact.LONG)
_SOUND = 5  # sound intervals whose median is the usual one: so few that it follows a change
_MIN_SOUND = 3  # of them that must be known
_JUDGED, _MAX_FAULTS = 12, 5  # of so many beats, more faults than this mean that it is the rhythm that has changed
_UNLIKE = 0.3  # share of the level by which an interval may differ from it unexplained (our choice; RSA of the young reaches 0.25)
_CHANGED = (
    0.6,
    1.6,
)  # of the level: as far as a heart may change at once, safely away from half and from twice as fast
_FORGETS = 30.0  # s of a gap after which what was usual before it is given up
_GROUPS = {1: ((1,),), 2: ((1, 1), (2,)), 3: ((1, 1, 1), (2, 1), (1, 2), (3,))}  # ways to join neighbouring intervals


def _explain(a: _Neighbourhood) -> _Explanation:
    """Return what is wrong with a beat: that which makes the chain smoothest, if it does so by more than a usual change."""
    intervals = [x for x in (a.here, a.after, a.later) if not math.isnan(x)]
    if math.isnan(a.after):
        intervals = intervals[:1]
    if _rough(a.level, *intervals) <= a.change or _has_changed(a):
        return _Explanation(_long_or_short(a))
    best, cost = _Explanation(None), math.inf
    for groups in _GROUPS[len(intervals)]:
        explanation, total = _explained(intervals, groups, a)
        if total < cost:
            best, cost = explanation, total
    return best if best.artefact is not None else _Explanation(_long_or_short(a) or _unexplained(a))


def _has_changed(a: _Neighbourhood) -> bool:
    """Return whether this interval and the next two agree on a new level: a heart that changed, not one half or twice as fast."""
    apart = max(abs(a.here - a.after), abs(a.after - a.later))  # NaN where one is not known, and no change then
    return apart <= a.change and _CHANGED[0] < a.here / a.level < _CHANGED[1]


def _unexplained(a: _Neighbourhood) -> Artefact | None:
    """Return whether an interval is too far from the level for a heart, so that no rate is made of what nothing explains."""
    least = max(a.change, _UNLIKE * a.level)
    if abs(a.here - a.level) <= least:
        return None
    return Artefact.LONG if a.here > a.level else Artefact.SHORT


def _explained(intervals: Sequence[float], groups: Sequence[int], a: _Neighbourhood) -> tuple[_Explanation, float]:
    """Return what one way to join intervals, and to divide what was joined, says of the first beat, and what it costs (s)."""
    first, total, at = _Explanation(None), 0.0, 0
    for number, size in enumerate(groups):
        whole = sum(intervals[at : at + size])
        count = _count(whole, a.level, size)
        total += count * abs(whole / count - a.level) + _penalty(size, count, a)
        if number == 0:
            first = _first(intervals, size, count, whole)
        at += size
    return first, total


def _count(whole: float, level: float, size: int) -> int:
    """Return into how many intervals a stretch is best divided; a lone interval is only if that makes it smoother."""
    count = min(10, max(1, round(whole / level)))
    return count if size > 1 or whole - level > abs(whole / count - level) * count else 1


def _penalty(size: int, count: int, a: _Neighbourhood) -> float:
    """Return what the faults behind joining `size` intervals and making `count` of them cost (s)."""
    displaced = min(size, count) - 1 if size > 1 else 0
    return abs(size - count) * max(a.change, 0.5 * a.level) + displaced * a.change


def _first(intervals: Sequence[float], size: int, count: int, whole: float) -> _Explanation:
    """Return what is wrong with the beat that ends the first of `size` joined intervals of which there should be `count`."""
    if size == 1:
        return _Explanation(Artefact.MISSED if count > 1 else None)
    shift = whole / count
    if count == 1 or (count < size and abs(intervals[0] + intervals[1] - shift) < abs(intervals[0] - shift)):
        return _Explanation(Artefact.EXTRA)
    return _Explanation(Artefact.ECTOPIC, shift)


def _middle(values: Sequence[float]) -> float:
    """Return the median of a few values."""
    ordered, half = sorted(values), len(values) // 2
    return (ordered[half] + ordered[~half]) / 2


def _rough(level: float, *intervals: float) -> float:
    """Return by how much intervals differ from a level, in sum (s)."""
    return sum(abs(interval - level) for interval in intervals)


def _long_or_short(a: _Neighbourhood) -> Artefact | None:
    """Return whether an interval stands out from both neighbours and from the median."""
    near = [value for value in (a.before, a.after, a.median) if not math.isnan(value)]
    if a.here > max(near) + a.change:
        return Artefact.LONG
    return Artefact.SHORT if a.here < min(near) - a.change else None


@dataclass(frozen=True, slots=True, eq=False)
class CleanedBeats:
    """Beats after cleaning.

    Parameters
    ----------
    beats
        Every beat that came, marked: `ok` is False where the beat cannot be trusted, `breaks` True where the interval
        before it cannot. `beats.nn` is what RMSSD and its kin are made of.
    artefacts
        What is wrong with each beat, or None.
    corrected
        A series without holes for what needs one (spectra, a heart rate to look at): extra beats left out, displaced
        ones between their neighbours, one missed beat put in, each of them still marked not ok. What is longer than 3 s
        or three beats stays a gap.
    """

    beats: Beats
    artefacts: tuple[Artefact | None, ...]
    corrected: Beats = field(repr=False)

    @property
    def share(self) -> float:
        """Share of the beats with something wrong, 0 to 1."""
        return sum(artefact is not None for artefact in self.artefacts) / max(1, len(self.artefacts))

    def count(self, artefact: Artefact) -> int:
        """How many beats have this wrong with them."""
        return sum(one is artefact for one in self.artefacts)

    @property
    def warning(self) -> Reason | None:
        """Why any HRV made of these beats has to be read with care; None where it has not."""
        return because(PhysiologyReason.MANY_ARTEFACTS, share=self.share) if self.share > WARNS else None

    @property
    def refusal(self) -> Reason | None:
        """Why no HRV is made of these beats; None where it can be."""
        if self.share <= REFUSES:
            return None
        return because(PhysiologyReason.TOO_MANY_ARTEFACTS, share=self.share, allowed=REFUSES, count=len(self.beats))


def clean_beats(beats: Beats) -> CleanedBeats:
    """Clean a whole recording's beats: run the stage `RrCleaning` to the end.

    Parameters
    ----------
    beats
        Session times in s, with `ok` and `breaks`.

    Returns
    -------
    CleanedBeats
        Every beat, marked, what is wrong with each, and a corrected series.
    """
    return gather_beats(run(RrCleaning(), [Piece(beat_stream(beats), math.inf)]))


def gather_beats(pieces: Iterable[Piece[tuple[JudgedBeat, ...]]]) -> CleanedBeats:
    """Collect a stream of judged beats in arrays.

    Parameters
    ----------
    pieces
        What `RrCleaning` returned, in order of time.

    Returns
    -------
    CleanedBeats
        Every beat, marked, what is wrong with each, and a corrected series.
    """
    found = [beat for piece in pieces for beat in piece.data]
    return CleanedBeats(_as_beats(found), tuple(beat.artefact for beat in found), _corrected(found))


def _as_beats(found: Sequence[Beat]) -> Beats:
    columns = ([beat.time for beat in found], [beat.ok for beat in found], [beat.breaks for beat in found])
    return Beats(np.array(columns[0], float), np.array(columns[1], bool), np.array(columns[2], bool))


_MAX_GAP = 3.0  # s


def _corrected(found: Sequence[JudgedBeat]) -> Beats:
    """Leave out extra beats, centre displaced ones, put in one missed beat; all still marked."""
    kept = [beat for beat in found if beat.artefact is not Artefact.EXTRA]
    out: list[Beat] = []
    for i, beat in enumerate(kept):
        before = kept[i - 1].time if i else math.nan
        if beat.artefact is Artefact.MISSED and beat.time - before <= _MAX_GAP:
            parts = round((beat.time - before) / beat.median)
            times = [before + k * (beat.time - before) / parts for k in range(1, parts)]
            out += [Beat(time, 0.0, ok=False) for time in times]
            out.append(Beat(beat.time, beat.confidence))
        elif beat.artefact is Artefact.ECTOPIC and 0 < i < len(kept) - 1 and not kept[i + 1].breaks:
            out.append(Beat((before + kept[i + 1].time) / 2, beat.confidence, ok=False))
        else:
            out.append(beat)
    return _as_beats(out)


def synthesised_minutes(beats: Beats, heart_rate: Signal) -> tuple[Window, ...]:
    """Find the minutes in which a strap computed its RR from its heart rate instead of measuring them.

    Such RR are 60 / rate, to within 1.5 ms, for more than 90 % of the beats of a minute (at least ten beats); their
    variability says nothing.

    Parameters
    ----------
    beats
        Session times in s.
    heart_rate
        The strap's own heart rate, in 1/min; NaN where missing.

    Returns
    -------
    tuple of Window
        Whole minutes of session time, in order.
    """
    index = np.rint((beats.times - heart_rate.start) * heart_rate.rate).astype(int)
    there = (index >= 0) & (index < len(heart_rate))
    rate = np.where(there, heart_rate.values[np.clip(index, 0, max(0, len(heart_rate) - 1))], np.nan)
    with np.errstate(divide="ignore"):
        gap = np.abs(beats.rr - 60.0 / rate)
    windows = []
    for minute in np.unique(np.floor(beats.times / 60.0)).tolist():
        inside = (np.floor(beats.times / 60.0) == minute) & np.isfinite(gap)
        if inside.sum() >= 10 and (gap[inside] < 0.0015).mean() > 0.9:
            windows.append(Window(60.0 * minute, 60.0 * minute + 60.0))
    return tuple(windows)

"""RR cleaning: which beats and intervals cannot be trusted, marked and never deleted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from coregulation.physiology.beat_class import classify_beat
from coregulation.physiology.beats import Beat
from coregulation.physiology.judged_beats import Artefact, BeatClass, JudgedBeat
from coregulation.physiology.rr_explanation import Explanation, Neighbourhood, explain_interval, middle_of
from coregulation.signals import Floats
from coregulation.stage import Piece

WINDOW = 91  # intervals that say what is usual (Lipponen & Tarvainen 2019)
AHEAD = 2  # beats that must be known after the one that is judged
FIRST = 30  # beats that are judged together at the beginning
WARNS = 0.05  # share of marked beats (0 to 1) beyond which HRV is to be read with care (our choice)
REFUSES = 0.20  # share beyond which no HRV is computed (our choice)


class _ChainState(NamedTuple):
    """The last beat that counts and the interval before it (s), the last sound intervals (s), which of the last beats had a fault, and how alike normal ones are."""

    anchor: float = math.nan
    before: float = math.nan
    sound: tuple[float, ...] = ()
    faults: tuple[bool, ...] = ()
    typical: float = 0.9


@dataclass(frozen=True, slots=True)
class _State:
    """The beats still needed, how many were seen and judged, and the chain of those that count."""

    waiting: tuple[Beat, ...] = ()
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
        waiting, seen = state.waiting + tuple(piece.data), state.seen + len(piece.data)
        new = _State(waiting, seen, state.judged, state.chain)
        return _judged(new, seen - AHEAD if seen >= FIRST else state.judged)

    def finish(self, state: _State) -> Piece[tuple[JudgedBeat, ...]]:
        """Judge the last beats from what there is."""
        _, piece = _judged(state, state.seen)
        return Piece(piece.data, math.inf)


def _judged(state: _State, upto: int) -> tuple[_State, Piece[tuple[JudgedBeat, ...]]]:
    """Judge the beats before number `upto`; keep those that a window still needs."""
    offset = state.seen - len(state.waiting)
    if upto <= state.judged:
        return state, Piece((), _until(state, offset))
    times = np.array([beat.time for beat in state.waiting])
    broken = np.array([beat.breaks for beat in state.waiting])
    rr = np.where(broken, np.nan, times - _before(times))
    median, change = _usual(rr, np.arange(state.judged, upto) - offset, offset)
    rows = zip(range(state.judged - offset, upto - offset), median.tolist(), change.tolist(), strict=True)
    chain, out = _Chain(state.chain), []
    for i, usual, allowed in rows:
        after, later = (float(rr[i + k]) if i + k < len(rr) else math.nan for k in (1, 2))
        out.append(chain.judge(state.waiting[i], after, later, usual, allowed))
    keep = max(0, upto - offset - WINDOW)
    new = _State(state.waiting[keep:], state.seen, upto, chain.state)
    return new, Piece(tuple(out), _until(new, state.seen - len(new.waiting)))


def _until(state: _State, offset: int) -> float:
    """Return the time of the first beat that is not judged yet; before it nothing will change."""
    if state.judged < state.seen:
        return state.waiting[state.judged - offset].time
    return state.waiting[-1].time if state.waiting else -math.inf


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
        anchor, before, sound, faults, typical = self.state
        here = math.nan if beat.breaks else beat.time - anchor
        if sum(faults) > _MAX_FAULTS or (beat.breaks and not beat.time - anchor <= _FORGETS):
            sound, faults = (), ()
        usual = middle_of(sound) if len(sound) >= _MIN_SOUND else median
        level = usual if math.isnan(before) else (before + usual) / 2
        known = beat.ok and not math.isnan(here) and not math.isnan(median)
        around = Neighbourhood(before, here, after, later, usual, change, level)
        artefact, shift = explain_interval(around) if known else Explanation(None)
        if artefact is Artefact.ECTOPIC:
            anchor, before = anchor + shift, math.nan
        elif artefact is not Artefact.EXTRA:
            # an interval from a beat that the detector doubts says nothing; it is left out anyway
            anchor, before = beat.time if beat.ok else math.nan, here if known and artefact is None else math.nan
        if known and artefact is None:
            sound = (*sound, here)[-_SOUND:]
        if known:
            faults = (*faults, artefact is not None)[-_JUDGED:]
        category, certainty = classify_beat(beat, artefact, here, after, usual, typical)
        if category is BeatClass.NORMAL and not math.isnan(beat.likeness):
            typical += (beat.likeness - typical) / _SHAPES
        self.state = _ChainState(anchor, before, sound, faults, typical)
        ok = beat.ok and artefact not in _NO_BEAT and category is BeatClass.NORMAL
        breaks = beat.breaks or artefact in _NO_INTERVAL
        return JudgedBeat(
            beat.time,
            beat.confidence,
            ok,
            breaks,
            beat.lost,
            beat.likeness,
            beat.is_paced,
            artefact,
            usual,
            category,
            certainty,
        )


_NO_BEAT = (Artefact.EXTRA, Artefact.ECTOPIC, Artefact.SHORT)
_NO_INTERVAL = (Artefact.MISSED, Artefact.LONG)
_SHAPES = 20.0  # normal beats over which their likeness is averaged
_SOUND = 5  # sound intervals whose median is the usual one: so few that it follows a change
_MIN_SOUND = 3  # of them that must be known
_JUDGED, _MAX_FAULTS = 12, 5  # of so many beats, more faults than this mean that it is the rhythm that has changed
_FORGETS = 30.0  # s of a gap after which what was usual before it is given up

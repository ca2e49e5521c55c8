"""Judged beats to beats that everything after may use: the rules for lost beats as a stage, the same live and over a file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from coregulation.physiology.cleaned_beats import as_beats, gather_beats
from coregulation.physiology.fault_clusters import AROUND, BESIDE, MARGIN, sudden_intervals
from coregulation.physiology.judged_beats import JudgedBeat
from coregulation.physiology.level_beats import LevelChain, level_stretch
from coregulation.signals import Beats
from coregulation.stage import Piece

_AHEAD = max(MARGIN, BESIDE)  # beats before a fault that it makes doubtful
_QUIET = AROUND + BESIDE + 1  # beats after a fault, none of them one, after which nothing new is learned of it
_HORIZON = 2 * (AROUND + MARGIN) + 2  # beats after which nothing new is learned of a beat, whatever they are
_CONTEXT = 4 * AROUND  # beats before one that what is known of it depends on, and some more


@dataclass(frozen=True, slots=True, eq=False)
class SettledBeats:
    """Beats of which nothing new will be learned.

    Parameters
    ----------
    trusted
        Every beat, marked, as in `CleanedBeats.beats`: for variability.
    level
        As from `level_beats`: for a heart rate.
    """

    trusted: Beats
    level: Beats


@dataclass(frozen=True, slots=True)
class _State:
    """The beats still needed, how many of them have left, and the chain of those for a level."""

    beats: tuple[JudgedBeat, ...] = ()
    count: int = 0
    chain: LevelChain = field(default_factory=LevelChain)


@dataclass(frozen=True, slots=True)
class BeatSettling:
    """Tell judged beats once no later beat can change what is known of them.

    Beside a fault that takes until it is clear that no other follows: some fourteen beats. Without one it takes three.
    """

    @property
    def delay(self) -> float:
        """Three beats, at 30 beats per minute (s); `until` of each piece says how late it is beside a fault."""
        return 2.0 * _AHEAD

    def start(self) -> _State:
        """Know nothing."""
        return _State()

    def step(self, state: _State, piece: Piece[tuple[JudgedBeat, ...]]) -> tuple[_State, Piece[SettledBeats]]:
        """Tell the beats that these settle."""
        return _settled(state.beats + tuple(piece.data), state, is_last=False)

    def finish(self, state: _State) -> Piece[SettledBeats]:
        """Tell the last beats from what there is."""
        return Piece(_settled(state.beats, state, is_last=True)[1].data, math.inf)


def _settled(beats: tuple[JudgedBeat, ...], state: _State, is_last: bool) -> tuple[_State, Piece[SettledBeats]]:
    """Tell the beats that are settled, or all that are left."""
    end = len(beats) if is_last else max(state.count, count_settled(beats, state.count))
    if end == state.count:
        return _State(beats, state.count, state.chain), Piece(SettledBeats(_NONE, _NONE), _until(state.chain))
    cleaned = gather_beats([Piece(beats, math.inf)])
    level, chain = level_stretch(cleaned, state.chain, state.count, end)
    new = _State(beats[max(0, end - _CONTEXT) :], min(end, _CONTEXT), chain)
    return new, Piece(SettledBeats(_part(cleaned.beats, state.count, end), level), _until(chain))


def count_settled(beats: Sequence[JudgedBeat], first: int) -> int:
    """Count the beats at the beginning of which nothing new will be learned.

    Parameters
    ----------
    beats
        Judged beats in order of time.
    first
        Number of the first that is in question.

    Returns
    -------
    int
        Number of the first beat that a later one may still change.
    """
    faults = _faults(beats)
    end = first
    while end + _AHEAD < len(beats) and _is_settled(faults, end, len(beats)):
        end += 1
    return end


def _faults(beats: Sequence[JudgedBeat]) -> list[int]:
    """Return the beats with a fault, and those after intervals of which it is not known yet whether the heart has changed."""
    nn = as_beats(beats).nn
    artefacts, usual = [beat.artefact for beat in beats], np.array([beat.median for beat in beats])
    marked = {k for k, artefact in enumerate(artefacts) if artefact is not None}
    return sorted(marked.union(sudden_intervals(nn, artefacts, usual).tolist()))


def _is_settled(faults: Sequence[int], i: int, known: int) -> bool:
    """Return whether the faults that reach a beat are over, or too far back to matter."""
    near = [fault for fault in faults if i - _QUIET <= fault <= i + _AHEAD]
    if not near or known > i + _HORIZON:
        return True
    last = near[-1]
    for fault in faults:
        last = fault if last < fault < last + _QUIET else last
    return known > last + _QUIET


def _until(chain: LevelChain) -> float:
    """Return the time up to which nothing will be put in any more."""
    return -math.inf if math.isnan(chain.before) else chain.before


def _part(beats: Beats, first: int, end: int) -> Beats:
    assert beats.ok is not None
    assert beats.breaks is not None
    return Beats(beats.times[first:end], beats.ok[first:end], beats.breaks[first:end])


_NONE = Beats(np.empty(0))

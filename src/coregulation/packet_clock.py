"""When a strap's beats were: rebuilt from its intervals, never from when a packet happened to arrive.

A strap sends some intervals about once a second and stamps nothing. Beats lie at an anchor plus the sum of the intervals;
the anchor is the lower envelope of (arrival − sum), since strap, radio and operating system can only be late. Where a
packet may have been lost the chain breaks and a new anchor begins; nothing is bridged. A live room and the readers of files
both place beats by it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from coregulation.stage import Piece

ANCHOR = 12  # packets from which the first anchor of a chain is taken
ENVELOPE = 60  # packets whose envelope is followed afterwards
MISSING = 1.6  # usual times between packets without one, and one was lost, unless the next shows it was only late
JUMP = 0.6  # of the usual interval, beyond the one interval by which the envelope lies below: beats were lost unseen
DELAY_SD = 0.35  # s: what two makes of strap may differ in their own delay, which nothing here can see
SLEW = 1e-3  # s a second by which beats may follow the envelope: less than a strap's 1/1024 s in each interval


@dataclass(frozen=True, slots=True)
class ArrivedIntervals:
    """A packet: when it came (session clock, s) and the intervals in it (s); one without intervals counts as well."""

    at: float
    rr: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PlacedBeat:
    """When a beat was (session clock, s), and whether others may have been lost before it."""

    time: float
    breaks: bool = False


@dataclass(frozen=True, slots=True)
class _Chain:
    """One unbroken chain: what waits, the sum so far, and what was usual lately."""

    waiting: tuple[ArrivedIntervals, ...] = ()
    sum: float = 0.0
    anchor: float | None = None  # None: too few packets yet
    differences: tuple[float, ...] = ()
    before: float = -math.inf  # when the packet before those that wait came
    spacing: tuple[float, ...] = ()
    intervals: tuple[float, ...] = ()
    last: float = -math.inf  # the last beat placed, of this chain or of one before


@dataclass(frozen=True, slots=True)
class PacketClock:
    """Packets to beats, with a break wherever intervals may be missing.

    Parameters
    ----------
    first
        Packets from which the first anchor of a chain is taken.
    envelope
        Packets whose envelope is followed afterwards.
    judges
        Whether the time between packets and their place tell where one was lost; off where a file told it already.

    Of the error, after the chain's first packets, the standard deviation is measured in tests/test_packet_clock.py (1 s
    packing, 20 ms + exp(20 ms) of delay, 2 % of packets late by exp(300 ms)). A constant delay, which differs between makes
    of strap, cannot be seen from here.
    """

    first: int = ANCHOR
    envelope: int = ENVELOPE
    judges: bool = True

    @property
    def delay(self) -> float:
        """The packets that make an anchor, at one a second; later one packet at most, where one may have been lost."""
        return float(self.first)

    def start(self) -> _Chain:
        """Know nothing."""
        return _Chain()

    def step(
        self, state: _Chain, piece: Piece[Sequence[ArrivedIntervals]]
    ) -> tuple[_Chain, Piece[tuple[PlacedBeat, ...]]]:
        """Place the beats of the packets that came.

        Parameters
        ----------
        state
            As `start` or the step before returned it.
        piece
            Packets with their arrival (s) and their intervals.

        Returns
        -------
        tuple
            The new state, and the beats placed on session time (s).
        """
        out: list[PlacedBeat] = []
        for packet in piece.data:
            state = _taken(self, state, packet, out)
        return state, Piece(tuple(out), state.last)

    def finish(self, state: _Chain) -> Piece[tuple[PlacedBeat, ...]]:
        """Place what still waits."""
        out: list[PlacedBeat] = []
        _ended(self, state, len(state.waiting), out)
        return Piece(tuple(out), math.inf)


def _taken(clock: PacketClock, state: _Chain, packet: ArrivedIntervals, out: list[PlacedBeat]) -> _Chain:
    """Add a packet; the one before it is judged by it, so the newest of a chain waits only where it came late."""
    state = replace(state, waiting=(*state.waiting, packet))
    cut = _lost_before(clock, state)
    if cut is not None:
        fresh = _ended(clock, state, cut, out)
        return _ready(clock, replace(fresh, waiting=state.waiting[cut:]), out)
    return _ready(clock, state, out)


def _ready(clock: PacketClock, state: _Chain, out: list[PlacedBeat]) -> _Chain:
    if state.anchor is None and sum(bool(packet.rr) for packet in state.waiting) < clock.first:
        return state
    if len(state.waiting) and _is_late(clock, state, len(state.waiting) - 1):
        return state
    return _placed(clock, state, out)


def _gaps(state: _Chain) -> list[float]:
    times = [state.before, *(packet.at for packet in state.waiting)]
    return [after - before for before, after in itertools.pairwise(times)]


def _limit(clock: PacketClock, state: _Chain) -> float:
    if not clock.judges:
        return math.inf
    known = [*state.spacing, *(gap for gap in _gaps(state) if math.isfinite(gap))]
    return MISSING * median(known) if known else math.inf


def _is_late(clock: PacketClock, state: _Chain, number: int) -> bool:
    gap = _gaps(state)[number]
    return math.isfinite(gap) and gap > _limit(clock, state)


def _lost_before(clock: PacketClock, state: _Chain) -> int | None:
    """Return the waiting packet before which something was lost, once the packet after it has told."""
    gaps, limit = _gaps(state), _limit(clock, state)
    for number in range(len(gaps) - 1):
        late = math.isfinite(gaps[number]) and gaps[number] > limit
        if late and gaps[number] + gaps[number + 1] > limit * (1 + 1 / MISSING):
            return number
    if math.isfinite(gaps[-1]) and gaps[-1] > limit * (1 + 1 / MISSING):
        return len(gaps) - 1
    return _jump(clock, state)


def _jump(clock: PacketClock, state: _Chain) -> int | None:
    """Return the newest packet's number if its intervals lie where they cannot: earlier than ever, or far too late."""
    if state.anchor is None or not clock.judges or not state.waiting[-1].rr:
        return None
    usual = median([*state.intervals, *state.waiting[-1].rr])
    aside = _differences(state)[-1] - state.anchor
    return len(state.waiting) - 1 if aside < -JUMP * usual or aside > (2 + JUMP) * usual else None


def _differences(state: _Chain) -> list[float]:
    out, total = [], state.sum
    for packet in state.waiting:
        total += sum(packet.rr)
        if packet.rr:
            out.append(packet.at - total)
    return out


def _ended(clock: PacketClock, state: _Chain, cut: int, out: list[PlacedBeat]) -> _Chain:
    """Place what waits before a packet and return an empty chain."""
    ended = _placed(clock, replace(state, waiting=state.waiting[:cut]), out)
    return _Chain(last=ended.last, spacing=state.spacing)


def _placed(clock: PacketClock, state: _Chain, out: list[PlacedBeat]) -> _Chain:
    """Place every waiting beat; the anchor follows the envelope as slowly as a clock drifts."""
    intervals = [rr for packet in state.waiting for rr in packet.rr]
    gaps = tuple(gap for gap in _gaps(state) if math.isfinite(gap)) if state.waiting else ()
    spacing = (*state.spacing, *gaps)[-ANCHOR:]
    before = state.waiting[-1].at if state.waiting else state.before
    if not intervals:
        return replace(state, waiting=(), spacing=spacing, before=before)
    differences = (*state.differences, *_differences(state))[-clock.envelope :]
    begins = state.anchor is None
    anchor = min(differences) if state.anchor is None else state.anchor
    anchor, total, last = _beats(_From(anchor, state.sum, state.last, begins), intervals, min(differences), out)
    known = (*state.intervals, *intervals)[-30:]
    return _Chain((), total, anchor, differences, before, spacing, known, last)


@dataclass(frozen=True, slots=True)
class _From:
    """Where the next beat is counted from."""

    anchor: float
    sum: float
    last: float
    begins: bool


def _beats(
    start: _From, intervals: Sequence[float], envelope: float, out: list[PlacedBeat]
) -> tuple[float, float, float]:
    """Add beats; the first interval of a chain began at a beat that is known as well."""
    anchor, total, last, breaks = start.anchor, start.sum, start.last, start.begins
    if start.begins and anchor > last:
        out.append(PlacedBeat(anchor, breaks=True))
        last, breaks = anchor, False
    for rr in intervals:
        total += rr
        anchor += max(-SLEW * rr, min(SLEW * rr, envelope - anchor))
        if anchor + total > last:
            last = anchor + total
            out.append(PlacedBeat(last, breaks=breaks))
            breaks = False
    return anchor, total, last

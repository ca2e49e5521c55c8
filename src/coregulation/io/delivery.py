"""RR intervals stamped with when they were delivered: never early, perhaps late.

A strap sends its intervals about once a second, and a watch writes them between two of its records. So a stamp is an upper
bound of the time of its beats, and the lower envelope of (stamp − sum of intervals) says where a chain of beats lies. The same
clock places the beats of a live room. Where the envelope rises for good, beats were lost; where it rises for a moment, a packet
was late.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.errors import DataError
from coregulation.packet_clock import ArrivedIntervals, PacketClock
from coregulation.signals import Beats, Bools, Floats
from coregulation.stage import Piece, run

MAX_RR = 3.0  # s; an interval beyond it is beats that were lost, as nothing is ever bridged over more
_ONE_PACKET = 0.05  # s between stamps of one packet's intervals at most; no two beats are as close
_FOLLOWED = 300  # packets whose envelope is followed (five minutes): a clock of 50 ppm drifts by 15 ms in them
_SURE = 12  # packets that must lie above the old envelope before a rise of less than two beats counts as a loss
_RISE, _CLEAR_RISE = (
    0.6,
    2.6,
)  # of the usual interval: a rise that counts after `_SURE` packets, and one that counts at once
_PACKING = 1.2  # of the usual interval: above the envelope by more than packing explains
_RAN_AHEAD = 5.0  # s by which intervals may add up to more than their stamps


@dataclass(frozen=True, slots=True, eq=False)
class DeliveredBeats:
    """Beats that were placed by the stamps of their delivery.

    Parameters
    ----------
    beats
        On the device's clock.
    late
        s by which packets come late (95 % of them by less).
    sd
        Standard uncertainty of all beats together, in s: where the heart beats in step with the packets, the envelope does not
        come near the beats, and lies anywhere within what is left of an interval.
    """

    beats: Beats
    late: float
    sd: float


def beats_of_delivered(intervals: Floats, stamps: Floats, breaks: Bools, origin: str) -> DeliveredBeats:
    """Place the beats of intervals by the stamps of their delivery.

    Parameters
    ----------
    intervals
        Shape (n,), in s, positive.
    stamps
        Shape (n,), in s, not decreasing.
    breaks
        Shape (n,), before which intervals are known to be missing.
    origin
        The file as the caller named it.

    Returns
    -------
    DeliveredBeats
        The beats and how well they are placed.

    Raises
    ------
    DataError
        If the intervals add up to more than their stamps allow.
    """
    packets = list(_packets(intervals, stamps, breaks))
    times, broken, late = list[float](), list[bool](), list[float]()
    for chain in _chains(packets, float(np.median(intervals)), origin, late):
        clock = PacketClock(first=_FOLLOWED, envelope=_FOLLOWED, judges=False)
        pieces: list[Piece[Sequence[ArrivedIntervals]]] = [Piece([packet], packet.at) for packet in chain]
        placed = [beat for piece in run(clock, pieces) for beat in piece.data]
        begins = times[-1] if times else -np.inf
        own = [beat.time for beat in placed if beat.time > begins]
        times += own
        broken += [number == 0 for number in range(len(own))]
    most = float(np.percentile(late, 95)) if late else 0.0
    unswept = _unswept(late, float(np.median(intervals)))
    return DeliveredBeats(Beats(np.array(times), breaks=np.array(broken, bool)), most, unswept / math.sqrt(12))


def _unswept(late: Sequence[float], usual: float) -> float:
    """Return how much (s) of an interval packets left unswept, in the span that is followed in which it was most."""
    spans = [late[n : n + _FOLLOWED] for n in range(0, len(late), _FOLLOWED)]
    complete = [span for span in spans if len(span) >= _SURE] or spans
    return max((max(0.0, usual - float(np.ptp(span))) for span in complete), default=0.0)


def _packets(intervals: Floats, stamps: Floats, breaks: Bools) -> Iterator[tuple[ArrivedIntervals, bool]]:
    """Yield each packet and whether a chain begins with it."""
    begins = np.concatenate(([True], np.diff(stamps) > _ONE_PACKET)) | breaks
    edges = [*np.flatnonzero(begins).tolist(), len(intervals)]
    for first, last in itertools.pairwise(edges):
        known = first + int(intervals[first] > MAX_RR)  # over a longer one beats were lost, so it is no interval
        yield ArrivedIntervals(float(stamps[last - 1]), tuple(intervals[known:last].tolist())), bool(breaks[first])


def _chains(
    packets: Sequence[tuple[ArrivedIntervals, bool]], usual: float, origin: str, late: list[float]
) -> Iterator[list[ArrivedIntervals]]:
    """Cut packets into chains: where intervals are known to be missing, and where the envelope rises for good."""
    edges = [0, *(n for n, (_, broken) in enumerate(packets) if broken and n), len(packets)]
    for first, last in itertools.pairwise(edges):
        own = [packet for packet, _ in packets[first:last]]
        aside = np.array([packet.at for packet in own]) - np.cumsum([sum(packet.rr) for packet in own])
        floor = np.minimum.accumulate(aside[::-1])[::-1]
        _check(aside - floor, first, origin)
        late += (aside - floor).tolist()
        cuts = [0, *_rises(aside, usual), len(own)]
        yield from (own[a:b] for a, b in itertools.pairwise(cuts))


def _check(above: Floats, first: int, origin: str) -> None:
    if len(above) and float(above.max()) > _RAN_AHEAD:
        raise DataError(
            "{origin}: at packet {packet} of intervals they add up to {ahead:.1f} s more than their time stamps allow; a part "
            "of the file may be there twice, or a unit is wrong (--unit for the intervals, --time-unit for the stamps).",
            origin=origin,
            packet=first + int(np.argmax(above)) + 1,
            ahead=float(above.max()),
        )


def _rises(aside: Floats, usual: float) -> list[int]:
    """Return the packets from which the envelope lies higher for good.

    Packing alone puts a packet up to one interval above the envelope, and for long where hearts beat once per packet. So a
    smaller rise counts only where the packets above it sweep over a whole interval, or lie higher than packing explains.
    """
    floor = np.minimum.accumulate(aside[::-1])[::-1]
    rises = np.diff(floor)
    rising = (np.flatnonzero(rises > _RISE * usual) + 1).tolist()
    follow = [*rising, len(floor)][1:]
    return [
        at
        for at, end in zip(rising, follow, strict=True)
        if rises[at - 1] > _CLEAR_RISE * usual or _is_lasting(aside[at:end], float(floor[at - 1]), usual)
    ]


def _is_lasting(aside: Floats, before: float, usual: float) -> bool:
    if len(aside) < _SURE:
        return False
    return float(np.ptp(aside)) > _RISE * usual or float(np.median(aside)) - before > _PACKING * usual

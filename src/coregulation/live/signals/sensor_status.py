"""How a sensor sits on one person: what the card beside it tells, and what is shown for the eye alone."""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from coregulation.live.room import wire
from coregulation.live.room.reasons import RoomReason
from coregulation.live.signals.heart_packets import HeartPacket
from coregulation.live.signals.packets import HeartRead

SILENT = 5.0  # s without a packet: the signal is lost
CLEAN = 10.0  # s without a break that make a signal clean
SYNTHETIC = 0.0015  # s between an interval and 60 / rate, for a strap that makes one of the other


@dataclass(slots=True)
class SensorStatus:
    """What is known of the sensors of one person, apart from what is computed."""

    opened: bool = False
    last_packet: float | None = None
    clean_since: float | None = None
    recent: deque[tuple[float, float, int]] = field(default_factory=lambda: deque(maxlen=64))  # at, newest rr, rate
    seen_beats: deque[bool] = field(default_factory=lambda: deque(maxlen=40))
    ended: str | None = None  # why the sensor was put down, until it sends again
    breath: float | None = None
    battery: int | None = None
    unreadable: int = 0

    def look(self, read: HeartRead) -> None:
        """Note what heart rate packets say beside their intervals."""
        self.unreadable += read.unreadable
        self.ended = None if read.packets else self.ended
        for at, packet in zip(read.arrived, read.packets, strict=True):
            worn = packet.contact is not False and bool(at.rr)
            if not worn and packet.contact is False:
                self.clean_since = None
            elif worn:
                self.comes(at.at)
            self.last_packet = at.at
            self.recent.append((at.at, at.rr[-1] if at.rr else math.nan, packet.rate))
        self.breath = _breath([rr for _, rr, _ in self.recent if math.isfinite(rr)][-24:])

    def comes(self, at: float) -> None:
        """Note that something readable came; after a silence what is clean begins anew."""
        silent = self.last_packet is None or at - self.last_packet > SILENT
        if self.clean_since is None or silent:
            self.clean_since = at
        self.last_packet, self.ended = at, None

    def condition(self, t: float) -> wire.Condition:
        """Return how the signal is, in one word."""
        if not self.opened:
            return "none"
        if self.last_packet is None:
            return "found"
        if t - self.last_packet > SILENT or self.ended is not None:
            return "lost"
        if self.clean_since is None:
            return "weak" if self.seen_beats else "worn"
        marked = sum(not ok for ok in self.seen_beats) > 0.1 * len(self.seen_beats) and len(self.seen_beats) >= 20
        if marked:
            return "weak"
        return "clean" if t - self.clean_since >= CLEAN else "worn"

    def remarks(self, signal: wire.Condition) -> list[str]:
        """Return the codes of the remarks that hold now."""
        remarks = [
            (RoomReason.SYNTHETIC_INTERVALS, looks_synthetic(self.recent)),
            (RoomReason.SIGNAL_LOST, signal == "lost"),
            (RoomReason.SIGNAL_WEAK, signal == "weak"),
            (RoomReason.BATTERY_EMPTY, self.ended == "battery"),
            (RoomReason.UNREADABLE, self.unreadable > 0),
        ]  # fmt: skip
        return [str(remark) for remark, holds in remarks if holds]


def looks_synthetic(recent: Sequence[tuple[float, float, int]]) -> bool:
    """Whether a strap makes its intervals from its rate: nearly all of at least twenty are 60 / rate."""
    return _made([(rr, rate) for _, rr, rate in recent if rate and math.isfinite(rr)])


def made_up(packets: Sequence[HeartPacket]) -> bool:
    """Whether a whole stream's intervals were made from its rate."""
    return _made([(rr, packet.rate) for packet in packets if packet.rate for rr in packet.rr])


def _made(intervals: Sequence[tuple[float, int]]) -> bool:
    near = sum(abs(rr - 60 / rate) < SYNTHETIC for rr, rate in intervals)
    return len(intervals) >= 20 and near > 0.9 * len(intervals)


def early(read: HeartRead) -> tuple[float, ...]:
    """Return when the beats of these packets were, by their arrival: good enough to see, not to compute with."""
    out: list[float] = []
    for packet in read.arrived:
        back = list(itertools.accumulate(reversed(packet.rr[1:]), initial=0.0)) if packet.rr else []
        out += [packet.at - ago for ago in reversed(back)]
    return tuple(out)


def _breath(rr: Sequence[float]) -> float | None:
    """Return a shape of the breath for the eye: the heart is quicker while one breathes in."""
    if len(rr) < 8:
        return None
    ordered = sorted(rr)
    spread = (ordered[-1 - len(rr) // 10] - ordered[len(rr) // 10]) / 2
    shape = (ordered[len(rr) // 2] - rr[-1]) / spread if spread else 0.0
    return round(min(1.0, max(-1.0, shape)), 3)

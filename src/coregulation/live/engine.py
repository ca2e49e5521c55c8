"""One room's engine: the stages of a recording, fed as pieces arrive, and what they have told so far.

Nothing here computes in another way than `analyze` does over the kept session: the same stages, the same windows. What is only
for the eye, the early pulse and the shape of the breath, is told apart and enters no number.
"""

from __future__ import annotations

import itertools
import math
from array import array
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coregulation.errors import DataError
from coregulation.live import wire
from coregulation.live.beat_clock import BeatClock
from coregulation.live.feedback import BodyNow
from coregulation.live.linkage import EVERY, LinkageWindows, Linked, WindowRow, linked
from coregulation.live.packets import HeartRead, Packets, heart_read
from coregulation.live.sources.strap import HeartPacket
from coregulation.person import LEAST_REST
from coregulation.physiology.arousal import Baseline, arousal, baseline
from coregulation.physiology.beats import Beat
from coregulation.physiology.body import BodyStage
from coregulation.physiology.heart_rate import HeartRate
from coregulation.physiology.rr import JudgedBeat, RrCleaning
from coregulation.signals import Beats, Signal, Unit, Window
from coregulation.stage import Piece

GRID = 2.0  # Hz
SLOW = 10.0  # s between steps of what changes slowly: breath, RSA, linkage
SILENT = 5.0  # s without a packet: the signal is lost
CLEAN = 10.0  # s without a break that make a signal clean
STIRRED = 2.0  # resting spreads above one's own rest, over 20 s
AROUSAL = ("heart_rate", "rsa")  # what a strap gives of what arousal is made of
KEPT_REST, KEPT_SLOW = round(2400 * GRID), round(300 * GRID)  # points of what a rest is taken from, and of the others
KEPT_ROWS = 600
SYNTHETIC = 0.0015  # s between an interval and 60 / rate, for a strap that makes one of the other


@dataclass(slots=True)
class Trace:
    """A signal on the session's grid as far as it is known, growing at its end; of `most` points the oldest go."""

    unit: Unit
    most: int = round(24 * 3600 * GRID)
    first: int | None = None
    values: array[float] = field(default_factory=lambda: array("d"))

    def add(self, piece: Signal) -> None:
        """Add what is new; a hole between is missing."""
        if not len(piece):
            return
        at = round(piece.start * GRID)
        if self.first is None:
            self.first = at
        self.values.extend([math.nan] * (at - self.first - len(self.values)))
        self.values.extend(piece.values)
        over = len(self.values) - self.most
        if over > self.most // 10:
            del self.values[:over]
            self.first += over

    @property
    def signal(self) -> Signal:
        """All of it."""
        return Signal(np.array(self.values), GRID, (self.first or 0) / GRID, self.unit)

    def since(self, number: int) -> Signal:
        """Return what is known from a grid point on."""
        begins = 0 if self.first is None else max(0, number - self.first)
        return Signal(np.array(self.values[begins:]), GRID, ((self.first or 0) + begins) / GRID, self.unit)

    def between(self, number: int, end: int) -> Signal:
        """Return the values from one grid point to before another, missing where none is known."""
        first = self.first or 0
        values = [
            self.values[at - first] if 0 <= at - first < len(self.values) else math.nan for at in range(number, end)
        ]
        return Signal(np.array(values), GRID, number / GRID, self.unit)

    @property
    def end(self) -> int:
        """The grid point after the last."""
        return (self.first or 0) + len(self.values)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A question about linkage, which takes a moment to answer and may be answered elsewhere."""

    x: Signal
    y: Signal
    at: float
    since: float
    paced: bool

    def answer(self) -> Linked:
        """Answer it."""
        return linked(self.x, self.y, self.at, self.paced)


@dataclass(slots=True)
class Person:
    """One person's stages and what they told."""

    name: str
    stream: int | None = None
    clock: Any = None
    cleaning: Any = None
    rate: Any = None
    body: Any = None
    beats: list[JudgedBeat] = field(default_factory=list)  # not yet given to the body
    until: float = -math.inf
    heart_rate: Trace = field(default_factory=lambda: Trace(Unit.PER_MINUTE))
    slow: dict[str, Trace] = field(default_factory=dict)
    rest: Baseline | None = None
    last_packet: float | None = None
    clean_since: float | None = None
    recent: deque[tuple[float, float, int]] = field(default_factory=lambda: deque(maxlen=64))  # at, newest rr, rate
    seen_beats: deque[bool] = field(default_factory=lambda: deque(maxlen=40))
    ended: str | None = None  # why the sensor was put down, until it sends again
    breath: float | None = None
    stirred: bool = False
    battery: int | None = None
    unreadable: int = 0

    def __post_init__(self) -> None:
        self.cleaning, self.rate, self.body = _CLEANING.start(), _RATE.start(), _BODY.start()


_CLOCK, _CLEANING, _RATE, _BODY = BeatClock(), RrCleaning(), HeartRate(GRID), BodyStage(("beats",))


class Engine:
    """All people of a room.

    Args:
        people: their names, in the order of their seats.
    """

    def __init__(self, people: Sequence[str]) -> None:
        self.people = {name: Person(name) for name in people}
        pairs = itertools.combinations(people, 2)
        self.rows: dict[tuple[str, str], deque[WindowRow]] = {pair: deque(maxlen=KEPT_ROWS) for pair in pairs}
        self.linked: Linked | None = None
        self._windows = {pair: LinkageWindows().start() for pair in self.rows}
        self._given = {pair: [-(2**40), -(2**40)] for pair in self.rows}
        self._rest: Window | None = None
        self._slow_at = 0.0
        self._asked = -math.inf

    def heart(self, person: str, stream: int, packets: Packets) -> tuple[float, ...]:
        """Take heart rate packets and return the times of early beats, for the eye alone."""
        who, read = self.people[person], heart_read(packets)
        if who.stream is not None and stream < who.stream:
            return ()  # what a sensor sends after another took its place is kept, for the report
        if who.stream != stream:
            self._another_sensor(who, stream)
        self._look(who, read)
        who.clock, beats = _CLOCK.step(who.clock, Piece(read.arrived, -math.inf))
        self._judge(who, beats.data)
        return _early(read)

    def put_down(self, person: str, stream: int, why: str) -> None:
        """Say at once that a person's sensor was put down; if it goes on later, the time between breaks the chain."""
        who = self.people[person]
        if who.stream == stream:
            who.clean_since, who.ended = None, why

    def _another_sensor(self, who: Person, stream: int) -> None:
        """End the chain of the sensor before, if there was one; no interval runs from one to the other."""
        if who.clock is not None:
            self._judge(who, _CLOCK.finish(who.clock).data)
        who.stream, who.clock, who.clean_since = stream, _CLOCK.start(), None

    def _judge(self, who: Person, beats: tuple[Beat, ...]) -> None:
        new = tuple(beat for beat in beats if beat.time > who.until)
        if not new:
            return
        if new[0] is not beats[0]:
            new = (Beat(new[0].time, breaks=True), *new[1:])
        who.until = new[-1].time
        if any(beat.breaks for beat in new):
            who.clean_since = None
        who.cleaning, judged = _CLEANING.step(who.cleaning, Piece(new, who.until))
        who.beats += judged.data
        who.seen_beats += [beat.artefact is None for beat in judged.data]
        who.rate, piece = _RATE.step(who.rate, Piece(as_beats(judged.data), judged.until))
        who.heart_rate.add(piece.data)
        who.stirred = _stirred(who)

    def _look(self, who: Person, read: HeartRead) -> None:
        """Note what the card beside the sensor tells."""
        who.unreadable += read.unreadable
        who.ended = None if read.packets else who.ended
        for at, packet in zip(read.arrived, read.packets, strict=True):
            worn = packet.contact is not False and bool(at.rr)
            silent = who.last_packet is None or at.at - who.last_packet > SILENT
            if not worn and packet.contact is False:
                who.clean_since = None
            elif worn and (who.clean_since is None or silent):
                who.clean_since = at.at
            who.last_packet = at.at
            who.recent.append((at.at, at.rr[-1] if at.rr else math.nan, packet.rate))
        who.breath = _breath(who)

    # What is known now ----------------------------------------------------------------------------------------------

    def now(self, t: float) -> dict[str, BodyNow]:
        """Return everybody as they are now."""
        return {name: self._now(who, t) for name, who in self.people.items()}

    def _now(self, who: Person, t: float) -> BodyNow:
        signal = condition(who, t)
        fresh = signal in ("clean", "weak", "worn") and bool(who.heart_rate.values)
        value = who.heart_rate.values[-1] if fresh else math.nan
        known = math.isfinite(value)
        return BodyNow(
            signal,
            value if known else None,
            (who.heart_rate.end - 1) / GRID if known else None,
            who.breath if signal == "clean" else None,
            who.stirred,
        )

    def card(self, person: str, t: float) -> wire.Card:
        """Return the quality card of a person."""
        who = self.people[person]
        signal = condition(who, t)
        clean = 0.0 if who.clean_since is None or signal == "lost" else max(0.0, t - who.clean_since)
        minute = who.heart_rate.since(who.heart_rate.end - 120).values
        missing = float(np.isnan(minute).mean()) if len(minute) else 0.0
        said = [sentence for sentence, holds in self._sentences(who, signal) if holds]
        return wire.Card(person, signal, round(clean, 1), round(missing, 3), said, who.battery)

    def _sentences(self, who: Person, signal: wire.Condition) -> list[tuple[str, bool]]:
        return [
            ("This device makes its intervals from its rate; they say nothing of how the heart varies.", synthetic(who.recent)),
            ("The signal is lost. Nothing is filled in; it goes on when the sensor is back.", signal == "lost"),
            ("The signal is irregular; some of it cannot be used. Wet the strap and sit still for a moment.", signal == "weak"),
            ("The battery of the sensor is empty. Change it, or go on without.", who.ended == "battery"),
            ("Some packets could not be read.", who.unreadable > 0),
        ]  # fmt: skip

    # What changes slowly --------------------------------------------------------------------------------------------

    def slow(self, t: float) -> bool:
        """Step breath, RSA and linkage if it is time; return whether it was."""
        if t - self._slow_at < SLOW:
            return False
        self._slow_at = t
        for who in self.people.values():
            self._step_body(who)
        for pair in self.rows:
            self._step_windows(pair)
        return True

    def _step_body(self, who: Person) -> None:
        judged, who.beats = who.beats, []
        if not judged:
            return
        piece = Piece(as_beats(judged), judged[-1].time)
        who.body, told = _BODY.step(who.body, Piece({"beats": piece}, piece.until))
        for name, part in told.data.items():
            most = KEPT_REST if name in AROUSAL else KEPT_SLOW
            who.slow.setdefault(name, Trace(part.data.unit, most)).add(part.data)
        self._take_rest(who)

    def _step_windows(self, pair: tuple[str, str]) -> None:
        traces = [self.people[name].heart_rate for name in pair]
        pieces = tuple(trace.since(given) for trace, given in zip(traces, self._given[pair], strict=True))
        self._given[pair] = [trace.end for trace in traces]
        self._windows[pair], out = LinkageWindows().step(self._windows[pair], Piece((pieces[0], pieces[1]), math.inf))
        self.rows[pair] += out.data

    def question(self, t: float, since: float, paced: bool) -> Question | None:
        """Return what is to be asked of the first two people's linkage since a time; None before it is time again."""
        if len(self.people) < 2 or t - self._asked < EVERY:
            return None
        self._asked = t
        traces = [who.heart_rate for who in list(self.people.values())[:2]]
        until = min(trace.end for trace in traces) / GRID  # what is known of both, and will not change
        x, y = (trace.signal.within(Window(since, max(since, until))) for trace in traces)
        return Question(x, y, until, since, paced)

    def rest(self, window: Window) -> None:
        """Say which span is everybody's own rest; it is taken as soon as all of it is known."""
        self._rest = window

    def _take_rest(self, who: Person) -> None:
        window = self._rest
        if window is None or who.rest is not None or not who.slow:
            return
        inputs = [who.slow[name] for name in AROUSAL if name in who.slow]
        if min(trace.end for trace in inputs) < window.end * GRID:
            return
        whole = Window(window.start, window.end)
        try:
            who.rest = baseline({name: who.slow[name].signal for name in AROUSAL if name in who.slow}, whole)
        except DataError:
            self._rest = None  # three minutes of it are not known of somebody; nobody is told to be far from a rest

    def arousal(self, person: str, seconds: float, paced: bool = False) -> Signal | None:
        """Return somebody's arousal against their own rest over the last so many seconds that are known; None without a rest."""
        who = self.people[person]
        if who.rest is None:
            return None
        end = min(who.slow[name].end for name in who.rest.rests)
        first = end - round(seconds * GRID)
        return arousal({name: who.slow[name].between(first, end) for name in who.rest.rests}, who.rest, paced).value

    def resting_breath(self) -> float | None:
        """Return the slower person's own breaths a minute over the last minute, as far as beats tell it."""
        rates = [
            who.slow["breathing_rate"].values[-120:] for who in self.people.values() if "breathing_rate" in who.slow
        ]
        known = [float(np.nanmedian(values)) for values in rates if np.isfinite(values).any()]
        return min(known, default=None)


def condition(who: Person, t: float) -> wire.Condition:
    """Return how a person's signal is, in one word."""
    if who.stream is None:
        return "none"
    if who.last_packet is None:
        return "found"
    if t - who.last_packet > SILENT or who.ended is not None:
        return "lost"
    if who.clean_since is None:
        return "weak" if who.seen_beats else "worn"
    marked = sum(not ok for ok in who.seen_beats) > 0.1 * len(who.seen_beats) and len(who.seen_beats) >= 20
    if marked:
        return "weak"
    return "clean" if t - who.clean_since >= CLEAN else "worn"


def as_beats(judged: Sequence[Beat]) -> Beats:
    """Return judged beats as arrays, as a stage takes them."""
    return Beats(
        np.array([beat.time for beat in judged]),
        np.array([beat.ok for beat in judged], bool),
        np.array([beat.breaks for beat in judged], bool),
    )


def synthetic(recent: Sequence[tuple[float, float, int]]) -> bool:
    """Whether a strap makes its intervals from its rate: nearly all of at least twenty are 60 / rate."""
    gaps = [abs(rr - 60 / rate) for _, rr, rate in recent if rate and math.isfinite(rr)]
    return len(gaps) >= 20 and sum(gap < SYNTHETIC for gap in gaps) > 0.9 * len(gaps)


def made_up(packets: Sequence[HeartPacket]) -> bool:
    """Whether a whole stream's intervals were made from its rate."""
    gaps = [abs(rr - 60 / one.rate) for one in packets if one.rate for rr in one.rr]
    return len(gaps) >= 20 and sum(gap < SYNTHETIC for gap in gaps) > 0.9 * len(gaps)


def _early(read: HeartRead) -> tuple[float, ...]:
    """Return when the beats of these packets were, by their arrival: good enough to see, not to compute with."""
    out: list[float] = []
    for packet in read.arrived:
        back = list(itertools.accumulate(reversed(packet.rr[1:]), initial=0.0)) if packet.rr else []
        out += [packet.at - one for one in reversed(back)]
    return tuple(out)


def _breath(who: Person) -> float | None:
    """Return a shape of the breath for the eye: the heart is quicker while one breathes in."""
    rr = [one for _, one, _ in who.recent if math.isfinite(one)][-24:]
    if len(rr) < 8:
        return None
    ordered = sorted(rr)
    spread = (ordered[-1 - len(rr) // 10] - ordered[len(rr) // 10]) / 2
    shape = (ordered[len(rr) // 2] - rr[-1]) / spread if spread else 0.0
    return round(min(1.0, max(-1.0, shape)), 3)


def _stirred(who: Person) -> bool:
    """Whether somebody's heart is far above their own rest, over the last 20 s; not known without a rest."""
    rest = who.rest.rests.get("heart_rate") if who.rest else None
    if rest is None:
        return False
    level = [value for value in who.heart_rate.values[-round(20 * GRID) :] if not math.isnan(value)]
    return bool(level) and (sum(level) / len(level) - rest.middle) / rest.spread > STIRRED


def rest_of(blocks: Sequence[Any]) -> Window | None:
    """Return the first alone-rest of three minutes, as a report takes it; None if there is none."""
    spans = [Window(one.start, one.end) for one in blocks if one.kind == "alone-rest" and one.end is not None]
    return next((span for span in spans if span.length >= LEAST_REST), None)

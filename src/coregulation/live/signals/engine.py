"""One room's engine: the stages of a recording, fed as pieces arrive, and what they have told so far.

Nothing here computes in another way than `analyze` does over the kept session: the same stages, the same windows. What is only
for display, the early pulse and the shape of the breath, is reported separately and enters no number.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from coregulation.channels import HEART_RATE
from coregulation.errors import DataError
from coregulation.live.room import wire
from coregulation.live.room.feedback import BodyNow, LiveLinkage
from coregulation.live.signals.beat_streams import (
    SILENT,
    ClockedStream,
    SourceSwitch,
    clock_stream,
    merge_streams,
    should_switch,
)
from coregulation.live.signals.growing_signal import GRID, GrowingSignal
from coregulation.live.signals.linkage import EVERY, WindowRow, due_look, linkage_windows, live_linkage
from coregulation.live.signals.packets import HeartRead, Packets
from coregulation.live.signals.sensor_status import SensorStatus, early
from coregulation.live.signals.stream_kinds import HEART_RATE_STREAM, STREAM_KINDS
from coregulation.physiology.arousal import Baseline, arousal, baseline
from coregulation.physiology.beats import Beat
from coregulation.physiology.body import BodyStage
from coregulation.physiology.heart_rate import HeartRate
from coregulation.physiology.rr_cleaning import RrCleaning
from coregulation.physiology.settled_beats import BeatSettling
from coregulation.physiology.tachogram import joined_beats
from coregulation.settings import MIN_BASELINE_REST, is_long_enough
from coregulation.signals import Beats, Signal, Unit, Window
from coregulation.stage import Piece

FRESH = 20.0  # s that a heart rate stands for now, for the coin
SLOW = 10.0  # s between steps of what changes slowly: breath, RSA, linkage
STIRRED = 2.0  # resting spreads above one's own rest, over 20 s
AROUSAL = (HEART_RATE, "rsa")  # what a strap gives of what arousal is made of
KEPT_REST, KEPT_SLOW = round(2400 * GRID), round(300 * GRID)  # points of what a rest is taken from, and of the others
KEPT_ROWS = 600


@dataclass(frozen=True, slots=True, eq=False)
class LinkageQuestion:
    """A question about linkage, which takes a moment to answer and may be answered elsewhere."""

    x: Signal
    y: Signal
    at: float
    since: float
    paced: bool
    alpha: float | None = None  # of the look that is due; None between looks

    def answer(self) -> LiveLinkage:
        """Answer it."""
        return live_linkage(self.x, self.y, self.at, self.paced, self.alpha)


@dataclass(slots=True)
class LivePerson:
    """One person's stages and what they told."""

    name: str
    worn: SensorStatus = field(default_factory=SensorStatus)
    streams: dict[int, ClockedStream] = field(default_factory=dict)
    turns: list[SourceSwitch] = field(default_factory=list)  # the last is the stream that counts now
    cleaning: Any = None
    settling: Any = None
    rate: Any = None
    body: Any = None
    beats: list[Beats] = field(default_factory=list)  # not yet given to the body
    until: float = -math.inf
    heart_rate: GrowingSignal = field(default_factory=lambda: GrowingSignal(Unit.PER_MINUTE))
    slow: dict[str, GrowingSignal] = field(default_factory=dict)
    rest: Baseline | None = None
    stirred: bool = False

    def __post_init__(self) -> None:
        self.cleaning, self.settling = _CLEANING.start(), _SETTLING.start()
        self.rate, self.body = _RATE.start(), _BODY.start()

    @property
    def stream(self) -> int | None:
        """The stream that counts now."""
        return self.turns[-1].stream if self.turns else None


_CLEANING, _SETTLING = RrCleaning(), BeatSettling()
_RATE, _BODY = HeartRate(GRID), BodyStage(("beats",))


class Engine:
    """All people of a room.

    Args:
        people: their names, in the order of their seats.
    """

    def __init__(self, people: Sequence[str]) -> None:
        self.people = {name: LivePerson(name) for name in people}
        pairs = itertools.combinations(people, 2)
        self.rows: dict[tuple[str, str], deque[WindowRow]] = {pair: deque(maxlen=KEPT_ROWS) for pair in pairs}
        self.linked: LiveLinkage | None = None
        self._windows = {pair: linkage_windows().start() for pair in self.rows}
        self._given = {pair: [-(2**40), -(2**40)] for pair in self.rows}
        self._rest: Window | None = None
        self._slow_at = 0.0
        self._asked = -math.inf
        self._looks = 0  # tests of linkage in this session so far
        self._looked_since: float | None = None  # beginning of the block of the last one

    def open(self, person: str, stream: int, kind: str) -> None:
        """Take note of a sensor that has sent nothing yet."""
        who = self.people[person]
        who.worn.opened = True
        who.streams.setdefault(stream, clock_stream(kind))

    def heart(
        self, person: str, stream: int, packets: Packets, kind: str = HEART_RATE_STREAM.name
    ) -> tuple[float, ...]:
        """Take packets of a heart's sensor and return the times of early beats, for display only."""
        who = self.people[person]
        self.open(person, stream, kind)
        read = _notifications(kind, packets)
        if read is not None:
            who.worn.look(read)
        beats = who.streams[stream].beats(packets)
        turns = len(who.turns)
        if beats and self._counts(who, stream, kind, beats[-1].time):
            before = who.streams[stream].latest if len(who.turns) > turns else ()
            self._judge(who, (*(beat for beat in before if beat.time < beats[0].time), *beats))
        if beats and read is None:
            who.worn.comes(packets.at[-1])
        return early(read) if read is not None else ()

    def again(
        self, person: str, kept: Mapping[int, tuple[str, Sequence[Packets]]], turns: Sequence[SourceSwitch]
    ) -> None:
        """Take everything that is kept of a person's streams, as after a new start of the server."""
        who = self.people[person]
        beats_of: dict[int, list[Beat]] = {}
        for stream, (kind, pieces) in kept.items():
            self.open(person, stream, kind)
            reader, beats = who.streams[stream], beats_of.setdefault(stream, [])
            for packets in pieces:
                if (read := _notifications(kind, packets)) is not None:
                    who.worn.look(read)
                beats += reader.beats(packets)
            if not turns or turns[-1].stream != stream:
                beats += reader.rest()
        who.turns = list(turns)
        self._judge(who, merge_streams(beats_of, turns))

    def put_down(self, person: str, stream: int, why: str) -> None:
        """Say at once that a person's sensor was put down; if it goes on later, the time between breaks the chain."""
        who = self.people[person]
        if stream in who.streams and who.stream in (None, stream):
            who.worn.clean_since, who.worn.ended = None, why

    def _counts(self, who: LivePerson, stream: int, kind: str, newest: float) -> bool:
        """Return whether a stream's beats count; if they do from now on, the one before is ended and this is its turn."""
        before = who.stream
        if before == stream:
            return True
        if before is not None:
            old = who.streams[before]
            if not should_switch(stream, kind, newest, before, old.kind, who.until):
                return False
            if newest - who.until > SILENT:
                self._judge(who, tuple(beat for beat in old.rest() if beat.time < newest - SILENT))
        who.turns.append(SourceSwitch(stream, _since(who)))
        return True

    def _judge(self, who: LivePerson, beats: tuple[Beat, ...]) -> None:
        new = tuple(beat for beat in beats if beat.time > who.until)
        if not new:
            return
        turned = bool(who.turns) and who.turns[-1].after == _since(who)
        if turned or new[0] is not beats[0]:
            new = (replace(new[0], breaks=True), *new[1:])
        who.until = new[-1].time
        if any(beat.breaks for beat in new):
            who.worn.clean_since = None
        who.cleaning, judged = _CLEANING.step(who.cleaning, Piece(new, who.until))
        who.worn.seen_beats += [beat.artefact is None for beat in judged.data]
        who.settling, settled = _SETTLING.step(who.settling, judged)
        who.beats.append(settled.data.trusted)
        who.rate, piece = _RATE.step(who.rate, Piece(settled.data.level, settled.until))
        who.heart_rate.add(piece.data)
        who.stirred = _stirred(who)

    # What is known now ----------------------------------------------------------------------------------------------

    def now(self, t: float) -> dict[str, BodyNow]:
        """Return everybody as they are now."""
        return {name: self._now(who, t) for name, who in self.people.items()}

    def _now(self, who: LivePerson, t: float) -> BodyNow:
        signal = who.worn.condition(t)
        fresh = signal in ("clean", "weak", "worn") and bool(who.heart_rate.values)
        value = who.heart_rate.values[-1] if fresh else math.nan
        known = math.isfinite(value)
        return BodyNow(
            signal,
            value if known else None,
            (who.heart_rate.end - 1) / GRID if known else None,
            who.worn.breath if signal == "clean" else None,
            who.stirred,
        )

    def card(self, person: str, t: float) -> wire.Card:
        """Return the quality card of a person."""
        who = self.people[person]
        worn, signal = who.worn, who.worn.condition(t)
        clean = 0.0 if worn.clean_since is None or signal == "lost" else max(0.0, t - worn.clean_since)
        minute = who.heart_rate.since(who.heart_rate.end - 120).values
        missing = float(np.isnan(minute).mean()) if len(minute) else 0.0
        return wire.Card(person, signal, round(clean, 1), round(missing, 3), worn.remarks(signal), worn.battery)

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

    def _step_body(self, who: LivePerson) -> None:
        beats, who.beats = functools.reduce(joined_beats, who.beats, Beats(np.empty(0))), []
        if not len(beats):
            return
        piece = Piece(beats, float(beats.times[-1]))
        who.body, pieces = _BODY.step(who.body, Piece({"beats": piece}, piece.until))
        for name, part in pieces.data.items():
            most = KEPT_REST if name in AROUSAL else KEPT_SLOW
            who.slow.setdefault(name, GrowingSignal(part.data.unit, most)).add(part.data)
        self._take_rest(who)

    def _step_windows(self, pair: tuple[str, str]) -> None:
        traces = [self.people[name].heart_rate for name in pair]
        pieces = tuple(trace.since(start) for trace, start in zip(traces, self._given[pair], strict=True))
        self._given[pair] = [trace.end for trace in traces]
        self._windows[pair], out = linkage_windows().step(self._windows[pair], Piece((pieces[0], pieces[1]), math.inf))
        self.rows[pair] += out.data

    def question(self, t: float, since: float, paced: bool) -> LinkageQuestion | None:
        """Return what is to be asked of the first two people's linkage since a time; None while the last answer stands."""
        if len(self.people) < 2 or t - self._asked < EVERY:
            return None
        self._asked = t
        traces = [who.heart_rate for who in list(self.people.values())[:2]]
        until = min(trace.end for trace in traces) / GRID  # what is known of both, and will not change
        look = None if paced else due_look(self._looks, until - since)
        if look is None and not paced and since == self._looked_since:
            return None
        if look is not None:
            self._looks, self._looked_since, until = self._looks + 1, since, since + look[0]
        x, y = (trace.signal.within(Window(since, max(since, until))) for trace in traces)
        return LinkageQuestion(x, y, until, since, paced, None if look is None else look[1])

    def rest(self, window: Window) -> None:
        """Say which span is everybody's own rest; it is taken as soon as all of it is known."""
        self._rest = window

    def _take_rest(self, who: LivePerson) -> None:
        window = self._rest
        if window is None or who.rest is not None or not who.slow:
            return
        inputs = [who.slow[name] for name in AROUSAL if name in who.slow]
        if min(trace.end for trace in inputs) < window.end * GRID:
            return
        copied = Window(window.start, window.end)
        try:
            who.rest = baseline({name: who.slow[name].signal for name in AROUSAL if name in who.slow}, copied)
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

    def level_now(self, person: str, t: float) -> float:
        """Return somebody's arousal now, of the heart rate alone: RSA is known half a minute later.

        Parameters
        ----------
        person
            Whose.
        t
            Session time, s.

        Returns
        -------
        float
            Resting SDs above their own rest; NaN without a rest, or where the newest heart rate is older than `FRESH`.
        """
        who = self.people[person]
        if who.rest is None or HEART_RATE not in who.rest.rests or t - (who.heart_rate.end - 1) / GRID > FRESH:
            return math.nan
        newest = who.heart_rate.since(who.heart_rate.end - 1)
        return float(arousal({HEART_RATE: newest}, who.rest).value.values[-1])

    def resting_breath(self) -> float | None:
        """Return the slower person's own breaths per minute over the last minute, as far as beats tell it."""
        rates = [
            who.slow["breathing_rate"].values[-120:] for who in self.people.values() if "breathing_rate" in who.slow
        ]
        known = [float(np.nanmedian(values)) for values in rates if np.isfinite(values).any()]
        return min(known, default=None)


def _notifications(kind: str, packets: Packets) -> HeartRead | None:
    """Return what a kind of sensor says beside its beats; None where it says nothing."""
    read = STREAM_KINDS[kind].notifications
    return None if read is None else read(packets)


def _since(who: LivePerson) -> float | None:
    """Return the last beat's time; None before the first."""
    return who.until if math.isfinite(who.until) else None


def _stirred(who: LivePerson) -> bool:
    """Whether somebody's heart is far above their own rest, over the last 20 s; not known without a rest."""
    rest = who.rest.rests.get(HEART_RATE) if who.rest else None
    if rest is None:
        return False
    level = [value for value in who.heart_rate.values[-round(20 * GRID) :] if not math.isnan(value)]
    return bool(level) and (sum(level) / len(level) - rest.middle) / rest.spread > STIRRED


def rest_of(blocks: Sequence[Any]) -> Window | None:
    """Return the first alone-rest of three minutes, as a report takes it; None if there is none."""
    spans = [Window(block.start, block.end) for block in blocks if block.kind == "alone-rest" and block.end is not None]
    return next((span for span in spans if is_long_enough(span.length, MIN_BASELINE_REST)), None)

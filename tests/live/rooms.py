"""A session played without sockets: a room, an engine and a store on a clock that the test turns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from coregulation.live.room import wire
from coregulation.live.room.state import Action, Guest, Joined, Received, Setup
from coregulation.live.room.view import room_message, state_message
from coregulation.live.server.kept_rooms import begin_room, rebuilt_room
from coregulation.live.server.room_session import RoomSession
from coregulation.live.signals.packets import Packets, to_body
from coregulation.live.sources.simulated import SimulatedPair
from coregulation.store import RawPiece, Store, Writer

PAIR = ("ada", "ben")
BOTH = "screen"  # one screen with two people


class Turned:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.t = 0.0

    def __call__(self) -> float:
        return self.t


class Played:
    """One room, its store, and what happened."""

    def __init__(self, folder: Path, name: str = "visit", linked: bool = True, **setup: object) -> None:
        self.store = Store(folder)
        self.writer = Writer(self.store)
        self.clock = Turned()
        self.wall = lambda: 1_790_000_000.0 + self.clock.t
        given = {"practice": "silent-sitting", "feedback": "both", "simulated": True} | setup
        self.setup = Setup(tuple(Guest(who) for who in PAIR), **given)  # type: ignore[arg-type]
        self.live = begin_room(name, self.setup, self.store, self.writer, self.clock, self.wall)
        self.actions: list[Action] = []
        self.states: list[wire.StateMessage] = []
        self.seq = dict.fromkeys(PAIR, 0)
        self.packets: Iterator[list] | None = None
        self.linked = linked

    @property
    def phase(self) -> str:
        return self.live.room.phase

    def join(
        self, client: str = BOTH, people: tuple[str, ...] = PAIR, role: wire.Role = "participant", **how: bool
    ) -> None:
        host = how.pop("host", True)
        self.take(Joined(client, f"device-{client}", role, people, host=host, **how))

    def take(self, event: object) -> tuple[Action, ...]:
        actions = self.live.take(event)  # type: ignore[arg-type]
        self.actions += actions
        return actions

    def say(self, message: wire.Message, client: str = BOTH) -> tuple[Action, ...]:
        return self.take(Received(client, message))  # type: ignore[arg-type]

    def seen(self, client: str = BOTH) -> wire.RoomMessage:
        return room_message(self.live.room, client, self.live.engine.now(self.clock.t))

    def to_sensors(self, purposes: tuple[wire.Purpose, ...] = ("show-partner", "keep")) -> None:
        self.join()
        for who in PAIR:
            self.say(wire.Ready(who))
        for who in PAIR:
            self.say(wire.Consent(who, list(purposes), "1"))
            self.say(wire.Ready(who))
        assert self.phase == "sensors"

    def open_straps(self) -> None:
        for who in PAIR:
            self.live.open_stream(wire.OpenStream(f"hr-{who}", who, "hr", "Test strap"))

    def keep(self, who: str, at: float, data: bytes) -> None:
        """The way every packet takes: onto the disk, then into the engine."""
        stream = self.live.streams[f"hr-{who}"]
        packets = Packets([at], [data], 0.001)
        self.writer.keep(RawPiece(stream.record.id, self.seq[who], to_body(packets))).result()
        self.live.compute(f"hr-{who}", self.seq[who], packets)
        self.seq[who] += 1

    def go(self, seconds: float, watch: str = BOTH, without: tuple[str, ...] = ()) -> None:
        """Let time go on with both straps sending; `without`: whose packets are lost on the way."""
        if self.packets is None:
            pair = SimulatedPair(2, self.linked, seed=3)
            self.packets = pair.packets(self.clock.t, lambda _: self.phase in ("practice", "settle"))
        end = self.clock.t + seconds
        while self.clock.t < end:
            for one in next(self.packets):
                self.clock.t = max(self.clock.t, one.at)
                if PAIR[one.person] not in without:
                    self.keep(PAIR[one.person], one.at, one.data)
            self.tick(watch)

    def tick(self, watch: str = BOTH) -> None:
        self.actions += self.live.tick()
        question = self.live.question()
        if question is not None:
            self.live.answered(question, question.answer())
        if watch in self.live.room.clients:
            bodies = self.live.engine.now(self.clock.t)
            self.states.append(state_message(self.live.room, watch, self.clock.t, bodies, self.live.engine.linked))

    def ready(self) -> None:
        for who in PAIR:
            self.say(wire.Ready(who))

    def whole(self, baseline: bool = True) -> None:
        """From the door to the report."""
        self.to_sensors()
        self.open_straps()
        self.go(60)
        self.ready()
        if baseline:
            self.go(185)
        else:
            self.say(wire.Skip())
        while self.phase in ("practice", "settle"):
            self.go(5)
        for who in PAIR:
            self.say(wire.WordsMessage(who, "quiet", {"calm": 6.0}))
        assert self.phase == "report"

    def flushed(self) -> None:
        self.writer.flush().result()

    def again(self) -> RoomSession:
        """The room as another process would find it."""
        self.flushed()
        return rebuilt_room(self.live.name, self.store, self.writer, self.clock, self.wall)

    def close(self) -> None:
        self.writer.close()
        self.store.close()


def plain(value: object) -> object:
    return msgspec.to_builtins(value)

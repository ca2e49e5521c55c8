"""A room with its sockets: the task that lets time go on, and who is told what."""

from __future__ import annotations

import asyncio
import functools
import itertools
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from coregulation.live.room import wire
from coregulation.live.room.coin_record import ShowCue
from coregulation.live.room.policy import Right
from coregulation.live.room.state import (
    Action,
    Admitted,
    BroadcastRoom,
    BroadcastStep,
    Close,
    Dismissed,
    Entered,
    Event,
    Gone,
    Refuse,
    Reveal,
    RoomState,
    Withdrawn,
)
from coregulation.live.room.view import room_message, state_message, step_message
from coregulation.live.server.connection import Connection
from coregulation.live.server.room_session import RoomSession, refusal
from coregulation.reasons import Reason

if TYPE_CHECKING:
    from coregulation.live.room.access import Access
    from coregulation.live.room.feedback import BodyNow
    from coregulation.live.room.policy import SessionRights
    from coregulation.live.room.state import SeatState
    from coregulation.live.server.linkage_answers import LinkageAnswers
    from coregulation.live.signals.engine import LinkageQuestion

BEAT = 0.2  # s between pictures
CARDS = 5  # pictures between looks at the quality, and at most between two that are sent
SLOW_CARDS = 25  # pictures between cards that tell nothing new
RECORDED: tuple[wire.Phase, ...] = ("sensors", "baseline", "practice", "settle", "paused")


class RoomHost(Protocol):
    """What a room asks of the registry of all rooms."""

    @property
    def access(self) -> Access:
        """All devices that were let in."""
        ...

    @property
    def linkage(self) -> LinkageAnswers:
        """Who answers questions about linkage."""
        ...

    def entered(self, room: RoomTask, phase: wire.Phase) -> None:
        """Take note that a phase began."""
        ...

    def withdrawn(self, room: RoomTask, action: Withdrawn) -> None:
        """Take note that a consent was taken back."""
        ...

    def rights_of(self, session: str, device: str) -> SessionRights:
        """Return a device's rights in a session."""
        ...

    def readable(self, session: str, device: str) -> tuple[str, ...]:
        """Return of whom a device may read a report."""
        ...

    def report_state(self, session: str, people: tuple[str, ...]) -> wire.Report:
        """Return how far the report of some people is."""
        ...


class RoomTask:
    """A room that people may be in.

    Args:
        live: the room.
        registry: which knows all rooms and devices.
    """

    def __init__(self, live: RoomSession, registry: RoomHost) -> None:
        self.live, self._registry = live, registry
        self.connections: dict[str, Connection] = {}
        self.source: asyncio.Task[None] | None = None
        self.markers: Callable[[str], None] | None = None  # where a laboratory's recorder is told of phases
        self._asking: asyncio.Task[None] | None = None
        self._shown: dict[str, wire.Condition] = {}
        self._told: object = None
        self._showed: object = None
        self._pictured = -CARDS
        self._count = 0
        self._told_unsaved = False
        if live.coin is not None:
            live.coin.reaches = self._may_be_cued
        self.silent_since = math.inf  # s of the registry's steady clock: from when on nothing is recorded any more

    def is_over(self) -> bool:
        """Whether nothing is recorded any more."""
        return self.live.room.phase not in RECORDED

    def trouble(self, reason: Reason) -> None:
        """Tell everybody that a sensor cannot be had, and what to do."""
        for connection in self._admitted():
            connection.send(wire.refused("unknown", reason, "stream"))

    async def run(self) -> None:
        """Let time go on, five times a second, until the session is over and everybody has left."""
        while self.live.room.phase != "ended" or self.connections:
            self.beat()
            await asyncio.sleep(BEAT)

    def beat(self) -> None:
        """Tell everybody the picture of now."""
        self.do(self.live.tick())
        if self.live.unsaved != self._told_unsaved:
            self._told_unsaved = self.live.unsaved
            self.tell()
        if self.live.room.phase not in RECORDED:
            return
        now = self.live.clock()
        shows = (self.live.engine.now(now), self.live.engine.linked, self.live.room)
        if shows != self._showed or self._count - self._pictured >= CARDS:
            self._showed, self._pictured = shows, self._count
            self._picture(now, shows[0])
        self._count += 1
        if self._count % CARDS == 0:
            self._tell_cards(now)
            self._ask()

    def _picture(self, now: float, bodies: Mapping[str, BodyNow]) -> None:
        """Send the picture of now to everybody to whom it shows something new, and to all once a second."""
        for client, connection in self.connections.items():
            if self._is_admitted(client):
                connection.picture(state_message(self.live.room, client, now, bodies, self.live.engine.linked))

    def _tell_cards(self, now: float) -> None:
        cards = [self.live.engine.card(person, now) for person in self.live.room.seats]
        signals = {card.person: card.signal for card in cards}
        cards_by_person = {card.person: (card.signal, tuple(card.remarks)) for card in cards}
        if cards_by_person != self._told or self._count % SLOW_CARDS == 0:
            self._told = cards_by_person
            for connection, card in itertools.product(self._admitted(), cards):
                connection.send(card)
        if signals != self._shown:
            self._shown = signals
            self.tell()

    def _ask(self) -> None:
        if self._asking is None or self._asking.done():
            question = self.live.question()
            if question is not None:
                self._asking = asyncio.create_task(self._answer(question))

    async def _answer(self, question: LinkageQuestion) -> None:
        is_test = question.alpha is not None  # the others are answered at once
        answer = await self._registry.linkage.ask(question) if is_test else question.answer()
        if answer is not None:
            self.live.answered(question, answer)

    # Events and what follows from them --------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        """Take an event and do what follows."""
        self.do(self.live.take(event))

    def do(self, actions: tuple[Action, ...]) -> None:
        """Tell whom it concerns, and once at the end the room to everybody if it changed."""
        for action in actions:
            follow = self._follow.get(type(action))
            if follow is not None:
                follow(action)
        if any(isinstance(action, BroadcastRoom) for action in actions):
            self.tell()

    @functools.cached_property
    def _follow(self) -> Mapping[type, Callable[[Any], None]]:
        """What follows from each kind of action."""
        access, name = self._registry.access, self.live.name
        return {
            Refuse: lambda action: self._send(action.client, refusal(action)),
            Close: self._close,
            Admitted: self._admit,
            Dismissed: lambda action: access.dismiss(action.device, name),
            BroadcastStep: lambda _: self._tell_step(),
            Reveal: self._reveal,
            Withdrawn: lambda action: self._registry.withdrawn(self, action),
            Entered: self._enter,
            ShowCue: lambda action: self._send(action.client, wire.CoinCue(action.giver, action.until)),
        }

    def _may_be_cued(self, client: str) -> bool:
        """Whether the table of rights lets a client see a cue to whom it speaks for, and it is there."""
        connection = self.connections.get(client)
        if connection is None:
            return False
        rights = self._registry.rights_of(self.live.name, connection.device)
        return all(rights.may(Right.CUE, person) for person in self.live.room.clients[client].people)

    def _admit(self, action: Admitted) -> None:
        self._registry.access.admit(action.device, self.live.name, action.role, action.people, action.successor)
        for connection in self.connections.values():
            if connection.device == action.device and connection.welcomed:
                self._send_keys(connection)

    def _send_keys(self, connection: Connection) -> None:
        """Give a participant's page the keys of its own people that are not on the disk."""
        known = self.live.room.clients.get(connection.client)
        keys = self.live.loose_keys(known) if known is not None and known.admitted else {}
        if keys:
            connection.send(wire.Keys(keys))

    def _enter(self, action: Entered) -> None:
        if self.markers is not None:
            self.markers(action.phase)
        self._registry.entered(self, action.phase)

    def tell(self) -> None:
        """Send the room to everybody in it."""
        bodies = self.live.engine.now(self.live.clock())
        for client, connection in self.connections.items():
            if client in self.live.room.clients:
                connection.send(room_message(self.live.room, client, bodies, self.live.unsaved))

    def readers(self) -> dict[str, tuple[str, ...]]:
        """Return by client of whom it may read a report."""
        return {
            connection.client: self._registry.readable(self.live.name, connection.device)
            for connection in self._admitted()
        }

    def tell_report(self, people: tuple[str, ...], report: wire.Report) -> None:
        """Send how far the report of some people is to those who may read of exactly these."""
        readers = self.readers()
        for connection in self._admitted():
            if people and readers[connection.client] == people:
                connection.send(report)

    def tell_no_report(self) -> None:
        """Tell those who may read of nobody that there is no report for them."""
        readers = self.readers()
        for connection in self._admitted():
            if not readers[connection.client]:
                connection.send(self._registry.report_state(self.live.name, ()))

    def welcome(self, connection: Connection, hello: wire.Hello, resumed: bool) -> None:
        """Send what a client needs first."""
        connection.welcomed = True
        own = hello.people if self._is_admitted(connection.client) else []
        streams = {name: stream.last for name, stream in self.live.streams.items() if stream.record.person in own}
        connection.send(
            wire.Welcome(
                self.live.name,
                hello.role,
                hello.people,
                self.live.clock(),
                resumed=resumed,
                streams=streams,
                speed=self.live.room.setup.speed,
            )
        )
        self.tell()
        if not self._is_admitted(connection.client):
            return
        self._send_keys(connection)
        step = step_message(self.live.room)
        if step is not None:
            connection.send(step)
        if self.live.room.phase in ("report", "ended"):
            people = self._registry.readable(self.live.name, connection.device)
            connection.send(self._registry.report_state(self.live.name, people))

    def gone(self, connection: Connection) -> None:
        """Forget a client whose socket closed."""
        self.connections.pop(connection.client, None)
        self.live.forget(connection.client)
        self.take(Gone(connection.client))

    def pulse(self, person: str, times: tuple[float, ...]) -> None:
        """Send early beats to whoever may see them."""
        for client, connection in self.connections.items():
            if self.live.sees_pulse(client, person):
                for t in times:
                    connection.send(wire.Pulse(person, t))

    def _is_admitted(self, client: str) -> bool:
        known = self.live.room.clients.get(client)
        return known is not None and known.admitted

    def _admitted(self) -> list[Connection]:
        return [connection for name, connection in self.connections.items() if self._is_admitted(name)]

    def _send(self, client: str, message: wire.Message) -> None:
        if client in self.connections:
            self.connections[client].send(message)

    def _close(self, action: Close) -> None:
        if action.client in self.connections:
            self.connections[action.client].end(action.code)

    def _tell_step(self) -> None:
        step = step_message(self.live.room)
        for connection in self._admitted() if step is not None else ():
            connection.send(step)  # type: ignore[arg-type]

    def _reveal(self, action: Reveal) -> None:
        for connection in self._admitted():
            rights = self._registry.rights_of(self.live.name, connection.device)
            for words in (
                action.words if all(rights.may(Right.WORDS, written.person) for written in action.words) else ()
            ):
                connection.send(wire.Revealed(words.person, words.text, words.ratings, words.signs))


def is_resumed(room: RoomState, device: str, people: list[str]) -> bool:
    """Whether a device comes back to seats that it had."""
    seats: list[SeatState] = [room.seats[person] for person in people if person in room.seats]
    return bool(seats) and all(seat.device == device for seat in seats)

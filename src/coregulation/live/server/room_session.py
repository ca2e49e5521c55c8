"""A room that is on: its state, its engine, its streams and clocks; everything but sockets and waiting."""

from __future__ import annotations

import contextlib
import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from coregulation.coin_flips import CoinSeed
from coregulation.errors import CoregulationError, UsageError
from coregulation.live.room import wire
from coregulation.live.room.coin_record import CoinFlipped
from coregulation.live.room.feedback import LiveLinkage, visible_parts
from coregulation.live.room.reasons import RoomError, RoomReason, room_reason
from coregulation.live.room.seats import successions
from coregulation.live.room.state import (
    Action,
    Agreed,
    Client,
    Entered,
    Event,
    Received,
    Refuse,
    RestKnown,
    RoomState,
    Tick,
    Withdrawn,
)
from coregulation.live.room.transitions import step
from coregulation.live.server.room_coin import RoomCoin
from coregulation.live.server.unsaved_changes import UnsavedChanges
from coregulation.live.signals.beat_streams import SWITCH_NOTE
from coregulation.live.signals.clock_sync import ClockSample, ClockSync
from coregulation.live.signals.engine import Engine, LinkageQuestion, rest_of
from coregulation.live.signals.packets import EARLIEST, Packets, to_body
from coregulation.live.signals.stream_kinds import STREAM_KINDS, brings_beats
from coregulation.signals import Unit
from coregulation.store import (
    SHARED,
    TAKE_PART,
    ConsentRecord,
    DiskFullError,
    Note,
    RawPiece,
    Store,
    StreamRecord,
    Writer,
)

EVENT, SHOWN = "event", "shown"
AHEAD = 5.0  # s by which a packet may seem to come from the future before its clock is doubted


class StoredEvent(msgspec.Struct, frozen=True):
    """An event as it lies in the store."""

    event: Event


@dataclass(slots=True)
class OpenedStream:
    """A sensor's stream, and the last message of it that is on the disk."""

    record: StreamRecord
    last: int


class RoomSession:
    """One room.

    Args:
        name: of the session.
        room: as it is.
        store: where everything is kept before it is computed on.
        writer: in front of it.
        clock: the session clock, s since the room was opened.
        wall: s since 1970.
        seed: of its coin, if it has one.
    """

    def __init__(
        self,
        name: str,
        room: RoomState,
        store: Store,
        writer: Writer,
        clock: Callable[[], float],
        wall: Callable[[], float],
        seed: CoinSeed | None = None,
    ) -> None:
        self.name, self.room, self.clock = name, room, clock
        self.engine = Engine(tuple(room.seats))
        self.streams: dict[str, OpenedStream] = {}
        self.coin = None if seed is None else RoomCoin(seed)
        self._store, self._writer, self._wall = store, writer, wall
        self._clocks: dict[str, ClockSync] = {}
        self._unsaved = UnsavedChanges(name, store)
        self._later: list[Action] = []  # what is to be told with the next tick
        self.is_warm: Callable[[], bool] = lambda: True  # whether what computes is loaded and compiled
        self._uncomputed: list[Callable[[], object]] = []  # what is to be done once it is, in order

    @property
    def unsaved(self) -> bool:
        """Whether something that holds already is not on the disk yet."""
        return bool(self._unsaved)

    # Events ---------------------------------------------------------------------------------------------------------

    def take(self, event: Event) -> tuple[Action, ...]:
        """Take an event: what changed is kept, consents are put on record, and what is left to do is returned."""
        now = self.clock()
        before = self.room
        after, actions = step(before, event, now)
        for action in actions:
            if isinstance(action, Agreed):
                try:
                    self._agree(action)  # first on record, then true: a full disk leaves it unsaid
                except CoregulationError:
                    self._withdraw_all(actions, event)  # what was taken back in the same message holds all the same
                    self._take_off_disk(action)
                    raise
        if isinstance(event, CoinFlipped) and after is not before:
            self._store.note(
                self.name, [_event_note(event, now)]
            )  # first on record, then shown: a full disk flips no coin
        elif after is not before and before.phase != "ended":  # whoever is erased at the end stays erased
            self._keep(event, now)
        self.room = after
        for action in actions:
            self._settle(action)
        return actions

    def _withdraw_all(self, actions: tuple[Action, ...], event: Event) -> None:
        for action in actions:
            if isinstance(action, Withdrawn) and isinstance(event, Received):
                self._later += self.take(Received(event.client, wire.Withdraw(action.person, action.purpose)))

    def _take_off_disk(self, action: Agreed) -> None:
        """Close what may have reached the disk of a consent that failed half way: the consent, but not the key that it needs."""
        seat = self.room.seats[action.person]
        initial = (TAKE_PART,) if not seat.consented else ()
        for purpose in (*initial, *(purpose for purpose in action.purposes if purpose not in seat.purposes)):
            self._unsaved.withdraw(action.person, purpose, self._wall())

    def _agree(self, action: Agreed) -> None:
        records = [
            ConsentRecord(action.person, purpose, action.text_version, self._wall(), guardian=action.guardian)
            for purpose in (TAKE_PART, *action.purposes)
        ]
        self._store.agree(self.name, records)

    def _keep(self, event: Event, now: float) -> None:
        person = None
        if isinstance(event, Received):
            person = getattr(event.message, "person", None)
            if isinstance(event.message, wire.Stop):
                event = Received("", event.message)  # who stopped is written nowhere
        private = isinstance(event, Received) and isinstance(event.message, wire.WordsMessage)
        note = _event_note(event, now, person, private)
        if self._unsaved:
            self._unsaved.add_note(note)
            return
        self._writer.keep((self.name, note)).add_done_callback(functools.partial(self._unsaved.check, note))

    def _settle(self, action: Action) -> None:
        if isinstance(action, Withdrawn):
            self._unsaved.withdraw(action.person, action.purpose, self._wall())
        elif isinstance(action, Entered):
            self._entered(action.phase)

    def _entered(self, phase: wire.Phase) -> None:
        if phase != "practice":
            return
        window = rest_of(self.room.blocks)
        if window is not None:
            self.engine.rest(window)
        resting = self.engine.resting_breath()
        if resting is not None and self.room.resting != resting:
            self.take(RestKnown(resting))

    # Clocks ---------------------------------------------------------------------------------------------------------

    def set_clock(self, client: str, message: wire.ClockIs) -> None:
        """Take the best ping of a client's burst."""
        before = self._clocks.get(client, ClockSync())
        self._clocks[client] = before.after(ClockSample(message.offset, message.round_trip))

    def forget(self, client: str) -> None:
        """Forget the clock of a client that is gone."""
        self._clocks.pop(client, None)

    def _timed(self, client: str, message: wire.Samples) -> Packets:
        """Return packets on the session clock; a time that cannot be is taken to be now, and its uncertainty says so."""
        now, sync = self.clock(), self._clocks.get(client, ClockSync())
        if not sync.known:
            shift = now - message.at[-1]
            return Packets([at + shift for at in message.at], message.data, 1.0, shift)
        at = [time + sync.offset for time in message.at]
        wrong = not all(math.isfinite(time) and EARLIEST <= time <= now + AHEAD for time in at)
        if wrong:
            return Packets([now] * len(at), message.data, 1.0, now - message.at[-1])
        return Packets(at, message.data, sync.uncertainty, sync.offset)

    # Streams --------------------------------------------------------------------------------------------------------

    def open_stream(self, message: wire.OpenStream) -> int:
        """Open a stream, or find it again, and return the last message of it that is kept (−1: none)."""
        _check_stream(message)
        about = {"device": message.device, "channel": message.channel, "unit": message.unit, "rate": message.rate}
        record = self._store.open_stream(self.name, message.stream, message.person, message.kind, about, self.clock())
        if message.stream not in self.streams:
            self.streams[message.stream] = OpenedStream(record, self._store.last_seq(record.id))
        if brings_beats(message.kind):
            self.engine.open(message.person, record.id, message.kind)
        return self.streams[message.stream].last

    def end_stream(self, client: str, message: wire.EndStream) -> None:
        """Take note that a sensor was put down; what it still sends later begins a chain of its own."""
        stream, mine = self.streams.get(message.stream), self.room.clients.get(client)
        if (
            stream is not None
            and mine is not None
            and stream.record.person in mine.people
            and brings_beats(stream.record.kind)
        ):
            put_down = functools.partial(self.engine.put_down, stream.record.person, stream.record.id, message.why)
            if self._uncomputed:
                self._uncomputed.append(put_down)
            else:
                put_down()

    def refused(self, client: str, message: wire.Samples) -> wire.Refused | None:
        """Return why samples are not taken; None if they are (or are there already)."""
        stream = self.streams.get(message.stream)
        mine = self.room.clients.get(client)
        if stream is None or mine is None or stream.record.person not in mine.people:
            return wire.refused("not-yours", room_reason(RoomReason.OPEN_STREAM_FIRST), "samples", message.stream)
        if len(message.at) != len(message.data):
            return wire.refused("malformed", room_reason(RoomReason.ONE_TIME_PER_PACKET), "samples", message.stream)
        if self.room.phase == "ended" and not self._measured_before_end(client, message):
            return wire.refused("ended", room_reason(RoomReason.ENDED), "samples", message.stream)
        if message.seq > stream.last + 1:
            missing = room_reason(RoomReason.SAMPLES_MISSING)
            return wire.refused("out-of-order", missing, "samples", message.stream, stream.last + 1)
        return None

    def _measured_before_end(self, client: str, message: wire.Samples) -> bool:
        """Whether samples that come after the end were measured before it; without the client's clock it is not known."""
        sync = self._clocks.get(client, ClockSync())
        return sync.known and min(message.at) + sync.offset <= self.room.since + sync.uncertainty

    def is_kept(self, message: wire.Samples) -> bool:
        """Whether these samples were kept before."""
        return message.seq <= self.streams[message.stream].last

    def piece(self, client: str, message: wire.Samples) -> tuple[RawPiece, Packets]:
        """Return what is to be kept, and what will be computed on once it is."""
        packets = self._timed(client, message)
        return RawPiece(self.streams[message.stream].record.id, message.seq, to_body(packets)), packets

    def compute(self, stream: str, seq: int, packets: Packets) -> tuple[float, ...]:
        """Compute on packets that are on the disk by now; returns early beats of a heart stream."""
        open_stream = self.streams[stream]
        open_stream.last = seq
        if not brings_beats(open_stream.record.kind):
            return ()
        if self._uncomputed or not self.is_warm():  # to compile here would hold up every room
            self._uncomputed.append(functools.partial(self._compute, open_stream, packets))
            return ()
        return self._compute(open_stream, packets)

    def _compute(self, open_stream: OpenedStream, packets: Packets) -> tuple[float, ...]:
        who = self.engine.people[open_stream.record.person]
        turns = len(who.turns)
        early = self.engine.heart(who.name, open_stream.record.id, packets, open_stream.record.kind)
        for turn in who.turns[turns:]:
            self._writer.keep((self.name, Note(self.clock(), SWITCH_NOTE, who.name, msgspec.json.encode(turn))))
        return early

    def _catch_up(self) -> None:
        """Compute on what came while the kernels were being compiled; its early beats are late by now."""
        if self._uncomputed and self.is_warm():
            waiting, self._uncomputed = self._uncomputed, []
            for work in waiting:
                work()

    # Time -----------------------------------------------------------------------------------------------------------

    def tick(self) -> tuple[Action, ...]:
        """Let time go on."""
        now = self.clock()
        later, self._later = tuple(self._later), []
        actions = (*later, *self.take(Tick()))
        self._unsaved.save_again(self._wall())
        self._catch_up()
        if self.room.phase in ("practice", "settle", "baseline"):
            self.engine.slow(now)
        return (*actions, *self._flip(now))

    def _flip(self, now: float) -> tuple[Action, ...]:
        """Flip the coin where the receiver rises."""
        level = functools.partial(self.engine.level_now, t=now)
        event = None if self.coin is None else self.coin.due(self.room, level, now)
        with contextlib.suppress(DiskFullError):
            return () if event is None else self.take(event)
        return ()

    def question(self) -> LinkageQuestion | None:
        """Return the question about linkage in the block that is on, if it is time to ask."""
        if self.room.phase not in ("practice", "settle") or not self.room.blocks:
            return None
        part = self.room.now_doing
        return self.engine.question(
            self.clock(), self.room.blocks[-1].start, part is not None and part.pace is not None
        )

    def answered(self, question: LinkageQuestion, answer: LiveLinkage) -> None:
        """Take the answer; it is kept, since a screen may show it."""
        self.engine.linked = answer
        shown = {
            "at": answer.at,
            "since": question.since,
            "said": answer.answer,
            "alpha": question.alpha,
            "p": answer.p,
        }
        body = msgspec.json.encode(shown | {"statistic": _plain(answer.statistic)})
        self._writer.keep((self.name, Note(answer.at, SHOWN, None, body)))

    def loose_keys(self, client: Client) -> dict[str, bytes]:
        """Return the keys of a client's people who agreed from it, and the shared one, as far as they are not in the key file."""
        keys = self._store.keys
        own = set(client.people) - set(successions(self.room, client))
        wanted = (*own, SHARED) if client.people else ()
        return {
            who: key for who, key in keys.of(self.name).items() if who in wanted and not keys.is_kept(self.name, who)
        }

    def sees_pulse(self, client: str, person: str) -> bool:
        """Whether a client may see this person's pulse now."""
        viewing = self.room.clients.get(client)
        return viewing is not None and "heart" in visible_parts(self.room, viewing, person)


def _event_note(event: Event, now: float, person: str | None = None, private: bool = False) -> Note:
    return Note(now, EVENT, person, msgspec.json.encode(StoredEvent(event)), private)


def _check_stream(message: wire.OpenStream) -> None:
    """Raise `RoomError` for a stream that no report could use later."""
    if message.kind not in STREAM_KINDS:
        raise RoomError(RoomReason.STREAM_KIND, kinds=tuple(STREAM_KINDS))
    try:
        if message.unit:
            Unit.parse(message.unit)
    except UsageError as error:
        raise RoomError(RoomReason.STREAM_UNIT) from error


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None


def refusal(action: Refuse) -> wire.Refused:
    """Return the message of a refusal."""
    return wire.refused(action.code, action.reason, action.about)

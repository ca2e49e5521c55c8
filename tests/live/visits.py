"""A model of visits to a room, for Hypothesis: whatever people do, nobody ever receives or finds a byte that the rights forbid.

Every secret is a text or a run of bytes that stands nowhere else: names, private words, private ratings, raw packets. Every frame
of a socket, every answer, every file of an export, and every file of the store (write-ahead log and temporary files too) is
searched for them as bytes. The rule of who may have what is written here anew, from the consents' own words.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from starlette.requests import Request

from coregulation.errors import CoregulationError
from coregulation.live.room import wire
from coregulation.live.room.access import SeatGrant
from coregulation.live.room.consent import PURPOSES
from coregulation.live.room.state import Freed, Gone, Guest, Joined, Received, Setup
from coregulation.live.server import ServerOptions, beat_routes, device_routes, room_routes, session_routes
from coregulation.live.server.kept_rooms import begin_room
from coregulation.live.server.room_registry import RoomRegistry
from coregulation.live.server.room_task import RoomTask
from coregulation.live.signals.heart_packets import TICK, HeartPacket, encode_heart_packet
from coregulation.live.signals.packets import Packets, to_body
from coregulation.store import KEEP, Note, RawPiece, Store

ADA, BEN = PEOPLE = ("ada-q7x9zk2m", "ben-w4v8jp6t")
RATE = {ADA: 61.0, BEN: 83.0}  # 1/min: whose heart rate a picture shows
SECRET = {who: f"private-words-of-{who}" for who in PEOPLE}
ITEM = {who: f"private-rating-of-{who}" for who in PEOPLE}
WHY = {who: f"private-reason-of-{who}" for who in PEOPLE}  # beside a correction of beats
RAW = {ADA: b"raw.packet.of.ada:9zk2m3x8", BEN: b"raw.packet.of.ben:8jp6t5w1"}
ANSWER = {who: f"answer-about-{who}" for who in PEOPLE}
PHONE = {ADA: "phone-ada", BEN: "phone-ben"}
SECOND = {"second-ada": ADA, "second-ben": BEN}  # another device at the same place
INVITED = {
    "phone-ada": SeatGrant("participant", (ADA,)),
    "phone-ben": SeatGrant("participant", (BEN,)),
    "second-ada": SeatGrant("participant", (ADA,)),
    "second-ben": SeatGrant("participant", (BEN,)),
    "guide": SeatGrant("facilitator"),
    "looker": SeatGrant("viewer"),
    "refused": SeatGrant("viewer"),
}
HOSTS = ("host", "second-host")  # browsers of this computer; the second is never in the room
DEVICES = (*HOSTS, *INVITED)
RULES = settings(max_examples=6, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
GLOBAL = (
    room_routes.open_rooms,
    room_routes.about,
    session_routes.sessions,
    session_routes.journey,
    session_routes.events,
    session_routes.settings,
    device_routes.devices,
)
OF_SESSION = (session_routes.session, session_routes.report, session_routes.result, session_routes.minutes)


def here(work, *arguments, **_):
    """Do in this process what the server does in one of its own; a visit of the model would only wait for it."""
    return work(*arguments)


class Ears:
    """A connection that remembers what is sent: messages, and the bytes that leave."""

    def __init__(self, client: str, device: str) -> None:
        self.client, self.device, self.welcomed = client, device, False
        self.sent: list[wire.Message] = []
        self.frames: list[bytes] = []

    def send(self, message: wire.Message) -> None:
        self.sent.append(message)
        self.frames.append(wire.encode(message))

    picture = send

    def end(self, _code: str) -> None: ...


class Visits(RuleBasedStateMachine):
    """A room of two with a host, a guide, somebody who looks on, somebody who is refused, and later devices at both places."""

    folder: Path
    number = 0

    @initialize(begin=st.sampled_from(["arrive", "sensors", "words", "report"]), data=st.data())
    def open(self, begin, data):
        self.set_up()
        if begin != "arrive":
            self.go_on(begin, {who: data.draw(st.sets(st.sampled_from(PURPOSES)), label=who) for who in PEOPLE})

    def go_on(self, phase, purposes):
        """Play a visit up to a phase, so that what is random happens everywhere in it."""
        for device in ("phone-ada", "phone-ben", "looker"):
            self.knock(device)
            self.let_in(device)
        for act in (self.ready, lambda who: self.consent(who, purposes[who]), self.ready, self.beats):
            for who in PEOPLE:
                act(who)
        while phase != "sensors" and self.room.live.room.phase not in ("words", "consent"):
            self.skip()
        if phase == "report":
            for who in PEOPLE:
                self.write(who, False)

    def set_up(self):
        Visits.number += 1
        self.disk = self.folder / f"store-{Visits.number}"
        store = Store(self.disk)
        self.t = 0.0
        self.loop = asyncio.new_event_loop()
        self.registry = RoomRegistry(store, ServerOptions(8765), lambda: self.t, lambda: 1.8e9 + self.t)
        self.registry._spawn = lambda work: work.close() if hasattr(work, "close") else None
        self.registry.begin_report = lambda *_: None  # reports are written by a rule below
        setup = Setup(tuple(Guest(who) for who in PEOPLE), "own", True, practice="silent-sitting", feedback="both")
        live = begin_room("visit", setup, store, self.registry.writer, lambda: self.t, lambda: 1.8e9 + self.t)
        self.room = self.registry.rooms["visit"] = RoomTask(live, self.registry)
        self.room._ask = lambda: None  # linkage is asked in a task; here is no loop that runs
        access = self.registry.access
        self.cookies = {host: access.enter(access.new_token()) for host in HOSTS}
        self.ids = {host: access.device(cookie).id for host, cookie in self.cookies.items()}
        for name, grant in INVITED.items():
            self.cookies[name], _ = access.join(access.invite("visit", grant), None)
            self.ids[name] = access.device(self.cookies[name]).id
        self.ears, self.refused = {}, set()
        self.admitted, self.wrote, self.clients = set(), {}, 0
        self.first = {}  # the device from which each person agreed first
        self.seated = {}  # the device that last had a seat before anybody agreed
        self.erased, self.closed = set(), False
        self.take(Joined("guide", self.ids["host"], "facilitator", (), host=True))
        self.admitted.add("host")

    def teardown(self):
        if hasattr(self, "registry"):
            self.what_lies_on_the_disk()
            self.after_a_kill()
            self.registry.writer.close()
            self.registry.store.close()
            self.loop.close()
            shutil.rmtree(self.disk)

    # What goes on -----------------------------------------------------------------------------------------------------

    @property
    def phase(self):
        return self.room.live.room.phase

    def take(self, event):
        if isinstance(event, Joined):
            self.ears[event.client] = self.room.connections[event.client] = Ears(event.client, event.device)
        self.room.take(event)
        if isinstance(event, Joined) and event.client in self.room.live.room.clients:
            self.room.welcome(self.ears[event.client], wire.Hello(event.role, list(event.people)), False)

    def client_of(self, device):
        clients = self.room.live.room.clients
        return next((name for name, one in clients.items() if one.device == self.ids[device]), None)

    def say(self, device, message):
        client = self.client_of(device)
        if client is not None:
            self.room.take(Received(client, message))

    def speaker(self, who):
        """Return the device that speaks for a person now."""
        seat = self.room.live.room.seats[who]
        return next((name for name, one in self.ids.items() if seat.client is not None and one == seat.device), None)

    # What people do ---------------------------------------------------------------------------------------------------

    @rule(device=st.sampled_from(list(INVITED)))
    def knock(self, device):
        if self.client_of(device) is None and device not in self.refused:
            grant = INVITED[device]
            self.clients += 1
            self.take(Joined(f"c{self.clients}", self.ids[device], grant.role, grant.people))

    @rule(device=st.sampled_from(list(INVITED)))
    def let_in(self, device):
        client = self.client_of(device)
        if client is not None and not self.room.live.room.clients[client].admitted:
            yes = device != "refused"
            self.say("host", wire.Admit(client, yes))
            self.note_admission(device)
            if not yes:
                self.refused.add(device)

    def note_admission(self, device):
        client = self.client_of(device)
        if client is None or not self.room.live.room.clients[client].admitted:
            return
        self.admitted.add(device)
        for who in INVITED[device].people:
            if who not in self.first and self.seated.get(who, device) != device:
                self.admitted.discard(self.seated[who])  # nobody agreed there, and the place is another device's now
            self.seated[who] = device

    @rule(device=st.sampled_from(list(INVITED)), leaves=st.booleans())
    def go(self, device, leaves):
        client = self.client_of(device)
        if client is None:
            return
        if leaves:
            self.say(device, wire.Leave())
            if INVITED[device].role != "participant":
                self.admitted.discard(device)
        else:
            self.room.connections.pop(client, None)
            self.room.take(Gone(client))

    @rule(who=st.sampled_from(PEOPLE))
    def free(self, who):
        """What the host's button does."""
        seat = self.room.live.room.seats[who]
        if seat.client is None and self.phase != "ended":
            if seat.device not in (None, seat.owner):
                device = next(name for name, one in self.ids.items() if one == seat.device)
                self.registry.access.dismiss(seat.device, "visit")
                self.admitted.discard(device)
            self.room.take(Freed(who))

    @rule(who=st.sampled_from(PEOPLE), purposes=st.sets(st.sampled_from(PURPOSES)))
    def consent(self, who, purposes):
        device = self.speaker(who)
        if device is None:
            return
        if "research" in purposes:
            purposes = purposes | {"keep"}
        before = set(self.room.live.room.seats[who].purposes)
        self.say(device, wire.Consent(who, sorted(purposes), "1"))
        after = set(self.room.live.room.seats[who].purposes)
        if self.room.live.room.seats[who].consented:
            self.first.setdefault(who, device)
        assert self.first.get(who) == device or after <= before, "a later device agrees to no more"

    @rule(who=st.sampled_from(PEOPLE), purpose=st.sampled_from(PURPOSES))
    def withdraw(self, who, purpose):
        device = self.speaker(who)
        if device is not None:
            self.say(device, wire.Withdraw(who, purpose))
            self.finish_what_is_over()

    @rule(who=st.sampled_from(PEOPLE))
    def ready(self, who):
        device = self.speaker(who)
        if device is not None:
            self.say(device, wire.Ready(who))

    @rule()
    def skip(self):
        if self.phase != "words":
            self.say("host", wire.Skip())

    @rule(seconds=st.floats(1, 200))
    def wait(self, seconds):
        self.t += seconds
        self.room.beat()
        self.finish_what_is_over()

    @rule(who=st.sampled_from(PEOPLE))
    def beats(self, who):
        live = self.room.live
        if self.phase not in ("sensors", "baseline", "practice", "settle") or not live.room.seats[who].consented:
            return
        live.open_stream(wire.OpenStream(f"hr-{who}", who, "hr"))
        ticks = round(60 / RATE[who] / TICK)
        for _ in range(20):
            self.t += 60 / RATE[who]
            seq = live.streams[f"hr-{who}"].last + 1
            data = encode_heart_packet(HeartPacket(round(RATE[who]), (ticks,), True))
            packets = Packets([self.t], [data], 0.001)
            stream = live.streams[f"hr-{who}"].record.id
            self.registry.writer.keep(RawPiece(stream, seq, to_body(packets))).result()
            self.room.pulse(who, live.compute(f"hr-{who}", seq, packets))
        live.open_stream(wire.OpenStream(f"raw-{who}", who, "pmd"))
        record = live.streams[f"raw-{who}"].record.id
        seq = self.registry.store.last_seq(record) + 1
        self.registry.writer.keep(RawPiece(record, seq, to_body(Packets([self.t], [RAW[who]], 0.001)))).result()
        self.room.beat()

    @rule(who=st.sampled_from(PEOPLE), share=st.booleans())
    def write(self, who, share):
        device = self.speaker(who)
        if self.phase == "words" and device is not None:
            self.say(device, wire.WordsMessage(who, SECRET[who], {ITEM[who]: 3.0}, share=share))
            if self.room.live.room.seats[who].words is not None:
                self.wrote[who] = (device, self.room.live.room.seats[who].words.share)

    @rule(device=st.sampled_from(DEVICES), who=st.sampled_from(PEOPLE))
    def correct(self, device, who):
        """Correct somebody's beats as a page does; only a device that may take the half may."""
        span = {"kind": "exclude", "time": 0.0, "to": 1.0, "why": WHY[who]}
        body = json.dumps({"corrections": [span]}).encode()
        if self.answer(beat_routes.correct, device, {"person": who}, body):
            assert device in self.admitted, (device, who)
            assert self.owns(device, who), (device, who)

    @precondition(lambda self: self.phase == "report")
    @rule()
    def reports(self):
        """A page with the names of whom it is about stands for each report that somebody may read."""
        for device in DEVICES:
            people = self.registry.readable("visit", self.ids[device])
            body = json.dumps({"verdicts": [ANSWER[who] for who in people]}).encode()
            kinds = [f"{kind}:{'+'.join(people)}" for kind in ("report", "result")]
            if people:
                self.registry.store.note("visit", [Note(0.0, kind, None, body) for kind in kinds])

    @rule()
    def stop(self):
        if self.t > 400:
            self.say("host", wire.Stop())
            self.finish_what_is_over()

    def finish_what_is_over(self):
        """What the registry does in the background when a session is over."""
        if self.phase == "ended":
            self.registry.writer.flush().result()
            self.loop.run_until_complete(self.registry._end(self.room))
            self.closed = True
            left = set(self.registry._people("visit"))
            self.erased |= set(PEOPLE) - left
            assert all(self.registry.store.agreed("visit", who, KEEP) for who in left), (
                "only what was agreed to is kept"
            )

    @precondition(lambda self: self.closed)
    @rule(device=st.sampled_from(DEVICES), who=st.sampled_from(PEOPLE))
    def erase(self, device, who):
        """Ask for an erasure as a page does; only a person's own device and the browser of this computer may."""
        body = f'{{"person": "{who}"}}'.encode()
        before = who in self.registry._people("visit")
        answer = self.answer(session_routes.erase, device, {}, body)
        gone = who not in self.registry._people("visit")
        may = device in HOSTS or (device in self.admitted and self.owns(device, who))
        assert not (before and gone) or may, (device, who)
        assert not gone or answer or not before
        if gone:
            self.erased.add(who)
            self.what_lies_on_the_disk()

    # What must hold -----------------------------------------------------------------------------------------------------

    def now_agreed(self, who):
        return {one for one in PURPOSES if self.registry.store.agreed("visit", who, one)}

    def owns(self, device, who):
        """Whether a device is the one from which a person agreed (or, before, the only one at the place)."""
        return who in getattr(INVITED.get(device), "people", ()) and self.first.get(who, self.seated.get(who)) == device

    def is_participant(self, device):
        return device.startswith(("phone-", "second-"))

    def covers(self, device, who):
        """Whether what a person agreed to covers an answer about them for a device; written anew, not from the table."""
        if device == "second-host":
            return {"keep", "show-partner"} <= self.now_agreed(who)
        if device not in self.admitted:
            return False
        if self.owns(device, who):
            return True
        if self.is_participant(device):
            return "show-partner" in self.now_agreed(who)
        return device in ("guide", "host") and "show-facilitator" in self.now_agreed(who)

    def revealed(self):
        return len(self.wrote) == 2 and all(share for _, share in self.wrote.values())

    @invariant()
    def nobody_hears_what_is_not_theirs(self):
        if not hasattr(self, "room"):
            return
        for client, ears in self.ears.items():
            device = next(name for name, one in self.ids.items() if one == ears.device)
            text = b"\n".join(ears.frames)
            for who in PEOPLE:
                if SECRET[who].encode() in text or ITEM[who].encode() in text:
                    assert self.revealed(), "words are sent to nobody before both say so, not even back"
                    assert self.is_participant(device), (device, who)
                assert RAW[who] not in text
                assert ANSWER[who].encode() not in text
                assert WHY[who].encode() not in text
                key = self.registry.store.keys.of("visit").get(who)
                keys = [one for m in ears.sent if isinstance(m, wire.Keys) for one in m.keys.values()]
                assert key not in keys or self.owns(device, who), (device, who)
            self.hearts(device, ears)
            self.at_the_door(device, client, text)
            ears.sent.clear(), ears.frames.clear()

    def hearts(self, device, ears):
        states = [m for m in ears.sent if isinstance(m, wire.StateMessage)]
        for who in PEOPLE:
            if any(who in m.people and m.people[who].heart_rate is not None for m in states):
                assert device in self.admitted, "only who was let in sees a heart"
                assert device not in ("looker", "refused")

    def at_the_door(self, device, client, text):
        known = self.room.live.room.clients.get(client)
        if known is not None and not known.admitted:
            others = [who for who in PEOPLE if who not in INVITED[device].people]
            assert not any(who.encode() in text for who in others), "the door tells no names"

    @rule(device=st.sampled_from(DEVICES))
    def look(self, device):
        """Ask for everything that can be asked."""
        over = self.phase in ("report", "ended")
        for path, answer in self.asked(device):
            invited = getattr(INVITED.get(device), "people", ())
            for who in PEOPLE:
                own = self.owns(device, who) and device in self.admitted
                assert RAW[who] not in answer or "export" in path
                shown = self.revealed() and device in self.admitted
                assert own or shown or SECRET[who].encode() not in answer, (device, path, who)
                assert own or shown or ITEM[who].encode() not in answer, (device, path, who)
                assert own or WHY[who].encode() not in answer, (device, path, who)
                if f"beats {who}" == path and answer:
                    assert own, (device, path)
                if ANSWER[who].encode() in answer:
                    assert self.covers(device, who), (device, path, who)
                if device not in self.admitted and device not in HOSTS and who not in invited:
                    assert who.encode() not in answer, (device, path, who)
                if f"export {who}" == path and answer:
                    assert own, (device, path)
                    (other,) = set(PEOPLE) - {who}
                    assert other.encode() not in answer, "a half has nothing of the other"
            if path == "export everybody" and answer:
                people = self.registry._people("visit")  # the last one who is left may take their own
                assert all(self.owns(device, who) or "research" in self.now_agreed(who) for who in people), device
            if path.startswith(("session", "report", "result", "minutes", "export", "beats")) and answer:
                assert device in self.admitted or device in HOSTS, (device, path)
                assert not (device == "looker" and over), (device, path)

    def asked(self, device):
        """Yield what a device gets of everything that can be asked; nothing where it is refused."""
        for route in GLOBAL:
            yield f"all {route.__name__}", self.answer(route, device, {})
        for route in OF_SESSION:
            yield route.__name__, self.answer(route, device, {})
        for who in PEOPLE:
            yield f"export {who}", self.answer(session_routes.export, device, {"person": who})
            yield f"beats {who}", self.answer(beat_routes.beats, device, {"person": who})
        yield "export everybody", self.answer(session_routes.export, device, {})

    def answer(self, route, device, query, body=None):
        """Return the bytes that a device is answered with, unpacked; nothing of a refusal but its code."""
        name = f"coregulation-{self.registry.port}"
        scope = {
            "type": "http", "method": "GET" if body is None else "POST", "path": "/", "path_params": {"session": "visit", "room": "visit"},
            "client": ("127.0.0.1", 1), "query_string": "&".join(f"{k}={v}" for k, v in query.items()).encode(),
            "headers": [(b"cookie", f"{name}={self.cookies[device]}".encode()), (b"content-type", b"application/json")],
            "app": SimpleNamespace(state=SimpleNamespace(registry=self.registry)),
        }  # fmt: skip

        async def receive():
            return {"type": "http.request", "body": body or b"", "more_body": False}

        try:
            answer = self.loop.run_until_complete(route(Request(scope, receive)))
        except CoregulationError:
            return b""
        if answer.status_code >= 400 or answer.status_code == 202:
            assert not any(re.search(re.escape(text), answer.body) for text in self.secrets())
            return b""
        raw = bytes(answer.body)
        if answer.media_type == "application/zip":
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                raw += b"".join(archive.read(one) + one.encode() for one in archive.namelist())
        return raw

    def secrets(self):
        return [text.encode() for some in (SECRET, ITEM, ANSWER, WHY) for text in some.values()] + list(RAW.values())

    # The disk -------------------------------------------------------------------------------------------------------------

    def files(self, folder=None):
        """Return all that lies in the store's folder and in its folders in memory: database, log, index, keys, temporary files."""
        paths = [*(folder or self.disk).rglob("*")]
        if folder is None:
            paths += [path for left in self.registry.store.scratch.left_behind() for path in left.rglob("*")]
        return b"\n".join(path.name.encode() + path.read_bytes() for path in paths if path.is_file())

    @rule()
    def what_lies_on_the_disk(self):
        """No secret lies plain on the disk at any time; of who was erased not even the name."""
        self.registry.writer.flush().result()
        lying = self.files()
        assert not [text for text in self.secrets() if text in lying]
        for who in self.erased:
            assert who.encode() not in lying, who
        keys = self.registry.store.keys
        for who, key in keys.of("visit").items():
            assert key not in lying, "a key lies wrapped or as base64, and only of who agreed to keep"
            if who and not self.registry.store.agreed("visit", who, KEEP):
                assert not keys.is_kept("visit", who)

    def after_a_kill(self):
        """What another process finds when this one is killed now: only people who agreed to keep can be read."""
        copy = self.folder / f"killed-{Visits.number}"
        shutil.copytree(self.disk, copy)
        agreed = {who: self.registry.store.agreed("visit", who, KEEP) for who in PEOPLE}
        store = Store(copy)
        for kept in store.sessions():
            for who in (one["person"] for one in kept.setup["people"]):
                assert agreed[who] or not store.keys.has("visit", who)
                for stream in store.streams("visit"):
                    if stream.person == who and not agreed[who]:
                        assert not _reads(store, stream.id), "nothing can be read without a key"
        store.close()
        lying = self.files(copy)
        assert not [text for text in self.secrets() if text in lying]
        shutil.rmtree(copy)


def _reads(store, stream):
    try:
        return bool(list(store.pieces(stream)))
    except CoregulationError:
        return False

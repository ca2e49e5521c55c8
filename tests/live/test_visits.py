"""Random visits to a room: nobody ever receives a byte that the table of rights forbids.

Each person has private words and a private rating with names of their own, and a heart rate that nobody else has, so that whatever
reaches a device can be searched for what it may not have. The rule is written here anew, from the consents' own words.
"""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from pathlib import Path
from types import SimpleNamespace

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from starlette.requests import Request

from coregulation.errors import DataError
from coregulation.live.room import wire
from coregulation.live.room.access import SeatGrant
from coregulation.live.room.consent import PURPOSES
from coregulation.live.room.policy import Right
from coregulation.live.room.state import Gone, Guest, Joined, Received, Setup
from coregulation.live.server import ServerOptions, session_routes
from coregulation.live.server.requests import HttpError
from coregulation.live.server.room_registry import RoomRegistry
from coregulation.live.server.room_session import begin_room
from coregulation.live.server.room_task import RoomTask
from coregulation.live.signals.heart_packets import TICK, HeartPacket, encode_heart_packet
from coregulation.live.signals.packets import Packets, to_body
from coregulation.store import Note, RawPiece, Store

PEOPLE = ("ada", "ben")
RATE = {"ada": 61.0, "ben": 83.0}  # 1/min: whose heart rate a picture shows
SECRET = {who: f"private-words-of-{who}" for who in PEOPLE}
ITEM = {who: f"private-rating-of-{who}" for who in PEOPLE}
DEVICES = ("host", "phone-ada", "phone-ben", "guide", "looker", "refused")
INVITED = {
    "phone-ada": SeatGrant("participant", ("ada",)),
    "phone-ben": SeatGrant("participant", ("ben",)),
    "guide": SeatGrant("facilitator"),
    "looker": SeatGrant("viewer"),
    "refused": SeatGrant("viewer"),
}
RULES = settings(max_examples=15, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))


class Ears:
    """A connection that remembers what is sent."""

    def __init__(self, client, device):
        self.client, self.device, self.sent, self.welcomed = client, device, [], False

    def send(self, message):
        self.sent.append(message)

    picture = send

    def end(self, _code):
        self.sent.append(None)


class Visits(RuleBasedStateMachine):
    """A room of two with a host, a guide, somebody who looks on and somebody who is refused."""

    folder: Path

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
        while phase != "sensors" and self.room.live.room.phase != "words":
            self.skip()
        if phase == "report":
            for who in PEOPLE:
                self.write(who, False)

    def set_up(self):
        Visits.number = getattr(Visits, "number", 0) + 1
        store = Store(self.folder / f"store-{Visits.number}")
        self.t = 0.0
        self.loop = asyncio.new_event_loop()
        self.registry = RoomRegistry(store, ServerOptions(8765), lambda: self.t, lambda: 1.8e9 + self.t)
        self.spawned = []
        self.registry._spawn = lambda work: (self.spawned.append(1), work.close() if hasattr(work, "close") else None)[
            0
        ]
        self.registry.begin_report = lambda *_: None  # reports are written by a rule below
        setup = Setup(tuple(Guest(who) for who in PEOPLE), "own", True, practice="silent-sitting", feedback="both")
        live = begin_room("visit", setup, store, self.registry.writer, lambda: self.t, lambda: 1.8e9 + self.t)
        self.room = self.registry.rooms["visit"] = RoomTask(live, self.registry)
        self.room._ask = lambda: None  # linkage is asked in a task; here is no loop that runs
        access = self.registry.access
        self.cookies = {"host": access.enter(access.token)}
        self.ids = {"host": access.device(self.cookies["host"]).id}
        for name, grant in INVITED.items():
            self.cookies[name], _ = access.join(access.invite("visit", grant), None)
            self.ids[name] = access.device(self.cookies[name]).id
        self.ears, self.refused, self.agreed = {}, set(), {who: set() for who in PEOPLE}
        self.admitted, self.wrote, self.clients = set(), {}, 0
        self.take(Joined("guide", self.ids["host"], "facilitator", (), host=True), "host")
        self.admitted.add("host")

    def teardown(self):
        if hasattr(self, "registry"):
            self.registry.writer.close()
            self.registry.store.close()
            self.loop.close()

    def take(self, event, device):
        if isinstance(event, Joined):
            self.ears[event.client] = self.room.connections[event.client] = Ears(event.client, event.device)
        self.room.take(event)
        if isinstance(event, Joined) and event.client in self.room.live.room.clients:
            hello = wire.Hello(event.role, list(event.people))
            self.room.welcome(self.ears[event.client], hello, False)

    def client_of(self, device):
        clients = self.room.live.room.clients
        return next((name for name, one in clients.items() if one.device == self.ids[device]), None)

    def say(self, device, message):
        client = self.client_of(device)
        if client is not None:
            self.room.take(Received(client, message))

    # What people do ---------------------------------------------------------------------------------------------------

    @rule(device=st.sampled_from(list(INVITED)))
    def knock(self, device):
        if self.client_of(device) is None and device not in self.refused:
            grant = INVITED[device]
            self.clients += 1
            self.take(Joined(f"c{self.clients}", self.ids[device], grant.role, grant.people), device)

    @rule(device=st.sampled_from(list(INVITED)))
    def let_in(self, device):
        client = self.client_of(device)
        if client is not None and not self.room.live.room.clients[client].admitted:
            yes = device != "refused"
            self.say("host", wire.Admit(client, yes))
            now = self.room.live.room.clients.get(client)
            if now is not None and now.admitted:
                self.admitted.add(device)
            if not yes:
                self.refused.add(device)

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

    @rule(who=st.sampled_from(PEOPLE), purposes=st.sets(st.sampled_from(PURPOSES)))
    def consent(self, who, purposes):
        if "research" in purposes:
            purposes = purposes | {"keep"}
        self.say(f"phone-{who}", wire.Consent(who, sorted(purposes), "1"))

    @rule(who=st.sampled_from(PEOPLE), purpose=st.sampled_from(PURPOSES))
    def withdraw(self, who, purpose):
        self.say(f"phone-{who}", wire.Withdraw(who, purpose))

    @rule(who=st.sampled_from(PEOPLE))
    def ready(self, who):
        self.say(f"phone-{who}", wire.Ready(who))

    @rule()
    def skip(self):
        if self.room.live.room.phase != "words":
            self.say("host", wire.Skip())

    @rule(seconds=st.floats(1, 200))
    def wait(self, seconds):
        self.t += seconds
        self.room.beat()

    @rule(who=st.sampled_from(PEOPLE))
    def beats(self, who):
        live = self.room.live
        if live.room.phase not in ("sensors", "baseline", "practice", "settle") or not live.room.seats[who].consented:
            return
        live.open_stream(wire.OpenStream(f"hr-{who}", who, "hr"))
        ticks = round(60 / RATE[who] / TICK)
        for _ in range(20):
            self.t += 60 / RATE[who]
            seq = live.streams[f"hr-{who}"].last + 1
            packets = Packets([self.t], [encode_heart_packet(HeartPacket(round(RATE[who]), (ticks,), True))], 0.001)
            self.registry.writer.keep(RawPiece(live.streams[f"hr-{who}"].record.id, seq, to_body(packets))).result()
            self.room.pulse(who, live.compute(f"hr-{who}", seq, packets))
        self.room.beat()

    @rule(who=st.sampled_from(PEOPLE), share=st.booleans())
    def write(self, who, share):
        if self.room.live.room.phase == "words" and self.client_of(f"phone-{who}") is not None:
            self.say(f"phone-{who}", wire.WordsMessage(who, SECRET[who], {ITEM[who]: 3.0}, share))
            if self.room.live.room.seats[who].words is not None:
                self.wrote[who] = self.room.live.room.seats[who].words.share

    @precondition(lambda self: self.room.live.room.phase == "report")
    @rule()
    def reports(self):
        """A page with the names of whom it is about stands for each report that somebody may read."""
        for device in DEVICES:
            people = self.registry.readable("visit", self.ids[device])
            body = f"answers of {' and '.join(f'answer-{who}' for who in people)}".encode()
            kinds = [f"{kind}:{'+'.join(people)}" for kind in ("report", "result")]
            if people:
                self.registry.store.note("visit", [Note(0.0, kind, None, body) for kind in kinds])

    @rule()
    def stop(self):
        if self.t > 400:
            self.say("host", wire.Stop())

    # What must hold -----------------------------------------------------------------------------------------------------

    def now_agreed(self, who):
        return {one for one in PURPOSES if self.registry.store.agreed("visit", who, one)}

    def covers(self, device, who):
        """Whether what a person agreed to covers an answer about them for a device; written anew, not from the table."""
        if device not in self.admitted:
            return False
        if device == f"phone-{who}":
            return True
        if device.startswith("phone-"):
            return "show-partner" in self.now_agreed(who)
        return device in ("guide", "host") and "show-facilitator" in self.now_agreed(who)

    @invariant()
    def nobody_hears_what_is_not_theirs(self):
        if not hasattr(self, "room"):
            return
        shared = len(self.wrote) == 2 and all(self.wrote.values())
        for client, ears in self.ears.items():
            device = next(name for name, one in self.ids.items() if one == ears.device)
            text = "".join(str(message) for message in ears.sent)
            for who in PEOPLE:
                own = device == f"phone-{who}"
                if SECRET[who] in text or ITEM[who] in text:
                    assert own or (shared and device.startswith("phone-")), (device, who)
                rates = [
                    m.people[who].heart_rate for m in ears.sent if isinstance(m, wire.StateMessage) and who in m.people
                ]
                if any(rate is not None for rate in rates):
                    assert device in self.admitted | {"guide"}, "only who was let in sees a heart"
                    assert device not in ("looker", "refused")
            if device not in self.admitted:
                others = [who for who in PEOPLE if device != f"phone-{who}"]
                known = client in self.room.live.room.clients and not self.room.live.room.clients[client].admitted
                if known:
                    assert not any(re.search(rf"\b{who}\b", text) for who in others), "the door tells no names"
            ears.sent.clear()

    @rule(device=st.sampled_from(DEVICES))
    def look(self, device):
        """Ask for everything that can be asked about the session."""
        over = self.room.live.room.phase in ("report", "ended")
        revealed = len(self.wrote) == 2 and all(self.wrote.values())
        for path, answer in self.asked(device):
            for who in PEOPLE:
                own = device == f"phone-{who}" and device in self.admitted
                assert SECRET[who].encode() not in answer
                assert own or revealed or ITEM[who].encode() not in answer, (device, path, who)
                if f"answer-{who}".encode() in answer:
                    assert self.covers(device, who), (device, path, who)
            if answer and device not in self.admitted and device != "host":
                raise AssertionError(f"{device} was not let in and got {path}")
            if answer and device == "looker" and over:
                raise AssertionError(f"who only looked on got {path}")

    def asked(self, device):
        """Yield what a device gets of everything that can be asked about the session; nothing where it is refused."""
        wanted = [(session_routes.report, {}), (session_routes.result, {}), (session_routes.session, {})]
        wanted += [(session_routes.export, {"person": who}) for who in PEOPLE] + [(session_routes.export, {})]
        for route, query in wanted:
            yield f"{route.__name__} {query}", self.answer(route, device, query)

    def answer(self, route, device, query):
        name = f"coregulation-{self.registry.port}"
        scope = {
            "type": "http", "method": "GET", "path": "/", "path_params": {"session": "visit"}, "client": ("127.0.0.1", 1),
            "query_string": "&".join(f"{k}={v}" for k, v in query.items()).encode(),
            "headers": [(b"cookie", f"{name}={self.cookies[device]}".encode())],
            "app": SimpleNamespace(state=SimpleNamespace(registry=self.registry)),
        }  # fmt: skip
        try:
            answer = self.loop.run_until_complete(route(Request(scope)))
        except HttpError:
            return b""
        except DataError:
            return b""  # nothing was recorded yet
        if answer.status_code >= 400 or answer.status_code == 202:
            return b""
        body = bytes(answer.body)
        if answer.media_type == "application/zip":
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                body = b"".join(archive.read(one) for one in archive.namelist())
        return body


def test_random_visits_give_nobody_what_is_not_theirs(tmp_path):
    Visits.folder = tmp_path
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Visits, settings=RULES)


@pytest.mark.nightly
def test_thousands_of_random_visits_give_nobody_what_is_not_theirs(tmp_path):
    Visits.folder = tmp_path
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Visits, settings=settings(RULES, max_examples=3000))


def test_the_rule_would_notice_a_table_that_gives_too_much(tmp_path, monkeypatch):
    """The machine finds a table in which whoever looks on may read answers."""
    from hypothesis.stateful import run_state_machine_as_test

    from coregulation.live.room import policy

    loose = dict(policy.POLICY)
    loose[Right.ANSWERS] = {**policy.POLICY[Right.ANSWERS], policy.Relation.PARTNER: policy.FREE}
    loose[Right.HALF] = {**policy.POLICY[Right.HALF], policy.Relation.PARTNER: policy.FREE}
    monkeypatch.setattr(policy, "POLICY", loose)
    Visits.folder = tmp_path
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Visits, settings=settings(RULES, max_examples=400, phases=[Phase.generate]))

"""A room without a program: what the server would say, for the looks of pages; never for what they mean."""

from __future__ import annotations

import json
import math
import time
from typing import Any

import msgspec

from coregulation.live.room import wire
from coregulation.live.room.comparison import build_comparison
from coregulation.live.room.described import described_protocols
from coregulation.live.room.practice import practices, protocol
from coregulation.live.room.script import ScriptPeople

SESSION = "2026-11-20-ada-ben"
NAMES = {"ada": "Ada", "ben": "Ben"}
PREFS = json.dumps({"names": NAMES, "rooms": {"r1": {"role": "participant", "people": ["ada", "ben"], "opened": True}}})
REMEMBER = (
    f"localStorage.getItem('coregulation.prefs') ?? localStorage.setItem('coregulation.prefs', JSON.stringify({PREFS}))"
)


def seat(person: str, **changes: Any) -> wire.SeatView:
    return wire.SeatView(**{"person": person, "here": True, **changes})


def agreed(person: str, signal: wire.Condition = "clean") -> wire.SeatView:
    return seat(person, signal=signal, consented=True, consents=["show-partner", "keep"])


OWN = [wire.Sees(who=one, whom=one, what=["heart", "breath", "quality"]) for one in NAMES]


def room(phase: wire.Phase, **changes: Any) -> wire.RoomMessage:
    """A room in a phase as two people at one screen know it."""
    early = phase in ("arrive", "consent", "sensors")
    going = phase in ("baseline", "practice", "settle")
    usual: dict[str, Any] = {
        "number": 1,
        "phase": phase,
        "since": 0.0,
        "seats": [seat(one) for one in NAMES] if phase in ("arrive", "consent") else [agreed(one) for one in NAMES],
        "practice": "silent-sitting",
        "anchor": "sight",
        "sees": [] if phase in ("arrive", "consent") else OWN,
        "until": 470.0 if going else None,
        "may": ["stop", "ready", "withdraw", *(["choose"] if early else []), *(["pause", "skip"] if going else [])],
    }
    return wire.RoomMessage(**{**usual, **changes})


def step(practice: str = "breathe-together", number: int = 1) -> wire.Step:
    one = practices()[practice]
    told = one.step[number]
    pace = told.pace and wire.Pace(phase0=230.0, from_rate=12, to_rate=told.pace.to_rate, ramp=told.pace.ramp)
    choices = [wire.Choice(choice.id, choice.label) for choice in told.choice]
    return wire.Step(practice=one.id, step=told.id, number=number + 1, of=len(one.step), say=told.say.strip(), since=230.0, until=470.0, choices=choices, pace=pace)  # fmt: skip


def comparison_step(role: wire.PartRole, setting: wire.Setting, **changes: Any) -> wire.Step:
    """A part of the recommended comparison."""
    parts = build_comparison(protocol("quarter-hour"), ScriptPeople(tuple(NAMES), helper="ben"))
    at, part = next((at, part) for at, part in enumerate(parts) if (part.role, part.setting) == (role, setting))
    usual = {
        "until": None if part.seconds is None else 320.0,
        "for_people": list(part.people),
        "tasked": list(part.tasked),
        "stays": part.stays,
    }
    return wire.Step(practice="quarter-hour", step=part.step, number=at + 1, of=len(parts), say="", since=290.0, role=role, setting=setting, moment=part.moment, stressor="arithmetic", **{**usual, **changes})  # fmt: skip


def state(**people: wire.Shown) -> wire.StateMessage:
    shown = {one: wire.Shown(signal="clean", heart_rate=64.2, breath=0.6, at=292.0) for one in NAMES}
    return wire.StateMessage(t=300.0, people={**shown, **people}, together="too-early")


KEPT = [
    {"session": SESSION, "date": "2026-11-20T18:00:00Z", "people": ["ada", "ben"], "practice": "silent-sitting", "minutes": 14, "simulated": False, "kept": True, "report": True},
    {"session": "shown", "date": "2026-11-13T18:00:00Z", "people": ["ada", "ben"], "practice": "breathe-together", "minutes": 12, "simulated": True, "kept": True, "report": True},
]  # fmt: skip


def _half_lives(k: int) -> dict[str, Any]:
    span = lambda value: {"value": value, "low": 0.7 * value, "high": 1.4 * value}  # noqa: E731
    return {one: {"half_life_with": span(20.0 - 1.5 * k), "half_life_alone": span(42.0 - 5 * k)} for one in NAMES}


def _course(level: float) -> list[list[float | None]]:
    """A heart that a task stirs, alone for longer than together."""
    ups = [(120.0, 45.0), (240.0, 14.0), (360.0, 45.0), (480.0, 14.0)]
    return [[t, round(level + 2 * math.sin(t / 9) + sum(16 * math.exp(-max(0, t - at) / tau) for at, tau in ups if t >= at and level > 66), 1) if not 200 < t < 215 else None] for t in (2.5 + 5 * k for k in range(120))]  # fmt: skip


_KINDS = [("apart", 0, 120), *[(kind, at, end) for at, end, where in ((120, 240, "apart"), (240, 360, "together"), (360, 480, "apart"), (480, 600, "together")) for kind, at, end in ((f"task-{where}", at, at + 30), (f"return-{where}", at + 30, end))]]  # fmt: skip
MINUTES = {
    "session": SESSION, "simulated": False, "kept": ["ada"], "marks": [{"at": 300.0, "label": "laughter", "person": None}],
    "parts": [{"part": part, "start": start, "end": end} for part, start, end in _KINDS],
    "people": [
        {"person": "ada", "curve": _course(70), "means": {"apart": 70.2, "return-apart": 78.4, "return-together": 72.9, "task-apart": 82.0, "task-together": 81.0}, "private": True, "words": "Warm hands, quiet.", "ratings": {"felt-safe": 8}, "signs": ["shoulders-drop"]},
        {"person": "ben", "curve": _course(64), "means": {"apart": 64.1, "return-apart": 64.5, "return-together": 64.0}, "private": True, "words": None, "ratings": {}, "signs": []},
    ],
    "next": {"what": "quarter-hour", "helper": "ada", "people": ["ada", "ben"], "why": "places"},
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "practices": msgspec.to_builtins(list(practices().values())),
    "protocols": described_protocols(),
    "rooms": [],
    "sessions": KEPT,
    f"sessions/{SESSION}": {**KEPT[0]},
    f"sessions/{SESSION}/minutes": MINUTES,
    f"sessions/{SESSION}/result": {"verdicts": [{"pair": ["ada", "ben"], "kind": "lent-regulation", "plain": "After the hard moments, ada settled sooner when ben was there. It was one visit; we cannot say whether it will be so next time."}]},
    "sessions/r1/minutes": MINUTES,
    "example/minutes": {**MINUTES, "session": "example", "simulated": True, "next": None},
    "example/result": {"verdicts": []},
    "sessions/r1/result": {"verdicts": []},
    "journey": [{"people": ["ada", "ben"], "sessions": [{"session": SESSION, "date": f"2026-10-{3 + 7 * k:02d}T18:00:00Z", "practice": "silent-sitting", "help": 1 - 0.25 * k, "pacer_off": _half_lives(k)} for k in range(4)]}],
    "devices": [
        {"device": "d1", "own": True, "host": True, "since": "2026-11-01T18:30:00Z", "used": "2026-11-20T18:30:00Z", "rooms": 2},
        {"device": "d2", "own": False, "host": False, "since": "2026-11-19T18:30:00Z", "used": "2026-11-19T19:30:00Z", "rooms": 1},
    ],
    "events": [{"at": "2026-11-20T18:30:00Z", "what": "report opened", "session": SESSION, "person": None}],
    "about": {"version": "0", "protocol": 1, "device": "host", "away": False, "sources": ["straps"], "text_version": "1", "encrypted": False},
}  # fmt: skip
REPORT = "<!doctype html><html lang=en><title>r</title><style>body{font:1rem sans-serif}</style><main><h1>Ada and Ben</h1><p>The answer.</p></main></html>"


class Pretended:
    """Answers requests and one room's socket of a page; `said` is what the page sent."""

    def __init__(self, page: Any, now: wire.RoomMessage, *later: wire.Message, t: float = 300.0):
        self.room, self.later, self.began, self.t0 = now, list(later), time.monotonic(), t
        self.said: list[dict[str, Any]] = []
        self.sockets: list[Any] = []
        self.report = REPORT
        self.taken = False  # whether somebody else sits in the seats, unless they are taken over
        page.add_init_script(REMEMBER)
        page.route("**/api/**", self._answer)
        page.route_web_socket("**/socket", self._socket)

    @property
    def t(self) -> float:
        return self.t0 + time.monotonic() - self.began

    def _answer(self, route: Any) -> None:
        path = route.request.url.split("/api/")[1].split("?")[0]
        if path.endswith("/report"):
            route.fulfill(content_type="text/html", body=self.report)
        elif path in ANSWERS:
            route.fulfill(content_type="application/json", body=json.dumps(ANSWERS[path]))
        else:
            route.fulfill(
                status=404,
                content_type="application/json",
                body='{"code": "unknown", "reason": "report.none-yet", "facts": {}}',
            )

    def _socket(self, socket: Any) -> None:
        self.sockets.append(socket)
        socket.on_message(lambda text: self._take(socket, json.loads(text)))

    def _take(self, socket: Any, message: dict[str, Any]) -> None:
        self.said.append(message)
        if message["type"] == "hello" and self.taken and not message.get("take_over"):
            socket.send(
                wire.encode(wire.Refused(code="seat-taken", reason="room.seat-elsewhere", about="hello")).decode()
            )
            socket.close()
        elif message["type"] == "hello":
            people = message["people"]
            for one in (wire.Welcome(room="r1", role=message["role"], people=people, t=self.t), self.room, *self.later):
                socket.send(wire.encode(one).decode())
        if message["type"] == "ping":
            socket.send(wire.encode(wire.Pong(sent=message["sent"], t1=self.t, t2=self.t)).decode())

    def send(self, *messages: wire.Message) -> None:
        for message in messages:
            if isinstance(message, wire.RoomMessage):
                self.room = message
            for socket in self.sockets:
                socket.send(wire.encode(message).decode())

    def sent(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.said if one["type"] == kind]

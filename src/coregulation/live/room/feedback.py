"""Who sees what, as data: a policy, a table of whom each purpose lets look, and one rule about distress.

Coupling is never a score: what is said of it comes late and in words, and only where both agreed. A distressed person is
never shown the other's alarm; nobody is shown an alarm of their own either, since there is none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from coregulation.live.room import wire
from coregulation.live.room.practice import practice
from coregulation.live.room.state import Client, RoomState
from coregulation.live.room.wire import Condition, Feedback, Phase, Together

Part = Literal["heart", "breath", "quality", "together"]
Seen = frozenset[Part]

APART = ("apart", "recorded")  # settings of a comparison in which each is by themselves
_QUALITY: Seen = frozenset({"quality"})
_BODY: Seen = frozenset({"heart", "breath", "quality"})

OWN: Mapping[Feedback, Seen] = {"none": _QUALITY, "own": _BODY, "both": _BODY, "facilitator": _QUALITY}
OTHER: Mapping[Feedback, Seen] = {"none": _QUALITY, "own": _QUALITY, "both": _BODY, "facilitator": _QUALITY}
WHILE: Mapping[Phase, Seen] = {"sensors": _BODY, "practice": _BODY, "settle": _BODY}  # in other phases: quality alone


@dataclass(frozen=True, slots=True)
class BodyNow:
    """What the engine knows of one person now."""

    signal: Condition = "none"
    heart_rate: float | None = None
    at: float | None = None
    breath: float | None = None
    stirred: bool = False  # far above their own rest


@dataclass(frozen=True, slots=True)
class LiveLinkage:
    """What can be said of two people's linkage in a block so far."""

    answer: Together
    at: float
    statistic: float = math.nan
    p: float | None = None


def visible_parts(room: RoomState, client: Client, person: str) -> Seen:
    """Return what a client may see of a person now."""
    seat = room.seats[person]
    if client.role == "viewer" or not client.admitted:
        return _QUALITY
    if client.role == "facilitator":
        return _BODY if "show-facilitator" in seat.purposes else _QUALITY
    own = person in client.people
    table = OWN if own else OTHER
    allowed = table[room.setup.feedback] & WHILE.get(room.phase, _QUALITY)
    if _is_apart(room, client, person):
        return _QUALITY
    if not own and seat.guest.child:
        return _QUALITY  # a grown-up watching a child's heart is surveillance
    looked_at = not own or len(client.people) > 1  # two people look at one screen
    if looked_at and "show-partner" not in seat.purposes:
        return _QUALITY
    return allowed - {"heart"} if room.phase == "practice" and _quiet(room) else allowed


def _is_apart(room: RoomState, client: Client, person: str) -> bool:
    """Whether this is an arm apart, and the person is not the one who is at this client's screen."""
    part = room.now_doing
    if part is None or part.setting not in APART:
        return False
    return person not in client.people or (len(client.people) > 1 and person != part.stays)


def _quiet(room: RoomState) -> bool:
    """Whether this practice shows no heart rate at all."""
    return room.setup.practice is not None and not practice(room.setup.practice).live_rates


def sees_together(room: RoomState, client: Client) -> bool:
    """Whether a client is told of linkage: where both agreed, while or after practising, where the policy shows both."""
    purpose = "show-facilitator" if client.role == "facilitator" else "show-partner"
    agreed = all(purpose in seat.purposes for seat in room.seats.values())
    policy = ("both",) if client.role == "participant" else ("both", "facilitator", "own", "none")
    part = room.now_doing
    late = room.phase in ("practice", "settle") and (part is None or part.setting not in APART)
    return client.role != "viewer" and agreed and late and len(room.seats) > 1 and room.setup.feedback in policy


def shown_to(room: RoomState, client: Client, bodies: Mapping[str, BodyNow]) -> dict[str, wire.Shown]:
    """Return everybody as one client may see them now."""
    distressed = client.role == "participant" and any(
        bodies[person].stirred for person in client.people if person in bodies
    )
    out = {}
    for person, body in bodies.items():
        allowed = visible_parts(room, client, person)
        alarm = distressed and body.stirred and (person not in client.people or len(client.people) > 1)
        heart = "heart" in allowed and not alarm
        out[person] = wire.Shown(
            signal=body.signal,
            heart_rate=body.heart_rate if heart else None,
            breath=body.breath if "breath" in allowed and not alarm else None,
            at=body.at if heart else None,
        )
    return out


def who_sees_what(room: RoomState) -> list[wire.Sees]:
    """Return the bar that stands on every screen: the same for all."""
    out = []
    for client in room.clients.values():
        if client.admitted:
            names = client.people or (client.role,)
            together = "together" if sees_together(room, client) else None
            for person in room.seats:
                what = sorted(visible_parts(room, client, person)) + ([together] if together else [])
                out += [wire.Sees(name, person, what) for name in names]  # type: ignore[arg-type]
    return out

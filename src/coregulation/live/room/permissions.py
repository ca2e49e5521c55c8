"""What is legal in a room: two tables, from phase to phase and who may say what when; everything else is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from coregulation.live.room.reasons import RoomReason, room_reason
from coregulation.live.room.state import Refuse, RoomState
from coregulation.live.room.wire import Phase, Role

Trigger = Literal["ready", "skip", "time", "over", "words", "pause", "stop", "left"]

NEXT: Mapping[tuple[Phase, Trigger], Phase] = {
    ("arrive", "ready"): "consent",
    ("consent", "ready"): "sensors",
    ("sensors", "ready"): "baseline",
    ("sensors", "skip"): "baseline",
    ("baseline", "time"): "practice",
    ("baseline", "skip"): "practice",
    ("baseline", "pause"): "paused",
    ("practice", "over"): "settle",
    ("practice", "pause"): "paused",
    ("settle", "time"): "words",
    ("settle", "skip"): "words",
    ("settle", "pause"): "paused",
    ("words", "words"): "report",
    ("report", "left"): "ended",
    **{(phase, "stop"): "ended" for phase in ("arrive", "consent", "sensors", "baseline", "practice", "settle", "words", "report", "paused")},
}  # fmt: skip

_ACTIVE: tuple[Phase, ...] = ("baseline", "practice", "settle")
_OPEN: tuple[Phase, ...] = ("arrive", "consent", "sensors", *_ACTIVE, "words", "report", "paused")
_SENSED: tuple[Phase, ...] = ("sensors", *_ACTIVE, "paused")
_TWO: tuple[Role, ...] = ("participant", "facilitator")

MAY: Mapping[str, tuple[tuple[Role, ...], tuple[Phase, ...]]] = {
    "ready": (("participant",), ("arrive", "consent", "sensors", "practice")),
    "consent": (("participant",), ("consent", "sensors", *_ACTIVE, "paused")),
    "withdraw": (("participant",), (*_OPEN, "ended")),
    "stream": (("participant",), _SENSED),
    "samples": (("participant",), (*_SENSED, "words", "report", "ended")),
    "end-stream": (("participant",), (*_OPEN, "ended")),
    "choose": (_TWO, ("arrive", "consent", "sensors")),
    "choose-task": (_TWO, ("arrive", "consent", "sensors")),
    "skip": (_TWO, ("sensors", *_ACTIVE, "words")),
    "pick": (("participant",), ("practice",)),
    "pause": (_TWO, _ACTIVE),
    "resume": (_TWO, ("paused",)),
    "stop": (_TWO, _OPEN),
    "mark": (_TWO, (*_ACTIVE, "paused")),
    "words": (("participant",), ("words",)),
    "not-now": (("participant",), ("practice",)),
    "admit": (_TWO, _OPEN),
    "leave": (("participant", "facilitator", "viewer"), (*_OPEN, "ended")),
}


def refusal_of(room: RoomState, client: str, message: Any) -> Refuse | None:
    """Return why a client may not send a message now; None if it may. `MAY` is the law; a stop needs no name."""
    kind = str(message.__struct_config__.tag)
    roles, phases = MAY.get(kind, ((), ()))
    sender = room.clients.get(client)
    if kind == "stop" and client == "" and room.phase in phases:
        return None
    if sender is None or not sender.admitted:
        return Refuse(client, "not-admitted", room_reason(RoomReason.WAIT_FOR_ADMISSION), kind)
    if sender.role not in roles:
        return Refuse(client, "not-yours", room_reason(RoomReason.ROLE, role=sender.role), kind)
    if room.phase not in phases:
        return Refuse(
            client,
            "ended" if room.phase == "ended" else "not-now",
            room_reason(RoomReason.NOT_IN_PHASE, phase=room.phase),
            kind,
        )
    person = getattr(message, "person", None)
    if person is not None and sender.role == "participant" and person not in sender.people:
        return Refuse(client, "not-yours", room_reason(RoomReason.OTHER_SEAT), kind)
    if person is not None and person not in room.seats:
        return Refuse(client, "unknown", room_reason(RoomReason.NOBODY_OF_THAT_NAME), kind)
    if kind in ("stream", "samples") and person is not None and not room.seats[person].consented:
        return Refuse(client, "no-consent", room_reason(RoomReason.NO_CONSENT_YET), kind)
    return None


def allowed_messages(room: RoomState, client: str) -> list[str]:
    """Return the types of message that a client may send now."""
    sender = room.clients.get(client)
    if sender is None or not sender.admitted:
        return ["leave"]
    return sorted(kind for kind, (roles, phases) in MAY.items() if sender.role in roles and room.phase in phases and (kind != "admit" or lets_in(room, client)) and (kind != "not-now" or may_be_cued(room, client)))  # fmt: skip


def may_be_cued(room: RoomState, client: str) -> bool:
    """Whether a client speaks for the giver of a coin."""
    coin = room.setup.coin
    return coin is not None and tuple(room.seats)[coin.giver : coin.giver + 1] == room.clients[client].people


def lets_in(room: RoomState, client: str) -> bool:
    """Whether a client may let others in: the facilitator, or where there is none the one that opened the room."""
    asking = room.clients[client]
    return asking.role == "facilitator" or (asking.host and not room.setup.facilitator)

"""One event taken: from what a client said to the next state of the room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from coregulation.errors import CoregulationError
from coregulation.live.room import coin, consent, wire
from coregulation.live.room.coin_record import COIN, CoinFlipped, CoinStopped
from coregulation.live.room.permissions import lets_in, refusal_of
from coregulation.live.room.phases import (
    at_part,
    block_closed,
    block_opened,
    cue_answered,
    ended,
    in_time,
    onward,
    part_left_out,
    to_cue_again,
)
from coregulation.live.room.practice import practice
from coregulation.live.room.reasons import RoomReason, reason_of, room_reason
from coregulation.live.room.seats import (
    SEAT_HELD,
    admission,
    free_seat,
    free_seats,
    join_room,
    leave_room,
    seats_of,
    successions,
    wait_again,
)
from coregulation.live.room.state import (
    Action,
    Agreed,
    BroadcastRoom,
    BroadcastStep,
    Close,
    Dismissed,
    Entered,
    Event,
    Freed,
    Gone,
    Interrupted,
    Joined,
    Outcome,
    Received,
    Refuse,
    Restarted,
    RestKnown,
    Reveal,
    RoomState,
    Tick,
    Withdrawn,
    replace,
    with_seat,
)


def step(room: RoomState, event: Event, now: float) -> Outcome:
    """Return the room after an event, and what is to be done; an event that is not legal changes nothing."""
    if isinstance(event, Joined):
        after, actions = join_room(room, event)
    elif isinstance(event, Gone):
        after, actions = leave_room(room, event, now)
    elif isinstance(event, RestKnown):
        after, actions = replace(room, resting=event.resting), ()
    elif isinstance(event, Tick):
        after, actions = _ticked(room, now)
    elif isinstance(event, Interrupted):
        after, actions = interrupted(room, now)
    elif isinstance(event, Freed):
        after, actions = free_seat(room, event.person)
    elif isinstance(event, Restarted):
        after, actions = restarted(room, event.reached, now)
    elif isinstance(event, CoinFlipped | CoinStopped):
        after, actions = coin.flipped(room, event, now) if isinstance(event, CoinFlipped) else coin.stopped(room, event)
    else:
        after, actions = _received(room, event, now)
    if after is room or coin.is_private(event):
        return after, actions
    return replace(after, number=room.number + 1), actions


def _ticked(room: RoomState, now: float) -> Outcome:
    waited = free_seats(room, now)
    if waited.phase == "ended" != room.phase:
        return waited, (BroadcastRoom(), Entered("ended"))
    return in_time(waited, now)


def _received(room: RoomState, event: Received, now: float) -> Outcome:
    kind = str(event.message.__struct_config__.tag)
    refused = refusal_of(room, event.client, event.message)
    if refused is not None:
        return room, (refused,)
    try:
        return _TRANSITIONS[kind](room, event.client, event.message, now)
    except CoregulationError as error:
        return room, (Refuse(event.client, "unknown", reason_of(error), kind),)


def _ready(room: RoomState, _client: str, message: wire.Ready, now: float) -> Outcome:
    room = with_seat(room, message.person, ready=True)
    everybody = all(seat.ready and seat.client is not None for seat in room.seats.values())
    agreed = room.phase != "consent" or all(seat.consented for seat in room.seats.values())
    if not (everybody and agreed):
        return room, (BroadcastRoom(),)
    if room.phase == "practice":
        doing = room.now_doing
        if doing is None or doing.seconds is not None:
            return room, (BroadcastRoom(),)
        return cue_answered(room, followed=True, now=now)
    return onward(room, "ready", now)


def _consent(room: RoomState, client: str, message: wire.Consent, _now: float) -> Outcome:
    child = room.seats[message.person].guest.child
    refused = consent.refused(message.purposes, message.text_version, child, message.guardian)
    if refused is not None:
        return room, (Refuse(client, "no-consent", refused, "consent"),)
    if COIN in message.purposes and room.setup.coin is None:
        return room, (Refuse(client, "no-consent", room_reason(RoomReason.NO_COIN), "consent"),)
    seat = room.seats[message.person]
    purposes = tuple(dict.fromkeys(message.purposes))
    if message.person in successions(room, room.clients[client]) and not set(purposes) <= set(seat.purposes):
        return room, (Refuse(client, "no-consent", room_reason(RoomReason.OTHER_DEVICE_AGREED), "consent"),)
    dropped = [purpose for purpose in seat.purposes if purpose not in purposes]
    owner = seat.owner or seat.device
    room = with_seat(room, message.person, consented=True, purposes=purposes, owner=owner)
    room = coin.without_consent(room) if COIN in dropped else room
    done: tuple[Action, ...] = (
        Agreed(message.person, purposes, message.text_version, message.guardian),
        *(Withdrawn(message.person, purpose) for purpose in dropped),
    )
    return room, (*done, BroadcastRoom())


def _withdraw(room: RoomState, _client: str, message: wire.Withdraw, _now: float) -> Outcome:
    seat = room.seats[message.person]
    gone = {message.purpose, "research"} if message.purpose == "keep" else {message.purpose}
    taken = [purpose for purpose in seat.purposes if purpose in gone]
    if not taken:
        return room, ()
    kept = tuple(purpose for purpose in seat.purposes if purpose not in gone)
    room = coin.without_consent(room) if COIN in taken else room
    return with_seat(room, message.person, purposes=kept), (
        *(Withdrawn(message.person, purpose) for purpose in taken),
        BroadcastRoom(),
    )


def _choose(room: RoomState, client: str, message: wire.Choose, _now: float) -> Outcome:
    chosen = practice(message.practice)
    chosen.chosen(message.anchor)
    if room.setup.coin is not None and message.practice != room.setup.practice:
        return room, (Refuse(client, "unknown", room_reason(RoomReason.CHOICE_CLOSED), "choose"),)
    children = any(seat.guest.child for seat in room.seats.values())
    if children and not chosen.children:
        return room, (
            Refuse(client, "unknown", room_reason(RoomReason.NOT_FOR_CHILDREN, practice=chosen.title), "choose"),
        )
    if message.feedback not in chosen.feedback:
        return room, (
            Refuse(
                client,
                "unknown",
                room_reason(RoomReason.FEEDBACK, practice=chosen.title, choices=tuple(chosen.feedback)),
                "choose",
            ),
        )
    setup = replace(
        room.setup,
        practice=message.practice,
        anchor=message.anchor,
        feedback=message.feedback,
        minutes=message.minutes,
        protocol=None,
    )
    return replace(room, setup=setup), (BroadcastRoom(),)


def _choose_task(room: RoomState, client: str, message: wire.ChooseTask, _now: float) -> Outcome:
    if room.setup.protocol is None:
        return room, (Refuse(client, "unknown", room_reason(RoomReason.CHOICE_CLOSED), "choose-task"),)
    return replace(room, setup=replace(room.setup, stressor=message.stressor)), (BroadcastRoom(),)


def _skip(room: RoomState, client: str, message: wire.Skip, now: float) -> Outcome:
    if room.phase == "practice":
        return part_left_out(room, now)
    if room.phase != "words":
        return onward(room, "skip", now)
    people = (message.person,) if message.person else room.clients[client].people
    return _words_done(room, people, now)


def _pick(room: RoomState, client: str, message: wire.Pick, now: float) -> Outcome:
    doing = room.now_doing
    if doing is None or doing.step != message.step or message.choice not in {choice.id for choice in doing.choices}:
        return room, (Refuse(client, "unknown", room_reason(RoomReason.CHOICE_CLOSED), "pick"),)
    room = replace(room, marks=(*room.marks, (now, f"picked {message.choice}", message.person)))
    to = next((n for n, part in enumerate(room.parts) if part.step == doing.leads.get(message.choice)), None)
    return (room, ()) if to is None else at_part(room, to, now)


def _pause(room: RoomState, _client: str, _message: wire.Pause, now: float) -> Outcome:
    left = room.part_until if room.phase == "practice" else room.until
    room = replace(block_closed(room, now), paused=room.phase, paused_left=None if left is None else left - now)
    return replace(room, phase="paused", since=now, until=None), (BroadcastRoom(),)


def interrupted(room: RoomState, now: float) -> Outcome:
    """Pause a room and ask everybody again what they agree to; nothing is shown or kept before."""
    if room.phase in ("baseline", "practice", "settle"):
        room, _ = _pause(room, "", wire.Pause(), now)
    for person in room.seats:
        room = with_seat(room, person, consented=False, purposes=(), ready=False)
    return room, (BroadcastRoom(),)


def restarted(room: RoomState, reached: float, now: float) -> Outcome:
    """Go on after a restart of the program: seats wait anew, and a phase that was cut off for long waits where it was.

    The computer's clock may have been set meanwhile, so how long the program was away is not known.
    """
    room = wait_again(room, now)
    if room.phase in ("baseline", "practice", "settle") and now - reached > SEAT_HELD:
        room, _ = _pause(room, "", wire.Pause(), max(reached, room.since))
    return room, ()


def _resume(room: RoomState, client: str, _message: wire.Resume, now: float) -> Outcome:
    if not all(seat.consented for seat in room.seats.values()):
        return room, (Refuse(client, "no-consent", room_reason(RoomReason.NO_CONSENT_YET), "resume"),)
    assert room.paused is not None
    phase, left = room.paused, room.paused_left
    room = replace(room, phase=phase, since=now, paused=None, paused_left=None)
    until = None if left is None else now + max(0.0, left)
    if phase == "practice" and room.now_doing is not None and room.now_doing.setting is not None:
        return to_cue_again(room, now)
    if phase == "practice":
        room = replace(room, part_since=now, part_until=until)
        return block_opened(room, now), (BroadcastRoom(), BroadcastStep())
    return block_opened(replace(room, until=until), now), (BroadcastRoom(),)


def _stop(room: RoomState, _client: str, _message: wire.Stop, now: float) -> Outcome:
    return ended(room, "finished" if room.phase == "report" else "stopped", now), (BroadcastRoom(), Entered("ended"))


def _mark(room: RoomState, _client: str, message: wire.MarkMessage, now: float) -> Outcome:
    return replace(room, marks=(*room.marks, (now, message.label, message.person))), ()


def _words(room: RoomState, _client: str, message: wire.WordsMessage, now: float) -> Outcome:
    return _words_done(with_seat(room, message.person, words=message), (message.person,), now)


def _words_done(room: RoomState, people: tuple[str, ...], now: float) -> Outcome:
    for person in people:
        room = with_seat(room, person, done=True)
    if not all(seat.done for seat in room.seats.values()):
        return room, (BroadcastRoom(),)
    written = tuple(seat.words for seat in room.seats.values() if seat.words is not None)
    shared = (Reveal(written),) if len(written) == len(room.seats) and all(words.share for words in written) else ()
    room, actions = onward(room, "words", now)
    return room, (*shared, *actions)


def _admit(room: RoomState, client: str, message: wire.Admit, _now: float) -> Outcome:
    if not lets_in(room, client):
        return room, (Refuse(client, "not-yours", room_reason(RoomReason.GUIDE_ADMITS), "admit"),)
    waiting = room.clients.get(message.ticket)
    if waiting is None or waiting.admitted:
        return room, (Refuse(client, "unknown", room_reason(RoomReason.NO_TICKET), "admit"),)
    taken = [person for person in waiting.people if room.seats[person].client is not None]
    if not message.yes or taken:
        clients = {client: each for client, each in room.clients.items() if client != message.ticket}
        return replace(room, clients=clients), (
            Close(message.ticket, "not-admitted"),
            Dismissed(waiting.device),
            BroadcastRoom(),
        )
    return seats_of(room, message.ticket), (admission(room, waiting), BroadcastRoom(), BroadcastStep())


def _leave(room: RoomState, client: str, _message: wire.Leave, now: float) -> Outcome:
    leaving = room.clients[client]
    people = leaving.people
    room, _ = leave_room(room, Gone(client), now)
    for person in people:
        room = with_seat(room, person, device=None, gone=None)
    over = room.phase == "report" and not room.clients
    if over:
        return ended(room, "finished", now), (Close(client, "left"), Entered("ended"))
    if leaving.role == "participant" or leaving.host:
        return room, (Close(client, "left"), BroadcastRoom())
    room = replace(room, admitted=room.admitted - {leaving.device})  # who comes back asks to be let in again
    return room, (Close(client, "left"), Dismissed(leaving.device), BroadcastRoom())


_TRANSITIONS: Mapping[str, Callable[[RoomState, str, Any, float], Outcome]] = {
    "ready": _ready, "consent": _consent, "withdraw": _withdraw, "choose": _choose, "choose-task": _choose_task, "skip": _skip, "pick": _pick,
    "pause": _pause, "resume": _resume, "stop": _stop, "mark": _mark, "words": _words, "admit": _admit, "leave": _leave, "not-now": coin.skipped,
}  # fmt: skip

"""The coin of a room: whether it runs, what a flip changes, and what a client is told of it.

Nothing here tells the other people anything of a flip: no message is sent to them, and the number of the room's messages does not change.
"""

from __future__ import annotations

from coregulation.live.room import wire
from coregulation.live.room.coin_record import COIN, CUE_SHOWN, CoinFlipped, CoinRecord, CoinStopped, KeptFlip, ShowCue
from coregulation.live.room.reasons import RoomReason, room_reason
from coregulation.live.room.state import BroadcastRoom, Event, Outcome, Received, Refuse, RoomState, replace


def coin_people(room: RoomState) -> tuple[str, str] | None:
    """Return the giver and the receiver; None where there is no coin, or somebody of the two was erased."""
    coin, people = room.setup.coin, tuple(room.seats)
    if coin is None or len(people) != 2:
        return None
    return people[coin.giver], people[1 - coin.giver]


def is_running(room: RoomState) -> bool:
    """Whether the coin may be flipped now: in the ordinary time, while both agree."""
    agreed = all(COIN in seat.purposes for seat in room.seats.values())
    return coin_people(room) is not None and room.coin.over is None and agreed and room.phase == "practice"


def is_private(event: Event) -> bool:
    """Whether an event leaves no trace for anybody but the giver."""
    return isinstance(event, CoinFlipped) or (isinstance(event, Received) and isinstance(event.message, wire.NotNow))


def flipped(room: RoomState, event: CoinFlipped, now: float) -> Outcome:
    """Take a flip; the cue is shown if the coin asked for one and one can be shown."""
    people = coin_people(room)
    if people is None or not is_running(room):
        return room, ()
    flip = KeptFlip(now, event.cue, event.possible)
    room = replace(room, coin=replace(room.coin, flips=(*room.coin.flips, flip)))
    client = room.seats[people[0]].client
    shown = (ShowCue(client, people[0], now + CUE_SHOWN),) if flip.delivered and client is not None else ()
    return room, shown


def skipped(room: RoomState, client: str, message: wire.NotNow, now: float) -> Outcome:
    """Take note that the giver lets a cue pass; it counts as a cue all the same."""
    people = coin_people(room)
    if people is None or message.person != people[0]:
        return room, (Refuse(client, "not-yours", room_reason(RoomReason.NO_COIN), "not-now"),)
    flips = room.coin.flips
    if not flips or not flips[-1].delivered or now > flips[-1].time + CUE_SHOWN:
        return room, ()
    last = replace(flips[-1], skipped=True)
    return replace(room, coin=replace(room.coin, flips=(*flips[:-1], last))), ()


def stopped(room: RoomState, event: CoinStopped) -> Outcome:
    """End the coin; the session goes on without it."""
    if room.setup.coin is None or room.coin.over is not None:
        return room, ()
    return replace(room, coin=replace(room.coin, over=event.why)), (BroadcastRoom(),)


def without_consent(room: RoomState) -> RoomState:
    """End the coin once somebody took back what they had agreed to."""
    return replace(room, coin=CoinRecord(room.coin.flips, "withdrawn")) if room.coin.over is None else room


def coin_view(room: RoomState) -> wire.CoinView | None:
    """Return what everybody in the room may know of the coin while the session lasts: nothing that a flip changes."""
    people = coin_people(room)
    if people is None or room.setup.coin is None:
        return None
    agreed = all(COIN in seat.purposes for seat in room.seats.values())
    return wire.CoinView(*people, room.setup.coin.commitment, agreed and room.coin.over is None)

"""A room as a state machine: an event and a time go in, the next state and what is to be done come out.

No socket, no clock, no file: here is what a room is made of; `law` tells what is legal when, `transitions` takes an event.
A room that was lost with its process is the fold of its events.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from coregulation.live.room import wire
from coregulation.live.room.coin_record import CoinFlipped, CoinRecord, CoinSetup, CoinStopped, ShowCue
from coregulation.live.room.script import ScriptPart
from coregulation.live.room.wire import Feedback, Phase, Role
from coregulation.reasons import Reason
from coregulation.settings import MIN_BASELINE_REST

replace = msgspec.structs.replace


class Guest(msgspec.Struct, frozen=True):
    """Somebody who takes a seat, by a pseudonym."""

    person: wire.Name
    role: wire.Line | None = None
    child: bool = False


class Setup(msgspec.Struct, frozen=True):
    """What a room is made with."""

    people: tuple[Guest, ...]
    screens: Literal["one", "own"] = "one"
    facilitator: bool = False
    simulated: bool = False
    practice: str | None = None
    anchor: str | None = None
    feedback: Feedback = "own"
    minutes: float | None = None
    protocol: str | None = None
    stressor: wire.Stressor = "arithmetic"  # what the tasks of a comparison are
    helper: str | None = None
    visit: int = 0
    baseline: float = MIN_BASELINE_REST
    settle: float = 90.0
    linked: bool = True  # of a simulated pair: whether the second follows the first
    seed: int = 1
    source: str = "straps"
    speed: float = 1.0  # of a simulated session: how much faster than a clock it runs
    coin: CoinSetup | None = None


class SeatState(msgspec.Struct, frozen=True):
    """One person's place: which device holds it, which client speaks from it, what they said."""

    guest: Guest
    device: str | None = None
    owner: str | None = None  # device from which the person first agreed; another one has fewer rights
    client: str | None = None
    gone: float | None = None
    consented: bool = False
    purposes: tuple[wire.Purpose, ...] = ()
    ready: bool = False
    words: wire.WordsMessage | None = None
    done: bool = False  # with their words


class Client(msgspec.Struct, frozen=True):
    """An open socket."""

    device: str
    role: Role
    people: tuple[str, ...]
    host: bool
    admitted: bool


class KeptBlock(msgspec.Struct, frozen=True):
    """A span as it will stand in the session."""

    kind: str
    start: float
    end: float | None = None
    present: tuple[str, ...] = ()
    partner: str = "live"
    perturbed: tuple[str, ...] = ()
    cues: dict[str, bool] = {}
    guide: str | None = None


class Joined(msgspec.Struct, frozen=True, tag="joined"):
    """A client said hello; whom it may speak for was checked."""

    client: str
    device: str
    role: Role
    people: tuple[str, ...]
    host: bool = False
    take_over: bool = False


class Gone(msgspec.Struct, frozen=True, tag="gone"):
    """A client's socket closed."""

    client: str


class Received(msgspec.Struct, frozen=True, tag="said"):
    """A client sent something."""

    client: str
    message: wire.FromClient


class Tick(msgspec.Struct, frozen=True, tag="tick"):
    """Time went on."""


class RestKnown(msgspec.Struct, frozen=True, tag="known"):
    """What the bodies said before the practice: the slower one's breaths per minute."""

    resting: float | None


class Interrupted(msgspec.Struct, frozen=True, tag="interrupted"):
    """The program stopped before a protective change was saved: everybody is asked again what they agree to."""


class Freed(msgspec.Struct, frozen=True, tag="freed"):
    """The computer's browser freed a seat whose device is away."""

    person: str


class Restarted(msgspec.Struct, frozen=True, tag="restarted"):
    """The program was started again; `reached`: the last session time that is known, in s."""

    reached: float


Event = Joined | Gone | Received | Tick | RestKnown | Interrupted | Freed | Restarted | CoinFlipped | CoinStopped


class BroadcastRoom(msgspec.Struct, frozen=True):
    """Everybody is to see the room as it is now."""


class BroadcastStep(msgspec.Struct, frozen=True):
    """Everybody is to see the part that begins."""


class Refuse(msgspec.Struct, frozen=True):
    """One client is told that something was not taken."""

    client: str
    code: wire.Refusal
    reason: Reason
    about: str


class Close(msgspec.Struct, frozen=True):
    """One client's socket is closed."""

    client: str
    code: wire.Farewell


class Agreed(msgspec.Struct, frozen=True):
    """A consent is to be put on record."""

    person: str
    purposes: tuple[wire.Purpose, ...]
    text_version: str
    guardian: bool


class Withdrawn(msgspec.Struct, frozen=True):
    """A consent was taken back."""

    person: str
    purpose: wire.Purpose


class Reveal(msgspec.Struct, frozen=True):
    """Both agreed that their words are shown."""

    words: tuple[wire.WordsMessage, ...]


class Entered(msgspec.Struct, frozen=True):
    """A phase began."""

    phase: Phase


class Admitted(msgspec.Struct, frozen=True):
    """A device was let into the room, with the seats that it has now."""

    device: str
    role: Role
    people: tuple[str, ...]
    successor: tuple[str, ...] = ()  # of these, whose seat another device agreed from


class Dismissed(msgspec.Struct, frozen=True):
    """A device was refused at the door, or left without having taken part."""

    device: str


Action = (
    Admitted | Dismissed | BroadcastRoom | BroadcastStep | Refuse | Close | Agreed | Withdrawn | Reveal | Entered | ShowCue
)  # fmt: skip


class RoomState(msgspec.Struct, frozen=True):
    """A room now."""

    setup: Setup
    seats: dict[str, SeatState]
    clients: dict[str, Client] = {}
    admitted: frozenset[str] = frozenset()  # devices
    phase: Phase = "arrive"
    since: float = 0.0
    until: float | None = None
    paused: Phase | None = None
    paused_left: float | None = None
    parts: tuple[ScriptPart, ...] = ()
    part: int = 0
    part_since: float = 0.0
    part_until: float | None = None
    resting: float | None = None
    confirmed: bool = False  # whether the last cue of a comparison was followed
    blocks: tuple[KeptBlock, ...] = ()
    marks: tuple[tuple[float, str, str | None], ...] = ()
    ended: Literal["finished", "stopped", "left"] | None = None
    number: int = 0
    coin: CoinRecord = CoinRecord()

    @property
    def now_doing(self) -> ScriptPart | None:
        """The part of the practice that is on."""
        return self.parts[self.part] if self.phase == "practice" and self.part < len(self.parts) else None


Outcome = tuple[RoomState, tuple[Action, ...]]


def open_room(setup: Setup) -> RoomState:
    """Return a room in which nobody is yet."""
    return RoomState(setup, {guest.person: SeatState(guest) for guest in setup.people})


def unready(room: RoomState) -> RoomState:
    """Ask everybody again whether they are ready."""
    return replace(room, seats={person: replace(seat, ready=False) for person, seat in room.seats.items()})


def with_seat(room: RoomState, person: str, **changes: Any) -> RoomState:
    """Return the room with something changed at one seat."""
    return replace(room, seats={**room.seats, person: replace(room.seats[person], **changes)})

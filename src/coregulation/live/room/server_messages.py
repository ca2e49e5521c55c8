"""Messages from the server to a page."""

from __future__ import annotations

from typing import Any, Literal

from coregulation.live.room.vocabulary import (
    VERSION,
    Condition,
    Farewell,
    Feedback,
    Message,
    PartRole,
    Phase,
    Purpose,
    Refusal,
    Role,
    Setting,
    Stressor,
    Together,
)


class Welcome(Message, frozen=True, tag="welcome"):
    """The answer to hello; `streams` tells the last `seq` kept of each stream, so that the rest can be sent again."""

    room: str
    role: Role
    people: list[str]
    t: float
    resumed: bool = False
    streams: dict[str, int] = {}
    speed: float = 1.0  # of a simulated session: how much faster than a clock it runs
    v: int = VERSION


class Keys(Message, frozen=True, tag="keys"):
    """Keys of what is recorded, as long as nobody agreed to keep it: by person, and "" for what is shared.

    The page brings them back in its `hello` if the program was interrupted; without them nothing can be read again.
    """

    keys: dict[str, bytes]


class Pong(Message, frozen=True, tag="pong"):
    """The time: when the ping came (`t1`) and when this left (`t2`), on the session clock."""

    sent: float
    t1: float
    t2: float


class SeatView(Message, frozen=True):
    """One person in the room, as everybody there may know them."""

    person: str
    role: str | None = None
    child: bool = False
    here: bool = False
    consents: list[Purpose] = []
    consented: bool = False
    ready: bool = False
    signal: Condition = "none"


class Sees(Message, frozen=True):
    """One line of the bar that tells who sees what."""

    who: str  # a person, or "facilitator" or "viewer"
    whom: str
    what: list[Literal["heart", "breath", "quality", "together"]]


class Waiting(Message, frozen=True):
    """Somebody at the door."""

    ticket: str
    role: Role
    people: list[str]


class CoinView(Message, frozen=True):
    """The coin of a room, the same however it falls: who may be cued, at whose rises, and the SHA-256 of its seed."""

    giver: str
    receiver: str
    commitment: str
    on: bool  # both agree, and it has not ended


class CoinCue(Message, frozen=True, tag="coin-cue"):
    """To the giver's own screen alone: a cue to slow down, shown until a session time (s)."""

    person: str
    until: float


class RoomMessage(Message, frozen=True, tag="room"):
    """The room as it is now; comes whenever something in it changes."""

    number: int  # counts these
    phase: Phase
    since: float
    seats: list[SeatView]
    until: float | None = None  # None: until people go on
    paused: Phase | None = None  # what waits
    facilitator: bool = False
    practice: str | None = None
    anchor: str | None = None
    feedback: Feedback = "own"
    simulated: bool = False
    protocol: str | None = None  # a comparison
    tasked: list[str] = []  # whom its tasks are for
    stressor: Stressor | None = None  # what they are
    sees: list[Sees] = []
    waiting: list[Waiting] = []
    may: list[str] = []  # types of message that this client may send now
    ended: Literal["finished", "stopped", "left"] | None = None
    unsaved: bool = False  # something that holds already is not on the disk yet
    coin: CoinView | None = None


class Pace(Message, frozen=True):
    """A pacer, for each client to draw and sound by itself: it needs no network once it is known.

    In-breath begins at `phase0` (session clock); breaths per minute go from `from_rate` to `to_rate` in a straight line over
    `ramp` s, then stay. `in_share` of each breath is in. `help` fades over sessions, 1 to 0: sound and shape grow fainter.
    """

    phase0: float
    from_rate: float
    to_rate: float
    ramp: float = 0.0
    in_share: float = 0.4
    help: float = 1.0


class Choice(Message, frozen=True):
    """Something that may be picked at a step."""

    id: str
    label: str


class Step(Message, frozen=True, tag="step"):
    """What is to be done now. `for_people`: whom it is said to; empty is everybody here.

    A part of a comparison has no text: the page says it from `role`, `setting`, `again`, `tasked`, `stressor` and `moment`. After a
    "cue" the room waits for `ready` of everybody (it was followed) or `skip` (it was not; nothing counts until the next cue).
    """

    practice: str
    step: str
    number: int
    of: int
    say: str
    since: float
    until: float | None
    for_people: list[str] = []
    choices: list[Choice] = []
    pace: Pace | None = None
    sound: str | None = None
    eyes: Literal["open", "free"] = "open"
    role: PartRole = "practice"
    setting: Setting | None = None
    again: bool = False  # the setting stays as it was
    tasked: list[str] = []  # whom the task is for
    stays: str | None = None  # apart: who stays at a screen that several share
    stressor: Stressor | None = None
    moment: int = 0  # counts the tasks from 1


class Shown(Message, frozen=True):
    """What may be seen of one person now; None: not known, not agreed to, or better not shown."""

    signal: Condition
    heart_rate: float | None = None
    breath: float | None = None  # −1 (out) to 1 (in): a shape to look at, which enters no number
    at: float | None = None  # the moment that heart_rate is of: some seconds ago


class StateMessage(Message, frozen=True, tag="state"):
    """A picture of now, five times a second if it shows something new, else once; the newest replaces one not sent yet."""

    t: float
    people: dict[str, Shown] = {}
    together: Together | None = None
    together_at: float | None = None


class Pulse(Message, frozen=True, tag="pulse"):
    """A beat of one's own heart, as early as it is known; for the screen alone, it enters no number."""

    person: str
    t: float
    early: Literal[True] = True


class Card(Message, frozen=True, tag="quality"):
    """How one person's signal is, for the card beside the sensor; at once when it changes, else every five seconds."""

    person: str
    signal: Condition
    seconds: float = 0.0  # clean so far without a break
    missing: float = 0.0  # share of the last minute
    remarks: list[str] = []  # keys of the browser's words, such as "sensor.synthetic-intervals"
    battery: int | None = None


class Ack(Message, frozen=True, tag="ack"):
    """Everything of a stream up to `seq` is on the disk."""

    stream: str
    seq: int


class Refused(Message, frozen=True, tag="refused"):
    """A message was not taken: why (a key of the browser's words, with facts), and which type it had."""

    code: Refusal
    reason: str
    facts: dict[str, Any] = {}
    about: str | None = None
    stream: str | None = None
    expected: int | None = None  # with out-of-order: the seq to send from


class Revealed(Message, frozen=True, tag="revealed"):
    """Words that both agreed to show."""

    person: str
    text: str
    ratings: dict[str, float] = {}
    signs: list[str] = []


class Report(Message, frozen=True, tag="report"):
    """The report: being made, ready at an address, or not possible and why."""

    state: Literal["working", "ready", "none"]
    url: str | None = None
    reason: str | None = None
    facts: dict[str, Any] = {}


class Bye(Message, frozen=True, tag="bye"):
    """The last message before the socket closes."""

    code: Farewell

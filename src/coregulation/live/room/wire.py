"""What goes over the socket of a room: tagged, versioned messages of both directions, and nothing else.

One JSON text each, `{"type": …}`. Times are in seconds: `t` on the session clock (0 where the room was opened, which only
the server keeps), `sent` and `at` on the client's own steady clock (`(performance.timeOrigin + performance.now()) / 1000`).
Bytes are base64. A key that is not known is refused.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from coregulation.errors import ProtocolError
from coregulation.reasons import Reason

# isort: off
from coregulation.live.room.vocabulary import Phase as Phase, Role as Role, Purpose as Purpose, Feedback as Feedback, Condition as Condition, Together as Together, Refusal as Refusal, Farewell as Farewell, Name as Name, Text as Text, Line as Line, Count as Count, Seconds as Seconds  # fmt: skip
# isort: on

VERSION = 1
MAX_MESSAGE = 64 * 1024  # bytes of one message


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message."""


# From a client ------------------------------------------------------------------------------------------------------


class Hello(Message, frozen=True, tag="hello"):
    """The first message: who this client speaks for. One screen may speak for two people."""

    role: Role
    people: Annotated[list[Name], msgspec.Meta(max_length=8)] = []
    v: int = VERSION
    take_over: bool = False  # this seat's older tab is closed
    keys: dict[Annotated[str, msgspec.Meta(max_length=32)], Annotated[bytes, msgspec.Meta(max_length=32)]] = {}


class Ping(Message, frozen=True, tag="ping"):
    """Asks for the time: twelve in a burst, every ten seconds."""

    sent: Seconds


class ClockIs(Message, frozen=True, tag="clock"):
    """The best of a burst: session time = client time + offset, and the round trip that bounds its error."""

    offset: Seconds
    round_trip: Annotated[float, msgspec.Meta(ge=0, le=60)]


class OpenStream(Message, frozen=True, tag="stream"):
    """A sensor of one person begins; after a reload of the page it is a new stream with a name of its own.

    hr: bytes of Heart Rate Measurement (0x2A37); pmd: Polar PMD frames; finger: records of little-endian float64 time
    (client s) and float32 brightness; wave: a regular signal of `rate` Hz in `unit`, little-endian float32.
    """

    stream: Name
    person: Name
    kind: Name  # one of the registered kinds; see the table in the docs
    device: Line = ""
    channel: Line = ""  # of a wave: resp, eda, ecg, …
    unit: Line = ""
    rate: Annotated[float, msgspec.Meta(gt=0, le=4000)] | None = None


class Samples(Message, frozen=True, tag="samples"):
    """Packets as they came from the sensor; `seq` counts these messages of a stream from 0 without a hole.

    A heart-rate notification is sent at once, ECG and acceleration frame by frame, waves a second at a time.
    """

    stream: Name
    seq: Count
    at: Annotated[list[Seconds], msgspec.Meta(min_length=1, max_length=64)]
    data: Annotated[list[bytes], msgspec.Meta(min_length=1, max_length=64)]


class EndStream(Message, frozen=True, tag="end-stream"):
    """The sensor is gone or was put down."""

    stream: Name
    why: Literal["done", "lost", "battery"] = "done"


class Consent(Message, frozen=True, tag="consent"):
    """What a person agrees to, each purpose by itself; `show-partner` and `keep` may be left out and the session goes on."""

    person: Name
    purposes: Annotated[list[Purpose], msgspec.Meta(max_length=4)]
    text_version: Line
    guardian: bool = False  # of a child: the guardian consents as well; the child's own yes is this message


class Withdraw(Message, frozen=True, tag="withdraw"):
    """Takes a consent back, at once."""

    person: Name
    purpose: Purpose


class Choose(Message, frozen=True, tag="choose"):
    """What is to be practised and what is shown; only before the practice, and by whom the room lets."""

    practice: Name
    anchor: Name | None = None
    feedback: Feedback = "own"
    minutes: Annotated[float, msgspec.Meta(ge=1, le=60)] | None = None


class Ready(Message, frozen=True, tag="ready"):
    """A person is ready for what comes next; the room goes on when all are."""

    person: Name


class Skip(Message, frozen=True, tag="skip"):
    """Leave out the rest of this phase (sensors, baseline, settle, words) or of this step (practice)."""

    person: Name | None = None


class Pick(Message, frozen=True, tag="pick"):
    """A person's choice at a step, or another anchor."""

    person: Name
    step: Name
    choice: Name


class Pause(Message, frozen=True, tag="pause"):
    """Everything waits, for both."""


class Resume(Message, frozen=True, tag="resume"):
    """Go on where it paused."""


class Stop(Message, frozen=True, tag="stop"):
    """The end, for both, gently; who asked is told to nobody and written nowhere."""


class MarkMessage(Message, frozen=True, tag="mark"):
    """An instant worth finding again."""

    label: Line
    person: Name | None = None


class WordsMessage(Message, frozen=True, tag="words"):
    """How it was, in private; shown to the other only if both say so."""

    person: Name
    text: Text = ""
    ratings: dict[Name, Annotated[float, msgspec.Meta(ge=0, le=10)]] = {}
    share: bool = False


class Admit(Message, frozen=True, tag="admit"):
    """A facilitator (or, without one, the screen that opened the room) lets somebody in."""

    ticket: Name
    yes: bool = True


class Leave(Message, frozen=True, tag="leave"):
    """The client goes; its seats are free for others."""


FromClient = (
    Hello | Ping | ClockIs | OpenStream | Samples | EndStream | Consent | Withdraw | Choose | Ready | Skip | Pick | Pause
    | Resume | Stop | MarkMessage | WordsMessage | Admit | Leave
)  # fmt: skip


# From the server ----------------------------------------------------------------------------------------------------


class Welcome(Message, frozen=True, tag="welcome"):
    """The answer to hello; `streams` tells the last `seq` kept of each stream, so that the rest can be sent again."""

    room: str
    role: Role
    people: list[str]
    t: float
    resumed: bool = False
    streams: dict[str, int] = {}
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
    sees: list[Sees] = []
    waiting: list[Waiting] = []
    may: list[str] = []  # types of message that this client may send now
    ended: Literal["finished", "stopped", "left"] | None = None
    unsaved: bool = False  # something that holds already is not on the disk yet


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
    """What is to be done now. `for_people`: whom it is said to; empty is everybody here."""

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
    """A beat of one's own heart, as early as it can be told; for the screen alone, it enters no number."""

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


class Report(Message, frozen=True, tag="report"):
    """The report: being made, ready at an address, or not possible and why."""

    state: Literal["working", "ready", "none"]
    url: str | None = None
    reason: str | None = None
    facts: dict[str, Any] = {}


class Bye(Message, frozen=True, tag="bye"):
    """The last message before the socket closes."""

    code: Farewell


def refused(
    code: Refusal, reason: Reason, about: str | None = None, stream: str | None = None, expected: int | None = None
) -> Refused:
    """Return the message of a refusal, with the reason's code and facts."""
    return Refused(code, reason.code, reason.as_plain()["facts"], about, stream, expected)


FromServer = (
    Welcome | Keys | Pong | RoomMessage | Step | StateMessage | Pulse | Card | Ack | Refused | Revealed | Report | Bye
)

_client = msgspec.json.Decoder(FromClient)
_server = msgspec.json.Decoder(FromServer)
_encoder = msgspec.json.Encoder()


def encode(message: Message) -> bytes:
    """Return a message as JSON text."""
    return _encoder.encode(message)


def from_client(text: str | bytes) -> Any:
    """Read what a client sent.

    Raises:
        ProtocolError: if it is too long, no JSON, of no known type, or holds what its type does not allow.
    """
    return _decoded(_client, text)


def from_server(text: str | bytes) -> Any:
    """Read what a server sent, for agents and tests; raises as `from_client` does."""
    return _decoded(_server, text)


def _decoded(decoder: msgspec.json.Decoder[Any], text: str | bytes) -> Any:
    if len(text) > MAX_MESSAGE:
        raise ProtocolError(
            "A message has at most {MAX_MESSAGE:n byte|bytes}; {count} came. Send less at a time.",
            MAX_MESSAGE=MAX_MESSAGE,
            count=len(text),
        )
    try:
        return decoder.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(
            "This is no message of protocol {VERSION}: {error}.", VERSION=VERSION, error=error
        ) from error

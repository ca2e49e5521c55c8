"""Messages from a page, an agent or a test to the server."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from coregulation.live.room.vocabulary import (
    VERSION,
    Count,
    Feedback,
    Line,
    Message,
    Name,
    Purpose,
    Role,
    Seconds,
    Stressor,
    Text,
)


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


class ChooseTask(Message, frozen=True, tag="choose-task"):
    """Which small task stirs a little in a comparison; only before it begins."""

    stressor: Stressor


class Ready(Message, frozen=True, tag="ready"):
    """A person is ready for what comes next; the room goes on when all are. At a cue of a comparison: it was followed."""

    person: Name


class Skip(Message, frozen=True, tag="skip"):
    """Leave out the rest of this phase (sensors, baseline, settle, words) or of this step (practice).

    In a comparison, a task that is left out does not count, and nor does what follows a cue that was left out.
    """

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
    """An instant worth finding again; `label` is one of the page's short list, or free."""

    label: Line
    person: Name | None = None


class WordsMessage(Message, frozen=True, tag="words"):
    """How it was, in private; shown to the other only if both say so."""

    person: Name
    text: Text = ""
    ratings: dict[Name, Annotated[float, msgspec.Meta(ge=0, le=10)]] = {}
    signs: Annotated[list[Name], msgspec.Meta(max_length=12)] = []  # felt signs that were tapped
    share: bool = False


class Admit(Message, frozen=True, tag="admit"):
    """A facilitator (or, without one, the screen that opened the room) lets a person in."""

    ticket: Name
    yes: bool = True


class NotNow(Message, frozen=True, tag="not-now"):
    """The giver lets the coin's cue pass."""

    person: Name


class Leave(Message, frozen=True, tag="leave"):
    """The client goes; its seats are free for others."""

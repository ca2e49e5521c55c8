"""What goes over the socket of a room: tagged, versioned messages of both directions, and nothing else.

One JSON text each, `{"type": …}`. Times are in seconds: `t` on the session clock (0 where the room was opened, which only
the server keeps), `sent` and `at` on the client's own steady clock (`(performance.timeOrigin + performance.now()) / 1000`).
Bytes are base64. A key that is not known is refused.
"""

from __future__ import annotations

from typing import Any

import msgspec

from coregulation.errors import ProtocolError
from coregulation.reasons import Reason

# isort: off
from coregulation.live.room.vocabulary import VERSION as VERSION, Message as Message, Phase as Phase, Role as Role, Purpose as Purpose, Feedback as Feedback, Condition as Condition, Together as Together, Refusal as Refusal, Farewell as Farewell, PartRole as PartRole, Setting as Setting, Stressor as Stressor, Name as Name, Text as Text, Line as Line, Count as Count, Seconds as Seconds  # fmt: skip
from coregulation.live.room.client_messages import Hello as Hello, Ping as Ping, ClockIs as ClockIs, OpenStream as OpenStream, Samples as Samples, EndStream as EndStream, Consent as Consent, Withdraw as Withdraw, Choose as Choose, ChooseTask as ChooseTask, Ready as Ready, Skip as Skip, Pick as Pick, Pause as Pause, Resume as Resume, Stop as Stop, MarkMessage as MarkMessage, WordsMessage as WordsMessage, Admit as Admit, Leave as Leave, NotNow as NotNow  # fmt: skip
from coregulation.live.room.server_messages import Welcome as Welcome, Keys as Keys, Pong as Pong, SeatView as SeatView, Sees as Sees, Waiting as Waiting, CoinView as CoinView, CoinCue as CoinCue, RoomMessage as RoomMessage, Pace as Pace, Choice as Choice, Step as Step, Shown as Shown, StateMessage as StateMessage, Pulse as Pulse, Card as Card, Ack as Ack, Refused as Refused, Revealed as Revealed, Report as Report, Bye as Bye  # fmt: skip
# isort: on

MAX_MESSAGE = 64 * 1024  # bytes of one message


FromClient = (
    Hello | Ping | ClockIs | OpenStream | Samples | EndStream | Consent | Withdraw | Choose | ChooseTask | Ready | Skip
    | Pick | Pause | Resume | Stop | MarkMessage | WordsMessage | Admit | Leave | NotNow
)  # fmt: skip


def refused(
    code: Refusal, reason: Reason, about: str | None = None, stream: str | None = None, expected: int | None = None
) -> Refused:
    """Return the message of a refusal, with the reason's code and facts."""
    return Refused(code, reason.code, reason.as_plain()["facts"], about, stream, expected)


def no_report(reason: Reason) -> Report:
    """Return the message that there is no report, and why."""
    return Report("none", reason=reason.code, facts=reason.as_plain()["facts"])


FromServer = (
    Welcome
    | Keys
    | Pong
    | RoomMessage
    | Step
    | StateMessage
    | Pulse
    | Card
    | Ack
    | Refused
    | Revealed
    | Report
    | Bye
    | CoinCue
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

"""Why the room refuses, reports or remarks something, as codes with facts; the browser's words file has the sentences.

A code is the key of `static/words/*.json` after "reason.". Nothing decides anything from a sentence.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from coregulation.errors import CoregulationError
from coregulation.reasons import Reason
from coregulation.report.catalogue import Catalogue
from coregulation.store import DiskFailedError, DiskFullError


class RoomReason(StrEnum):
    """A code, followed by the names of its facts."""

    facts: tuple[str, ...]

    def __new__(cls, code: str, *facts: str) -> Self:
        """Make a member that is its code and knows its facts."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.facts = facts
        return member

    # Coming in
    TOKEN_USED = "entry.token-used"
    INVITATION_USED = "entry.invitation-used"
    NOT_ENTERED = "entry.not-entered"
    TOO_MANY_TRIES = "entry.too-many-tries", "seconds"  # s until the next try is taken
    NO_SUCH_DEVICE = "entry.no-such-device"
    HOST_ONLY = "entry.host-only"
    # Rights
    NO_SUCH_SESSION = "rights.no-such-session"
    NO_SUCH_ROOM = "rights.no-such-room"
    OWN_HALF_ONLY = "rights.own-half-only"
    NOT_SHARED = "rights.not-shared"
    OTHER_SEAT = "rights.other-seat"
    ROLE = "rights.role", "role"
    GUIDE_ADMITS = "rights.guide-admits"
    WAIT_FOR_ADMISSION = "rights.wait-for-admission"
    NOT_INVITED = "rights.not-invited"
    # The course of a room
    HELLO_FIRST = "room.hello-first"
    HELLO_TWICE = "room.hello-twice"
    VERSION = "room.version", "version"
    ENDED = "room.ended"
    NO_SUCH_SEAT = "room.no-such-seat"
    GUIDED_ALREADY = "room.guided-already"
    SEAT_ELSEWHERE = "room.seat-elsewhere"
    NOT_IN_PHASE = "room.not-in-phase", "phase"
    NOBODY_OF_THAT_NAME = "room.nobody-of-that-name"
    NO_CONSENT_YET = "room.no-consent-yet"
    NOT_FOR_CHILDREN = "room.not-for-children", "practice"
    COMPARISON_FOR_TWO = "room.comparison-for-two"
    FEEDBACK = "room.feedback", "practice", "choices"
    CHOICE_CLOSED = "room.choice-closed"
    NO_COIN = "room.no-coin"
    COIN_NEEDS_SCREENS = "room.coin-needs-screens"
    NO_TICKET = "room.no-ticket"
    STILL_ON = "room.still-on"
    INVITE_SEAT = "room.invite-seat"
    SEAT_IN_USE = "room.seat-in-use"
    OTHER_DEVICE_AGREED = "room.other-device-agreed"
    LOCKED = "room.locked"
    # Consent
    CONSENT_TEXT = "consent.text-version", "version"
    GUARDIAN = "consent.guardian"
    RESEARCH_NEEDS_KEEPING = "consent.research-needs-keeping"
    # Streams
    OPEN_STREAM_FIRST = "stream.open-first"
    ONE_TIME_PER_PACKET = "stream.one-time-per-packet"
    SAMPLES_MISSING = "stream.samples-missing"
    STREAM_KIND = "stream.kind", "kinds"
    STREAM_UNIT = "stream.unit"
    NO_STRAP = "stream.no-strap"
    FEW_STRAPS = "stream.few-straps", "found", "wanted"
    NOTHING_TO_REPLAY = "stream.nothing-to-replay"
    # What a person sees of their own sensor
    SYNTHETIC_INTERVALS = "sensor.synthetic-intervals"
    SIGNAL_LOST = "sensor.lost"
    SIGNAL_WEAK = "sensor.weak"
    BATTERY_EMPTY = "sensor.battery-empty"
    UNREADABLE = "sensor.unreadable"
    # Requests
    JSON_EXPECTED = "request.json-expected"
    MALFORMED = "request.malformed", "text"
    TOO_LARGE = "request.too-large", "kilobytes"
    TOO_FAST = "request.too-fast", "rate"  # messages per second
    WRONG_ADDRESS = "request.wrong-address"
    WRONG_PAGE = "request.wrong-page"
    NO_SUCH_PAGE = "request.no-such-page"
    DISK_FULL = "request.disk-full"
    DISK_ERROR = "request.disk-error"
    NOT_ERASED_YET = "request.nobody-to-erase"
    BUSY = "request.busy"
    TOO_SLOW = "request.too-slow"
    # Reports
    NO_REPORT_YET = "report.none-yet"
    NO_CONSENT_FOR_REPORT = "report.no-consent"
    REPORT_FAILED = "report.failed", "text"
    REPORT_MEMORY = "report.memory", "megabytes"
    REPORT_TIME = "report.time", "minutes"
    REPORT_CRASHED = "report.crashed"
    # An error of the library, whose message is rendered by the server
    ERROR = "error", "text"


def room_reason(code: RoomReason, **facts: Any) -> Reason:
    """Make a reason from a code and exactly the facts that it states.

    Parameters
    ----------
    code
        Why.
    **facts
        What its sentence names, as plain values.

    Returns
    -------
    Reason
        Code and facts.

    Raises
    ------
    TypeError
        If other facts come than the code states.
    """
    if set(facts) != set(code.facts):
        raise TypeError(f"{code!r} states the facts {sorted(code.facts)}, not {sorted(facts)}")
    return Reason(code, facts)


def reason_of(error: CoregulationError) -> Reason:
    """Return why an error of the library happened: its own code, or its message as a fact."""
    if isinstance(error, DiskFullError):
        return room_reason(RoomReason.DISK_ERROR if isinstance(error, DiskFailedError) else RoomReason.DISK_FULL)
    carried = getattr(error, "reason", None)
    return carried if isinstance(carried, Reason) else room_reason(RoomReason.ERROR, text=Catalogue().error(error))


class RoomError(CoregulationError):
    """Something that is refused, with a code and facts.

    Parameters
    ----------
    code
        Why.
    **facts
        What its sentence names.
    """

    def __init__(self, code: RoomReason, /, **facts: Any) -> None:
        super().__init__(str(code))
        self.reason = room_reason(code, **facts)

"""The words of the protocol: phases, roles, purposes, what a signal is like, why something is refused; and what a name may be."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

VERSION = 1  # of the protocol

Phase = Literal[
    "arrive", "consent", "sensors", "baseline", "practice", "settle", "words", "report", "paused", "ended"
]  # fmt: skip
Role = Literal["participant", "facilitator", "viewer"]
Purpose = Literal["show-partner", "show-facilitator", "keep", "research", "coin"]
Feedback = Literal["none", "own", "both", "facilitator"]
Condition = Literal["none", "found", "worn", "clean", "weak", "lost"]
Together = Literal["too-early", "cannot-tell", "beyond-chance", "not-beyond-chance", "paced"]
Refusal = Literal[
    "malformed", "version", "not-yours", "not-now", "no-consent", "seat-taken", "not-admitted", "unknown", "out-of-order",
    "too-much", "too-fast", "disk-full", "ended",
]  # fmt: skip
PartRole = Literal["practice", "cue", "rest", "task", "return"]  # what a part of a practice or comparison is for
Setting = Literal["apart", "together", "recorded"]  # of a comparison: who is where
Stressor = Literal["arithmetic", "cold-water", "sound", "annoyance", "own"]  # small tasks that stir a little
Farewell = Literal["left", "taken-over", "too-slow", "closed", "not-admitted"]

# letters and digits of any script with their marks, "_" and "-"; no blank, no control, format or private character, and of
# ASCII nothing that a file system, a spreadsheet or a shell reads in its own way
NAME = r"\A(?:[A-Za-z0-9_-]|[^\x00-\xa9\u2000-\u206f\u3000\ufe00-\ufe0f\ufeff\ufff0-\uffff\ud800-\uf8ff]){1,32}\Z"
Name = Annotated[str, msgspec.Meta(pattern=NAME)]
Text = Annotated[str, msgspec.Meta(max_length=4000)]
Line = Annotated[str, msgspec.Meta(max_length=120, pattern=r"\A[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*\Z")]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Seconds = Annotated[float, msgspec.Meta(ge=-1e12, le=1e12)]


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message."""

"""The words of the protocol: phases, roles, purposes, what a signal is like, why something is refused; and what a name may be."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Phase = Literal[
    "arrive", "consent", "sensors", "baseline", "practice", "settle", "words", "report", "paused", "ended"
]  # fmt: skip
Role = Literal["participant", "facilitator", "viewer"]
Purpose = Literal["show-partner", "show-facilitator", "keep", "research"]
Feedback = Literal["none", "own", "both", "facilitator"]
Condition = Literal["none", "found", "worn", "clean", "weak", "lost"]
Together = Literal["too-early", "cannot-tell", "beyond-chance", "not-beyond-chance", "paced"]
Refusal = Literal[
    "malformed", "version", "not-yours", "not-now", "no-consent", "seat-taken", "not-admitted", "unknown", "out-of-order",
    "too-much", "too-fast", "disk-full", "ended",
]  # fmt: skip
Farewell = Literal["left", "taken-over", "too-slow", "closed", "not-admitted"]

Name = Annotated[str, msgspec.Meta(pattern=r"^[\w-]{1,32}$")]
Text = Annotated[str, msgspec.Meta(max_length=4000)]
Line = Annotated[str, msgspec.Meta(max_length=120)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Seconds = Annotated[float, msgspec.Meta(ge=-1e12, le=1e12)]

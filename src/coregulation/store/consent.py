"""Records of who agreed to what; without one, nothing of a person is kept or read."""

from __future__ import annotations

from dataclasses import dataclass

KEEP = "keep"  # without it a half is erased at the end, and its key is never written
TAKE_PART = "take-part"  # without it nothing is recorded at all; the other purposes are wire.Purpose


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One yes: of whom, to what, in which words, from when (and until when), in s since 1970."""

    person: str
    purpose: str
    text_version: str
    given: float
    withdrawn: float | None = None
    guardian: bool = False

    @property
    def active(self) -> bool:
        """Whether it still holds."""
        return self.withdrawn is None

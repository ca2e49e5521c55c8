"""What a store holds, as values: sessions, sensor streams, raw pieces, and notes of what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session: its name, when it was opened and closed (s since 1970), and what was set up."""

    name: str
    opened: float
    closed: float | None
    setup: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """A sensor of one person: `about` holds what the page said of it."""

    id: int
    session: str
    name: str
    person: str
    kind: str
    about: Mapping[str, Any]
    opened: float


@dataclass(frozen=True, slots=True)
class RawPiece:
    """What one message brought: packets with their arrival on the session clock, as bytes."""

    stream: int
    seq: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened in a session, at a time of its clock; what is private is sealed under the person's own key."""

    at: float
    kind: str
    person: str | None
    body: bytes
    private: bool = False

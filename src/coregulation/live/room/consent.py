"""What is asked before anything is recorded: purposes, and who may ask whom for what."""

from __future__ import annotations

from coregulation.live.room.reasons import RoomReason, room_reason
from coregulation.live.room.wire import Purpose
from coregulation.reasons import Reason

TEXT_VERSION = "1"  # of the sentences `consent.*` in static/words; raised by hand when their meaning changes
PURPOSES: tuple[Purpose, ...] = ("show-partner", "show-facilitator", "keep", "research")


def refused(purposes: list[Purpose], text_version: str, child: bool, guardian: bool) -> Reason | None:
    """Return why a consent cannot be taken; None if it can."""
    if text_version != TEXT_VERSION:
        return room_reason(RoomReason.CONSENT_TEXT, version=TEXT_VERSION)
    if child and not guardian:
        return room_reason(RoomReason.GUARDIAN)
    if "research" in purposes and "keep" not in purposes:
        return room_reason(RoomReason.RESEARCH_NEEDS_KEEPING)
    return None

"""What a room knows of its coin: who gives and who receives, the commitment, and every flip so far."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

COIN = "coin"  # the purpose that both agree to
PRACTICE = "as-it-is"  # the coin is for ordinary time
CUE_SHOWN = 30.0  # s that a cue stays on the giver's screen, as long as the simulated giver acts on it

CoinOver = Literal["withdrawn", "no-seed"]


class CoinSetup(msgspec.Struct, frozen=True):
    """The direction of a session's coin and its commitment.

    Parameters
    ----------
    giver
        Number of the seat (0 or 1) whose person may be cued; a number, so that no name stays behind after an erasure.
    commitment
        SHA-256 of the seed; empty until the room is opened.
    """

    giver: Literal[0, 1]
    commitment: Annotated[str, msgspec.Meta(max_length=64)] = ""


class KeptFlip(msgspec.Struct, frozen=True):
    """One flip at one of the receiver's rises, with what `CoinFlip` holds of it."""

    time: float
    cue: bool
    possible: bool
    skipped: bool = False

    @property
    def delivered(self) -> bool:
        """Whether the cue was shown."""
        return self.cue and self.possible


class CoinRecord(msgspec.Struct, frozen=True):
    """The flips so far, and why there will be no more (None: there may be)."""

    flips: tuple[KeptFlip, ...] = ()
    over: CoinOver | None = None


class CoinFlipped(msgspec.Struct, frozen=True, tag="coin-flipped"):
    """The receiver rose, and the coin was flipped."""

    cue: bool
    possible: bool


class CoinStopped(msgspec.Struct, frozen=True, tag="coin-stopped"):
    """There will be no more flips in this session."""

    why: CoinOver


class ShowCue(msgspec.Struct, frozen=True):
    """The giver alone is to see the cue, until a session time (s)."""

    client: str
    giver: str
    until: float

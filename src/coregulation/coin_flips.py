"""The flips of a session: a seed that was committed before it, and the log that must match it."""

from __future__ import annotations

import hashlib
import hmac
import itertools
from dataclasses import dataclass

from coregulation.errors import DataError, UsageError

SEED_BYTES = 32
"""Length of a seed: 256 bits cannot be guessed from the commitment."""


@dataclass(frozen=True, slots=True)
class CoinSeed:
    """A secret seed from which every flip of a session follows.

    Parameters
    ----------
    secret
        32 random bytes.

    Raises
    ------
    UsageError
        If there are not 32.
    """

    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) != SEED_BYTES:
            raise UsageError(
                "A coin's seed must be of length {needed} (bytes); {count} came.",
                needed=SEED_BYTES,
                count=len(self.secret),
            )

    @property
    def commitment(self) -> str:
        """SHA-256 of the seed, stored before the session begins."""
        return hashlib.sha256(self.secret).hexdigest()

    def flip(self, number: int) -> bool:
        """Flip the coin.

        Parameters
        ----------
        number
            Of the flip in its session, from 0.

        Returns
        -------
        bool
            Whether the giver is to get a cue; true for half of the numbers.
        """
        return bool(hmac.digest(self.secret, number.to_bytes(8, "big"), "sha256")[0] & 1)


@dataclass(frozen=True, slots=True)
class CoinFlip:
    """One flip, at one of the receiver's rises.

    Parameters
    ----------
    number
        In its session, from 0.
    time
        Session time, s.
    cue
        What the coin said: whether the giver is to get a cue.
    possible
        Whether a cue could be shown, which was decided before the coin fell.
    delivered
        Whether the cue was shown.
    skipped
        Whether the giver skipped it.
    """

    number: int
    time: float
    cue: bool
    possible: bool = True
    delivered: bool = False
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class CoinLog:
    """The flips of one session.

    Parameters
    ----------
    giver, receiver
        Pseudonyms.
    commitment
        Stored before the session.
    flips
        In order.
    """

    giver: str
    receiver: str
    commitment: str
    flips: tuple[CoinFlip, ...]

    def check(self, seed: CoinSeed) -> None:
        """Refuse a log that its committed seed does not explain.

        Parameters
        ----------
        seed
            Revealed after the session.

        Raises
        ------
        DataError
            If the seed is not the committed one, a flip is missing or is not what the seed says, times do not ascend, or a cue was
            shown that the coin did not ask for.
        """
        if seed.commitment != self.commitment:
            raise DataError(
                "The coin's seed is not the one that was committed before the session, so its flips cannot be trusted. Analyse the "
                "session without its coins, or bring the seed that belongs to it."
            )
        for expected, flip in enumerate(self.flips):
            if flip.number != expected or flip.cue != seed.flip(expected):
                raise DataError(
                    "Flip {number} of the coin's log is not what the committed seed says, so the log was changed or is not whole. "
                    "Analyse the session without its coins.",
                    number=expected,
                )
        self._check_order()

    def _check_order(self) -> None:
        times = [flip.time for flip in self.flips]
        if any(later <= earlier for earlier, later in itertools.pairwise(times)):
            raise DataError(
                "The times of the coin's flips do not ascend; the log was changed or joined from several sessions."
            )
        wrong = [flip.number for flip in self.flips if flip.delivered and not (flip.cue and flip.possible)]
        if wrong:
            raise DataError(
                "At flip {number} of the coin's log a cue was shown that could not be shown then, so the log was changed. Analyse "
                "the session without its coins.",
                number=wrong[0],
            )

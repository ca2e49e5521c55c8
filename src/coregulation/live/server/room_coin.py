"""The coin of a room that is on: its seed, and when it is flipped."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

import msgspec

from coregulation.coin_flips import CoinSeed
from coregulation.live.room.coin import coin_people, is_running
from coregulation.live.room.coin_record import CoinFlipped, CoinSetup
from coregulation.live.room.state import RoomState, Setup
from coregulation.regulation.coin.rules import CoinRules, CoinState, shown, watch
from coregulation.store import Note, Store

SEED_NOTE = "coin-seed"
RULES = CoinRules()


class RoomCoin:
    """Watches the receiver, and flips the coin at their rises.

    A flip follows from the receiver's level, the session clock and the seed alone. The giver's level, and whether the giver's screen is
    reached, decide only whether a cue could be shown, before the coin falls.

    Parameters
    ----------
    seed
        Committed before the session.
    """

    def __init__(self, seed: CoinSeed) -> None:
        self._seed = seed
        self._state: CoinState | None = None  # None until the ordinary time begins, and after a restart
        self.reaches: Callable[[str], bool] = lambda _client: True  # whether a client's screen may get a cue now

    def due(self, room: RoomState, level: Callable[[str], float], now: float) -> CoinFlipped | None:
        """Take the levels of now and return the flip, if the receiver rises.

        Parameters
        ----------
        room
            As it is.
        level
            Of a person, resting SDs above their own rest; NaN where not known.
        now
            Session time, s.

        Returns
        -------
        CoinFlipped or None
            What the coin says, and whether a cue can be shown.
        """
        people = coin_people(room)
        if people is None or not is_running(room):
            return None
        giver, receiver = (level(person) for person in people)
        if self._state is None:
            self._state = _resumed(room, receiver, giver)
        begun = next((block.start for block in room.blocks if block.kind == "talk"), now)
        self._state, flip = watch(self._state, now, receiver, giver, replace(RULES, first=begun + RULES.first))
        if flip is None:
            return None
        client = room.seats[people[0]].client
        possible = flip.may_cue and client is not None and self.reaches(client)
        event = CoinFlipped(self._seed.flip(len(room.coin.flips)), possible)
        self._state = shown(self._state) if event.cue and possible else self._state
        return event


def _resumed(room: RoomState, receiver: float, giver: float) -> CoinState:
    """Return what is remembered at the beginning, or after a restart: the kept flips, and levels that begin as they are."""
    flips = room.coin.flips
    last = {"last": flips[-1].time} if flips else {}
    return CoinState(
        receiver=RULES.rise if receiver != receiver else receiver, giver=0.0 if giver != giver else giver,
        flips=len(flips), cues=sum(flip.delivered for flip in flips), **last,
    )  # fmt: skip


def committed(setup: Setup) -> tuple[Setup, CoinSeed | None]:
    """Return a setup with the commitment of a fresh seed, and the seed; unchanged where no coin is wanted."""
    if setup.coin is None:
        return setup, None
    seed = CoinSeed(secrets.token_bytes(32))
    return msgspec.structs.replace(setup, coin=CoinSetup(setup.coin.giver, seed.commitment)), seed


def keep_seed(store: Store, name: str, seed: CoinSeed) -> None:
    """Put a seed on the disk, under the session's key."""
    store.note(name, [Note(0.0, SEED_NOTE, None, seed.secret)])


def kept_seed(store: Store, name: str) -> CoinSeed | None:
    """Return the seed of a session; None where there is none (any more)."""
    notes = store.notes(name, SEED_NOTE)
    return CoinSeed(notes[0].body) if notes else None

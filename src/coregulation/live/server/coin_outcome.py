"""What is known of a session's coin once it is over: for the two, for an export, and for the analysis."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coregulation.coin_flips import CoinFlip, CoinLog, CoinSeed
from coregulation.io.coin_log import COIN_LOG, write_coin_log
from coregulation.live.room.coin import coin_people
from coregulation.live.room.policy import Right, SessionRights
from coregulation.live.room.state import RoomState
from coregulation.live.server.room_coin import kept_seed
from coregulation.regulation.coin.randomisation import PLANNED
from coregulation.store import Store

OVER = ("report", "ended")


def coin_log(store: Store, name: str, room: RoomState) -> tuple[CoinLog, CoinSeed] | None:
    """Return the log of a session's coin with the seed that explains it; None before the end, and where there was no coin."""
    people, seed = coin_people(room), kept_seed(store, name)
    if people is None or seed is None or room.phase not in OVER:
        return None
    flips = tuple(
        CoinFlip(number, flip.time, flip.cue, flip.possible, flip.delivered, flip.skipped)
        for number, flip in enumerate(room.coin.flips)
    )
    return CoinLog(*people, seed.commitment, flips), seed


def may_have_log(rights: SessionRights) -> bool:
    """Whether a reader may know when the coin fell: it tells when the receiver rose and how the giver was then."""
    return rights.has_all(Right.COIN) and (rights.has_all(Right.ANSWERS) or rights.has_all(Right.RAW))


def write_coin(store: Store, name: str, room: RoomState, directory: Path) -> None:
    """Write `coin.toml` beside a session's manifest, where there was a coin."""
    log = coin_log(store, name, room)
    if log is not None:
        directory.mkdir(parents=True, exist_ok=True)
        write_coin_log(*log, directory / COIN_LOG)


def coin_outcome(store: Store, name: str, room: RoomState, rights: SessionRights) -> dict[str, Any] | None:
    """Return what a reader may know of the coin after a session: numbers and the seed where both allow it; None else."""
    log = coin_log(store, name, room) if rights.has_all(Right.COIN) else None
    if log is None:
        return None
    kept, seed = log
    return {
        "giver": kept.giver, "receiver": kept.receiver, "commitment": kept.commitment, "seed": seed.secret.hex(),
        "flips": len(kept.flips), "shown": sum(flip.delivered for flip in kept.flips),
        "skipped": sum(flip.skipped for flip in kept.flips), "over": room.coin.over, **_still_needed(store, rights, room),
    }  # fmt: skip


def _still_needed(store: Store, rights: SessionRights, room: RoomState) -> dict[str, int]:
    """Return how many flips this and the pair's earlier sessions in the same direction have, and how many are planned."""
    from coregulation.live.server.kept_rooms import fold_events

    earlier = 0
    for session in store.sessions():
        people = tuple(person["person"] for person in session.setup.get("people", ()))
        if (
            session.closed is not None
            and people == rights.people
            and session.setup.get("coin")
            and not store.locked(session.name)
        ):
            past = fold_events(store, session.name)
            earlier += len(past.coin.flips) if coin_people(past) == coin_people(room) else 0
    return {"so_far": earlier + len(room.coin.flips), "planned": PLANNED}

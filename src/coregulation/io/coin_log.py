"""`coin.toml`, the log of a session's coin: who gave and who received, the commitment, the revealed seed, and every flip."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from coregulation.coin_flips import CoinFlip, CoinLog, CoinSeed
from coregulation.errors import CoregulationError, DataError
from coregulation.io.text import decode_text, read_bytes

COIN_LOG = "coin.toml"
SCHEMA = "coregulation.coin/1"


class _Flip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    time: float
    cue: bool
    possible: bool
    delivered: bool
    skipped: bool = False


class _Log(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: str
    giver: str
    receiver: str
    commitment: str
    seed: str
    flip: tuple[_Flip, ...] = ()


def read_coin_log(path: Path) -> CoinLog:
    """Read a coin's log and check it against its committed seed.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    CoinLog
        That its seed explains.

    Raises
    ------
    DataError
        If it cannot be read, or the seed does not explain every flip.
    """
    try:
        log = msgspec.convert(tomllib.loads(decode_text(read_bytes(path), path)), _Log)
        seed = CoinSeed(bytes.fromhex(log.seed))
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as error:
        raise DataError("{path}: not the log of a coin: {problem}.", path=str(path), problem=str(error)) from error
    if log.schema != SCHEMA:
        raise DataError(
            "{path}: schema {schema!r} came; {known!r} was expected.", path=str(path), schema=log.schema, known=SCHEMA
        )
    flips = tuple(
        CoinFlip(number, flip.time, flip.cue, flip.possible, flip.delivered, flip.skipped)
        for number, flip in enumerate(log.flip)
    )
    read = CoinLog(log.giver, log.receiver, log.commitment, flips)
    try:
        read.check(seed)
    except CoregulationError as error:
        raise DataError("{path}: {problem}", path=str(path), problem=error) from error
    return read


def write_coin_log(log: CoinLog, seed: CoinSeed, path: Path) -> None:
    """Write a coin's log with its seed, once the session has ended.

    Parameters
    ----------
    log
        Of the session.
    seed
        Which explains it.
    path
        The file.

    Raises
    ------
    DataError
        If the seed does not explain the log.
    """
    import tomli_w

    log.check(seed)
    flips = [
        {"time": f.time, "cue": f.cue, "possible": f.possible, "delivered": f.delivered, "skipped": f.skipped}
        for f in log.flips
    ]
    content = {
        "schema": SCHEMA, "giver": log.giver, "receiver": log.receiver, "commitment": log.commitment, "seed": seed.secret.hex(),
        "flip": flips,
    }  # fmt: skip
    path.write_text(tomli_w.dumps(content), encoding="utf-8", newline="\n")

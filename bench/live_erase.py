"""Erasing fifty minutes of one person from a large store, while another room records: how long it takes, and who waits for it.

    python -m bench.live_erase --megabytes 1024 --erasures 25 --store /tmp/large --write

The store is built once and used again: only the session that is erased, and the room beside it, are made anew each time. Told: seconds of the
erasure, and the waits of the other room for its acknowledgements, before and during the erasure. An acknowledgement is delayed by what its wait is longer
than the usual one (the median before). `--write` makes docs/generated/live-erase.md.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.tables import machine, written
from coregulation.store import KEEP, TAKE_PART, ConsentRecord, Note, RawPiece, Store, Writer

PIECES = ((3000, 40), (6000, 240))  # of one person in fifty minutes: a strap's beats, and its ECG in frames
FILLER = 5000  # bytes of a piece of the other sessions


def opened(store: Store, name: str) -> None:
    """Begin a session of two that both agreed to keep."""
    store.begin(name, 1.79e9, {"people": [{"person": "ada"}, {"person": "ben"}]})
    for who in ("ada", "ben"):
        store.agree(name, [ConsentRecord(who, purpose, "1", 1.79e9) for purpose in (TAKE_PART, KEEP)])


def fill(store: Store, megabytes: int) -> None:
    """Add sessions until the file is as large as wanted."""
    while store.path.stat().st_size < megabytes * 1024 * 1024:
        name = f"other-{secrets.token_hex(4)}"
        opened(store, name)
        stream = store.open_stream(name, "s", "ada", "pmd", {}, 0.0).id
        for begin in range(0, 4000, 1000):
            store.keep([RawPiece(stream, k, os.urandom(FILLER)) for k in range(begin, begin + 1000)])
        store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def fifty_minutes(store: Store, name: str) -> None:
    """Add a session of two with ECG straps, with a report."""
    opened(store, name)
    for who in ("ada", "ben"):
        for number, (count, size) in enumerate(PIECES):
            stream = store.open_stream(name, f"{number}-{who}", who, "hr" if number == 0 else "pmd", {}, 0.0).id
            store.keep([RawPiece(stream, k, os.urandom(size)) for k in range(count)])
    store.note(name, [Note(0.0, "report:ada+ben", None, os.urandom(190_000))])


class Beside:
    """A room beside the erasure, whose pieces wait for the disk."""

    def __init__(self, store: Store, name: str) -> None:
        opened(store, name)
        self._stream = store.open_stream(name, "s", "ada", "hr", {}, 0.0).id
        self._writer, self._over = Writer(store), threading.Event()
        self.waits: list[float] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        number = 0
        while not self._over.is_set():
            began = time.monotonic()
            self._writer.keep(RawPiece(self._stream, number, b"beat")).result()
            self.waits.append(time.monotonic() - began)
            number += 1
            time.sleep(0.02)

    def taken(self) -> list[float]:
        """Return what was waited since the last call, in ms, the shortest first."""
        waits, self.waits = sorted(1000 * wait for wait in self.waits), []
        return waits

    def close(self) -> None:
        """End the room."""
        self._over.set()
        self._thread.join()
        self._writer.close()


def measure(store: Store) -> dict[str, Any]:
    """Erase one person of fifty minutes, and return what was measured."""
    run = secrets.token_hex(4)
    fifty_minutes(store, f"long-{run}")
    beside = Beside(store, f"live-{run}")
    time.sleep(3.0)
    before = beside.taken()
    began = time.monotonic()
    erasure = store.erase(f"long-{run}", "ada")
    took = time.monotonic() - began
    during = beside.taken()
    beside.close()
    store.erase(f"long-{run}")
    store.erase(f"live-{run}")
    return {
        "pieces": erasure.pieces, "left": erasure.left, "erase_s": took, "before_ms": before, "during_ms": during, "load": os.getloadavg()[0],
    }  # fmt: skip


def table(measured: list[dict[str, Any]], megabytes: int) -> Iterator[str]:
    """Yield the lines of the table."""
    seconds = [one["erase_s"] for one in measured]
    delays = [wait - quantile(one["before_ms"], 0.5) for one in measured for wait in one["during_ms"]]
    worst = [one["during_ms"][-1] - quantile(one["before_ms"], 0.5) for one in measured]
    usual = [one["before_ms"][-1] - quantile(one["before_ms"], 0.5) for one in measured]
    yield "| what | count | median | 95 % | largest |"
    yield "|---|---|---|---|---|"
    yield f"| seconds of an erasure, {measured[0]['pieces']:,} pieces in {megabytes:,} MB | {_row(seconds, 2)} |"
    yield f"| ms by which an acknowledgement was delayed during an erasure | {_row(delays, 1)} |"
    yield f"| the most delayed acknowledgement of each erasure, ms | {_row(worst, 1)} |"
    yield f"| the most delayed one of three seconds without an erasure, ms | {_row(usual, 1)} |"
    yield f"| load of the machine | {_row([one['load'] for one in measured], 1)} |"
    yield f"| pieces that could still be found | {_row([one['left'] for one in measured], 0)} |"


def quantile(values: list[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _row(values: list[float], digits: int) -> str:
    return " | ".join([f"{len(values):,}", *(f"{quantile(values, share):.{digits}f}" for share in (0.5, 0.95, 1.0))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--erasures", type=int, default=25)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    store = Store(args.store)
    fill(store, args.megabytes)
    measured = [measure(store) for _ in range(args.erasures)]
    lines = table(measured, round(store.path.stat().st_size / 2**20))
    store.close()
    if args.json is not None:
        args.json.write_text(json.dumps(measured))
    if args.write:
        call = (
            f"python -m bench.live_erase --megabytes {args.megabytes} --erasures {args.erasures} --store FOLDER --write"
        )
        written("live-erase", call, lines, machine())
    else:
        sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

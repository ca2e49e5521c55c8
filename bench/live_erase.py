"""Erasing fifty minutes of one person from a large store, while another room records: how long it takes, and who waits for it.

    python -m bench.live_erase --megabytes 1024 --store /tmp/large --json erase.json

The store is built once and used again: only the session that is erased, and the room beside it, are made anew each time. Told: seconds of the
erasure, and the longest and the usual wait of the other room for its acknowledgement, before and during the erasure.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import threading
import time
from pathlib import Path

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

    def taken(self) -> dict[str, float]:
        """Return what was waited since the last call, in ms."""
        waits, self.waits = sorted(self.waits), []
        at = lambda q: round(1000 * waits[min(len(waits) - 1, int(q * len(waits)))], 1)  # noqa: E731
        return {"count": len(waits), "p50": at(0.5), "p95": at(0.95), "max": at(1.0)}

    def close(self) -> None:
        """End the room."""
        self._over.set()
        self._thread.join()
        self._writer.close()


def measure(folder: Path, megabytes: int) -> dict[str, object]:
    """Fill a store if need be, erase one person of fifty minutes, and return what was measured."""
    began = time.monotonic()
    store = Store(folder)
    opening = time.monotonic() - began
    fill(store, megabytes)
    run = secrets.token_hex(4)
    fifty_minutes(store, f"long-{run}")
    beside = Beside(store, f"live-{run}")
    time.sleep(3.0)
    usual = beside.taken()
    began = time.monotonic()
    erasure = store.erase(f"long-{run}", "ada")
    took = time.monotonic() - began
    during = beside.taken()
    beside.close()
    size = store.path.stat().st_size
    store.close()
    return {
        "megabytes": round(size / 2**20), "pieces": erasure.pieces, "left": erasure.left, "open_s": round(opening, 2),
        "erase_s": round(took, 2), "waits_before_ms": usual, "waits_during_ms": during, "load": [round(one, 1) for one in os.getloadavg()],
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--json", type=Path, default=None)
    args = parser.parse_args()
    text = json.dumps(measure(args.store, args.megabytes))
    sys.stdout.write(text + "\n")
    if args.json is not None:
        args.json.write_text(text)


if __name__ == "__main__":
    main()

"""Erasing never blocks a live room: while an hour of recording goes, pieces of others are on the disk at once."""

from __future__ import annotations

import os
import threading
import time

from coregulation.store import KEEP, TAKE_PART, ConsentRecord, RawPiece, Store, Writer

PIECES = 9000  # what a strap with ECG sends in fifty minutes
BODY = 700  # bytes
FIRST = 4000  # pieces of other sessions, of 5 kB: a store that is not small


def filled(folder):
    store = Store(folder)
    for name, count, size in (("other", FIRST, 5000), ("long", PIECES, BODY), ("live", 0, 0)):
        store.begin(name, 1.0, {"people": [{"person": "ada"}, {"person": "ben"}]})
        for who in ("ada", "ben"):
            store.agree(name, [ConsentRecord(who, one, "1", 1.0) for one in (TAKE_PART, KEEP)])
        stream = store.open_stream(name, "s", "ada", "hr", {}, 0.0)
        for begin in range(0, count, 1000):
            store.keep([RawPiece(stream.id, k, os.urandom(size)) for k in range(begin, min(count, begin + 1000))])
    return store


def test_an_erasure_is_quick_and_nobody_waits_for_it(tmp_path):
    store = filled(tmp_path)
    stream = store.streams("live")[0].id
    writer, waits, going = Writer(store), [], threading.Event()

    def live():
        k = 0
        while not going.is_set():
            began = time.monotonic()
            writer.keep(RawPiece(stream, k, b"beat")).result()
            waits.append(time.monotonic() - began)
            store.sessions()
            k += 1

    thread = threading.Thread(target=live)
    thread.start()
    time.sleep(0.5)
    usual = sorted(waits)[-1]
    waits.clear()
    began = time.monotonic()
    assert store.erase("long", "ada").left == 0
    took = time.monotonic() - began
    going.set()
    thread.join()
    writer.close()
    store.close()
    assert took < 5.0, "on a busy machine; alone well below two seconds"
    assert max(waits) < 0.3 + usual
    assert sorted(waits)[len(waits) // 2] < 0.1

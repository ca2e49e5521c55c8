"""Many rooms, one disk: pieces that come while the disk is busy are written together, and each sender is told when."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from coregulation.errors import CoregulationError, DataError
from coregulation.store.database import DiskFullError
from coregulation.store.records import Note, RawPiece
from coregulation.store.repository import Store

Item = RawPiece | tuple[str, Note] | None  # None: nothing, but tell when its turn has come
Waiting = tuple[Item, "Future[None]"]


PAUSE = 0.025  # s from the beginning of one commit to the next: what comes meanwhile goes to the disk together


class Writer:
    """A thread that keeps pieces and notes; `keep` returns at once, its future is done when they are on the disk.

    Parameters
    ----------
    store
        where.
    tell
        Runs a call where those who wait are (such as a loop's `call_soon_threadsafe`), once for each commit.
    most
        Pieces and notes of one commit.
    """

    def __init__(
        self, store: Store, tell: Callable[[Callable[[], None]], object] | None = None, most: int = 2000
    ) -> None:
        self._store = store
        self._tell = tell or _at_once
        self._most = most
        self._waiting: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="store-writer", daemon=True)
        self._thread.start()

    def keep(self, item: Item) -> Future[None]:
        """Hand over a piece, or a note with its session; what is handed over first is kept first."""
        future: Future[None] = Future()
        self._waiting.put((item, future))
        return future

    def flush(self) -> Future[None]:
        """Return a future that is done when everything handed over before is on the disk."""
        future: Future[None] = Future()
        self._waiting.put((None, future))
        return future

    def close(self) -> None:
        """Write what waits, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _write(self) -> None:
        began = -PAUSE
        while (first := self._waiting.get()) is not None:
            time.sleep(max(0.0, began + PAUSE - time.monotonic()))
            began = time.monotonic()
            batch, over = self._batch(first)
            self._commit(batch)
            if over:
                return

    def _batch(self, first: Waiting) -> tuple[list[Waiting], bool]:
        batch = [first]
        while len(batch) < self._most and not self._waiting.empty():
            following = self._waiting.get()
            if following is None:
                return batch, True
            batch.append(following)
        return batch, False

    def _commit(self, batch: list[Waiting]) -> None:
        failed = self._kept([item for item, _ in batch if item is not None])
        if failed is None or isinstance(failed, DiskFullError) or len(batch) == 1:
            self._tell(lambda: _settle([future for _, future in batch], failed))
            return
        for waiting in batch:  # one of them cannot be written; the others do not suffer for it
            self._commit([waiting])

    def _kept(self, items: list[RawPiece | tuple[str, Note]]) -> CoregulationError | None:
        """Keep items, all or none; return why they were not kept: a writer that ended would leave everybody waiting."""
        pieces = [item for item in items if isinstance(item, RawPiece)]
        notes = [item for item in items if not isinstance(item, RawPiece)]
        try:
            if items:
                self._store.keep(pieces, notes)
        except CoregulationError as error:
            return error
        except Exception as error:  # noqa: BLE001
            return DataError("The store could not be written ({error}).", error=type(error).__name__)
        return None


def _settle(futures: list[Future[None]], failed: CoregulationError | None) -> None:
    for future in futures:
        if not future.set_running_or_notify_cancel():
            continue  # who stopped waiting is told nothing; the piece is kept all the same
        if failed is None:
            future.set_result(None)
        else:
            future.set_exception(failed)


def _at_once(call: Callable[[], None]) -> None:
    call()

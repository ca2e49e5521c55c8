"""What holds already but is not on the disk yet: protective changes take effect at once, and are saved as soon as the disk takes them."""

from __future__ import annotations

from concurrent.futures import Future

from coregulation.errors import CoregulationError
from coregulation.store import Note, Store

AGAIN = 1.0  # s between two attempts


class UnsavedChanges:
    """The notes and withdrawals of one session that the disk refused.

    Parameters
    ----------
    session
        Its name.
    store
        Where they belong; its marker says on the disk that there are some, which needs no free space.
    """

    def __init__(self, session: str, store: Store) -> None:
        self._session, self._store = session, store
        self._notes: list[Note] = []
        self._withdrawals: list[tuple[str, str, float]] = []
        self._tried = 0.0

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._notes or self._withdrawals)

    def add_note(self, note: Note) -> None:
        """Remember a note, behind those that wait already."""
        self._notes.append(note)
        self._store.unsaved.mark(self._session)

    def check(self, note: Note, done: Future[None]) -> None:
        """Remember a note if it could not be written."""
        if not done.cancelled() and isinstance(done.exception(), CoregulationError):
            self.add_note(note)

    def withdraw(self, person: str, purpose: str, at: float) -> None:
        """Take a consent back: at once in memory, and on the disk now or as soon as possible."""
        try:
            self._store.withdraw(self._session, person, purpose, at)
        except CoregulationError:
            self._withdrawals.append((person, purpose, at))
            self._store.unsaved.mark(self._session)

    def save_again(self, now: float) -> None:
        """Try to save what waits, about once a second."""
        if not self or abs(now - self._tried) < AGAIN:
            return
        self._tried = now
        try:
            while self._withdrawals:
                self._store.withdraw(self._session, *self._withdrawals[0])
                self._withdrawals.pop(0)
            self._store.note(self._session, self._notes)
        except CoregulationError:
            return
        self._notes = []
        self._store.unsaved.clear(self._session)

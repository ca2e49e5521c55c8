"""Notes under keys: what happened to all under the session's shared key, what is private under its person's own."""

from __future__ import annotations

from dataclasses import replace

from coregulation.store.records import Note
from coregulation.store.session_keys import SessionKeys

OWN = b"\x00own"  # before a body that is sealed under its person's own key


def seal_note(keys: SessionKeys, session: str, note: Note) -> Note:
    """Return a note as it is stored.

    Raises
    ------
    SealedError
        If its key is not known.
    """
    if note.private and note.person is not None:
        return replace(note, body=OWN + keys.seal(note.body, session, note.person))
    return replace(note, body=keys.seal(note.body, session))


def open_note(keys: SessionKeys, session: str, note: Note) -> Note | None:
    """Return a stored note as it was; None of a private one whose owner's key is not here.

    Raises
    ------
    SealedError
        If its key is another one, or it was changed.
    """
    if not note.body.startswith(OWN):
        return replace(note, body=keys.open(note.body, session))
    if note.person is None or not keys.has(session, note.person):
        return None
    return replace(note, body=keys.open(note.body[len(OWN) :], session, note.person), private=True)

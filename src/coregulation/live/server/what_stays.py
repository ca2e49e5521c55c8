"""What stays of a kept session when one person is erased from it: what is the others' alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from coregulation.errors import CoregulationError
from coregulation.events import Block
from coregulation.live.server.beat_corrections import holds_corrections
from coregulation.live.server.kept_rooms import without
from coregulation.live.server.reporting import RECORDING, session_folder
from coregulation.live.signals.beat_streams import SWITCH_NOTE
from coregulation.session import Session
from coregulation.store import Note

if TYPE_CHECKING:
    from coregulation.live.server.room_registry import RoomRegistry


class _OfPerson(Protocol):
    @property
    def person(self) -> str | None: ...


Item = TypeVar("Item", bound=_OfPerson)


def what_stays(registry: RoomRegistry, name: str, person: str) -> list[Note] | None:
    """Return the notes that may stay of a session when a person is erased from it.

    Parameters
    ----------
    registry
        That has the session.
    name
        Of the session.
    person
        Who goes.

    Returns
    -------
    list of Note or None
        None where the others cannot be told from the person: then nothing of the session stays.
    """
    store = registry.store
    if store.locked(name):
        return []
    room = registry.room_of(name)
    kept = [note for note in store.notes(name) if note.person != person and _is_of_one(note)]
    if room is not None:
        return [*kept, without(room, person)]
    try:
        return [*kept, Note(0.0, RECORDING, None, _others_recording(registry, name, person))]
    except CoregulationError:
        return None


def _is_of_one(note: Note) -> bool:
    return note.kind == SWITCH_NOTE or holds_corrections(note.kind)


def _others_recording(registry: RoomRegistry, name: str, person: str) -> bytes:
    from coregulation.live.server.worker import IMPORT_LIMITS, run_limited

    with registry.store.scratch.folder() as scratch:
        manifest = session_folder(registry.store, name, None, [], scratch)
        archive: bytes = run_limited(pack_others, manifest, person, limits=IMPORT_LIMITS, stopping=registry.stopping)
    return archive


def pack_others(manifest: Path, person: str) -> bytes:
    """Return a session's folder as a zip that has nothing of one person; meant for a process of its own.

    Parameters
    ----------
    manifest
        Of the session; it stays unchanged.
    person
        Who is left out.

    Returns
    -------
    bytes
        The zip.

    Raises
    ------
    DataError
        If the session cannot be opened, or nobody else is in it.
    """
    from coregulation.io import open_session, write_session
    from coregulation.live.server.archives import pack_archive

    folder = manifest.parent.parent / "others"
    write_session(without_person(open_session(manifest), person), folder)
    return pack_archive(folder)


def without_person(session: Session, person: str) -> Session:
    """Return a session without one person.

    Parameters
    ----------
    session
        Of several people; it stays unchanged.
    person
        Who is left out; a block in which nobody else was present goes as well.

    Returns
    -------
    Session
        What was recorded, said and marked of the others and of all.
    """
    return replace(
        session,
        recordings=tuple(recording for recording in session.recordings if recording.person.id != person),
        marks=_of_others(session.marks, person),
        blocks=tuple(_others_block(block, person) for block in session.blocks if block.present != (person,)),
        ratings=_of_others(session.ratings, person),
        exclusions=_of_others(session.exclusions, person),
        remarks=_of_others(session.remarks, person),
        turns=None if session.turns is None else _of_others(session.turns, person),
    )


def _of_others(items: Iterable[Item], person: str) -> tuple[Item, ...]:
    return tuple(item for item in items if item.person != person)


def _others_block(block: Block, person: str) -> Block:
    return replace(
        block,
        perturbed=tuple(who for who in block.perturbed if who != person),
        present=tuple(who for who in block.present if who != person),
    )

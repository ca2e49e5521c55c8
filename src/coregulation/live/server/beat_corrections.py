"""Beats of a kept session that somebody looks through and corrects: what a page draws, and what is kept beside the recording."""

from __future__ import annotations

import base64
import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from coregulation.errors import DataError
from coregulation.store import Note

if TYPE_CHECKING:
    from coregulation.io.corrections import Correction
    from coregulation.session import Recording, Session
    from coregulation.signals import Signal
    from coregulation.store import Store

MOST = 5000  # corrections of one person
_STEPS = 32000  # of a trace that is drawn


class BeatCorrection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One correction as a page sends it; times in session s."""

    kind: Literal["exclude", "add", "move", "remove"]
    time: float
    to: float | None = None
    why: Annotated[str, msgspec.Meta(max_length=200)] = ""


class BeatCorrections(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All corrections of one person, in the order in which they were made; they replace those that were kept."""

    corrections: Annotated[tuple[BeatCorrection, ...], msgspec.Meta(max_length=MOST)]


Corrections = dict[str, tuple[BeatCorrection, ...]]  # by person


def keep_corrections(store: Store, name: str, person: str, corrections: Sequence[BeatCorrection]) -> None:
    """Keep one person's corrections of a session in place of those before.

    Parameters
    ----------
    store
        Where the session is kept.
    name
        Of the session.
    person
        Whose beats.
    corrections
        All of them; none takes back every correction.
    """
    store.drop_notes(name, [_kind(person)])
    if corrections:
        store.note(name, [Note(0.0, _kind(person), person, msgspec.json.encode(corrections), private=True)])


def kept_corrections(store: Store, name: str, people: Sequence[str]) -> Corrections:
    """Return the corrections that are kept of some people of a session.

    Parameters
    ----------
    store
        Where the session is kept.
    name
        Of the session.
    people
        Whose.

    Returns
    -------
    dict
        By person; nobody who has none.
    """
    notes = {person: store.notes(name, _kind(person)) for person in people}
    return {
        who: msgspec.json.decode(own[-1].body, type=tuple[BeatCorrection, ...]) for who, own in notes.items() if own
    }


_NOTE = "corrections:"


def _kind(person: str) -> str:
    return f"{_NOTE}{person}"


def holds_corrections(kind: str) -> bool:
    """Whether notes of a kind hold corrections of one person."""
    return kind.startswith(_NOTE)


def without_words(kept: Corrections) -> Corrections:
    """Return corrections without what their person wrote beside them, for everybody else."""
    return {who: tuple(msgspec.structs.replace(sent, why="") for sent in own) for who, own in kept.items()}


def with_corrections(session: Session, kept: Corrections) -> Session:
    """Return a session with what was corrected by hand, and marks that say so.

    Parameters
    ----------
    session
        As it was recorded.
    kept
        By person; of others nothing is changed.

    Returns
    -------
    Session
        Beats of a corrected person are found in their waveform where none were recorded.

    Raises
    ------
    DataError
        If a correction meets no beat, or would put one on another.
    """
    from coregulation.analysis.beat_source import with_beats
    from coregulation.io.corrections import apply_corrections

    here = {recording.person.id for recording in session.recordings}
    corrections = [_as_correction(sent, who) for who, own in kept.items() if who in here for sent in own]
    if not corrections:
        return session
    recordings = tuple(with_beats(r)[0] if r.person.id in kept else r for r in session.recordings)
    return apply_corrections(replace(session, recordings=recordings), corrections)


def _as_correction(sent: BeatCorrection, person: str) -> Correction:
    from coregulation.io.corrections import Correction, CorrectionKind

    return Correction(CorrectionKind(sent.kind), sent.time, sent.to, person, sent.why)


def write_corrected(
    session: Session,
    folder: Path,
    kept: Corrections,
    consents: Sequence[Mapping[str, object]] = (),
) -> Path:
    """Write a session into a folder, with a table of what was corrected that is applied whenever it is opened.

    Parameters
    ----------
    session
        As it was recorded.
    folder
        Which is made if need be.
    kept
        By person.
    consents
        Who agreed to what.

    Returns
    -------
    Path
        Of the manifest.
    """
    from coregulation.analysis.beat_source import with_beats
    from coregulation.io import write_session
    from coregulation.io.corrections import HEADER, NAME
    from coregulation.report.plain_text import spreadsheet_cell

    if not kept:
        return write_session(session, folder, consents=consents)
    recordings = tuple(with_beats(r)[0] if r.person.id in kept else r for r in session.recordings)
    manifest = write_session(replace(session, recordings=recordings), folder, corrections=NAME, consents=consents)
    with (folder / NAME).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADER.split(","))
        table.writerows(
            (sent.kind, repr(sent.time), "" if sent.to is None else repr(sent.to), who, spreadsheet_cell(sent.why))
            for who, own in kept.items()
            for sent in own
        )
    return manifest


def pack_corrected(manifest: Path, kept: Corrections) -> bytes:
    """Return a session folder with its corrections as a zip; meant for a process of its own.

    Parameters
    ----------
    manifest
        Of the session.
    kept
        By person.

    Returns
    -------
    bytes
        A zip that `analyze` opens.
    """
    from coregulation.io import open_session
    from coregulation.live.server.archives import pack_archive

    folder = manifest.parent.parent / "corrected"
    write_corrected(open_session(manifest), folder, kept)
    return pack_archive(folder)


def look_at_beats(manifest: Path, person: str, corrections: Sequence[BeatCorrection]) -> dict[str, Any]:
    """Return what a page draws of one person's beats; meant for a process of its own.

    Parameters
    ----------
    manifest
        Of the session.
    person
        Whose.
    corrections
        Of this person.

    Returns
    -------
    dict
        `recorded` and `beats` (after the corrections), session s; `doubtful`, pairs of time and what RR cleaning says;
        `trace`, the waveform as 16-bit steps in base 64, or None.

    Raises
    ------
    DataError
        If the person has no beats, or a correction cannot be applied.
    """
    from coregulation.analysis.beat_source import with_beats
    from coregulation.io import open_session
    from coregulation.physiology.cleaned_beats import clean_beats

    session = open_session(manifest)
    recording = next((each for each in session.recordings if each.person.id == person), None)
    before = None if recording is None else with_beats(recording)[0]
    if before is None or before.beats is None:
        raise DataError("No beats were recorded of {person}, and no ECG or pulse wave to find them in.", person=person)
    after = _only(with_corrections(session, {person: tuple(corrections)}), person)
    beats = before.beats if after.beats is None else after.beats
    cleaned = clean_beats(beats)
    return {
        "recorded": before.beats.times.tolist(),
        "beats": beats.times.tolist(),
        "doubtful": [
            (time, artefact.value)
            for time, artefact in zip(cleaned.beats.times.tolist(), cleaned.artefacts, strict=True)
            if artefact is not None
        ],
        "trace": _trace(before),
    }


def _only(session: Session, person: str) -> Recording:
    return next(recording for recording in session.recordings if recording.person.id == person)


def _trace(recording: Recording) -> dict[str, Any] | None:
    """Return the waveform in which beats can be seen, in steps of what it spans."""
    import numpy as np

    channel = next((name for name in ("ecg", "ppg") if name in recording.signals), None)
    if channel is None:
        return None
    signal: Signal = recording.signals[channel]
    known = signal.values[np.isfinite(signal.values)]
    if not len(known):
        return None
    low, high = (float(end) for end in np.quantile(known, [0.001, 0.999]))
    scaled = np.clip((signal.values - low) / ((high - low) or 1.0), -0.5, 1.5) * (_STEPS / 2)
    steps = np.where(np.isfinite(scaled), scaled, -_STEPS).astype("<i2")
    return {
        "channel": channel, "rate": signal.rate, "start": signal.start,
        "steps": base64.b64encode(steps.tobytes()).decode(), "missing": -_STEPS,
    }  # fmt: skip

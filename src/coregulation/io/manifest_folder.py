"""A manifest and the files it names, to a session."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from coregulation.clock import Clock
from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.events import Block, Exclusion, Mark, Rating
from coregulation.io.aligned_people import time_origin
from coregulation.io.assemble import SessionNotes, assemble_session
from coregulation.io.corrections import apply_corrections, read_corrections
from coregulation.io.formats.registry import read_any, recording_format
from coregulation.io.knock_alignment import KnockAlignment
from coregulation.io.limits import path_inside
from coregulation.io.manifest import parse_manifest
from coregulation.io.manifest_structure import FileText, Manifest, PersonText, RemarkText
from coregulation.io.options import ReadOptions
from coregulation.io.remarks import Note, ReadingRemark, note
from coregulation.io.stated_context import parse_setting, parse_shared
from coregulation.io.tables.column_meaning import interpret_columns
from coregulation.io.tables.table import Table, TableShape
from coregulation.io.tables.time_columns import time_index
from coregulation.io.tables.value_columns import value_column
from coregulation.io.tables.wide_tables import make_track
from coregulation.io.time_origin import TimeOrigin
from coregulation.io.track import Track
from coregulation.io.turns import read_turns, with_turns
from coregulation.reasons import Reason, because
from coregulation.session import Person, RecordingRemark, Remark, Session
from coregulation.signals import Bools, Floats

MAX_DRIFT = 10_000.0  # ppm; a quartz is off by some 100 at most


def read_manifest(path: Path, allow_outside: bool = False) -> Session:
    """Open the session that a manifest describes.

    Parameters
    ----------
    path
        The `session.toml`; the files it names are looked up from its folder.
    allow_outside
        Whether it may name files outside its folder.

    Returns
    -------
    Session
        With the corrections that the manifest names applied.

    Raises
    ------
    DataError
        If the manifest or one of its files cannot be used; the error names the key or the file.
    UsageError
        If a unit, a rate or a column must be stated.
    """
    manifest = parse_manifest(path)
    files = _Files(path, {}, {}, allow_outside)
    tracks = [
        _track(files, Person(person.id, person.role), text) for person in manifest.person for text in _of(person, path)
    ]
    if not tracks:
        raise DataError("{path}: it names no file; each [[person]] needs a [[person.file]].", path=str(path))
    alignment = None if manifest.align is None else KnockAlignment()
    zero = time_origin(tracks, alignment) if manifest.start is None else TimeOrigin.of_start(manifest.start)
    try:
        session = _spoken(assemble_session(manifest.id, tracks, _notes(manifest), zero, alignment), manifest, path)
        if manifest.corrections is None:
            return session
        corrections = path_inside(path, manifest.corrections, allow_outside)
        return apply_corrections(session, read_corrections(corrections, zero, manifest.id))
    except CoregulationError as error:
        raise type(error)(
            "{path}: {problem}",
            path=str(path),
            problem=error,
        ) from error


def _spoken(session: Session, manifest: Manifest, path: Path) -> Session:
    """Return a session with the turns of the file that a manifest names."""
    if manifest.turns is None:
        return session
    turns = path.parent / manifest.turns.path
    return with_turns(session, read_turns(turns), turns, manifest.turns.speakers, manifest.turns.start)


def _of(person: PersonText, path: Path) -> list[FileText]:
    if not person.file:
        raise DataError(
            "{path}: {person} has no [[person.file]].",
            path=str(path),
            person=person.id,
        )
    return person.file


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of one manifest: each is read once, and each is one clock unless the manifest says otherwise."""

    manifest: Path
    tables: dict[tuple[str, TableShape], Table]
    numbers: dict[str, int]
    allow_outside: bool = False

    def table(self, text: FileText) -> Table:
        shape = TableShape(
            text.skip_lines, text.skip_end_lines, text.separator, text.decimal, text.sheet, tuple(text.missing)
        )
        key = (text.path, shape)
        if key not in self.tables:
            self.tables[key] = self._read(text.path, shape)
        return self.tables[key]

    def clock(self, text: FileText) -> Clock:
        number = self.numbers.setdefault(text.path, len(self.numbers) + 1)
        if text.clock is None:
            return Clock(offset_sd=None, name=f"file {number}")
        clock = text.clock
        drift = max(clock.drift_ppm, -clock.drift_ppm, clock.drift_sd_ppm)
        if drift > MAX_DRIFT:
            raise DataError(
                "{manifest}: a drift of {drift} ppm is stated for the clock of {path!r}, and no clock is off by more than {most} ppm (1 %). Drift "
                "counts in parts per million; what is wrong from the beginning is an offset, in s.",
                manifest=str(self.manifest),
                drift=f"{drift:g}",
                path=text.path,
                most=f"{MAX_DRIFT:,.0f}",
            )
        name = clock.name or f"file {number}"
        return Clock(clock.offset, clock.offset_sd, clock.drift_ppm, clock.drift_sd_ppm, name)

    def _read(self, name: str, shape: TableShape) -> Table:
        path = path_inside(self.manifest, name, self.allow_outside)
        if not path.is_file() and not (path.is_dir() and recording_format(path)):
            raise DataError(
                "{manifest}: it names the file {name!r}, which is not there (paths count from it).",
                manifest=str(self.manifest),
                name=name,
            )
        return read_any(path, shape)


def _track(files: _Files, person: Person, text: FileText) -> Track:
    table = files.table(text)
    meanings = interpret_columns(table)
    options = _options(text, table)
    time = time_index(table, meanings, options)
    column = value_column(table, meanings, options, time)
    track = make_track(table, meanings, options, person, column, time, files.clock(text))
    if text.zone is not None and not track.in_zone:
        raise UsageError(
            "{origin}: a time zone was stated, and its times have one already or are no dates; leave out zone.",
            origin=table.origin,
        )
    clock = table.metadata_of(column).clock
    numbers, ok, remarks = _trusted(table, text, track.numbers, column)
    return replace(
        track,
        numbers=numbers,
        ok=ok,
        breaks=None if text.breaks is None else _flags(table, text.breaks),
        clock=clock if text.clock is None and clock is not None else files.clock(text),
        remarks=(*track.remarks, *remarks),
        applied=text.clock is not None and text.clock.applied,
    )


def _options(text: FileText, table: Table) -> ReadOptions:
    """Return what a manifest says about a file in the words in which a command line says it."""
    try:
        return ReadOptions(
            signal=text.channel,
            unit=text.unit,
            scale=text.scale,
            rate=text.rate,
            start=text.start,
            column=text.column,
            time_column=None if text.time is None else text.time.column,
            time_unit=None if text.time is None else text.time.unit,
            date_order=text.date_order,
            zone=text.zone,
            separator=text.separator,
            decimal=text.decimal,
        )
    except UsageError as error:
        raise UsageError("{origin}: {problem}", origin=table.origin, problem=error) from error


def _trusted(
    table: Table, text: FileText, numbers: Floats, column: int
) -> tuple[Floats, Bools | None, tuple[Note, ...]]:
    """Apply the stated confidence: rows below become missing, beats below are marked."""
    ok = None if text.ok is None else _flags(table, text.ok)
    if text.confidence is None:
        return numbers, ok, ()
    if table.index(text.confidence.column) == column:
        raise DataError(
            "{origin}: column {column} is named as the values and as their confidence, so values would be left out for being small. Name the column "
            "that holds the confidence, or leave confidence out.",
            origin=table.origin,
            column=column,
        )
    enough = table.numbers(text.confidence.column) >= text.confidence.at_least
    count = int((~enough).sum())
    low = note(ReadingRemark.LOW_CONFIDENCE, count, least=text.confidence.at_least)
    remarks = (low,) if count else ()
    if text.channel == "beats":
        return numbers, enough if ok is None else enough & ok, remarks
    return np.where(enough, numbers, np.nan), ok, remarks


def _flags(table: Table, column: int | str) -> Bools:
    return table.numbers(column) > 0


def _reason(text: RemarkText) -> Reason:
    """Return a remark's reason; the sentences of schema 1 are kept as a fact."""
    if text.code:
        return Reason(text.code, text.facts)
    known = _SENTENCES_OF_SCHEMA_1.get(text.what)
    return because(RecordingRemark.NOTED, text=text.what) if known is None else because(known)


_SENTENCES_OF_SCHEMA_1 = {
    "beats found in the ppg": RecordingRemark.FOUND_IN_PPG,
    "beats found in the ecg": RecordingRemark.FOUND_IN_ECG,
}


def _notes(manifest: Manifest) -> SessionNotes:
    return SessionNotes(
        marks=tuple(Mark(mark.time, mark.label, mark.person, mark.by_hand) for mark in manifest.mark),
        blocks=_blocks(manifest),
        ratings=tuple(Rating(r.time, r.person, r.item, r.value) for r in manifest.rating),
        exclusions=tuple(Exclusion(e.start, e.end, e.why, e.person) for e in manifest.exclude),
        remarks=tuple(Remark(r.person, r.channel, _reason(r), r.count) for r in manifest.remark),
        shared=parse_shared(manifest.shared),
        setting=parse_setting(manifest.setting),
        task=manifest.task,
        date=manifest.date,
        simulated=manifest.simulated,
    )


def _blocks(manifest: Manifest) -> tuple[Block, ...]:
    return tuple(
        Block(
            kind=block.kind,
            start=block.start,
            end=block.end,
            perturbed=tuple(block.perturbed),
            dose=block.dose,
            present=tuple(block.present),
            cues=block.cues,
            partner=block.partner,
            guide=block.guide,
        )
        for block in manifest.block
    )

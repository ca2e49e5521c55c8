"""A manifest and the files it names, to a session."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coregulation.clock import Clock
from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.io.assemble import SessionNotes, assemble_session
from coregulation.io.corrections import apply_corrections, read_corrections
from coregulation.io.formats.registry import read_any, recording_format
from coregulation.io.manifest import FileText, Manifest, PersonText, parse_manifest
from coregulation.io.options import ReadOptions
from coregulation.io.tables.table import Table, TableShape
from coregulation.io.tables.wide_tables import carried_times, stated_unit, times_of, value_column
from coregulation.io.track import RowTimes, TimeOrigin, Track, find_time_origin
from coregulation.session import Block, Exclusion, Mark, Person, Rating, Remark, Session
from coregulation.signals import Bools, Floats


def read_manifest(path: Path) -> Session:
    """Open the session that a manifest describes.

    Raises:
        DataError: if the manifest or one of its files cannot be used; the error names the key or the file.
        UsageError: if a unit, a rate or a column must be stated.
    """
    manifest = parse_manifest(path)
    files = _Files(path, {}, {})
    tracks = [
        _track(files, Person(person.id, person.role), text) for person in manifest.person for text in _of(person, path)
    ]
    if not tracks:
        raise DataError("{path}: it names no file; each [[person]] needs a [[person.file]].", path=str(path))
    zero = find_time_origin(tracks) if manifest.start is None else TimeOrigin.of_start(manifest.start)
    try:
        session = assemble_session(manifest.id, tracks, _notes(manifest), zero)
        if manifest.corrections is None:
            return session
        return apply_corrections(session, read_corrections(path.parent / manifest.corrections, zero, manifest.id))
    except CoregulationError as error:
        raise type(error)(
            "{path}: {problem}",
            path=str(path),
            problem=error,
        ) from error


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

    def table(self, text: FileText) -> Table:
        shape = TableShape(text.skip_lines, text.skip_end_lines, text.separator, text.decimal, text.sheet)
        key = (text.path, shape)
        if key not in self.tables:
            self.tables[key] = self._read(text.path, shape)
        return self.tables[key]

    def clock(self, text: FileText) -> Clock:
        number = self.numbers.setdefault(text.path, len(self.numbers) + 1)
        if text.clock is None:
            return Clock(offset_sd=None, name=f"file {number}")
        said = text.clock
        name = said.name or f"file {number}"
        return Clock(said.offset, said.offset_sd, said.drift_ppm, said.drift_sd_ppm, name)

    def _read(self, name: str, shape: TableShape) -> Table:
        path = self.manifest.parent / name
        if not path.is_file() and not (path.is_dir() and recording_format(path)):
            raise DataError(
                "{manifest}: it names the file {name!r}, which is not there (paths count from it).",
                manifest=str(self.manifest),
                name=name,
            )
        return read_any(path, shape)


def _track(files: _Files, person: Person, text: FileText) -> Track:
    table = files.table(text)
    time = None if text.time is None else table.index(text.time.column)
    if text.column is None:
        column = value_column(table, ReadOptions(signal=text.channel), time)
    else:
        column = table.index(text.column)
    said = table.said(column)
    rate = said.rate if text.rate is None else text.rate
    numbers, ok, remarks = _trusted(table, text, table.numbers(column))
    is_beats = text.channel in ("rr", "beats")
    return Track(
        person=person,
        channel=text.channel,
        origin=table.origin,
        numbers=numbers,
        times=_times(table, column, text, rate),
        rate=None if is_beats else _positive(rate, table),
        start=said.start if text.start is None else text.start,
        unit=stated_unit(table, column, text.unit, text.channel),
        scale=text.scale,
        clock=said.clock if text.clock is None and said.clock is not None else files.clock(text),
        ok=ok,
        breaks=None if text.breaks is None else _flags(table, text.breaks),
        remarks=(
            *said.remarks,
            *remarks,
            *((("lines after the table left out", table.left_out),) if table.left_out else ()),
        ),
        applied=text.clock is not None and text.clock.applied,
    )


def _times(table: Table, column: int, text: FileText, rate: float | None) -> RowTimes | None:
    if text.time is None:
        return carried_times(table, column) if text.rate is None else None
    return times_of(table, table.index(text.time.column), text.time.unit, rate)


def _trusted(table: Table, text: FileText, numbers: Floats) -> tuple[Floats, Bools | None, tuple[tuple[str, int], ...]]:
    """Apply the stated confidence: rows below become missing, beats below are marked."""
    ok = None if text.ok is None else _flags(table, text.ok)
    if text.confidence is None:
        return numbers, ok, ()
    enough = table.numbers(text.confidence.column) >= text.confidence.at_least
    count = int((~enough).sum())
    told = ((f"rows with a confidence below {text.confidence.at_least:g} taken as missing", count),) if count else ()
    if text.channel == "beats":
        return numbers, enough if ok is None else enough & ok, told
    return np.where(enough, numbers, np.nan), ok, told


def _flags(table: Table, column: int | str) -> Bools:
    return table.numbers(column) > 0


def _positive(rate: float | None, table: Table) -> float | None:
    if rate is not None and not (math.isfinite(rate) and rate > 0):
        raise UsageError(
            "{origin}: rate must be a positive number of Hz; {rate} came.",
            origin=table.origin,
            rate=rate,
        )
    return rate


def _notes(manifest: Manifest) -> SessionNotes:
    return SessionNotes(
        marks=tuple(Mark(mark.time, mark.label, mark.person, mark.by_hand) for mark in manifest.mark),
        blocks=_blocks(manifest),
        ratings=tuple(Rating(r.time, r.person, r.item, r.value) for r in manifest.rating),
        exclusions=tuple(Exclusion(e.start, e.end, e.why, e.person) for e in manifest.exclude),
        remarks=tuple(Remark(r.person, r.channel, r.what, r.count, r.code) for r in manifest.remark),
        shared=None if manifest.shared is None else tuple(manifest.shared),
        setting=manifest.setting,
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

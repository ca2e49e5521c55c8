"""Blocks, marks and spans to leave out, from small tables of their own (CSV, TSV, BIDS events)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from coregulation.errors import CoregulationError, DataError
from coregulation.files.cells import Kind, kind, number, seconds
from coregulation.files.dialect import detect
from coregulation.files.options import ReadOptions
from coregulation.files.text import read_lines
from coregulation.files.track import Anchor, Zero
from coregulation.session import Block, Exclusion, Mark

_WORDS = {"onset": "start", "duration": "length", "trial_type": "kind", "block": "kind", "with": "present"}
_ANCHORS = {True: Anchor.ZONED, False: Anchor.LOCAL, None: Anchor.DAY}
_LARGE = 1e8
Noted = TypeVar("Noted")


@dataclass(frozen=True, slots=True)
class _Row:
    place: str
    cells: dict[str, str]

    def text(self, name: str) -> str | None:
        value = self.cells.get(name, "").strip()
        return None if not value or value.lower() == "n/a" else value

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(word for word in (self.text(name) or "").replace("+", " ").replace(",", " ").split())

    def required(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise DataError(f"{name} is missing.")
        return value

    def number(self, name: str) -> float | None:
        value = self.text(name)
        return None if value is None else number(value, ",", name)

    def time(self, name: str, zero: Zero) -> float:
        value = self.required(name)
        if kind(value) is Kind.STAMP:
            since, anchored = seconds(value, name)
            return since - zero.since(_ANCHORS[anchored])
        since = number(value, ",", name)
        return since - (zero.since(Anchor.ZONED) if since > _LARGE else 0.0)

    def end(self, zero: Zero) -> float:
        length = self.number("length")
        return self.time("end", zero) if length is None else self.time("start", zero) + length


def blocks_of(options: ReadOptions, session: str, zero: Zero) -> tuple[Block, ...]:
    """Read blocks: columns kind, start, end (or BIDS' trial_type, onset, duration), perturbed, dose, with, partner, guide."""

    def block(row: _Row) -> Block:
        return Block(
            kind=row.required("kind"),
            start=row.time("start", zero),
            end=row.end(zero),
            perturbed=row.words("perturbed"),
            dose=row.number("dose"),
            present=row.words("present"),
            partner=row.text("partner"),
            guide=row.text("guide"),
        )

    return _each(_rows(options.blocks, session, {"kind", "start"}), block)


def marks_of(options: ReadOptions, session: str, zero: Zero) -> tuple[Mark, ...]:
    """Read marks: columns time, label, person."""
    return _each(
        _rows(options.marks, session, {"time", "label"}),
        lambda row: Mark(row.time("time", zero), row.required("label"), row.text("person")),
    )


def exclusions_of(options: ReadOptions, session: str, zero: Zero) -> tuple[Exclusion, ...]:
    """Read spans that count for nothing: columns start, end, why, person."""
    return _each(
        _rows(options.exclude, session, {"start", "why"}),
        lambda row: Exclusion(row.time("start", zero), row.end(zero), row.required("why"), row.text("person")),
    )


def _each(rows: Iterable[_Row], make: Callable[[_Row], Noted]) -> tuple[Noted, ...]:
    """Make something of each row; an error names the row."""
    made = []
    for row in rows:
        try:
            made.append(make(row))
        except DataError as error:
            raise DataError(f"{row.place}: {error}") from error
    return tuple(made)


def _rows(path: str | os.PathLike[str] | None, session: str, needed: set[str]) -> Iterable[_Row]:
    if path is None:
        return []
    lines = read_lines(Path(path))
    try:
        rows = detect(lines).rows(lines)
    except CoregulationError as error:
        raise type(error)(f"{path}: {error}") from error
    names = [_WORDS.get(word.strip().lower(), word.strip().lower()) for word in rows[0]]
    missing = needed - set(names)
    if missing:
        raise DataError(f"{path}: the column {sorted(missing)[0]!r} is missing; the first line must name the columns.")
    return _of_session(path, names, rows[1:], session)


def _of_session(
    path: str | os.PathLike[str], names: Sequence[str], rows: Sequence[Sequence[str]], session: str
) -> list[_Row]:
    found = [_Row(f"{path}: row {n + 2}", dict(zip(names, row, strict=False))) for n, row in enumerate(rows) if row]
    return [row for row in found if row.text("session") in (None, session)]

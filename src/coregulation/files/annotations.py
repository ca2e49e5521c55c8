"""Blocks, marks and spans to leave out, from small tables of their own (CSV, TSV, BIDS events)."""

from __future__ import annotations

from coregulation.files.notes import Row, each, rows
from coregulation.files.options import ReadOptions
from coregulation.files.track import Zero
from coregulation.session import Block, Exclusion, Mark


def blocks_of(options: ReadOptions, session: str, zero: Zero) -> tuple[Block, ...]:
    """Read blocks: columns kind, start, end (or BIDS' trial_type, onset, duration), perturbed, dose, with, partner, guide."""

    def block(row: Row) -> Block:
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

    return each(rows(options.blocks, session, {"kind", "start"}), block)


def marks_of(options: ReadOptions, session: str, zero: Zero) -> tuple[Mark, ...]:
    """Read marks: columns time, label, person."""
    return each(
        rows(options.marks, session, {"time", "label"}),
        lambda row: Mark(row.time("time", zero), row.required("label"), row.text("person")),
    )


def exclusions_of(options: ReadOptions, session: str, zero: Zero) -> tuple[Exclusion, ...]:
    """Read spans that count for nothing: columns start, end, why, person."""
    return each(
        rows(options.exclude, session, {"start", "why"}),
        lambda row: Exclusion(row.time("start", zero), row.end(zero), row.required("why"), row.text("person")),
    )

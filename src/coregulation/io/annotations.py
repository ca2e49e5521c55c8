"""Blocks, marks and spans to leave out, from small tables of their own (CSV, TSV, BIDS events)."""

from __future__ import annotations

from coregulation.io.options import ReadOptions
from coregulation.io.tables.event_tables import EventRow, parse_event_rows, read_event_rows
from coregulation.io.track import TimeOrigin
from coregulation.session import Block, Exclusion, Mark


def read_blocks(options: ReadOptions, session: str, zero: TimeOrigin) -> tuple[Block, ...]:
    """Read blocks: columns kind, start, end (or BIDS' trial_type, onset, duration), perturbed, dose, with, partner, guide."""

    def block(row: EventRow) -> Block:
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

    return parse_event_rows(read_event_rows(options.blocks, session, {"kind", "start"}), block)


def read_marks(options: ReadOptions, session: str, zero: TimeOrigin) -> tuple[Mark, ...]:
    """Read marks: columns time, label, person."""
    return parse_event_rows(
        read_event_rows(options.marks, session, {"time", "label"}),
        lambda row: Mark(row.time("time", zero), row.required("label"), row.text("person")),
    )


def read_exclusions(options: ReadOptions, session: str, zero: TimeOrigin) -> tuple[Exclusion, ...]:
    """Read spans that count for nothing: columns start, end, why, person."""
    return parse_event_rows(
        read_event_rows(options.exclude, session, {"start", "why"}),
        lambda row: Exclusion(row.time("start", zero), row.end(zero), row.required("why"), row.text("person")),
    )

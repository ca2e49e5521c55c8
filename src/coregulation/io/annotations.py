"""Blocks, marks and spans to leave out, from small tables of their own (CSV, TSV, BIDS events)."""

from __future__ import annotations

from coregulation.events import Block, Exclusion, Mark
from coregulation.io.options import ReadOptions
from coregulation.io.tables.event_tables import EventRow, parse_event_rows, read_event_rows
from coregulation.io.time_origin import TimeOrigin


def read_blocks(options: ReadOptions, session: str, zero: TimeOrigin) -> tuple[Block, ...]:
    """Read labelled spans from a table.

    Its columns are kind, start, end (or BIDS' trial_type, onset, duration), perturbed, dose, with, partner and guide.

    Parameters
    ----------
    options
        Names the table in `blocks`; None is no table.
    session
        The session's id; rows whose session column names another are passed over.
    zero
        What the session clock counts from, for times that are moments.

    Returns
    -------
    tuple of Block
        In the order of the rows, with times in s on the session clock; () without a table.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If a column is missing or a row cannot be used; it names the row.
    """

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
    """Read labelled instants from a table with the columns time, label and person.

    Parameters
    ----------
    options
        Names the table in `marks`; None is no table.
    session
        The session's id; rows whose session column names another are passed over.
    zero
        What the session clock counts from, for times that are moments.

    Returns
    -------
    tuple of Mark
        In the order of the rows, with times in s on the session clock; () without a table.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If a column is missing or a row cannot be used; it names the row.
    """
    return parse_event_rows(
        read_event_rows(options.marks, session, {"time", "label"}),
        lambda row: Mark(row.time("time", zero), row.required("label"), row.text("person")),
    )


def read_exclusions(options: ReadOptions, session: str, zero: TimeOrigin) -> tuple[Exclusion, ...]:
    """Read spans that count for nothing from a table with the columns start, end, why and person.

    Parameters
    ----------
    options
        Names the table in `exclude`; None is no table.
    session
        The session's id; rows whose session column names another are passed over.
    zero
        What the session clock counts from, for times that are moments.

    Returns
    -------
    tuple of Exclusion
        In the order of the rows, with times in s on the session clock; () without a table.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If a column is missing or a row cannot be used; it names the row.
    """
    return parse_event_rows(
        read_event_rows(options.exclude, session, {"start", "why"}),
        lambda row: Exclusion(row.time("start", zero), row.end(zero), row.required("why"), row.text("person")),
    )

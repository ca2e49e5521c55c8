"""Turns in a table of text: one row per turn, with columns person, start and end."""

from __future__ import annotations

from pathlib import Path

from coregulation.io.tables.event_tables import EventRow, parse_event_rows, read_event_rows
from coregulation.io.time_origin import TimeOrigin
from coregulation.io.turns.turn_format import SpokenSpan, TurnFormat, has_suffix, spoken_span


def read_turn_table(path: Path) -> list[SpokenSpan]:
    """Read turns from a table with the columns person (or speaker), start and end (or onset and duration).

    Parameters
    ----------
    path
        The table.

    Returns
    -------
    list of SpokenSpan
        In the order of the rows, with times in s.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If a column is missing or a row cannot be used; it names the row.
    """

    def span(row: EventRow) -> SpokenSpan:
        zero = TimeOrigin()
        return spoken_span(path, row.required("person"), row.time("start", zero), row.end(zero))

    return list(parse_event_rows(read_event_rows(path, "", {"person", "start"}), span))


FORMAT = TurnFormat(
    name="Table",
    files="`.csv`, `.tsv`, `.txt`",
    recognise=has_suffix(".csv", ".tsv", ".txt", ".gz"),
    read=read_turn_table,
    speaker="column `person` or `speaker`",
    left_out="other columns",
    reference="RFC 4180, doi:10.17487/RFC4180",
    example=("turns.csv", "person,start,end\nada,1,4.5\nben,4,7\n"),
)

"""A study's session table: one row per session with its pair, its conditions and its covariates."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coregulation.errors import UsageError, nearest_names

SESSION, PAIR = "session", "pair"


@dataclass(frozen=True, slots=True)
class SessionTable:
    """The rows of a session table by session; empty where a study has none.

    Parameters
    ----------
    rows
        By name of the session: cells by column.
    columns
        In order.
    """

    rows: Mapping[str, Mapping[str, str]]
    columns: tuple[str, ...] = ()

    def cell(self, session: str, column: str) -> str | None:
        """Return a cell; None where the session or the cell is missing."""
        return self.rows.get(session, {}).get(column) or None

    def number(self, session: str, column: str) -> float:
        """Return a cell as a number; NaN where it is missing.

        Raises
        ------
        UsageError
            If the cell holds something else.
        """
        text = self.cell(session, column)
        if text is None or text.strip().lower() in ("na", "n/a", "nan"):
            return math.nan
        try:
            return float(text)
        except ValueError as error:
            raise UsageError(
                "Session table: {column} of {session} is {text!r}; a number was expected. Use a number, or NA where it is missing.",
                column=column, session=session, text=text,
            ) from error  # fmt: skip


def read_session_table(path: Path, needed: Sequence[str]) -> SessionTable:
    """Read a session table.

    Parameters
    ----------
    path
        CSV or TSV with a header.
    needed
        Columns that the plan names.

    Returns
    -------
    SessionTable
        By session.

    Raises
    ------
    UsageError
        If it cannot be read, a column is missing, or a session comes twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("{path}: this session table cannot be read as UTF-8 text.", path=str(path)) from error
    reader = csv.DictReader(io.StringIO(text), delimiter="\t" if "\t" in text.partition("\n")[0] else ",")
    columns = tuple(reader.fieldnames or ())
    for column in (SESSION, *needed):
        if column not in columns:
            near = nearest_names(column, columns or ("nothing",), 3)
            raise UsageError(
                "{path}: the session table has no column {column!r}. Did you mean {near:or}?",
                path=str(path), column=column, near=near,
            )  # fmt: skip
    rows: dict[str, Mapping[str, str]] = {}
    for row in reader:
        if row[SESSION] in rows:
            raise UsageError("{path}: session {name!r} has two rows; keep one.", path=str(path), name=row[SESSION])
        rows[row[SESSION]] = row
    return SessionTable(rows, columns)

"""A recording before it is brought in: its first rows with what each column may be, and the curves of what was said it is.

Meant for a process of its own, like `read_recording`: the files come from somebody else.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coregulation.channels import HEART_RATE
from coregulation.errors import CoregulationError
from coregulation.live.server.column_guesses import ColumnGuess, guess_columns
from coregulation.live.server.own_minutes import curve_of, heart_rates
from coregulation.live.server.session_import import open_recording, placed_files, without_folder

if TYPE_CHECKING:
    from coregulation.io.tables.contents import ColumnContents, Contents
    from coregulation.session import Session
    from coregulation.signals import Signal

ROWS = 6  # rows of a table that are shown
COLUMNS = 40  # columns at most: a page with more cannot be read
POINTS = 400  # of a curve


def look_into(folder: Path, name: str) -> dict[str, Any]:
    """Describe what came, for a page on which somebody says what it is.

    Parameters
    ----------
    folder
        Empty but for the file `raw`.
    name
        What the file was called; a zip holds a session folder or one file for each person.

    Returns
    -------
    dict
        `complete`, whether nothing is left to be said; `files`: path, sheet, first rows, columns and how rows are timed;
        `left_out`, why other files are no recordings.

    Raises
    ------
    DataError
        If a file cannot be read.
    """
    files = placed_files(folder, name)
    if any(file.name == "session.toml" for file in files):
        return {"complete": True, "files": [], "left_out": []}
    root = folder / "unpacked" if (folder / "unpacked").exists() else folder / "given"
    with without_folder(root):
        readable, left_out = _readable(files, root)
    persons = list(dict.fromkeys(item.path for item in readable))
    guesses = [guess_columns(item, None if len(persons) == 1 else persons.index(item.path)) for item in readable]
    return {
        "complete": len(files) == 1 and all(_says_all(item) for item in readable),
        "files": [_described(item, guess, root) for item, guess in zip(readable, guesses, strict=True)],
        "left_out": left_out,
    }


def _readable(files: Sequence[Path], root: Path) -> tuple[list[Contents], list[str]]:
    """Return what can be read, each recording once however many files it has, and what else came, as it was refused."""
    from coregulation.io.tables.contents import inspect_file

    readable: list[Contents] = []
    refused: list[CoregulationError] = []
    for file in files:
        try:
            items = inspect_file(file)
        except CoregulationError as error:  # what lies beside a recording, such as its header, is no table of its own
            refused.append(error)
            continue
        readable += [item for item in items if not any(_is_same(item, other) for other in readable)]
    if not readable:
        raise refused[0]
    return readable, [str(error).replace(f"{root}{os.sep}", "") for error in refused]


def _is_same(first: Contents, other: Contents) -> bool:
    """Whether two files of one name are read as one recording, such as a header and its samples."""
    stems = [Path(item.path).with_suffix("") for item in (first, other)]
    return first.is_recording and stems[0] == stems[1] and first.columns == other.columns


def preview(folder: Path, name: str) -> dict[str, Any]:
    """Read what came as its manifest says, and return what a page draws of it.

    Parameters
    ----------
    folder
        Empty but for the file `raw`.
    name
        What the file was called.

    Returns
    -------
    dict
        `start` and `end` in session s; `people`, each with `curves` by channel (pairs of session s and value, None where
        nothing is known); `remarks`, what was left out, as sentences.

    Raises
    ------
    CoregulationError
        If it cannot be read.
    """
    from coregulation.live.server.session_export import span
    from coregulation.report.catalogue import Catalogue

    session = open_recording(folder, name, {})
    window, hearts, catalogue = span(session), heart_rates(session), Catalogue()
    return {
        "start": window.start,
        "end": window.end,
        "people": [
            {"person": who, "curves": {channel: curve_of(signal, _bin(signal)) for channel, signal in own.items()}}
            for who, own in _signals(session, hearts).items()
        ],
        "remarks": [catalogue.sentence(remark.counted) for remark in session.remarks],
    }


def _signals(session: Session, hearts: dict[str, Signal]) -> dict[str, dict[str, Signal]]:
    """Return what is drawn of each person: the heart rate made of beats first, then what was recorded."""
    out = {}
    for recording in session.recordings:
        who = recording.person.id
        out[who] = ({HEART_RATE: hearts[who]} if who in hearts else {}) | dict(recording.signals)
    return out


def _bin(signal: Signal) -> float:
    return max(1.0 / signal.rate, signal.window.length / POINTS)


def _says_all(file: Contents) -> bool:
    """Whether a format says what its columns are, in which unit and when they were taken, of one person."""
    from coregulation.io.suggestion import propose_options

    proposal = propose_options([file])
    return file.is_recording and set(proposal.options) <= {"shared"} and len(proposal.people) == 1


def _described(file: Contents, guesses: dict[int, ColumnGuess], root: Path) -> dict[str, Any]:
    from coregulation.io.suggestion import propose_options

    options = propose_options([file]).options
    columns = file.columns[:COLUMNS]
    return {
        "path": Path(file.path).relative_to(root).as_posix(),
        "sheet": file.sheet,
        "rows": _first_rows(file),
        "timed": file.is_timed or file.rate is not None,
        "time": _time(columns, options.get("time-column"), options.get("time-unit")),
        "rate": options.get("rate"),
        "columns": [_column(column, guesses.get(column.number)) for column in columns],
        "left": max(0, len(file.columns) - COLUMNS),
    }


def _column(column: ColumnContents, guess: ColumnGuess | None) -> dict[str, Any]:
    proposal = (
        None if guess is None else {"who": guess.who, "name": guess.name, "channel": guess.channel, "unit": guess.unit}
    )
    return {"number": column.number, "name": column.name, "kind": column.kind, "guess": proposal}


def _time(columns: Sequence[ColumnContents], stated: str | None, unit: str | None) -> dict[str, Any] | None:
    """Return which column holds times, and in which unit; None where none is known to."""
    named = [column for column in columns if column.means == "time" or column.kind == "time stamp"]
    readable = next((column for column in columns if str(column.number) == stated), named[0] if named else None)
    if readable is None:
        return None
    return {"column": readable.number, "unit": readable.unit or unit, "stamps": readable.kind == "time stamp"}


def _first_rows(file: Contents) -> list[list[str]]:
    from coregulation.io.formats.registry import read_any
    from coregulation.io.tables.table import TableShape

    table = read_any(Path(file.path), TableShape(sheet=file.sheet) if file.sheet else TableShape())
    columns = [[str(cell).strip() for cell in cells[:ROWS]] for cells in table.columns[:COLUMNS]]
    return [
        [column[row] if row < len(column) else "" for column in columns]
        for row in range(max(map(len, columns), default=0))
    ]

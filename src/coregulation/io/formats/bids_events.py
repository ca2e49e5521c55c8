"""Events that BIDS keeps beside a physiology file: a headerless `_physioevents.tsv.gz` with a `.json`.

Brain Imaging Data Structure 1.11, "Discontinuous data". Each event names a row of the physiology file: by its number, from 0, in a
column `foreign_index`; or by the value that a column has there, which `ForeignIndexColumn` names. An event that names no row
is left out and reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from coregulation.errors import DataError
from coregulation.io.remarks import Note, ReadingRemark, note
from coregulation.io.tables.table import FileEvents, Table
from coregulation.io.text import read_bytes
from coregulation.io.text_lines import read_lines
from coregulation.signals import Floats

_LABELS = ("trial_type", "message", "value")  # which column an event is called by, the first that has a word
_IMPLICIT = "foreign_index"
_NOTHING = frozenset({"", "n/a"})


def sidecars_of(path: Path, suffix: str, most: int = 5) -> list[Path]:
    """Return the sidecars of a file from the top of its data set down: one whose entities are all the file's applies to it.

    Parameters
    ----------
    path
        Of the values; it need not be there.
    suffix
        Such as "physio".
    most
        Folders to look in: data set, subject, session, data type, and one to spare.

    Returns
    -------
    list of Path
        The last one counts most.
    """
    own = set(path.name.removesuffix(".gz").removesuffix(".tsv").split("_"))
    folders = [path.parent]
    while len(folders) < most and not (folders[-1] / "dataset_description.json").is_file():
        folders.append(folders[-1].parent)
    if not (folders[-1] / "dataset_description.json").is_file():
        folders = folders[:1]
    listed = [
        sorted(
            (item for item in folder.glob(f"*_{suffix}.json") if set(item.stem.split("_")) <= own),
            key=lambda item: len(item.stem),
        )
        for folder in reversed(folders)
    ]
    top = [folder / f"{suffix}.json" for folder in reversed(folders) if (folder / f"{suffix}.json").is_file()]
    return [*top, *(item for group in listed for item in group)]


def merged_sidecars(paths: Sequence[Path]) -> dict[str, object]:
    """Read sidecars as one: what a later one says replaces what an earlier one said.

    Parameters
    ----------
    paths
        As `sidecars_of` returns them.

    Returns
    -------
    dict
        Of all of them.

    Raises
    ------
    UsageError
        If one is not there any more.
    DataError
        If one is no JSON object.
    """
    described: dict[str, object] = {}
    for path in paths:
        try:
            described |= msgspec.json.decode(read_bytes(path), type=dict[str, object])
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
            raise DataError(
                "{sidecar_path}: not a sidecar of a physiology file: {problem}.", sidecar_path=str(path), problem=error
            ) from error
    return described


def physiology_events(
    path: Path, table: Table, rate: float, start: float
) -> tuple[FileEvents | None, tuple[Note, ...]]:
    """Read the events beside a physiology file.

    Parameters
    ----------
    path
        The physiology file.
    table
        What it holds.
    rate
        Of its rows, Hz.
    start
        Of its first row, s.

    Returns
    -------
    events : FileEvents or None
        None where there are none.
    remarks : tuple of Note
        How many name no row.

    Raises
    ------
    UsageError
        If a file is not there any more.
    DataError
        If a sidecar is no JSON object.
    """
    stem = path.name.partition("_physio.tsv")[0]
    files = (path.with_name(f"{stem}_physioevents{ending}") for ending in (".tsv.gz", ".tsv"))
    beside = next((file for file in files if file.is_file()), None)
    if beside is None:
        return None, ()
    described = merged_sidecars(sidecars_of(beside, "physioevents"))
    columns = described.get("Columns")
    names = [str(name) for name in columns] if isinstance(columns, list) else []
    rows = [[cell.strip().strip('"') for cell in line.split("\t")] for line in read_lines(beside) if line.strip()]
    index = _rows_named(table, names, rows, described.get("ForeignIndexColumn"))
    placed = np.isfinite(index)
    labels = tuple(_label(names, row) for row, is_placed in zip(rows, placed, strict=True) if is_placed)
    lost = int((~placed).sum())
    return FileEvents(index[placed] / rate, labels, start), (note(ReadingRemark.EVENTS_LEFT_OUT, lost),) if lost else ()


def _rows_named(table: Table, names: Sequence[str], rows: Sequence[Sequence[str]], foreign: object) -> Floats:
    """Return the row of the physiology file that each event names; NaN where it names none."""
    nothing = np.full(len(rows), np.nan)
    key = str(foreign) if foreign is not None else _IMPLICIT
    if key not in names:
        return nothing
    own = np.array([_number(row, names.index(key)) for row in rows], np.float64)
    if foreign is None:
        return np.where(own == np.round(own), own, np.nan)
    if table.names.count(key) != 1:
        return nothing
    values = table.numbers(key)
    order = np.argsort(values, kind="stable")
    at = order[np.minimum(np.searchsorted(values, own, sorter=order), len(values) - 1)]
    return np.where(values[at] == own, at.astype(np.float64), np.nan)


def _number(row: Sequence[str], column: int) -> float:
    try:
        return float(row[column])
    except (ValueError, IndexError):
        return np.nan


def _label(names: Sequence[str], row: Sequence[str]) -> str:
    words = dict(zip(names, row, strict=False))
    return next((words[name] for name in _LABELS if words.get(name, "n/a") not in _NOTHING), "event")

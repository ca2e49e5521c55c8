"""BIDS physiology: a headerless `_physio.tsv.gz` beside a `.json` that says rate, start, columns and units.

Brain Imaging Data Structure 1.10, "Physiological recordings".
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec

from coregulation.channels import CHANNELS
from coregulation.errors import DataError
from coregulation.io.examples import exports
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.dialect import Dialect
from coregulation.io.tables.table import Table
from coregulation.io.tables.table_reading import table_from_rows
from coregulation.io.text import read_bytes
from coregulation.io.text_lines import read_lines

_MAX_LEVELS = 5  # data set, subject, session, data type, and one to spare
_ENDINGS = ("_physio.tsv.gz", "_physio.tsv")


class _ColumnText(msgspec.Struct):
    units: str = msgspec.field(default="", name="Units")
    long_name: str = msgspec.field(default="", name="LongName")


class _Sidecar(msgspec.Struct):
    rate: float = msgspec.field(name="SamplingFrequency")
    start: float = msgspec.field(name="StartTime")
    columns: list[str] = msgspec.field(name="Columns")


def is_bids(path: Path) -> bool:
    """Say whether a path has the name of a BIDS physiology file.

    Parameters
    ----------
    path
        Only its name is looked at.

    Returns
    -------
    bool
        True for names that end in _physio.tsv or _physio.tsv.gz.
    """
    return path.name.endswith(_ENDINGS)


def read_bids(path: Path) -> Table:
    """Read a physiology file with what its sidecars say.

    Parameters
    ----------
    path
        The file of values; sidecars stand beside it or in a folder above it, up to the data set's.

    Returns
    -------
    Table
        One column for each that the sidecars list, with rate (Hz), start (s) and unit.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If no sidecar is there, one cannot be read, the rate is not positive, or the rows have another number of
        columns.
    """
    sidecars = _sidecars(path)
    if not sidecars:
        raise DataError(
            "{path}: no .json says its rate and its columns, neither beside it nor in a folder above it.",
            path=str(path),
        )
    sidecar_path = sidecars[-1]
    described: dict[str, object] = {}
    try:
        for sidecar_path in sidecars:
            described |= msgspec.json.decode(read_bytes(sidecar_path), type=dict[str, object])
        sidecar = msgspec.convert(described, _Sidecar)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise DataError(
            "{sidecar_path}: not a sidecar of a physiology file: {problem}.",
            sidecar_path=str(sidecar_path),
            problem=error,
        ) from error
    if not sidecar.rate > 0:
        raise DataError(
            "{sidecar_path}: SamplingFrequency must be positive; {rate} came.",
            sidecar_path=str(sidecar_path),
            rate=sidecar.rate,
        )
    dialect = Dialect("\t", ".", len(sidecar.columns))
    table = table_from_rows(str(path), dialect.rows(read_lines(path)), dialect, 0, names=sidecar.columns)
    carried = (
        ColumnMetadata(_channel(described.get(name)), _column(described.get(name)).units, sidecar.rate, sidecar.start)
        for name in sidecar.columns
    )
    return replace(table, carried=tuple(carried))


def _sidecars(path: Path) -> list[Path]:
    """Return the sidecars of a file from the top of its data set down: one whose entities are all the file's applies to it."""
    stem = path.name.removesuffix(".gz").removesuffix(".tsv")
    own = set(stem.split("_"))
    folders = [path.parent]
    while len(folders) < _MAX_LEVELS and not (folders[-1] / "dataset_description.json").is_file():
        folders.append(folders[-1].parent)
    if not (folders[-1] / "dataset_description.json").is_file():
        folders = folders[:1]
    sidecars = [
        sorted(
            (item for item in folder.glob("*_physio.json") if set(item.stem.split("_")) <= own),
            key=lambda item: len(item.stem),
        )
        for folder in reversed(folders)
    ]
    top = [folder / "physio.json" for folder in reversed(folders) if (folder / "physio.json").is_file()]
    return [*top, *(item for group in sidecars for item in group)]


def _column(described: object) -> _ColumnText:
    try:
        return msgspec.convert(described, _ColumnText)
    except msgspec.ValidationError:
        return _ColumnText()


def _channel(described: object) -> str | None:
    """Return the channel that a column's long name is, as our own writer tells it."""
    name = _column(described).long_name
    return name if name in CHANNELS else None


FORMAT = FileFormat(
    name="BIDS physiology",
    files="`_physio.tsv.gz` with `.json`",
    recognise=is_bids,
    read=read_bids,
    says="rate, start, units",
    ask="signals and people",
    left_out="`_physioevents`",
    reference="Brain Imaging Data Structure 1.11, Physiological recordings",
    examples=(
        Example(
            "sub-01_task-rest_physio.tsv",
            exports.bids,
            {"signal": "heart_rate", "people": {"x": "x", "y": "y"}},
            beside=(".tsv", ".json"),
            source="text and JSON written from BIDS 1.11",
        ),
    ),
)

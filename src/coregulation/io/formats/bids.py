"""BIDS physiology: a headerless `_physio.tsv.gz` beside a `.json` that says rate, start, columns and units.

Brain Imaging Data Structure 1.10, "Physiological recordings".
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec

from coregulation.errors import DataError
from coregulation.io.examples import exports
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.dialect import Dialect
from coregulation.io.tables.table import Table, table_from_rows
from coregulation.io.text import read_bytes, read_lines

_ENDINGS = ("_physio.tsv.gz", "_physio.tsv")


class _ColumnText(msgspec.Struct):
    units: str = msgspec.field(default="", name="Units")


class _Sidecar(msgspec.Struct):
    rate: float = msgspec.field(name="SamplingFrequency")
    start: float = msgspec.field(name="StartTime")
    columns: list[str] = msgspec.field(name="Columns")


def is_bids(path: Path) -> bool:
    """Say whether a path has the name of a BIDS physiology file."""
    return path.name.endswith(_ENDINGS)


def read_bids(path: Path) -> Table:
    """Read a physiology file with what its sidecar says; `DataError` if one of the two contradicts the other."""
    sidecar_path = path.with_name(path.name.removesuffix(".gz").removesuffix(".tsv") + ".json")
    if not sidecar_path.exists():
        raise DataError(
            "{path}: the sidecar .json that says its rate and its columns is not beside it.", path=str(path)
        )
    content = read_bytes(sidecar_path)
    try:
        sidecar = msgspec.json.decode(content, type=_Sidecar)
        described = msgspec.json.decode(content, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
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
        ColumnMetadata(unit=_unit(described.get(name)), rate=sidecar.rate, start=sidecar.start)
        for name in sidecar.columns
    )
    return replace(table, carried=tuple(carried))


def _unit(described: object) -> str:
    try:
        return msgspec.convert(described, _ColumnText).units
    except msgspec.ValidationError:
        return ""


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
        ),
    ),
)

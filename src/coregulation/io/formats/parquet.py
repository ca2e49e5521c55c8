"""Parquet tables, read with pyarrow: columns of numbers, times and text, as a table of text would have them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np

from coregulation.errors import FileFaultError
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.reader_libraries import import_reader, reader_errors
from coregulation.io.remarks import ReadingRemark, note
from coregulation.io.tables.table import Cells, Table
from coregulation.io.text import MAX_BYTES, read_bytes


def is_parquet(path: Path) -> bool:
    """Say whether a path has the name of a Parquet table.

    Parameters
    ----------
    path
        Only its name is looked at.

    Returns
    -------
    bool
        True for names that end in .parquet or .pq.
    """
    return path.suffix.lower() in (".parquet", ".pq")


def read_parquet(path: Path) -> Table:
    """Read every column that holds one value per row.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        Numbers, moments and text; NaN or None where a cell is missing. Columns of lists and structures are left out and reported.

    Raises
    ------
    UsageError
        If there is no such file, or pyarrow is not installed.
    DataError
        If it is damaged, cut off, or holds no row.
    """
    content = read_bytes(path)
    import_reader("pyarrow", "Parquet")
    with reader_errors(path, "Parquet"):
        from pyarrow import parquet

        file = parquet.ParquetFile(io.BytesIO(content))
        _check_size(file.metadata)
        table = file.read(use_threads=False)
        if not table.num_rows:
            raise FileFaultError("it holds no row")
        columns = [(name, _cells(column)) for name, column in zip(table.column_names, table.columns, strict=True)]
    kept = [(name, cells) for name, cells in columns if cells is not None]
    return Table(
        str(path),
        tuple(name for name, _ in kept),
        tuple(cells for _, cells in kept),
        remarks=tuple(note(ReadingRemark.PART_LEFT_OUT, part=name) for name, cells in columns if cells is None),
    )


def _check_size(metadata: Any) -> None:
    if metadata.num_rows * max(metadata.num_columns, 1) * 8 > MAX_BYTES:
        raise FileFaultError("it announces more values than a table of people needs")


def _cells(column: Any) -> Cells | None:
    """Return the cells of a column; None for one of lists, structures or bytes."""
    import pyarrow as pa

    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if (
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_decimal(kind)
    ):
        values = column.cast(pa.float64(), safe=False).to_numpy()
        return np.array(values, np.float64)
    if pa.types.is_timestamp(kind):
        return list(column.cast(pa.timestamp("us", kind.tz), safe=False).to_pylist())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return [None if cell is None else str(cell) for cell in column.to_pylist()]
    return None


def write_example(path: Path) -> None:
    """Write the heart rates of two people with a moment for each row.

    Parameters
    ----------
    path
        Where; a file that is there is replaced.
    """
    import datetime

    import pyarrow as pa
    import pyarrow.parquet as pq

    start = datetime.datetime(2026, 5, 4, 14, tzinfo=datetime.UTC)
    columns = {
        "time": [start + datetime.timedelta(seconds=n) for n in range(30)],
        "ada": [60.5 + n % 7 for n in range(30)],
        "ben": [None if n == 3 else 70 + n % 5 for n in range(30)],
    }
    pq.write_table(pa.table(columns), path)


FORMAT = FileFormat(
    name="Parquet",
    files="`.parquet`, `.pq`",
    recognise=is_parquet,
    read=read_parquet,
    says="the names of columns, moments with their time zone",
    ask="signal, and rate or time column",
    left_out="columns of lists and structures",
    reference="Apache Parquet format specification",
    examples=(
        Example(
            "pair.parquet",
            write_example,
            {"signal": "heart_rate", "people": {"ada": "ada", "ben": "ben"}},
            source="pyarrow's writer",
        ),
    ),
    library="pyarrow",
)

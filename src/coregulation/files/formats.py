"""One file as a table, whatever its format: a new format is a line here and a file beside it."""

from __future__ import annotations

from pathlib import Path

from coregulation.files import bids, excel
from coregulation.files.table import Shape, Table, read_table


def read_any(path: Path, shape: Shape) -> Table:
    """Read one file as a table.

    Raises:
        UsageError: if there is no such file, or a sheet, a separator or a decimal sign must be said.
        DataError: if it cannot be read as a table.
    """
    if bids.is_bids(path):
        return bids.read_bids(path)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return excel.read_excel(path, shape)
    return read_table(path, shape)

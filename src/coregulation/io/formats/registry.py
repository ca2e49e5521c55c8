"""One file as a table, whatever its format: a new format is a line here and a file beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from coregulation.errors import UsageError
from coregulation.io.formats import (
    acq,
    bids,
    edf,
    embrace,
    empatica,
    fit,
    kubios,
    loggers,
    opensignals,
    polar,
    wfdb,
    xdf,
)
from coregulation.io.tables import excel
from coregulation.io.tables.table import Table, TableShape, read_table

_RECORDINGS: tuple[tuple[Callable[[Path], bool], Callable[[Path], Table]], ...] = (
    (bids.is_bids, bids.read_bids),
    (edf.is_edf, edf.read_edf),
    (wfdb.is_wfdb, wfdb.read_wfdb),
    (xdf.is_xdf, xdf.read_xdf),
    (acq.is_acq, acq.read_acq),
    (fit.is_fit, fit.read_fit),
    (empatica.is_e4, empatica.read_e4),
    (embrace.is_embrace, embrace.read_embrace),
    (polar.is_hrm, polar.read_hrm),
    (loggers.is_polar_logger, loggers.read_polar_logger),
    (loggers.is_sensor_logger, loggers.read_sensor_logger),
    (opensignals.is_opensignals, opensignals.read_opensignals),
    (kubios.is_kubios, kubios.read_kubios),
)


def reader_of(path: Path) -> Callable[[Path], Table] | None:
    """Return the reader of a format that says itself how it is written, and None for tables."""
    return next((read for is_one, read in _RECORDINGS if is_one(path)), None)


def read_any(path: Path, shape: TableShape) -> Table:
    """Read one file, or a folder that a device writes, as a table.

    Raises:
        UsageError: if there is no such file, a sheet, a separator or a decimal sign must be said, or a library must be
            installed.
        DataError: if it cannot be read as a table.
    """
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return excel.read_excel(path, shape)
    read = None if shape.skip_lines else reader_of(path)
    if read is None:
        return read_table(path, shape)
    if shape != TableShape():
        raise UsageError(f"{path}: its format says how it is written; leave out how a table of text would be.")
    return read(path)

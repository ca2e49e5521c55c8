"""One file as a table, whatever its format: a new format is a file beside this one and a line here.

From this list come the dispatch, the table in docs/formats.md and the files that the tests damage.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coregulation.errors import UsageError
from coregulation.io.formats import (
    acq,
    acqknowledge_text,
    apple_ecg,
    apple_health,
    bdf,
    bids,
    brainvision,
    edf,
    embrace,
    empatica,
    fit,
    fitbit,
    hierarchical,
    ishne,
    kubios,
    labchart,
    matlab,
    opensignals,
    parquet,
    polar,
    polar_sensor_logger,
    sensor_logger,
    text_table,
    wfdb,
    wfdb_annotations,
    workbook,
    xdf,
)
from coregulation.io.formats.file_format import FileFormat
from coregulation.io.tables.table import Table, TableShape

FORMATS: tuple[FileFormat, ...] = (  # the first that recognises a path reads it
    workbook.FORMAT,
    bids.FORMAT,
    edf.FORMAT,
    bdf.FORMAT,
    ishne.FORMAT,
    brainvision.FORMAT,
    wfdb.FORMAT,
    wfdb_annotations.FORMAT,
    xdf.FORMAT,
    acq.FORMAT,
    matlab.FORMAT,
    hierarchical.FORMAT,
    parquet.FORMAT,
    apple_health.FORMAT,
    fit.FORMAT,
    empatica.FORMAT,
    embrace.FORMAT,
    polar.FORMAT,
    polar_sensor_logger.FORMAT,
    sensor_logger.FORMAT,
    opensignals.FORMAT,
    kubios.FORMAT,
    labchart.FORMAT,
    apple_ecg.FORMAT,
    fitbit.FORMAT,
    acqknowledge_text.FORMAT,
    text_table.FORMAT,
)


def recording_format(path: Path, formats: Sequence[FileFormat] | None = None) -> FileFormat | None:
    """Find the format of a path that says itself how it is written.

    Parameters
    ----------
    path
        A file or a folder.
    formats
        Where to look, first come first; None is all that are read.

    Returns
    -------
    FileFormat or None
        None for tables and for other folders.
    """
    listed = FORMATS if formats is None else formats
    match = next((item for item in listed if item.recognise(path)), None)
    return None if match is None or match.is_table else match


def read_any(path: Path, shape: TableShape, *, has_time_column: bool = False) -> Table:
    """Read one file, or a folder that a device writes, as a table.

    Parameters
    ----------
    path
        A file, or a folder that a device writes.
    shape
        How a table is written, where the caller said it.
    has_time_column
        Whether the caller said which column is the time, so that a device's table is read as any other.

    Returns
    -------
    Table
        Columns with what the format says about them.

    Raises
    ------
    UsageError
        If there is no such file, a sheet, a separator or a decimal sign must be stated, or a library must be
        installed.
    DataError
        If it cannot be read as a table.
    """
    listed = [item for item in FORMATS if item.is_table] if shape.skip_lines else FORMATS
    match = next((item for item in listed if item.recognise(path)), text_table.FORMAT)
    if has_time_column and match.reads_as_text(path):
        match = text_table.FORMAT
    if shape != TableShape() and not match.is_table:
        raise UsageError(
            "{path}: its format says how it is written; leave out how a table of text would be.", path=str(path)
        )
    return match.open(path, shape)


def formats_table(formats: Sequence[FileFormat] | None = None) -> str:
    """Write the formats as a table in Markdown.

    Parameters
    ----------
    formats
        One a row; None is all that are read.

    Returns
    -------
    str
        Lines that end with a line break.
    """
    head = ("format", "files", "what the format says", "what you say", "left out or refused", "library")
    rows = [
        (item.name, item.files, item.says, item.ask, item.left_out, item.library or "")
        for item in (FORMATS if formats is None else formats)
    ]
    return _markdown(head, rows)


def sources_table(formats: Sequence[FileFormat] | None = None) -> str:
    """Write where the test files of the formats come from as a table in Markdown.

    Parameters
    ----------
    formats
        Whose examples; None is all that are read.

    Returns
    -------
    str
        One row for each test file; lines end with a line break.
    """
    listed = FORMATS if formats is None else formats
    rows = [(item.name, f"`{example.file}`", example.source) for item in listed for example in item.examples]
    return _markdown(("format", "test file", "who writes it"), rows)


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [
        "|" + "|".join(f" {cell} " if cell else " " for cell in row) + "|"
        for row in (head, ("---",) * len(head), *rows)
    ]
    return "\n".join(lines) + "\n"

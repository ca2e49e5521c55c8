"""EDF and EDF+ (Kemp and others 1992; Kemp and Olivan 2003), read with edfio.

A label is mapped to a channel only where EDF+ types it ("ECG II", "Resp chest"). A span that an annotation calls
"missing LABEL", as our own writer does, is missing. Recordings with interruptions (EDF+D) are refused.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from coregulation.errors import DataError, FileFaultError
from coregulation.io.examples import laboratory
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.formats.reader_libraries import import_reader, reader_errors
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import FileEvents, Table
from coregulation.io.text import read_bytes
from coregulation.signals import Floats

MISSING = "missing "  # what an annotation of a gap begins with
BEAT = "beat"
_TYPES = {"ECG": "ecg", "Resp": "resp"}  # EDF+ standard texts: the first word of a label
_EPOCH = datetime.date(1985, 1, 1)  # what a header says where the date was left out


def is_edf(path: Path) -> bool:
    """Say whether a path has the name of an EDF file.

    Parameters
    ----------
    path
        Only its name is looked at.

    Returns
    -------
    bool
        True for names that end in .edf.
    """
    return path.suffix.lower() == ".edf"


def read_edf(path: Path) -> Table:
    """Read an EDF file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        One column for each signal, with rate (Hz), unit and start, NaN in annotated gaps; beats that our own writer
        annotated as one column more; other annotations as events.

    Raises
    ------
    UsageError
        If there is no such file, or edfio is not installed.
    DataError
        If it is damaged, cut off, or interrupted.
    """
    return read_european(path, "EDF")


def read_european(path: Path, kind: str) -> Table:
    """Read a file of EDF, or of BDF, which has 24 bits per sample.

    Parameters
    ----------
    path
        The file.
    kind
        "EDF" or "BDF".

    Returns
    -------
    Table
        As `read_edf` returns it.

    Raises
    ------
    UsageError
        If there is no such file, or edfio is not installed.
    DataError
        If it is damaged, cut off, or interrupted.
    """
    edfio = import_reader("edfio", kind)
    content = read_bytes(path)
    with reader_errors(path, kind):
        edf = edfio.read_edf(content) if kind == "EDF" else edfio.read_bdf(content)
        _check(path, edf, len(content))
        return tracks_of_traces(path, list(_traces(edf)), _events(edf))


def _events(edf: Any) -> FileEvents:
    """Return the annotations of EDF+ that are neither beats nor gaps, which have a reading of their own."""
    plus = edf.reserved.startswith(("EDF+", "BDF+"))
    annotations = (
        [a for a in edf.annotations if not a.text.startswith((MISSING, BEAT)) and a.text.strip()] if plus else []
    )
    start = _start(edf)
    return FileEvents(
        np.array([note.onset for note in annotations], np.float64),
        tuple(note.text.strip() for note in annotations),
        0.0 if start is None else start,
    )


def _check(path: Path, edf: Any, size: int) -> None:
    # a warning of edfio's about a count of records that is wrong has already been an error
    if edf.reserved.startswith(("EDF+D", "BDF+D")) and not edf.is_continuous:
        raise DataError(
            "{path}: an EDF+ file with interruptions is not read; export it as continuous pieces.", path=str(path)
        )
    if edf.bytes_in_header_record > size or edf.num_data_records < 1:
        raise DataError("{path}: the EDF file holds no record of data; it is cut off.", path=str(path))


def _traces(edf: Any) -> Iterator[RecordedTrace]:
    plus = edf.reserved.startswith(("EDF+", "BDF+"))
    gaps = [note for note in edf.annotations if note.text.startswith(MISSING)] if plus else []
    start = _start(edf)
    beats = np.array([note.onset for note in edf.annotations if note.text == BEAT]) if plus else np.array([])
    for signal in edf.signals:
        if not np.isfinite([*signal.physical_range, *signal.digital_range]).all():  # edfio would take raw numbers
            raise FileFaultError("the range of a signal is not finite")
        own = [(note.onset, note.duration or 0.0) for note in gaps if note.text == MISSING + signal.label]
        values = _with_gaps(np.array(signal.data, np.float64), float(signal.sampling_frequency), own)
        channel = _TYPES.get(signal.label.split(" ")[0]) if plus else None
        unit = signal.physical_dimension
        yield RecordedTrace(
            signal.label, values, ColumnMetadata(channel, unit, float(signal.sampling_frequency), start)
        )
    if len(beats):
        yield RecordedTrace("beats", beats, ColumnMetadata("beats", "s", start=start))


def _start(edf: Any) -> datetime.datetime | None:
    """Return when it began, if the header says; an anonymous file counts from its own zero."""
    try:
        moment: datetime.datetime = edf.startdatetime
    except ValueError:
        return None
    return None if moment.date() == _EPOCH else moment


def _with_gaps(values: Floats, rate: float, gaps: list[tuple[float, float]]) -> Floats:
    for onset, duration in gaps:
        first = max(0, round(onset * rate))
        values[first : max(first, round((onset + duration) * rate))] = np.nan
    return values


FORMAT = FileFormat(
    name="EDF, EDF+",
    files="`.edf`",
    recognise=is_edf,
    read=read_edf,
    says="rate, unit, start; `ECG …` and `Resp …` labels and annotations of EDF+",
    ask="the other channels",
    left_out="recordings with interruptions (EDF+D) are refused",
    reference="Kemp et al. 1992, doi:10.1016/0013-4694(92)90009-7; Kemp & Olivan 2003, doi:10.1016/S1388-2457(03)00123-8",
    examples=(Example("x.edf", laboratory.edf, source="edfio's writer"),),
    library="edfio",
)

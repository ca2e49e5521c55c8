"""WFDB records (PhysioNet): a text header `.hea` that names files of integers, with a gain and a unit for each signal.

WFDB Applications Guide (Moody), header(5) and signal(5). Records of several segments are read as one; skewed signals are
refused. The header's checksum of each signal is compared with its samples. Annotations are files of their own.
"""

from __future__ import annotations

from pathlib import Path

from coregulation.io.examples import laboratory, physionet
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.formats.wfdb_header import read_record_header, signal_lines
from coregulation.io.formats.wfdb_samples import physical_signals
from coregulation.io.formats.wfdb_segments import segmented_traces
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import Table


def is_wfdb(path: Path) -> bool:
    """Say whether a path is a header, or a file of samples with a header beside it.

    Parameters
    ----------
    path
        A header, or a file of samples.

    Returns
    -------
    bool
        True for names that end in .hea, and for .dat with a .hea of that name beside it.
    """
    return path.suffix == ".hea" or (path.suffix == ".dat" and path.with_suffix(".hea").is_file())


def read_wfdb(path: Path) -> Table:
    """Read a record by its header or its file of samples.

    Parameters
    ----------
    path
        The header, or the file of samples beside it.

    Returns
    -------
    Table
        One column for each signal with rate (Hz), unit and start; NaN where a sample is marked missing or a segment does
        not hold the signal, and counts of the converter where nobody calibrated it.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If the header cannot be read, samples are missing or do not add up to its checksums, segments contradict it,
        or its format is one that is not read.
    """
    header = path.with_suffix(".hea")
    head = read_record_header(header)
    if head.segments:
        traces, remarks = segmented_traces(header, head)
        return tracks_of_traces(header, traces, remarks=remarks)
    lines = signal_lines(header, head)
    values = physical_signals(header, lines, head.frames)
    return tracks_of_traces(
        header,
        [
            RecordedTrace(line.name, own, ColumnMetadata(unit=line.unit, rate=head.rate * line.each, start=head.start))
            for line, own in zip(lines, values, strict=True)
        ],
    )


FORMAT = FileFormat(
    name="WFDB (PhysioNet)",
    files="`.hea` with `.dat`, formats 16, 24, 32, 61, 80, 160, 212, 310, 311; records of several segments",
    recognise=is_wfdb,
    read=read_wfdb,
    says="rate, unit, start",
    ask="which lead is which channel",
    left_out="skewed signals and compressed formats are refused",
    reference="Moody, WFDB Applications Guide: header(5), signal(5)",
    examples=(
        Example("x.hea", laboratory.wfdb, beside=(".hea", ".dat"), source="bytes written from header(5) and signal(5)"),
        Example(
            "segments.hea",
            physionet.segmented,
            beside=(".hea",),
            source="bytes written from header(5): a variable layout",
        ),
    ),
)

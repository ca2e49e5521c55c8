"""BIOPAC AcqKnowledge recordings (.acq), read with bioread.

What a channel is called there is free text, so that the user says which is which; units are the file's.
"""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import numpy as np

from coregulation.errors import FileFaultError
from coregulation.io.examples import laboratory
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.formats.reader_libraries import import_reader, reader_errors
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import FileEvents, Table
from coregulation.io.text import MAX_BYTES, read_bytes

_READS = 50_000  # no recording needs more; a damaged count of markers would go on for ever
_HEADER_READS = 500  # to find where the samples begin, and four more for each channel
_MIN_HEADER = 112  # bytes of a channel's header in the oldest revision
_MAX_PATTERN = 100_000  # samples until channels of different rates coincide again


class _Stream(io.BytesIO):
    """A stream that ends after so many reads, since bioread follows any count it meets."""

    def __init__(self, content: bytes, reads: int = _READS) -> None:
        super().__init__(content)
        self.left = reads

    def read(self, size: int | None = -1, /) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise EOFError("more reads than a recording needs")
        return super().read(size)


def is_acq(path: Path) -> bool:
    """Say whether a path has the name of an AcqKnowledge file.

    Parameters
    ----------
    path
        Only its name is looked at.

    Returns
    -------
    bool
        True for names that end in .acq.
    """
    return path.suffix.lower() == ".acq"


def read_acq(path: Path) -> Table:
    """Read every channel of an AcqKnowledge file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        One column for each channel, with the rate (Hz), unit and name that the file gives it; times count from 0 s.

    Raises
    ------
    UsageError
        If there is no such file, or bioread is not installed.
    DataError
        If it is damaged or cut off.
    """
    import_reader("bioread", "BIOPAC")
    reader = import_reader("bioread.reader", "BIOPAC").Reader
    content = read_bytes(path)
    with reader_errors(path, "BIOPAC"):
        reads = _HEADER_READS + 4 * _channel_count(content)
        _check_counts(reader.read_headers(_Stream(content, reads)), len(content))
        _check_unpacked(reader.read_headers(_Stream(content)))
        recorded = reader.read(_Stream(content)).datafile
        traces = [
            RecordedTrace(
                channel.name,
                np.asarray(channel.data, np.float64),
                ColumnMetadata(unit=channel.units, rate=float(channel.samples_per_second), start=0.0),
            )
            for channel in recorded.channels
        ]
        events = _events(recorded)
    return tracks_of_traces(path, traces, events)


def _events(recorded: Any) -> FileEvents | None:
    """Return the event markers in s from the first sample; one without a text has the name of its kind."""
    rate = float(recorded.samples_per_second)
    marked = [
        (int(marker.sample_index) / rate, (marker.text or "").strip("\0 ") or marker.type or "marker")
        for marker in recorded.event_markers or ()
    ]
    if not marked:
        return None
    return FileEvents(np.array([time for time, _ in marked]), tuple(label for _, label in marked), 0.0)


def _channel_count(content: bytes) -> int:
    """Return the number of channels, checked against the file before bioread looks for each of them."""
    header = import_reader("bioread.header_reader", "BIOPAC").GraphHeaderReader.bootstrap(_Stream(content))
    needed = header.effective_len_bytes + _MIN_HEADER * header.channel_count
    if header.channel_count < 1 or header.effective_len_bytes < 1 or needed > len(content):
        raise FileFaultError("it announces {count:n channel|channels}", count=header.channel_count)
    if not (math.isfinite(header.sample_time) and header.sample_time > 0):
        raise FileFaultError("it announces a sample every {milliseconds} ms", milliseconds=header.sample_time)
    return int(header.channel_count)


def _check_counts(reader: Any, size: int) -> None:
    if reader.datafile is None:
        raise FileFaultError("its headers end too early")
    channels = reader.datafile.channels
    if any(channel.frequency_divider < 1 or channel.point_count < 0 for channel in channels):
        raise FileFaultError("a channel has a count below zero")
    if math.lcm(*(channel.frequency_divider for channel in channels)) * len(channels) > _MAX_PATTERN:
        raise FileFaultError("the rates of the channels never coincide")
    if not reader.is_compressed and sum(channel.data_length for channel in channels) > size:
        raise FileFaultError("it announces more samples than it holds")


def _check_unpacked(reader: Any) -> None:
    size = sum(header.uncompressed_data_len for header in reader.channel_compression_headers)
    if size > MAX_BYTES:
        raise FileFaultError("it unpacks to {size:n byte|bytes}", size=size)


FORMAT = FileFormat(
    name="BIOPAC AcqKnowledge",
    files="`.acq`",
    recognise=is_acq,
    read=read_acq,
    says="rate, unit, event markers",
    ask="which channel is which",
    left_out="journal",
    reference="no public specification; read as bioread does (structures of AcqKnowledge 3 to 5)",
    examples=(Example("x.acq", laboratory.acq, source="structures of bioread, filled by us"),),
    library="bioread",
)

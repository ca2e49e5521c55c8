"""BrainVision recordings (Brain Products): a header `.vhdr` that names a file of samples and a file of markers.

BrainVision Core Data Format 1.0. A marker "New Segment" says where the recording was interrupted and when it went on; its date is
the start. Resolutions and units are those of the header; where it leaves a unit out, the specification says µV.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coregulation.errors import DataError
from coregulation.io.examples import brainvision
from coregulation.io.formats.brainvision_markers import RecordingMarkers, read_markers
from coregulation.io.formats.brainvision_sections import read_sections
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import Table
from coregulation.io.text import read_bytes
from coregulation.signals import Floats

_KINDS = {"INT_16": "i2", "UINT_16": "u2", "INT_32": "i4", "IEEE_FLOAT_32": "f4"}
_ORIENTATIONS = ("MULTIPLEXED", "VECTORIZED")
_DEFAULT_UNIT = "µV"  # BrainVision Core Data Format 1.0


@dataclass(frozen=True, slots=True)
class _Channel:
    name: str
    resolution: float
    unit: str


def is_brainvision(path: Path) -> bool:
    """Say whether a path is a header, or a file of samples or markers with its header beside it.

    Parameters
    ----------
    path
        Only names are looked at.

    Returns
    -------
    bool
        True for names that end in .vhdr, and for .eeg and .vmrk with a .vhdr of that name beside it.
    """
    suffix = path.suffix.lower()
    return suffix == ".vhdr" or (suffix in (".eeg", ".vmrk") and path.with_suffix(".vhdr").is_file())


def read_brainvision(path: Path) -> Table:
    """Read every channel, and the markers as events.

    Parameters
    ----------
    path
        The header, or the file of samples or markers beside it.

    Returns
    -------
    Table
        One column for each channel with rate (Hz), unit and start; the times of rows (s) where the recording was
        interrupted.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If the header contradicts itself or its files, one of them is missing, or it is of a kind that is not read.
    """
    header = path if path.suffix.lower() == ".vhdr" else path.with_suffix(".vhdr")
    sections = read_sections(header)
    common = sections.get("common infos", {})
    interval = _number(header, common, "SamplingInterval") * 1e-6
    channels = _channels(header, sections, common)
    values = _values(header, sections, channels)
    markers = read_markers(header, _beside(header, common, "MarkerFile"), values.shape[1], interval)
    traces = [_trace(channel, own, interval, markers) for channel, own in zip(channels, values, strict=True)]
    return tracks_of_traces(header, traces, markers.events, markers.remarks)


def _number(header: Path, section: dict[str, str], key: str) -> float:
    text = section.get(key.lower(), "")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise DataError(
            "{header}: {key} is {text!r}, where a number above 0 was expected.",
            header=str(header),
            key=key,
            text=text[:40],
        )
    return value


def _channels(header: Path, sections: dict[str, dict[str, str]], common: dict[str, str]) -> list[_Channel]:
    count = int(_number(header, common, "NumberOfChannels"))
    listed = sections.get("channel infos", {})
    if len(listed) != count:
        raise DataError(
            "{header}: it announces {count:n channel|channels} and describes {described}.",
            header=str(header),
            count=count,
            described=len(listed),
        )
    return [_channel(header, key, text) for key, text in listed.items()]


def _channel(header: Path, key: str, text: str) -> _Channel:
    name, _, resolution, unit = (part.strip().replace("\\1", ",") for part in (*text.split(","), "", "", "")[:4])
    return _Channel(
        name or key, _number(header, {"resolution": resolution or "1"}, "resolution"), unit or _DEFAULT_UNIT
    )


def _values(header: Path, sections: dict[str, dict[str, str]], channels: Sequence[_Channel]) -> Floats:
    """Return the samples in the units of their channels; shape (channels, samples)."""
    common, binary = sections.get("common infos", {}), sections.get("binary infos", {})
    form, order = common.get("dataformat", "").upper(), common.get("dataorientation", "").upper()
    kind, domain = binary.get("binaryformat", "").upper(), common.get("datatype", "TIMEDOMAIN").upper()
    if form != "BINARY" or kind not in _KINDS or order not in _ORIENTATIONS or domain != "TIMEDOMAIN":
        raise DataError(
            "{header}: it says DataFormat={form}, BinaryFormat={kind}, DataOrientation={order}, DataType={domain}; samples "
            "over time as BINARY in {kinds:or}, MULTIPLEXED or VECTORIZED, are read. Export it so.",
            header=str(header),
            form=form or "nothing",
            kind=kind or "nothing",
            order=order or "nothing",
            domain=domain,
            kinds=tuple(_KINDS),
        )
    path = _beside(header, common, "DataFile")
    if path is None:
        raise DataError("{header}: it names no DataFile.", header=str(header))
    big = binary.get("usebigendianorder", "NO").upper() == "YES"
    raw = _samples(header, path, common, np.dtype(_KINDS[kind]).newbyteorder(">" if big else "<"), len(channels))
    table = raw.reshape(len(channels), -1) if order == "VECTORIZED" else raw.reshape(-1, len(channels)).T
    return np.asarray(table.astype(np.float64) * np.array([channel.resolution for channel in channels])[:, None])


def _samples(header: Path, path: Path, common: dict[str, str], kind: np.dtype, width: int) -> Floats:
    content = read_bytes(path)
    count, rest = divmod(len(content), kind.itemsize * width)
    announced = common.get("datapoints", "")
    if rest or count == 0 or (announced.isdigit() and int(announced) not in (0, count)):
        raise DataError(
            "{path}: its {size:n byte|bytes} are not the rows of {channels:n channel|channels} that {header} announces ({announced}): one "
            "of the two is cut off or was changed. Copy both again from their source.",
            path=str(path),
            size=len(content),
            announced=announced if announced.isdigit() and int(announced) else "whole",
            channels=width,
            header=header.name,
        )
    return np.frombuffer(content, kind)


def _beside(header: Path, common: dict[str, str], key: str) -> Path | None:
    """Return the file that a header names; it must lie beside it."""
    name = common.get(key.lower(), "").replace("$b", header.stem)
    if not name:
        return None
    if Path(name).name != name or "\\" in name:
        raise DataError(
            "{header}: its {key} is {name!r}, which does not lie beside it. Put the files into one folder, and name them without "
            "folders in the header.",
            header=str(header),
            key=key,
            name=name,
        )
    if not header.with_name(name).is_file():
        raise DataError(
            "{header}: its {key} is {name!r}, and no such file is beside it. If it was renamed, give it this name again, or "
            "write the new one into the header.",
            header=str(header),
            key=key,
            name=name,
        )
    return header.with_name(name)


def _trace(channel: _Channel, values: Floats, interval: float, markers: RecordingMarkers) -> RecordedTrace:
    if markers.times is None:
        carried = ColumnMetadata(None, channel.unit, rate=1 / interval, start=markers.start)
    else:
        carried = ColumnMetadata(None, channel.unit, times=markers.times, start=markers.start)
    return RecordedTrace(channel.name, values, carried)


FORMAT = FileFormat(
    name="BrainVision (Brain Products)",
    files="`.vhdr` with `.eeg` and `.vmrk`",
    recognise=is_brainvision,
    read=read_brainvision,
    says="rate, unit, start, markers as marks",
    ask="which channel is which",
    left_out="samples as text and spectra are refused",
    reference="Brain Products, BrainVision Core Data Format 1.0",
    examples=(
        Example(
            "x.vhdr",
            brainvision.recording,
            {"signal": "ecg", "column": "ECG"},
            beside=(".vhdr", ".eeg", ".vmrk"),
            source="bytes written from the BrainVision Core Data Format 1.0; in tests also pybv's writer",
        ),
    ),
)

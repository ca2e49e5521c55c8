"""XDF (LabRecorder): streams of many devices, each on its computer's clock, read with pyxdf.

The samples and the measured clock offsets are pyxdf's; the clocks and the evening of time stamps are ours, since both
decide every lag between two people. Each stream keeps its own time, and the straight line through its offsets becomes its
`Clock`, with the scatter around that line as the uncertainty. A clock that jumped is refused. Stamps of a stream with a
stated rate are evened in pieces between gaps, and how much they were moved is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from coregulation.clock import Clock
from coregulation.errors import DataError, FileFaultError
from coregulation.io.examples import streams
from coregulation.io.formats.chunks import check_chunks
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.formats.reader_libraries import import_reader, reader_errors
from coregulation.io.remarks import Note, ReadingRemark, note
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import FileEvents, Table
from coregulation.io.text import read_bytes
from coregulation.signals import Floats

_TYPES = {
    "ecg": "ecg", "eda": "eda", "gsr": "eda", "ppg": "ppg", "bvp": "ppg", "resp": "resp", "respiration": "resp",
    "hr": "heart_rate", "heartrate": "heart_rate", "rr": "rr", "ibi": "rr",
}  # fmt: skip
_JUMP = 1.0  # s from the line through the offsets; no network delays one by so much
_STEP = 0.2  # s by which stamps without a rate may step back
_GAP = 1.0  # s between stamps beyond which something was lost


@dataclass(frozen=True, slots=True, eq=False)
class _Stream:
    """One stream with its stamps (s, shape (n,)) and values (shape (n, channels))."""

    name: str
    host: str
    rate: float
    stamps: Floats
    values: Floats | None
    clock_times: Floats
    clock_values: Floats
    channels: tuple[tuple[str, str, str], ...]  # label, type and unit of each
    labels: tuple[str, ...] = ()  # of a stream of text
    remarks: tuple[Note, ...] = ()


def is_xdf(path: Path) -> bool:
    """Say whether a path has the name of an XDF file.

    Parameters
    ----------
    path
        Only its name is looked at.

    Returns
    -------
    bool
        True for names that end in .xdf, .xdfz or .xdf.gz.
    """
    return path.name.lower().endswith((".xdf", ".xdfz", ".xdf.gz"))


def read_xdf(path: Path) -> Table:
    """Read the numbers of every stream, and text as events.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        One column for each channel of a stream of numbers, with times (s) from the stream's first sample and the clock
        that was measured; text as events; streams without a sample are told as left out.

    Raises
    ------
    UsageError
        If there is no such file, or pyxdf is not installed.
    DataError
        If it is cut off or damaged, a footer is broken, or a clock jumped.
    """
    pyxdf = import_reader("pyxdf", "XDF")
    content = read_bytes(path)
    check_chunks(content, str(path))
    with reader_errors(path, "XDF"):
        loaded, _ = pyxdf.load_xdf(BytesIO(content), synchronize_clocks=False, dejitter_timestamps=False)
        every = [_stream(path, stream) for stream in loaded]
        streams = [stream for stream in every if len(stream.stamps) and stream.values is not None]
        clocks = [_clock(path, stream) for stream in streams]
        texts = [(stream, _clock(path, stream)) for stream in every if len(stream.stamps) and stream.values is None]
    zeros = [float(clock.session_time(float(stream.stamps[0]))) for stream, clock in zip(streams, clocks, strict=True)]
    zero = min(zeros, default=0.0)
    traces = [
        trace
        for stream, clock in zip(streams, clocks, strict=True)
        for trace in _traces(stream, _since(zero, clock, stream))
    ]
    empty = [
        note(ReadingRemark.PART_LEFT_OUT, part=stream.name or "stream") for stream in every if not len(stream.stamps)
    ]
    return tracks_of_traces(path, traces, _events(texts, zero), empty)


def _events(texts: Sequence[tuple[_Stream, Clock]], zero: float) -> FileEvents | None:
    """Return the markers of every stream of text on the recorder's clock, from its zero on."""
    events = sorted(
        (float(time) - zero, label)
        for stream, clock in texts
        for time, label in zip(np.atleast_1d(clock.session_time(stream.stamps)), stream.labels, strict=True)
        if label.strip()
    )
    return FileEvents(np.array([time for time, _ in events]), tuple(label for _, label in events), 0.0)


def _stream(path: Path, loaded: Any) -> _Stream:
    info = loaded["info"]
    _check_footer(loaded)
    stamps = np.asarray(loaded["time_stamps"], np.float64)
    text = info["channel_format"][0] == "string"
    width = int(info["channel_count"][0])
    values = None if text else np.asarray(loaded["time_series"], np.float64).reshape(len(stamps), width)
    if not np.isfinite(stamps).all():
        raise FileFaultError("time stamps of a stream are not numbers")
    stamps, back = _in_order(path, stamps, float(info["nominal_srate"][0]) > 0)
    return _Stream(
        name=info["name"][0] or "",
        host=info.get("hostname", [""])[0] or "",
        rate=float(info["nominal_srate"][0]),
        stamps=stamps,
        values=values,
        clock_times=np.asarray(loaded["clock_times"], np.float64),
        clock_values=np.asarray(loaded["clock_values"], np.float64),
        channels=() if values is None else _channels(info, width),
        labels=tuple(" ".join(map(str, row)) for row in loaded["time_series"]) if text else (),
        remarks=back,
    )


def _in_order(path: Path, stamps: Floats, regular: bool) -> tuple[Floats, tuple[Note, ...]]:
    """Let stamps of a stream step back by a little, as those of packets do; a clock that was set back is refused."""
    back = np.maximum.accumulate(stamps) - stamps
    if not back.any():
        return stamps, ()
    if float(back.max()) > (_GAP if regular else _STEP):
        raise DataError(
            "{path}: the time stamps of a stream go back by {back:.4g} s while it was recorded (its clock may have been set), "
            "so the times before and after cannot be put together. Cut the recording there.",
            path=str(path),
            back=float(back.max()),
        )
    remark = note(ReadingRemark.STEPS_BACK, int((back > 0).sum()), most=float(f"{1000 * back.max():.2g}"))
    return stamps if regular else np.maximum.accumulate(stamps), (remark,)


def _check_footer(loaded: Any) -> None:
    """Hold the footer against the samples; some recorders write a count that is no whole number."""
    footer = loaded.get("footer", {}).get("info") or {}
    count = footer.get("sample_count", [None])[0]
    if "footer" in loaded and (count is None or not count.isdigit()):
        raise FileFaultError("the footer of a stream has no number as its sample count")
    if count is not None and int(count) > len(loaded["time_stamps"]):
        raise FileFaultError(
            "{announced:n sample|samples} of a stream were announced and {count} are there",
            announced=count,
            count=len(loaded["time_stamps"]),
        )


def _channels(info: Any, count: int) -> tuple[tuple[str, str, str], ...]:
    """Return label, type and unit of each channel; a stream's own type counts where it has one channel alone."""
    described = ((info.get("desc") or [None])[0] or {}).get("channels") or [None]
    listed = (described[0] or {}).get("channel") or []
    descriptions = [{key: (item.get(key) or [""])[0] or "" for key in ("label", "type", "unit")} for item in listed]
    descriptions = (
        descriptions if len(descriptions) == count else [{"label": "", "type": "", "unit": ""} for _ in range(count)]
    )
    own = info.get("type", [""])[0] or ""
    return tuple((item["label"], item["type"] or (own if count == 1 else ""), item["unit"]) for item in descriptions)


def _clock(path: Path, stream: _Stream) -> Clock:
    """Return the straight line through the measured offsets, with its uncertainty; unknown where none was measured.

    The scatter around the line counts in full, not divided by the number of offsets: a path that is slower one way than
    the other shifts all of them alike, and the file does not tell.
    """
    name = stream.host or None
    times, values = stream.clock_times, stream.clock_values
    if len(times) == 0:
        return Clock(offset_sd=None, name=name)
    middle = float(times.mean())
    spread = float(((times - middle) ** 2).sum())
    slope = float(((times - middle) * values).sum() / spread) if spread > 0 else 0.0
    rest = values - values.mean() - slope * (times - middle)
    if not np.isfinite(rest).all() or float(np.abs(rest).max()) > _JUMP:
        raise DataError(
            "{path}: the clock of a stream jumped by more than {jump:g} s while it was recorded (its "
            "computer may have been restarted), so the times before and after cannot be put together. Cut "
            "the recording there.",
            path=str(path),
            jump=_JUMP,
        )
    if len(times) < 3 or spread == 0:  # a line through two points has no scatter
        return Clock(float(values.mean()) - slope * middle, None, 1e6 * slope, 0.0, name)
    scatter = float(np.sqrt((rest**2).sum() / (len(times) - 2)))
    drift_sd = 1e6 * scatter / np.sqrt(spread)
    return Clock(float(values.mean()) - slope * middle, scatter, 1e6 * slope, drift_sd, name)


def _since(zero: float, clock: Clock, stream: _Stream) -> Clock:
    """Return the clock for stamps that count from the stream's first, towards a session that begins at `zero`.

    Stamps count from when a computer was started: its drift must not be taken over all the days since then.
    """
    begin = float(stream.stamps[0])
    return Clock(
        float(clock.session_time(begin)) - zero, clock.offset_sd, clock.drift_ppm, clock.drift_sd_ppm, clock.name
    )


def _traces(stream: _Stream, clock: Clock) -> Iterator[RecordedTrace]:
    times = stream.stamps - stream.stamps[0]
    moved: tuple[Note, ...] = ()
    if stream.rate > 0 and len(times) > 2:
        times, moved = _evened(times, stream.rate)
    for number, (label, kind, unit) in enumerate(stream.channels):
        name = stream.name if len(stream.channels) == 1 else f"{stream.name} {label or number}"
        channel = _TYPES.get(kind.lower())
        carried = ColumnMetadata(channel, unit, times=times, clock=clock, remarks=(*stream.remarks, *moved))
        assert stream.values is not None
        yield RecordedTrace(name, stream.values[:, number], carried)


def _evened(times: Floats, rate: float) -> tuple[Floats, tuple[Note, ...]]:
    """Return evenly spaced times between gaps: the straight line through each piece's stamps, and what was moved."""
    edges = [0, *(np.flatnonzero(np.diff(times) > _GAP + 1 / rate) + 1).tolist(), len(times)]
    even = np.concatenate([_line(times[a:b]) for a, b in pairwise(edges)])
    even = np.maximum.accumulate(even)
    moved = float(np.sqrt(np.mean((even - times) ** 2)))
    remark = note(ReadingRemark.STAMPS_EVENED, len(times), moved=float(f"{1000 * moved:.2g}"))
    return even, (remark,) if moved > 1e-6 else ()


def _line(times: Floats) -> Floats:
    if len(times) < 3:
        return times
    at = np.arange(len(times)) - (len(times) - 1) / 2
    slope = float((at * times).sum() / (at**2).sum())
    return np.asarray(times.mean() + slope * at, np.float64)


FORMAT = FileFormat(
    name="XDF (LabRecorder)",
    files="`.xdf`, `.xdfz`",
    recognise=is_xdf,
    read=read_xdf,
    says="stream types, units, times and clocks; markers",
    ask="units that a stream leaves out",
    left_out="nothing; streams without a sample are passed over",
    reference="XDF 1.0 specification (sccn/xdf)",
    examples=(Example("x.xdf", streams.two_laptops, source="bytes written from the XDF 1.0 specification"),),
    library="pyxdf",
)

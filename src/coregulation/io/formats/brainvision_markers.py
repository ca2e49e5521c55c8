"""RecordingMarkers of BrainVision recordings: where something happened, and where the recording was interrupted."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coregulation.errors import DataError
from coregulation.io.formats.brainvision_sections import read_sections
from coregulation.io.remarks import Note, ReadingRemark, note
from coregulation.io.tables.table import FileEvents
from coregulation.signals import Floats

_NEW = "new segment"


@dataclass(frozen=True, slots=True, eq=False)
class RecordingMarkers:
    """What a file of markers says.

    Parameters
    ----------
    start
        When the recording began; s of its own where nothing says it.
    times
        Shape (samples,), in s from the start, where the recording was interrupted; None where it was not.
    events
        Every other marker.
    remarks
        What was left out.
    """

    start: float | datetime.datetime
    times: Floats | None
    events: FileEvents
    remarks: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class _Marker:
    """A marker by its sample, from 0."""

    kind: str
    text: str
    sample: int
    moment: datetime.datetime | None


def read_markers(header: Path, path: Path | None, count: int, interval: float) -> RecordingMarkers:
    """Read a file of markers.

    Parameters
    ----------
    header
        The recording's header, for errors.
    path
        The file; None where the header names none.
    count
        How many samples the recording has.
    interval
        Between samples, s.

    Returns
    -------
    RecordingMarkers
        RecordingMarkers outside the recording are left out and reported.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it cannot be read, or the recording was interrupted and it does not say for how long.
    """
    listed = [] if path is None else _markers(path)
    inside = [marker for marker in listed if 0 <= marker.sample < count]
    begins = sorted((marker for marker in inside if marker.kind == _NEW), key=lambda marker: marker.sample)
    times = _times(header, begins, count, interval)
    start = begins[0].moment if begins and begins[0].sample == 0 else None
    others = [marker for marker in inside if marker.kind != _NEW]
    at = np.array([marker.sample for marker in others], np.int64)
    seconds = interval * at if times is None else times[at]
    events = FileEvents(
        np.asarray(seconds, np.float64), tuple(marker.text for marker in others), 0.0 if start is None else start
    )
    outside = len(listed) - len(inside)
    remarks = (note(ReadingRemark.EVENTS_LEFT_OUT, outside),) if outside else ()
    return RecordingMarkers(0.0 if start is None else start, times, events, remarks)


def _markers(path: Path) -> list[_Marker]:
    listed = read_sections(path).get("marker infos", {})
    return [_marker(path, text) for key, text in listed.items() if key.startswith("mk")]


def _marker(path: Path, text: str) -> _Marker:
    kind, words, position, _, _, date = (part.strip().replace("\\1", ",") for part in (*text.split(","), *[""] * 6)[:6])
    try:
        sample = int(position) - 1
        moment = datetime.datetime.strptime(date[:20], "%Y%m%d%H%M%S%f") if date.strip("0") else None  # noqa: DTZ007
    except ValueError as error:
        raise DataError(
            "{path}: the marker {text!r} has no position or no date that can be read.", path=str(path), text=text[:60]
        ) from error
    return _Marker(kind.lower(), " ".join((words or kind).split()), sample, moment)


def _times(header: Path, begins: Sequence[_Marker], count: int, interval: float) -> Floats | None:
    """Return the time of each sample where the recording was interrupted: each piece counts from its own date."""
    if all(marker.sample == 0 for marker in begins):
        return None
    moments = [marker.moment for marker in begins]
    if begins[0].sample != 0 or None in moments:
        raise DataError(
            "{header}: the recording was interrupted, and its markers do not say when each piece began. Export it as "
            "continuous pieces.",
            header=str(header),
        )
    firsts = np.array([marker.sample for marker in begins])
    offsets = np.array([(moment - moments[0]).total_seconds() for moment in moments])  # type: ignore[operator]
    if (np.diff(offsets) < interval * np.diff(firsts) - interval).any():
        raise DataError(
            "{header}: by the dates of its markers a piece begins before the one before it ends. Export it as continuous pieces.",
            header=str(header),
        )
    own = np.searchsorted(firsts, np.arange(count), side="right") - 1
    return np.asarray(offsets[own] + interval * (np.arange(count) - firsts[own]), np.float64)

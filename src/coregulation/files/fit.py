"""FIT (Garmin and others), read with fitdecode: RR intervals of `hrv` messages, heart rate of `record` messages.

An `hrv` message holds up to five intervals and no time; it is written about once a second between records, so that the
record before it says when. Intervals add up exactly; the times only tell where beats were lost (see `files.rr`).
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from coregulation.files.carried import Carried
from coregulation.files.foreign import foreign, library
from coregulation.files.recorded import Trace, recorded
from coregulation.files.table import Table
from coregulation.files.text import read_bytes


def is_fit(path: Path) -> bool:
    """Say whether a path has the name of a FIT file."""
    return path.name.lower().endswith((".fit", ".fit.gz"))


def read_fit(path: Path) -> Table:
    """Read intervals and heart rate of an activity.

    Raises:
        UsageError: if there is no such file, or fitdecode is not installed.
        DataError: if it is damaged, cut off, or holds neither.
    """
    fitdecode = library("fitdecode", "FIT")
    content = read_bytes(path)
    with foreign(path, "FIT", fitdecode.FitError):
        reader = fitdecode.FitReader(
            io.BytesIO(content), check_crc=fitdecode.CrcCheck.RAISE, error_handling=fitdecode.ErrorHandling.IGNORE
        )
        with reader as frames:
            rates, intervals = _collected(frames, fitdecode.FitDataMessage)
    return recorded(path, _traces(rates, intervals))


def _collected(frames: Any, message: type) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Return heart rates and intervals (s), each with the time since 1970 that the file gives it."""
    rates, intervals = [], []
    now = np.nan
    for frame in frames:
        if not isinstance(frame, message):
            continue
        stamp = frame.get_value("timestamp", fallback=None)  # type: ignore[attr-defined]
        if isinstance(stamp, datetime.datetime):
            now = stamp.replace(tzinfo=stamp.tzinfo or datetime.UTC).timestamp()
        if frame.name == "record":  # type: ignore[attr-defined]
            rate = frame.get_value("heart_rate", fallback=None)  # type: ignore[attr-defined]
            rates.append((now, np.nan if rate is None else float(rate)))
        elif frame.name == "hrv":  # type: ignore[attr-defined]
            intervals += [(now, value) for value in _intervals(frame)]
    return rates, intervals


def _intervals(frame: Any) -> list[float]:
    found = frame.get_value("time", fallback=None)
    listed = found if isinstance(found, tuple | list) else [found]
    return [float(value) for value in listed if value is not None]


def _traces(rates: list[tuple[float, float]], intervals: list[tuple[float, float]]) -> Iterator[Trace]:
    if intervals:
        times, values = np.array(intervals).T
        stamped = times if np.isfinite(times).all() else None
        yield Trace("rr", values, Carried("rr", "s", times=stamped))
    if any(np.isfinite(rate) for _, rate in rates):
        times, values = np.array(rates).T
        yield Trace("heart_rate", values, Carried("heart_rate", "1/min", times=times))

"""What a device recorded: signals of different rates side by side, each with what its format says about it."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coregulation.errors import DataError
from coregulation.io.remarks import Note
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import FileEvents, Table
from coregulation.signals import Floats

_FASTEST = 1e6  # Hz; no converter for bodies is faster


@dataclass(frozen=True, slots=True, eq=False)
class RecordedTrace:
    """One signal of a recording.

    Parameters
    ----------
    name
        As the file calls it.
    values
        Shape (n,), in the file's unit; NaN where missing.
    carried
        What the format says about the signal.
    """

    name: str
    values: Floats
    carried: ColumnMetadata


def tracks_of_traces(
    path: Path, traces: Iterable[RecordedTrace], events: FileEvents | None = None, remarks: Sequence[Note] = ()
) -> Table:
    """Put a recording's signals into a table whose columns have rates, units and channels of their own.

    Parameters
    ----------
    path
        The file as the caller named it.
    traces
        Its signals; those without a sample are left out.
    events
        What was marked in the recording; None where the format has no marks.
    remarks
        What was noticed of the file as a whole.

    Returns
    -------
    Table
        One column for each signal, each of its own length.

    Raises
    ------
    DataError
        If there is no signal with a value, or a rate is impossible.
    """
    filled = [trace for trace in traces if len(trace.values)]
    if not filled:
        raise DataError("{path}: it holds no signal, or none with a value.", path=str(path))
    for trace in filled:
        rate = trace.carried.rate
        if rate is not None and not (math.isfinite(rate) and 0 < rate <= _FASTEST):
            raise DataError(
                "{path}: a signal's rate is {rate:g} Hz, which cannot be; the file may be damaged.",
                path=str(path),
                rate=rate,
            )
    return Table(
        str(path),
        tuple(trace.name for trace in filled),
        tuple(trace.values for trace in filled),
        carried=tuple(trace.carried for trace in filled),
        events=events if events is not None and len(events.labels) else None,
        remarks=tuple(remarks),
    )


def since_1970(origin: object, seconds: float) -> datetime.datetime:
    """Turn seconds since 1970 into a moment in UTC.

    Parameters
    ----------
    origin
        The file or the part of it, for the error.
    seconds
        Since 1970, in s.

    Returns
    -------
    datetime
        In UTC.

    Raises
    ------
    DataError
        If there is no such date.
    """
    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise DataError(
            "{origin}: its start is {seconds:g} s after 1970, which is no date.",
            origin=origin,
            seconds=seconds,
        ) from error

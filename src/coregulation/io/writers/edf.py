"""A session as EDF+ files, one for each person, all from one zero of time; written with edfio.

EDF holds 16 bits a sample and one start for all signals. So a value is rounded to 1/65,535 of its signal's range, a signal's
start to its nearest sample, and what is missing is written as the least value with an annotation "missing LABEL". Beats,
blocks and marks are annotations.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from coregulation.errors import DataError
from coregulation.io.formats.edf import BEAT, MISSING
from coregulation.io.formats.reader_libraries import import_reader, reader_errors
from coregulation.session import Recording, Session
from coregulation.signals import Floats, Signal

_MAX_RECORD = 60.0  # s; rates that only meet in longer ones do not fit into EDF
_MAX_SECONDS = 7 * 86400.0  # s
_LABEL = 16  # characters

Note = tuple[float, float | None, str]


def write_edf(session: Session, folder: Path) -> None:
    """Write a session into a folder that is there.

    Parameters
    ----------
    session
        Its recordings become person-1.edf, person-2.edf and so on.
    folder
        A folder that exists.

    Raises
    ------
    UsageError
        If edfio is not installed.
    DataError
        If a person has neither signals nor beats, or rates do not fit into one EDF file.
    """
    edfio = import_reader("edfio", "EDF")
    zero = min((_begin(recording) for recording in session.recordings), default=0.0)
    for number, recording in enumerate(session.recordings, 1):
        path = folder / f"person-{number}.edf"
        with reader_errors(path, "EDF"):
            _write(edfio, path, session, recording, zero)


def _write(edfio: Any, path: Path, session: Session, recording: Recording, zero: float) -> None:
    record = _record(recording)
    length = _length(recording, zero)
    signals = [
        _signal(edfio, name, signal, _placed(signal, zero, record, length))
        for name, signal in recording.signals.items()
    ]
    notes = [*_gaps(recording, zero, record, length), *_noted(session, recording, zero, length)]
    about = edfio.Recording(startdate=session.date)
    annotations = [edfio.EdfAnnotation(*note) for note in notes]
    edfio.Edf(signals, recording=about, annotations=annotations).write(path)


def _begin(recording: Recording) -> float:
    starts = [signal.start for signal in recording.signals.values()]
    if recording.beats is not None and len(recording.beats):
        starts.append(float(recording.beats.times[0]))
    if not starts:
        raise DataError("{person} has neither signals nor beats to be written.", person=recording.person.id)
    return min(starts)


def _length(recording: Recording, zero: float) -> float:
    ends = [signal.window.end for signal in recording.signals.values()]
    length = max([*ends, recording.beats.window.end if recording.beats is not None else zero]) - zero
    if length > _MAX_SECONDS:
        raise DataError(
            "{person}: {hours:n.0f hour|hours} do not fit into one EDF file; cut the session.",
            person=recording.person.id,
            hours=length / 3600,
        )
    return length


def _record(recording: Recording) -> float:
    """Return the shortest span (s) that holds a whole number of samples of each signal."""
    rates = [Fraction(signal.rate).limit_denominator(10_000) for signal in recording.signals.values()]
    record = float(math.lcm(*(rate.denominator for rate in rates))) if rates else 1.0
    if record > _MAX_RECORD:
        listed = ", ".join(f"{signal.rate:g}" for signal in recording.signals.values())
        raise DataError(
            "{person}: rates of {told} Hz do not fit into EDF, whose records hold whole numbers of samples. "
            "Write BIDS instead (--to bids).",
            person=recording.person.id,
            told=listed,
        )
    return record


def _placed(signal: Signal, zero: float, record: float, length: float) -> Floats:
    """Return the values from the common zero on, missing where there are none, in whole records."""
    values = np.full(round(math.ceil(length / record - 1e-9) * record * signal.rate), np.nan)
    first = round((signal.start - zero) * signal.rate)
    own = signal.values[: len(values) - first]
    values[first : first + len(own)] = own
    return values


def _signal(edfio: Any, name: str, signal: Signal, values: Floats) -> Any:
    valid = values[np.isfinite(values)]
    low, high = (float(valid.min()), float(valid.max())) if len(valid) else (0.0, 1.0)
    high = high if high > low else low + 1.0
    return edfio.EdfSignal(
        np.where(np.isfinite(values), values, low),
        float(Fraction(signal.rate).limit_denominator(10_000)),
        label=_label(name),
        physical_dimension=signal.unit.symbol.replace("µ", "u"),
        physical_range=(low, high),
    )


def _label(name: str) -> str:
    return name.encode("ascii", "replace").decode()[:_LABEL]


def _gaps(recording: Recording, zero: float, record: float, length: float) -> Iterator[Note]:
    for name, signal in recording.signals.items():
        missing = np.isnan(_placed(signal, zero, record, length)).astype(np.int8)
        edges = np.flatnonzero(np.diff(missing, prepend=0, append=0))
        for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            yield first / signal.rate, (last - first) / signal.rate, MISSING + _label(name)


def _noted(session: Session, recording: Recording, zero: float, length: float) -> Iterator[Note]:
    """Yield beats, blocks and marks that lie in the file."""
    for time, text in _beats(recording):
        yield time - zero, None, text
    for block in session.blocks:
        start, end = max(0.0, block.start - zero), min(length, block.end - zero)
        if start < end:
            yield start, end - start, block.kind
    for mark in session.marks:
        if mark.person in (None, recording.person.id) and 0 <= mark.time - zero <= length:
            yield mark.time - zero, None, mark.label


def _beats(recording: Recording) -> Sequence[tuple[float, str]]:
    if recording.beats is None or recording.beats.ok is None:
        return []
    rows = zip(recording.beats.times.tolist(), recording.beats.ok.tolist(), strict=True)
    return [(time, BEAT if ok else f"{BEAT} artefact") for time, ok in rows]

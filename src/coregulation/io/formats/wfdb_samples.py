"""Samples of WFDB records: files of integers in several packings, to physical values (WFDB Applications Guide, Moody)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np

from coregulation.errors import DataError
from coregulation.io.formats.wfdb_header import SignalLine
from coregulation.io.formats.wfdb_packing import MISSING, UNPACKED
from coregulation.io.text import read_bytes
from coregulation.signals import Floats, Ints


def physical_signals(header: Path, lines: Sequence[SignalLine], frames: int | None) -> Iterator[Floats]:
    """Read the signals of a record of one segment.

    Parameters
    ----------
    header
        The record's header; the files of samples stand beside it.
    lines
        The signals that it describes.
    frames
        How many it announces; None where it does not say.

    Yields
    ------
    ndarray
        Shape (frames times samples in a frame,), in the signal's unit, or the converter's where nobody calibrated it; NaN
        where a sample is marked missing.

    Raises
    ------
    UsageError
        If a file cannot be read.
    DataError
        If samples are missing or do not add up to the header's checksum.
    """
    for name, group in groupby(lines, key=lambda line: line.file):
        own = list(group)
        samples = _frames(header.with_name(name), own, frames)
        ends = np.cumsum([line.each for line in own])
        for line, end in zip(own, ends, strict=True):
            digital = samples[:, end - line.each : end].ravel()
            _check_sum(header, line, digital)
            yield _physical(line, digital)


def _frames(path: Path, own: Sequence[SignalLine], frames: int | None) -> Ints:
    """Return the frames of a file; shape (frames, samples in a frame)."""
    if not path.is_file():
        raise DataError("{path}: the header names this file, and it is not there.", path=str(path))
    flat = UNPACKED[own[0].code](np.frombuffer(read_bytes(path), np.uint8)[own[0].offset :])
    width = sum(line.each for line in own)
    complete = len(flat) // width if width else 0
    if complete == 0 or (frames is not None and complete < frames):
        raise DataError(
            "{path}: it holds {there:n sample|samples} of each signal where {frames} were announced: it is cut off.",
            path=str(path),
            there=complete,
            frames=frames,
        )
    count = frames or complete
    return flat[: count * width].reshape(count, width)


def _check_sum(header: Path, line: SignalLine, digital: Ints) -> None:
    if line.checksum is not None and (int(digital.sum()) - line.checksum) % 65536:
        raise DataError(
            "{header}: the samples of {signal} do not add up to the header's checksum, so one of the two was "
            "changed or damaged. Copy both again from their source.",
            header=str(header),
            signal=line.name or "a signal",
        )


def _physical(line: SignalLine, digital: Ints) -> Floats:
    values = np.where(digital == MISSING[line.code], np.nan, digital.astype(np.float64))
    return (values - line.baseline) / line.gain if line.gain else values

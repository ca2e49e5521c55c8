"""Samples of WFDB records: files of integers in several packings, to physical values.

WFDB Applications Guide (Moody), signal(5). Format 8 (differences) and the compressed formats 508, 516 and 524 are not among
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from coregulation.errors import DataError
from coregulation.io.text import read_bytes
from coregulation.signals import Floats, Ints

if TYPE_CHECKING:
    from coregulation.io.formats.wfdb_header import SignalLine

_Packed = npt.NDArray[np.uint8]


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
    flat = _UNPACKED[own[0].code](np.frombuffer(read_bytes(path), np.uint8)[own[0].offset :])
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
    values = np.where(digital == _MISSING[line.code], np.nan, digital.astype(np.float64))
    return (values - line.baseline) / line.gain if line.gain else values


def _of_212(raw: _Packed) -> Ints:
    """Unpack pairs of 12 bits: the low byte of each, and between them a byte with the high bits of both."""
    count = len(raw) // 3 * 2 + (len(raw) % 3 == 2)
    padded = np.concatenate((raw, np.zeros(-len(raw) % 3, np.uint8))).reshape(-1, 3).astype(np.int64)
    first = padded[:, 0] | (padded[:, 1] & 0x0F) << 8
    second = padded[:, 2] | (padded[:, 1] & 0xF0) << 4
    return _signed(np.stack([first, second], axis=1).ravel()[:count], 12)


def _of_310(raw: _Packed) -> Ints:
    """Unpack three samples of 10 bits from two words of 16: two begin at bit 1, the third is what is left of both."""
    words = raw[: len(raw) // 4 * 4].copy().view("<u2").astype(np.int64).reshape(-1, 2)
    third = (words[:, 0] >> 11) | (words[:, 1] >> 11) << 5
    return _signed(np.stack([words[:, 0] >> 1 & 1023, words[:, 1] >> 1 & 1023, third], axis=1).ravel(), 10)


def _of_311(raw: _Packed) -> Ints:
    """Unpack three samples of 10 bits from one word of 32, the first lowest."""
    words = raw[: len(raw) // 4 * 4].copy().view("<u4").astype(np.int64)
    return _signed(np.stack([words & 1023, words >> 10 & 1023, words >> 20 & 1023], axis=1).ravel(), 10)


def _of_24(raw: _Packed) -> Ints:
    parts = raw[: len(raw) // 3 * 3].reshape(-1, 3).astype(np.int64)
    return _signed(parts[:, 0] | parts[:, 1] << 8 | parts[:, 2] << 16, 24)


def _signed(values: Ints, bits: int) -> Ints:
    return np.where(values >= 1 << (bits - 1), values - (1 << bits), values)


def _whole(kind: str, less: int = 0) -> Callable[[_Packed], Ints]:
    size = np.dtype(kind).itemsize
    return lambda raw: raw[: len(raw) // size * size].copy().view(kind).astype(np.int64) - less


_UNPACKED: dict[str, Callable[[_Packed], Ints]] = {
    "16": _whole("<i2"),
    "24": _of_24,
    "32": _whole("<i4"),
    "61": _whole(">i2"),
    "80": _whole("u1", 128),
    "160": _whole("<u2", 32768),
    "212": _of_212,
    "310": _of_310,
    "311": _of_311,
}
_MISSING = {
    "16": -32768, "24": -(1 << 23), "32": -(1 << 31), "61": -32768, "80": -128, "160": -32768, "212": -2048, "310": -512,
    "311": -512,
}  # fmt: skip
CODES = tuple(_UNPACKED)
"""The formats of samples that are read, as a header names them."""

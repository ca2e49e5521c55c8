"""How WFDB files pack samples into bytes.

WFDB Applications Guide (Moody), signal(5). Format 8 (differences) and the compressed formats 508, 516 and 524 are not among
them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from coregulation.signals import Ints

Packed = npt.NDArray[np.uint8]


def _of_212(raw: Packed) -> Ints:
    """Unpack pairs of 12 bits: the low byte of each, and between them a byte with the high bits of both."""
    count = len(raw) // 3 * 2 + (len(raw) % 3 == 2)
    padded = np.concatenate((raw, np.zeros(-len(raw) % 3, np.uint8))).reshape(-1, 3).astype(np.int64)
    first = padded[:, 0] | (padded[:, 1] & 0x0F) << 8
    second = padded[:, 2] | (padded[:, 1] & 0xF0) << 4
    return _signed(np.stack([first, second], axis=1).ravel()[:count], 12)


def _of_310(raw: Packed) -> Ints:
    """Unpack three samples of 10 bits from two words of 16: two begin at bit 1, the third is what is left of both."""
    words = raw[: len(raw) // 4 * 4].copy().view("<u2").astype(np.int64).reshape(-1, 2)
    third = (words[:, 0] >> 11) | (words[:, 1] >> 11) << 5
    return _signed(np.stack([words[:, 0] >> 1 & 1023, words[:, 1] >> 1 & 1023, third], axis=1).ravel(), 10)


def _of_311(raw: Packed) -> Ints:
    """Unpack three samples of 10 bits from one word of 32, the first lowest."""
    words = raw[: len(raw) // 4 * 4].copy().view("<u4").astype(np.int64)
    return _signed(np.stack([words & 1023, words >> 10 & 1023, words >> 20 & 1023], axis=1).ravel(), 10)


def _of_24(raw: Packed) -> Ints:
    parts = raw[: len(raw) // 3 * 3].reshape(-1, 3).astype(np.int64)
    return _signed(parts[:, 0] | parts[:, 1] << 8 | parts[:, 2] << 16, 24)


def _signed(values: Ints, bits: int) -> Ints:
    return np.where(values >= 1 << (bits - 1), values - (1 << bits), values)


def _whole(kind: str, less: int = 0) -> Callable[[Packed], Ints]:
    size = np.dtype(kind).itemsize
    return lambda raw: raw[: len(raw) // size * size].copy().view(kind).astype(np.int64) - less


UNPACKED: dict[str, Callable[[Packed], Ints]] = {
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
"""How the bytes of each format become samples, by its code in a header."""
MISSING = {
    "16": -32768, "24": -(1 << 23), "32": -(1 << 31), "61": -32768, "80": -128, "160": -32768, "212": -2048, "310": -512,
    "311": -512,
}  # fmt: skip
"""The sample that stands for a missing one, by the code of its format."""
CODES = tuple(UNPACKED)
"""The formats of samples that are read, as a header names them."""

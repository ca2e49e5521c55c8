"""An ISHNE Holter recording of two leads."""

from __future__ import annotations

import struct
from binascii import crc_hqx
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from coregulation.io.examples.values import ECG

FIXED = 512  # bytes of the header behind the checksum


def ishne(
    path: Path,
    *,
    resolutions: Sequence[int] = (1000, 500),
    date: tuple[int, int, int] = (4, 5, 2026),
    time: tuple[int, int, int] = (14, 0, 0),
    rate: int = 250,
    samples: int | None = None,
    block: bytes = b"about",
    missing: Sequence[int] = (),
    leads: int | None = None,
    checksum: int | None = None,
) -> Path:
    """Write lead II and V1 at 250 Hz, with resolutions in nV."""
    columns = np.stack([np.round(1e6 * ECG / (size or 1)) for size in resolutions], axis=1).astype("<i2")
    columns[list(missing)] = -32768
    offset = 10 + FIXED
    many = 12 - len(resolutions)
    fixed = struct.pack("<iiii", len(block), len(ECG) if samples is None else samples, offset, offset + len(block))
    fixed += struct.pack("<h40s40s20shh", 1, b"Ada", b"Example", b"7", 2, 0) + struct.pack("<3h", 1, 1, 1980)
    fixed += struct.pack("<3h3h3h", *date, *date, *time) + struct.pack(
        "<h", len(resolutions) if leads is None else leads
    )
    fixed += struct.pack("<12h", 6, 11, *[-9] * 10) + struct.pack("<12h", 1, 1, *[-9] * 10)
    fixed += struct.pack(f"<{len(resolutions)}h", *resolutions) + struct.pack(f"<{many}h", *[-9] * many)
    fixed += struct.pack("<h40sh80s80s88s", 0, b"digital", rate, b"", b"", b"")
    head = fixed + block
    path.write_bytes(
        b"ISHNE1.0"
        + struct.pack("<H", crc_hqx(head, 0xFFFF) if checksum is None else checksum)
        + head
        + columns.tobytes()
    )
    return path

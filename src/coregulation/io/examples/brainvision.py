"""A BrainVision recording of an ECG and skin conductance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from coregulation.io.examples.values import ECG

MARKERS = ("New Segment,,1,1,0,20260504140000000000", "Comment,talk\\1 loud,126,1,0", "Stimulus,S  1,251,1,0")
SKIN = 4 + 0.01 * (np.arange(500) % 90)  # µS


def recording(
    path: Path,
    *,
    kind: str = "INT_16",
    orientation: str = "MULTIPLEXED",
    big: bool = False,
    markers: Sequence[str] = MARKERS,
) -> Path:
    """Write two channels at 250 Hz with a resolution of 0.5 µV and 0.001 µS, and a marker of each kind."""
    code = {"INT_16": "i2", "UINT_16": "u2", "INT_32": "i4", "IEEE_FLOAT_32": "f4"}[kind]
    digital = np.stack([np.round(2000 * ECG), np.round(1000 * SKIN)])
    ordered = digital if orientation == "VECTORIZED" else digital.T
    path.with_suffix(".eeg").write_bytes(ordered.astype((">" if big else "<") + code).tobytes())
    header = [
        "Brain Vision Data Exchange Header File Version 1.0", "; written by hand", "[Common Infos]", "Codepage=UTF-8",
        f"DataFile={path.stem}.eeg", "MarkerFile=$b.vmrk", "DataFormat=BINARY", f"DataOrientation={orientation}",
        "NumberOfChannels=2", "SamplingInterval=4000", "[Binary Infos]", f"BinaryFormat={kind}",
        f"UseBigEndianOrder={'YES' if big else 'NO'}", "[Channel Infos]", "Ch1=ECG,,0.5", "Ch2=skin,,0.001,µS", "[Comment]",
        "Amplifier = x", "Amplifier = y",
    ]  # fmt: skip
    path.write_text("\n".join(header) + "\n", encoding="utf-8")
    lines = ["Brain Vision Data Exchange Marker File, Version 1.0", "[Common Infos]", f"DataFile={path.stem}.eeg"]
    lines += ["[Marker Infos]", *(f"Mk{number}={marker}" for number, marker in enumerate(markers, 1))]
    path.with_suffix(".vmrk").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path

"""WFDB records of several segments and annotations of every kind."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from coregulation.io.examples.values import ECG

_HEAD = "250 {frames} 14:00:00 04/05/2026"


def _samples(path: Path, columns: Sequence[tuple[str, float, str, np.ndarray]]) -> None:
    """Write a record of format 16 at 250 Hz, with a gain and a unit for each column."""
    digital = np.stack([np.round(values * gain) for _, gain, _, values in columns], axis=1).astype("<i2")
    path.with_suffix(".dat").write_bytes(digital.tobytes())
    lines = [f"{path.stem} {len(columns)} {_HEAD.format(frames=len(digital))}"]
    for (name, gain, unit, _), own in zip(columns, digital.T, strict=True):
        checksum = (int(own.astype(int).sum()) + 32768) % 65536 - 32768
        lines.append(f"{path.stem}.dat 16 {gain:g}(0)/{unit} 16 0 {own[0]} {checksum} 0 {name}")
    path.with_suffix(".hea").write_text("\n".join(lines) + "\n", encoding="ascii")


def segmented(path: Path, *, fixed: bool = False) -> Path:
    """Write a record of three segments, of which the second is a gap of 125 frames.

    In the variable layout (the default) the last segment lacks the breathing signal and has another gain.
    """
    folder, name = path.parent, path.stem
    breath = np.round(np.sin(np.arange(500) / 60), 3)
    _samples(folder / f"{name}_1.hea", [("II", 1000, "mV", ECG[:200]), ("RESP", 500, "NU", breath[:200])])
    last = [("II", 500, "mV", ECG[200:])] + ([("RESP", 500, "NU", breath[200:])] if fixed else [])
    _samples(folder / f"{name}_2.hea", last)
    layout = [f"{name}_layout 0"]
    (folder / f"{name}_layout.hea").write_text(
        f"{name}_layout 2 250 0\n~ 0 1000(0)/mV 16 0 0 0 0 II\n~ 0 500(0)/NU 16 0 0 0 0 RESP\n", encoding="ascii"
    )
    parts = [*([] if fixed else layout), f"{name}_1 200", "~ 125", f"{name}_2 300"]
    lines = [f"{name}/{len(parts)} 2 {_HEAD.format(frames=625)}", *parts]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path


def annotation(kind: int, step: int, *, text: str = "", **fields: int) -> bytes:
    """Return an annotation as annot(5) packs it: a long step by SKIP, then `sub`, `chn` and `num`, then its text."""
    skip = struct.pack("<HhH", 59 << 10, step >> 16, step & 0xFFFF) if step > 1023 else b""
    packed = skip + struct.pack("<H", kind << 10 | (0 if skip else step))
    for name, value in fields.items():
        packed += struct.pack("<H", {"num": 60, "sub": 61, "chn": 62}[name] << 10 | value)
    if text:
        content = text.encode("latin-1")
        packed += struct.pack("<H", 63 << 10 | len(content)) + content + b"\0" * (len(content) % 2)
    return packed


def annotated(path: Path, *, resolution: int = 1000) -> Path:
    """Write beats at 250 Hz in ticks of another resolution, a type of its own, a rhythm and a wave that is no beat."""
    frames = 250 * 40
    path.with_suffix(".hea").write_text(f"x 1 {_HEAD.format(frames=frames)}\nx.dat 16 200/mV\n", encoding="ascii")
    head = [f"## time resolution: {resolution}", "## annotation type definitions", "42 Z talk", "## end of definitions"]
    packed = b"".join(annotation(22, 0, text=line) for line in head)
    packed += struct.pack(
        "<HhHH", 59 << 10, -1, 0xFFFF, 1
    )  # one tick back and one ahead without a type, as wfdb-python writes
    packed += annotation(28, 1000, text="(N") + annotation(42, 100, chn=1)
    packed += b"".join(annotation(1, 800, sub=1, num=2) for _ in range(40)) + annotation(37, 50)
    path.write_bytes(packed + b"\0\0")
    return path

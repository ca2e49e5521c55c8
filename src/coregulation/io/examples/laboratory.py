"""EDF, WFDB and AcqKnowledge examples."""

from __future__ import annotations

import datetime
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from coregulation.io.examples.values import ECG, EDA, START, TODAY
from coregulation.signals import Ints


def edf(
    path: Path, *, start: datetime.date | None = TODAY, annotations: Sequence[tuple[float, float | None, str]] = ()
) -> Path:
    """Write two signals of EDF+, an ECG at 250 Hz and skin at 25 Hz."""
    from edfio import Edf, EdfAnnotation, EdfSignal, Recording

    signals = [
        EdfSignal(ECG, 250, label="ECG II", physical_dimension="mV", physical_range=(-3, 3)),
        EdfSignal(EDA, 25, label="skin", physical_dimension="uS", physical_range=(0, 10)),
    ]
    notes = [EdfAnnotation(*annotation) for annotation in annotations] if annotations else None
    edf = Edf(signals, recording=Recording(startdate=start), starttime=START.time(), annotations=notes)
    edf.write(path)
    return path


def bdf(path: Path) -> Path:
    """Write an ECG at 250 Hz and skin at 25 Hz in 24 bits."""
    from edfio import Bdf, BdfSignal, EdfAnnotation, Recording

    signals = [
        BdfSignal(ECG, 250, label="ECG II", physical_dimension="mV", physical_range=(-3, 3)),
        BdfSignal(EDA, 25, label="skin", physical_dimension="uS", physical_range=(0, 10)),
    ]
    recording = Recording(startdate=TODAY)
    recording_file = Bdf(
        signals, recording=recording, starttime=START.time(), annotations=[EdfAnnotation(1.0, None, "go")]
    )
    recording_file.write(path)
    return path


def wfdb_annotations(path: Path, samples: Sequence[int] = tuple(range(100, 9000, 210))) -> Path:
    """Write beats at 250 Hz, a rhythm with its text before them, and the header beside them."""
    path.with_suffix(".hea").write_text("x 1 250 90000 14:00:00 04/05/2026\nx.dat 16 200/mV\n", encoding="ascii")
    out = struct.pack("<HH", 28 << 10 | 20, 63 << 10 | 3) + b"(N\0\0"
    before = 20
    for number, sample in enumerate(samples):
        if sample - before > 1000:
            out += struct.pack("<HhH", 59 << 10, *divmod(sample - before, 1 << 16)) + struct.pack("<H", 1 << 10)
        else:
            out += struct.pack("<H", (5 if number % 9 == 4 else 1) << 10 | (sample - before))
        before = sample
    path.write_bytes(out + b"\0\0")
    return path


def packed_212(samples: Ints) -> bytes:
    """Pack samples of 12 bits, two into three bytes."""
    flat = np.asarray(samples, np.int64).ravel() & 0xFFF
    pairs = np.concatenate((flat, np.zeros(len(flat) % 2, np.int64))).reshape(-1, 2)
    raw = np.stack([pairs[:, 0] & 0xFF, (pairs[:, 0] >> 8) | ((pairs[:, 1] >> 8) << 4), pairs[:, 1] & 0xFF], axis=1)
    return raw.astype(np.uint8).tobytes()


WRITTEN = {
    "16": lambda s: s.astype("<i2").tobytes(),
    "24": lambda s: b"".join(int(v).to_bytes(3, "little", signed=True) for v in s.ravel()),
    "32": lambda s: s.astype("<i4").tobytes(),
    "61": lambda s: s.astype(">i2").tobytes(),
    "80": lambda s: (s + 128).astype("u1").tobytes(),
    "160": lambda s: (s + 32768).astype("<u2").tobytes(),
    "212": packed_212,
}


def wfdb(path: Path, code: str = "212", record: str = "x 2 250 500 14:00:00 04/05/2026", tail: str = "") -> Path:
    """Write two signals, the second at gain 20 per unit without a name for it."""
    scale = 100 if code == "80" else 1000
    samples = np.stack([np.round(ECG * scale / 2), np.arange(500) % 100 - 50], axis=1).astype(np.int64)
    sums = [(int(samples_of.sum()) + 32768) % 65536 - 32768 for samples_of in samples.T]
    path.with_suffix(".dat").write_bytes(WRITTEN[code](samples))
    lines = [
        record,
        f"{path.stem}.dat {code} {scale // 2}(0)/mV 12 0 {samples[0, 0]} {sums[0]} 0 MLII{tail}",
        f"{path.stem}.dat {code} 20(10)/NU 12 0 {samples[0, 1]} {sums[1]} 0 resp",
        "# nobody",
    ]
    path.with_suffix(".hea").write_text("\n".join(lines) + "\n", encoding="ascii")
    return path.with_suffix(".hea")


def acq(
    path: Path,
    *,
    revision: int = 68,
    compressed: bool = False,
    markers: Sequence[tuple[int, str]] = ((250, "start talk"),),
) -> Path:
    """Write two channels, the second at a fifth of the rate, with the structures that bioread knows."""
    import zlib

    from bioread import headers as h

    def packed_struct(kind: Any, **fields: Any) -> bytes:
        header = kind.for_revision(revision, "<")
        body = header._struct_class()
        for name, value in fields.items():
            setattr(body, name, value)
        return bytes(body)

    def size(kind: Any) -> int:
        return len(packed_struct(kind))

    out = packed_struct(h.GraphHeader, lVersion=revision, lExtItemHeaderLen=size(h.GraphHeader), nChannels=2, dSampleTime=4.0,
               bCompressed=int(compressed))  # fmt: skip
    for name, unit, count, divider, scale in (("ECG100C", "mV", 500, 1, 1.0), ("skin", "microsiemens", 100, 5, 0.001)):
        out += packed_struct(h.ChannelHeader, lChanHeaderLen=size(h.ChannelHeader), szCommentText=name.encode(),
                    szUnitsText=unit.encode(), lBufLength=count, dAmplScale=scale, nVarSampleDivider=divider)  # fmt: skip
    out += packed_struct(h.ForeignHeader, lLength=size(h.ForeignHeader))
    out += packed_struct(h.ChannelDTypeHeader, nSize=8, nType=1) + packed_struct(h.ChannelDTypeHeader, nSize=2, nType=2)
    skin = np.round(np.repeat(EDA, 2) * 1000).astype("<i2")
    if not compressed:
        for first in range(100):
            out += ECG[5 * first : 5 * first + 1].astype("<f8").tobytes() + skin[first : first + 1].tobytes()
            out += ECG[5 * first + 1 : 5 * first + 5].astype("<f8").tobytes()
    items = b"".join(
        packed_struct(h.MarkerItemHeader, lSample=sample, nChannel=-1, sMarkerStyle=b"usr1", nTextLength=len(words) + 1)
        + words.encode()
        + b"\0"
        for sample, words in markers
    )
    out += (
        packed_struct(h.MarkerHeader, lLength=size(h.MarkerHeader) + len(items), lMarkersExtra=len(markers) + 1) + items
    )
    out += struct.pack("<i", 4)  # a journal without text
    if compressed:
        out += packed_struct(h.MainCompressionHeader)
        for raw in (ECG.astype("<f8").tobytes(), skin.tobytes()):
            packed = zlib.compress(raw)
            out += (
                packed_struct(h.ChannelCompressionHeader, lUncompressedLen=len(raw), lCompressedLen=len(packed))
                + packed
            )
    path.write_bytes(out)
    return path

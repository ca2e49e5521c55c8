"""XDF, FIT and EmbracePlus examples."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from coregulation.io.examples.values import ECG, EDA, EPOCH, RR
from coregulation.signals import Floats


def chunk(tag: int, content: bytes) -> bytes:
    """Return one chunk of an XDF file."""
    return b"\x04" + struct.pack("<IH", len(content) + 2, tag) + content


def stream(
    number: int, name: str, kind: str, rate: float, *, form: str = "double64", count: int = 1, host: str = "laptop",
    desc: str = "", footer: str = "<sample_count>{n}</sample_count>", stamps: Sequence[float] | Floats = (),
    values: Any = (), offsets: Sequence[tuple[float, float]] = (),
) -> bytes:  # fmt: skip
    """Return the chunks of one XDF stream: header, samples, clock offsets, footer."""
    head = (
        f"<?xml version='1.0'?><info><name>{name}</name><type>{kind}</type><channel_count>{count}</channel_count>"
        f"<nominal_srate>{rate}</nominal_srate><channel_format>{form}</channel_format><hostname>{host}</hostname>"
        f"<desc>{desc}</desc></info>"
    )
    tag = struct.pack("<I", number)
    dtype = {"double64": "<f8", "float32": "<f4", "int16": "<i2"}.get(form)
    out = chunk(2, tag + head.encode())
    for first in range(0, len(stamps), 50):
        rows = b""
        for stamp, row in zip(stamps[first : first + 50], values[first : first + 50], strict=True):
            own = np.atleast_1d(row).astype(dtype).tobytes() if dtype else b"\x01" + bytes([len(row)]) + row.encode()
            rows += b"\x08" + struct.pack("<d", stamp) + own
        out += chunk(3, tag + b"\x04" + struct.pack("<I", len(stamps[first : first + 50])) + rows)
    for time, value in offsets:
        out += chunk(4, tag + struct.pack("<dd", time, value))
    if footer:
        out += chunk(6, tag + f"<?xml version='1.0'?><info>{footer.format(n=len(stamps))}</info>".encode())
    return out


def xdf(path: Path, *streams: bytes) -> Path:
    """Write an XDF file of streams."""
    path.write_bytes(
        b"XDF:" + chunk(1, b"<?xml version='1.0'?><info><version>1.0</version></info>") + b"".join(streams)
    )
    return path


def two_laptops(path: Path) -> Path:
    """Write two people's streams on two computers whose clocks differ by hours and drift by 50 ppm."""
    times = np.arange(500) / 50
    drift = 1 + 50e-6
    offsets = [(900_000 + 5 * n, -899_000 + 50e-6 * (900_000 + 5 * n) + 1e-4 * (-1) ** n) for n in range(8)]
    far = (1000 + times + 899_000) / drift  # what the far computer's clock shows at the recorder's 1000 s and later
    return xdf(
        path,
        stream(1, "near", "ECG", 50, stamps=1000 + times, values=ECG, host="near", offsets=[(1000 + n, 0) for n in range(8)]),
        stream(2, "far", "ECG", 50, stamps=far, values=ECG[::-1], host="far", offsets=offsets),
        stream(3, "notes", "Markers", 0, form="string", stamps=[1001.0], values=["go"]),
    )  # fmt: skip


def crc(content: bytes) -> int:
    """Return the checksum of FIT."""
    crc = 0
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return crc


def fit(path: Path, *, intervals: Sequence[int] = RR, records: bool = True, pause: int = 0) -> Path:
    """Write a heart rate a second and the intervals of that second; `pause` s are left out in the middle."""
    began = int(EPOCH) - 631065600  # FIT counts from 1989-12-31
    body = struct.pack("<BBBHB3B", 0x40, 0, 0, 0, 1, 0, 1, 0) + struct.pack("<BB", 0, 4)
    body += struct.pack("<BBBHB6B", 0x41, 0, 0, 20, 2, 253, 4, 0x86, 3, 1, 2)
    body += struct.pack("<BBBHB3B", 0x42, 0, 0, 78, 1, 0, 10, 0x84)
    passed, last = 0.0, -1
    for number, interval in enumerate(intervals):
        passed += interval / 1000
        late = pause if number >= len(intervals) // 2 else 0
        if records and int(passed) > last:
            last = int(passed)
            body += struct.pack("<BIB", 1, began + last + late, 255 if last == 3 else 60 + last % 9)
        body += struct.pack("<B5H", 2, interval, *[0xFFFF] * 4)
    return _fit_file(path, body)


def _fit_file(path: Path, body: bytes) -> Path:
    head = struct.pack("<BBHI4s", 14, 0x20, 2132, len(body), b".FIT")
    content = head + struct.pack("<H", crc(head)) + body
    path.write_bytes(content + struct.pack("<H", crc(content)))
    return path


def fit_kept(path: Path, *, intervals: Sequence[int] = RR) -> Path:
    """Write the beats that a strap kept while its watch was out of reach: `hr` messages, eight beats in each."""
    began = int(EPOCH) - 631065600
    ticks = np.round(np.cumsum([5.0, *np.array(intervals) / 1000]) * 1024).astype(int).tolist()
    body = struct.pack("<BBBHB3B", 0x40, 0, 0, 0, 1, 0, 1, 0) + struct.pack("<BB", 0, 4)
    body += struct.pack("<BBBHB9B", 0x41, 0, 0, 132, 3, 253, 4, 0x86, 9, 4, 0x86, 6, 1, 2)
    body += struct.pack("<BIIB", 1, began, ticks[0], 60)
    body += struct.pack("<BBBHB6B", 0x42, 0, 0, 132, 2, 10, 12, 0x0D, 6, 8, 2)
    for first in range(1, len(ticks) - 7, 8):
        bits = sum((tick & 4095) << 12 * n for n, tick in enumerate(ticks[first : first + 8]))
        body += struct.pack("<B", 2) + bits.to_bytes(12, "little") + bytes([60] * 8)
    return _fit_file(path, body)


def fit_in_zip(path: Path) -> Path:
    """Write a zip with one FIT file, as Garmin Connect exports it."""
    inner = fit(path.with_suffix(".fit"))
    with zipfile.ZipFile(path, "w") as packed:
        packed.write(inner, "123_ACTIVITY.fit")
    inner.unlink()
    return path


def _avro_schema() -> dict[str, Any]:
    def record(name: str, **fields: Any) -> dict[str, Any]:
        return {"type": "record", "name": name, "fields": [{"name": key, "type": kind} for key, kind in fields.items()]}

    numbers, times = {"type": "array", "items": "float"}, {"type": "array", "items": "long"}
    head = {"timestampStart": "long", "samplingFrequency": "float"}
    axis = {"type": "array", "items": "int"}
    imu = record("Imu", physicalMin="int", physicalMax="int", digitalMin="int", digitalMax="int")
    raw = record(
        "Raw",
        eda=record("Eda", **head, values=numbers),
        bvp=record("Bvp", **head, values=numbers),
        temperature=record("Temperature", **head, values=numbers),
        accelerometer=record("Accelerometer", **head, imuParams=imu, x=axis, y=axis, z=axis),
        systolicPeaks=record("Peaks", peaksTimeNanos=times),
    )
    return record("Session", timezone="int", rawData=raw)


def embrace(path: Path, begin: float = 0.0, codec: str = "deflate", rate: float = 4.0) -> Path:
    """Write one avro file of an EmbracePlus."""
    import fastavro

    def sensor(values: Floats, rate: float) -> dict[str, Any]:
        return {"timestampStart": int((EPOCH + begin) * 1e6), "samplingFrequency": rate, "values": values.tolist()}

    head = {"timestampStart": int((EPOCH + begin) * 1e6), "samplingFrequency": 64.0}
    imu = {"physicalMin": -16, "physicalMax": 16, "digitalMin": -32768, "digitalMax": 32768}
    peaks = [int((EPOCH + begin) * 1e9) + int(t * 1e6) for t in np.cumsum(RR)]
    raw = {
        "eda": sensor(EDA, rate),
        "bvp": sensor(ECG, 64.0),
        "temperature": sensor(EDA[:0], 1.0),
        "accelerometer": {**head, "imuParams": imu, "x": [2048] * 64, "y": [0] * 64, "z": [-2048] * 64},
        "systolicPeaks": {"peaksTimeNanos": peaks},
    }
    with io.BytesIO() as out:
        fastavro.writer(out, _avro_schema(), [{"timezone": 0, "rawData": raw}], codec=codec, sync_marker=b"0" * 16)
        path.write_bytes(out.getvalue())
    return path

"""Small recordings of each device format, written by its own library or by hand, with known values."""

from __future__ import annotations

import datetime
import io
import json
import struct
import zipfile

import numpy as np

RNG = np.random.default_rng(7)
ECG = np.round(np.sin(np.arange(500) / 9) + 0.05 * RNG.standard_normal(500), 3)  # mV
EDA = np.round(4 + np.cumsum(0.01 * RNG.standard_normal(50)), 4)  # µS
RR = [800 + 10 * (n % 7) + n % 3 for n in range(40)]  # ms
START = datetime.datetime(2026, 5, 4, 14, 0, 0)  # noqa: DTZ001 - what a device without a zone writes
EPOCH = START.replace(tzinfo=datetime.UTC).timestamp()


TODAY = START.date()


def edf(path, *, start=TODAY, annotations=()):
    from edfio import Edf, EdfAnnotation, EdfSignal, Recording

    signals = [
        EdfSignal(ECG, 250, label="ECG II", physical_dimension="mV", physical_range=(-3, 3)),
        EdfSignal(EDA, 25, label="skin", physical_dimension="uS", physical_range=(0, 10)),
    ]
    notes = [EdfAnnotation(*one) for one in annotations] if annotations else None
    edf = Edf(signals, recording=Recording(startdate=start), starttime=START.time(), annotations=notes)
    edf.write(path)
    return path


def packed_212(samples):
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


def wfdb(path, code="212", record="x 2 250 500 14:00:00 04/05/2026", tail=""):
    """Write two signals, the second at gain 20 per unit without a name for it."""
    scale = 100 if code == "80" else 1000
    samples = np.stack([np.round(ECG * scale / 2), np.arange(500) % 100 - 50], axis=1).astype(np.int64)
    sums = [(int(one.sum()) + 32768) % 65536 - 32768 for one in samples.T]
    path.with_suffix(".dat").write_bytes(WRITTEN[code](samples))
    lines = [
        record,
        f"{path.stem}.dat {code} {scale // 2}(0)/mV 12 0 {samples[0, 0]} {sums[0]} 0 MLII{tail}",
        f"{path.stem}.dat {code} 20(10)/NU 12 0 {samples[0, 1]} {sums[1]} 0 resp",
        "# nobody",
    ]
    path.with_suffix(".hea").write_text("\n".join(lines) + "\n", encoding="ascii")
    return path.with_suffix(".hea")


def chunk(tag, content):
    return b"\x04" + struct.pack("<IH", len(content) + 2, tag) + content


def stream(number, name, kind, rate, *, form="double64", count=1, host="laptop", desc="", footer="<sample_count>{n}</sample_count>",
           stamps=(), values=(), offsets=()):  # fmt: skip
    """Return the chunks of one XDF stream: header, samples, clock offsets, footer."""
    head = (
        f"<?xml version='1.0'?><info><name>{name}</name><type>{kind}</type><channel_count>{count}</channel_count>"
        f"<nominal_srate>{rate}</nominal_srate><channel_format>{form}</channel_format><hostname>{host}</hostname>"
        f"<desc>{desc}</desc></info>"
    )
    number = struct.pack("<I", number)
    dtype = {"double64": "<f8", "float32": "<f4", "int16": "<i2"}.get(form)
    out = chunk(2, number + head.encode())
    for first in range(0, len(stamps), 50):
        rows = b""
        for stamp, row in zip(stamps[first : first + 50], values[first : first + 50], strict=True):
            own = np.atleast_1d(row).astype(dtype).tobytes() if dtype else b"\x01" + bytes([len(row)]) + row.encode()
            rows += b"\x08" + struct.pack("<d", stamp) + own
        out += chunk(3, number + b"\x04" + struct.pack("<I", len(stamps[first : first + 50])) + rows)
    for time, value in offsets:
        out += chunk(4, number + struct.pack("<dd", time, value))
    if footer:
        out += chunk(6, number + f"<?xml version='1.0'?><info>{footer.format(n=len(stamps))}</info>".encode())
    return out


def xdf(path, *streams):
    path.write_bytes(
        b"XDF:" + chunk(1, b"<?xml version='1.0'?><info><version>1.0</version></info>") + b"".join(streams)
    )
    return path


def two_laptops(path):
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


def acq(path, *, revision=68, compressed=False):
    """Write two channels, the second at a fifth of the rate, with the structures that bioread knows."""
    import zlib

    from bioread import headers as h

    def made(kind, **fields):
        header = kind.for_revision(revision, "<")
        body = header._struct_class()
        for name, value in fields.items():
            setattr(body, name, value)
        return bytes(body)

    def size(kind):
        return len(made(kind))

    out = made(h.GraphHeader, lVersion=revision, lExtItemHeaderLen=size(h.GraphHeader), nChannels=2, dSampleTime=4.0,
               bCompressed=int(compressed))  # fmt: skip
    for name, unit, count, divider, scale in (("ECG100C", "mV", 500, 1, 1.0), ("skin", "microsiemens", 100, 5, 0.001)):
        out += made(h.ChannelHeader, lChanHeaderLen=size(h.ChannelHeader), szCommentText=name.encode(),
                    szUnitsText=unit.encode(), lBufLength=count, dAmplScale=scale, nVarSampleDivider=divider)  # fmt: skip
    out += made(h.ForeignHeader, lLength=size(h.ForeignHeader))
    out += made(h.ChannelDTypeHeader, nSize=8, nType=1) + made(h.ChannelDTypeHeader, nSize=2, nType=2)
    skin = np.round(np.repeat(EDA, 2) * 1000).astype("<i2")
    if not compressed:
        for first in range(100):
            out += ECG[5 * first : 5 * first + 1].astype("<f8").tobytes() + skin[first : first + 1].tobytes()
            out += ECG[5 * first + 1 : 5 * first + 5].astype("<f8").tobytes()
    out += made(h.MarkerHeader, lLength=size(h.MarkerHeader), lMarkersExtra=1)
    out += struct.pack("<i", 4)  # a journal without text
    if compressed:
        out += made(h.MainCompressionHeader)
        for raw in (ECG.astype("<f8").tobytes(), skin.tobytes()):
            packed = zlib.compress(raw)
            out += made(h.ChannelCompressionHeader, lUncompressedLen=len(raw), lCompressedLen=len(packed)) + packed
    path.write_bytes(out)
    return path


def _crc(content):
    crc = 0
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return crc


def fit(path, *, intervals=RR, records=True, pause=0):
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
    head = struct.pack("<BBHI4s", 14, 0x20, 2132, len(body), b".FIT")
    whole = head + struct.pack("<H", _crc(head)) + body
    path.write_bytes(whole + struct.pack("<H", _crc(whole)))
    return path


def e4_tables():
    def table(rate, rows, start=EPOCH):
        width = len(rows[0].split(","))
        return "\n".join([",".join([f"{start:.6f}"] * width), ",".join([f"{rate:.6f}"] * width), *rows]) + "\n"

    beats = np.cumsum(RR) / 1000
    ibi = [f"{EPOCH:.6f}, IBI", *(f"{time:.6f},{rr / 1000:.6f}" for time, rr in zip(beats, RR, strict=True))]
    return {
        "EDA.csv": table(4, [f"{value:.6f}" for value in EDA]),
        "BVP.csv": table(64, [f"{value:.2f}" for value in 50 * ECG]),
        "HR.csv": table(1, [f"{60 + n % 9:.2f}" for n in range(30)], EPOCH + 10),
        "ACC.csv": table(32, [f"{n % 9},0,64" for n in range(100)]),
        "IBI.csv": "\n".join(ibi) + "\n",
        "tags.csv": "",
        "info.txt": "about",
    }


def e4(path, **changed):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (e4_tables() | changed).items():
            packed.writestr(name, content)
    return path


def _avro_schema():
    def record(name, **fields):
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


def embrace(path, begin=0.0, codec="deflate", rate=4.0):
    import fastavro

    def sensor(values, rate):
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


def hrm(path, interval=238, data=RR):
    lines = [
        "[Params]",
        "Version=106",
        "Date=20260504",
        "StartTime=14:00:00.0",
        f"Interval={interval}",
        "",
        "[Note]",
        "x",
        "[HRData]",
    ]
    path.write_text("\n".join([*lines, *map(str, data)]) + "\n", encoding="ascii")
    return path


def polar_logger(path):
    rows = ["Phone timestamp;sensor timestamp [ns];ecg [uV]"]
    for n, value in enumerate(ECG):
        late = START + datetime.timedelta(milliseconds=round(8 * n) + 3 * (n % 5))
        rows.append(f"{late.isoformat(timespec='milliseconds')};{600000000000000000 + 8000000 * n};{1000 * value:.0f}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def polar_rates(path):
    rows = ["Phone timestamp;HR [bpm]"]
    rows += [
        f"{(START + datetime.timedelta(seconds=n)).isoformat(timespec='milliseconds')};{60 + n % 9}" for n in range(40)
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def sensor_logger(path):
    rows = ["time,seconds_elapsed,bpm"]
    rows += [f"{int((EPOCH + n) * 1e9)},{n}.0,{60 + n % 9}" for n in range(40)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def opensignals(path, **changed):
    device = {
        "position": 0, "device name": "00:07", "device": "biosignalsplux", "sensor": ["ECG", "RESP"], "column":
        ["nSeq", "DI", "CH1", "CH2"], "time": "14:00:00.0", "date": "2026-5-4", "label": ["CH1", "CH2"],
        "sampling rate": 100, "resolution": [16, 16],
    }  # fmt: skip
    rows = [f"{n % 16}\t0\t{32768 + round(5000 * value)}\t{20000 + n}\t" for n, value in enumerate(ECG)]
    head = ["# OpenSignals Text File Format", "# " + json.dumps({"00:07": device | changed}), "# EndOfHeader"]
    path.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")
    return path


def kubios(path, samples=((0, 20), (20, 40))):
    times = np.cumsum(RR) / 1000
    head = [
        "Kubios HRV Premium (ver. 3.5.0),,,",
        "File name: x,,,",
        "",
        "RESULTS FOR SINGLE SAMPLES,,,",
        "Mean RR (ms),812,,",
        "",
    ]
    head += [
        "RR INTERVAL DATA and SPECTRUM ESTIMATES",
        " ".join([",SAMPLE"] * 2),
        "RR data,,RR data,",
        "Time,RR interval,Time,RR interval",
        "(s),(s),(s),(s)",
    ]
    rows = [
        ",".join(f"{times[a + n]:.3f},{RR[a + n] / 1000:.3f}" if a + n < b else "," for a, b in samples)
        for n in range(20)
    ]
    path.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")
    return path


EVERY = {
    "x.edf": edf, "x.hea": wfdb, "x.xdf": two_laptops, "x.acq": acq, "x.fit": fit, "x.zip": e4, "x.avro": embrace,
    "x.hrm": hrm, "ecg.txt": polar_logger, "hr.csv": sensor_logger, "signals.txt": opensignals, "report.csv": kubios,
}  # fmt: skip

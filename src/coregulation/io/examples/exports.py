"""Examples of zips and text that devices and programs export."""

from __future__ import annotations

import datetime
import gzip
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from coregulation.io.examples.values import ECG, EDA, EPOCH, RR, START


def e4_tables() -> dict[str, str]:
    """Return the tables of an E4 session by name."""

    def table(rate: float, rows: list[str], start: float = EPOCH) -> str:
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


def e4(path: Path, **changed: str) -> Path:
    """Write the zip of an E4 session."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (e4_tables() | changed).items():
            packed.writestr(name, content)
    return path


def e4_ibi(path: Path) -> Path:
    """Write the table of intervals of an E4 session by itself."""
    path.write_text(e4_tables()["IBI.csv"], encoding="utf-8")
    return path


def hrm(path: Path, interval: int = 238, data: Sequence[int] = RR) -> Path:
    """Write a Polar .hrm file of intervals, or of heart rates."""
    lines = [
        "[Params]",
        "Version=106",
        "Date=20260504",
        "StartTime=14:00:00.0",
        f"Length={_length(sum(map(float, data)) / 1000 if interval == 238 else interval * len(data))}",
        f"Interval={interval}",
        "",
        "[Note]",
        "x",
        "[HRData]",
    ]
    path.write_text("\n".join([*lines, *map(str, data)]) + "\n", encoding="ascii")
    return path


def _length(seconds: float) -> str:
    return f"{int(seconds // 3600):02d}:{int(seconds % 3600 // 60):02d}:{seconds % 60:04.1f}"


def polar_logger(path: Path) -> Path:
    """Write an ECG as Polar Sensor Logger does."""
    rows = ["Phone timestamp;sensor timestamp [ns];ecg [uV]"]
    for n, value in enumerate(ECG):
        late = START + datetime.timedelta(milliseconds=round(8 * n) + 3 * (n % 5))
        rows.append(f"{late.isoformat(timespec='milliseconds')};{600000000000000000 + 8000000 * n};{1000 * value:.0f}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def polar_rates(path: Path) -> Path:
    """Write heart rates as Polar Sensor Logger does."""
    rows = ["Phone timestamp;HR [bpm]"]
    rows += [
        f"{(START + datetime.timedelta(seconds=n)).isoformat(timespec='milliseconds')};{60 + n % 9}" for n in range(40)
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def sensor_logger(path: Path) -> Path:
    """Write heart rates as Sensor Logger does."""
    rows = ["time,seconds_elapsed,bpm"]
    rows += [f"{int((EPOCH + n) * 1e9)},{n}.0,{60 + n % 9}" for n in range(40)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def opensignals(path: Path, **changed: Any) -> Path:
    """Write an ECG and a breathing belt as OpenSignals does."""
    device = {
        "position": 0, "device name": "00:07", "device": "biosignalsplux", "sensor": ["ECG", "RESP"], "column":
        ["nSeq", "DI", "CH1", "CH2"], "time": "14:00:00.0", "date": "2026-5-4", "label": ["CH1", "CH2"],
        "sampling rate": 100, "resolution": [16, 16],
    }  # fmt: skip
    rows = [f"{n % 16}\t0\t{32768 + round(5000 * value)}\t{20000 + n}\t" for n, value in enumerate(ECG)]
    head = ["# OpenSignals Text File Format", "# " + json.dumps({"00:07": device | changed}), "# EndOfHeader"]
    path.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")
    return path


def kubios(path: Path, samples: Sequence[tuple[int, int]] = ((0, 20), (20, 40))) -> Path:
    """Write results as Kubios exports them, of several samples."""
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


def bids(path: Path) -> Path:
    """Write two heart rates of BIDS physiology with their sidecar."""
    described = {"SamplingFrequency": 1.0, "StartTime": -2.5, "Columns": ["x", "y"], "x": {"Units": "bpm"}}
    path.with_suffix(".json").write_text(json.dumps(described), encoding="utf-8")
    lines = "\n".join(f"{60 + n % 7}\t{70 + n % 5}" for n in range(30))
    path.write_text(lines + "\n", encoding="utf-8")
    return path


def table(path: Path) -> Path:
    """Write a table with the time and a heart rate for each of two people."""
    lines = ["time_s;ada [1/min];ben", *(f"{n};{60 + n % 7}.5;{70 + n % 5}.25" for n in range(25))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def packed_table(path: Path) -> Path:
    """Write the same table, gzipped."""
    content = table(path.with_suffix("")).read_bytes()
    path.write_bytes(gzip.compress(content, mtime=0))
    return path


def intervals(path: Path) -> Path:
    """Write RR intervals in ms, one per line."""
    path.write_text("\n".join(map(str, RR)) + "\n", encoding="ascii")
    return path


def shimmer(path: Path) -> Path:
    """Write skin conductance as Shimmer's Consensys does: a line on the separator, names, units, a tab at each row's end."""
    head = ['"sep=\t"', "Shimmer_5E1_Timestamp_Unix_CAL\tShimmer_5E1_GSR_Skin_Conductance_CAL\t", "ms\tuS\t"]
    rows = [f"{1000 * EPOCH + 1000 * n / 128:.4f}\t{value:.4f}\t" for n, value in enumerate(np.repeat(EDA, 4))]
    path.write_text("\n".join([*head, *rows]) + "\n", encoding="ascii")
    return path


def hrv_logger(path: Path) -> Path:
    """Write RR intervals as HRV Logger does, with the time since the start."""
    times = np.cumsum(RR) - RR[0]
    begin = START.replace(tzinfo=datetime.UTC)
    rows = [
        f"{begin + datetime.timedelta(milliseconds=int(time)):%Y-%m-%d %H:%M:%S} +0000,{rr},{time}"
        for time, rr in zip(times, RR, strict=True)
    ]
    path.write_text("\n".join(["date, rr, since start", *rows]) + "\n", encoding="ascii")
    return path


def workbook(path: Path) -> Path:
    """Write a workbook with one sheet: time and two heart rates."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in [["time", "ada", "ben"], *([n, 60 + n % 7, 70 + n % 5] for n in range(30))]:
        book.active.append(row)
    book.save(path)
    return path

"""How long and how much memory a text table of 100 MB takes: `python -m bench.reading` writes docs/generated/reading.md.

Each row is a process of its own: seconds of its processor and its largest resident set, starting Python included.
"""

from __future__ import annotations

import gzip
import pathlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator

import numpy as np

from bench.tables import machine, written
from coregulation.io.unpacking import text_pieces

ROWS = 3_600_000  # four hours of two ECGs at 250 Hz: 101 MB
STEP = 100_000
WORK = """
import resource, sys, time
from coregulation.io import inspect_file, open_session
if sys.argv[2] == "inspect":
    inspect_file(sys.argv[1])
else:
    open_session(sys.argv[1], signal="ecg", people={"ada": 1, "ben": 2})
print(time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def numbers(path: pathlib.Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("time_s,ecg_a [mV],ecg_b [mV]\n")
        file.writelines(f"{at:.3f},{a},{b}\n" for at, a, b in _rows())


def dates(path: pathlib.Path) -> None:
    first = np.datetime64("2026-05-04T14:00:00", "us")
    with path.open("w", encoding="utf-8") as file:
        file.write("time,ecg_a [mV],ecg_b [mV]\n")
        file.writelines(f"{first + round(at * 1e6)}Z,{a},{b}\n" for at, a, b in _rows(ROWS * 26 // 40))


def packed(path: pathlib.Path) -> None:
    numbers(path)
    path.write_bytes(gzip.compress(path.read_bytes(), 1))


def zipped(path: pathlib.Path) -> None:
    plain = path.with_suffix(".csv")
    numbers(plain)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.write(plain, plain.name)
    plain.unlink()


def _rows(count: int = ROWS) -> Iterator[tuple[float, float, float]]:
    rng = np.random.default_rng(0)
    for first in range(0, count, STEP):
        t = np.arange(first, min(count, first + STEP)) / 250
        values = np.round(np.sin([t, t + 1]) + 0.1 * rng.standard_normal((2, len(t))), 6)
        yield from zip(t.tolist(), *values.tolist(), strict=True)


FILES: dict[str, tuple[str, Callable[[pathlib.Path], None]]] = {
    "seconds": ("a.csv", numbers),
    "seconds, gzipped": ("a.csv.gz", packed),
    "seconds, zipped": ("a.zip", zipped),
    "dates with a zone": ("a.csv", dates),
}


def table() -> Iterator[str]:
    yield "| times as | unpacked | what | processor time | asked | memory at most | asked |"
    yield "|---|---|---|---|---|---|---|"
    for name, (file, write) in FILES.items():
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / file
            write(path)
            size = sum(map(len, text_pieces(path, 1 << 20))) / 1e6
            for what in ("inspect", "open_session"):
                call = [sys.executable, "-c", WORK, str(path), what]
                took, most = map(float, subprocess.run(call, check=True, capture_output=True).stdout.split())
                most *= 1024 / 1e6 if sys.platform != "darwin" else 1e-6
                yield f"| {name} | {size:.0f} MB | {what} | {took:.1f} s | 5 s | {most:.0f} MB | {2 * size + 200:.0f} MB |"


def main() -> None:
    written("reading", "python -m bench.reading", table(), machine())


if __name__ == "__main__":
    main()

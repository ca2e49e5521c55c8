"""Inputs that reach the refusals of what is computed, counted or written in two ways, and of strange values of a whole session."""

from __future__ import annotations

import numpy as np

from tests.io.test_manifest import FULL, folder
from tests.io.write import rows, text, wave

N = 60
HEART = ("--signal", "heart_rate")
BEATS = np.round(850 + 60 * np.sin(np.arange(80) * 0.9))

TWICE = np.round(850 + 60 * np.sin(np.arange(80) * 0.9) + np.arange(80))


def _manifest(old, new):
    return lambda p: [folder(p, FULL.replace(old, new, 1))]


def _one(head, *columns, words=()):
    return lambda p: [rows(p / "a.csv", head, *columns), *words]


ODD_CASES = {
    "none and a film": _manifest("shared = []", 'shared = ["none", "film"]'),
    "a setting of one's own": _one("time_s,hr", range(N), wave(N), words=(*HEART, "--setting", "kitchen")),
    "a drift of no clock": _manifest("drift_ppm = 100.0", "drift_ppm = 1e6"),
    "the values as their confidence": _manifest("confidence = { column = 1", "confidence = { column = 0"),
    "the rate of an ECG for its beats": lambda p: [text(p / "a.txt", *BEATS), "--signal", "rr", "--unit", "ms", "--rate", "1000"],
    "beats in two units": lambda p: [text(p / "a.txt", *BEATS[:40], *(BEATS[40:] / 1000)), "--signal", "rr", "--unit", "ms"],
    "intervals in the file twice": lambda p: [text(p / "a.txt", *TWICE, *TWICE), "--signal", "rr", "--unit", "ms"],
    "how many numbers follow": lambda p: [text(p / "a.txt", "80", *BEATS), "--signal", "rr", "--unit", "ms"],
    "the rate above the values": lambda p: [text(p / "a.txt", "4", *wave(N)), *HEART, "--rate", "4"],
    "two offsets of one day": _one("time,hr", [f"10:00:{k:02d}+0{1 + k // 30}:00" for k in range(N)], wave(N), words=HEART),
    "times and no values": _one("when", [f"2026-05-04T14:00:{k:02d}" for k in range(N)], words=("--signal", "glow", "--unit", "a.u.")),
    "raw and filtered": _one("time_s,hr_raw,hr_filtered", range(N), wave(N), wave(N, phase=1), words=HEART),
    "a mean of intervals": _one("meanRR", BEATS, words=("--signal", "rr", "--unit", "ms", "--person", "ada")),
    "a factor above the numbers": lambda p: [text(p / "a.txt", "  1.0e+01 *", "", *(value / 10 for value in wave(N))), *HEART, "--rate", "1"],
    "steps of Windows": _one("time,hr", [134240471100000000 + 10**7 * k for k in range(N)], wave(N), words=(*HEART, "--time-column", "0", "--time-unit", "ns")),
    "a clock without colons": _one("time,hr", [5930 + k + 40 * (k > 29) for k in range(90)], wave(90), words=(*HEART, "--time-column", "0", "--time-unit", "s")),
    "a rate in a name": _one("IBI_4Hz", BEATS, words=("--signal", "rr", "--unit", "ms", "--person", "ada")),
    "a rate of no recording": _one("hr", wave(N), words=(*HEART, "--rate", "1e308")),
    "one column for two things": _one("time_s,hr", range(N), wave(N), words=(*HEART, "--column", "0", "--time-column", "0", "--person", "ada")),
}  # fmt: skip

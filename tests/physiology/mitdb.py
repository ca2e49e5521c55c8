"""The development records of the MIT-BIH database, where they are: format 212, channel 0."""

from __future__ import annotations

import csv
import functools
import pathlib

import numpy as np
import pytest

from coregulation.signals import Signal, Unit

SHARED = pathlib.Path(__file__).parents[3] / "shared/data"
FOLDER = SHARED / "mitdb"
RECORDS = ("100", "104", "106", "113", "223")
RATE = 360.0

needs_records = pytest.mark.skipif(not FOLDER.exists(), reason="the records of ../shared/data/mitdb are not here")


@functools.cache
def record(name: str) -> tuple[Signal, np.ndarray, np.ndarray]:
    """Return the ECG, the times of the annotated beats and their symbols."""
    pairs = np.fromfile(FOLDER / f"{name}.dat", np.uint8).reshape(-1, 3).astype(np.int32)
    values = ((pairs[:, 1] & 0x0F) << 8) | pairs[:, 0]
    values = np.where(values > 2047, values - 4096, values)
    with open(FOLDER / f"{name}.beats.csv", newline="") as file:
        rows = list(csv.reader(file))[1:]
    times = np.array([int(sample) for sample, _ in rows]) / RATE
    return Signal((values - 1024) / 200.0, RATE, 0.0, Unit.MILLIVOLT), times, np.array([symbol for _, symbol in rows])

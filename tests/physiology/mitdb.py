"""The development records of the MIT-BIH database, where they are: format 212, both leads; the annotations belong to the first."""

from __future__ import annotations

import csv
import functools

import numpy as np
import pytest

from coregulation.signals import Signal, Unit
from tests.paths import SHARED

SHARED = SHARED
FOLDER = SHARED / "mitdb"
RECORDS = ("100", "104", "106", "108", "113", "223")
RATE = 360.0

needs_records = pytest.mark.skipif(not FOLDER.exists(), reason="the records of ../shared/data/mitdb are not here")


@functools.cache
def record(name: str) -> tuple[Signal, np.ndarray, np.ndarray]:
    """Return the ECG, the times of the annotated beats and their symbols."""
    with open(FOLDER / f"{name}.beats.csv", newline="") as file:
        rows = list(csv.reader(file))[1:]
    times = np.array([int(sample) for sample, _ in rows]) / RATE
    return Signal(leads(name)[0], RATE, 0.0, Unit.MILLIVOLT), times, np.array([symbol for _, symbol in rows])


@functools.cache
def leads(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return both leads, in mV."""
    one, both, other = np.fromfile(FOLDER / f"{name}.dat", np.uint8).reshape(-1, 3).astype(np.int32).T
    counts = np.stack([((both & 0x0F) << 8) | one, ((both & 0xF0) << 4) | other])
    first, second = (np.where(counts > 2047, counts - 4096, counts) - 1024) / 200.0
    return first, second

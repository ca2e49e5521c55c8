"""The eighty published couples that rated their feelings by a dial; they may not ship, so a test asks whether they are there."""

from __future__ import annotations

import csv
import gzip
from functools import cache

import numpy as np
import pytest

from tests.paths import SHARED

DIAL = SHARED / "couples-dial/couples_dial.csv.gz"
needs_dial = pytest.mark.skipif(
    not DIAL.exists(), reason="couples-dial is GPL-3 and not shipped; it is not beside this checkout"
)


@cache
def couples() -> dict[int, dict[int, dict[int, float]]]:
    found: dict[int, dict[int, dict[int, float]]] = {}
    with gzip.open(DIAL, "rt") as file:
        for row in csv.DictReader(file):
            value = float(row["dial"]) if row["dial"] not in ("", "NA") else np.nan
            found.setdefault(int(row["couple"]), {}).setdefault(int(row["female"]), {})[int(row["time"])] = value
    return found


def pair(couple: int) -> tuple[np.ndarray, np.ndarray]:
    both = couples()[couple]
    times = sorted(set(both[0]) | set(both[1]))
    first, second = (np.array([both[who].get(t, np.nan) for t in range(times[0], times[-1] + 1)]) for who in (0, 1))
    return first, second


def noise(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal(n).cumsum(), rng.standard_normal(n).cumsum()

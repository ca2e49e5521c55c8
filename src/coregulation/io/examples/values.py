"""Values that the example recordings hold."""

from __future__ import annotations

import datetime

import numpy as np

RNG = np.random.default_rng(7)
ECG = np.round(np.sin(np.arange(500) / 9) + 0.05 * RNG.standard_normal(500), 3)  # mV
EDA = np.round(4 + np.cumsum(0.01 * RNG.standard_normal(50)), 4)  # µS
RR = [800 + 10 * (n % 7) + n % 3 for n in range(40)]  # ms
START = datetime.datetime(2026, 5, 4, 14, 0, 0)  # noqa: DTZ001 - what a device without a zone writes
EPOCH = START.replace(tzinfo=datetime.UTC).timestamp()
TODAY = START.date()

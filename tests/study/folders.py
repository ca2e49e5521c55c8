"""Small studies on disk: pairs of coupled or independent series, one CSV per session."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.signal import lfilter


def series(rng: np.random.Generator, seconds: int, memory: float = 0.95) -> np.ndarray:
    return lfilter([1.0], [1.0, -memory], rng.standard_normal(seconds + 200))[200:]


def write_pair(path: Path, rng: np.random.Generator, *, link: float = 0.0, seconds: int = 240) -> None:
    ada, ben = series(rng, seconds), series(rng, seconds)
    ben = link * ada + np.sqrt(1 - link**2) * ben
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = "\n".join(f"{70 + 2 * a:.6f},{75 + 2 * b:.6f}" for a, b in zip(ada, ben, strict=True))
    path.write_text(f"a,b\n{rows}\n", encoding="utf-8")


def write_study(folder: Path, pairs: int, *, link: float = 0.0, seed: int = 0, seconds: int = 240) -> Path:
    rng = np.random.default_rng(seed)
    for number in range(pairs):
        write_pair(folder / f"pair-{number:03}.csv", rng, link=link, seconds=seconds)
    return folder


READING = {"signal": "heart_rate", "rate": 1.0, "people": {"ada": "a", "ben": "b"}}
WORDS = ("--signal", "heart_rate", "--rate", "1", "--person", "ada=a", "--person", "ben=b")

"""The same work in other people's tools, side by side in one run: `python -m bench.peers`.

A peer that is not installed is told as such; no peer is a dependency. Where a peer does less or something else (no
lags, no gaps, an effect without a null), its note says so: a time alone would compare two different things. Each
library is imported, and each input made, outside the timing; the first call, which may compile, is not counted.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.filters import BandPass, Resample
from coregulation.signals import Floats, Signal, Unit
from coregulation.stage import apply_stage

Task = Callable[[], object]


@dataclass(frozen=True)
class Peer:
    """Somebody who does the work: who, what must be installed, how to get ready, and what is different."""

    name: str
    needs: str
    ready: Callable[[], Task]
    note: str = ""


@dataclass(frozen=True)
class Work:
    """One piece of work, and who does it; we come first."""

    title: str
    peers: tuple[Peer, ...]


def series(seed: int, rate: float, seconds: float = 3600.0) -> Floats:
    """Return an hour of slowly wandering noise."""
    steps = np.random.default_rng(seed).standard_normal(int(seconds * rate))
    return np.convolve(steps, np.ones(20) / 20, "same")


def signal(seed: int, rate: float) -> Signal:
    """Return the same as a signal."""
    return Signal(series(seed, rate), rate, 0.0, Unit.ARBITRARY)


def our_band_pass() -> Task:
    """Linear phase, with gaps."""
    x = signal(1, 4.0)
    return lambda: apply_stage(BandPass(0.05, 0.6, 0.05), x)


def scipy_band_pass() -> Task:
    """Zero phase, forward and backward."""
    from scipy.signal import butter, sosfiltfilt

    x, sos = series(1, 4.0), butter(4, [0.05, 0.6], "bandpass", fs=4.0, output="sos")
    return lambda: sosfiltfilt(sos, x)


def neurokit_band_pass() -> Task:
    """Zero phase, forward and backward."""
    import neurokit2

    x = series(1, 4.0)
    return lambda: neurokit2.signal_filter(x, sampling_rate=4, lowcut=0.05, highcut=0.6)


def our_resampling() -> Task:
    """Onto the session's grid, with gaps."""
    x = signal(1, 25.0)
    return lambda: apply_stage(Resample(4.0), x)


def scipy_resampling() -> Task:
    """By a ratio of whole numbers."""
    from scipy.signal import resample_poly

    x = series(1, 25.0)
    return lambda: resample_poly(x, 4, 25)


def our_surface() -> Task:
    """Every lag of every window, detrended."""
    x, y, measure = signal(1, 4.0), signal(2, 4.0), LaggedCorrelation(60.0, 5.0)
    return lambda: measure.surface(x, y).r


def pandas_surface() -> Task:
    """One rolling correlation a lag."""
    import pandas as pd

    x, y = pd.Series(series(1, 4.0)), pd.Series(series(2, 4.0))
    return lambda: [x.rolling(240).corr(y.shift(lag)).to_numpy()[239::4] for lag in range(-20, 21)]


def neurokit_rolling() -> Task:
    """A rolling correlation at lag zero."""
    import neurokit2

    x, y = series(1, 4.0), series(2, 4.0)
    return lambda: neurokit2.signal_synchrony(x, y, method="correlation", window_size=240)


WORKS = (
    Work(
        "band-pass 0.05 to 0.6 Hz, 1 h at 4 Hz",
        (
            Peer("coregulation", "coregulation", our_band_pass),
            Peer("scipy", "scipy", scipy_band_pass, "sees the future, no gaps"),
            Peer("NeuroKit2", "neurokit2", neurokit_band_pass, "sees the future, no gaps"),
        ),
    ),
    Work(
        "25 to 4 Hz, 1 h",
        (
            Peer("coregulation", "coregulation", our_resampling),
            Peer("scipy", "scipy", scipy_resampling, "no grid, no gaps"),
        ),
    ),
    Work(
        "lagged windowed correlation, 1 h at 4 Hz, 60 s windows each 1 s, ±5 s",
        (
            Peer("coregulation", "coregulation", our_surface),
            Peer("pandas", "pandas", pandas_surface, "no detrending"),
            Peer("NeuroKit2", "neurokit2", neurokit_rolling, "lag 0 only"),
        ),
    ),
)


def seconds(task: Task, rounds: int = 3) -> float:
    """Return the median time of a task in s, the first call left out."""
    task()
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        task()
        times.append(time.perf_counter() - begun)
    return float(np.median(times))


def table(works: Sequence[Work]) -> Iterator[str]:
    """Yield the lines of a Markdown table, as they become known."""
    yield "| work | who | median | note |"
    yield "|---|---|---|---|"
    for work in works:
        for peer in work.peers:
            there = importlib.util.find_spec(peer.needs) is not None
            took = f"{1000 * seconds(peer.ready()):.1f} ms" if there else "not installed"
            yield f"| {work.title} | {peer.name} | {took} | {peer.note} |"


if __name__ == "__main__":
    for line in table(WORKS):
        sys.stdout.write(line + "\n")

"""Play bodies whose true values are known, and count how often 95 % intervals are there and hold.

`python docs/interval_coverage.py [runs of each cell]` writes docs/generated/coverage.md. Cells are kept in coverage.json with a hash of the
code that they ran, and only those whose code or number of runs changed are computed again.
"""

from __future__ import annotations

import hashlib
import json
import math
import pathlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from coregulation.physiology.arousal import arousal, baseline
from coregulation.physiology.body import compute_body
from coregulation.physiology.estimate import Estimate
from coregulation.physiology.hrv import compute_hrv
from coregulation.physiology.memory import effective_squares, effective_values
from coregulation.physiology.span_measures import Sources, span_measures
from coregulation.signals import Beats, Floats, Signal, Unit, Window

HERE = pathlib.Path(__file__).parent
SOURCE = HERE.parent / "src" / "coregulation" / "physiology"
FILES = ("memory", "mean_interval", "arousal", "hrv", "hrv_intervals", "hrv_bands", "span_measures", "tachogram")
REAL = HERE.parents[1] / "shared" / "data" / "nsr-hrv" / "nsr004.beats.csv"
RUNS = 200
BEAT, SPAN = 0.9, 300.0  # s
ALWAYS, NEVER = 8.0, 3.0  # effective values from which an interval must be given, and below which it must not
VARIABILITY = ("mean_nn", "rmssd", "sdnn", "sd1", "sd2", "pnn50", "lf", "hf")

Run = dict[str, tuple[Estimate, float]]  # by measure: the estimate, and its true value (NaN: the mean over runs)


@dataclass(frozen=True)
class Cell:
    """A kind of body, and how it is measured."""

    name: str
    play: Callable[[np.random.Generator], Run]
    memories: float = math.nan  # length of the span over the memory of the body


@dataclass(frozen=True)
class Row:
    """How often the interval of one measure was given, and how often it held."""

    measure: str
    runs: int
    given: int
    held: int
    width: float  # median width over that which holds in 95 % of the runs


def remembering(rng: np.random.Generator, count: int, memory: float) -> Floats:
    """Return values of variance one whose correlation falls to 1/e over `memory` values."""
    from scipy.signal import lfilter

    a = math.exp(-1 / memory)
    first = rng.standard_normal()
    values: Floats = lfilter(
        [1.0], [1.0, -a], math.sqrt(1 - a * a) * rng.standard_normal(count), zi=np.array([a * first])
    )[0]
    return values


def wandering(rng: np.random.Generator, count: int) -> Floats:
    """Return values with a 1/f spectrum: a piece of a series twelve times as long, whose mean is 0 and variance one."""
    total = 12 * count
    frequency = np.arange(total // 2 + 1, dtype=float)
    frequency[0] = math.inf
    spectrum = (rng.standard_normal(len(frequency)) + 1j * rng.standard_normal(len(frequency))) / np.sqrt(frequency)
    series = np.fft.irfft(spectrum, total)
    start = rng.integers(0, total - count)
    piece: Floats = series[start : start + count] / series.std()
    return piece


def heart(rng: np.random.Generator, slow: Floats) -> Beats:
    """Return beats that breathe at about 0.25 Hz over a slow part of 30 ms."""
    phase = rng.uniform(0, 2 * np.pi) + np.cumsum(2 * np.pi * BEAT * (0.25 + 0.01 * rng.standard_normal(len(slow))))
    return Beats(np.cumsum(BEAT + 0.03 * slow + 0.025 * np.sin(phase) + 0.008 * rng.standard_normal(len(slow))))


def of_variability(beats: Beats, others: tuple[Beats, ...] = ()) -> Run:
    """Return every measure of variability; only the mean interval has a true value that is known beforehand."""
    found = compute_hrv(beats, others)
    return {name: (getattr(found, name), 1000 * BEAT if name == "mean_nn" else math.nan) for name in VARIABILITY}


def five_minutes(memory: float) -> Callable[[np.random.Generator], Run]:
    """Five minutes of a heart that remembers for `memory` s, and nothing else."""
    return lambda rng: of_variability(heart(rng, remembering(rng, round(SPAN / BEAT), memory / BEAT)))


def of_forty_minutes(memory: float) -> Callable[[np.random.Generator], Run]:
    """Five minutes of a heart, with the thirty-five minutes around them."""
    count = round(SPAN / BEAT)

    def play(rng: np.random.Generator) -> Run:
        beats = heart(rng, remembering(rng, 8 * count, memory / BEAT))
        parts = [Beats(beats.times[k * count : (k + 1) * count]) for k in range(8)]
        return of_variability(parts[3], tuple(parts[:3] + parts[4:]))

    return play


def five_wandering_minutes(rng: np.random.Generator) -> Run:
    """Five minutes of a heart without a memory of one length, against the mean of the hour around them."""
    run = of_variability(heart(rng, wandering(rng, round(SPAN / BEAT))))
    return run | {"mean_nn": (_surrounding(run["mean_nn"][0]), 1000 * BEAT)}


def of_rest(rng: np.random.Generator) -> Run:
    """Five minutes cut out of a real night, against the mean of the hour around them."""
    beats = np.genfromtxt(str(REAL), delimiter=",", skip_header=1, usecols=[0])
    hour = rng.uniform(beats[0], beats[-1] - 12 * SPAN)
    inside = beats[(beats >= hour) & (beats < hour + 12 * SPAN)]
    start = hour + rng.uniform(0, 11 * SPAN)
    found = compute_hrv(Beats(inside[(inside >= start) & (inside < start + SPAN)]))
    nn = np.diff(inside)
    return {"mean_nn": (_surrounding(found.mean_nn), 1000 * float(nn[(nn > 0.25) & (nn < 2.5)].mean()))}


def _surrounding(estimate: Estimate) -> Estimate:
    return Estimate(estimate.value, estimate.unit, estimate.surrounding)


def unchanged(memory: float) -> Callable[[np.random.Generator], Run]:
    """Two minutes of arousal in a quarter of an hour in which nothing changes, against a rest of five minutes."""

    def play(rng: np.random.Generator) -> Run:
        inputs = {"heart_rate": Signal(70 + 3 * remembering(rng, 1800, 2 * memory), 2.0, 0.0, Unit.PER_MINUTE)}
        own = baseline(inputs, Window(0.0, 300.0), int(rng.integers(1000)))
        return {"arousal": (arousal(inputs, own).mean(Window(500.0, 620.0)), 0.0)}

    return play


def level(memory: float) -> Callable[[np.random.Generator], Run]:
    """Five minutes of heart rate, recorded for forty."""

    def play(rng: np.random.Generator) -> Run:
        rate = Signal(70 + 3 * remembering(rng, 4800, 2 * memory), 2.0, 0.0, Unit.PER_MINUTE)
        found = span_measures(
            Sources(compute_body({"heart_rate": rate}), None, None, None, None), Window(900.0, 1200.0)
        )
        return {"heart_rate": (found["heart_rate"], 70.0)}

    return play


def breaths(rng: np.random.Generator) -> Run:
    """Five minutes of breath whose rate wanders around 15 per minute with a memory of 10 s, recorded for twenty."""
    rate = 10.0
    speed = 15 / 60 * (1 + 0.15 * remembering(rng, round(1200 * rate), 10 * rate))
    wave = Signal(np.sin(2 * np.pi * np.cumsum(speed) / rate), rate, 0.0, Unit.ARBITRARY)
    found = span_measures(Sources(compute_body({"resp": wave}), None, None, None, None), Window(300.0, 600.0))
    return {"breathing_rate": (found["breathing_rate"], math.nan)}


def cells() -> Iterator[Cell]:
    """Yield every cell of the table."""
    for memory in (3.0, 8.0, 15.0, 40.0, 60.0):
        yield Cell(f"arousal, 2 of 15 min, memory {memory:g} s", unchanged(memory), 120 / memory)
    for memory in (3.0, 10.0, 15.0, 60.0, 150.0):
        yield Cell(f"5 min of a heart, memory {memory:g} s", five_minutes(memory), SPAN / memory)
    for memory in (3.0, 15.0, 90.0):
        yield Cell(f"5 of 40 min of a heart, memory {memory:g} s", of_forty_minutes(memory), SPAN / memory)
    yield Cell("5 min of a 1/f heart (mean NN: of the hour)", five_wandering_minutes)
    if REAL.exists():
        yield Cell("5 min of a real day (of the hour)", of_rest)
    for memory in (5.0, 20.0, 90.0):
        yield Cell(f"heart rate, 5 of 40 min, memory {memory:g} s", level(memory), SPAN / memory)
    yield Cell("breathing rate, 5 of 20 min", breaths)


def measure(cell: Cell, runs: int) -> list[Row]:
    """Play a cell and count."""
    seed = int.from_bytes(hashlib.sha256(cell.name.encode()).digest()[:4], "big")
    played = [cell.play(np.random.default_rng([seed, k])) for k in range(runs)]
    return [_row(name, [run[name] for run in played]) for name in played[0]]


def _row(name: str, estimates: list[tuple[Estimate, float]]) -> Row:
    known = [(estimate.value, estimate.interval, truth) for estimate, truth in estimates if estimate.value is not None]
    values, truths = np.array([value for value, _, _ in known]), np.array([truth for _, _, truth in known])
    power = 2 if name in ("rmssd", "sdnn", "sd1", "sd2") else 1
    truths = np.where(np.isnan(truths), np.mean(values**power) ** (1 / power), truths)
    bounds = [(interval, truth) for (_, interval, _), truth in zip(known, truths, strict=True) if interval is not None]
    held = sum(bool(interval[0] <= truth <= interval[1]) for interval, truth in bounds)
    needed = 2 * float(np.quantile(np.abs(values - truths), 0.95))
    width = float(np.median([interval[1] - interval[0] for interval, _ in bounds])) / needed if bounds else math.nan
    return Row(name, len(estimates), len(bounds), held, width)


def bounds(count: int, runs: int) -> tuple[float, float]:
    """Return the 95 % bounds of a share (Clopper–Pearson)."""
    from scipy.special import betaincinv

    low = float(betaincinv(count, runs - count + 1, 0.025)) if count else 0.0
    return low, float(betaincinv(count + 1, runs - count, 0.975)) if count < runs else 1.0


def code() -> str:
    """Return a hash of the code that the cells run."""
    played = pathlib.Path(__file__).read_bytes().split(b"def bounds(")[0]
    files = b"".join((SOURCE / f"{name}.py").read_bytes() for name in FILES)
    return hashlib.sha256(files + played).hexdigest()[:12]


def main(runs: int = RUNS) -> str:
    """Compute what is missing, keep it, and return the page's part."""
    kept = HERE / "generated" / "coverage.json"
    stored = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    now = code()
    for cell in cells():
        if stored.get(cell.name, {}).get("code") != now or stored[cell.name]["runs"] != runs:
            rows = [vars(row) for row in measure(cell, runs)]
            memories = None if math.isnan(cell.memories) else cell.memories
            stored[cell.name] = {"code": now, "runs": runs, "memories": memories, "rows": rows}
            kept.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8", newline="\n")
            sys.stdout.write(f"{cell.name}\n")
            sys.stdout.flush()
    made = f"Made by `python docs/interval_coverage.py {runs}` at commit {_commit()}."
    text = "\n".join([*_HEAD, *_lines(stored), "", made]) + "\n"
    (HERE / "generated" / "coverage.md").write_text(text, encoding="utf-8", newline="\n")
    return text


def _commit() -> str:
    command = ["git", "-C", str(pathlib.Path(__file__).parent), "log", "-1", "--format=%h"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


_EFFECTIVE: dict[str, Callable[[float], float]] = {
    **dict.fromkeys(("mean_nn", "arousal", "heart_rate"), effective_values),
    **dict.fromkeys(("sdnn", "sd2"), effective_squares),
}
_HEAD = (
    "| body | measure | effective values | runs | interval given | holds | width over needed |",
    "|---|---|---|---|---|---|---|",
)


def _lines(stored: dict[str, dict[str, object]]) -> Iterator[str]:
    for name, cell in stored.items():
        rows = cell["rows"]
        assert isinstance(rows, list)
        for row in (Row(**row) for row in rows):
            count = _EFFECTIVE.get(row.measure)
            effective = f"{count(cell['memories']):.1f}" if count and isinstance(cell["memories"], float) else ""
            low, high = bounds(row.held, row.given) if row.given else (0.0, 1.0)
            holds = f"{row.held / row.given:.3f} ({low:.2f}–{high:.2f})" if row.given else ""
            width = f"{row.width:.2f}" if row.given else ""
            yield f"| {name} | {row.measure} | {effective} | {row.runs} | {row.given / row.runs:.3f} | {holds} | {width} |"


if __name__ == "__main__":
    sys.stdout.write(main(*map(int, sys.argv[1:])))

"""Write the recordings that are analysed: made from numpy alone, so that no renamed name of the package reaches them."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.float64]
PAIR = ("ada", "ben")

BLOCKS = [
    ("kind", "start", "end", "perturbed", "dose", "with", "guide"),
    ("alone-rest", 0, 200, "", "", "", ""),
    ("perturb-together", 200, 230, "ada", 1.0, "ada ben", ""),
    ("recover-together", 230, 380, "", "", "ada ben", ""),
    ("together", 380, 600, "", "", "ada ben", "breath pacer"),
]

MANIFEST = """
schema = "coregulation.session/1"
id = "{id}"
task = "{task}"
date = {date}
setting = "one room"
shared = ["film"]

[[person]]
id = "{first}"
role = "patient"
[[person.file]]
path = "{first}_rr.txt"
channel = "rr"
unit = "ms"
start = 0.0
clock = {{ offset = 0.5, offset_sd = 0.2, drift_ppm = 20.0, drift_sd_ppm = 5.0 }}
[[person.file]]
path = "{first}_resp.csv"
channel = "resp"
column = "resp"
rate = 10.0
start = 0.0

[[person]]
id = "{second}"
role = "therapist"
[[person.file]]
path = "{second}_rr.txt"
channel = "rr"
unit = "ms"
start = 1.5
[[person.file]]
path = "{second}_resp.csv"
channel = "resp"
column = "resp"
rate = 10.0
start = 0.0

[[block]]
kind = "alone-rest"
start = 0.0
end = 180.0
[[block]]
kind = "film"
start = 180.0
end = 420.0
with = ["{first}", "{second}"]
"""

LOST = """
schema = "coregulation.session/1"
id = "lost-packets"
shared = []

[[person]]
id = "ada"
[[person.file]]
path = "ada.csv"
channel = "beats"
unit = "s"
column = "beat"
ok = "ok"
breaks = "breaks"

[[person]]
id = "ben"
[[person.file]]
path = "ben.csv"
channel = "beats"
unit = "s"
column = "beat"
ok = "ok"
breaks = "breaks"
"""

SCENARIO = """
schema = "coregulation.scenario/1"
title = "Four minutes of company"
about = "Two people, one of them stirred once alone and once together."
asks = "borrowed-regulation"
order = "as-written"

[[person]]
id = "ada"
profile = "anxious"

[[person]]
id = "ben"
profile = "grounded"

[[part]]
blocks = [
  { kind = "alone-rest", seconds = 190, together = false },
  { kind = "perturb-alone", seconds = 40, dose = { ada = 1.0 }, together = false },
  { kind = "recover-alone", seconds = 120, together = false },
  { kind = "perturb-together", seconds = 40, dose = { ada = 1.0 } },
  { kind = "recover-together", seconds = 120 },
]
"""

LINKAGE_PLAN = """
schema = "coregulation.power/1"
title = "One short session"
asks = "linkage"
pairs = 1
draws = 20
surrogates = 99

[[part]]
blocks = [{ kind = "alone-rest", seconds = 30, together = false }]

[[part]]
times = 2
blocks = [
  { kind = "perturb-together", seconds = 10, dose = { ada = 1.0 } },
  { kind = "recover-together", seconds = 150 },
]

[[strength]]
name = "nothing"

[[strength]]
name = "moments"
moments = 0.06
"""

STEADYING_PLAN = """
schema = "coregulation.power/1"
title = "Two hard moments alone and two together"
asks = "borrowed-regulation"
wearing = "arousal"
pairs = 1
draws = 20
surrogates = 99
order = "crossed"

[[part]]
blocks = [{ kind = "alone-rest", seconds = 180, together = false }]

[[part]]
times = 2
blocks = [
  { kind = "perturb-alone", seconds = 40, dose = { ada = 1.0 }, together = false },
  { kind = "recover-alone", seconds = 120, together = false },
]

[[part]]
times = 2
first = [{ kind = "together-rest", seconds = 120 }]
blocks = [
  { kind = "perturb-together", seconds = 40, dose = { ada = 1.0 } },
  { kind = "recover-together", seconds = 120 },
]

[[strength]]
name = "own .40"
ratio = 0.4
whom = "first"
"""


def write_inputs(folder: Path) -> None:
    """Write every input into a folder.

    Parameters
    ----------
    folder
        An existing folder.
    """
    write_beats(folder)
    write_waveforms(folder)
    write_heart_rates(folder)
    write_long(folder)
    write_sessions(folder)
    write_lost(folder / "lost")
    (folder / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    (folder / "linkage.toml").write_text(LINKAGE_PLAN, encoding="utf-8")
    (folder / "steadying.toml").write_text(STEADYING_PLAN, encoding="utf-8")


def wander(seed: int, seconds: float, rate: float, memory: float = 4.0) -> Series:
    """Draw a slow random course of unit variance.

    Parameters
    ----------
    seed
        Of the draw.
    seconds, rate
        Length in s and samples per second.
    memory
        Time constant in s.
    """
    keep = np.exp(-1 / (memory * rate))
    steps = np.random.default_rng(seed).standard_normal(round(seconds * rate)) * np.sqrt(1 - keep**2)
    values: Series = np.array(list(itertools.accumulate(steps, lambda level, step: keep * level + step)))
    return values.round(9)


def breath(seed: int, seconds: float, rate: float) -> Series:
    """Draw a breath belt's course: about 15 breaths per minute, not quite regular."""
    frequency = 0.25 + 0.02 * wander(seed, seconds, rate, 20.0)
    depth = 1 + 0.15 * wander(seed + 1, seconds, rate, 15.0)
    return depth * np.sin(2 * np.pi * np.cumsum(frequency) / rate)


def beats(seed: int, seconds: float, rate: float = 10.0) -> Series:
    """Draw beat times in s: a wandering heart rate with a respiratory rhythm and a tremble of 4 ms."""
    level = 0.85 + 0.03 * wander(seed, seconds + 5, rate, 12.0) + 0.025 * breath(seed + 10, seconds + 5, rate)
    tremble = np.random.default_rng(seed + 20).standard_normal(4 * round(seconds)) * 0.004
    times = [0.3]
    while times[-1] < seconds:
        times.append(times[-1] + level[int(times[-1] * rate)] + tremble[len(times)])
    return np.array(times[:-1])


def pulses(at: Series, seconds: float, rate: float, bumps: Sequence[tuple[float, float, float]]) -> Series:
    """Lay one shape on every beat: bumps of (delay in s, width in s, height)."""
    clock = np.arange(round(seconds * rate)) / rate
    values = np.zeros(len(clock))
    for beat in at:
        for delay, width, height in bumps:
            part = slice(*np.searchsorted(clock, [beat + delay - 6 * width, beat + delay + 6 * width]))
            values[part] += height * np.exp(-0.5 * ((clock[part] - beat - delay) / width) ** 2)
    return values


def skin(seed: int, seconds: float, rate: float) -> Series:
    """Draw a skin conductance in µS: a slow level and about four responses per minute."""
    draws = np.random.default_rng(seed)
    onsets = np.sort(draws.uniform(5, seconds - 10, round(seconds / 15)))
    sizes = draws.uniform(0.05, 0.6, len(onsets))
    since = np.arange(round(seconds * rate))[:, None] / rate - onsets
    rising = np.clip(since, 0, None)
    responses = np.where(since > 0, sizes * 1.7 * (np.exp(-rising / 4) - np.exp(-rising / 0.8)), 0.0).sum(axis=1)
    return 4 + 0.3 * wander(seed + 1, seconds, rate, 60.0) + responses


def write_beats(folder: Path) -> None:
    """Write RR intervals in ms: two people, one with faults, and corrections by hand."""
    for seed, who in enumerate(PAIR):
        _write_rr(folder / f"{who}_rr.txt", beats(seed + 1, 420))
    faulty = np.diff(beats(3, 420)) * 1000
    faulty[[100, 200]] *= [0.5, 2.1]  # an extra and a missed beat
    (folder / "faulty_rr.txt").write_text("".join(f"{rr:.0f}\n" for rr in faulty), encoding="utf-8")
    _write_rr(folder / "short_rr.txt", beats(4, 60))
    _write_rows(folder / "beats.csv", [("beat",), *((f"{t:.4f}",) for t in beats(5, 420))])
    rows = [
        ("kind", "time", "to", "person", "why"),
        ("exclude", 50, 55, "", "a cough"),
        ("add", 130.2, "", "ada", "missed"),
        ("remove", f"{beats(5, 420)[40]:.4f}", "", "ada", "a spike"),
    ]
    _write_rows(folder / "corrections.csv", rows)


def write_waveforms(folder: Path) -> None:
    """Write an ECG in mV, two pulse waves and two skin conductances."""
    noise = np.random.default_rng(6).standard_normal(60_000) * 0.02
    shape = ((-0.17, 0.02, 0.12), (-0.03, 0.008, -0.1), (0.0, 0.01, 1.1), (0.03, 0.009, -0.2), (0.25, 0.04, 0.3))
    electric = pulses(beats(7, 240), 240, 250.0, shape) + noise
    electric += 0.1 * breath(8, 240, 250.0)
    _write_columns(folder / "ecg.csv", {"ecg": electric}, digits=4)
    wave = ((0.25, 0.09, 1.0), (0.5, 0.11, 0.35))
    both = {who: pulses(beats(9 + k, 300), 300, 64.0, wave) for k, who in enumerate(PAIR)}
    both = {who: v + 0.15 * breath(12 + k, 300, 64.0) for k, (who, v) in enumerate(both.items())}
    _write_columns(folder / "ppg.csv", both, digits=4)
    _write_columns(folder / "eda.csv", {who: skin(14 + k, 600, 8.0) for k, who in enumerate(PAIR)}, digits=5)


def write_heart_rates(folder: Path) -> None:
    """Write heart rates in 1/min: a pair as text and as a workbook, and a group of three, with what happened."""
    ada = wander(16, 600, 2.0)
    ben = 0.8 * np.roll(ada, 4) + 0.6 * wander(17, 600, 2.0)
    clock = {"time": np.arange(1200) / 2}
    pair = {"ada": 70 + 4 * ada, "ben": 66 + 3 * ben}
    pair["ada"][300:320] = np.nan
    _write_columns(folder / "pair.csv", clock | pair, digits=3)
    common = wander(18, 600, 2.0, 8.0)
    three = {who: 70 + 2 * common + 2 * wander(19 + k, 600, 2.0) for k, who in enumerate("abc")}
    _write_columns(folder / "three.csv", clock | three, digits=3)
    _write_workbook(folder / "pair.xlsx", clock | pair)
    _write_rows(folder / "blocks.csv", BLOCKS)
    _write_rows(
        folder / "blocks_of_three.csv",
        [[str(v).replace("ada ben", "a b").replace("ada", "a") for v in row] for row in BLOCKS],
    )
    _write_rows(folder / "guided.csv", [("kind", "start", "end", "guide"), ("together", 0, 600, "breath pacer")])
    _write_rows(folder / "marks.csv", [("time", "label", "person"), (100, "bell", ""), (250.5, "laughter", "ada")])
    _write_rows(folder / "exclude.csv", [("start", "end", "why", "person"), (300, 305, "cough", "ben")])


def write_long(folder: Path) -> None:
    """Write six couples in one long table: a rating every two seconds, with something shared by all."""
    script = wander(30, 600, 0.5, 20.0)
    rows: list[tuple[object, ...]] = [("couple", "who", "time", "dial")]
    for couple in range(1, 7):
        own = wander(31 + couple, 600, 0.5, 10.0)
        for k, who in enumerate(("f", "m")):
            values = 50 + 8 * script + 8 * np.roll(own, k) + 4 * wander(50 + 2 * couple + k, 600, 0.5)
            rows += [(couple, f"{who}{couple}", 2 * i, f"{value:.2f}") for i, value in enumerate(values)]
    _write_rows(folder / "dial.csv", rows)


def write_sessions(folder: Path) -> None:
    """Write four sessions with manifests, who lived through the same film: RR intervals and a breath belt."""
    for k in range(4):
        place = folder / "sessions" / f"s{k}"
        place.mkdir(parents=True)
        first, second = f"p{k}", f"t{k}"
        for seed, who in ((60 + 10 * k, first), (65 + 10 * k, second)):
            _write_rr(place / f"{who}_rr.txt", beats(seed, 420))
            _write_columns(place / f"{who}_resp.csv", {"resp": breath(seed + 10, 420, 10.0)}, digits=4)
        facts = MANIFEST.format(id=f"film-{k}", task="film", date=f"2026-02-0{k + 1}", first=first, second=second)
        (place / "session.toml").write_text(facts, encoding="utf-8")


def write_lost(folder: Path) -> None:
    """Write a session whose beats have holes: a short and a long loss, a break without any, and beats not to be trusted."""
    folder.mkdir()
    (folder / "session.toml").write_text(LOST, encoding="utf-8")
    for seed, who in ((91, "ada"), (92, "ben")):
        at = beats(seed, 600)
        at = at[~((at > 150) & (at < 154) | (at > 300) & (at < 330))]
        broken = (np.diff(at, prepend=0.0) > 2) | (np.arange(len(at)) == 80)
        trusted = ~np.isin(np.arange(len(at)), [40, 41, 200])
        rows = [(f"{beat:.4f}", int(ok), int(hole)) for beat, ok, hole in zip(at, trusted, broken, strict=True)]
        _write_rows(folder / f"{who}.csv", [("beat", "ok", "breaks"), *rows])


def _write_rr(path: Path, at: Series) -> None:
    path.write_text("".join(f"{1000 * rr:.0f}\n" for rr in np.diff(at)), encoding="utf-8")


def _write_columns(path: Path, columns: Mapping[str, Series], digits: int) -> None:
    cells = ([f"{v:.{digits}f}" if np.isfinite(v) else "" for v in values] for values in columns.values())
    _write_rows(path, [tuple(columns), *zip(*cells, strict=True)])


def _write_rows(path: Path, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _write_workbook(path: Path, columns: Mapping[str, Series]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(columns))
    for row in zip(*columns.values(), strict=True):
        sheet.append([round(float(v), 3) if np.isfinite(v) else None for v in row])
    book.save(path)

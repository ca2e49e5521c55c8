"""Half-lives of real people alone, and what a real pair without a stretch alone can be told: python -m tests.regulation.real [--out FILE]."""

from __future__ import annotations

import argparse
import csv
import gzip
import itertools
import pathlib
import sys
from collections.abc import Iterator

import numpy as np

from coregulation.errors import DataError
from coregulation.regulation.design import Design, DesignSpan, Probe
from coregulation.regulation.interval import Interval
from coregulation.regulation.panel import Panel
from coregulation.regulation.recovery import measure_recoveries
from coregulation.regulation.solo import SoloRecovery, pool_solo, solo_recovery
from tests.paths import SHARED

DATA = SHARED
_LONGEST = 300.0  # s of a recovery that are watched
_WHO = "one"


def stress_predict(
    path: pathlib.Path = DATA / "stress-predict/Improved_All_Combined_hr_rsp_binary.csv.gz",
) -> Iterator[tuple[str, SoloRecovery | None]]:
    """Yield each person's half-life of heart rate after the stressors of stress-predict (wristband, 1 Hz)."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [
            (r["Participant"], float(r["HR"]), float(r["Time(sec)"]), int(float(r["Label"])))
            for r in csv.DictReader(file)
            if r["HR"] and r["Label"]
        ]
    for who in dict.fromkeys(row[0] for row in rows):
        mine = sorted({row[2]: row for row in rows if row[0] == who}.values(), key=lambda row: row[2])
        times = np.array([row[2] for row in mine]) - mine[0][2]
        rate, label = np.array([row[1] for row in mine]), np.array([row[3] for row in mine])
        yield who, _solo(times, rate, _stressors(times, label))


def _stressors(times: np.ndarray, label: np.ndarray) -> list[tuple[float, float, float]]:
    """Return start and end of each stressor and until when its recovery was watched, in s."""
    change = np.flatnonzero(np.diff(label)) + 1
    edges = [0, *change, len(label)]
    runs = [(times[a], times[b - 1], label[a]) for a, b in itertools.pairwise(edges)]
    return [
        (start, end, min(runs[k + 1][1], end + _LONGEST))
        for k, (start, end, stressed) in enumerate(runs[:-1])
        if stressed and runs[k + 1][1] - end > 60
    ]


def mist(
    path: pathlib.Path = DATA / "mist-stress-hr/hr_ensemble_sample.xlsx",
) -> Iterator[tuple[str, SoloRecovery | None]]:
    """Yield each person's half-life in the stress task: each phase 60 s of rest, 240 s of sums, then feedback."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    sheets = [list(sheet.iter_rows(values_only=True)) for sheet in book]
    for column, who in enumerate(sheets[0][0][1:], 1):
        times, rates, stressors, at = [], [], [], 0.0
        for rows in sheets:
            phase = np.array([[row[0], row[column]] for row in rows[1:]], float)
            times.append(at + phase[:, 0])
            rates.append(phase[:, 1])
            stressors.append((at + 60.0, at + 300.0, at + phase[-1, 0]))
            at += phase[-1, 0] + 1.0
        yield str(who), _solo(np.concatenate(times), np.concatenate(rates), stressors)


def _solo(times: np.ndarray, rate: np.ndarray, stressors: list[tuple[float, float, float]]) -> SoloRecovery | None:
    probes = tuple(Probe((_WHO,), *stressor, together=False) for stressor in stressors)
    design = Design((_WHO,), (DesignSpan(float(times[0]), float(times[-1])),), probes)
    try:
        recoveries = measure_recoveries(Panel(times, rate[:, None]), design)
    except DataError:
        return None
    return solo_recovery(recoveries, _WHO, least=1.0)


def _told(told: Interval) -> str:
    high = "open" if told.high > 1e4 else f"{told.high:.0f}"
    return f"{told.value:.0f} ({told.low:.0f} to {high})"


def tables() -> Iterator[str]:
    """Yield the Markdown tables."""
    for name, people in (("stress-predict", list(stress_predict())), ("mist-stress-hr", list(mist()))):
        seen = [(who, row) for who, row in people if row is not None]
        middle = pool_solo([row for _, row in seen])
        yield f"**{name}**: {len(seen)} of {len(people)} people were raised by one rest SD at least once; half-life of heart rate "
        yield f"{_told(middle)} s (geometric mean over people, 95 %).\n"
        yield "| person | stressors that raised | not half-way back | half-life of heart rate, s (95 %) |"
        yield "|---|---|---|---|"
        for who, row in seen:
            yield f"| {who} | {row.count} | {row.censored} | {_told(row.half_life)} |"
        yield ""


def main() -> None:
    """Print the tables, or write them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path)
    args = parser.parse_args()
    text = "\n".join(tables())
    sys.stdout.write(text + "\n")
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

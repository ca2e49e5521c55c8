"""How well beats are found, beside others: `python -m bench.ecg_accuracy`.

The five development records, each and pooled, at 50 and 150 ms; and known truth with noise, movement, baseline wander,
dropout and turned leads added at known levels. A peer that is not installed is told as such.
"""

from __future__ import annotations

import importlib
import time
import warnings
from collections.abc import Callable, Iterator

import numpy as np
from tests.physiology import hearts, mitdb

from coregulation.physiology import EcgBeats, collected
from coregulation.signals import Floats, Signal, Unit
from coregulation.stage import Piece, run

Detector = Callable[[Floats, float], Floats]
TOLERANCES = (0.05, 0.15)


def ours(values: Floats, rate: float) -> Floats:
    signal = Signal(values, rate, 0.0, Unit.MILLIVOLT)
    return collected(run(EcgBeats(), [Piece(signal, signal.window.end)])).beats.times


def sleepecg(values: Floats, rate: float) -> Floats:
    return importlib.import_module("sleepecg").detect_heartbeats(values, rate) / rate


def xqrs(values: Floats, rate: float) -> Floats:
    processing = importlib.import_module("wfdb.processing")
    return np.asarray(processing.xqrs_detect(values, rate, verbose=False), float) / rate


def gqrs(values: Floats, rate: float) -> Floats:
    processing = importlib.import_module("wfdb.processing")
    adc = np.rint(values * 200).astype(np.int64)
    return np.asarray(processing.gqrs_detect(d_sig=adc, fs=rate, adc_gain=200, adc_zero=0), float) / rate


def neurokit2(values: Floats, rate: float) -> Floats:
    toolbox = importlib.import_module("neurokit2")
    _, found = toolbox.ecg_peaks(toolbox.ecg_clean(values, sampling_rate=rate), sampling_rate=rate)
    return np.asarray(found["ECG_R_Peaks"], float) / rate


PEERS: dict[str, tuple[str, Detector]] = {
    "coregulation": ("coregulation", ours),
    "sleepecg": ("sleepecg", sleepecg),
    "wfdb xqrs": ("wfdb", xqrs),
    "wfdb gqrs": ("wfdb", gqrs),
    "neurokit2": ("neurokit2", neurokit2),
}


def installed() -> dict[str, Detector]:
    return {name: detector for name, (needs, detector) in PEERS.items() if importlib.util.find_spec(needs)}


def percent(hits: int, of: int) -> str:
    return f"{100 * hits / of:6.2f}" if of else "     -"


def row(name: str, counts: list[tuple[int, int, int]], late: Floats, took: float) -> str:
    """Return sensitivity and positive predictive value at each tolerance, bias and spread in ms, and the time in s."""
    rates = [f"{percent(hits, beats)} {percent(hits, told)}" for hits, beats, told in counts]
    spread = f"{1000 * np.median(late):6.1f} {1000 * np.std(late):5.1f}" if len(late) else "     -     -"
    return f"{name:14} {'  '.join(rates)}  {spread}  {took:7.2f}"


def compared(truth: Floats, found: Floats) -> tuple[list[tuple[int, int, int]], Floats]:
    pairs = [hearts.matched(truth, found, tolerance) for tolerance in TOLERANCES]
    counts = [(len(one), len(truth), len(found)) for one, _ in pairs]
    one, other = pairs[0]
    return counts, found[other] - truth[one]


def records() -> Iterator[str]:
    yield f"{'':14} Se50   PPV50   Se150  PPV150   bias ms   sd  seconds"
    if not mitdb.FOLDER.exists():
        yield "the records of ../shared/data/mitdb are not here"
        return
    for name, detector in installed().items():
        detector(mitdb.record("100")[0].values[:36000], mitdb.RATE)
        total, lates, took = np.zeros((len(TOLERANCES), 3), int), [], 0.0
        for record in mitdb.RECORDS:
            signal, truth, _ = mitdb.record(record)
            began = time.perf_counter()
            found = detector(signal.values, mitdb.RATE)
            seconds = time.perf_counter() - began
            counts, late = compared(truth, found)
            total, took = total + np.array(counts), took + seconds
            lates.append(late)
            yield row(f"  {record}", counts, late, seconds)
        yield row(name, [tuple(counts) for counts in total.tolist()], np.concatenate(lates), took)


RATE, SECONDS = 250.0, 300
BAD: dict[str, Callable[[Floats, np.random.Generator], Floats]] = {
    "clean": lambda v, _: v,
    **{f"muscle {db} dB": lambda v, rng, db=db: hearts.muscle(v, RATE, rng, db) for db in (12, 6, 0, -6, -9)},
    **{f"movement {db} dB": lambda v, rng, db=db: hearts.movement(v, RATE, rng, db) for db in (6, 0, -6, -12)},
    **{f"wander {mv} mV": lambda v, rng, mv=mv: hearts.wander(v, RATE, rng, mv) for mv in (1, 5)},
    **{f"hum {mv} mV": lambda v, _, mv=mv: hearts.hum(v, RATE, mv) for mv in (0.2, 1, 5)},
    "pops 6/min": lambda v, rng: hearts.pops(v, RATE, rng, 6),
    "dropout 10 %": lambda v, rng: hearts.dropout(v, RATE, rng, 0.1),
    "inverted": lambda v, _: -v,
}


def degradation() -> Iterator[str]:
    """Yield, for each level, sensitivity and positive predictive value at 50 ms and the spread in ms of each detector."""
    heart = hearts.sinus(SECONDS, np.random.default_rng(1))
    clean = heart.ecg(SECONDS, RATE) + 0.01 * np.random.default_rng(9).standard_normal(round(SECONDS * RATE))
    detectors = installed()
    yield " " * 16 + "".join(f"{name:>24}" for name in detectors)
    for name, change in BAD.items():
        values = change(clean, np.random.default_rng(7))
        cells = [f"{name:16}"]
        for who, detector in detectors.items():
            given = values if who == "coregulation" else np.nan_to_num(values)
            counts, late = compared(heart.times, np.sort(detector(given, RATE)))
            hits, beats, told = counts[0]
            spread = f"{1000 * np.std(late):5.1f}" if len(late) else "    -"
            cells.append(f"   {percent(hits, beats)} {percent(hits, told)} {spread}")
        yield "".join(cells)


def main() -> None:
    warnings.simplefilter("ignore")
    missing = [name for name in PEERS if name not in installed()]
    for line in (*records(), "", *degradation()):
        print(line, flush=True)  # noqa: T201
    if missing:
        print(f"\nnot installed: {', '.join(missing)}")  # noqa: T201


if __name__ == "__main__":
    main()

"""How well beats are found, beside others: `python -m bench.ecg_accuracy [TABLE …]` writes four tables to docs/generated:
`records`, `degradation`, `transients` and `ectopy`. What the peers found is kept under out/ by a hash of what they were given.

The development records, each and pooled, their other lead (by which the opening level was chosen too), and known truth with noise,
movement, baseline wander, dropout and turned leads added at known levels.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from tests.physiology import hearts, mitdb

from bench.elsewhere import ABSENT, Answers, answers
from bench.tables import written
from coregulation.physiology import BeatClass, EcgBeats, RrCleaning, collect_beats, compute_hrv, gather_beats
from coregulation.signals import Beats, Floats, Signal, Unit
from coregulation.stage import Piece, run

OURS = "coregulation"
TOLERANCES = (0.05, 0.15)


def beats_of(values: Floats, rate: float) -> Floats:
    signal = Signal(values, rate, 0.0, Unit.MILLIVOLT)
    return collect_beats(run(EcgBeats(), [Piece(signal, signal.window.end)])).beats.times


def everybody(signals: Sequence[tuple[Floats, float]]) -> dict[str, Answers | None]:
    """Return what we find and what the peers do, who are given zeros for what is missing."""
    beats_of(*signals[0])
    began = time.process_time()
    found = tuple(beats_of(values, rate) for values, rate in signals)
    ours = Answers(found, time.process_time() - began)
    return {OURS: ours, **answers([(np.nan_to_num(values), rate) for values, rate in signals])}


@dataclass
class Score:
    """Beats that were there, that were told, and how many of both agree at each tolerance; how late (ms) those are."""

    there: int = 0
    told: int = 0
    hits: list[int] = field(default_factory=lambda: [0] * len(TOLERANCES))
    late: list[Floats] = field(default_factory=list)

    def add(self, truth: Floats, found: Floats) -> Score:
        self.there, self.told = self.there + len(truth), self.told + len(found)
        for k, tolerance in enumerate(TOLERANCES):
            one, other = hearts.matched(truth, found, tolerance)
            self.hits[k] += len(one)
            if k == 0:
                self.late.append(1000 * (found[other] - truth[one]))
        return self

    def rates(self, k: int) -> tuple[float, float, float]:
        """Return sensitivity, positive predictive value and F1 at a tolerance, in percent."""
        hits = 100.0 * self.hits[k]
        return hits / max(1, self.there), hits / max(1, self.told), 2 * hits / max(1, self.there + self.told)

    def cells(self) -> str:
        """Return the rates at both tolerances, and bias and spread of those within 50 ms."""
        rates = [f"{rate:.2f}" for k in range(len(TOLERANCES)) for rate in self.rates(k)]
        late = np.concatenate(self.late)
        spread = [f"{np.median(late):.1f}", f"{late.std():.1f}"] if len(late) else ["", ""]
        return " | ".join([*rates, *spread])


HEAD = "Se ±50 ms | PPV | F1 | Se ±150 ms | PPV | F1 | bias ms | sd ms"


def records() -> Iterator[str]:
    if not mitdb.FOLDER.exists():
        yield "The records of ../shared/data/mitdb are not here."
        return
    both = [mitdb.leads(name) for name in mitdb.RECORDS]
    truth = [mitdb.record(name)[1] for name in mitdb.RECORDS]
    found = everybody([(values, mitdb.RATE) for lead in (0, 1) for values in (leads[lead] for leads in both)])
    yield f"| detector | record | {HEAD} | s for 6 h |"
    yield "|---|---|" + "---|" * 9
    half = len(truth)
    for who, answer in found.items():
        if answer is None:
            yield f"| {who} | {ABSENT} |" + " |" * 9
            continue
        first, second, total = answer.beats[:half], answer.beats[half:], Score()
        if who == OURS:
            for name, one, other in zip(mitdb.RECORDS, truth, first, strict=True):
                yield f"| {who} | {name} | {Score().add(one, other).cells()} | |"
        for one, other in zip(truth, first, strict=True):
            total.add(one, other)
        yield f"| {who} | **all, first lead** | {total.cells()} | {answer.seconds:.2f} |"
        total = Score()
        for one, other in zip(truth, second, strict=True):
            total.add(one, other)
        yield f"| {who} | all, second lead | {total.cells()} | |"


RATE, SECONDS = 250.0, 300
BAD: dict[str, Callable[[Floats, np.random.Generator], Floats]] = {
    "nothing": lambda v, _: v,
    **{f"muscle noise, {db} dB": lambda v, rng, db=db: hearts.muscle(v, RATE, rng, db) for db in (12, 6, 0, -6, -9)},
    **{f"movement, {db} dB": lambda v, rng, db=db: hearts.movement(v, RATE, rng, db) for db in (6, 0, -6, -12)},
    **{f"baseline wander, {mv} mV": lambda v, rng, mv=mv: hearts.wander(v, RATE, rng, mv) for mv in (1, 5)},
    **{f"mains hum, {mv} mV": lambda v, _, mv=mv: hearts.hum(v, RATE, mv) for mv in (0.2, 1, 5)},
    "electrode pops, 6 a minute": lambda v, rng: hearts.pops(v, RATE, rng, 6),
    "dropout, 10 % of the time": lambda v, rng: hearts.dropout(v, RATE, rng, 0.1),
    "dropout, 30 % of the time": lambda v, rng: hearts.dropout(v, RATE, rng, 0.3),
    "inverted lead": lambda v, _: -v,
}


def there(truth: Floats, values: Floats) -> Floats:
    """Return the beats whose samples, 100 ms to either side, were not taken away: the others nobody can find."""
    near = np.arange(-round(0.1 * RATE), round(0.1 * RATE) + 1)
    index = np.clip(np.rint(truth[:, None] * RATE).astype(int) + near, 0, len(values) - 1)
    return truth[np.isfinite(values[index]).all(axis=1)]


def degradation() -> Iterator[str]:
    heart = hearts.sinus(SECONDS, np.random.default_rng(1))
    clean = heart.ecg(SECONDS, RATE) + 0.01 * np.random.default_rng(9).standard_normal(round(SECONDS * RATE))
    changed = [change(clean, np.random.default_rng(7)) for change in BAD.values()]
    found = everybody([(values, RATE) for values in changed])
    present = [who for who, answer in found.items() if answer]
    yield "| added | " + " | ".join(present) + " |"
    yield "|---|" + "---|" * len(present)
    for number, (name, values) in enumerate(zip(BAD, changed, strict=True)):
        cells = []
        for who in present:
            score = Score().add(there(heart.times, values), found[who].beats[number])
            late = score.late[0]
            spread = f"{late.std():.1f}" if len(late) else "–"
            cells.append("{:.1f} / {:.1f} / ".format(*score.rates(0)[:2]) + spread)
        yield f"| {name} | " + " | ".join(cells) + " |"
    missing = [who for who, answer in found.items() if not answer]
    if missing:
        yield f"\n{', '.join(missing)}: {ABSENT}."


HEIGHTS = (5.0, 30.0, 200.0, 1000.0)  # times the R wave
TRANSIENT, TAIL = 60.3, 2.0  # s: when it comes, and how soon after it every beat counts again


def transient(kind: str, height: float) -> tuple[Floats, float]:
    """Return a transient that is added to two minutes, and when it is over (s)."""
    t = np.arange(round(120 * RATE)) / RATE
    since = np.maximum(t - TRANSIENT, 0.0)
    if kind == "step":
        return np.where(t >= TRANSIENT, height, 0.0), TRANSIENT
    if kind == "decay":
        return np.where(t >= TRANSIENT, height * np.exp(-since / 0.5), 0.0), TRANSIENT + 0.5 * np.log(height / 0.2)
    random = np.random.default_rng(5).normal(1, 0.3, len(t))
    inside = (t >= TRANSIENT) & (t < TRANSIENT + 2)
    return np.where(inside, height * np.sin(2 * np.pi * 1.3 * since) * random, 0.0), TRANSIENT + 2


def transients() -> Iterator[str]:
    heart = hearts.sinus(120, np.random.default_rng(1))
    clean = heart.ecg(120, RATE) + 0.01 * np.random.default_rng(9).standard_normal(round(120 * RATE))
    kinds = [(kind, height) for kind in ("step", "decay", "two seconds of pulses") for height in HEIGHTS]
    changes = [transient(*each) for each in kinds]
    found = everybody([(clean + change, RATE) for change, _ in changes])
    present = [who for who, answer in found.items() if answer]
    yield "| transient, times the R wave | " + " | ".join(present) + " |"
    yield "|---|" + "---|" * len(present)
    for number, ((kind, height), (_, end)) in enumerate(zip(kinds, changes, strict=True)):
        cells = [clean_misses(heart.times, found[who].beats[number], end + TAIL) for who in present]
        yield f"| {kind}, {height:g} | " + " | ".join(cells) + " |"


def clean_misses(truth: Floats, times: Floats, end: float) -> str:
    """Return the beats missed and invented outside a transient and the 2 s after it."""
    inside = [(each < TRANSIENT - 0.3) | (each > end) for each in (truth, times)]
    one, _ = hearts.matched(truth[inside[0]], times[inside[1]])
    return f"{int(inside[0].sum()) - len(one)} / {int(inside[1].sum()) - len(one)}"


NORMAL = ("N", "L", "R", "e", "j")  # annotations of beats that come from above the ventricles, on time


def ectopy() -> Iterator[str]:
    if not mitdb.FOLDER.exists():
        yield "The records of ../shared/data/mitdb are not here."
        return
    yield "| record | normal: taken as normal | ventricular: not taken as normal | premature from above: so | other: not as normal | set aside | RMSSD ms | of annotated normal beats |"
    yield "|---|---|---|---|---|---|---|---|"
    for name in mitdb.RECORDS:
        signal, truth, symbols = mitdb.record(name)
        beats = [beat for piece in run(EcgBeats(), [Piece(signal, signal.window.end)]) for beat in piece.data]
        cleaned = gather_beats(run(RrCleaning(), [Piece(tuple(beats), np.inf)]))
        one, other = hearts.matched(truth, cleaned.beats.times, 0.15)
        kinds, classes = symbols[one], np.array(cleaned.classes, object)[other]
        is_normal = np.array([kind is BeatClass.NORMAL for kind in classes], bool)
        groups = [np.isin(kinds, NORMAL), kinds == "V", np.isin(kinds, ["A", "a", "S", "J"])]
        groups.append(~np.logical_or.reduce(groups))
        hits = [is_normal, ~is_normal, np.array([k is BeatClass.SUPRAVENTRICULAR for k in classes]), ~is_normal]
        cells = [f"{int((hit & group).sum())} of {int(group.sum())}" for hit, group in zip(hits, groups, strict=True)]
        steps = np.diff(Beats(truth, np.isin(symbols, NORMAL)).nn) * 1000
        value = compute_hrv(cleaned.beats).rmssd.value
        told = "refused" if value is None else f"{value:.1f}"
        known = f"{np.sqrt(np.nanmean(steps**2)):.1f}" if np.isfinite(steps).any() else "none"
        yield f"| {name} | " + " | ".join(cells) + f" | {100 * cleaned.share:.1f} % | {told} | {known} |"


TABLES = {"records": records, "degradation": degradation, "transients": transients, "ectopy": ectopy}


def main(*names: str) -> None:
    for name in names or TABLES:
        written(f"ecg-{name}", f"python -m bench.ecg_accuracy {name}", TABLES[name]())


if __name__ == "__main__":
    main(*sys.argv[1:])

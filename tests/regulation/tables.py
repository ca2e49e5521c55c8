"""The tables of the docs, one command each.

python -m tests.regulation.tables recovery|verdicts|power|smallest [--sessions N] [--first SEED] [--jobs N] [--out FILE]
    [--generator own two-pools …] [--worn no yes]
"""

from __future__ import annotations

import argparse
import itertools
import math
import pathlib
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from coregulation.analysis.pipeline import Analysis
from coregulation.analysis.regulation import RegulationAnalysis
from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.errors import CoregulationError
from coregulation.regulation.interval import Interval
from coregulation.regulation.model import Dynamics, burden_ratios
from coregulation.regulation.result import RegulationSettings
from coregulation.regulation.statespace import StateSpace
from coregulation.session import Session
from coregulation.simulate.confounds import KNOWN, known_answer
from coregulation.simulate.designs import crossed
from coregulation.simulate.observe import Wearing, observe_states, with_physiology
from coregulation.simulate.pair_model import PairModel
from coregulation.simulate.parameters import Profile
from coregulation.simulate.random_streams import random_generator
from coregulation.simulate.sensors import Belt
from tests.regulation.truth import A, B, Truth, simulate, timetable
from tests.simulate.other_generators import GENERATORS, KINDS, other

TRUTH = Truth(d=(0.04, 0.0), p=(0.01, 0.02))
DESIGNS = {10: (1, 60.0, 100.0), 20: (2, 60.0, 115.0), 40: (4, 120.0, 115.0)}  # minutes: probes each, rest, recovery
ABSTAINED = ("cannot-tell", "linked-steadying-unknown")
STEADIED = ("mutual-co-regulation", "lent-regulation", "one-way")
NAMES = ("k ada", "k ben", "d ada", "d ben", "p to ada", "p to ben", "own ada", "own ben", "net ada", "net ben")
BRIEF = RegulationAnalysis(RegulationSettings(draws=1))  # the ledger is not asked here
WORN = Wearing(sensors=(Belt(),))


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield a Markdown table, a line as soon as it is known."""
    named = list(header)
    yield f"| {' | '.join(named)} |"
    yield f"|{'---|' * len(named)}"
    for row in rows:
        yield f"| {' | '.join(str(cell) for cell in row)} |"


def bounds(hits: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """Return the Clopper-Pearson bounds of a share."""
    from scipy.stats import beta

    tail = (1 - level) / 2
    low = 0.0 if hits == 0 else float(beta.ppf(tail, hits, of - hits + 1))
    high = 1.0 if hits == of else float(beta.ppf(1 - tail, hits + 1, of - hits))
    return low, high


@dataclass(frozen=True)
class Runs:
    """How much of a table is made: how many of a cell, from which seed on, in how many processes, of which rows."""

    count: int = 50
    first: int = 6000
    jobs: int = 1
    generators: tuple[str, ...] = ("own", *GENERATORS)
    worn: tuple[bool, ...] = (False, True)

    def over(self, ask: Callable, cell: tuple) -> list:
        """Return the answers of a cell, in order."""
        tasks = [(*cell, seed) for seed in range(self.first, self.first + self.count)]
        if self.jobs == 1:
            return [ask(task) for task in tasks]
        with ProcessPoolExecutor(self.jobs) as pool:
            return list(pool.map(ask, tasks, chunksize=2))


def truths(truth: Truth) -> list[float]:
    """Return the true values in the order of NAMES."""
    drive = np.array([[0.0, truth.p[0]], [truth.p[1], 0.0]])
    ones = np.ones(2)
    known = burden_ratios(Dynamics(np.array(truth.k), np.array(truth.d), drive, ones, ones))
    return [*truth.k, *truth.d, *truth.p, *known.own_burden, *known.net_effect]


def fitted(task: tuple[Truth, int, int]) -> list[Interval] | None:
    """Simulate and fit once; None if the fit failed."""
    truth, minutes, seed = task
    each, rest, recover = DESIGNS[minutes]
    design = timetable(each, rest, 20.0, recover)
    rng = np.random.default_rng(seed)
    try:
        fit = StateSpace().fit(simulate(truth, design, rng, 0.5)[0], design)
    except CoregulationError:
        return None
    both = (A, B)
    return [
        *map(fit.rate, both), *map(fit.damping, both), fit.drive(A, B), fit.drive(B, A), *map(fit.own_burden, both), *map(fit.net_effect, both),
    ]  # fmt: skip


def recovery(runs: Runs) -> Iterator[str]:
    """Median bias and coverage of 95 % intervals, failed fits counted."""
    return table(("minutes", "noise", "missing", "failed", *NAMES), _recovered(runs))


def _recovered(runs: Runs) -> Iterator[list[object]]:
    for minutes, noise, gaps in itertools.product(DESIGNS, (0.0, 0.2, 0.5), (0.0, 0.2)):
        truth = replace(TRUTH, noise=noise, missing=gaps)
        recoveries = runs.over(fitted, (truth, minutes))
        good = [recovery for recovery in recoveries if recovery is not None]
        words = []
        for at, true in enumerate(truths(truth)):
            covered = sum(recovery[at].low <= true <= recovery[at].high for recovery in good)
            words.append(
                f"{np.median([recovery[at].value for recovery in good]) - true:+.3f} / {covered / len(good):.3f}"
            )
        yield [minutes, f"{noise:.0%}", f"{gaps:.0%}", f"{len(recoveries) - len(good)} of {len(recoveries)}", *words]


def judged(task: tuple[str, str, bool, int, int]) -> str:
    """Simulate one session of a known kind and return the verdict's kind."""
    generator, name, worn, times, seed = task
    if generator != "own":
        session = other(name, generator, seed, times, worn)[0]
    else:
        session = known_answer(name, seed, times, wearing=WORN if worn else None)[0]
    if generator == "own" and KNOWN[name].members is not None:  # only linkage can see a guide
        quick = Analysis(
            surrogates=199, secondary=99, sensitivity=(), bootstrap=BlockBootstrap(draws=99), bodies=False, jobs=1
        )
        return quick(session).verdicts[0].kind.value
    return told(session, seed)


def told(session: Session, seed: int) -> str:
    """Return what the regulation branch says."""
    account = BRIEF(session, np.random.default_rng(seed))
    return account.pairs[0].kind.value if account else "cannot-tell"


def verdicts(runs: Runs, times: int = 3) -> Iterator[str]:
    """Right, wrong and abstained for every kind of pair, from the package's generator and from others."""
    header = ("generator", "pair", "from", "right", "abstained", "wrong", "false steadying", "at most")
    return table(header, _judged(runs, times))


def _judged(runs: Runs, times: int) -> Iterator[list[object]]:
    cells = [("own", name, worn) for worn in (False, True) for name in KNOWN if worn or KNOWN[name].members is None]
    cells += [(generator, name, worn) for worn in (False, True) for generator in GENERATORS for name in KINDS]
    for generator, name, worn in cells:
        if generator not in runs.generators or worn not in runs.worn:
            continue
        right, steadied = (
            (KNOWN[name].kinds, KNOWN[name].steadied)
            if generator == "own"
            else (KINDS[name].right, KINDS[name].steadied)
        )
        kinds = runs.over(judged, (generator, name, worn, times))
        hit = sum(kind in right for kind in kinds)
        unsure = sum(kind in ABSTAINED and kind not in right for kind in kinds)
        false = sum(kind in STEADIED for kind in kinds)
        n = len(kinds)
        yield [
            generator, name, "beats and breath" if worn else "arousal",
            *(f"{count / n:.2f}" for count in (hit, unsure, n - hit - unsure)),
            "—" if steadied else f"{false / n:.3f}", "—" if steadied else f"{bounds(false, n)[1]:.3f}",
        ]  # fmt: skip


def powered(task: tuple[float, int, float, bool, int]) -> str:
    """Return what is said of a pair of which ada is lent d, in a session of so many probes and seconds to recover."""
    strength, times, recover, worn, seed = task
    rng = random_generator(seed)
    model = PairModel(d=(strength * 0.02, 0.0)).varied(rng)
    plan = crossed(times, rng)
    spans = tuple(replace(s, seconds=recover) if s.kind.startswith("recover") else s for s in plan.spans)
    plan = replace(plan, spans=spans)
    series = model.draw(rng, plan, 1.0)
    if worn:
        bodies = Profile().varied(rng), Profile().varied(rng)
        session = observe_states(with_physiology(series, plan, bodies, seed), plan, rng, WORN)[0]
    else:
        from coregulation.simulate.laws.pair import measured_arousal

        session = measured_arousal(series, plan, seed)[0]
    account = BRIEF(session, np.random.default_rng(seed))
    return account.pairs[0].directions[0].answer.value if account and account.pairs[0].directions else "cannot tell"


def power(runs: Runs) -> Iterator[str]:
    """How often lent regulation is seen: length × strength × number of probes × input."""
    header = ("input", "probes each", "recovery, s", "minutes", "own .80", "own .67", "own .50", "own .40", "own .29")
    return table(header, _powered(runs))


def _powered(runs: Runs) -> Iterator[list[object]]:
    for worn, times, recover in itertools.product(runs.worn, (2, 3, 6), (90.0, 180.0)):
        minutes = (360 + 3 * times * (40 + recover)) / 60
        cells = []
        for own in (0.8, 0.67, 0.5, 0.4, 0.29):
            answers = runs.over(powered, (1 / own - 1, times, recover, worn))
            cells.append(f"{sum(answer == 'settles sooner' for answer in answers) / len(answers):.2f}")
        yield [
            "beats and breath" if worn else "arousal",
            f"{times} + {times}",
            f"{recover:g}",
            f"{minutes:.0f}",
            *cells,
        ]


def half_width(task: tuple[int, float, int]) -> float:
    """Return the half-width of ln own for a pair in which nothing passes, in a design; inf where refused."""
    times, noise, seed = task
    design = timetable(times, 120.0, 40.0, 180.0)
    truth = Truth(k=(0.02, 0.02), sigma=0.015, noise=noise, dose=0.03)
    try:
        fit = StateSpace(draws=200).fit(simulate(truth, design, np.random.default_rng(seed), 0.5)[0], design)
    except CoregulationError:
        return math.inf
    own = fit.own_burden(A)
    return math.log(own.high / own.low) / 2 if own.low > 0 else math.inf


def smallest(runs: Runs) -> Iterator[str]:
    """The own burden that each design tells from 1 in four sessions of five."""
    header = (
        "probes each",
        "noise",
        "half-width of ln own (median)",
        "largest own burden told, 80 %",
        "as a half-life of 35 s",
    )
    return table(header, _smallest(runs))


def _smallest(runs: Runs) -> Iterator[list[object]]:
    for times, noise in itertools.product((2, 3, 4, 6, 10), (0.2, 0.5)):
        half = float(np.median(runs.over(half_width, (times, noise))))
        own = math.exp(-half * (1 + 0.84 / 1.96))
        yield [f"{times} + {times}", f"{noise:.0%}", f"{half:.2f}", f"{own:.2f}", f"{35 * own:.0f} s"]


TABLES = {"recovery": recovery, "verdicts": verdicts, "power": power, "smallest": smallest}


def main(argv: list[str] | None = None) -> None:
    """Write one table, line by line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("table", choices=TABLES)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--first", type=int, default=6000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--generator", nargs="+", choices=("own", *GENERATORS), default=("own", *GENERATORS))
    parser.add_argument("--worn", nargs="+", choices=("no", "yes"), default=("no", "yes"))
    parser.add_argument("--out", type=pathlib.Path)
    args = parser.parse_args(argv)
    runs = Runs(args.sessions, args.first, args.jobs, tuple(args.generator), tuple(w == "yes" for w in args.worn))
    lines = [f"{args.sessions} of each, seeds from {args.first}.\n"]
    for line in TABLES[args.table](runs):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        lines.append(line)
        if args.out:
            args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""The tables of the docs, one command each: python -m tests.regulation.tables recovery|verdicts [repetitions]."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np

from coregulation.errors import CoregulationError
from coregulation.regulation.design import design_of
from coregulation.regulation.model import Dynamics, burden
from coregulation.regulation.panel import panel_of
from coregulation.regulation.statespace import Interval, StateSpace
from coregulation.regulation.steadying import steadying
from coregulation.simulate.impostors import KNOWN, known
from tests.regulation.truth import A, B, Truth, simulate, timetable

TRUTH = Truth(d=(0.04, 0.0), p=(0.01, 0.02))
DESIGNS = {
    10: (1, 60.0, 100.0),
    20: (2, 60.0, 115.0),
    40: (4, 120.0, 115.0),
}  # minutes: probes each, rest s, recovery s
ABSTAINED = ("cannot-tell", "linked-steadying-unknown")
STEADIED = ("mutual-co-regulation", "lent-regulation", "one-way")
NAMES = ("k_A", "k_B", "d_A", "d_B", "p_AB", "p_BA", "own_A", "own_B", "net_A", "net_B")


def truths(truth: Truth) -> list[float]:
    """Return the true values in the order of NAMES."""
    drive = np.array([[0.0, truth.p[0]], [truth.p[1], 0.0]])
    ones = np.ones(2)
    told = burden(Dynamics(np.array(truth.k), np.array(truth.d), drive, ones, ones))
    return [*truth.k, *truth.d, *truth.p, *told.own, *told.net]


def once(task: tuple[Truth, int, int, float]) -> list[Interval] | None:
    """Simulate and fit once; None if the fit failed."""
    truth, minutes, seed, rate = task
    each, rest, recover = DESIGNS[minutes]
    design = timetable(each, rest, 20.0, recover)
    rng = np.random.default_rng(seed)
    try:
        fit = StateSpace().fit(simulate(truth, design, rng, rate)[0], design, rng)
    except CoregulationError:
        return None
    both = (A, B)
    return [
        *map(fit.rate, both), *map(fit.damping, both), fit.drive(A, B), fit.drive(B, A), *map(fit.own, both), *map(fit.net, both),
    ]  # fmt: skip


def recovery(repetitions: int, minutes: tuple[int, ...] = (10, 20, 40)) -> Iterator[str]:
    """Bias and coverage of every parameter, failures counted."""
    yield "min  noise gaps fail | " + " ".join(f"{name:>12s}" for name in NAMES) + "   (median bias / coverage)"
    cells = itertools.product(minutes, (0.0, 0.2, 0.5), (0.0, 0.2))
    with ProcessPoolExecutor(2) as pool:
        for length, noise, gaps in cells:
            truth = replace(TRUTH, noise=noise, missing=gaps)
            found = list(pool.map(once, [(truth, length, seed, 1.0) for seed in range(repetitions)], chunksize=4))
            good = [one for one in found if one is not None]
            words = []
            for at, true in enumerate(truths(truth)):
                covered = np.mean([one[at].low <= true <= one[at].high for one in good])
                words.append(f"{np.median([one[at].value for one in good]) - true:+.4f}/{covered:.3f}")
            failed = len(found) - len(good)
            yield f"{length:3d}  {noise:5.2f} {gaps:4.2f} {failed:4d} | " + " ".join(f"{word:>12s}" for word in words)


def judged(task: tuple[str, int, int]) -> str:
    """Simulate one session of a known kind and return the verdict's kind."""
    name, seed, times = task
    session, _ = known(name, seed, times)
    design = design_of(session)
    panel = panel_of({one.person.id: one.signals["arousal"] for one in session.recordings}, design.people)
    return steadying(panel, design, np.random.default_rng(seed))[0].kind.value


def verdicts(repetitions: int, times: int = 3, first: int = 1000) -> Iterator[str]:
    """Right, wrong and abstained for every kind of pair that has latent arousal; seeds from `first` on."""
    yield f"{times} + {times} stressors a person; right / abstained / wrong / false steadying"
    with ProcessPoolExecutor(2) as pool:
        for name in [name for name, kind in KNOWN.items() if kind.members is None]:
            found = list(pool.map(judged, [(name, seed, times) for seed in range(first, first + repetitions)]))
            right = sum(kind in KNOWN[name].kinds for kind in found)
            unsure = sum(kind in ABSTAINED and kind not in KNOWN[name].kinds for kind in found)
            steadied = sum(kind in STEADIED for kind in found) if not KNOWN[name].steadied else 0
            shares = [count / repetitions for count in (right, unsure, repetitions - right - unsure, steadied)]
            yield f"{name:30s} " + " ".join(f"{share:6.3f}" for share in shares)


if __name__ == "__main__":
    tables = {"recovery": recovery, "verdicts": verdicts}
    for line in tables[sys.argv[1]](int(sys.argv[2]) if len(sys.argv) > 2 else 200):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

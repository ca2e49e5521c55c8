"""The tables of the docs, one command each: python -m tests.regulation.tables recovery|verdicts|power [repetitions]."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np

from coregulation.errors import CoregulationError
from coregulation.regulation.model import Dynamics, burden
from coregulation.regulation.statespace import Interval, StateSpace
from tests.regulation.truth import A, B, Truth, simulate, timetable

TRUTH = Truth(d=(0.04, 0.0), p=(0.01, 0.02))
DESIGNS = {
    10: (1, 60.0, 100.0),
    20: (2, 60.0, 115.0),
    40: (4, 120.0, 115.0),
}  # minutes: probes each, rest s, recovery s
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


if __name__ == "__main__":
    tables = {"recovery": recovery}
    for line in tables[sys.argv[1]](int(sys.argv[2]) if len(sys.argv) > 2 else 200, *map(eval, sys.argv[3:])):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

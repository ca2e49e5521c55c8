"""How well shared knocks align two made recordings: `python -m bench.knocks` writes docs/generated/knocks.md.

Each row is recordings of ten minutes with three uneven knocks at both ends, or as the row says; no seed is used elsewhere.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import numpy as np
from tests.io.knocks import Strap, recorded, true_own_time

from bench.tables import written
from coregulation.errors import DataError
from coregulation.io.knock_alignment import KnockAlignment, aligned_pairs

COUNT, FIRST, LENGTH = 10, 20_000, 600.0
Made = tuple[Strap, Strap, list[float], tuple[list[float], list[float]]]


def series(rng: np.random.Generator, begin: float) -> list[float]:
    return list(begin + np.cumsum(rng.uniform(0.5, 1.3, 3)))


def _both_ends(first: Strap, second: Strap, drift: float = 0.0) -> Callable[[np.random.Generator], Made]:
    def make(rng: np.random.Generator) -> Made:
        other = Strap(
            second.rate, rng.uniform(-5, 15), rng.uniform(-drift, drift), second.noise, second.walking, second.fidgets,
            second.full_scale, tuple(rng.normal(size=3)),
        )  # fmt: skip
        return first, other, series(rng, 20) + series(rng, 560), ([], [])

    return make


def _apart(count: int) -> Callable[[np.random.Generator], Made]:
    def make(rng: np.random.Generator) -> Made:
        alone = (series(rng, rng.uniform(20, 500)), series(rng, rng.uniform(20, 500)) if count == 2 else [])
        return Strap(100, fidgets=10), Strap(100, 5.0, fidgets=10), [], alone

    return make


ROWS: dict[str, tuple[bool, Callable[[np.random.Generator], Made]]] = {
    **{
        f"{a:g} and {b:g} Hz, clocks up to 200 ppm apart": (True, _both_ends(Strap(a), Strap(b), 200.0))
        for a, b in ((25, 25), (25, 52), (50, 130), (130, 1000), (1000, 25), (1000, 1000))
    },
    "both walk throughout": (True, _both_ends(Strap(100, walking=(0, 600)), Strap(52, walking=(0, 600)))),
    "sixty movements of each": (True, _both_ends(Strap(100, fidgets=60), Strap(52, fidgets=60))),
    "knocks beyond the full scale (2 g)": (True, _both_ends(Strap(100, full_scale=2), Strap(52, full_scale=2))),
    "a single knock": (True, lambda rng: (Strap(100), Strap(52, rng.uniform(-5, 15)), [300.0], ([], []))),
    "two false knocks of each beside them": (
        True,
        lambda rng: (
            *_both_ends(Strap(100), Strap(52))(rng)[:3],
            (list(rng.uniform(50, 500, 2)), list(rng.uniform(50, 500, 2))),
        ),
    ),
    "nothing shared: three knocks of one": (False, _apart(1)),
    "nothing shared: three knocks of each": (False, _apart(2)),
}


def table(count: int) -> Iterator[str]:
    yield "| recordings | shared knocks | aligned | largest error | median stated sd | errors within 2 sd |"
    yield "|---|---|---|---|---|---|"
    for name, (shared, make) in ROWS.items():
        errors, sds = [], []
        for seed in range(FIRST, FIRST + count):
            first, second, knocks, alone = make(np.random.default_rng(seed))
            people = {
                "a": recorded(first, knocks, LENGTH, seed, alone[0]),
                "b": recorded(second, knocks, LENGTH, seed + 500, alone[1]),
            }
            try:
                ((_, clock),) = aligned_pairs(people, KnockAlignment())
            except DataError:
                continue
            times = np.array([knocks[0], 300.0, knocks[-1]] if shared else [300.0])
            own = np.array([true_own_time(second, t) for t in times])
            miss = np.abs(clock.map(own) - np.array([true_own_time(first, t) for t in times]))
            errors.append(miss)
            sds.append(np.hypot(clock.shift_sd, clock.drift_sd_ppm * 1e-6 * (own - clock.at)))
        if not errors:
            yield f"| {name} | {'yes' if shared else 'no'} | 0 of {count} | | | |"
            continue
        within = float(np.mean(np.array(errors) <= 2 * np.array(sds)))
        numbers = f"{1000 * np.max(errors):.0f} ms | {1000 * np.median(sds):.0f} ms | {100 * within:.0f} %"
        yield f"| {name} | {'yes' if shared else 'no'} | {len(errors)} of {count} | {numbers} |"


def main(count: int = COUNT) -> None:
    written("knocks", f"python -m bench.knocks {count}", table(count), f"seeds {FIRST} to {FIRST + count - 1}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""Count how often a pair is linked with and without breath: where only the breaths go together, and where something slower does.

`python docs/conditional_sizes.py [pairs]` writes docs/generated/conditional-sizes.md.
"""

from __future__ import annotations

import itertools
import pathlib
import sys

import numpy as np
from scipy.stats import binomtest

from coregulation.analysis.conditional import Conditioning
from coregulation.analysis.pipeline import Analysis
from coregulation.simulate.breathing_pairs import BreathingPair

TABLE = pathlib.Path(__file__).parent / "generated" / "conditional-sizes.md"
ANALYSIS = Analysis(surrogates=199, bodies=False, signals=("heart_rate",), conditioning=Conditioning(("resp",)))
LAWS = {
    "nothing in common": BreathingPair(),
    "breath in common": BreathingPair(shared_breath=0.8),
    "slower waves in common": BreathingPair(shared_slow=0.6),
    "both in common": BreathingPair(shared_breath=0.8, shared_slow=0.6),
}
HEAD = (
    "| in common | s | pairs | linked, as it is | linked, without breath | at .01 |",
    "|---|---|---|---|---|---|",
)


def rejected(ps: np.ndarray, alpha: float) -> str:
    """Write the share of p at or below alpha, with its 95 % interval."""
    count = int((ps <= alpha).sum())
    low, high = binomtest(count, len(ps)).proportion_ci(0.95)
    return f"{count / len(ps):.3f} ({low:.3f}–{high:.3f})"


def row(name: str, seconds: float, pairs: int) -> str:
    """Count one law and length."""
    found = [ANALYSIS(LAWS[name].simulate(1000 + seed, seconds)).conditional for seed in range(pairs)]
    plain, left = (np.array(ps, float) for ps in zip(*((of.plain.p, of.p) for (of,) in found), strict=True))
    counts = (rejected(plain, 0.05), rejected(left, 0.05), rejected(left, 0.01))
    return f"| {name} | {seconds:.0f} | {pairs} | {' | '.join(counts)} |"


def main() -> None:
    """Write the table."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    rows = [row(name, seconds, pairs) for name, seconds in itertools.product(LAWS, (300.0, 600.0))]
    note = f"Made by `python docs/conditional_sizes.py {pairs}`: 199 surrogates, seeds from 1000, p ≤ .05 with its 95 % interval."
    TABLE.write_text("\n".join((*HEAD, *rows)) + f"\n\n{note}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Count how often each secondary measure rejects: where nobody has to do with anybody, and where one follows the other.

`python docs/measure_sizes.py [pairs of each law] [minutes]` writes docs/generated/measure-sizes.md. Cells are kept in measure-sizes.json
with a hash of the code that they ran; only those whose code changed, or that have fewer pairs, are computed. It stops after the
minutes and goes on there the next time. With 39 surrogates the test at .05 is exact (2 of 40), and no smaller level is counted.
"""

from __future__ import annotations

import functools
import hashlib
import json
import pathlib
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from coregulation.coupling.comparison import compare_signals
from coregulation.coupling.inference import p_value
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.coupling.registry import SECONDARY
from coregulation.coupling.series_comparison import SeriesResult, SeriesTest
from coregulation.coupling.series_measure import AbstractSeriesMeasure, SeriesScale
from coregulation.signals import Floats, Signal, Unit
from coregulation.simulate.laws.registry import LAWS
from coregulation.simulate.laws.series import SeriesLaw

HERE = pathlib.Path(__file__).parent
KEPT, TABLE = HERE / "generated" / "measure-sizes.json", HERE / "generated" / "measure-sizes.md"
SOURCE = HERE.parent / "src" / "coregulation" / "coupling"
SHARED = (
    "series_measure.py",
    "series_tools.py",
    "nulls/surrogates.py",
    "nulls/spectrum_model.py",
    "nulls/liveliness.py",
)
PAIRS, MINUTES, BATCH, SURROGATES, ALPHA, RATE = 400, 9.0, 20, 39, 0.05, 2.0
TOLERATED, LEVEL = 0.06, 0.99
PLAN = LaggedCorrelation(30.0, 5.0)
SIZES = (
    "time-constant-5", "time-constant-12", "time-constant-30", "time-constant-60", "common-trend", "power-law",
    "common-liveliness", "clock-drift", "short-240", "short-300", "gaps-own", "gaps-common", "gaps-staggered", "gaps-in-turn",
)  # fmt: skip
POWERS = ("coupled-15", "coupled-30", "coupled-50", "short-coupled", "gaps-coupled")


@dataclass
class Cell:
    """Counts of one law and one number of a measure."""

    pairs: int = 0
    rejected: int = 0
    answered: int = 0

    def add(self, p: float | None) -> None:
        """Count one pair."""
        self.pairs += 1
        self.answered += p is not None
        self.rejected += p is not None and p <= ALPHA

    @property
    def rate(self) -> float:
        """Share of the answered that reject."""
        return self.rejected / self.answered if self.answered else float("nan")

    def bounds(self, cells: int) -> tuple[float, float]:
        """Return the bounds of the rate that hold for so many cells at once (Clopper–Pearson, Bonferroni)."""
        found = binomtest(self.rejected, self.answered).proportion_ci(1 - (1 - LEVEL) / cells)
        return float(found.low), float(found.high)


Kept = dict[str, dict[str, dict[str, list[int] | str]]]  # by law and measure: hash of the code, counts by statistic


def code_of(measure: type[AbstractSeriesMeasure]) -> str:
    """Hash what decides a measure's p-values."""
    own = pathlib.Path(sys.modules[measure.__module__].__file__ or "")
    used = [line for line in own.read_text("utf-8").splitlines() if "coupling.measures." in line and "import" in line]
    names = [line.split("coupling.measures.")[1].split()[0] for line in used]
    paths = [own, *(SOURCE / "measures" / f"{name}.py" for name in names), *(SOURCE / name for name in SHARED)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:12]


def draws(law: SeriesLaw, number: int) -> Iterator[tuple[Signal, Signal, int]]:
    """Draw a batch of pairs, each with the seed of its surrogates."""
    rng = np.random.default_rng([7, zlib.crc32(law.name.encode()), number])
    values: Floats = law.generator.draw(rng, BATCH, law.seconds, RATE)
    for first, second in values:
        yield (
            Signal(first, RATE, 0.0, Unit.ARBITRARY),
            Signal(second, RATE, 0.0, Unit.ARBITRARY),
            int(rng.integers(2**31)),
        )


def counted_p(result: SeriesResult) -> float | None:
    """Return p, also of a measure that prints none because of what is counted here."""
    return p_value(result.strength, result.null_strengths) if len(result.nulls) else None


def run(law: SeriesLaw, names: list[str], number: int, cells: dict[tuple[str, str], Cell]) -> None:
    """Test one batch by the measures named."""
    measures = tuple(SECONDARY[name]().fitted_to(SeriesScale(PLAN.window, PLAN.max_lag)) for name in names)
    keys = [(name, each.name) for name in names for each in SECONDARY[name].statistics]
    test = SeriesTest(measures, SURROGATES, 0)
    for x, y, seed in draws(law, number):
        comparison = compare_signals(x, y, PLAN)
        for key, result in zip(
            keys,
            test(comparison, ("a", "b"), "heart_rate", functools.partial(np.random.default_rng, seed)),
            strict=True,
        ):
            cells.setdefault(key, Cell()).add(counted_p(result))


def compute(pairs: int, minutes: float) -> Kept:
    """Compute what is not kept, for so many minutes."""
    kept: Kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    laws = {law.name: law for law in LAWS.series()}
    end = time.monotonic() + 60 * minutes
    codes = {name: code_of(SECONDARY[name]) for name in SECONDARY}
    for done in range(0, pairs, BATCH):
        for name in (*SIZES, *POWERS):
            mine = kept.setdefault(name, {})
            due = [m for m in SECONDARY if mine.get(m, {}).get("code") != codes[m] or _pairs(mine[m]) <= done]
            if not due or time.monotonic() > end:
                continue
            cells: dict[tuple[str, str], Cell] = {}
            run(laws[name], due, done // BATCH, cells)
            for measure in due:
                if mine.get(measure, {}).get("code") != codes[measure]:
                    mine[measure] = {"code": codes[measure]}
                for (whose, statistic), cell in cells.items():
                    if whose == measure:
                        before = mine[measure].get(statistic, [0, 0, 0])
                        added = (cell.pairs, cell.rejected, cell.answered)
                        mine[measure][statistic] = [int(a) + b for a, b in zip(before, added, strict=True)]
            KEPT.write_text(json.dumps(kept, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    return kept


def _pairs(entry: dict[str, list[int] | str]) -> int:
    return max(int(counts[0]) for counts in entry.values() if isinstance(counts, list))


def table(kept: Kept) -> str:
    """Write the table: one row for each measure's number and law."""
    rows = [
        (name, law, statistic, "yes" if SECONDARY[name].has_size else "no", Cell(*counts))  # type: ignore[arg-type]  # three counts
        for name in SECONDARY
        for law in (*SIZES, *POWERS)
        if (entry := kept.get(law, {}).get(name))
        for statistic, counts in entry.items()
        if isinstance(counts, list)
    ]
    count = sum(law in SIZES for _, law, *_ in rows)
    lines = ["| measure | number | law | has a p | rejected at .05 | 99 % band | answered | refused |", "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for name, law, statistic, has_p, cell in rows:
        low, high = cell.bounds(count if law in SIZES else 1) if cell.answered else (0.0, 1.0)
        what = statistic.replace("|", "\\|")
        rate = f"{cell.rate:.3f} | {low:.3f}–{high:.3f}" if cell.answered else "— | —"
        lines.append(
            f"| `{name}` | {what} | {law} | {has_p} | {rate} | {cell.answered} | {cell.pairs - cell.answered} |"
        )
    wrong = {f"`{n}`": None for n, law, _, _, c in rows if law in SIZES and c.answered and c.bounds(count)[0] > TOLERATED}  # fmt: skip
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=HERE, check=True
    )
    head = f"Made by `python docs/measure_sizes.py` at commit {commit.stdout.strip()}: {SURROGATES} surrogates; the bands of all sizes hold together.\n"
    return f"{head}\nSurely above .06 somewhere: {', '.join(wrong) or 'none'}.\n\n" + "\n".join(lines) + "\n"


def main() -> None:
    """Compute and write."""
    words = sys.argv[1:]
    pairs, minutes = int(words[0]) if words else PAIRS, float(words[1]) if len(words) > 1 else MINUTES
    TABLE.write_text(table(compute(pairs, minutes)), encoding="utf-8")


if __name__ == "__main__":
    main()

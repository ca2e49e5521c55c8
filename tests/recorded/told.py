"""A table, for the documentation, of what differs between two recordings and why: places put together, numbers as N, one row each."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from pathlib import Path

from tests.recorded.compare import Comparison, Rule

UNEXPLAINED = "?"


def read_reasons(path: Path) -> tuple[Rule, ...]:
    """Read the table `because` of a file of names: regular expression of a place, and why it differs."""
    table = tomllib.loads(path.read_text(encoding="utf-8")).get("because", {})
    return tuple((re.compile(place), why) for place, why in table.items())


def markdown(comparison: Comparison, runs: int, reasons: tuple[Rule, ...]) -> str:
    """Return a Markdown table of the differences.

    Parameters
    ----------
    comparison
        What `compared` returned.
    runs
        How many runs stand in both recordings.
    reasons
        From `read_reasons`; the first that is found in a place says why it differs.

    Returns
    -------
    str
        A sentence with the counts, then a row for each kind of place.
    """
    counts: dict[tuple[str, str, str], int] = defaultdict(int)
    where: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    changed = 0
    for difference in comparison.differences:
        kind = "extra" if difference.old is None else "missing" if difference.new is None else "differs"
        changed += kind == "differs"
        run, _, place = difference.place.partition("/")
        why = next((why for rule, why in reasons if rule.search(difference.place)), UNEXPLAINED)
        row = re.sub(r"\d+", "N", place), kind, why
        counts[row] += 1
        where[row].add(run)
    total = comparison.compared
    head = f"{runs} runs, {total:,} numbers, codes and sentences stand in both, {total - changed:,} of them without a change of a number or code."
    lines = [f"| `{place}` ({kind}) | {count} | {_named(where[place, kind, why])} | {why} |"
             for (place, kind, why), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]  # fmt: skip
    return "\n".join([head, "", "| differs | how many | runs | because |", "|---|---|---|---|", *lines, ""])


def _named(runs: set[str]) -> str:
    names = sorted(runs)
    return ", ".join(names) if len(names) <= 6 else f"{len(names)} runs"

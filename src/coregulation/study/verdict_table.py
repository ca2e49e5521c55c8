"""The table of verdicts: how often each law was answered rightly, and how often intervals hold the truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.simulate.laws.zoo_law import LawSet
from coregulation.study.verdict_cells import LAWS, QUANTITIES, VerdictCell, VerdictLaw, law_named

STEADIED = ("mutual-co-regulation", "lent-regulation", "one-way")
HARMED = ("co-dysregulation",)
ABSTAINED = ("cannot-tell", "linked-steadying-unknown")


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """How one law was answered from one input.

    Parameters
    ----------
    law
        The law.
    worn
        Whether from beats and breath.
    sessions
        How many.
    right, abstained, wrong
        Counts; a wrong answer is a kind that is neither right nor an abstention.
    steadied, harmed
        Counts of false steadying and of false harm. "Mutual" of a pair where only one is steadied counts as wrong, and as
        false steadying too.
    covered
        Sessions whose 95 % interval of the first person's own burden holds the truth, and sessions that have one.
    seconds
        Median processor time, s.
    """

    law: VerdictLaw
    worn: bool
    sessions: int
    right: int
    abstained: int
    wrong: int
    steadied: int
    harmed: int
    covered: tuple[int, int]
    seconds: float


def verdict_row(cells: Sequence[VerdictCell]) -> VerdictRow:
    """Count the cells of one law and input.

    Parameters
    ----------
    cells
        All of the same law and input; at least one.

    Returns
    -------
    VerdictRow
        The counts.
    """
    law = law_named(cells[0].law)
    right = sum(cell.kind in law.kinds for cell in cells)
    abstained = sum(cell.kind in ABSTAINED and cell.kind not in law.kinds for cell in cells)
    own = [(cell.answers[0][2], cell.own_burden) for cell in cells if cell.answers]
    covered = sum(interval[1] <= true <= interval[2] for interval, true in own)
    return VerdictRow(
        law, cells[0].worn, len(cells), right, abstained, len(cells) - right - abstained,
        sum(_falsely_steadied(cell, law) for cell in cells), sum(cell.kind in HARMED and cell.kind not in law.kinds for cell in cells),
        (covered, len(own)), float(np.median([cell.seconds for cell in cells])),
    )  # fmt: skip


def _falsely_steadied(cell: VerdictCell, law: VerdictLaw) -> bool:
    return cell.kind in STEADIED and cell.kind not in law.kinds and (not law.steadied or cell.kind == STEADIED[0])


def verdict_rows(cells: Iterable[VerdictCell]) -> tuple[VerdictRow, ...]:
    """Count all cells, law by law and input by input.

    Parameters
    ----------
    cells
        In any order.

    Returns
    -------
    tuple of VerdictRow
        From arousal first, each in the order of `LAWS`.
    """
    groups: dict[tuple[str, bool], list[VerdictCell]] = {}
    for cell in cells:
        groups.setdefault((cell.law, cell.worn), []).append(cell)
    order = {law.name: at for at, law in enumerate(LAWS)}
    return tuple(verdict_row(groups[key]) for key in sorted(groups, key=lambda key: (key[1], order[key[0]])))


def verdict_table(rows: Sequence[VerdictRow]) -> str:
    """Write rows as a Markdown table, the sets of laws apart, each with its sums.

    Parameters
    ----------
    rows
        In order.

    Returns
    -------
    str
        One table per set that has rows.
    """
    lines = []
    for half in LawSet:
        mine = [row for row in rows if row.law.half is half]
        if mine:
            lines += [f"**{half.value.capitalize()} laws.**\n", *_table(mine), ""]
    return "\n".join(lines)


def _table(rows: Sequence[VerdictRow]) -> Iterator[str]:
    names = (
        "law",
        "return",
        "input",
        "of",
        "right",
        "abstained",
        "wrong",
        "false steadying",
        "false harm",
        "own covered",
        "s",
    )
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield _line(f"`{row.law.name}`", row.law.form, "beats" if row.worn else "arousal", [row])
    for worn in (False, True):
        impostors = [row for row in rows if row.worn == worn and not row.law.steadied]
        if impostors:
            yield _line("**all without steadying**", "", "beats" if worn else "arousal", impostors)


def _line(name: str, form: str, worn: str, rows: Sequence[VerdictRow]) -> str:
    sums = [
        sum(getattr(row, field) for row in rows)
        for field in ("sessions", "right", "abstained", "wrong", "steadied", "harmed")
    ]
    covered, of = (sum(row.covered[at] for row in rows) for at in (0, 1))
    share = f"{covered / of:.2f}" if of else "—"
    shares = [f"{count / sums[0]:.2f}" for count in sums[1:4]]
    seconds = f"{np.median([row.seconds for row in rows]):.1f}"
    return f"| {' | '.join([name, form, worn, str(sums[0]), *shares, str(sums[4]), str(sums[5]), share, seconds])} |"


def coverage_table(cells: Sequence[VerdictCell]) -> str:
    """Write how often 95 % intervals of the first person's quantities hold the truth, and how far their middles lie from it.

    Parameters
    ----------
    cells
        Of any laws; an answer that was refused has no interval and counts for nothing.

    Returns
    -------
    str
        A Markdown table: per input and quantity, sessions, coverage, and the median of estimate less truth. Rates are compared
        only where arousal itself is the index and the law has such rates.
    """
    lines = ["| input | quantity | of | covered | median error |", "|---|---|---|---|---|"]
    for worn in (False, True):
        for at, name in enumerate(QUANTITIES):
            known = [
                (cell.intervals[at], true)
                for cell in cells
                if cell.worn == worn and cell.intervals and (true := cell.truths[at]) is not None
            ]
            if known:
                covered = sum(low <= true <= high for (_, low, high), true in known)
                off = float(np.median([value - true for (value, _, _), true in known]))
                lines.append(
                    f"| {'beats' if worn else 'arousal'} | {name} | {len(known)} | {covered / len(known):.2f} | {off:+.3f} |"
                )
    return "\n".join(lines)

"""A power table as text for a terminal: one block per strength, one row per measure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coregulation.report.catalogue import Catalogue
from coregulation.report.text_table import Row, aligned, wrap
from coregulation.study.power import EFFECTS, Power, PowerRow, SmallestDesign


def power_lines(table: Power, width: int, catalogue: Catalogue | None = None) -> list[str]:
    """Write a power table for a terminal.

    Parameters
    ----------
    table
        What came out of the simulated pairs.
    width
        Of the terminal, in characters.
    catalogue
        The reader's language; English by default.

    Returns
    -------
    list of str
        Lines: the plan, a block for each strength, the smallest designs, and how to read the numbers.
    """
    catalogue = catalogue or Catalogue()
    rows = table.as_written()
    title = catalogue.text(
        "power.title", title=table.plan.title, minutes=rows[0].minutes, pairs=rows[0].pairs, wearing=table.plan.wearing
    )  # fmt: skip
    lines = [*wrap(title, width, "", "  ")]
    for strength in dict.fromkeys(row.strength for row in rows):
        lines += ["", *wrap(catalogue.text("power.strength", strength=strength), width, "  ")]
        lines += aligned((_row(row, catalogue) for row in rows if row.strength == strength), width, 4)
    lines += ["", *(line for design in table.smallest for line in wrap(_smallest(table, design, catalogue), width))]
    return [*lines, *wrap(catalogue.text("power.how-to-read"), width)]


def _row(row: PowerRow, catalogue: Catalogue) -> Row:
    return measure_title(row.measure, catalogue), "", "; ".join(_facts(row, catalogue))


def measure_title(name: str, catalogue: Catalogue) -> str:
    """Return what a measure of a study is called.

    Parameters
    ----------
    name
        As the table has it.
    catalogue
        The reader's language.

    Returns
    -------
    str
        In that language.
    """
    return catalogue.translate(name)


def _facts(row: PowerRow, catalogue: Catalogue) -> Iterator[str]:
    key = "power.of-pairs" if row.effect in EFFECTS else "power.false-alarms"
    low, high = row.power_interval
    yield catalogue.text(key, power=row.power, low=low, high=high)
    if row.effect in EFFECTS and row.pairs > 1:
        yield catalogue.text("power.study", power=row.study)
    if row.refused:
        yield catalogue.text("power.cannot-tell", share=row.refused / row.draws)
    if row.value == row.value:
        yield catalogue.text("power.estimate", value=row.value, low=row.expected[0], high=row.expected[1])


def _smallest(table: Power, design: SmallestDesign, catalogue: Catalogue) -> str:
    facts: dict[str, Any] = {
        "strength": design.strength,
        "measure": measure_title(design.measure, catalogue),
        "goal": table.plan.goal,
    }
    if design.pairs is None:
        return catalogue.text("power.not-reached", **facts)
    key = "power.reached" if design.times is None else "power.reached-times"
    return catalogue.text(
        key, **facts, pairs=design.pairs, minutes=design.minutes, times=design.times, power=design.power
    )  # fmt: skip

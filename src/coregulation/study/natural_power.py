"""How many hours an ordinary pair needs: read from a table of simulated evenings that was made once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from coregulation.data import data_text
from coregulation.report.catalogue import Catalogue
from coregulation.report.text_table import Row, aligned, wrap


@dataclass(frozen=True, slots=True)
class NaturalPowerRow:
    """How often natural mode tells something of pairs of one kind.

    Parameters
    ----------
    index
        "arousal" or "beats": what it is computed from.
    pairs
        "help" (three times as fast beside a settled partner), "help-responds" (the partner rises with the person, too) or "nothing".
    hours
        Recorded together.
    share, low, high
        Share of pairs of whom it is told, with its 95 % interval; of "nothing" it is a false claim in either direction.
    draws
        Simulated pairs.
    """

    index: str
    pairs: str
    hours: float
    share: float
    low: float
    high: float
    draws: int


@cache
def natural_power() -> tuple[NaturalPowerRow, ...]:
    """Read the table.

    Returns
    -------
    tuple of NaturalPowerRow
        In the order of the file.
    """
    return tuple(NaturalPowerRow(**row) for row in tomllib.loads(data_text("natural_power.toml"))["row"])


def natural_power_lines(width: int, catalogue: Catalogue | None = None) -> list[str]:
    """Write the table for a terminal, and how many hours are enough.

    Parameters
    ----------
    width
        Of the terminal, in characters.
    catalogue
        The reader's language; English by default.

    Returns
    -------
    list of str
        A block for arousal and one for beats.
    """
    catalogue = catalogue or Catalogue()
    lines = wrap(catalogue.text("natural-power.title"), width)
    for index in dict.fromkeys(row.index for row in natural_power()):
        lines += ["", *wrap(catalogue.text(f"natural-power.{index}"), width, "  ")]
        lines += aligned(_rows(index, catalogue), width, 4)
    return [*lines, "", *wrap(catalogue.text("natural-power.how-to-read"), width)]


def _rows(index: str, catalogue: Catalogue) -> Iterator[Row]:
    chosen = [row for row in natural_power() if row.index == index]
    for pairs in dict.fromkeys(row.pairs for row in chosen):
        cells = [_cell(row, catalogue) for row in chosen if row.pairs == pairs]
        yield catalogue.text(f"natural-power.{pairs}"), "", "; ".join(cells)


def _cell(row: NaturalPowerRow, catalogue: Catalogue) -> str:
    interval = (round(100 * row.low), round(100 * row.high))
    return catalogue.text("natural-power.cell", hours=row.hours, share=round(row.share, 2), interval=interval)

"""What a page is made of: tables, figures with the numbers behind them, and statements with what would settle them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coregulation.report.catalogue.formatter import MISSING

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table of words and numbers, already in the reader's language."""

    header: Sequence[str]
    rows: Rows
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture, what it shows, and the tables of the numbers behind it."""

    svg: Markup
    caption: str | Markup
    tables: Sequence[PageTable] = ()
    note: str = ""


def number(value: float | None, specification: str = ".3g") -> str:
    """Format a table's number; a dash stands where there is none."""
    return MISSING if value is None or not math.isfinite(value) else format(value, specification).replace("-", "−")

"""Print sentences and tables as wide as the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from coregulation.report.text_table import Row, aligned, terminal_width, wrap


def say(sentence: str) -> None:
    """Print a paragraph, wrapped to the terminal."""
    print("\n".join(wrap(sentence, terminal_width())))


def say_rows(rows: Iterable[Row], indent: int = 2) -> None:
    """Print rows of three columns, aligned and wrapped to the terminal."""
    print("\n".join(aligned(rows, terminal_width(), indent)))

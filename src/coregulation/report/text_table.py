"""Text for a terminal: paragraphs and aligned columns, nothing wider than the screen."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Sequence

MAX_WIDTH = 100  # characters; wider lines are hard to read
_LEAST_DETAIL = 32  # characters that the last column keeps on a narrow terminal

Row = tuple[str, str, str]


def terminal_width() -> int:
    """Return the width of the terminal in characters, at most 100."""
    return min(shutil.get_terminal_size().columns, MAX_WIDTH)


def wrap(text: str, width: int, indent: str = "", hanging: str = "") -> list[str]:
    """Break a text into lines; words such as paths and options stay whole.

    Parameters
    ----------
    text
        One paragraph.
    width
        Of the terminal, in characters.
    indent
        What each line begins with.
    hanging
        What each line after the first begins with besides.

    Returns
    -------
    list of str
        The lines.
    """
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent + hanging, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def wrap_prose(text: str, width: int) -> str:
    """Wrap the paragraphs of a text; lines that begin with a space, such as examples, stay as they are.

    Parameters
    ----------
    text
        With one line for each paragraph.
    width
        Of the terminal, in characters.

    Returns
    -------
    str
        The text.
    """
    lines: list[str] = []
    for line in text.splitlines():
        lines += [line] if line.startswith(" ") or not line else wrap(line, width)
    return "\n".join(lines)


def aligned(rows: Iterable[Row], width: int, indent: int = 2) -> list[str]:
    """Align rows of three columns; the last one wraps under itself.

    Parameters
    ----------
    rows
        Label, state and detail; where no row has a state there is no column for it.
    width
        Of the terminal, in characters.
    indent
        Spaces before each line.

    Returns
    -------
    list of str
        The lines. Where the labels leave too little of the width, the details stand below them.
    """
    table: Sequence[Row] = list(rows)
    if not table:
        return []
    label_width, state_width = (max(len(row[column]) for row in table) for column in (0, 1))
    start = indent + label_width + 2 + (state_width + 2 if state_width else 0)
    if width - start < _LEAST_DETAIL:
        return [line for row in table for line in _stacked(row, width, indent)]
    lines = []
    for label, state, detail in table:
        lead = " " * indent + f"{label:{label_width}}  " + (f"{state:{state_width}}  " if state_width else "")
        parts = wrap(detail, width - start) or [""]
        lines += [f"{lead}{parts[0]}".rstrip(), *(" " * start + part for part in parts[1:])]
    return lines


def _stacked(row: Row, width: int, indent: int) -> list[str]:
    label, state, detail = row
    head = f"{label}  {state}".rstrip()
    return [*wrap(head, width, " " * indent, "  "), *wrap(detail, width, " " * (indent + 4))]

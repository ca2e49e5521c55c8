"""Praat TextGrids, long and short: intervals with text are turns of their tier."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from coregulation.errors import DataError
from coregulation.io.text import decode_text, read_bytes
from coregulation.io.turns.turn_format import SpokenSpan, TurnFormat, has_suffix, spoken_span

SILENCES = frozenset({"", "sil", "silence", "silent", "sp", "#"})  # texts of an interval in which nobody speaks
_TOKEN = re.compile(r'"((?:[^"]|"")*)"|(?<![\w\[.])(-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)(?![\w\]])')


def read_praat(path: Path) -> list[SpokenSpan]:
    """Read turns from a TextGrid.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    list of SpokenSpan
        Of each interval tier in turn; the speaker is the tier's name. Intervals that are empty or called silence
        ("sil", "silence", "silent", "sp", "#") are left out.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is no TextGrid, or it is cut off.
    """
    tokens = _tokens(decode_text(read_bytes(path), path))
    try:
        if [next(tokens), next(tokens)] != ["ooTextFile", "TextGrid"]:
            raise DataError(
                "{path}: a TextGrid begins with ooTextFile and TextGrid; this file does not.", path=str(path)
            )
        _, _, tiers = (float(next(tokens)) for _ in range(3))  # start, end, number of tiers
        return [span for _ in range(int(tiers)) for span in _tier(path, tokens)]
    except (StopIteration, ValueError, RuntimeError) as error:
        raise DataError("{path}: the TextGrid is cut off or damaged.", path=str(path)) from error


def _tokens(text: str) -> Iterator[str]:
    """Yield texts and numbers in order; names of fields and their indices, which the short form leaves out, are passed over."""
    for token in _TOKEN.finditer(text):
        yield token[2] if token[2] is not None else token[1].replace('""', '"')


def _tier(path: Path, tokens: Iterator[str]) -> list[SpokenSpan]:
    kind, name, _, _, count = (next(tokens) for _ in range(5))
    spans = []
    for _ in range(int(count)):
        if kind != "IntervalTier":
            next(tokens), next(tokens)  # a point and its label
            continue
        start, end, text = float(next(tokens)), float(next(tokens)), next(tokens)
        if text.strip().lower() not in SILENCES:
            spans.append(spoken_span(path, name, start, end))
    return spans


FORMAT = TurnFormat(
    name="Praat",
    files="`.TextGrid`",
    recognise=has_suffix(".textgrid"),
    read=read_praat,
    speaker="name of an interval tier",
    left_out="point tiers; intervals without text or called silence",
    reference="Boersma & Weenink, Praat manual, TextGrid file formats",
    example=(
        "talk.TextGrid",
        (
            'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 10\ntiers? <exists>\nsize = 2\nitem []:\n'
            '    item [1]:\n        class = "IntervalTier"\n        name = "ada"\n        xmin = 0\n        xmax = 10\n'
            '        intervals: size = 3\n        intervals [1]:\n            xmin = 0\n            xmax = 1\n            text = ""\n'
            '        intervals [2]:\n            xmin = 1\n            xmax = 4.5\n            text = "say ""hm"" 2"\n'
            '        intervals [3]:\n            xmin = 4.5\n            xmax = 10\n            text = "sil"\n'
            '    item [2]:\n        class = "IntervalTier"\n        name = "ben"\n        xmin = 0\n        xmax = 10\n'
            '        intervals: size = 1\n        intervals [1]:\n            xmin = 4\n            xmax = 7\n            text = "yes"\n'
        ),
    ),
)

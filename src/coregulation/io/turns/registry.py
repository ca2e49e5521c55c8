"""The formats of turns: a new one is a file beside this one and a line here."""

from __future__ import annotations

from pathlib import Path

from coregulation.errors import DataError
from coregulation.io.turns import edf_annotations, elan, praat, subtitles, turn_table
from coregulation.io.turns.turn_format import SpokenSpan, TurnFormat

TURN_FORMATS: tuple[TurnFormat, ...] = (  # the first that recognises a path reads it
    elan.FORMAT,
    praat.FORMAT,
    subtitles.FORMAT,
    edf_annotations.FORMAT,
    turn_table.FORMAT,
)


def read_turns(path: Path) -> list[SpokenSpan]:
    """Read who spoke when from a file of any format.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    list of SpokenSpan
        In the order of the file; they may overlap. Those without a length are left out.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it cannot be read as what its name says, or holds no turn.
    """
    reader = next((item for item in TURN_FORMATS if item.recognise(path)), turn_table.FORMAT)
    spans = [span for span in reader.read(path) if span.end > span.start]
    if not spans:
        raise DataError(
            "{path}: there is no turn of speech in it ({name} was expected: {speaker}).",
            path=str(path), name=reader.name, speaker=reader.speaker,
        )  # fmt: skip
    return spans


def turn_formats_table() -> str:
    """Write the formats of turns as a table.

    Returns
    -------
    str
        Markdown; each line ends with a line break.
    """
    head = ("format", "files", "who spoke", "left out or refused")
    rows = [(item.name, item.files, item.speaker, item.left_out) for item in TURN_FORMATS]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ("---",) * len(head), *rows))

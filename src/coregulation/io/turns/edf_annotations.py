"""Turns among the annotations of an EDF+ file: `speech NAME`, with a duration."""

from __future__ import annotations

from pathlib import Path

from coregulation.io.formats.reader_libraries import import_reader, reader_errors
from coregulation.io.text import read_bytes
from coregulation.io.turns.turn_format import SpokenSpan, TurnFormat, has_suffix, spoken_span

SPEECH = "speech "  # what the annotation of a turn begins with; the speaker follows


def read_edf_turns(path: Path) -> list[SpokenSpan]:
    """Read turns from the annotations of an EDF+ file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    list of SpokenSpan
        One per annotation `speech NAME` with a duration, in s from the start of the file.

    Raises
    ------
    UsageError
        If there is no such file, or edfio is not installed.
    DataError
        If it is damaged.
    """
    edfio = import_reader("edfio", "EDF")
    content = read_bytes(path)
    with reader_errors(path, "EDF"):
        annotations = edfio.read_edf(content).annotations
    return [
        spoken_span(path, note.text[len(SPEECH) :], note.onset, note.onset + (note.duration or 0.0))
        for note in annotations
        if note.text.lower().startswith(SPEECH)
    ]


FORMAT = TurnFormat(
    name="EDF+ annotations",
    files="`.edf`",
    recognise=has_suffix(".edf"),
    read=read_edf_turns,
    speaker="annotations `speech NAME` with a duration",
    left_out="other annotations",
    reference="Kemp & Olivan 2003, doi:10.1016/S1388-2457(03)00123-8",
    example=("talk.edf", ""),
)

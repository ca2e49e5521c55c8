"""What each format of turns says of itself: how it is recognised and read, and an example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from coregulation.errors import DataError


class SpokenSpan(NamedTuple):
    """One turn as a file has it.

    Parameters
    ----------
    speaker
        Who spoke, as the file names them.
    start
        In s from the file's own zero.
    end
        In s from the file's own zero; not before `start`.
    """

    speaker: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnFormat:
    """One format of turns. The registry, the documentation and the tests read this.

    Parameters
    ----------
    name
        What people call it.
    files
        Which files it comes as, in Markdown.
    recognise
        Says from the name of a path whether it is of this format.
    read
        Reads it; raises `DataError` where it cannot be used.
    speaker
        What in it says who spoke, in Markdown.
    left_out
        What of it is not read.
    reference
        The specification.
    example
        A small valid file: its name and its text.
    """

    name: str
    files: str
    recognise: Callable[[Path], bool]
    read: Callable[[Path], list[SpokenSpan]]
    speaker: str
    left_out: str
    reference: str
    example: tuple[str, str]


def spoken_span(path: Path, speaker: str, start: float, end: float) -> SpokenSpan:
    """Check one turn.

    Parameters
    ----------
    path
        Of the file, for errors.
    speaker
        As the file has it.
    start
        In s.
    end
        In s.

    Returns
    -------
    SpokenSpan
        With the speaker's name without spaces around it.

    Raises
    ------
    DataError
        If it ends before it starts.
    """
    if not start <= end:
        raise DataError(
            "{path}: a turn of {speaker!r} ends at {end:g} s, before it starts at {start:g} s.",
            path=str(path), speaker=speaker, start=start, end=end,
        )  # fmt: skip
    return SpokenSpan(speaker.strip(), start, end)


def has_suffix(*suffixes: str) -> Callable[[Path], bool]:
    """Make a test of a path's ending.

    Parameters
    ----------
    *suffixes
        Endings with their dot, in small letters.

    Returns
    -------
    Callable
        Says whether a path ends in one of them, whatever the case of its letters.
    """
    return lambda path: path.suffix.lower() in suffixes

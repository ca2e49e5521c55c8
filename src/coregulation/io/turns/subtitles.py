"""Subtitles (WebVTT and SRT) with the names of speakers: a cue is a turn of who says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from coregulation.errors import DataError
from coregulation.io.text import decode_text, read_bytes
from coregulation.io.turns.turn_format import SpokenSpan, TurnFormat, has_suffix, spoken_span

_STAMP = r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)"
_TIMES = re.compile(rf"\s*{_STAMP}\s*-->\s*{_STAMP}(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_PREFIX = re.compile(r"\s*(?:-\s*)?([^\s:<>\-][^:<>]{0,40}):(?:\s|$)")


def read_subtitles(path: Path) -> list[SpokenSpan]:
    """Read turns from subtitles; the speaker is in a voice tag (`<v Ada>`) or before a colon (`Ada: …`).

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    list of SpokenSpan
        One per cue and speaker.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If there is no cue in it, or one names no speaker.
    """
    spans, unnamed = [], []
    for start, end, text in _cues(decode_text(read_bytes(path), path)):
        speakers = _speakers(text)
        spans += [spoken_span(path, speaker, start, end) for speaker in speakers]
        unnamed += [start] if text.strip() and not speakers else []
    if unnamed:
        raise DataError(
            "{path}: {count:d} cue(s) name no speaker, the first at {start:g} s. Write the speaker before each cue's text "
            "(Ada: … or <v Ada>), or name the speaker of these cues in a table with the columns person, start and end.",
            path=str(path), count=len(unnamed), start=unnamed[0],
        )  # fmt: skip
    return spans


def _cues(text: str) -> Iterator[tuple[float, float, str]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").split("\n")
    at = 0
    while at < len(lines):
        times = _TIMES.fullmatch(lines[at])
        at += 1
        if times is None:
            continue
        words = []
        while at < len(lines) and lines[at].strip():
            words.append(lines[at])
            at += 1
        yield _seconds(*times.groups()[:3]), _seconds(*times.groups()[3:]), "\n".join(words)


def _seconds(hours: str | None, minutes: str, seconds: str) -> float:
    return 3600.0 * int(hours or 0) + 60.0 * int(minutes) + float(seconds.replace(",", "."))


def _speakers(text: str) -> list[str]:
    named = _VOICE.findall(text) or [match[1] for line in text.split("\n") if (match := _PREFIX.match(line))]
    return list(dict.fromkeys(name.strip() for name in named))


FORMAT = TurnFormat(
    name="WebVTT, SRT",
    files="`.vtt`, `.srt`",
    recognise=has_suffix(".vtt", ".srt"),
    read=read_subtitles,
    speaker="voice tag (`<v Ada>`), or name before a colon (`Ada: …`)",
    left_out="cues without text; a cue without a speaker is refused",
    reference="WebVTT: The Web Video Text Tracks Format, W3C",
    example=(
        "talk.vtt",
        "WEBVTT\n\n1\n00:01.000 --> 00:04.500\n<v ada>Hm.\n\n00:00:04.000 --> 00:00:07.000 align:start\nben: Yes.\n",
    ),
)

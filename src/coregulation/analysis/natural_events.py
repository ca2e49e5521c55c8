"""Which events of a session a person's level is averaged around: marks, the other's turns of speech, blocks with a cue."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from coregulation.analysis.speech import find_speech
from coregulation.regulation.natural.event_locked import EventCourse, EventKind, EventName
from coregulation.regulation.natural.levels import PairLevels
from coregulation.session import Session


def event_courses(session: Session, people: tuple[str, str], levels: PairLevels) -> tuple[EventCourse, EventCourse]:
    """Put the events of a session beside the levels of two people.

    Parameters
    ----------
    session
        With marks, turns or blocks.
    people
        Ids, in the order of the levels.
    levels
        Of the same session.

    Returns
    -------
    tuple of EventCourse
        Of the first and of the second person. A person's own turns are no events of theirs: speaking itself moves the level.
    """
    first, second = (
        EventCourse(level, levels.rate, _events(session, person, levels))
        for person, level in zip(people, levels.levels, strict=True)
    )
    return first, second


def _events(session: Session, person: str, levels: PairLevels) -> dict[EventName, np.ndarray]:
    times: dict[EventName, list[float]] = {}
    for name, time in _named(session, person):
        times.setdefault(name, []).append(time)
    count = levels.levels.shape[1]
    samples = {
        name: np.rint((np.array(at) - levels.start) * levels.rate).astype(np.int64) for name, at in times.items()
    }
    return {name: at[(at >= 0) & (at < count)] for name, at in samples.items()}


def _named(session: Session, person: str) -> Iterator[tuple[EventName, float]]:
    for mark in session.marks:
        if not mark.by_hand:
            yield (EventKind.MARK, mark.label), mark.time
    for speaker, spans in find_speech(session).items():
        if speaker != person:
            yield from (((EventKind.TURN, speaker), span.start) for span in spans)
    for block in session.blocks:
        yield from (((EventKind.CUE, cue), block.start) for cue, is_open in block.cues.items() if is_open)

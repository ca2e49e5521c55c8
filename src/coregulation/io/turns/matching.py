"""Turns of a file to turns of the people of a session: whose each is, and which part was recorded."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from coregulation.errors import DataError, UsageError, nearest_names, similar_names
from coregulation.events import Turn
from coregulation.io.remarks import ReadingRemark, note
from coregulation.io.turns.turn_format import SpokenSpan
from coregulation.session import Recording, Remark, Session
from coregulation.signals import Window

NOBODY = "none"  # a speaker who is left out on purpose


def with_turns(
    session: Session, spans: Sequence[SpokenSpan], path: Path, speakers: Mapping[str, str], start: float = 0.0
) -> Session:
    """Return a session with the turns of a file.

    Parameters
    ----------
    session
        As it was recorded.
    spans
        From `read_turns`; those that overlap are kept as they are.
    path
        Of the file, for errors.
    speakers
        Whose turns a speaker's are, where the names differ; "none" leaves a speaker out.
    start
        Session time of the file's zero, in s.

    Returns
    -------
    Session
        With the turns that were recorded, and remarks on what was cut off.

    Raises
    ------
    UsageError
        If a speaker is mapped who is not in the file, or to somebody who is not in the session.
    DataError
        If a speaker is none of the people, or no turn lies within what was recorded.
    """
    people = [person.id for person in session.people]
    names = _names(path, [span.speaker for span in spans], people, speakers)
    turns, remarks = [], []
    for recording in session.recordings:
        person = recording.person.id
        own = [Turn(person, start + s.start, start + s.end) for s in spans if names[s.speaker] == person]
        kept = _clipped(own, recorded_window(recording))
        lost = math.fsum(turn.length for turn in own) - math.fsum(turn.length for turn in kept)
        if lost > 1e-6:
            remarks.append(Remark(person, "", *note(ReadingRemark.SPEECH_CLIPPED, length=lost)))
        if not own:
            remarks.append(Remark(person, "", *note(ReadingRemark.SPEECH_NONE)))
        turns += kept
    if not turns:
        first, last = min(span.start for span in spans), max(span.end for span in spans)
        raise DataError(
            "{path}: its turns lie from {first:g} to {last:g} s, and none of them in what was recorded of their speakers. "
            "If its zero is not that of the session, state the session time of its zero (--turns-start, or start in [turns]).",
            path=str(path), first=start + first, last=start + last,
        )  # fmt: skip
    return replace(session, turns=tuple(turns)).with_remarks(*remarks)


def recorded_window(recording: Recording) -> Window:
    """Return the span from the first to the last value of a person.

    Parameters
    ----------
    recording
        With at least one channel.

    Returns
    -------
    Window
        Session time.
    """
    windows = [signal.window for signal in recording.signals.values()]
    windows += [recording.beats.window] if recording.beats is not None else []
    return Window(min(window.start for window in windows), max(window.end for window in windows))


def _clipped(turns: Sequence[Turn], recorded: Window) -> list[Turn]:
    inside = [(turn, turn.window.overlap(recorded)) for turn in turns]
    return [Turn(turn.person, part.start, part.end) for turn, part in inside if part is not None and part.length > 0]


def _names(path: Path, named: Sequence[str], people: Sequence[str], speakers: Mapping[str, str]) -> dict[str, str]:
    """Return whose each speaker's turns are; names that differ in capitals only are the same."""
    known = list(dict.fromkeys(named))
    _check_mapping(path, known, people, speakers)
    plain = {person.casefold(): person for person in people}
    meant = {name: speakers.get(name, plain.get(name.casefold(), "")) for name in known}
    unknown = [name for name, person in meant.items() if not person]
    if unknown:
        near = similar_names(unknown[0], people) or (people[0],)
        raise DataError(
            "{path}: the speakers in it are {known:and}, the people of the session are {people:and}, and {unknown!r} is none of "
            "them. State whose turns they are, such as --speaker {example!r}, or leave them out with --speaker {left_out!r} "
            "(in a manifest, under [turns.speakers]).",
            path=str(path), known=tuple(known), people=tuple(people), unknown=unknown[0],
            example=f"{unknown[0]}={near[0]}", left_out=f"{unknown[0]}={NOBODY}",
        )  # fmt: skip
    return meant


def _check_mapping(path: Path, known: Sequence[str], people: Sequence[str], speakers: Mapping[str, str]) -> None:
    for name, person in speakers.items():
        if name not in known:
            raise UsageError(
                "{path}: there is no speaker {name!r} in it. Did you mean {near:or}?",
                path=str(path), name=name, near=nearest_names(name, known),
            )  # fmt: skip
        if person not in people and person != NOBODY:
            raise UsageError(
                "The speaker {name!r} cannot be {person!r}, since nobody of the session has that name. Did you mean {near:or}? "
                "Say {nobody!r} to leave a speaker out.",
                name=name, person=person, near=nearest_names(person, people), nobody=NOBODY,
            )  # fmt: skip

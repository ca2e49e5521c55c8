"""Who spoke when: as it was stated, else as the voice channels of a session tell."""

from __future__ import annotations

from collections.abc import Mapping

from coregulation.physiology.speech import merge_spans
from coregulation.physiology.voice import turns_of_voices
from coregulation.session import Session
from coregulation.signals import Window

VOICE = "voice"  # channel


def find_speech(session: Session) -> Mapping[str, tuple[Window, ...]]:
    """Find the spans in which each person of a session speaks.

    Parameters
    ----------
    session
        With turns, or with a voice channel per person.

    Returns
    -------
    mapping of str to tuple of Window
        By person, in order of time and without overlaps; a person of whom it is not known is not in it.
    """
    people = [person.id for person in session.people]
    if session.turns is not None:
        return {person: merge_spans(session.speech(person) or ()) for person in people}
    voices = {r.person.id: r.signals[VOICE] for r in session.recordings if VOICE in r.signals}
    return {person: turns for person, turns in turns_of_voices(voices).items() if turns is not None}

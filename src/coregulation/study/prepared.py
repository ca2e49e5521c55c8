"""A session as a study compares it: each person's signals on one grid, kept on disk so that each session is prepared once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from coregulation._version import __version__
from coregulation.analysis.preprocessing import (
    assess_quality,
    beats_behind,
    common_rate,
    comparable_channels,
    extract_signal,
    plan_for,
    prepare_signal,
)
from coregulation.analysis.regulation import scripted_input
from coregulation.errors import CoregulationError
from coregulation.reasons import reason_of
from coregulation.session import Recording, Session
from coregulation.signals import Floats, Signal, Unit
from coregulation.study.atomic import write_bytes

_CODE = f"{__version__}/2"
"""Raise the number when what is prepared changes."""


class PreparedPerson(msgspec.Struct, frozen=True):
    """Somebody in a prepared session.

    Parameters
    ----------
    id
        Pseudonym, unique in the session only.
    role
        As stated, or None.
    starts
        By channel: session time of the first sample, s.
    refused
        By channel: why it cannot be used, as code and facts.
    fingerprints
        By channel: of the values before any filter, by which a copied recording is recognised.
    """

    id: str
    role: str | None
    starts: dict[str, float]
    refused: dict[str, dict[str, Any]]
    fingerprints: dict[str, str]


class PreparedFacts(msgspec.Struct, frozen=True):
    """What a study knows of a session without its signals.

    Parameters
    ----------
    name
        Of the session.
    folder
        That it lies in.
    task
        As stated, or None.
    shared
        What everybody got at once; None where nobody said.
    people
        In the session's order.
    rates
        By channel, Hz.
    key
        Fingerprint of the session's content and of how it was prepared.
    remarks
        Number of remarks on what was left out of the recording.
    simulated
        Whether the session says that it is simulated.
    """

    name: str
    folder: str
    task: str | None
    shared: tuple[str, ...] | None
    people: tuple[PreparedPerson, ...]
    rates: dict[str, float]
    key: str
    remarks: int
    simulated: bool


@dataclass(frozen=True, slots=True)
class PreparedSession:
    """A session's facts and signals.

    Parameters
    ----------
    facts
        What is known without the signals.
    values
        By "person/channel", shape (samples,); NaN where missing.
    """

    facts: PreparedFacts
    values: Mapping[str, Floats]

    def signal(self, person: int, channel: str) -> Signal | None:
        """Return one person's channel as it is compared.

        Parameters
        ----------
        person
            Number in the session's order.
        channel
            Its name.

        Returns
        -------
        Signal or None
            None where the person lacks it or it was refused.
        """
        of = self.facts.people[person]
        values = self.values.get(f"{person}/{channel}")
        if values is None:
            return None
        return Signal(values, self.facts.rates[channel], of.starts[channel], Unit.ARBITRARY)


def prepare_session(
    name: str, folder: str, session: Session, digest: str, rates: Mapping[str, float]
) -> PreparedSession:
    """Prepare every comparable channel of a session.

    Parameters
    ----------
    name, folder
        The session's name and the folder that it lies in.
    session
        As it was opened.
    digest
        Of its files.
    rates
        By channel, the rate of the whole study in Hz; the session's own where the study's is not known yet.

    Returns
    -------
    PreparedSession
        With the reason for each channel that cannot be used.
    """
    used: dict[str, float] = {}
    values: dict[str, Floats] = {}
    people = []
    for number, recording in enumerate(in_order(session.recordings)):
        person = PreparedPerson(recording.person.id, recording.person.role, {}, {}, {})
        for channel in comparable_channels(recording):
            used.setdefault(channel, min(rates.get(channel, np.inf), common_rate(session, channel, plan_for(channel))))
            signal = _prepared(recording, channel, session, used[channel], person)
            if signal is not None:
                values[f"{number}/{channel}"] = np.asarray(signal.values)
                person.starts[channel] = signal.start
        people.append(person)
    key = content_key(name, digest, used)
    facts = PreparedFacts(
        name, folder, session.task, session.shared, tuple(people), used, key, len(session.remarks), session.simulated
    )
    return PreparedSession(facts, values)


def in_order(recordings: Sequence[Recording]) -> list[Recording]:
    """Put people in the same order in every session of a study.

    Parameters
    ----------
    recordings
        Of a session.

    Returns
    -------
    list of Recording
        By role in the order of the alphabet where everybody has a role of their own; else as the session has them.
    """
    roles = [recording.person.role for recording in recordings]
    if None in roles or len(set(roles)) < len(roles):
        return list(recordings)
    return sorted(recordings, key=lambda recording: str(recording.person.role))


def _prepared(
    recording: Recording, channel: str, session: Session, rate: float, person: PreparedPerson
) -> Signal | None:
    """Prepare one channel, and note on the person its fingerprint and why it is refused."""
    plan = plan_for(channel)
    try:
        beats = beats_behind(recording, channel, session)
        signal = extract_signal(recording, channel, rate, session, beats)
        quality = assess_quality(signal, recording, channel, session, plan, beats)
        if quality.refused is not None:
            person.refused[channel] = quality.refused.as_plain()
            return None
        person.fingerprints[channel] = hashlib.sha256(signal.values.tobytes()).hexdigest()[:16]
        prepared = prepare_signal(signal, plan, rate)
    except CoregulationError as error:
        person.refused[channel] = reason_of(error).as_plain()
        return None
    for span in () if plan.band else scripted_input(session):
        prepared = prepared.without(span)
    return prepared


def content_key(name: str, digest: str, rates: Mapping[str, float]) -> str:
    """Fingerprint a prepared session.

    Parameters
    ----------
    name
        Of the session.
    digest
        Of its files.
    rates
        By channel, Hz.

    Returns
    -------
    str
        Sixteen hexadecimal digits.
    """
    text = msgspec.json.encode([name, digest, dict(rates), _CODE], order="sorted")
    return hashlib.sha256(text).hexdigest()[:16]


def write_prepared(session: PreparedSession, path: Path) -> None:
    """Keep a prepared session; a reader sees all of it or nothing.

    Parameters
    ----------
    session
        What is kept.
    path
        Its file.
    """
    arrays = {name: values.tobytes() for name, values in session.values.items()}
    write_bytes(path, msgspec.msgpack.encode((session.facts, arrays)))


def read_prepared(path: Path) -> PreparedSession:
    """Read a prepared session.

    Parameters
    ----------
    path
        Its file.

    Returns
    -------
    PreparedSession
        As it was written, to the bit.

    Raises
    ------
    OSError
        If there is no such file.
    """
    facts, arrays = msgspec.msgpack.decode(path.read_bytes(), type=tuple[PreparedFacts, dict[str, bytes]])
    return PreparedSession(facts, {name: np.frombuffer(raw) for name, raw in arrays.items()})

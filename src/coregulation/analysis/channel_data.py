"""A channel as it is compared: each person's signal on one grid, with its quality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coregulation.analysis.beat_source import BeatSeries
from coregulation.analysis.preprocessing import (
    SignalPlan,
    assess_quality,
    beats_behind,
    comparable_channels,
    extract_signal,
    prepare_signal,
)
from coregulation.analysis.regulation import scripted_input
from coregulation.analysis.results import Quality
from coregulation.session import Session
from coregulation.signals import Signal


@dataclass(frozen=True, slots=True, eq=False)
class ChannelData:
    """A channel as it is compared.

    Parameters
    ----------
    name
        Of the channel.
    plan
        How it is compared.
    rate
        Hz, for everybody.
    traces
        Each person's signal on one grid.
    qualities
        Of each person who has the channel.
    others
        The traces of each other session of the script.
    """

    name: str
    plan: SignalPlan
    rate: float
    traces: Mapping[str, Signal]
    qualities: tuple[Quality, ...]
    others: tuple[Mapping[str, Signal], ...] = ()


def prepare_traces(
    session: Session, name: str, plan: SignalPlan, rate: float, hearts: Mapping[str, BeatSeries | None]
) -> tuple[dict[str, Signal], tuple[Quality, ...]]:
    """Prepare a channel of everybody who has it.

    Parameters
    ----------
    session
        With its recordings.
    name
        Of the channel.
    plan
        How it is compared.
    rate
        Of the traces, in Hz.
    hearts
        Each person's beats, where they were selected before.

    Returns
    -------
    traces : dict
        By person, the signal as it is compared; without those whose signal is refused. Scripted stressors of several people
        are taken out, unless the plan keeps a band of faster rhythms.
    qualities : tuple of Quality
        Of everybody who has the channel.
    """
    traces, qualities = {}, []
    for recording in session.recordings:
        if name not in comparable_channels(recording):
            continue
        made_of = beats_behind(recording, name, session, hearts.get(recording.person.id))
        signal = extract_signal(recording, name, rate, session, made_of)
        quality = assess_quality(signal, recording, name, session, plan, made_of)
        qualities.append(quality)
        if quality.refused is None:
            trace = prepare_signal(signal, plan, rate)
            scripted = () if plan.band else scripted_input(session)  # a rhythm of seconds does not follow the timetable
            for span in scripted:
                trace = trace.without(span)
            traces[recording.person.id] = trace
    return traces, tuple(qualities)

"""Choose the source of one person's beats, clean them, and decide whether they can be used."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coregulation.analysis.person_reasons import PersonReason
from coregulation.errors import DataError
from coregulation.filters import MAX_GAP
from coregulation.physiology.beats import Beat, collect_beats
from coregulation.physiology.ecg import EcgBeats
from coregulation.physiology.ppg import PpgBeats, upright
from coregulation.physiology.cleaned_beats import CleanedBeats, clean_beats, gather_beats
from coregulation.physiology.judged_beats import Artefact
from coregulation.physiology.rr_cleaning import RrCleaning
from coregulation.physiology.synthetic_rr import synthesised_minutes
from coregulation.reasons import Reason, because, reason_of
from coregulation.session import FOUND_IN_ECG, FOUND_IN_PPG, Recording, Session
from coregulation.signals import Beats, Bools, Signal, Window
from coregulation.stage import Piece, Stage, run

BEAT_SOURCES = ("beats", "ecg", "ppg")  # the best first
FOUND_IN = {"ecg": FOUND_IN_ECG, "ppg": FOUND_IN_PPG}  # code of the remark on beats that were found in a channel


@dataclass(frozen=True, slots=True, eq=False)
class BeatSeries:
    """The beats of one person, judged.

    Parameters
    ----------
    source
        "beats" (recorded as such), "ecg" or "ppg".
    cleaned
        Every beat with what is wrong with it; none in an excluded span.
    lost
        Spans in which a waveform could not be read.
    remarks
        What to keep in mind with any number made of these beats.
    refused
        Why no number is made of them; None where they can be used.
    is_pulse
        They are pulses, so their intervals give PRV and not HRV.
    """

    source: str
    cleaned: CleanedBeats
    lost: tuple[Window, ...] = ()
    remarks: tuple[Reason, ...] = ()
    refused: Reason | None = None
    is_pulse: bool = False


def choose_beat_source(recording: Recording) -> str | None:
    """Choose what a person's beats come from.

    Parameters
    ----------
    recording
        The person's channels.

    Returns
    -------
    str or None
        "beats" where a device gave them, else "ecg", else "ppg"; None without any of them.
    """
    there = recording.channels
    return next((source for source in BEAT_SOURCES if source in there), None)


def select_beats(recording: Recording, session: Session) -> BeatSeries | None:
    """Find or take a person's beats from the best source, and clean them.

    Excluded spans are taken out before beats are detected or judged, and no interval runs across one. Beats of
    different sources are never mixed. An inverted PPG is turned round, and a remark says so.

    Parameters
    ----------
    recording
        The person's channels.
    session
        For exclusions, and for remarks on how the beats were recorded.

    Returns
    -------
    BeatSeries or None
        Beats with what is wrong with each; no beats and `refused` where the waveform cannot be used; None where there
        is no source.
    """
    source = choose_beat_source(recording)
    excluded = session.excluded(recording.person.id)
    if source is None:
        return None
    if source == "beats":
        assert recording.beats is not None
        found = clean_beats(_outside(recording.beats, excluded))
        made = synthetic_rr_remark(recording)
        series = BeatSeries(source, found, is_pulse=_are_pulses(recording, session))
        return _with_remarks(series, *((made,) if made else ()))
    try:
        signal = _left(recording.signals[source], excluded)
        upward = source == "ecg" or upright(signal)
        judged, lost = _detected(signal, EcgBeats() if source == "ecg" else PpgBeats(upward))
    except DataError as error:
        return BeatSeries(source, gather_beats(()), refused=reason_of(error), is_pulse=source == "ppg")
    remarks = () if upward else (because(PersonReason.PPG_INVERTED),)
    return _with_remarks(BeatSeries(source, judged, lost, is_pulse=source == "ppg"), *remarks)


def bridge_short_breaks(beats: Beats, longest: float = MAX_GAP) -> Beats:
    """Bridge short breaks in the chain of beats, for measures that need a level and no interval.

    One missed beat or one lost packet would otherwise void every window around it: with 2 % of packets lost, three
    windows in four. An artefact is put into the middle of each break, so that nothing across the break counts as an
    interval.

    Parameters
    ----------
    beats
        Beats with their breaks.
    longest
        Longest break that is bridged, in s.

    Returns
    -------
    Beats
        With one artefact per bridged break.
    """
    assert beats.ok is not None
    assert beats.breaks is not None
    short = _short_breaks(beats, longest)
    at, gap = np.flatnonzero(short), np.diff(beats.times, prepend=-math.inf)
    times = np.insert(beats.times, at, beats.times[at] - gap[at] / 2)
    return Beats(times, np.insert(beats.ok, at, False), np.insert(beats.breaks & ~short, at, False))


def bridging_remark(beats: Beats) -> Reason | None:
    """Count the breaks that `bridge_short_breaks` bridges by default.

    Parameters
    ----------
    beats
        Beats with their breaks.

    Returns
    -------
    Reason or None
        With their number and the longest break that is bridged, in s; None where there are none.
    """
    count = int(_short_breaks(beats).sum())
    return because(PersonReason.BREAKS_BRIDGED, count=count, longest=MAX_GAP) if count else None


def _short_breaks(beats: Beats, longest: float = MAX_GAP) -> Bools:
    assert beats.breaks is not None
    return beats.breaks & (np.diff(beats.times, prepend=-math.inf) <= longest)


def synthetic_rr_remark(recording: Recording) -> Reason | None:
    """Check whether a strap made RR intervals from its heart rate instead of measuring them.

    Parameters
    ----------
    recording
        Needs both beats and "heart_rate" for the check.

    Returns
    -------
    Reason or None
        With the number of minutes in which it did; None where there are none, or one of the two channels is missing.
    """
    if recording.beats is None or "heart_rate" not in recording.signals:
        return None
    minutes = len(synthesised_minutes(recording.beats, recording.signals["heart_rate"]))
    return because(PersonReason.SYNTHETIC_RR, count=minutes) if minutes else None


def _are_pulses(recording: Recording, session: Session) -> bool:
    """Return whether beats that were recorded as such were once found in a PPG, and written down to be corrected."""
    own = (remark for remark in session.remarks if remark.person == recording.person.id)
    return any(remark.code == FOUND_IN_PPG for remark in own)


def _left(signal: Signal, excluded: tuple[Window, ...]) -> Signal:
    for span in excluded:
        signal = signal.without(span)
    return signal


def _outside(beats: Beats, excluded: tuple[Window, ...]) -> Beats:
    """Return the beats outside some spans; the chain breaks at each."""
    assert beats.ok is not None
    assert beats.breaks is not None
    inside = np.zeros(len(beats), bool)
    breaks = beats.breaks.copy()
    for span in excluded:
        inside |= (beats.times >= span.start) & (beats.times < span.end)
        after = int(np.searchsorted(beats.times, span.end))
        breaks[after : after + 1] = True
    return Beats(beats.times[~inside], beats.ok[~inside], breaks[~inside])


def _detected(
    signal: Signal, detector: Stage[Signal, Any, tuple[Beat, ...]]
) -> tuple[CleanedBeats, tuple[Window, ...]]:
    beats = [beat for piece in run(detector, [Piece(signal, signal.window.end)]) for beat in piece.data]
    pieces = run(RrCleaning(), [Piece(tuple(beats), math.inf)])
    return gather_beats(pieces), collect_beats([Piece(tuple(beats), math.inf)]).lost


def _with_remarks(beats: BeatSeries, *remarks: Reason) -> BeatSeries:
    """Return beats with remarks on their source and artefacts, refused where there are none or too many are marked."""
    found = (because(PersonReason.BEATS_FOUND_IN, source=beats.source),) if beats.source != "beats" else ()
    pulse = (because(PersonReason.PULSE),) if beats.is_pulse else ()
    every = (*found, *pulse, *remarks, *_artefacts(beats.cleaned))
    return replace(beats, remarks=every, refused=_refusal(beats.cleaned))


def _artefacts(found: CleanedBeats) -> tuple[Reason, ...]:
    counts = {kind: found.count(kind) for kind in Artefact if found.count(kind)}
    kinds = tuple(because(PersonReason(f"artefact.{kind.value}"), count=count) for kind, count in counts.items())
    if not kinds:
        return ()
    return (because(PersonReason.ARTEFACTS, share=found.share, count=len(found.beats), kinds=kinds),)


def _refusal(found: CleanedBeats) -> Reason | None:
    return found.refusal if len(found.beats) else because(PersonReason.NO_BEAT_FOUND)

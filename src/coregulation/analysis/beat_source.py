"""Choose the source of one person's beats, clean them, and decide whether they can be used."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coregulation.analysis.person_reasons import PersonReason
from coregulation.channels import HEART_RATE
from coregulation.errors import DataError
from coregulation.filters import MAX_GAP
from coregulation.physiology.beats import Beat, collect_beats
from coregulation.physiology.cleaned_beats import CleanedBeats, clean_beats, gather_beats
from coregulation.physiology.ecg import EcgBeats
from coregulation.physiology.fault_clusters import clustered_faults
from coregulation.physiology.judged_beats import Artefact, BeatClass
from coregulation.physiology.ppg import PpgBeats, upright
from coregulation.physiology.rr_cleaning import RrCleaning
from coregulation.physiology.synthetic_rr import synthesised_minutes
from coregulation.reasons import Reason, because, reason_of
from coregulation.session import FOUND_IN_ECG, FOUND_IN_PPG, Recording, Session
from coregulation.signals import Beats, Signal, Window
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
    channels = recording.channels
    return next((source for source in BEAT_SOURCES if source in channels), None)


def with_beats(recording: Recording) -> tuple[Recording, str | None]:
    """Find a person's beats where none were recorded as such, so that somebody can look through them.

    Parameters
    ----------
    recording
        The person's channels.

    Returns
    -------
    Recording
        With beats, where there is a waveform to find them in.
    str or None
        The channel in which they were found; None where they were recorded, or cannot be had.
    """
    source = choose_beat_source(recording)
    if source in (None, "beats"):
        return recording, None
    assert source is not None
    stage = EcgBeats() if source == "ecg" else PpgBeats(upright(recording.signals[source]))
    beats = collect_beats(run(stage, [Piece(recording.signals[source], math.inf)])).beats
    clocks = {**recording.clocks, "beats": recording.clock(source)}
    return replace(recording, beats=beats, clocks=clocks), source


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

    References
    ----------
    Lipponen JA, Tarvainen MP (2019), J Med Eng Technol 43:173, doi:10.1080/03091902.2019.1640306
    """
    source = choose_beat_source(recording)
    excluded = session.excluded(recording.person.id)
    if source is None:
        return None
    if source == "beats":
        assert recording.beats is not None
        cleaned = clean_beats(_outside(recording.beats, excluded))
        synthetic = synthetic_rr_remark(recording)
        series = BeatSeries(source, cleaned, is_pulse=_are_pulses(recording, session))
        return _with_remarks(series, *((synthetic,) if synthetic else ()))
    try:
        signal = _left(recording.signals[source], excluded)
        upward = source == "ecg" or upright(signal)
        judged, lost = _detected(signal, EcgBeats() if source == "ecg" else PpgBeats(upward))
    except DataError as error:
        return BeatSeries(source, gather_beats(()), refused=reason_of(error), is_pulse=source == "ppg")
    remarks = () if upward else (because(PersonReason.PPG_INVERTED),)
    return _with_remarks(BeatSeries(source, judged, lost, is_pulse=source == "ppg"), *remarks)


def bridging_remark(cleaned: CleanedBeats) -> Reason | None:
    """Count the breaks that `level_beats` corrects or bridges.

    Parameters
    ----------
    cleaned
        Beats with what is wrong with each.

    Returns
    -------
    Reason or None
        With their number and the longest break that is bridged, in s; None where there are none.
    """
    beats = cleaned.beats
    assert beats.breaks is not None
    short = beats.breaks & (np.diff(beats.times, prepend=-math.inf) <= MAX_GAP)
    count = int((short & ~clustered_faults(cleaned.artefacts, beats.times, cleaned.usual)).sum())
    return because(PersonReason.BREAKS_BRIDGED, count=count, longest=MAX_GAP) if count else None


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
    if recording.beats is None or HEART_RATE not in recording.signals:
        return None
    minutes = len(synthesised_minutes(recording.beats, recording.signals[HEART_RATE]))
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
    detected = (because(PersonReason.BEATS_FOUND_IN, source=beats.source),) if beats.source != "beats" else ()
    pulse = (because(PersonReason.PULSE),) if beats.is_pulse else ()
    every = (*detected, *pulse, *remarks, *_artefacts(beats.cleaned), *_not_normal(beats.cleaned))
    return replace(beats, remarks=every, refused=_refusal(beats.cleaned))


def _artefacts(beats: CleanedBeats) -> tuple[Reason, ...]:
    counts = {kind: beats.count(kind) for kind in Artefact if beats.count(kind)}
    kinds = tuple(because(PersonReason(f"artefact.{kind.value}"), count=count) for kind, count in counts.items())
    if not kinds:
        return ()
    return (because(PersonReason.ARTEFACTS, share=beats.share, count=len(beats.beats), kinds=kinds),)


def _not_normal(beats: CleanedBeats) -> tuple[Reason, ...]:
    """Count the beats that are not normal, by class; where no shape is known, their artefacts say it."""
    if not beats.has_shapes:
        return ()
    counts = {kind: beats.count_class(kind) for kind in BeatClass if kind is not BeatClass.NORMAL}
    kinds = tuple(because(PersonReason(f"class.{kind.value}"), count=count) for kind, count in counts.items() if count)
    return (because(PersonReason.NOT_NORMAL, count=sum(counts.values()), kinds=kinds),) if kinds else ()


def _refusal(beats: CleanedBeats) -> Reason | None:
    return beats.refusal if len(beats.beats) else because(PersonReason.NO_BEAT_FOUND)

"""One person's heart: where its beats come from, what is wrong with them, and whether they can be used."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from coregulation.errors import DataError
from coregulation.filters import MAX_GAP
from coregulation.physiology.beats import Beat, collect_beats
from coregulation.physiology.ecg import EcgBeats
from coregulation.physiology.estimate import format_digits
from coregulation.physiology.ppg import PpgBeats, upright
from coregulation.physiology.rr_cleaning import (
    Artefact,
    CleanedBeats,
    RrCleaning,
    clean_beats,
    gather_beats,
    synthesised_minutes,
)
from coregulation.session import Recording, Session
from coregulation.signals import Beats, Bools, Signal, Window
from coregulation.stage import Piece, Stage, run

BEAT_SOURCES = ("beats", "ecg", "ppg")  # the best first
FOUND_IN = "beats found in the "  # of a remark, with the channel they were found in
PULSE = "pulse, not ECG: intervals between pulses give PRV, not HRV"
PULSE_INVERTED = "the pulse was recorded upside down (more blood is lower), and was turned"


@dataclass(frozen=True, slots=True, eq=False)
class BeatSeries:
    """The beats of one person, judged.

    Args:
        source: "beats" (recorded as such), "ecg" or "ppg".
        cleaned: every beat with what is wrong with it; none in an excluded span.
        lost: spans in which a waveform could not be read.
        remarks: what must be said beside any number made of these beats.
        refused: why no number is made of them; None where they can be used.
    """

    source: str
    cleaned: CleanedBeats
    lost: tuple[Window, ...] = ()
    remarks: tuple[str, ...] = ()
    refused: str | None = None


def choose_beat_source(recording: Recording) -> str | None:
    """Return what a person's beats come from: beats as recorded, else ECG, else PPG; None without any of them."""
    there = recording.channels
    return next((source for source in BEAT_SOURCES if source in there), None)


def select_beats(recording: Recording, session: Session) -> BeatSeries | None:
    """Return a person's beats from the best source there is, cleaned; None if there is no source.

    Excluded spans are taken out before beats are looked for or judged, and no interval runs across one. The beats of
    one source are never mixed with those of another. A PPG that is upside down is turned, and that is told.
    """
    source = choose_beat_source(recording)
    excluded = session.excluded(recording.person.id)
    if source is None:
        return None
    if source == "beats":
        assert recording.beats is not None
        found = clean_beats(_outside(recording.beats, excluded))
        made = synthetic_rr_remark(recording)
        pulses = (PULSE,) if _pulses(recording, session) else ()
        return _told(BeatSeries(source, found), *pulses, *((made,) if made else ()))
    try:
        signal = _left(recording.signals[source], excluded)
        upward = source == "ecg" or upright(signal)
        judged, lost = _detected(signal, EcgBeats() if source == "ecg" else PpgBeats(upward))
    except DataError as error:
        return BeatSeries(source, gather_beats(()), refused=str(error))
    remarks = ((PULSE,) if source == "ppg" else ()) + (() if upward else (PULSE_INVERTED,))
    return _told(BeatSeries(source, judged, lost), *remarks)


def bridge_short_breaks(beats: Beats, longest: float = MAX_GAP) -> Beats:
    """Return beats whose chain goes on over each break of up to `longest` s, for what needs a level and no interval.

    A beat that is marked as none is put into the middle, so that nothing across the break counts as an interval. One
    missed beat or one lost packet would otherwise void every window around it: at 2 % of packets lost three in four.
    """
    assert beats.ok is not None
    assert beats.breaks is not None
    short = _short_breaks(beats, longest)
    at, gap = np.flatnonzero(short), np.diff(beats.times, prepend=-math.inf)
    times = np.insert(beats.times, at, beats.times[at] - gap[at] / 2)
    return Beats(times, np.insert(beats.ok, at, False), np.insert(beats.breaks & ~short, at, False))


def bridging_remark(beats: Beats) -> str | None:
    """Return what must be said where `bridged` goes on over a break, if it does."""
    count = int(_short_breaks(beats).sum())
    plural = "s" if count > 1 else ""
    return f"{count} break{plural} of up to {MAX_GAP:g} s between beats bridged for heart rate" if count else None


def _short_breaks(beats: Beats, longest: float = MAX_GAP) -> Bools:
    assert beats.breaks is not None
    return beats.breaks & (np.diff(beats.times, prepend=-math.inf) <= longest)


def synthetic_rr_remark(recording: Recording) -> str | None:
    """Return what must be said where a strap made its RR from its heart rate, if it did."""
    if recording.beats is None or "heart_rate" not in recording.signals:
        return None
    minutes = len(synthesised_minutes(recording.beats, recording.signals["heart_rate"]))
    if not minutes:
        return None
    plural = "s" if minutes > 1 else ""
    return f"RR were made from the heart rate, not measured, in {minutes} minute{plural}: they say nothing of HRV"


def _pulses(recording: Recording, session: Session) -> bool:
    """Return whether beats that are there as such were found in a PPG, and written down to be corrected."""
    said = f"{FOUND_IN}ppg"
    return any(remark.person == recording.person.id and remark.what == said for remark in session.remarks)


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


def _told(heart: BeatSeries, *said: str) -> BeatSeries:
    """Return a heart with what must be said of it, and refused where too little or too much is wrong."""
    made = (f"from {heart.source}",) if heart.source != "beats" else ()
    remarks = (*made, *said, *_counted(heart.cleaned))
    return BeatSeries(heart.source, heart.cleaned, heart.lost, remarks, _refusal(heart.cleaned))


def _counted(found: CleanedBeats) -> tuple[str, ...]:
    kinds = ", ".join(f"{found.count(kind)} {kind.value}" for kind in Artefact if found.count(kind))
    return (
        (f"{format_digits(100 * found.share)}% of {len(found.beats)} beats were marked as artefacts ({kinds})",)
        if kinds
        else ()
    )


def _refusal(found: CleanedBeats) -> str | None:
    if not len(found.beats):
        return "no beat was found"
    try:
        found.check()
    except DataError as error:
        return str(error)
    return None

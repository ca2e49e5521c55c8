"""Beats after cleaning: all that came, marked, what is wrong with each, and a series without holes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from coregulation.physiology.beats import Beat, beat_stream
from coregulation.physiology.fault_clusters import clustered_faults, doubtful_intervals
from coregulation.physiology.judged_beats import Artefact, BeatClass, JudgedBeat
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.rr_cleaning import REFUSES, WARNS, RrCleaning
from coregulation.reasons import Reason, because
from coregulation.signals import Beats, Floats
from coregulation.stage import Piece, run


@dataclass(frozen=True, slots=True, eq=False)
class CleanedBeats:
    """Beats after cleaning.

    Parameters
    ----------
    beats
        Every beat that came, marked: `ok` is False where the beat cannot be trusted, `breaks` True where the interval
        before it cannot. `beats.nn` is what RMSSD and its kin are made of.
    artefacts
        What is wrong with each beat, or None.
    usual
        Shape (n,), the usual interval at each beat, in s; NaN where it is not known.
    classes
        Class of each beat.
    judged
        The beats as `RrCleaning` returned them, each for itself.
    has_shapes
        True where the shapes of beats were known, not their times alone.
    """

    beats: Beats
    artefacts: tuple[Artefact | None, ...]
    usual: Floats = field(repr=False)
    classes: tuple[BeatClass, ...] = field(repr=False)
    judged: tuple[JudgedBeat, ...] = field(repr=False)
    has_shapes: bool = False

    @property
    def share(self) -> float:
        """Share of the beats with something wrong, or that are not normal, 0 to 1."""
        assert self.beats.ok is not None
        marked = np.array([artefact is not None for artefact in self.artefacts], bool)
        return float((marked | ~self.beats.ok).mean()) if len(marked) else 0.0

    @property
    def corrected(self) -> Beats:
        """A series without holes for what needs one (spectra): extra beats left out, displaced ones between their neighbours, one missed beat put in.

        Each of them is still marked not ok. What is longer than 3 s or three beats stays a gap. Not for a heart rate: see `level_beats`.
        """
        return _corrected(self.judged)

    def count(self, artefact: Artefact) -> int:
        """How many beats have this wrong with them."""
        return self.artefacts.count(artefact)

    def count_class(self, category: BeatClass) -> int:
        """How many beats are of this class."""
        return self.classes.count(category)

    @property
    def warning(self) -> Reason | None:
        """Why any HRV made of these beats has to be read with care; None where it has not."""
        return because(PhysiologyReason.MANY_ARTEFACTS, share=self.share) if self.share > WARNS else None

    @property
    def refusal(self) -> Reason | None:
        """Why no HRV is made of these beats; None where it can be."""
        if self.share <= REFUSES:
            return None
        return because(PhysiologyReason.TOO_MANY_ARTEFACTS, share=self.share, allowed=REFUSES, count=len(self.beats))


def clean_beats(beats: Beats) -> CleanedBeats:
    """Clean a whole recording's beats: run the stage `RrCleaning` to the end.

    Parameters
    ----------
    beats
        Session times in s, with `ok` and `breaks`.

    Returns
    -------
    CleanedBeats
        Every beat, marked, what is wrong with each, and a corrected series.
    """
    return gather_beats(run(RrCleaning(), [Piece(beat_stream(beats), math.inf)]))


def gather_beats(pieces: Iterable[Piece[tuple[JudgedBeat, ...]]]) -> CleanedBeats:
    """Collect a stream of judged beats in arrays.

    Parameters
    ----------
    pieces
        What `RrCleaning` returned, in order of time.

    Returns
    -------
    CleanedBeats
        Every beat, marked, what is wrong with each, and a corrected series.
    """
    detected = [beat for piece in pieces for beat in piece.data]
    artefacts = tuple(beat.artefact for beat in detected)
    beats = as_beats(detected)
    assert beats.breaks is not None
    usual = np.array([beat.median for beat in detected], float)
    unknown = clustered_faults(artefacts, beats.times, usual) | doubtful_intervals(beats.rr, artefacts, usual, beats.nn)
    trusted = Beats(beats.times, beats.ok, beats.breaks | unknown)
    classes = tuple(beat.category for beat in detected)
    has_shapes = any(math.isfinite(beat.likeness) for beat in detected)
    return CleanedBeats(trusted, artefacts, usual, classes, tuple(detected), has_shapes)


def as_beats(beats: Sequence[Beat]) -> Beats:
    """Turn single beats into arrays, as a stage takes them.

    Parameters
    ----------
    beats
        In order of time.

    Returns
    -------
    Beats
        Session times in s, with their `ok` and `breaks`.
    """
    columns = ([beat.time for beat in beats], [beat.ok for beat in beats], [beat.breaks for beat in beats])
    return Beats(np.array(columns[0], float), np.array(columns[1], bool), np.array(columns[2], bool))


_MAX_GAP = 3.0  # s


def _corrected(beats: Sequence[JudgedBeat]) -> Beats:
    """Leave out extra beats, centre displaced ones, put in one missed beat; all still marked."""
    kept = [beat for beat in beats if beat.artefact is not Artefact.EXTRA]
    out: list[Beat] = []
    for i, beat in enumerate(kept):
        before = kept[i - 1].time if i else math.nan
        if beat.artefact is Artefact.MISSED and beat.time - before <= _MAX_GAP:
            parts = round((beat.time - before) / beat.median)
            times = [before + k * (beat.time - before) / parts for k in range(1, parts)]
            out += [Beat(time, 0.0, ok=False) for time in times]
            out.append(Beat(beat.time, beat.confidence))
        elif beat.artefact is Artefact.ECTOPIC and 0 < i < len(kept) - 1 and not kept[i + 1].breaks:
            out.append(Beat((before + kept[i + 1].time) / 2, beat.confidence, ok=False))
        else:
            out.append(beat)
    return as_beats(out)

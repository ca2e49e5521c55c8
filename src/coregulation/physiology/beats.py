"""Beats as they leave a detector: each with its confidence, and the spans in which nothing could be told."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from coregulation.signals import Beats, Floats, Window, frozen
from coregulation.stage import Piece


@dataclass(frozen=True, slots=True)
class Beat:
    """One beat, final.

    Parameters
    ----------
    time
        Session time of the R apex (ECG) or of the steepest systolic upstroke (PPG), in s.
    confidence
        0 to 1, how much this looks like a beat and like its neighbours; not a probability.
    ok
        False marks an artefact.
    breaks
        True where the interval that ends here is unknown, since beats may have been lost before it.
    lost
        The span in which the signal could not be read since the last beat, if there was one.
    likeness
        Concordance (in size too) with the shape that beats of this recording usually have, -1 to 1; NaN where no shape is known.
    is_paced
        True where beats of this shape follow a pacemaker's spike.
    """

    time: float
    confidence: float = 1.0
    ok: bool = True
    breaks: bool = False
    lost: Window | None = None
    likeness: float = math.nan
    is_paced: bool = False


@dataclass(frozen=True, slots=True)
class EarlyBeat:
    """A beat as first seen, for a pulse on a screen. It may be taken back silently and enters no result.

    Parameters
    ----------
    time
        Session time, in s.
    """

    time: float


@dataclass(frozen=True, slots=True, eq=False)
class Detected:
    """All beats of a stream.

    Parameters
    ----------
    beats
        The beats, with `ok` and `breaks`.
    confidence
        Shape (n,), 0 to 1.
    lost
        The spans between beats in which the signal could not be read.
    """

    beats: Beats
    confidence: Floats
    lost: tuple[Window, ...]


def collect_beats(pieces: Iterable[Piece[tuple[Beat, ...]]]) -> Detected:
    """Collect a stream of beats in arrays.

    Parameters
    ----------
    pieces
        What a detector or `RrCleaning` returned, in order of time.

    Returns
    -------
    Detected
        All n beats, the confidence of each and the spans that could not be read. Empty arrays if there was no beat.
    """
    detected = [beat for piece in pieces for beat in piece.data]
    beats = Beats(
        np.array([beat.time for beat in detected]),
        np.array([beat.ok for beat in detected], bool),
        np.array([beat.breaks for beat in detected], bool),
    )
    confidence = frozen([beat.confidence for beat in detected])
    return Detected(beats, confidence, tuple(beat.lost for beat in detected if beat.lost is not None))


def beat_stream(beats: Beats) -> tuple[Beat, ...]:
    """Turn arrays of beats into single beats, as a stage takes them (those of a chest strap, or from a file).

    Parameters
    ----------
    beats
        Session times in s with `ok` and `breaks`.

    Returns
    -------
    tuple of Beat
        One per time, with confidence 1 and no lost span, since arrays of beats hold neither.
    """
    assert beats.ok is not None
    assert beats.breaks is not None
    rows = zip(beats.times.tolist(), beats.ok.tolist(), beats.breaks.tolist(), strict=True)
    return tuple(Beat(time, ok=ok, breaks=breaks) for time, ok, breaks in rows)

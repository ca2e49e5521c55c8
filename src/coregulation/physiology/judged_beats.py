"""A beat with what is wrong with it and where it comes from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from coregulation.physiology.beats import Beat


class Artefact(Enum):
    """What is wrong with a beat, or with the interval that ends at it."""

    MISSED = "missed"  # one or more beats were not found in the interval
    EXTRA = "extra"  # the beat is none
    ECTOPIC = "ectopic"  # the beat came early or late, and the next one where it was due
    LONG = "long"  # the interval is too long, and no missed beat explains it
    SHORT = "short"  # the interval is too short, and no extra beat explains it


class BeatClass(Enum):
    """Where a beat comes from, as far as shape and timing tell."""

    NORMAL = "normal"  # of the usual shape, when it was due
    VENTRICULAR = "ventricular"  # of another shape, early
    SUPRAVENTRICULAR = "supraventricular"  # of the usual shape, early
    PACED = "paced"  # after a pacemaker's spike
    UNKNOWN = "unknown"  # of another shape when it was due, or early and no shape is known


@dataclass(frozen=True, slots=True)
class JudgedBeat(Beat):
    """A beat, what is wrong with it, and its class: `ok` and `breaks` include the judgement, `artefact` gives its kind.

    Parameters
    ----------
    time
        Session time of the beat, in s.
    confidence
        0 to 1, from the detector; not a probability.
    ok
        False where the beat cannot be trusted.
    breaks
        True where the interval that ends here cannot be trusted.
    lost
        The span in which the signal could not be read since the last beat; None if there was none.
    likeness
        Concordance with the usual shape, from the detector; NaN where no shape is known.
    is_paced
        True where beats of this shape follow a pacemaker's spike.
    artefact
        What is wrong with the beat or its interval; None where nothing is.
    median
        The usual interval here, in s: the median of the last sound ones; NaN where it is not known.
    category
        Class of the beat, by shape and timing; by timing alone where no shape is known.
    certainty
        0 to 1, how clear the class is; not a probability.
    """

    artefact: Artefact | None = None
    median: float = math.nan
    category: BeatClass = BeatClass.NORMAL
    certainty: float = 0.5

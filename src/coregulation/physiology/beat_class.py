"""Class of a beat by shape and timing: normal, ventricular, supraventricular, paced, or unknown."""

from __future__ import annotations

import math

from coregulation.physiology.beats import Beat
from coregulation.physiology.judged_beats import Artefact, BeatClass

ALIKE = (0.8, 0.9)  # concordance from which a beat has the usual shape: in noise (the detector's own limit) and without
UNLIKE = 4.0  # times the usual distance from 1 at which it has another shape (our choice)
EARLY = 0.85  # share of the usual interval below which a beat is premature (our choice; RSA of the young reaches 0.75)
BEFORE_PAUSE = 0.8  # share of the interval after it below which a beat of another shape is premature
_BY_TIMING, _PACED = 0.5, 0.9  # certainty of a class without a shape, and of a paced one
_OUT_OF_TURN = (Artefact.ECTOPIC, Artefact.SHORT)


def classify_beat(
    beat: Beat, artefact: Artefact | None, here: float, after: float, usual: float, typical: float
) -> tuple[BeatClass, float]:
    """Classify one beat.

    Parameters
    ----------
    beat
        With the likeness of its shape to the usual one.
    artefact
        What RR cleaning says of it.
    here, after
        The intervals before and after it, in s; NaN where one is not known.
    usual
        The usual interval, in s; NaN where it is not known.
    typical
        Likeness that normal beats usually have here.

    Returns
    -------
    BeatClass
        Normal, ventricular, supraventricular, paced or unknown.
    float
        Certainty of the class, 0 to 1; not a probability.
    """
    if beat.is_paced:
        return BeatClass.PACED, _PACED
    if artefact is Artefact.EXTRA:
        return BeatClass.UNKNOWN, 0.0
    is_moved = artefact in _OUT_OF_TURN
    if math.isnan(beat.likeness):
        return (BeatClass.UNKNOWN if is_moved else BeatClass.NORMAL), _BY_TIMING
    is_early = here < EARLY * usual or here < BEFORE_PAUSE * after
    likeness, limit = max(0.0, beat.likeness), min(max(ALIKE[0], 1.0 - UNLIKE * (1.0 - typical)), ALIKE[1])
    if likeness < limit:
        return (BeatClass.VENTRICULAR if is_early else BeatClass.UNKNOWN), 1.0 - likeness / limit / 2
    if is_moved and is_early:
        return BeatClass.SUPRAVENTRICULAR, likeness / 2 + 0.25
    return BeatClass.NORMAL, likeness

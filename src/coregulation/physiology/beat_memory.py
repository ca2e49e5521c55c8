"""What the decision of beats remembers and its thresholds: structured types that the compiled parts share."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

SHAPE = 25  # points of a candidate's shape
SHAPES = 10  # shapes of beats that are remembered
PENDING = 32  # beats that wait for enough evidence of a heart, at most
WAITS = 30.0  # s that they wait, at most
CANDIDATE = np.dtype(
    [
        ("at", "f8"),
        ("height", "f8"),
        ("crest", "f8"),
        ("up", "f8"),
        ("up_gain", "f8"),
        ("down", "f8"),
        ("down_gain", "f8"),
        ("spike", "f8"),  # of a pacemaker just before, as a share of the deflection
        ("shape", "f8", (SHAPE,)),
    ]
)
BEST = 5.6  # the score (crest times likeness) beyond which a beat could not be clearer
KNOWN = 5  # beats after which what they look like is known
FADES = 4.0  # s without a beat after which smaller ones begin to count
LONGEST = 3.0  # s between two beats; a longer span without one is reported as lost
WAITING = 64  # candidates stand at least 80 ms apart: more than five seconds of them
BEAT = np.dtype(
    [
        ("time", "f8"),
        ("confidence", "f8"),
        ("breaks", "?"),
        ("lost_from", "f8"),
        ("lost_to", "f8"),
        ("likeness", "f8"),  # concordance with the usual shape, in size too; NaN where that is not known
        ("paced", "?"),
    ]
)
MEMORY = np.dtype(
    [
        ("last", "f8"),  # where the last beat's candidate stood
        ("height", "f8"),  # and how high
        ("alike", "f8"),  # and its concordance with the usual shape; NaN where that is not known
        ("emitted", "f8"),  # time of the last beat told
        ("beats", "i8"),
        ("rest", "i8"),
        ("interval_count", "i8"),
        ("readable", "?"),
        ("gap", "?"),
        ("heights", "f8", (8,)),
        ("intervals", "f8", (8,)),
        ("others", "f8", (12,)),
        ("scores", "f8", (9,)),
        ("likes", "f8", (9,)),
        ("shapes", "f8", (SHAPES, SHAPE)),
        ("uses", "f8", (SHAPES,)),
        ("votes", "f8", (SHAPES,)),  # as uses, forgotten more slowly: which shape is the usual one
        ("ups", "f8", (SHAPES,)),  # how far the upper and the lower extremum of each shape stand out
        ("downs", "f8", (SHAPES,)),
        ("sides", "i8", (SHAPES,)),  # the extremum that is the apex of each shape: 1, -1, or 0 for not known
        ("gaps", "f8", (SHAPES,)),  # mean interval before the beats of each shape (s)
        ("spikes", "f8", (SHAPES,)),  # share of the beats of each shape with a pacemaker's spike
        ("up_gain", "f8"),
        ("down_gain", "f8"),
        ("lost_from", "f8"),
        ("lost_to", "f8"),
        ("usual", "f8"),
        ("cap", "f8"),  # of the envelope in its mean; set at candidates alone, so that no cut of the stream moves it
        ("usual_rest", "f8"),
        ("interval", "f8"),
        ("long_interval", "f8"),
        ("short_interval", "f8"),
        ("score", "f8"),
        ("level", "f8"),  # mean of the envelope
        ("waiting", "i8"),
        ("giant_first", "f8"),  # where a run of candidates too high for a beat began (s)
        ("giant_last", "f8"),  # and its last one
        ("steady", "i8"),  # beats in a row since a heart was seen
        ("relearned", "?"),  # what is known was learned from such a run
        ("evidence", "f8"),  # for a heart, and against one: sums of log likelihood ratios
        ("doubt", "f8"),
        ("barren", "i8"),  # beats in a row that left no evidence
        ("proven", "?"),  # the evidence sufficed
        ("confirmed", "f8"),  # time of the last beat that left
        ("pending", "i8"),  # beats that wait for evidence
        ("rows", BEAT, (PENDING,)),
    ]
)


class BeatRule(NamedTuple):
    """The thresholds of the decision; a level is a share of the way from the height of the rest to that of the beats.

    They were chosen on simulated hearts and noise and on the development records (docs/accuracy.md), unless a
    reference stands behind them.

    Parameters
    ----------
    look_ahead
        Time after a candidate that must be known before it is decided, in s.
    refractory
        Time after a beat in which there is no other, in s (Pan & Tompkins have 0.2).
    settle
        Time after a beat in which a candidate may be its T wave, in s (Pan & Tompkins: 0.36).
    strong
        Level over which a candidate is a beat.
    weak
        Level over which a candidate is a beat if one is due and nothing better follows.
    guard
        Time beside a lost span in which nothing is decided, in s.
    unlike
        Share by which the level is raised for a candidate wholly unlike the known beats.
    giant
        Usual heights of a beat beyond which a candidate is a transient and no beat.
    patience
        Time of such candidates after which the beats themselves have become larger and are learned anew, in s.
    steep
        Share of the last beat's height that a candidate within `settle` must have.
    greater
        A candidate is no beat if one this many times as high follows within `complex_width`.
    complex_width
        Largest time between two deflections of one complex, in s.
    p_wave
        Largest time between a P wave and its complex, in s.
    taller
        A candidate is a P wave if one this many times as high follows within `p_wave`.
    learn
        Length of the stretch from which the first beats are learned, in s.
    crested
        True if beats are recognised because they stand out and look alike (ECG), False if they are recognised because
        they come evenly (PPG).
    opened
        Score from which a signal is taken to hold beats.
    closed
        Score below which it is no longer taken to hold beats.
    even
        Score from which a signal is taken to hold beats if their intervals are even.
    sure
        Score of a single beat that could not be clearer.
    proof
        Evidence (sum of log likelihood ratios) from which a signal is taken to hold a heart; 0 asks for none.

    References
    ----------
    Pan, J. & Tompkins, W. J. (1985), IEEE Trans Biomed Eng 32:230, doi:10.1109/TBME.1985.325532
    """

    look_ahead: float
    refractory: float
    settle: float
    strong: float
    weak: float
    guard: float
    unlike: float
    giant: float
    patience: float
    steep: float
    greater: float
    complex_width: float
    p_wave: float
    taller: float
    learn: float
    crested: bool
    opened: float
    closed: float
    even: float
    sure: float
    proof: float


def memory() -> npt.NDArray[Any]:
    """Make the memory of the decision as it is before any sample has come.

    Returns
    -------
    ndarray
        Shape (1,), of the structured type `MEMORY`; `decide_beats` changes it in place.
    """
    empty = np.zeros(1, MEMORY)
    for name in ("last", "emitted", "confirmed", "lost_to", "giant_first", "giant_last"):
        empty[name] = -np.inf
    empty["lost_from"] = empty["cap"] = np.inf
    return empty

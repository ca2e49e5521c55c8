"""Cues through which people reach each other: voice, sight, touch, and how strongly each acts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.signals import Floats


@dataclass(frozen=True, slots=True)
class Cue:
    """A way in which one person reaches another; all values are assumed.

    Parameters
    ----------
    weight
        Share of all that is received, 0 to 1.
    delay
        In s.
    """

    weight: float
    delay: float


CUES = {
    "voice": Cue(0.25, 0.6),
    "face": Cue(0.20, 0.4),
    "posture": Cue(0.10, 1.0),
    "touch": Cue(0.20, 0.8),
    "rhythm": Cue(0.10, 2.0),
    "presence": Cue(0.15, 5.0),
}


def cue_weights() -> Floats:
    """List the share of each cue.

    Returns
    -------
    ndarray, shape (cues,)
        In the order of `CUES`.
    """
    return np.array([cue.weight for cue in CUES.values()])

"""A name for how somebody is, by a rule and by a small hidden Markov model, both of which may say "unclear".

This names patterns of activation. It does not measure branches of the vagus, and the three-branch account is disputed.
Rest, sleep, fitness, medication and freezing can look alike from the heart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from coregulation.physiology.arousal import Arousal
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.reasons import Reason, because
from coregulation.settings import Z_LEVEL
from coregulation.signals import Floats, Window
from coregulation.stage import Piece


class State(Enum):
    """How somebody is, as far as can be told."""

    SETTLED = "settled-engaged"
    MOBILISED = "mobilised"
    SHUT_DOWN = "shut-down?"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class StateEvidence:
    """What is known of 30 s.

    Parameters
    ----------
    above
        Probability that arousal is over 1 (share of time and of the baseline's uncertainty).
    near
        Probability that it lies within ±0.75.
    arousal, rsa
        Their means in z of the person's own rest; NaN where unknown.
    still
        Whether movement and speech are low; None where unknown.
    engaged
        Whether there is speech, gaze or a self-report of at least 5 of 10; None where unknown.
    numb
        Self-report "numb or far away", 0 to 10; NaN where unknown.
    quality
        Share of the span in which arousal is known, 0 to 1.
    """

    above: float
    near: float
    arousal: float = math.nan
    rsa: float = math.nan
    still: bool | None = None
    engaged: bool | None = None
    numb: float = math.nan
    quality: float = 1.0


@dataclass(frozen=True, slots=True)
class NamedState:
    """A state and the reason for its name.

    Parameters
    ----------
    state
        How the person is; `UNCLEAR` where that cannot be shown.
    why
        The rule that named the state.
    """

    state: State
    why: Reason


def state_evidence(
    index: Arousal,
    window: Window,
    rsa: float = math.nan,
    engaged: bool | None = None,
    still: bool | None = None,
    numb: float = math.nan,
) -> StateEvidence:
    """Weigh arousal in a window over time and over the uncertainty of the baseline; the other evidence is passed on.

    Parameters
    ----------
    index
        Arousal with its bounds, in z of the person's own rest.
    window
        Span of session time.
    rsa
        Mean RSA in z of the person's own rest; NaN where unknown.
    engaged
        Whether there is speech, gaze or a self-report of engagement; None where unknown.
    still
        Whether movement and speech are low; None where unknown.
    numb
        Self-report "numb or far away", 0 to 10; NaN where unknown.

    Returns
    -------
    StateEvidence
        Probabilities, means and quality; quality 0 and nothing else where arousal is not known in the window.
    """
    x, low, high = (signal.within(window).values for signal in (index.value, index.low, index.high))
    known = np.isfinite(x)
    if not known.any():
        return StateEvidence(0.0, 0.0, quality=0.0)
    from scipy.special import ndtr

    spread = np.maximum((high - low)[known] / (2 * Z_LEVEL), 1e-6)

    def under(level: float) -> Floats:
        share: Floats = ndtr((level - x[known]) / spread)
        return share

    above, near = float((1 - under(1.0)).mean()), float((under(0.75) - under(-0.75)).mean())
    return StateEvidence(above, near, float(x[known].mean()), rsa, still, engaged, numb, quality=float(known.mean()))


def name_state(evidence: StateEvidence) -> NamedState:
    """Name a state by rule; what the evidence does not show is unclear.

    Parameters
    ----------
    evidence
        What is known of the span.

    Returns
    -------
    NamedState
        The state and why; `UNCLEAR` where the quality is under 0.7 or no rule applies.
    """
    if not evidence.quality >= 0.7 or math.isnan(evidence.arousal):
        return NamedState(State.UNCLEAR, because(PhysiologyReason.STATE_QUALITY))
    if evidence.above > 0.8:
        return NamedState(State.MOBILISED, because(PhysiologyReason.STATE_ABOVE_REST))
    if evidence.near > 0.8:
        if evidence.engaged:
            return NamedState(State.SETTLED, because(PhysiologyReason.STATE_NEAR_REST_ENGAGED))
        return NamedState(State.UNCLEAR, because(PhysiologyReason.STATE_NEAR_REST))
    low = evidence.arousal < -0.75 and evidence.rsa < -0.75
    if low and evidence.still and evidence.numb >= 6:
        return NamedState(State.SHUT_DOWN, because(PhysiologyReason.STATE_LOW_STILL_NUMB))
    if evidence.arousal < -0.75:
        return NamedState(State.UNCLEAR, because(PhysiologyReason.STATE_LOW))
    return NamedState(State.UNCLEAR, because(PhysiologyReason.STATE_BETWEEN))


STATE_NAMES = (State.SETTLED, State.MOBILISED, State.SHUT_DOWN)
_MEANS = np.array(
    [[0.0, 0.5, 0.0, 1.0], [1.8, -0.8, 0.7, 0.0], [-0.7, -0.8, -1.0, -1.0]]
)  # arousal, RSA, motion, engaged
_DWELL = np.array([120.0, 60.0, 120.0, 60.0])  # s, the last for "none of these"
_WIDE = 3.0  # standard deviation of "none of these"
_CLEAR, _GOOD = 0.6, 0.7  # probability and quality below which nothing is named


@dataclass(frozen=True, slots=True)
class StateFilter:
    """Forward filter of a hidden Markov model over steps of `hop` s: live as it is, with no look ahead.

    In: arousal, RSA, motion and engagement in z of the person's own rest, shape (n, 4), NaN where unknown (it then says
    nothing). Out: probabilities of `STATE_NAMES` and of none of them, shape (n, 4). Emissions are Gaussian. Every
    number in it is an assumption, not a fit.

    Parameters
    ----------
    hop
        Length of a step, in s.
    delay
        Always 0 s: the filter looks at nothing later.
    """

    hop: float = 5.0
    delay: float = 0.0

    def start(self) -> Floats:
        """Return the probabilities before anything is known."""
        return np.full(4, 0.25)

    def step(self, state: Floats, piece: Piece[Floats]) -> tuple[Floats, Piece[Floats]]:
        """Take some steps."""
        rows = np.empty((len(piece.data), 4))
        for i, z in enumerate(piece.data):
            state = self._next(state, z)
            rows[i] = state
        return state, Piece(rows, piece.until)

    def finish(self, state: Floats) -> Piece[Floats]:
        """Nothing is held."""
        return Piece(np.empty((0, 4)), math.inf)

    def _next(self, probability: Floats, z: Floats) -> Floats:
        leaves = probability * (1 - np.exp(-self.hop / _DWELL))
        ahead: Floats = probability - leaves + (leaves.sum() - leaves) / 3
        present = np.isfinite(z)
        near = -0.5 * ((z[present] - _MEANS[:, present]) ** 2).sum(axis=1)
        wide = -0.5 * ((z[present] / _WIDE) ** 2).sum() - present.sum() * math.log(_WIDE)
        logs = np.append(near, wide)
        posterior: Floats = ahead * np.exp(logs - logs.max())
        posterior /= posterior.sum()
        return posterior


def most_likely(probability: Floats, quality: float = 1.0) -> State:
    """Name the state that the model finds likeliest.

    Parameters
    ----------
    probability
        Shape (4,), 0 to 1: of each of `STATE_NAMES`, then of none of them.
    quality
        Share of the span in which arousal is known, 0 to 1.

    Returns
    -------
    State
        `UNCLEAR` where the likeliest has less than 0.6 or is none of them, or the quality is under 0.7.
    """
    best = int(np.argmax(probability))
    if quality < _GOOD or probability[best] < _CLEAR or best == len(STATE_NAMES):
        return State.UNCLEAR
    return STATE_NAMES[best]

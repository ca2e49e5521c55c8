"""How somebody was, every 30 s, named in two ways that must agree: by rule and by a hidden Markov model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coregulation.physiology.arousal import Arousal, Baseline
from coregulation.physiology.body import Body
from coregulation.physiology.motion import motion_at_rest
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.states import (
    NamedState,
    State,
    StateEvidence,
    StateFilter,
    most_likely,
    name_state,
    state_evidence,
)
from coregulation.reasons import Reason, because
from coregulation.signals import Floats, Signal, Window
from coregulation.stage import Piece, run

SPAN, HOP = 30.0, 5.0  # s
_STILL = 1.0  # z of movement, of this person's own rest, up to which somebody is still
_FURTHEST = 2.0  # z for the model: beyond its patterns, more of the same is no other pattern
_ENGAGED, _NUMB = 5.0, 6.0  # of 10
_HOLDS = 60.0  # s around a report

Reports = Mapping[str, tuple[tuple[float, float], ...]]


@dataclass(frozen=True, slots=True)
class StateSpan:
    """30 s with a name, or none.

    Parameters
    ----------
    window
        The 30 s of session time.
    by_rule
        What the rule says, why, and the doubt.
    by_model
        What the hidden Markov model says from what came before and up to here. Like the rule, it names neither
        engagement nor shutting down unless the person reported it.
    probability
        Of each of `STATE_NAMES` and of none of them, the model's mean over the span.
    arousal
        Mean in z of the person's own rest; NaN where it is unknown.
    """

    window: Window
    by_rule: NamedState
    by_model: State
    probability: tuple[float, ...]
    arousal: float

    @property
    def state(self) -> State:
        """The name that both give; unclear where they differ."""
        return self.by_model if self.by_model is self.by_rule.state else State.UNCLEAR

    @property
    def why(self) -> Reason:
        """Why it is so named."""
        if self.by_rule.state in (self.by_model, State.UNCLEAR):
            return self.by_rule.why
        rule, model = self.by_rule.state.value, self.by_model.value
        return because(PhysiologyReason.STATE_DISAGREE, rule=rule, model=model)


def name_states(
    body: Body, own: Baseline, reports: Reports | None = None, paced: bool = False
) -> tuple[StateSpan, ...]:
    """Name the states of a body, one for each 30 s of the session clock that arousal covers.

    Parameters
    ----------
    body
        All signals, with arousal.
    own
        The rest against which arousal was computed.
    reports
        Self-reports as (session time in s, 0 to 10), by "engaged" and "numb"; each holds for a minute on either side.
    paced
        True where a pacer guides the breath, so that RSA is not used.

    Returns
    -------
    tuple of StateSpan
        In order of time; empty where the body has no arousal.
    """
    index = body.arousal
    if index is None or not len(index.value):
        return ()
    moved = _moved(body.motion, own.window)
    seen = _Seen(index, None if paced else _z(body, "rsa", own), moved, reports or {})
    grid = _windows(index.value.window, HOP)
    model = next(run(StateFilter(HOP), [Piece(seen.rows(grid), math.inf)])).data
    first, each = round(grid[0].start / HOP), round(SPAN / HOP)
    spans = [(window, round(window.start / HOP) - first) for window in _windows(index.value.window, SPAN)]
    return tuple(_span(seen, window, model[max(0, at) : at + each].mean(axis=0)) for window, at in spans)


def _span(seen: _Seen, window: Window, probability: Floats) -> StateSpan:
    known = seen.evidence(window)
    return StateSpan(
        window, name_state(known), _by_model(probability, known), tuple(probability.tolist()), known.arousal
    )


def _by_model(probability: Floats, known: StateEvidence) -> State:
    """Return what the model says; what no heart can tell, only beside a report of the same."""
    state = most_likely(probability, known.quality)
    alone = (state is State.SHUT_DOWN and not known.numb >= _NUMB) or (state is State.SETTLED and not known.engaged)
    return State.UNCLEAR if alone else state


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a name can rest on."""

    index: Arousal
    rsa: Signal | None
    moved: Signal | None
    reports: Reports

    def rows(self, grid: list[Window]) -> Floats:
        """Return what the model takes of each step, shape (steps, 4)."""
        signals = (self.index.value, self.rsa, self.moved)
        z = [np.clip(_means(signal, grid[0].start, len(grid)), -_FURTHEST, _FURTHEST) for signal in signals]
        says = [self.engaged(window) for window in grid]
        return np.stack([*z, np.array([math.nan if word is None else float(word) for word in says])], axis=1)

    def evidence(self, window: Window) -> StateEvidence:
        """Return what the rule takes of a span."""
        movement = _mean(self.moved, window)
        still = None if math.isnan(movement) else movement <= _STILL
        numb = _reported(self.reports, "numb", window)
        return state_evidence(self.index, window, _mean(self.rsa, window), self.engaged(window), still, numb)

    def engaged(self, window: Window) -> bool | None:
        """Return whether the person said to be engaged."""
        value = _reported(self.reports, "engaged", window)
        return None if math.isnan(value) else value >= _ENGAGED


def _windows(span: Window, length: float) -> list[Window]:
    first, last = math.floor(span.start / length + 1e-9), math.ceil(span.end / length - 1e-9)
    return [Window(k * length, (k + 1) * length) for k in range(first, last)]


def _means(signal: Signal | None, start: float, steps: int) -> Floats:
    """Return the means of what is known in each step of `HOP` s from `start` on, NaN where nothing is."""
    if signal is None:
        return np.full(steps, np.nan)
    each, before = round(HOP * signal.rate), round((signal.start - start) * signal.rate)
    padded = np.full(steps * each, np.nan)
    padded[before : before + len(signal)] = signal.values
    rows = padded.reshape(steps, each)
    known = np.isfinite(rows).sum(axis=1)
    means: Floats = np.where(known > 0, np.nansum(rows, axis=1) / np.maximum(known, 1), np.nan)
    return means


def _mean(signal: Signal | None, window: Window) -> float:
    if signal is None:
        return math.nan
    valid = signal.within(window).values
    valid = valid[np.isfinite(valid)]
    return float(valid.mean()) if len(valid) else math.nan


def _z(body: Body, name: str, own: Baseline) -> Signal | None:
    if name not in own.rests or name not in body.inputs:
        return None
    rest, signal = own.rests[name], body.inputs[name]
    return Signal((signal.values - rest.middle) / rest.spread, signal.rate, signal.start, signal.unit)


def _moved(motion: Signal, rest: Window) -> Signal | None:
    """Return movement in z of the person's own rest; nothing where it never changed there."""
    calm = motion_at_rest(motion, rest)
    if calm is None:
        return None
    return Signal((motion.values - calm[0]) / calm[1], motion.rate, motion.start, motion.unit)


def _reported(reports: Reports, item: str, window: Window) -> float:
    """Return the report nearest to a window, within a minute of it."""
    near = [(abs(time - (window.start + window.end) / 2), value) for time, value in reports.get(item, ())]
    distance, value = min(near, default=(math.inf, math.nan))
    return value if distance <= _HOLDS + (window.end - window.start) / 2 else math.nan

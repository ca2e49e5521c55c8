"""The compiled core of `nervous_system`: Euler–Maruyama steps for a few coupled people. Loaded only when it runs."""

from __future__ import annotations

import math

import numpy as np

from coregulation._kernel_cache import njit

TWO_PI = 2 * math.pi


@njit(cache=True, nogil=True)
def _gate(x):  # type: ignore[no-untyped-def]
    return 1.0 / (1.0 + math.exp(-min(max(x, -40.0), 40.0)))


@njit(cache=True, nogil=True)
def _received(i, t, reach, lag, weight, emitted):  # type: ignore[no-untyped-def]
    """Cue valence that reaches i at a step, and how much of all cues is open to i (0 to 1)."""
    valence, openness = 0.0, 0.0
    for cue in range(len(weight)):
        total, heard, widest = 0.0, 0, 0.0
        for j in range(emitted.shape[1]):
            gain = reach[i, j, cue]
            if gain > 0.0:
                then = t - lag[i, j, cue]
                if then >= 0:
                    total += gain * emitted[then, j]
                heard += 1
                widest = max(widest, gain)
        if heard:
            valence += weight[cue] * total / heard
            openness += weight[cue] * widest
    return valence, openness


@njit(cache=True, nogil=True)
def _safety_target(p, valence, present, dose, arousal):  # type: ignore[no-untyped-def]
    cues = p.receptivity * (valence - 2.0 * p.conflict * max(valence, 0.0))
    threat = p.stress_threat * dose + p.arousal_threat * max(arousal, 0.0) + (0.0 if present else p.separation)
    return math.tanh(p.safety_bias + cues - threat)


@njit(cache=True, nogil=True)
def _arousal_drift(p, arousal, safety, dose, openness):  # type: ignore[no-untyped-def]
    inside = _gate((p.window - arousal) / p.window_softness)
    rate = 1.0 + p.self_regulation * inside + p.borrowed * max(safety, 0.0)
    reached = p.contagion_alone + (1.0 - p.contagion_alone) * openness
    drive = p.stress_gain * dose + p.contagion * max(-safety, 0.0) * reached + p.alarm * (1.0 - inside)
    return (drive - rate * arousal) / p.tau_arousal


@njit(cache=True, nogil=True)
def _turning(i, people, phase, guide_phase, guided, rhythm):  # type: ignore[no-untyped-def]
    """What others' breathing and a guide add to the turning of i's breath, in rad/s."""
    p, pull, others = people[i], 0.0, 0
    for j in range(len(phase)):
        if rhythm[i, j] > 0.0:
            pull += rhythm[i, j] * math.sin(phase[j] - phase[i])
            others += 1
    turn = p.entrainment * pull / others if others else 0.0
    return turn + (p.guide_following * math.sin(guide_phase - phase[i]) if guided else 0.0)


@njit(cache=True, nogil=True)
def _advance(p, state, step, dose, valence, openness, kick, wobble):  # type: ignore[no-untyped-def]
    """Move one person's state (in place) by a step; `kick` and `wobble` are the noise of arousal and breathing."""
    a, safe, load = state[0], state[1], state[3]
    target = _safety_target(p, valence, openness > 0.0, dose, a)
    wish = p.vagal_rest + p.vagal_safety * safe - p.vagal_withdrawal * a
    pace = p.breathing + p.breathing_arousal * a - p.breathing_safety * safe
    closing = p.shutdown * _gate((load - p.shutdown_threshold) / p.shutdown_softness)
    state[0] += step * _arousal_drift(p, a, safe, dose, openness) + kick
    state[1] += step / p.tau_safety * (target - safe)
    state[2] += step / p.tau_vagal * (min(max(wish, p.vagal_floor), 1.0) - state[2])
    state[3] += step * (max(a, 0.0) * max(-safe, 0.0) * p.load_gain - load / p.tau_load)
    state[4] += step / p.tau_shutdown * (closing - state[4])
    state[5] = min(max(state[5] + step / p.tau_breathing * (pace - state[5]) + wobble, 0.07), 1.2)


@njit(cache=True, nogil=True)
def _shown(p, state):  # type: ignore[no-untyped-def]
    """The valence of what a person shows."""
    return p.expressivity * (1.0 - state[4]) * math.tanh((p.cue_threshold - state[0]) / p.cue_softness)


@njit(cache=True, nogil=True)
def integrate(people, step, ends, dose, reach, rhythm, lag, weight, guide, common, noise, state, keep, out):  # type: ignore[no-untyped-def]
    """Integrate the states of a few coupled people by Euler–Maruyama steps.

    Parameters
    ----------
    people
        Packed profiles, shape (people,).
    step
        In s.
    ends
        Step at which each span ends, shape (spans,).
    dose
        Stressor of each person, shape (spans, people).
    reach
        How much of each cue gets from one person to another, 0 to 1, shape (spans, to, from, cues).
    rhythm
        The same of breathing rhythm, shape (spans, to, from).
    lag
        Delay of each cue in steps, shape (to, from, cues).
    weight
        Share of each cue, shape (cues,).
    guide
        Breathing frequency of a pacer in each span, in Hz; 0: none, shape (spans,).
    common
        Increment of arousal that all get at each step, in a.u., shape (steps,).
    noise
        Standard normal, of arousal and of breathing, shape (steps, people, 2).
    state
        Where each begins, shape (people, 7): arousal, safety, vagal, load, shutdown, breathing (Hz) and its phase
        (rad); changed in place.
    keep
        Every how many steps a state is kept.
    out
        Filled with arousal, safety, vagal, shutdown, breathing (Hz), phase (rad) and openness, shape (kept, people,
        7).

    References
    ----------
    Kloeden PE, Platen E (1992), Numerical Solution of Stochastic Differential Equations, doi:10.1007/978-3-662-12616-5
    """
    steps, n = noise.shape[0], len(people)
    emitted = np.zeros((steps, n))
    turned, root = np.empty(n), math.sqrt(step)
    segment, guide_phase = 0, 0.0
    for t in range(steps):
        while t >= ends[segment]:
            segment += 1
        guide_phase += TWO_PI * guide[segment] * step
        for i in range(n):
            emitted[t, i] = _shown(people[i], state[i])
            turned[i] = _turning(i, people, state[:, 6], guide_phase, guide[segment] > 0.0, rhythm[segment])
        for i in range(n):
            p, now = people[i], state[i]
            valence, openness = _received(i, t, reach[segment], lag, weight, emitted)
            if t % keep == 0:
                row = out[t // keep, i]
                row[:3], row[3:6], row[6] = now[:3], now[4:7], openness
            now[6] += step * (TWO_PI * now[5] + turned[i])
            kick = p.arousal_diffusion / math.sqrt(60.0) * root * noise[t, i, 0] + common[t]
            wobble = p.breathing_sd * math.sqrt(2.0 / p.tau_breathing) * root * noise[t, i, 1]
            _advance(p, now, step, dose[segment, i] * p.reactivity, valence, openness, kick, wobble)

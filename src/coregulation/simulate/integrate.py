"""The compiled core of `nervous_system`: Euler–Maruyama steps for a few coupled people. Loaded only when it runs."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

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
def integrate(people, step, ends, dose, reach, rhythm, lag, weight, guide, common, noise, state, keep, out):  # type: ignore[no-untyped-def]
    """Fill `out` (kept, people, 7): arousal, safety, vagal, shutdown, breathing (Hz), phase (rad), openness.

    `state` (people, 7) holds where each begins: arousal, safety, vagal, load, shutdown, breathing and its phase.
    """
    steps, n = noise.shape[0], len(people)
    emitted = np.zeros((steps, n))
    phase, fresh = state[:, 6].copy(), np.empty(n)
    segment, guide_phase, root = 0, 0.0, math.sqrt(step)
    for t in range(steps):
        while t >= ends[segment]:
            segment += 1
        for i in range(n):
            p = people[i]
            emitted[t, i] = (
                p.expressivity * (1.0 - state[i, 4]) * math.tanh((p.cue_threshold - state[i, 0]) / p.cue_softness)
            )
        guide_phase += TWO_PI * guide[segment] * step
        for i in range(n):
            p = people[i]
            a, safe, vagal, load, shut, breath = (
                state[i, 0],
                state[i, 1],
                state[i, 2],
                state[i, 3],
                state[i, 4],
                state[i, 5],
            )
            u = dose[segment, i] * p.reactivity
            valence, openness = _received(i, t, reach[segment], lag, weight, emitted)
            target = _safety_target(p, valence, openness > 0.0, u, a)
            wish = p.vagal_rest + p.vagal_safety * safe - p.vagal_withdrawal * a
            wish = min(max(wish, p.vagal_floor), 1.0)
            pace = p.breathing + p.breathing_arousal * a - p.breathing_safety * safe
            wobble = p.breathing_sd * math.sqrt(2.0 / p.tau_breathing) * root * noise[t, i, 1]
            turn = TWO_PI * breath + _turning(i, people, phase, guide_phase, guide[segment] > 0.0, rhythm[segment])
            fresh[i] = phase[i] + step * turn
            hit = p.arousal_diffusion / math.sqrt(60.0) * root * noise[t, i, 0] + common[t]
            if t % keep == 0:
                row = out[t // keep, i]
                row[0], row[1], row[2], row[3], row[4], row[5], row[6] = (
                    a,
                    safe,
                    vagal,
                    shut,
                    breath,
                    phase[i],
                    openness,
                )
            state[i, 0] = a + step * _arousal_drift(p, a, safe, u, openness) + hit
            state[i, 1] = safe + step / p.tau_safety * (target - safe)
            state[i, 2] = vagal + step / p.tau_vagal * (wish - vagal)
            state[i, 3] = load + step * (max(a, 0.0) * max(-safe, 0.0) * p.load_gain - load / p.tau_load)
            closing = p.shutdown * _gate((load - p.shutdown_threshold) / p.shutdown_softness)
            state[i, 4] = shut + step / p.tau_shutdown * (closing - shut)
            state[i, 5] = min(max(breath + step / p.tau_breathing * (pace - breath) + wobble, 0.07), 1.2)
        phase[:] = fresh

"""The compiled core of the nervous system does what its equations say."""

import math
from dataclasses import replace

import numpy as np
import pytest

from coregulation.simulate.cues import CUES
from coregulation.simulate.nervous_system import ScenarioMember, states
from coregulation.simulate.plan import Plan, PlanSpan
from coregulation.simulate.profiles import PROFILES

QUIET = {"arousal_diffusion": 0.0, "breathing_sd": 0.0}
PAIR = ("ada", "ben")


def pair(a="secure", b="grounded", **changes):
    return {name: ScenarioMember(replace(PROFILES[kind], **changes)) for name, kind in zip(PAIR, (a, b), strict=True)}


def slowly(people, plan, step, first_phase, kept=2):
    """The equations of docs/modules/simulate.md as they are written, one line each, without noise: arousal, safety, … by step."""
    n = len(people)
    a, safe, load, shut = (np.zeros(n) for _ in range(4))
    vagal = np.array([p.vagal_rest for p in people])
    breath = np.array([p.breathing for p in people])
    phase, guide, shown, rows, windows = first_phase.copy(), 0.0, [], [], plan.windows()
    for t in range(round(plan.seconds / step)):
        span = next(s for s, w in zip(plan.spans, windows, strict=True) if t < round(w.end / step))
        shown.append(
            [
                p.expressivity * (1 - shut[i]) * math.tanh((p.cue_threshold - a[i]) / p.cue_softness)
                for i, p in enumerate(people)
            ]
        )
        guide += 2 * math.pi * (span.guide or 0) / 60 * step
        rows.append(np.stack([a, safe, vagal, shut, breath, phase], axis=1))
        was = (a.copy(), phase.copy())
        for i, p in enumerate(people):
            opened = dict(zip(CUES, span.openness(), strict=True))
            heard = openness = 0.0
            for name, cue in CUES.items():
                then = t - round(cue.delay / step)
                others = [shown[then][j] for j in range(n) if j != i] if then >= 0 else [0.0]
                heard += cue.weight * opened[name] * np.mean(others)
                openness += cue.weight * (opened[name] if n > 1 else 0.0)
            u = p.reactivity * span.dose.get(plan.people[i], 0.0)
            x = was[0][i]
            target = math.tanh(
                p.safety_bias
                + p.receptivity * (heard - 2 * p.conflict * max(heard, 0))
                - p.stress_threat * u
                - p.arousal_threat * max(x, 0)
                - (0 if openness else p.separation)
            )
            h = 1 / (1 + math.exp(-(p.window - x) / p.window_softness))
            rate = 1 + p.self_regulation * h + p.borrowed * max(safe[i], 0)
            caught = p.contagion * max(-safe[i], 0) * (p.contagion_alone + (1 - p.contagion_alone) * openness)
            pull = (
                p.entrainment
                * max(opened["rhythm"], opened["touch"])
                * np.mean([math.sin(was[1][j] - was[1][i]) for j in range(n) if j != i] or [0])
            )
            pull += p.guide_following * math.sin(guide - was[1][i]) if span.guide else 0.0
            da = (-rate * x + p.stress_gain * u + caught + p.alarm * (1 - h)) / p.tau_arousal
            dv = (
                min(max(p.vagal_rest + p.vagal_safety * safe[i] - p.vagal_withdrawal * x, p.vagal_floor), 1) - vagal[i]
            ) / p.tau_vagal
            dl = p.load_gain * max(x, 0) * max(-safe[i], 0) - load[i] / p.tau_load
            df = (p.breathing + p.breathing_arousal * x - p.breathing_safety * safe[i] - breath[i]) / p.tau_breathing
            phase[i] = was[1][i] + step * (2 * math.pi * breath[i] + pull)
            safe_new = safe[i] + step * (target - safe[i]) / p.tau_safety
            load_new = load[i] + step * dl
            dd = (
                p.shutdown / (1 + math.exp(-(load[i] - p.shutdown_threshold) / p.shutdown_softness)) - shut[i]
            ) / p.tau_shutdown
            a[i], safe[i], vagal[i], load[i], shut[i], breath[i] = (
                x + step * da,
                safe_new,
                vagal[i] + step * dv,
                load_new,
                shut[i] + step * dd,
                breath[i] + step * df,
            )
        rows[-1] = np.array(rows[-1])
    return np.array(rows)[::kept]


@pytest.mark.parametrize("kind", ["secure", "disorganised", "trauma"])
def test_the_compiled_core_does_what_the_equations_say(kind):
    spans = (
        PlanSpan("rest", 8),
        PlanSpan("push", 30, {"ada": 1.5, "ben": 0.4}, cues={"voice": 1, "touch": 0.5}),
        PlanSpan("apart", 6, {"ada": 0.3}, together=False),
        PlanSpan("paced", 8, guide=7.0),
    )
    plan = Plan(PAIR, spans)
    members = pair(kind, "anxious", entrainment=0.3, **QUIET)
    run = states(members, plan, 3)
    expected = slowly([m.profile for m in members.values()], plan, 0.1, run.phase[0])
    assert np.allclose(run.values[..., :6], expected, rtol=1e-9, atol=1e-9)

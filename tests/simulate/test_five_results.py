"""The five qualitative results of the simulated account, small here and in full every night."""

import numpy as np
import pytest

from coregulation.simulate.nervous_system import ScenarioMember, states
from coregulation.simulate.observe import Wearing, observe_states
from coregulation.simulate.plan import Plan, PlanSpan
from coregulation.simulate.profiles import PROFILES
from tests.simulate.five_results import STYLES, dependence, ln_rsa, observables, recoveries, table, training


def above(cell, other):
    """The whole interval above the whole other."""
    return cell.interval[1] > other.interval[2]


def check_recoveries(cells):
    # 1: a calm partner shortens recovery, a panicking one prolongs it, few cues help little
    for style in ("secure", "earned-secure", "anxious", "trauma"):
        assert above(cells[f"{style} alone"], cells[f"{style} + grounded"])
    assert above(cells["secure + panicking"], cells["secure alone"])
    assert above(cells["secure alone"], cells["secure + grounded, touch, rhythm, presence"])
    assert above(cells["secure + grounded, touch, rhythm, presence"], cells["secure + grounded"])
    # the prototype's artefact is gone: one weak cue of a calm partner does not make things worse
    assert cells["secure + grounded, voice only"].interval[0] <= cells["secure alone"].interval[2]
    # 2: two who are overwhelmed do not settle each other
    for kind in ("trauma", "anxious"):
        assert above(cells[f"{kind} + {kind}, both hit"], cells[f"{kind} alone"])
    assert above(cells["secure + secure, both hit"], cells["secure alone"])
    assert above(cells["trauma alone"], cells["trauma + grounded, both hit"])
    # 3: avoidant < secure < anxious; an approach that frightens makes a calm partner worse than none
    index = {style: dependence(cells, style) for style in STYLES}
    assert index["avoidant"][2] < index["secure"][1]
    assert index["secure"][2] < index["anxious"][1]
    assert index["disorganised"][2] < 0


def test_results_1_to_3():
    check_recoveries(recoveries(16))


def test_result_4_repeated_sessions():
    ways = training(6, 4)
    ends = {name: way[-1] / way[0] for name, way in ways.items()}
    assert ends["with a grounded partner"] < 0.92
    assert ends["with a grounded partner"] < ends["alone, learning alone possible"]
    assert ends["alone, learning alone switched off"] > 0.95
    assert ends["with a dysregulated partner"] > 0.95


def check_observables(found):
    """Result 5: with settling the heart and the breath slow and RSA rises; all within the physiological."""
    for (style, company, _), values in found.items():
        heart, rsa, breath, skin = values.mean(axis=0)
        assert 50 < heart < 130
        assert rsa > 2
        assert 8 < breath < 30
        assert 2 < skin < 20
        stressed, late = found[style, company, "rec1"].mean(axis=0), found[style, company, "late"].mean(axis=0)
        assert (late[[0, 2, 3]] < stressed[[0, 2, 3]]).all()
        assert late[1] > stressed[1]
    for style in ("secure", "trauma"):
        alone, there = (found[style, company, "rec2"].mean(axis=0) for company in ("alone", "with grounded"))
        assert (there[[0, 2, 3]] < alone[[0, 2, 3]]).all()
        assert there[1] > alone[1]
        shift = found[style, "alone", "rest"][:, 0].mean() - found[style, "with grounded", "rest"][:, 0].mean()
        assert 0 < shift < 6  # the prototype's partner moved the resting heart by nine


def test_result_5_observables():
    check_observables(observables(4))


@pytest.mark.nightly
def test_all_five_in_full():
    check_recoveries(recoveries(64))
    ways = training()
    assert ways["with a grounded partner"][-1] < 75 < ways["alone, learning alone possible"][-1] < 95
    check_observables(observables(16))
    assert "secure alone" in table(4)


def test_people_at_rest_lie_in_published_ranges():
    """Nunan 2010 (short-term norms): heart rate 55 to 85, RMSSD 19 to 75, SDNN 32 to 93; Dawson: 1 to 3 SCR/min."""
    plan = Plan(("a", "b"), (PlanSpan("alone-rest", 300, together=False),))
    hearts, rmssd, sdnn, rsa, breaths = [], [], [], [], []
    for i in range(30):
        run = states({name: ScenarioMember(PROFILES["secure"]) for name in plan.people}, plan, 6, i, vary=1.0)
        _, truth = observe_states(run, plan, np.random.default_rng(i), Wearing(sensors=()))
        for name in plan.people:
            beats = truth.beats[name].times
            rr = 1000 * np.diff(beats)
            hearts.append(60_000 / rr.mean())
            rmssd.append(np.sqrt((np.diff(rr) ** 2).mean()))
            sdnn.append(rr.std())
            rsa.append(ln_rsa(beats, 20, 280))
        breaths.extend(60 * run.breathing.mean(axis=0))
    assert 60 < np.mean(hearts) < 80
    assert 6 < np.std(hearts) < 16
    assert 25 < np.median(rmssd) < 55
    assert 30 < np.median(sdnn) < 65
    assert 5 < np.mean(rsa) < 7
    assert 12 < np.mean(breaths) < 20

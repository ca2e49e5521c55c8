from dataclasses import replace

import numpy as np
import pytest

from coregulation.simulate.learning import Rates, course, dose, learned
from coregulation.simulate.nervous_system import ScenarioMember, states
from coregulation.simulate.parameters import Profile
from coregulation.simulate.plan import Plan, PlanSpan
from coregulation.simulate.profiles import PROFILES

TRAUMA, GROUNDED = PROFILES["trauma"], PROFILES["grounded"]


def test_nothing_given_changes_nothing():
    assert learned(TRAUMA, 0.0, 0.0, 0.0) == TRAUMA


@pytest.mark.parametrize("given", [(1.5, 0, 0), (0, 1.5, 0), (0, 0, 0.5), (1.5, 1.5, 0.5)])
def test_numbers_move_towards_their_bounds_and_never_past_them(given):
    who = TRAUMA
    for _ in range(200):
        who = learned(who, *given, rates=Rates(0.5, 0.5, 0.5, 0.5))
    assert 0.1 <= who.self_regulation <= 1.2
    assert 0.3 <= who.window <= 1.1
    assert -0.4 <= who.safety_bias <= 0.25
    assert 0.15 <= who.arousal_threat <= 0.5


def test_who_is_beyond_a_ceiling_stays_there():
    assert learned(GROUNDED, 1.5, 1.5, 0.0).self_regulation == GROUNDED.self_regulation


def test_receptivity_is_learned_through_the_partner_alone():
    assert learned(TRAUMA, 0.0, 1.5, 0.0).receptivity == TRAUMA.receptivity
    assert learned(TRAUMA, 1.5, 0.0, 0.0).receptivity > TRAUMA.receptivity


def test_doses_are_given_where_they_belong():
    def given(together):
        plan = Plan(
            ("a", "b"),
            (
                PlanSpan("rest", 60, {}, together),
                PlanSpan("p", 40, {"a": 1}, together),
                PlanSpan("r", 200, {}, together),
            ),
        )
        return dose(states({"a": ScenarioMember(PROFILES["secure"]), "b": ScenarioMember(GROUNDED)}, plan, 1))

    (through, none, _), (nothing, solo, _) = given(True), given(False)
    assert through > 0 == none
    assert solo > 0 == nothing


def test_that_healing_cannot_happen_alone_can_be_false_and_can_be_made_true():
    able, unable = TRAUMA, replace(TRAUMA, learning_solo=0.0)
    alone = course(able, None, 3, seed=1, replicates=4)
    assert len(alone) == 4
    assert alone[-1].profile.self_regulation > TRAUMA.self_regulation
    assert course(unable, None, 3, seed=1, replicates=4)[-1].profile.self_regulation < TRAUMA.self_regulation
    with_somebody = course(able, GROUNDED, 3, seed=1, replicates=4)
    assert with_somebody[-1].profile.self_regulation > alone[-1].profile.self_regulation


def test_a_course_comes_again_from_its_seed():
    way = [course(Profile(), None, 1, seed=3, replicates=2) for _ in range(2)]
    assert way[0] == way[1]
    assert np.isfinite([practice.half_life_alone for practice in way[0]]).all()

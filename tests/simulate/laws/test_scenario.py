from dataclasses import replace

import numpy as np

from coregulation.simulate.laws.scenario import ScenarioLaw
from coregulation.simulate.scenarios import load_scenario, simulate
from coregulation.simulate.sensor_sets import sensor_set


def beats(session):
    return session.recordings[0].beats.times


def test_a_scenario_is_played_with_its_own_speech():
    scenario = replace(load_scenario("silent-sitting"), speech=0.3)
    law = ScenarioLaw(scenario)
    worn = sensor_set("strap")
    played = beats(law.simulate(2, worn)[0])
    assert np.array_equal(played, beats(simulate(scenario, 2, replace(worn, speech=0.3))[0]))
    assert not np.array_equal(played, beats(simulate(scenario, 2, worn)[0]))


def test_without_variation_people_of_a_scenario_are_alike():
    law = ScenarioLaw(load_scenario("silent-sitting"))
    models = [law.simulate(seed, sensor_set("strap"), vary=0.0)[1].model for seed in (1, 2)]
    assert models[0] == models[1] != law.simulate(1, sensor_set("strap"))[1].model


def test_what_a_scenario_says_is_what_its_law_says():
    scenario = load_scenario("delayed-partner")
    law = ScenarioLaw(scenario)
    assert (law.name, law.title, law.truth.kinds) == ("delayed-partner", scenario.title, scenario.kinds)
    assert law.about == f"{scenario.about} {scenario.limits}".strip()

import tomllib

import numpy as np
import pytest

from coregulation.data import data_text
from coregulation.errors import UsageError
from coregulation.simulate.observe import Wearing
from coregulation.simulate.scenarios import Scenario, load_scenario, scenario_from, scenario_names, simulate
from coregulation.simulate.sensors import Belt

GOOD = """
schema = "coregulation.scenario/1"
title = "t"
about = "a"
person = [{ id = "ada", profile = "secure" }, { id = "ben", profile = "grounded" }]
part = [{ blocks = [{ kind = "alone-rest", seconds = 30, together = false }, { kind = "talk", seconds = 30 }] }]
"""


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_plays_and_is_a_session(name):
    session, truth = simulate(name, 1, Wearing(sensors=(Belt(),)))
    played = load_scenario(name)
    assert session.id == f"{name}-1"
    assert session.simulated
    assert session.blocks
    assert truth.plan.people == tuple(who.id for who in played.person)
    assert all(np.isfinite(r.signals["resp"].values).all() for r in session.recordings)
    assert len(session.recordings) == sum(who.worn for who in played.person)
    assert (truth.kinds == ("one-way",)) == (
        {s.partner for s in truth.plan.spans if s.together} <= {"recorded", "delayed", "imagined", "animal"}
        and len(played.person) > 1
    )


def test_every_practice_and_protocol_has_its_scenario():
    claims = {claim for name in scenario_names() for claim in load_scenario(name).claims}
    assert set(range(40, 51)) <= claims  # the claims about cues
    untold = {74, 75, 76}  # wording and claims that cannot be tested: nothing to play
    assert set(range(59, 77)) - untold <= claims  # practices and examples, A7
    protocols = [name for name in scenario_names() if name.startswith("protocol-")]
    assert len(protocols) == 7


def test_a_scenario_comes_again_from_its_seed_and_another_seed_is_other_people():
    (a, first), (b, _), (c, other) = (simulate("hand-on-the-back", seed) for seed in (2, 2, 3))
    assert np.array_equal(a.of("ada").beats.times, b.of("ada").beats.times)
    assert not np.array_equal(a.of("ada").beats.times, c.of("ada").beats.times)
    assert first.seed == 2
    assert first.model["ada"] != other.model["ada"]
    alike, truth = simulate("hand-on-the-back", 2, vary=0.0)
    assert truth.model["ada"] == load_scenario("hand-on-the-back").members()["ada"].profile
    assert alike.task == "A hand on the back"


def test_crossing_turns_the_order_with_odd_seeds():
    kinds = [[span.kind for span in load_scenario("protocol-crossed").plan(seed).spans] for seed in (2, 3)]
    assert kinds[0][0] == kinds[1][0] == "alone-rest"
    assert kinds[0][2] == "perturb-alone"
    assert kinds[1][2] == "perturb-together"
    chance = load_scenario("protocol-random-order")
    assert chance.plan(1) == chance.plan(1) != chance.plan(2)


def test_the_contrasts_of_the_articles_come_out():
    def ratio(name):
        runs = [simulate(name, seed, Wearing(sensors=()), vary=0.0)[1].half_lives for seed in range(2)]
        lives = {
            there: [life for run in runs for who, _, tog, life in run if tog is there and who in {"ada", "child"}]
            for there in (True, False)
        }
        return np.median(lives[True]) / np.median(lives[False])

    assert ratio("car-crash-steady") < 0.6 < 1.2 < ratio("car-crash-panicking")
    assert ratio("tantrum-grounded-parent") < 0.5 < 1.2 < ratio("tantrum-stirred-parent")
    assert 0.8 < ratio("recorded-voice") < 1.1
    assert ratio("both-overwhelmed") > 1.2


def test_a_file_says_everything_it_can_and_no_more():
    for name in scenario_names():
        text = data_text("scenarios", f"{name}.toml")
        assert tomllib.loads(text)["schema"] == "coregulation.scenario/1"


def test_ones_own_scenario_is_played_like_any_other():
    own = scenario_from(GOOD, "mine")
    assert isinstance(own, Scenario)
    assert simulate(own, 1)[0].id == "mine-1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = [", "not valid TOML"),
        ("title = 't'", "begins with schema"),
        (GOOD.replace("title", "titel"), "'titel' of the scenario is not known. Did you mean title"),
        (GOOD + 'name = "x"', "'name' of the scenario"),
        (GOOD.replace('profile = "secure"', 'profil = "secure"'), "'profil' of a person"),
        (GOOD.replace("part = [{ blocks", "part = [{ time = 1, blocks"), "'time' of a part"),
        (GOOD.replace("seconds = 30 }", "secnds = 30 }"), "'secnds' of a block is not known. Did you mean seconds"),
        (GOOD.replace("seconds = 30 }", "seconds = '30' }"), "cannot be read: Expected `float`"),
        (GOOD.replace("seconds = 30 }", "seconds = -30 }"), "positive number; -30"),
        (GOOD.replace('"grounded"', '"grounden"'), "Did you mean grounded"),
        (GOOD.replace('"grounded"', '"grounded", late = -1.0'), "from 0 up"),
        (GOOD.replace('"grounded"', '"grounded", changes = { borowed = 1.0 }'), "Did you mean borrowed"),
        (GOOD.replace('"ben"', '"ada"'), "same id"),
        (GOOD.replace("part = [{ blocks", "part = [{ times = 0, blocks"), "at least once"),
        (GOOD.replace("seconds = 30 }", "seconds = 30, together = false }"), "present in no block"),
        (GOOD + 'asks = "borrowed-regulation"', "no alone block"),
        (GOOD + 'asks = "love"', "cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_refused(text, said):
    with pytest.raises(UsageError) as error:
        scenario_from(text).members()
    assert said in str(error.value)


def test_an_unknown_scenario_names_the_near_ones():
    with pytest.raises(UsageError, match=r"Did you mean .*car-crash-steady"):
        simulate("car-crash", 1)

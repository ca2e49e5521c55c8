"""The fresh laws: known truth, no form of the zoo, and what each says happens does happen."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.regulation.design import read_design
from coregulation.simulate.fresh_body import HEART_CURVES, FreshBody
from coregulation.simulate.fresh_pair import RATE, RETURNS, FreshCoupling
from coregulation.simulate.laws import zoo
from coregulation.simulate.laws.fresh import LAWS
from coregulation.simulate.laws.zoo_law import LawSet

NAMES = {law.name: law for law in LAWS}


def test_the_forms_are_other_ones_than_those_of_the_zoo():
    assert {law.form for law in LAWS} == set(RETURNS)
    assert {law.body.curve for law in LAWS} == set(HEART_CURVES)
    assert not {law.form for law in LAWS} & {law.form for law in zoo.LAWS}
    assert {law.half for law in LAWS} == {LawSet.FRESH}


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_the_burdens_are_those_of_the_right_answer(law):
    own, net = law.burden(1)
    if law.name == "fresh-linked-both-hit":
        assert net == pytest.approx(1, abs=0.1)
        return  # own: the slower of the two is drawn down and the other up
    if law.steadied:
        assert own < 0.5
        assert net < 0.6
    elif law.kinds == ("co-dysregulation",):
        assert (
            net > 1.2 or law.coupling.drive[1] == 0
        )  # where only Ben's arousal drives Ada's, a push to her costs him nothing
    elif law.kinds[0] == "linked-without-regulating" and law.coupling.pull:
        assert own < 0.8
        assert net == pytest.approx(1, abs=0.1)
    else:
        assert (own, net) == (pytest.approx(1, abs=0.01), pytest.approx(1, abs=0.01))


def test_linear_rates_are_told_where_there_are_some():
    k, d, p = NAMES["fresh-linked"].linear_rates(3)
    assert 0.01 < k < 0.06
    assert d == p == NAMES["fresh-linked"].coupling.pull
    assert NAMES["fresh-lent-settled"].linear_rates(3) is None
    assert NAMES["fresh-mutual"].linear_rates(3) is None


def test_a_seed_is_a_session_and_another_seed_is_another():
    first, again, other = (
        NAMES["fresh-lent"].simulate(seed)[0].recordings[0].signals["arousal"].values for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again)
    assert len(first) != len(other) or not np.array_equal(first, other)


def test_help_holds_only_where_the_law_says_so():
    threshold = FreshCoupling(pace=(5.0, 1.0), threshold=0.25)
    assert threshold.paced(0, 1.0, 0.0) == pytest.approx(5, abs=0.05)
    assert threshold.paced(0, -0.3, 0.0) == pytest.approx(1, abs=0.05)
    settled = FreshCoupling(pace=(5.0, 1.0), settled=True)
    assert settled.paced(0, 1.0, 0.0) > 4.7
    assert settled.paced(0, 1.0, 1.0) == pytest.approx(1, abs=0.01)
    assert settled.paced(1, 1.0, 0.0) == 1


def test_a_drive_levels_off_and_a_pull_goes_both_ways():
    assert FreshCoupling(drive=(0.02, 0.0), ceiling=0.5).pushed(0, 0.0, 5.0) == pytest.approx(0.01)
    assert FreshCoupling(drive=(0.02, 0.0)).pushed(1, 0.0, 5.0) == 0
    assert FreshCoupling(pull=0.1).pushed(0, 1.0, 0.2) == pytest.approx(-0.08)


def test_one_person_at_a_time_where_the_law_says_so():
    for name, hit in (("fresh-linked", 1), ("fresh-lent", 2)):
        design = read_design(NAMES[name].session(1)[0])
        assert {len(probe.hit) for probe in design.probes if not probe.together} == {hit}


def test_beats_are_missed_and_come_early():
    arousal = np.zeros(round(1200 * RATE))
    plain, missed, early = (
        FreshBody(missed=lost, ectopic=ectopic).record(arousal, arousal > 0, np.random.default_rng(5))[1].times
        for lost, ectopic in ((0.0, 0.0), (30.0, 0.0), (0.0, 30.0))
    )
    assert len(missed) < len(plain) == len(early)
    assert np.diff(early).min() < 0.8 * np.diff(plain).min()


def test_a_held_breath_stops_the_belt_while_together():
    together = np.repeat([False, True], 300)
    belt, _ = FreshBody(holds=True).record(np.zeros(600), together, np.random.default_rng(1))
    still = np.abs(belt.values - 0.3) < 0.15
    assert still[1500:].mean() > still[:1500].mean() + 0.05

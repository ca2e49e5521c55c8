"""The zoo: two halves that share no form of return, known truth, and what each law says happens does happen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coregulation.regulation.design import read_design
from coregulation.simulate.laws.zoo import LAWS
from coregulation.simulate.laws.zoo_law import LawSet, ZooLaw
from coregulation.simulate.zoo_body import CURVES, ZooBody
from coregulation.simulate.zoo_dynamics import FORMS, RestColour, pink, rest_wander

NAMES = {law.name: law for law in LAWS}


def law(name: str, **changes: object) -> ZooLaw:
    return replace(NAMES[name], **changes)


def halves() -> tuple[list[ZooLaw], list[ZooLaw]]:
    return tuple([law for law in LAWS if law.half is half] for half in (LawSet.DEVELOPMENT, LawSet.REPORTING))


def test_the_halves_put_the_same_questions_in_other_forms():
    ours, theirs = halves()
    assert [law.name.removeprefix("zoo-") for law in ours] == [law.name.removeprefix("held-out-") for law in theirs]
    assert len(ours) >= 12
    assert not {law.form for law in ours} & {law.form for law in theirs}
    assert not {law.body.curve for law in ours} & {law.body.curve for law in theirs}
    assert {law.form for law in LAWS} == set(FORMS)
    assert {law.body.curve for law in LAWS} == set(CURVES)


@pytest.mark.parametrize(
    ("name", "own", "net"),
    [("zoo-nothing", 1.0, 1.0), ("zoo-lent-strong", 0.3, 0.3), ("held-out-stirred-strong", None, 1.8), ("zoo-linked", None, 1.0)],
)  # fmt: skip
def test_burdens_are_what_the_law_says(name, own, net):
    told = NAMES[name].burden(4)
    assert told[1] == pytest.approx(net, abs=0.02)
    if own is not None:
        assert told[0] == pytest.approx(own, abs=0.02)
    elif "stirred" in name:
        assert 1 < told[0] < net


def test_a_seed_is_a_session_and_another_seed_is_another():
    first, again, other = (
        NAMES["zoo-lent"].simulate(seed)[0].recordings[0].signals["arousal"].values for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again)
    assert len(first) != len(other) or not np.array_equal(first, other)


def test_what_is_together_reaches_both_only_where_the_law_says_so():
    for name, reached in (("held-out-both-hit", True), ("held-out-nothing", False)):
        session, truth = NAMES[name].session(2)
        probe = next(p for p in read_design(session).probes if p.together)
        other = next(who for who in truth.arousal if who not in probe.hit)
        values, rate = truth.arousal[other].values, truth.arousal[other].rate
        rise = values[round(probe.end * rate)] - values[round(probe.start * rate)]
        assert bool(rise > 0.4) is reached


def test_a_recording_is_met_by_the_first_person_alone():
    design = read_design(NAMES["zoo-recording-helps"].session(1)[0])
    assert design.partners == {"recorded"}
    assert not design.of("ben", True)
    assert len(design.of("ada", True)) == 3


def test_fixed_order_is_alone_first():
    assert read_design(NAMES["zoo-tiring-fixed"].session(1)[0]).order == "alone first"


@pytest.mark.parametrize("colour", RestColour)
def test_every_rest_has_unit_variance(colour):
    values = rest_wander(colour, 8000, np.random.default_rng(1))
    assert (values.mean(), values.std()) == (pytest.approx(0, abs=1e-9), pytest.approx(1))


def test_pink_noise_halves_its_power_from_octave_to_octave():
    power = np.mean([np.abs(np.fft.rfft(pink(4096, np.random.default_rng(s)))) ** 2 for s in range(40)], axis=0)
    frequency = np.fft.rfftfreq(4096, 0.5)
    low, high = (power[(frequency > f) & (frequency < 2 * f)].mean() for f in (0.01, 0.08))
    assert low / high == pytest.approx(8, rel=0.25)


@pytest.mark.parametrize("curve", CURVES)
def test_a_lone_response_raises_the_heart_as_mental_arithmetic_does(curve):
    answer = CURVES[curve](np.array([0.0, 0.85]))
    assert abs(answer[0]) < 1.0
    assert 15 < answer[1] - answer[0] < 35
    assert (np.diff(CURVES[curve](np.linspace(-0.4, 2, 50))) >= 0).all()


def test_lost_beats_come_in_pairs():
    arousal = np.zeros(2400)
    kept, all_beats = (
        ZooBody(missed_pairs=missed).record(arousal, np.random.default_rng(5))[1].times for missed in (9.0, 0.0)
    )
    lost = len(all_beats) - len(kept)
    assert lost > 0
    assert lost % 2 == 0
    assert np.isin(kept, all_beats).all()

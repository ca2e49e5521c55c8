import math
from dataclasses import replace

import numpy as np
import pytest

from coregulation.channels import CHANNELS
from coregulation.clock import Clock
from coregulation.errors import UsageError
from coregulation.simulate.behaviour_sensors import Accelerometer, Microphone, RatingDial
from coregulation.simulate.faults import Dropout, SimulatedStrap
from coregulation.simulate.nervous_system import ScenarioMember, states
from coregulation.simulate.observe import ObservationSetting, Wearing, observe_states, with_physiology
from coregulation.simulate.pair_model import PairModel
from coregulation.simulate.parameters import Profile
from coregulation.simulate.plan import Plan, PlanSpan, alone_and_together
from coregulation.simulate.profiles import PROFILES
from coregulation.simulate.sensors import Belt, Electrocardiograph, Photoplethysmograph, SkinElectrodes

PAIR = ("ada", "ben")
PLAN = Plan(
    PAIR,
    (
        PlanSpan("alone-rest", 60, together=False),
        PlanSpan("perturb-together", 30, {"ada": 1.0}),
        PlanSpan("recover-together", 90),
    ),
)
MEMBERS = {"ada": ScenarioMember(PROFILES["secure"], role="client"), "ben": ScenarioMember(PROFILES["grounded"])}
EVERYTHING = (
    Electrocardiograph(),
    Photoplethysmograph(),
    Belt(),
    SkinElectrodes(),
    Accelerometer(),
    Microphone(),
    RatingDial(),
)


def observe(wearing=None, about=None, seed=1, plan=PLAN):
    return observe_states(states(MEMBERS, plan, 4), plan, np.random.default_rng(seed), wearing, about)


def test_the_output_is_an_ordinary_session_with_its_truth():
    session, truth = observe(
        Wearing(sensors=EVERYTHING, speech=0.3, movements=30.0, latent=True),
        ObservationSetting("s-1", roles=("client", None)),
    )
    assert session.simulated
    assert session.people[0].role == "client"
    ada = session.of("ada")
    assert set(ada.channels) == {"ecg", "ppg", "resp", "eda", "motion", "voice", "rating", "arousal", "beats"}
    for name, signal in ada.signals.items():
        assert signal.unit is CHANNELS[name].unit
        assert signal.window.length == pytest.approx(180, abs=0.5)
        CHANNELS[name].check(float(np.median(signal.values)))
    assert [block.kind for block in session.blocks] == ["alone-rest", "perturb-together", "recover-together"]
    assert truth.seed == 4
    assert truth.plan is PLAN
    assert np.abs(np.median(ada.beats.times - truth.beats["ada"].times)) < 0.05
    ((who, start, together, life),) = truth.half_lives
    assert (who, start, together) == ("ada", 90.0, True)
    assert 5 < life < 20
    assert np.array_equal(truth.arousal["ada"].values, ada.signals["arousal"].values)


def test_one_seed_one_session_and_one_more_sensor_changes_no_other():
    (first, _), (again, _) = observe(), observe()
    assert all(
        np.array_equal(a.signals["eda"].values, b.signals["eda"].values)
        for a, b in zip(first.recordings, again.recordings, strict=True)
    )
    more, _ = observe(Wearing(sensors=(Belt(), SkinElectrodes(), RatingDial())))
    assert np.array_equal(more.of("ada").signals["resp"].values, first.of("ada").signals["resp"].values)
    assert np.array_equal(more.of("ada").beats.times, first.of("ada").beats.times)
    other, _ = observe(seed=2)
    assert not np.array_equal(other.of("ada").signals["eda"].values, first.of("ada").signals["eda"].values)


def test_a_strap_alone_gives_beats_alone_and_nothing_at_all_is_possible():
    strap, _ = observe(Wearing(sensors=()))
    assert strap.of("ada").channels == ("beats",)
    bare, _ = observe(Wearing(strap=None, sensors=(Belt(),)))
    assert bare.of("ada").channels == ("resp",)


def test_a_wrong_clock_moves_everything_and_is_told_to_nobody():
    wrong = Clock(offset=2.0, drift_ppm=500.0, offset_sd=1.0, drift_sd_ppm=300.0)
    right, _ = observe()
    late, truth = observe(Wearing(clock=wrong))
    moved = late.of("ada").beats.times
    assert moved == pytest.approx((truth.beats["ada"].times - 2.0) / 1.0005, abs=0.1)
    said = late.of("ada").clock("beats")
    assert (said.offset, said.drift_ppm, said.offset_sd, said.drift_sd_ppm) == (0.0, 0.0, 1.0, 300.0)
    assert said.name != late.of("ben").clock("beats").name
    assert right.of("ada").clock("beats") == Clock()


def test_they_speak_in_turns_and_only_when_they_meet():
    plan = Plan(PAIR, (PlanSpan("alone-rest", 300, together=False), PlanSpan("talk", 600)))
    session, _ = observe(Wearing(sensors=(Microphone(),), speech=0.4), plan=plan)
    talk = np.array([session.of(who).signals["voice"].values > 0.4 for who in PAIR])
    assert not talk[:, :2990].any()
    assert talk[:, 3000:].mean(axis=1) == pytest.approx([0.4, 0.4], abs=0.12)
    assert (talk[0] & talk[1]).mean() < 0.02


def test_dropouts_reach_the_signals():
    session, _ = observe(Wearing(dropout=Dropout(200, 5)))
    assert 0 < session.of("ada").signals["eda"].coverage < 1


def test_who_wears_nothing_is_not_in_the_session():
    session, truth = observe(about=ObservationSetting("s", recorded=(True, False)))
    assert [person.id for person in session.people] == ["ada"]
    assert set(truth.beats) == {"ada"}
    assert set(truth.arousal) == {"ada", "ben"}


def test_a_plan_without_stress_has_no_half_life():
    _, truth = observe(plan=Plan(PAIR, (PlanSpan("rest", 30),)))
    assert truth.half_lives == ()


def test_bodies_follow_a_plain_pair():
    plan = alone_and_together(PAIR, 1)
    series = PairModel().draw(np.random.default_rng(1), plan)
    run = with_physiology(series, plan, (Profile(), Profile()), 1)
    assert run.people == PAIR
    assert np.allclose(run.arousal[::5], series.latent)
    assert run.vagal.min() >= 0.2
    assert np.corrcoef(run.arousal[:, 0], run.breathing[:, 0])[0, 1] > 0.8
    turned = np.diff(run.phase, axis=0) * 5 / (2 * math.pi)
    assert turned == pytest.approx(run.breathing[1:])
    session, _ = observe_states(run, plan, np.random.default_rng(1), Wearing(strap=SimulatedStrap(loss=0.02)))
    beats = session.of("ada").beats
    stressed = (beats.times > 200) & (beats.times < 220)
    assert np.nanmean(beats.rr[stressed]) < 0.9 * np.nanmean(beats.rr[beats.times < 170])


def test_what_cannot_be_meant_is_refused():
    with pytest.raises(UsageError, match="share of time"):
        Wearing(speech=0.9)
    with pytest.raises(UsageError):
        replace(Wearing(), movements=-1.0)
    with pytest.raises(UsageError, match="positive rate"):
        observe(Wearing(sensors=(Belt(rate=-25.0),)))

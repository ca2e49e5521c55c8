"""Numbers of a span: what each is made of, what is left out, what is refused."""

import numpy as np
import pytest

from coregulation.physiology import analyze_skin, compute_body, compute_hrv
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.rsa import RsaControl
from coregulation.physiology.span_measures import VARIABILITY, Sources, rsa_epochs, span_measures
from coregulation.reasons import because
from coregulation.signals import Beats, Signal, Unit, Window
from tests.physiology.made import made_breath, made_skin, modulated_beats

BEATS = modulated_beats({0.25: 40.0}, seconds=600)
SKIN, TRUE_RESPONSES = made_skin(3, 600.0, rate=10.0)
BREATH, CYCLES = made_breath(3, 600.0)
BODY = compute_body({"beats": BEATS, "resp": BREATH, "eda": SKIN})
EVERY = Sources(BODY, BEATS, None, rsa_epochs(BODY, BEATS), analyze_skin(SKIN))


def test_every_number_of_everything():
    found = span_measures(EVERY)
    assert list(found) == ["heart_rate", "breathing_rate", "scl", *VARIABILITY, "rsa", "scr_rate"]
    assert found["heart_rate"].value == pytest.approx(60 / 0.9, abs=0.3)
    assert found["rmssd"] == compute_hrv(BEATS).rmssd
    assert found["rsa"].value == pytest.approx(np.log(800), abs=0.2)
    assert found["scr_rate"].value == pytest.approx((TRUE_RESPONSES[:, 1] > 0.05).sum() / 10, rel=0.2)
    assert found["breathing_rate"].value == pytest.approx(60 * len(CYCLES) / (CYCLES[-1, 2] - CYCLES[0, 0]), rel=0.1)


def test_a_window_takes_its_own_beats_and_its_first_interval_is_none():
    window = Window(100.0, 220.0)
    own, *others = (Beats(BEATS.times[(BEATS.times >= at) & (BEATS.times < at + 120)]) for at in (100, 220, 340, 460))
    assert span_measures(EVERY, window)["rmssd"] == compute_hrv(own, others).rmssd


def test_without_channels_their_numbers_are_left_out():
    bare = compute_body({"resp": BREATH})
    found = span_measures(Sources(bare, None, None, None, None))
    assert set(found) == {"breathing_rate"}
    beats = compute_body({"beats": BEATS})
    assert "breathing_rate" not in span_measures(Sources(beats, BEATS, None, None, None))


def test_a_reason_stands_in_for_what_is_made_of_beats():
    made = because("beats.synthetic-rr", count=2)
    found = span_measures(Sources(BODY, BEATS, made, EVERY.rsa, None))
    assert all(found[name].why == made for name in (*VARIABILITY, "rsa"))
    assert found["heart_rate"].value is not None


@pytest.mark.parametrize(("end", "known"), [(29.0, False), (59.0, False), (64.0, True)])
def test_a_level_needs_two_stretches(end, known):
    found = span_measures(EVERY, Window(0.0, end))
    assert (found["heart_rate"].value is not None) is known
    assert (found["scr_rate"].value is not None) is known
    if not known:
        assert found["heart_rate"].why == because(PhysiologyReason.SPAN_TOO_SHORT, length=end, epoch=30.0)
        assert found["rsa"].why.code == PhysiologyReason.TOO_FEW_EPOCHS


def test_a_breath_that_does_not_vary_leaves_rsa_uncontrolled():
    steady = Signal(np.sin(2 * np.pi * 0.25 * np.arange(0, 600, 0.04)), 25.0, 0.0, Unit.ARBITRARY)
    given = compute_body({"beats": BEATS, "resp": steady})
    rsa, starts = rsa_epochs(given, BEATS)
    assert (rsa.control, rsa.why.code) == (RsaControl.UNCONTROLLED, PhysiologyReason.BREATH_TOO_EVEN)
    assert len(rsa.epochs) == len(starts)
    none, _ = rsa_epochs(compute_body({"beats": BEATS}), BEATS)
    assert (none.control, none.why) == (RsaControl.UNCONTROLLED, because(PhysiologyReason.NO_BREATH))


def test_ten_seconds_of_skin_are_no_rate():
    gone = SKIN.without(Window(0.0, 590.0))
    found = span_measures(Sources(compute_body({"eda": gone, "resp": BREATH}), None, None, None, analyze_skin(gone)))
    assert found["scr_rate"].value is None

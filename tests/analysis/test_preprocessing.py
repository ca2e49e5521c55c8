"""From what was recorded to what is compared: what a plan asks of a recording."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.analysis.person_reasons import QualityReason
from coregulation.analysis.pipeline import analyze
from coregulation.analysis.preprocessing import (
    PLANS,
    align_pair,
    assess_quality,
    common_rate,
    comparable_channels,
    plan_for,
    prepare_signal,
    run_lengths,
)
from coregulation.channels import CHANNELS
from coregulation.errors import DataError
from coregulation.reasons import because
from coregulation.session import Person, Recording, Remark, Session
from coregulation.signals import Beats, Signal, Unit

AS_IT_IS = plan_for("motion")


def breathing(*rates: float) -> Session:
    def one(number: int, rate: float) -> Recording:
        values = np.random.default_rng(number).standard_normal(round(600 * rate))
        return Recording(Person(f"p{number}"), {"resp": Signal(values, rate, 0.0, Unit.ARBITRARY)})

    return Session("belts", tuple(one(k, rate) for k, rate in enumerate(rates)), shared=())


def test_breath_too_slow_for_its_band_is_refused_with_what_is_needed():
    with pytest.raises(DataError) as caught:
        analyze(breathing(1.0, 1.0), surrogates=99)
    assert caught.value.facts["refused"][0].facts["why"] == because(
        QualityReason.TOO_SLOW, rate=1.0, low=0.05, high=0.6, needed=1.2
    )


def test_one_slow_belt_is_left_out_and_does_not_slow_the_others():
    session = breathing(10.0, 1.0, 10.0)
    finding = analyze(session, surrogates=99)
    assert [(q.person, q.refused is None) for q in finding.qualities] == [("p0", True), ("p1", False), ("p2", True)]
    assert common_rate(session, "resp", PLANS["resp"]) == 4.0
    assert [c.pair for c in finding.couplings if c.primary] == [("p0", "p2")]


def test_the_slowest_belt_that_shows_the_band_sets_the_rate():
    assert common_rate(breathing(10.0, 2.0), "resp", PLANS["resp"]) == 2.0


@pytest.mark.parametrize(("frequency", "kept"), [(0.25, 1.0), (0.01, 0.0)])
def test_breath_is_compared_in_its_band(frequency, kept):
    times = np.arange(0, 600, 0.5)
    out = prepare_signal(Signal(np.sin(2 * np.pi * frequency * times), 2.0, 0.0, Unit.ARBITRARY), PLANS["resp"], 2.0)
    middle = out.values[200:-200]
    assert np.sqrt(2) * middle.std() == pytest.approx(kept, abs=0.01)


def signal(values, rate=2.0, start=0.0):
    return Signal(values, rate, start, Unit.ARBITRARY)


def test_the_plans_are_those_that_were_fixed():
    settings = {
        name: (p.rate, p.measure.window, p.measure.max_lag, p.difference, p.band is not None)
        for name, p in PLANS.items()
    }
    assert settings == {
        "heart_rate": (2.0, 30.0, 5.0, False, False),
        "resp": (4.0, 30.0, 5.0, False, True),
        "eda": (2.0, 60.0, 10.0, True, False),
        "rsa_series": (1.0, 300.0, 30.0, False, False),
        "rmssd_series": (1.0, 600.0, 60.0, False, False),
        "scr_rate_series": (1.0, 600.0, 60.0, False, False),
    }
    for other in ("motion", "rating", "whatever"):
        assert (plan_for(other).rate, plan_for(other).measure.window) == (10.0, 60.0)


def test_waveforms_are_not_compared_and_beats_are_heart_rate():
    beats = Beats(np.arange(5.0))
    assert comparable_channels(Recording(Person("a"), {"ecg": signal(np.zeros(3)), "eda": signal(np.zeros(3))}, beats)) == (
        "eda", "heart_rate",
    )  # fmt: skip
    assert comparable_channels(Recording(Person("a"), {"heart_rate": signal(np.zeros(3))}, beats)) == ("heart_rate",)


@given(st.lists(st.booleans(), max_size=60))
def test_run_lengths(flags):
    text = "".join("1" if flag else "0" for flag in flags)
    assert run_lengths(np.array(flags, bool)).tolist() == [len(run) for run in text.split("0") if run]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 60), st.integers(1, 60))
def test_two_signals_are_cut_to_what_they_share(first, second, n, m):
    x, y = signal(np.arange(n) + first, 1.0, first), signal(np.arange(m) + second, 1.0, second)
    if max(first, second) >= min(first + n, second + m):
        with pytest.raises(DataError, match="share no time"):
            align_pair(x, y)
        return
    a, b = align_pair(x, y)
    assert a.values.tolist() == b.values.tolist() == list(range(max(first, second), min(first + n, second + m)))
    assert a.start == b.start == max(first, second)


def test_a_signal_on_the_grid_stays_and_one_beside_it_is_laid_on_it():
    x = signal(np.sin(np.arange(200) / 9), 2.0, 10.0)
    assert prepare_signal(x, plan_for("heart_rate"), 2.0) is x
    beside = prepare_signal(signal(x.values, 2.0, 10.2), plan_for("heart_rate"), 2.0)
    assert (beside.start * 2.0) % 1 == pytest.approx(0.0)
    finer = prepare_signal(signal(np.sin(np.arange(1000) / 45), 10.0, 10.0), plan_for("heart_rate"), 2.0)
    assert finer.rate == 2.0
    k = round((finer.start - 10.0) * 2)
    there = slice(20, 150)
    assert finer.values[there] == pytest.approx(x.values[k:][there], abs=0.01)


def test_quality_tells_gaps_remarks_and_refusals():
    values = np.random.default_rng(1).standard_normal(100)
    values[10:14] = values[50:51] = np.nan
    recording = Recording(Person("ada"), {"resp": signal(values)})
    remarks = (
        Remark("ada", "resp", because("read.rows-without-time"), 4),
        Remark("ada", "resp", because("x")),
        Remark("ben", "resp", because("y")),
    )
    made = Session("s", (recording, Recording(Person("ben"))), remarks=remarks)
    found = assess_quality(recording.signals["resp"], recording, "resp", made, AS_IT_IS)
    assert (found.gaps, found.longest_gap, found.coverage, found.seconds) == (2, 2.0, 0.95, 50.0)
    assert found.remarks == (because("read.rows-without-time", count=4), because("x", count=1))
    assert found.refused is None
    for values, why in (
        (np.full(9, 0.1), QualityReason.CONSTANT),
        (np.full(9, np.nan), QualityReason.EMPTY),
        (np.empty(0), QualityReason.EMPTY),
    ):
        assert assess_quality(signal(values), recording, "resp", made, AS_IT_IS).refused.code == why


def test_every_channel_has_a_plan():
    assert all(plan_for(name).rate <= 10.0 for name in CHANNELS)

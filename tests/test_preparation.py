import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.errors import DataError
from coregulation.preparation import PLANS, aligned, comparable, plan_for, quality, run_lengths, trace
from coregulation.session import Person, Recording, Remark, Session
from coregulation.signals import CHANNELS, Beats, Signal, Unit


def signal(values, rate=2.0, start=0.0):
    return Signal(values, rate, start, Unit.ARBITRARY)


def test_the_plans_are_those_that_were_fixed():
    told = {
        name: (p.rate, p.measure.window, p.measure.max_lag, p.difference, p.band is not None)
        for name, p in PLANS.items()
    }
    assert told == {
        "heart_rate": (2.0, 30.0, 5.0, False, False),
        "resp": (4.0, 30.0, 5.0, False, True),
        "eda": (2.0, 60.0, 10.0, True, False),
    }
    for other in ("motion", "rating", "whatever"):
        assert (plan_for(other).rate, plan_for(other).measure.window) == (10.0, 60.0)


def test_waveforms_are_not_compared_and_beats_are_heart_rate():
    beats = Beats(np.arange(5.0))
    assert comparable(Recording(Person("a"), {"ecg": signal(np.zeros(3)), "eda": signal(np.zeros(3))}, beats)) == (
        "eda", "heart_rate",
    )  # fmt: skip
    assert comparable(Recording(Person("a"), {"heart_rate": signal(np.zeros(3))}, beats)) == ("heart_rate",)


@given(st.lists(st.booleans(), max_size=60))
def test_run_lengths(flags):
    text = "".join("1" if flag else "0" for flag in flags)
    assert run_lengths(np.array(flags, bool)).tolist() == [len(run) for run in text.split("0") if run]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 60), st.integers(1, 60))
def test_two_signals_are_cut_to_what_they_share(first, second, n, m):
    x, y = signal(np.arange(n) + first, 1.0, first), signal(np.arange(m) + second, 1.0, second)
    if max(first, second) >= min(first + n, second + m):
        with pytest.raises(DataError, match="share no time"):
            aligned(x, y)
        return
    a, b = aligned(x, y)
    assert a.values.tolist() == b.values.tolist() == list(range(max(first, second), min(first + n, second + m)))
    assert a.start == b.start == max(first, second)


def test_a_signal_on_the_grid_stays_and_one_beside_it_is_laid_on_it():
    x = signal(np.sin(np.arange(200) / 9), 2.0, 10.0)
    assert trace(x, plan_for("heart_rate"), 2.0) is x
    beside = trace(signal(x.values, 2.0, 10.2), plan_for("heart_rate"), 2.0)
    assert (beside.start * 2.0) % 1 == pytest.approx(0.0)
    finer = trace(signal(np.sin(np.arange(1000) / 45), 10.0, 10.0), plan_for("heart_rate"), 2.0)
    assert finer.rate == 2.0
    k = round((finer.start - 10.0) * 2)
    there = slice(20, 150)
    assert finer.values[there] == pytest.approx(x.values[k:][there], abs=0.01)


def test_quality_tells_gaps_remarks_and_refusals():
    values = np.random.default_rng(1).standard_normal(100)
    values[10:14] = values[50:51] = np.nan
    recording = Recording(Person("ada"), {"resp": signal(values)})
    remarks = (
        Remark("ada", "resp", "rows left out", 4),
        Remark("ada", "resp", "late"),
        Remark("ben", "resp", "not hers"),
    )
    made = Session("s", (recording, Recording(Person("ben"))), remarks=remarks)
    found = quality(recording.signals["resp"], recording, "resp", made)
    assert (found.gaps, found.longest_gap, found.coverage, found.seconds) == (2, 2.0, 0.95, 50.0)
    assert found.remarks == ("rows left out (4)", "late")
    assert found.refused is None
    for values, why in (
        (np.full(9, 0.1), "never changes"),
        (np.full(9, np.nan), "no sample"),
        (np.empty(0), "no sample"),
    ):
        assert why in quality(signal(values), recording, "resp", made).refused


def test_every_channel_has_a_plan():
    assert all(plan_for(name).rate <= 10.0 for name in CHANNELS)

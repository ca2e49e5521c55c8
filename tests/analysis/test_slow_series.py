"""RSA, RMSSD and skin responses as channels: values, plans, and what is refused."""

import numpy as np
import pytest

from coregulation.analysis.preprocessing import plan_for
from coregulation.analysis.slow_series import SERIES, with_series
from coregulation.channels import CHANNELS
from coregulation.errors import UsageError
from coregulation.events import Turn
from coregulation.physiology.hrv import rmssd
from coregulation.physiology.sliding_rmssd import sliding_rmssd
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats, Signal, Unit, Window
from tests.physiology.made import made_skin, modulated_beats

BEATS = modulated_beats({0.25: 40.0}, seconds=400)
BREATH = Signal(-np.sin(2 * np.pi * 0.25 * np.arange(4000) / 10), 10.0, 0.0, Unit.ARBITRARY)


@pytest.fixture(scope="module")
def session():
    recording = Recording(Person("ada"), {"resp": BREATH, "eda": made_skin(3, 400.0, rate=10.0)[0]}, BEATS)
    return Session("one", (recording,), turns=(Turn("ada", 200.0, 220.0),))


def test_rmssd_of_a_window_is_that_of_its_beats():
    rng = np.random.default_rng(1)
    beats = Beats(np.cumsum(0.9 + 0.04 * rng.standard_normal(300)))
    found = sliding_rmssd(beats)
    inside = (beats.times >= found.times[100] - 30) & (beats.times < found.times[100] + 30)
    first = np.flatnonzero(inside)[0]
    assert found.values[100] == pytest.approx(
        np.log(rmssd(1000 * np.diff(beats.times[first - 2 : first + inside.sum()])))
    )
    assert found.rate == 1.0


@pytest.mark.parametrize(("lost", "known"), [(28, True), (36, False)])
def test_half_of_a_window_must_be_known(lost, known):
    times = np.arange(0.0, 200.0, 0.8)
    ok = ~((times > 100 - lost / 2) & (times < 100 + lost / 2))
    found = sliding_rmssd(Beats(times + 0.01 * np.sin(times), ok))
    assert np.isfinite(found.values[round(100 - found.start)]) == known


def test_no_beats_have_no_rmssd():
    assert len(sliding_rmssd(Beats(np.empty(0)))) == 0
    assert np.isnan(sliding_rmssd(Beats(np.array([1.0, 2.0]))).values).all()


def test_series_are_channels_with_the_clock_of_what_they_are_made_of(session):
    found = with_series(session).recordings[0]
    assert set(SERIES) <= set(found.signals)
    assert set(SERIES) <= set(found.clocks)
    assert np.nanmedian(found.signals["rsa_series"].values) == pytest.approx(np.log(800), abs=0.3)
    expected = np.log(rmssd(1000 * np.diff(BEATS.times)))
    assert np.nanmedian(found.signals["rmssd_series"].values) == pytest.approx(expected, abs=0.1)
    assert np.isnan(found.signals["rsa_series"].within(Window(200.0, 222.0)).values).all()
    assert found.beats is session.recordings[0].beats


def test_only_what_is_asked_for_and_known(session):
    assert "rmssd_series" not in with_series(session, ["rsa_series"]).recordings[0].signals
    bare = Session("bare", (Recording(Person("ada"), {"eda": session.recordings[0].signals["eda"]}),))
    assert set(with_series(bare).recordings[0].signals) == {"eda", "scr_rate_series"}
    with pytest.raises(UsageError, match="Did you mean rsa_series"):
        with_series(session, ["rsa_serie"])


def test_a_window_of_a_series_holds_ten_independent_values():
    for name in SERIES:
        plan = CHANNELS[name].comparison
        assert plan.bandwidth is not None
        assert 2 * plan.bandwidth * plan.window >= 10 - 1e-9
        assert plan_for(name).measure.window == plan.window

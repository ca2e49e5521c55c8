"""Channels: what their units and medians must be, and that one entry is a new channel everywhere."""

import math

import numpy as np
import pytest

from coregulation.analysis.pipeline import Analysis
from coregulation.analysis.preprocessing import plan_for
from coregulation.channels import CHANNELS, Channel, ComparisonPlan
from coregulation.errors import DataError, UsageError
from coregulation.io import open_session
from coregulation.report.page import render_page
from coregulation.report.result import result_of
from coregulation.signals import Unit

SKIN_TEMPERATURE = Channel(
    "skin_temperature", Unit.CELSIUS, plausible=(15.0, 42.0), max_rate=100.0, clips=True,
    comparison=ComparisonPlan(1.0, window=90.0, max_lag=15.0, difference=True),
)  # fmt: skip


@pytest.fixture
def with_temperature():
    with CHANNELS.including(SKIN_TEMPERATURE):
        yield


def wander(seed, n=1800):
    return 33 + 0.02 * np.cumsum(np.random.default_rng(seed).standard_normal(n))


def csv(path, values, unit="°C"):
    rows = "\n".join(f"{a:.5f},{b:.5f}" for a, b in values)
    path.write_text(f"ada [{unit}],ben [{unit}]\n{rows}\n", encoding="utf-8")
    return path


def opened(path):
    people = {"ada": 0, "ben": 1}
    return open_session(path, people=people, signal="skin_temperature", rate=2.0, shared=())


def test_one_entry_is_read_compared_and_reported(with_temperature, tmp_path):
    own = wander(1)
    other = np.roll(own, 8) + 0.002 * np.random.default_rng(2).standard_normal(len(own))
    other[500:503] = 99.0  # at the rails
    session = opened(csv(tmp_path / "pair.csv", zip(own, other, strict=True)))
    signal = session.of("ben").signals["skin_temperature"]
    assert (signal.unit, signal.rate) == (Unit.CELSIUS, 2.0)
    assert np.isnan(signal.values[500:503]).all()
    finding = Analysis(surrogates=199, secondary=99, jobs=1)(session)
    (coupling,) = [c for c in finding.couplings if c.primary and c.gate == "G1"]
    assert (coupling.signal, coupling.measure.window, coupling.measure.max_lag) == ("skin_temperature", 90.0, 15.0)
    assert coupling.p <= 0.05
    assert coupling.estimate.lag == pytest.approx(4.0, abs=1.0)
    assert result_of(finding).quality[0].channel == "skin_temperature"
    assert "skin temperature" in render_page(finding)
    plans = finding.provenance.settings["plans"]
    assert plans["skin_temperature"]["difference"] is True


def test_its_unit_and_its_median_are_checked(with_temperature, tmp_path):
    values = [(a, a) for a in wander(3)]
    with pytest.raises((DataError, UsageError), match=r"a unit of temperature was expected|cannot be converted"):
        opened(csv(tmp_path / "unit.csv", values, "mV"))
    fahrenheit = [(a * 9 / 5 + 32, a) for a in wander(3)]
    with pytest.raises(DataError, match="median of skin_temperature"):
        opened(csv(tmp_path / "median.csv", fahrenheit))


def test_without_the_entry_it_is_compared_as_it_is():
    assert plan_for("skin_temperature") == plan_for("anything")
    with CHANNELS.including(SKIN_TEMPERATURE):
        assert plan_for("skin_temperature").rate == 1.0
    assert "skin_temperature" not in CHANNELS


def test_a_name_is_taken_once():
    with pytest.raises(UsageError, match="'eda' already"):
        CHANNELS.register(Channel("eda", Unit.MICROSIEMENS))


@pytest.mark.parametrize(
    ("name", "low", "high"), [("heart_rate", 25.0, 250.0), ("eda", 0.01, 100.0), ("rr", 0.25, 2.5)]
)
def test_a_median_is_plausible_up_to_its_bounds(name, low, high):
    channel = CHANNELS[name]
    for median in (low, high, math.nan):
        channel.check(median)
    for median in (low * (1 - 1e-9), high * (1 + 1e-9)):
        with pytest.raises(DataError, match=f"median of {name}"):
            channel.check(median)


class TestChannel:
    @pytest.mark.parametrize("name", CHANNELS)
    def test_its_name_is_its_key(self, name):
        assert CHANNELS[name].name == name

    @pytest.mark.parametrize(("name", "median"), [("heart_rate", 72), ("rr", 0.8), ("eda", 3), ("resp", -1e9)])
    def test_a_plausible_median_passes(self, name, median):
        CHANNELS[name].check(median)

    @pytest.mark.parametrize(("name", "median"), [("heart_rate", 860), ("rr", 800), ("eda", 3e-6), ("heart_rate", -72)])
    def test_a_median_that_contradicts_the_unit_names_the_words_to_add(self, name, median):
        with pytest.raises(DataError, match=r"--unit.*--scale"):
            CHANNELS[name].check(median)

    def test_no_median_contradicts_nothing(self):
        CHANNELS["heart_rate"].check(math.nan)

    def test_only_what_is_written_in_several_units_must_state_it(self):
        assert {name for name, channel in CHANNELS.items() if not channel.stated} == {"rr", "beats", "ecg"}

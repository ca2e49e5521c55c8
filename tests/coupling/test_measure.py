"""The protocol: a p-value always belongs to the statistic that is reported."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from coregulation.analysis.pipeline import Analysis
from coregulation.analysis.preprocessing import SignalPlan
from coregulation.coupling.comparison import compare_signals
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation, prepare
from coregulation.coupling.nulls.surrogates import CircularShift, PhaseRandomised, SegmentShuffle
from coregulation.coupling.surface import Surface, Unchanged, sum_windows
from coregulation.errors import UsageError
from coregulation.signals import Signal, Unit
from coregulation.simulate.linkage import simulated_pair
from tests.coupling.new_measure import LaggedRank

NULLS = [CircularShift(10.0), SegmentShuffle(10.0), PhaseRandomised()]


class Ranked(LaggedCorrelation):
    """Prepares ranks of the whole series instead of its values."""

    def prepared(self, signal):
        return prepare(signal.values.argsort().argsort().astype(float), self.grid(signal.rate), self.detrend)


class Halved(LaggedCorrelation):
    """Gives other values, and says nothing of how they are computed fast."""

    def surface(self, x, y):
        plain = super().surface(x, y)
        return replace(plain, r=plain.r / 2)


class HalvingMixin:
    def surface(self, x, y):
        plain = super().surface(x, y)
        return replace(plain, r=plain.r / 2)


class Mixed(HalvingMixin, LaggedCorrelation):
    """The same by a mixin, which stands before the fast ways too."""


@dataclass(frozen=True)
class SlopeDifference(AbstractMeasure):
    """A measure that is no correlation: minus the squared difference, averaged as it is."""

    window: float
    max_lag: float
    hop: float = 4.0
    title = "squared difference"
    scale = Unchanged()

    def surface(self, x, y):
        width, lags = round(self.window * x.rate), self.lags(x.rate)
        starts = np.arange(lags[-1], len(x) - width - lags[-1] + 1, round(self.hop * x.rate))
        a, b = (np.lib.stride_tricks.sliding_window_view(s.values, width) for s in (x, y))
        r = -((a[starts][:, None] - b[starts[:, None] + lags]) ** 2).mean(axis=2)
        return Surface(r, lags / x.rate, x.start + (starts + width / 2) / x.rate, self.scale)


def pair(n=300, seed=1):
    rng = np.random.default_rng(seed)
    x = np.exp(rng.standard_normal(n))
    y = np.exp(0.7 * np.roll(x, 2) / x.std() + rng.standard_normal(n))
    return tuple(Signal(values, 1.0, 0.0, Unit.ARBITRARY) for values in (x, y))


def largest_mean(measure, x, y):
    profile = measure.surface(x, y).profile
    return np.nanmax(np.abs(profile))


@pytest.mark.parametrize("kind", [LaggedCorrelation, Ranked, Halved, Mixed, LaggedRank, SlopeDifference])
@pytest.mark.parametrize("null", NULLS, ids=lambda null: null.title)
def test_statistic_and_null_are_those_of_the_surface(kind, null):
    x, y = pair()
    measure = kind(20.0, 4.0, 2.0)
    comparison = compare_signals(x, y, measure)
    profiles = null.profiles(comparison, 5, np.random.default_rng(3))
    assert np.abs(profiles.observed.mean).max() == pytest.approx(largest_mean(measure, x, y))
    assert comparison.statistic == profiles.statistic
    if not isinstance(null, CircularShift):  # redrawn series, one by one
        (source,) = np.random.default_rng(3).spawn(1)
        series = [replace(y, values=values) for values in null.draw(y.values, 1.0, 5, source)]
        assert np.abs(profiles.surrogates.mean).max(axis=1) == pytest.approx(
            [largest_mean(measure, x, s) for s in series]
        )
        assert profiles.statistics == pytest.approx([compare_signals(x, s, measure).statistic for s in series])


@pytest.mark.parametrize("kind", [Ranked, Halved, Mixed])
def test_a_subclass_with_another_statistic_has_another_null(kind):
    plain, other = (compare_signals(*pair(), k(20.0, 4.0)) for k in (LaggedCorrelation, kind))
    for null in NULLS:
        a, b = (null.profiles(c, 99, np.random.default_rng(3)).statistics for c in (plain, other))
        assert not np.allclose(np.sort(a)[-20:], np.sort(b)[-20:], atol=0.01)


def test_another_statistic_does_not_go_by_the_old_title():
    plain = "lagged windowed cross-correlation"
    assert LaggedCorrelation.title == plain
    assert [kind.title for kind in (Ranked, Halved, Mixed)] == [
        f"{name}, a variant of {plain}" for name in ("Ranked", "Halved", "Mixed")
    ]
    assert WithoutShifts.title == plain  # the same statistic, another choice of nulls
    assert LaggedRank.title == "lagged windowed rank correlation"
    assert dataclass(frozen=True, slots=True)(type("Slotted", (Ranked,), {"__annotations__": {}})).title == Ranked.title


@pytest.mark.parametrize("kind", [Ranked, Halved, LaggedRank])
def test_estimate_and_p_of_an_analysis_are_of_one_statistic(kind):
    session, _ = simulated_pair(seconds=400, strength=0.6, lag=2.0, seed=3)
    plans = {"heart_rate": SignalPlan(2.0, kind(30.0, 5.0, 1.0))}
    finding = Analysis(plans=plans, surrogates=99, secondary=99, jobs=1, bodies=False)(session)
    primary, secondary = finding.couplings
    surface = next(iter(finding.surfaces.values()))
    lag = int(np.argmin(np.abs(np.abs(surface.lags) - primary.estimate.lag) - 1e-6 * np.abs(surface.profile)))
    assert np.arctanh(primary.estimate.value) == pytest.approx(surface.profile[lag])
    assert secondary.statistic == primary.statistic
    sums = sum_windows(surface, primary.measure.overlap)
    if kind is not Ranked:  # its windows count by the coverage alone, as those of any measure do
        assert primary.statistic == pytest.approx(sums.statistic)
    if kind is Halved:  # no cell of the surface can be larger
        assert max(*primary.nulls, *secondary.nulls) < np.arctanh(0.5) * np.sqrt(sums.effective.max())


class WithoutShifts(LaggedCorrelation):
    """A measure for which circular shifts answer nothing."""

    def question(self, null):
        return None if isinstance(null, CircularShift) else super().question(null)


def test_a_null_that_answers_nothing_for_a_measure_is_refused():
    session, _ = simulated_pair(seconds=400, seed=3)
    plans = {"heart_rate": SignalPlan(2.0, WithoutShifts(30.0, 5.0))}
    with pytest.raises(UsageError, match="'circular shift' answers no question for the measure 'lagged windowed"):
        Analysis(plans=plans, null=CircularShift(), bodies=False)(session)
    other = Analysis(plans=plans, null=SegmentShuffle(), sensitivity=(), surrogates=99, bodies=False)(session)
    assert (other.couplings[0].gate, other.couplings[0].p is not None) == ("G1", True)


def test_a_measure_is_made_like_another():
    rank = LaggedRank.like(LaggedCorrelation(40.0, 3.0, 2.0))
    assert rank == LaggedRank(40.0, 3.0, 5.0)
    assert rank.with_hop(0.5) == LaggedRank(40.0, 3.0, 0.5)


@pytest.mark.parametrize(("n", "fits"), [(19, False), (20, True), (21, True)])
def test_a_signal_as_long_as_a_window_fits(n, fits):
    assert LaggedRank(20.0, 0.0).fits(Signal(np.zeros(n), 1.0, 0.0, Unit.ARBITRARY)) is fits

"""Half-lives without a model: known decays, what was never seen to come back, and t intervals that hold."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.regulation.censored import fit_cells
from coregulation.regulation.design import Design, DesignSpan, Probe, UnidentifiedError
from coregulation.regulation.panel import Panel
from coregulation.regulation.recovery import Recovery, _recovery, measure_recoveries, resting_levels
from coregulation.regulation.thresholds import THRESHOLDS
from tests.regulation.truth import A, B, timetable

DESIGN = timetable(3, rest=60.0, hit=20.0, recover=120.0)


def decays(alone: float, together: float, spread: float = 0.0, seed: int = 0, design: Design = DESIGN) -> Panel:
    """Clean exponential returns with these half-lives (s), times a log-normal of sd `spread`, over a small noise."""
    rng = np.random.default_rng(seed)
    times = np.arange(0, design.spans[-1].end)
    values = 0.01 * rng.standard_normal((len(times), 2))
    for probe in design.probes:
        half = (together if probe.together else alone) * math.exp(spread * rng.standard_normal())
        for who in probe.hit:
            after = times >= probe.end
            values[after & (times < probe.until), design.people.index(who)] += 0.5 ** (
                (times[after & (times < probe.until)] - probe.end) / half
            )
            values[(times >= probe.start) & ~after, design.people.index(who)] += 1.0
    return Panel(times, values + np.array([5.0, -3.0]))


def test_known_half_lives_are_read() -> None:
    found = measure_recoveries(decays(40.0, 15.0), DESIGN)
    assert len(found) == 12
    for one in found:
        assert not one.censored
        # the 5-s mean delays the middle of a decay by no more than its own half-width
        assert one.half_life == pytest.approx(15.0 if one.together else 40.0, abs=2.5)
        assert one.peak == pytest.approx(1.0, abs=0.1)


def test_without_a_rest_alone_or_without_values_in_it_there_is_no_zero() -> None:
    no_rest = Design((A, B), tuple(span for span in DESIGN.spans if span.start != 0), DESIGN.probes)
    with pytest.raises(UnidentifiedError, match="no resting level"):
        measure_recoveries(decays(30.0, 30.0), no_rest)
    data = decays(30.0, 30.0)
    with pytest.raises(DataError, match="Almost nothing"):
        measure_recoveries(Panel(data.times, np.where(data.times[:, None] < 60, np.nan, data.values)), DESIGN)


def test_a_recovery_with_too_much_missing_is_left_out() -> None:
    data = decays(30.0, 30.0)
    probe = DESIGN.probes[0]
    gap = (data.times >= probe.end) & (data.times < probe.end + 90)
    assert len(measure_recoveries(Panel(data.times, np.where(gap[:, None], np.nan, data.values)), DESIGN)) == 11


def test_uncensored_cells_are_the_ordinary_pooled_t() -> None:
    rng = np.random.default_rng(0)
    cells = [(rng.standard_normal(4) + 2, np.zeros(4)), (rng.standard_normal(5), np.zeros(5))]
    fit = fit_cells(cells)
    sd = math.sqrt(sum(float(((v - v.mean()) ** 2).sum()) for v, _ in cells) / 7)
    assert fit.freedom == 7
    assert fit.sd == pytest.approx(sd)
    np.testing.assert_allclose(fit.errors, [sd / 2, sd / math.sqrt(5)])


def test_censored_cells_find_the_mean_that_cutting_hides() -> None:
    rng = np.random.default_rng(1)
    means = []
    for _ in range(200):
        values = rng.standard_normal(12)
        seen = np.minimum(values, 0.5)
        means.append(fit_cells([(seen, (values > 0.5).astype(float))]).means[0])
    assert np.mean(means) == pytest.approx(0.0, abs=0.09)


def test_t_intervals_hold_at_three_and_three() -> None:
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(600):
        fit = fit_cells([(rng.standard_normal(3), np.zeros(3)) for _ in range(4)])
        from coregulation.regulation.interval import interval_of_mean

        told = interval_of_mean(fit.means[1] - fit.means[0], math.hypot(*fit.errors[:2]), fit.freedom)
        held += told.low < 0 < told.high
    assert 0.92 <= held / 600 <= 0.98


def one_recovery(heights: list[float], sd: float = 0.1) -> Recovery | None:
    """Read the recovery from heights once a second, from the end of the stressor on."""
    times = np.arange(len(heights), dtype=float)
    probe = Probe((A,), -20.0, 0.0, float(len(heights) - 1), True)
    return _recovery(times, np.array(heights), A, probe, 0.0, sd, 1.0, THRESHOLDS)


@pytest.mark.parametrize(("low", "settles_at"), [(8, 60.0), (10, 60.0), (11, 20.0), (12, 20.0)])
def test_it_counts_as_settled_after_ten_seconds_below_half(low: int, settles_at: float) -> None:
    heights = [1.0] * 20 + [0.4] * low + [1.0] * (40 - low) + [0.4] * 30
    found = one_recovery(heights)
    assert found is not None
    assert found.half_life == pytest.approx(settles_at, abs=1.0)


def test_a_small_rise_has_settled_at_one_rest_sd_and_not_at_half_of_noise() -> None:
    heights = list(np.linspace(1.0, 0.0, 101)) + [0.0] * 20
    small, large = one_recovery(heights, sd=0.8), one_recovery(heights, sd=0.3)
    assert small is not None
    assert large is not None
    assert small.half_life == pytest.approx(20.0)
    assert large.half_life == pytest.approx(50.0)


@pytest.mark.parametrize(("missing", "kept"), [(49, True), (50, True), (51, False)])
def test_half_of_a_recovery_may_be_missing(missing: int, kept: bool) -> None:
    heights = [1.0] * 2 + [math.nan] * missing + [0.2] * (98 - missing)
    assert (one_recovery(heights) is not None) is kept


@pytest.mark.parametrize(("length", "enough"), [(29.9, False), (30.0, True), (30.1, True)])
def test_half_a_minute_of_rest_alone_gives_a_resting_level(length: float, enough: bool) -> None:
    times = np.arange(0.0, 100.0)
    panel = Panel(times, np.random.default_rng(0).standard_normal((100, 2)))
    design = Design((A, B), (DesignSpan(0.0, length), DesignSpan(length, 100.0, (A, B))))
    if enough:
        assert len(resting_levels(panel, design)) == 2
    else:
        with pytest.raises(UnidentifiedError):
            resting_levels(panel, design)

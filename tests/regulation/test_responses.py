"""Areas under responses: read without a model, and not moved by what both get at other times."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coregulation.regulation.panel import Panel
from coregulation.regulation.responses import _mean, cross_rise, extra_area, measure_responses
from tests.regulation.truth import A, B, Truth, simulate, timetable

DESIGN = timetable(3, rest=120.0, hit=30.0, recover=150.0)
QUIET = Truth(k=(0.03, 0.03), sigma=0.002, noise=0.1, dose=0.03)


def responses(truth: Truth, seed: int = 0, design=DESIGN):
    return measure_responses(simulate(truth, design, np.random.default_rng(seed))[0], design, (A, B))


def test_the_other_rises_by_what_is_passed_on() -> None:
    """A push of area 1 to a pair with k = .03 and p = .01 gives the other k p / (k² − p²) = .375 in the long run."""
    told = cross_rise(responses(replace(QUIET, p=(0.01, 0.01))))
    assert told is not None
    assert told.low > 0.1
    assert 0.15 < told.value < 0.375  # the long run is not waited for
    nothing = cross_rise(responses(QUIET))
    assert nothing is not None
    assert abs(nothing.value) < 0.1  # what is left of a recovery before takes a twentieth off


def test_both_bear_more_only_where_somebody_pays() -> None:
    more = extra_area(responses(replace(QUIET, p=(0.01, 0.01))))
    level = extra_area(responses(QUIET))
    less = extra_area(responses(replace(QUIET, d=(0.03, 0.03))))
    assert more is not None
    assert level is not None
    assert less is not None
    assert more.low > 0
    assert abs(level.value) < 0.1
    assert less.high < 0


def test_a_slow_input_to_both_is_no_rise_of_the_other() -> None:
    """In 8 sessions a 95 % interval may lie above nothing in one by chance; in three, once in a thousand runs."""
    found = [cross_rise(responses(replace(QUIET, script=0.01), seed)) for seed in range(8)]
    assert sum(one is not None and one.low > 0 for one in found) <= 2


def test_moments_that_hit_both_together_are_left_out_and_those_apart_are_not() -> None:
    both = timetable(2, rest=120.0, hit=30.0, recover=150.0, both=True)
    found = responses(QUIET, design=both)
    assert {one.probe.together for one in found} == {False}
    assert {one.person for one in found} == {A, B}
    assert cross_rise(found) is None
    assert extra_area(found) is None


def test_what_is_missing_is_left_out() -> None:
    panel, _ = simulate(QUIET, DESIGN, np.random.default_rng(0))
    values = panel.values.copy()
    probe = DESIGN.of(A, True)[0]
    values[(panel.times >= probe.start) & (panel.times < probe.until), 0] = np.nan
    found = measure_responses(Panel(panel.times, values), DESIGN, (A, B))
    assert probe not in [one.probe for one in found]
    # the next one starts from a level that is missing, too
    assert len(found) >= len(DESIGN.probes) - 2


@pytest.mark.parametrize(("values", "known"), [(4, False), (5, True), (6, True)])
def test_five_values_make_a_height(values: int, known: bool) -> None:
    heights = np.full(20, np.nan)
    heights[:values] = 1.0
    assert np.isfinite(_mean(np.arange(20.0), heights, 0.0, 20.0)) == known

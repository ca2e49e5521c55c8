"""Secondary measures: what is told of a pair whose lag is known, and that no p comes of it."""

from __future__ import annotations

import math

import pytest

from coregulation.analysis.pipeline import analyze
from coregulation.simulate.linkage import simulated_pair


def test_peaks_and_concordance_of_a_known_pair():
    session, truth = simulated_pair(seconds=600, strength=0.8, lag=2.0, seed=3)
    finding = analyze(session, surrogates=99)
    told = {(d.measure, d.quantity): d.value for d in finding.descriptions}
    assert told["PeakPicking", "mean lag of the peak, s"] == pytest.approx(truth.link.lag, abs=0.5)
    assert told["PeakPicking", "mean r at the peak"] > 0.5
    assert told["Concordance", "concordance index"] > 0
    assert 0 <= told["PeakPicking", "share of windows with a peak"] <= 1
    assert {d.pair for d in finding.descriptions} == {("ada", "ben")}
    assert not any(hasattr(d, "p") for d in finding.descriptions)


def test_a_pair_without_a_map_is_not_described():
    session, _ = simulated_pair(seconds=100, seed=3)
    assert analyze(session).descriptions == ()


def test_unlinked_people_have_no_index_to_speak_of():
    session, _ = simulated_pair(seconds=900, strength=0.0, lag=0.0, seed=4)
    told = {d.quantity: d.value for d in analyze(session, surrogates=99).descriptions}
    assert math.isfinite(told["concordance index"])
    assert abs(told["concordance index"]) < 0.5

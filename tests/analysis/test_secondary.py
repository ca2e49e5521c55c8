"""Secondary measures: what is told of a pair whose lag is known, and that no p comes of it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from coregulation.analysis.pipeline import Analysis, analyze
from coregulation.coupling.measures.concordance import Concordance
from coregulation.coupling.measures.susy import Susy
from coregulation.events import Exclusion
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


def test_a_measure_that_knows_no_gaps_has_no_numbers_over_one():
    session, _ = simulated_pair(seconds=600, strength=0.5, lag=2.0, seed=3)
    exclusion = Exclusion(100.0, 130.0, "door", "ada")
    plain = Analysis(surrogates=99, secondary=99, bodies=False, descriptions=(Susy(), Concordance()))
    whole, broken = (plain(s) for s in (session, replace(session, exclusions=(exclusion,))))
    for finding, finite in ((whole, True), (broken, False)):
        values = {d.quantity: d.value for d in finding.descriptions if d.measure == "Susy"}
        assert tuple(values) == Susy.quantities
        assert all(math.isfinite(value) is finite for value in values.values())
    assert all(math.isfinite(d.value) for d in broken.descriptions if d.measure == "Concordance")
    settings = {d.measure: dict(d.settings) for d in whole.descriptions}
    assert settings == {"Susy": {"segment": 30.0, "max_lag": 3.0}, "Concordance": {"slope": 5.0, "window": 15.0}}

"""From what was recorded to what is compared: what a plan asks of a recording."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.analysis import analyze
from coregulation.errors import DataError
from coregulation.preparation import PLANS, common_rate, trace
from coregulation.session import Person, Recording, Session
from coregulation.signals import Signal, Unit


def breathing(*rates: float) -> Session:
    def one(number: int, rate: float) -> Recording:
        values = np.random.default_rng(number).standard_normal(round(600 * rate))
        return Recording(Person(f"p{number}"), {"resp": Signal(values, rate, 0.0, Unit.ARBITRARY)})

    return Session("belts", tuple(one(k, rate) for k, rate in enumerate(rates)), shared=())


def test_breath_too_slow_for_its_band_is_refused_with_what_is_needed():
    with pytest.raises(DataError, match=r"1 Hz cannot show the band .* 0\.05 to 0\.6 Hz; more than 1\.2 Hz are needed"):
        analyze(breathing(1.0, 1.0), surrogates=99)


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
    out = trace(Signal(np.sin(2 * np.pi * frequency * times), 2.0, 0.0, Unit.ARBITRARY), PLANS["resp"], 2.0)
    middle = out.values[200:-200]
    assert np.sqrt(2) * middle.std() == pytest.approx(kept, abs=0.01)

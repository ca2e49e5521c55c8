"""Linkage in a live session: the thresholds, and that any measure serves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coregulation.channels import CHANNELS
from coregulation.coupling.comparison import NullProfiles
from coregulation.live.room.feedback import LiveLinkage
from coregulation.live.signals import linkage
from coregulation.live.signals.linkage import RATE, confirmed, linkage_windows, live_linkage
from coregulation.signals import Signal
from coregulation.stage import Piece
from tests.coupling.new_measure import LaggedRank
from tests.sessions import follower, wander


def heart_rate(values, start=0.0):
    return Signal(values, RATE, start, CHANNELS["heart_rate"].unit)


def pair(seconds=600.0):
    ada = wander(1, seconds)
    return heart_rate(ada), heart_rate(follower(ada, 2))


class Fixed:
    """A null whose surrogates are as strong as it is told."""

    def __init__(self, as_strong, count=199):
        self.statistics = np.where(np.arange(count) < as_strong, 9.0, 0.0)

    def profiles(self, comparison, count, rng):
        return NullProfiles(np.array([1.0]), self.statistics, self.statistics)


@pytest.mark.parametrize(
    ("as_strong", "said"), [(0, "beyond-chance"), (1, "not-beyond-chance"), (2, "not-beyond-chance")]
)
def test_beyond_chance_is_below_one_in_a_hundred(monkeypatch, as_strong, said):
    monkeypatch.setattr(linkage, "NULL", Fixed(as_strong))
    answer = live_linkage(*pair(), 600.0)
    assert (answer.said, answer.p) == (said, (1 + as_strong) / 200)


@pytest.mark.parametrize(("count", "said"), [(98, "too-early"), (99, "not-beyond-chance"), (100, "beyond-chance")])
def test_it_is_too_early_with_fewer_than_99_surrogates(monkeypatch, count, said):
    monkeypatch.setattr(linkage, "NULL", Fixed(0, count))  # p = 1/100 is not below .01, 1/101 is
    assert live_linkage(*pair(), 600.0).said == said


@pytest.mark.parametrize(("seconds", "early"), [(149.5, True), (150.0, False), (150.5, False)])
def test_it_is_too_early_before_five_windows(monkeypatch, seconds, early):
    monkeypatch.setattr(linkage, "NULL", Fixed(0))
    assert (live_linkage(*pair(seconds), 600.0).said == "too-early") is early


@pytest.mark.parametrize(("missing", "said"), [(599, "beyond-chance"), (600, "beyond-chance"), (601, "cannot-tell")])
def test_half_of_the_common_time_must_be_valid(monkeypatch, missing, said):
    monkeypatch.setattr(linkage, "NULL", Fixed(0))
    ada, ben = pair()
    values = ada.values.copy()
    values[:missing] = np.nan
    assert live_linkage(heart_rate(values), ben, 600.0).said == said


def test_people_who_share_no_time_or_follow_a_pacer_are_not_compared():
    ada, ben = pair()
    assert live_linkage(ada, heart_rate(ben.values, 900.0), 600.0).said == "too-early"
    assert live_linkage(ada, ben, 600.0, paced=True) == LiveLinkage("paced", 600.0)


def test_two_answers_in_a_row_are_shown():
    beyond, other = LiveLinkage("beyond-chance", 60.0, 1.0, 0.005), LiveLinkage("not-beyond-chance", 30.0, 0.1, 0.5)
    assert confirmed(None, beyond).said == "too-early"
    assert confirmed(other, beyond).said == "too-early"
    assert confirmed(beyond, beyond) == beyond
    assert confirmed(beyond, other) == other


def test_any_measure_serves(monkeypatch):
    measure = LaggedRank(30.0, 5.0, 1.0)
    monkeypatch.setattr(linkage, "MEASURE", measure)
    ada, ben = pair(300.0)
    answer = live_linkage(ada, ben, 300.0)
    assert answer.statistic == pytest.approx(np.nanmax(np.abs(measure.surface(ada, ben).profile)))
    assert answer.said == "beyond-chance"


def test_closed_windows_of_any_measure_are_those_of_its_surface():
    measure = LaggedRank(30.0, 5.0, 1.0)
    stage = linkage_windows(measure)
    ada, ben = pair(120.0)
    state, rows = stage.start(), []
    for begin in range(0, 240, 24):
        piece = [heart_rate(s.values[begin : begin + 24], begin / RATE) for s in (ada, ben)]
        state, out = stage.step(state, Piece(tuple(piece), (begin + 24) / RATE))
        rows += out.data
    fine = measure.with_hop(1 / RATE).surface(ada, ben)
    by_centre = dict(zip(fine.centres.tolist(), fine.r, strict=True))
    assert len(rows) > 100
    assert all(np.allclose(row.r, by_centre[row.centre]) for row in rows)
    assert stage.delay == 17.5
    assert math.isinf(stage.finish(state).until)

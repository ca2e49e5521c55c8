"""Linkage in a live session: the thresholds, and that any measure serves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coregulation.channels import CHANNELS
from coregulation.coupling.comparison import NullProfiles
from coregulation.coupling.settings import LINKAGE
from coregulation.coupling.surface import WindowSums, sum_windows
from coregulation.live.room.feedback import LiveLinkage
from coregulation.live.signals import linkage
from coregulation.live.signals.linkage import RATE, due_look, linkage_windows, live_linkage
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

    def __init__(self, as_strong, count=999):
        z = np.where(np.arange(count) < as_strong, 99.0, 0.0)[:, None]
        none = np.zeros((count, 0))
        self.surrogates = WindowSums(z, np.ones(z.shape, np.int64), z, np.ones(z.shape), none, none)

    def profiles(self, comparison, count, rng, first):
        return NullProfiles(comparison.observed, self.surrogates)


def with_null(monkeypatch, *settings):
    monkeypatch.setattr(linkage, "choose_null", lambda _: Fixed(*settings))


@pytest.mark.parametrize(("as_strong", "said"), [(8, "beyond-chance"), (9, "beyond-chance"), (10, "not-beyond-chance")])
def test_beyond_chance_is_up_to_the_alpha_of_the_look(monkeypatch, as_strong, said):
    with_null(monkeypatch, as_strong)
    answer = live_linkage(*pair(), 600.0, alpha=0.01)
    assert (answer.answer, answer.p) == (said, (1 + as_strong) / 1000)


@pytest.mark.parametrize(("count", "said"), [(98, "too-early"), (99, "beyond-chance")])
def test_it_is_too_early_with_fewer_than_99_surrogates(monkeypatch, count, said):
    with_null(monkeypatch, 0, count)
    assert live_linkage(*pair(), 600.0, alpha=0.01).answer == said


@pytest.mark.parametrize(("seconds", "early"), [(119.5, True), (120.0, False), (120.5, False)])
def test_it_is_too_early_before_three_windows_and_one(monkeypatch, seconds, early):
    with_null(monkeypatch, 0)
    assert (live_linkage(*pair(seconds), 600.0, alpha=0.01).answer == "too-early") is early


@pytest.mark.parametrize(("missing", "said"), [(599, "beyond-chance"), (600, "beyond-chance"), (601, "cannot-tell")])
def test_half_of_the_common_time_must_be_valid(monkeypatch, missing, said):
    with_null(monkeypatch, 0)
    ada, ben = pair()
    values = ada.values.copy()
    values[:missing] = np.nan
    assert live_linkage(heart_rate(values), ben, 600.0, alpha=0.01).answer == said


def test_people_who_share_no_time_or_follow_a_pacer_are_not_compared():
    ada, ben = pair()
    assert live_linkage(ada, heart_rate(ben.values, 900.0), 600.0, alpha=0.01).answer == "too-early"
    assert live_linkage(ada, ben, 600.0, paced=True, alpha=0.01) == LiveLinkage("paced", 600.0)


def test_between_looks_nothing_is_tested():
    assert live_linkage(*pair(), 600.0) == LiveLinkage("too-early", 600.0)


@pytest.mark.parametrize(
    ("spent", "seconds", "due"),
    [
        (0, 299.5, None), (0, 300.0, (300.0, 0.01)), (1, 300.0, None), (1, 600.0, (600.0, 0.01)),
        (2, 1199.5, None), (2, 1200.0, (1200.0, 0.015)), (3, 2400.0, (2400.0, 0.015)), (4, 9000.0, None),
    ],
)  # fmt: skip
def test_four_looks_are_due_at_fixed_times(spent, seconds, due):
    assert due_look(spent, seconds) == due


def test_the_alphas_of_a_session_add_up_to_five_in_a_hundred():
    assert sum(alpha for _, alpha in LINKAGE.live_looks) == pytest.approx(0.05)


def test_any_measure_serves(monkeypatch):
    measure = LaggedRank(30.0, 5.0, 1.0)
    monkeypatch.setattr(linkage, "MEASURE", measure)
    ada, ben = pair(300.0)
    answer = live_linkage(ada, ben, 300.0, alpha=0.01)
    assert answer.statistic == pytest.approx(sum_windows(measure.surface(ada, ben), measure.overlap).statistic)
    assert answer.answer == "beyond-chance"


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

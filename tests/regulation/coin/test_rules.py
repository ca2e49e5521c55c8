"""When the coin is flipped: by the receiver's data and the clock alone, at and beside each limit of care."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.regulation.coin.rules import CoinRules, CoinState, FlipNow, shown, watch

QUICK = CoinRules(memory=1e-6)  # the running mean follows at once


def flips(
    receiver: np.ndarray, giver: np.ndarray, rules: CoinRules = QUICK, deliver: bool = True
) -> list[tuple[float, FlipNow]]:
    state, found = CoinState(), []
    for time, (a, b) in enumerate(zip(receiver, giver, strict=True)):
        state, flip = watch(state, float(time), float(a), float(b), rules)
        if flip is not None:
            found.append((float(time), flip))
            state = shown(state) if deliver and flip.may_cue else state
    return found


def rises(seconds: int, every: int) -> np.ndarray:
    return np.where(np.arange(seconds) % every < every // 2, 0.0, 2.0)


@given(st.integers(0, 2**32 - 1))
def test_the_set_of_flips_depends_on_the_receiver_and_the_clock_alone(seed: int):
    rng = np.random.default_rng(seed)
    receiver, one, other = rng.normal(0.8, 1.0, (3, 600))
    assert [t for t, _ in flips(receiver, one)] == [t for t, _ in flips(receiver, other, deliver=False)]


def test_at_most_one_flip_a_minute_and_none_in_the_first_five():
    found = [t for t, _ in flips(rises(1200, 20), np.ones(1200))]
    assert found[0] >= 300
    assert min(np.diff(found)) >= 60


@pytest.mark.parametrize(("first", "count"), [(310, 1), (310.5, 0), (309.5, 1)])
def test_the_first_five_minutes_at_and_beside_their_end(first: float, count: int):
    level = np.where(np.arange(320) < 310, 0.0, 2.0)
    assert len(flips(level, np.ones(320), replace(QUICK, first=first))) == count


@pytest.mark.parametrize(("giver", "may"), [(0.5, False), (0.51, True), (3.0, True), (3.01, False), (np.nan, False)])
def test_a_cue_only_to_an_unsettled_giver_inside_their_window(giver: float, may: bool):
    level = np.where(np.arange(320) < 310, 0.0, 2.0)
    ((_, flip),) = flips(level, np.full(320, giver))
    assert flip.may_cue is may


def test_twelve_cues_are_the_most_and_flips_go_on():
    found = flips(rises(3000, 80), np.ones(3000))
    assert sum(flip.may_cue for _, flip in found) == 12
    assert len(found) > 12


@pytest.mark.parametrize(("level", "count"), [(1.0, 0), (1.001, 1)])
def test_a_rise_is_a_level_above_one(level: float, count: int):
    receiver = np.where(np.arange(320) < 310, 0.0, level)
    assert len(flips(receiver, np.ones(320))) == count

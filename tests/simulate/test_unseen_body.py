"""Bodies of the unseen laws: hearts that answer, breaths that turn suddenly, and what a strap loses."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.simulate import fresh_body, zoo_body
from coregulation.simulate.unseen_body import HEARTS, UnseenBody
from coregulation.simulate.unseen_pair import RATE

STILL = np.zeros(round(900 * RATE))


def recorded(body, arousal=STILL, seed=1):
    return body.record(arousal, np.random.default_rng(seed))


def test_no_heart_is_one_of_earlier_laws():
    assert not set(HEARTS) & (set(zoo_body.CURVES) | set(fresh_body.HEART_CURVES))


@pytest.mark.parametrize("name", HEARTS)
def test_a_lone_response_lifts_the_rate_by_a_third(name):
    step = np.where(np.arange(400) < 100, 0.0, 0.85)
    answer = HEARTS[name](step)
    assert answer[:100] == pytest.approx(0, abs=0.01)
    assert 0.28 < answer[-1] < 0.42


def test_a_heart_with_play_is_higher_on_the_way_down():
    path = np.concatenate([np.linspace(0, 1, 400), np.linspace(1, 0, 400)])
    answer = HEARTS["hysteresis"](path)
    assert answer[600] > answer[200] + 0.03


def test_the_vagal_branch_is_quick_and_the_sympathetic_one_is_slow():
    step = np.where(np.arange(400) < 100, 0.0, 0.85)
    answer = HEARTS["two branches"](step)
    assert 0.25 * answer[-1] < answer[108] < 0.7 * answer[-1]


def test_arrhythmia_of_the_breath_falls_with_arousal():
    def swing(level):
        beats = recorded(UnseenBody(own=0.0, doubled=0.0, sighs=0.0), STILL + level)[1].times
        return np.diff(np.log(np.diff(beats))).std()

    assert swing(1.2) < 0.75 * swing(0.0)


def test_the_breath_turns_suddenly_and_has_sighs():
    belt = recorded(UnseenBody(sighs=0.0))[0]
    sighing = recorded(UnseenBody(sighs=30.0))[0]
    assert belt.values.max() < 1.3 < 2.0 < sighing.values.max()
    up = np.diff(belt.values > 0).sum() / 2 / 15  # breaths per minute
    assert 11 < up < 15.5


def test_packets_are_lost_and_their_breaks_are_marked():
    body = UnseenBody(lost=40.0, doubled=0.0)
    belt, beats = recorded(body)
    assert np.isnan(belt.values).mean() > 0.03
    gaps = np.diff(beats.times) > 3
    assert gaps.any()
    assert beats.breaks[1:][gaps].all()
    assert np.isnan(body.measure(STILL, np.random.default_rng(2)).values).any()
    assert not np.isnan(UnseenBody().measure(STILL, np.random.default_rng(2)).values).any()


def test_doubled_beats_are_close_and_electrodes_settle():
    plain, doubled = (recorded(UnseenBody(doubled=rate))[1].times for rate in (0.0, 60.0))
    assert np.diff(doubled).min() < 0.5 < np.diff(plain).min()
    signal = UnseenBody(electrode=1.0, noise=0.01).measure(STILL, np.random.default_rng(3))
    assert abs(signal.values[0]) > 0.9 > 0.5 > abs(signal.values[-1])

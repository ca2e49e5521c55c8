"""Surrogates that are lively when the person was: gaps, line and local size stay, timing of swings goes."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.coupling.nulls.liveliness import LivelyModel, LivelyPhases, local_size
from tests.sessions import wander


def lively(seconds=600.0):
    t = np.arange(0, seconds, 0.5)
    return 70 + (wander(3, seconds) - 70) * np.where((t // 100) % 2 == 0, 1.0, 8.0)


@pytest.mark.parametrize("null", [LivelyPhases(), LivelyModel()], ids=["phases", "model"])
def test_the_local_size_stays_and_the_swings_do_not(null):
    values = lively()
    drawn = null.draw(values, 2.0, 20, np.random.default_rng(1))
    inner = np.abs(np.arange(1200) % 200 - 100) < 70  # away from where it changes
    loud = (np.arange(1200) // 200) % 2 == 1
    sizes = [np.std(v[..., inner & loud], axis=-1) / np.std(v[..., inner & ~loud], axis=-1) for v in (values, drawn)]
    assert np.mean(sizes[1]) == pytest.approx(sizes[0], rel=0.3)
    rest, others = values - 70, drawn - 70
    assert abs(np.mean([np.corrcoef(rest, row)[0, 1] for row in others])) < 0.2  # what is slow stays


def test_the_local_size_is_a_weighted_mean_of_what_is_there():
    values = np.random.default_rng(1).standard_normal(50)
    values[20:25] = np.nan
    window = np.hanning(9)[1:-1]
    slow = []
    for i in range(50):
        near = [(values[j], window[j - i + 3]) for j in range(max(0, i - 3), min(50, i + 4)) if np.isfinite(values[j])]
        slow.append(np.sqrt(sum(w * v * v for v, w in near) / sum(w for _, w in near)) if near else np.nan)
    np.testing.assert_allclose(local_size(values, 7)[np.isfinite(slow)], np.array(slow)[np.isfinite(slow)])


def test_gaps_stay_and_a_flat_series_stays_flat():
    values = lively()
    values[100:300] = np.nan
    drawn = LivelyModel().draw(values, 2.0, 3, np.random.default_rng(1))
    assert (np.isnan(drawn) == np.isnan(values)).all()
    flat = LivelyPhases().draw(np.full(200, 70.0), 2.0, 2, np.random.default_rng(1))
    assert flat == pytest.approx(np.full((2, 200), 70.0))


def test_two_signals_of_one_person_are_redrawn_alike():
    once, again = (LivelyPhases().draw(v, 2.0, 2, np.random.default_rng(4)) for v in (lively(), 3 * lively() + 5))
    assert again == pytest.approx(3 * once + 5)

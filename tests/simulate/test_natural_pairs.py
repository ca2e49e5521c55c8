"""Simulated ordinary hours: what each law does, seen from outside."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.simulate.natural_pairs import NATURAL_LAWS, NaturalPairLaw, simulate_natural_sessions


def levels(law: NaturalPairLaw, seconds: float = 2400.0, sessions: int = 60, seed: int = 1) -> np.ndarray:
    return simulate_natural_sessions(law, sessions, seconds, seed).levels


def correlation(both: np.ndarray) -> float:
    return float(np.mean([np.corrcoef(pair[0], pair[1])[0, 1] for pair in both]))


def test_a_second_is_a_sample_and_a_seed_gives_the_same_hours():
    first, again = (simulate_natural_sessions(NATURAL_LAWS["speech"], 3, 600.0, 5) for _ in range(2))
    assert first.levels.shape == first.speaking.shape == (3, 2, 600)
    assert np.array_equal(first.levels, again.levels)


def test_nothing_links_strangers_and_every_shared_input_does():
    assert abs(correlation(levels(NaturalPairLaw()))) < 0.06
    for name in ("input of 20 s", "input of 60 s", "both hit", "mood of 5 min", "contagion"):
        assert correlation(levels(NATURAL_LAWS[name])) > 0.12, name


def test_help_lowers_the_receiver_alone():
    helped, plain = levels(NATURAL_LAWS["help"]), levels(NaturalPairLaw())
    assert helped[:, 0].mean() < plain[:, 0].mean() - 0.05
    assert helped[:, 1].mean() == pytest.approx(plain[:, 1].mean(), abs=0.02)


def test_a_responding_giver_rises_with_the_receiver():
    assert correlation(levels(NaturalPairLaw(response=0.02))) > 0.2


def test_one_speaks_at_a_time_and_is_lifted_by_it():
    simulated = simulate_natural_sessions(NATURAL_LAWS["speech"], 30, 1800.0, 2)
    assert not simulated.speaking.all(axis=1).any()
    assert 0.25 < simulated.speaking.mean() < 0.42
    assert simulated.levels[simulated.speaking].mean() > simulated.levels[~simulated.speaking].mean() + 0.5
    assert not simulate_natural_sessions(NaturalPairLaw(), 2, 300.0, 2).speaking.any()


def test_drift_rises_and_habituation_sinks():
    drift, habit = levels(NATURAL_LAWS["drift"]), levels(NATURAL_LAWS["habituation"])
    half = drift.shape[2] // 2
    assert drift[:, :, half:].mean() > drift[:, :, :half].mean() + 0.3
    assert habit[:, :, half:].mean() < habit[:, :, 300:half].mean() - 0.03

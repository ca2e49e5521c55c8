"""The coin's test and bet: exact by enumeration, right in size under shared inputs, and with power where the giver helps."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, ttest_ind

from coregulation.errors import DataError
from coregulation.regulation.coin.betting import bet
from coregulation.regulation.coin.outcomes import CoinOutcomes, outcomes, running_mean
from coregulation.regulation.coin.randomisation import MIN_OF_EACH, ask_coin
from coregulation.signals import Signal, Unit
from tests.regulation.coin.sessions import HELP, NO_HELP, coin_outcomes


def made(fall: np.ndarray, cues: np.ndarray) -> CoinOutcomes:
    return CoinOutcomes(fall, np.zeros((len(fall), 2)), cues.astype(bool), np.ones(len(fall), dtype=bool))


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_over_all_coins_the_bettor_neither_gains_nor_loses(seed: int):
    fall = np.random.default_rng(seed).standard_normal(8)
    ends = [bet([made(fall, np.array(cues))]).capital for cues in itertools.product([0, 1], repeat=8)]
    assert np.mean(ends) == pytest.approx(1.0)
    assert min(ends) > 0


def slow_statistic(fall: np.ndarray, cues: np.ndarray) -> float:
    if min(cues.sum(), (~cues).sum()) < 2:
        return 0.0
    return abs(float(ttest_ind(fall[cues], fall[~cues], equal_var=False).statistic))


def test_the_p_value_is_that_of_all_coins_there_could_have_been():
    rng = np.random.default_rng(2)
    fall, cues = rng.standard_normal(10), np.arange(10) % 2 == 0
    fall[cues] -= 1.0
    every = [slow_statistic(fall - fall.mean(), np.array(coin)) for coin in itertools.product([False, True], repeat=10)]
    exact = np.mean(np.array(every) >= slow_statistic(fall - fall.mean(), cues) - 1e-9)
    assert ask_coin([made(fall, cues)], draws=9999).p == pytest.approx(exact, abs=0.015)


def test_the_interval_holds_a_constant_effect_and_p_agrees_with_it():
    rng = np.random.default_rng(3)
    inside = 0
    for number in range(60):
        cues = rng.random(40) < 0.5
        answer = ask_coin([made(0.1 * rng.standard_normal(40) - 0.05 * cues, cues)], draws=199, seed=number)
        inside += answer.effect.low <= -0.05 <= answer.effect.high
        assert (answer.p <= 0.05) == (not answer.effect.low <= 0 <= answer.effect.high)
    assert binomtest(60 - inside, 60, 0.05, alternative="greater").pvalue > 0.001


@pytest.mark.parametrize(("each", "answered"), [(MIN_OF_EACH - 1, False), (MIN_OF_EACH, True), (MIN_OF_EACH + 1, True)])
def test_four_flips_of_each_kind_are_needed(each: int, answered: bool):
    cues = np.arange(each + 10) < each
    one = made(np.random.default_rng(0).standard_normal(len(cues)), cues)
    if answered:
        assert ask_coin([one], draws=199).cues == each
    else:
        with pytest.raises(DataError, match="More visits"):
            ask_coin([one], draws=199)


def claims(name: str, pairs: int, draws: int, seed: int) -> tuple[int, int]:
    """Count the pairs of a law without help that the test and the bet claim something of, in one visit of 90 minutes."""
    sessions = coin_outcomes(NO_HELP[name], pairs, 5400.0, seed)
    tested = bought = 0
    for number, session in enumerate(sessions):
        known = session.known.cues
        if min(known.sum(), (~known).sum()) >= MIN_OF_EACH:
            tested += ask_coin([session], draws=draws, seed=number).p <= 0.05
            bought += bet([session]).largest >= 20
    return tested, bought


@pytest.mark.parametrize("name", NO_HELP)
def test_whatever_the_two_share_the_coin_claims_nothing_too_often(name: str):
    tested, bought = claims(name, 120, 99, 11)
    assert binomtest(tested, 120, 0.05, alternative="greater").pvalue > 0.001
    assert binomtest(bought, 120, 0.05, alternative="greater").pvalue > 0.001


@pytest.mark.nightly
@pytest.mark.parametrize("name", NO_HELP)
def test_the_size_of_the_coin_over_four_thousand_sessions(name: str):
    tested, bought = claims(name, 4000, 199, 12)
    assert binomtest(tested, 4000, 0.05).proportion_ci(0.99).low <= 0.05
    assert bought <= 200


def test_a_giver_who_helps_is_told():
    sessions = coin_outcomes(HELP, 60, 5400.0, 13)
    answers = [ask_coin(sessions[k : k + 3], draws=199, seed=k) for k in range(0, 60, 3)]
    assert sum(answer.p <= 0.05 and answer.effect.value < 0 for answer in answers) >= 8  # .75 of 150 in development


def test_outcomes_know_gaps_and_ends():
    level = Signal(np.r_[np.zeros(300), 2 * np.exp(-np.arange(300) / 45)], 1.0, 0.0, Unit.ARBITRARY)
    from coregulation.coin_flips import CoinFlip

    flips = [CoinFlip(0, 300.0, True), CoinFlip(1, 560.0, False), CoinFlip(2, 2.0, False)]
    found = outcomes(level, flips)
    assert found.fall[0] == pytest.approx(np.exp(-10 / 45) - 1, abs=0.03)
    assert np.isnan(found.fall[1])
    holes = Signal(np.where(np.arange(600) % 5 < 3, np.nan, level.values), 1.0, 0.0, Unit.ARBITRARY)
    assert np.isnan(outcomes(holes, flips[:1]).fall[0])
    assert np.isfinite(running_mean(level, 5.0)).all()

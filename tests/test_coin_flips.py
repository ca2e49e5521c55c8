"""A coin's log and its committed seed: whatever is changed afterwards is found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.coin_flips import CoinFlip, CoinLog, CoinSeed
from coregulation.errors import DataError, UsageError

SEED = CoinSeed(bytes(range(32)))


def log(seed: CoinSeed = SEED, flips: int = 12) -> CoinLog:
    tossed = [CoinFlip(k, 300.0 + 70 * k, seed.flip(k), True, seed.flip(k)) for k in range(flips)]
    return CoinLog("ben", "ada", seed.commitment, tuple(tossed))


def test_a_whole_log_matches_its_seed():
    log().check(SEED)
    log(flips=0).check(SEED)


@given(st.binary(min_size=32, max_size=32))
def test_half_of_the_flips_ask_for_a_cue(secret: bytes):
    asked = sum(CoinSeed(secret).flip(k) for k in range(400))
    assert 130 <= asked <= 270  # seven standard deviations
    assert CoinSeed(secret).commitment == CoinSeed(secret).commitment


@given(st.integers(0, 11), st.sampled_from(["turned", "dropped", "moved", "shown"]))
def test_a_changed_log_is_refused(number: int, change: str):
    flips = list(log().flips)
    if change == "turned":
        flips[number] = replace(flips[number], cue=not flips[number].cue, delivered=False)
    elif change == "dropped":
        del flips[number]
        if number == 11:
            return  # the last flips may be missing where the session was cut off
    elif change == "moved":
        flips[number] = replace(flips[number], time=flips[number - 1].time if number else flips[1].time)
    else:
        flips[number] = replace(flips[number], possible=False, delivered=True)
    with pytest.raises(DataError, match="coin"):
        replace(log(), flips=tuple(flips)).check(SEED)


def test_another_seed_and_a_short_one_are_refused():
    with pytest.raises(DataError, match="committed"):
        log().check(CoinSeed(bytes(32)))
    for size in (31, 33):
        with pytest.raises(UsageError, match=r"length 32 \(bytes\)"):
            CoinSeed(bytes(size))

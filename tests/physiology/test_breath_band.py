"""RSA over time: the laws, closed forms in a moving band, and a breath that the heart does not follow."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.physiology.aligned_rows import Rows
from coregulation.physiology.breath_band import ADJUSTED, FIXED, FREQUENCY, RSA, BreathBand
from coregulation.stage import Piece
from tests.laws.rows import flat_rows
from tests.laws.stages import check_bound, check_stage


def rows_of(rr: np.ndarray, resp: np.ndarray, first: int = -7) -> Rows:
    return Rows(np.stack([rr, resp], axis=1), 4.0, first)


def cut_rows(rows: Rows, at) -> list[Piece[Rows]]:
    edges = [0, *sorted(set(at) & set(range(1, len(rows)))), len(rows)]
    parts = [Rows(rows.values[a:b], rows.rate, rows.first + a) for a, b in itertools.pairwise(edges)]
    return [Piece(part, part.end / part.rate) for part in parts]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), at=st.lists(st.integers(1, 999), max_size=12))
def test_laws(seed, at):
    rng = np.random.default_rng(seed)
    rows = rows_of(900 + 40 * rng.standard_normal(1000), rng.standard_normal(1000))
    rows.values[200 : 200 + int(rng.integers(0, 100)), 0] = np.nan
    rows.values[600 : 600 + int(rng.integers(0, 300)), 1] = np.nan
    check_stage(BreathBand(), Piece(rows, rows.end / 4), cut_rows(rows, at), flat_rows)


def test_the_state_does_not_grow():
    rows = rows_of(np.random.default_rng(0).standard_normal(4000), np.ones(4000))
    pieces = cut_rows(rows, range(0, 4000, 10))
    check_bound(BreathBand(), pieces[:60], pieces)


def told(rr: np.ndarray, resp: np.ndarray) -> np.ndarray:
    stage = BreathBand()
    _, out = stage.step(stage.start(), Piece(rows_of(rr, resp, 0), len(rr) / 4))
    return out.data.values[40:-5]


TIMES = np.arange(2400) / 4


@pytest.mark.parametrize("frequency", [0.09, 0.1, 0.15, 0.203, 0.25, 0.3, 0.45])
def test_the_band_follows_the_breathing(frequency):
    wave = 2 * np.pi * frequency * TIMES
    found = told(900 + 40 * np.sin(wave), 2 * np.sin(wave + 0.5))
    np.testing.assert_allclose(found[:, RSA], np.log(800), atol=0.03)
    np.testing.assert_allclose(found[:, FREQUENCY], frequency, atol=0.005)
    np.testing.assert_allclose(found[:, ADJUSTED], np.log(20**2), atol=0.03)


def test_slow_breathing_leaves_the_fixed_band():
    wave = 2 * np.pi * 0.09 * TIMES
    found = told(900 + 40 * np.sin(wave), np.sin(wave))
    assert found[:, FIXED].max() < np.log(800) - 2
    inside = 2 * np.pi * 0.25 * TIMES
    np.testing.assert_allclose(told(900 + 40 * np.sin(inside), np.full(2400, np.nan))[:, FIXED], np.log(800), atol=0.01)


def test_depth_changes_rsa_but_not_the_gain():
    wave, depth = 2 * np.pi * 0.2 * TIMES, np.where(TIMES < 300, 1.0, 2.0)
    found = told(900 + 20 * depth * np.sin(wave), depth * np.sin(wave))
    early, late = found[:150], found[350:]
    assert np.median(late[:, RSA]) - np.median(early[:, RSA]) == pytest.approx(np.log(4), abs=0.02)
    assert np.median(late[:, ADJUSTED]) == pytest.approx(np.median(early[:, ADJUSTED]), abs=0.02)


def test_a_breath_that_the_heart_does_not_follow_gives_no_gain():
    rng = np.random.default_rng(2)
    found = told(900 + 40 * rng.standard_normal(2400), rng.standard_normal(2400))
    # five tapers: a coherence over .5 by chance in (1 - .5)^4 = 6 % of windows
    assert np.isfinite(found[:, ADJUSTED]).mean() < 0.2


@pytest.mark.parametrize("resp", [np.nan, 3.0])
def test_without_a_breath_only_the_fixed_band_is_told(resp):
    found = told(900 + 40 * np.sin(2 * np.pi * 0.25 * TIMES), np.full(2400, resp))
    assert np.isnan(found[:, [RSA, FREQUENCY, ADJUSTED]]).all()
    assert np.isfinite(found[:, FIXED]).all()


def test_a_heart_without_variability_has_no_logarithm():
    assert np.isnan(told(np.full(2400, 900.0), np.sin(2 * np.pi * 0.25 * TIMES))[:, [RSA, FIXED]]).all()

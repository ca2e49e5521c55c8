import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.coupling.nulls.surrogates import (
    AmplitudeAdjusted,
    CircularShift,
    PhaseRandomised,
    SegmentShuffle,
    straight_line,
)
from coregulation.errors import DataError, UsageError

NULLS = [CircularShift(2.0), SegmentShuffle(7.0), PhaseRandomised(), AmplitudeAdjusted(20)]


def wander(n, seed=1):
    return np.cumsum(np.random.default_rng(seed).standard_normal(n))


@pytest.mark.parametrize("null", NULLS, ids=lambda null: null.title)
def test_the_same_seed_gives_the_same_again_and_another_does_not(null):
    values = wander(101)
    values[20:25] = np.nan
    draws = [null.draw(values, 1.0, 4, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert draws[0].shape == (4, 101)
    assert np.array_equal(draws[0], draws[1], equal_nan=True)
    assert not np.array_equal(draws[0], draws[2], equal_nan=True)
    assert len({row.tobytes() for row in draws[0]}) > 1


@given(st.integers(10, 80), st.floats(0, 4), st.integers(0, 99))
def test_a_turn_is_a_roll_at_least_so_far_either_way(n, least, seed):
    values = np.where(np.arange(n) == 5, np.nan, np.arange(n, dtype=float))
    for row in CircularShift(least).draw(values, 1.0, 5, np.random.default_rng(seed)):
        shift = next(k for k in range(n) if np.array_equal(np.roll(values, k), row, equal_nan=True))
        assert least <= shift <= n - least or least == 0


@given(st.integers(1, 60), st.floats(0, 30), st.sampled_from([0.5, 1.0, 4.0]), st.integers(1, 9), st.floats(0, 9))
def test_the_allowed_turns_are_multiples_far_enough_and_mirror_each_other(steps, least, rate, step, apart):
    n = 2 * steps * step
    shifts = CircularShift(least).shifts(n, rate, step, apart)
    assert (shifts % step == 0).all()
    assert ((shifts >= least * rate) & (n - shifts >= least * rate)).all()
    assert (np.diff(shifts) >= max(step, apart * rate)).all()
    assert sorted((n - shifts) % n) == sorted(shifts % n)


def test_every_turn_is_allowed_where_none_need_be_apart():
    assert CircularShift(0.0).shifts(12, 1.0, 2).tolist() == [0, 2, 4, 6, 8, 10]
    assert CircularShift(3.0).shifts(12, 1.0, 2).tolist() == [4, 6, 8]
    assert CircularShift(3.0).shifts(40, 1.0, 2, 10.0).tolist() == [4, 14, 26, 36]


@given(st.integers(4, 9), st.integers(2, 8), st.integers(0, 7), st.integers(0, 99))
def test_shuffled_segments_are_the_segments_and_the_rest_stays(pieces, size, rest, seed):
    rest = rest % size
    values = np.arange(pieces * size + rest, dtype=float)
    values[1] = np.nan
    for row in SegmentShuffle(size / 2).draw(values, 2.0, 3, np.random.default_rng(seed)):
        cut = sorted(row[: pieces * size].reshape(pieces, size).tolist(), key=lambda s: s[0])
        assert np.array_equal(np.ravel(cut), values[: pieces * size], equal_nan=True)
        assert np.array_equal(row[pieces * size :], values[pieces * size :])


@pytest.mark.parametrize("n", [100, 101])
def test_random_phases_keep_the_spectrum(n):
    values = wander(n)
    drawn = PhaseRandomised().draw(values, 1.0, 6, np.random.default_rng(1))
    line = straight_line(values)
    spectrum = np.abs(np.fft.rfft(values - line))
    assert np.allclose(np.abs(np.fft.rfft(drawn - line)), spectrum, atol=1e-9 * spectrum.max())
    assert not np.allclose(drawn, values)


def test_a_line_through_what_is_there():
    values = np.where(np.arange(10) % 3 == 0, np.nan, 2.0 + 0.5 * np.arange(10))
    assert straight_line(values) == pytest.approx(2.0 + 0.5 * np.arange(10))
    assert straight_line(np.where(np.arange(10) == 4, 1.0, np.nan)).tolist() == [0.0] * 10


def test_two_signals_of_one_person_are_redrawn_alike():
    """The share of the power that two signals have in common at one frequency stays; of two people it does not."""
    slow, own = wander(400), wander(400, 2)
    a, b = (null_draw(values, 5) for values in (slow, 3 * slow))
    assert np.allclose(3 * a, b)
    assert not np.allclose(null_draw(own, 5), null_draw(own, 6))


def null_draw(values, seed):
    return PhaseRandomised().draw(values, 1.0, 3, np.random.default_rng(seed))


def test_amplitude_adjusted_keeps_the_values_and_nearly_the_spectrum():
    values = np.exp(0.2 * wander(400))
    drawn = AmplitudeAdjusted(100).draw(values, 1.0, 4, np.random.default_rng(1))
    assert np.allclose(np.sort(drawn), np.sort(values))
    spectrum = np.abs(np.fft.rfft(values))
    shuffled = np.abs(np.fft.rfft(np.random.default_rng(1).permutation(values)))
    off = np.linalg.norm(np.abs(np.fft.rfft(drawn)) - spectrum, axis=1)
    assert off.max() < 0.15 * np.linalg.norm(shuffled - spectrum)


@pytest.mark.parametrize("null", [PhaseRandomised(), AmplitudeAdjusted(10)])
def test_gaps_stay_where_they_are(null):
    values = wander(200)
    values[[0, 50, 51, 199]] = np.nan
    drawn = null.draw(values, 1.0, 3, np.random.default_rng(1))
    assert (np.isnan(drawn) == np.isnan(values)).all()


@pytest.mark.parametrize(
    ("null", "values", "why"),
    [
        (CircularShift(20.0), wander(39), "too short"),
        (SegmentShuffle(10.0), wander(39), "at least 4 segments"),
        (PhaseRandomised(), np.where(np.arange(100) < 21, np.nan, wander(100)), "79% are valid"),
        (AmplitudeAdjusted(), np.full(50, np.nan), " 0% are valid"),
    ],
)
def test_what_cannot_be_redrawn_is_refused(null, values, why):
    with pytest.raises(DataError, match=why):
        null.draw(values, 1.0, 2, np.random.default_rng(1))


def test_a_turn_of_less_than_nothing():
    with pytest.raises(UsageError):
        CircularShift(-1.0)


def test_each_has_a_name_of_its_own():
    assert len({null.title for null in NULLS}) == len(NULLS)


@pytest.mark.parametrize("null", [PhaseRandomised(), AmplitudeAdjusted(3)])
@pytest.mark.parametrize(("missing", "drawn"), [(19, True), (20, True), (21, False)])
def test_a_spectrum_needs_four_fifths_of_the_samples(null, missing, drawn):
    values = np.where(np.arange(100) < missing, np.nan, wander(100))
    if drawn:
        assert np.isfinite(null.draw(values, 1.0, 1, np.random.default_rng(1))).sum() == 100 - missing
    else:
        with pytest.raises(DataError, match="80% of the samples"):
            null.draw(values, 1.0, 1, np.random.default_rng(1))


@pytest.mark.parametrize(("n", "drawn"), [(39, False), (40, True), (41, True)])
def test_four_segments_can_be_shuffled(n, drawn):
    if drawn:
        assert len(SegmentShuffle(10.0).draw(wander(n), 1.0, 2, np.random.default_rng(1))) == 2
    else:
        with pytest.raises(DataError, match="at least 4 segments"):
            SegmentShuffle(10.0).draw(wander(n), 1.0, 2, np.random.default_rng(1))


@pytest.mark.parametrize(
    ("count", "line"), [(1, [0.0, 0.0, 0.0, 0.0]), (2, [1.0, 3.0, 5.0, 7.0]), (3, [1.0, 3.0, 5.0, 7.0])]
)
def test_a_line_needs_two_values(count, line):
    values = np.array([1.0, 3.0, 5.0, np.nan])
    values[count:] = np.nan
    assert straight_line(values) == pytest.approx(line)

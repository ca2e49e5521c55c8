"""Signals, beats, windows and units: checked once at the door, and laws of what can be asked of them."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.errors import DataError, UsageError
from coregulation.signals import Beats, Signal, Unit, Window, frozen
from tests import strategies


class TestUnit:
    @pytest.mark.parametrize("unit", Unit)
    def test_its_symbol_is_read_back(self, unit):
        assert Unit.parse(f" {unit.symbol} ") is unit

    @pytest.mark.parametrize(
        ("text", "unit"),
        [
            ("s", Unit.SECOND),
            ("S", Unit.SIEMENS),
            ("BPM", Unit.PER_MINUTE),
            ("uS", Unit.MICROSIEMENS),
            ("μS", Unit.MICROSIEMENS),  # the Greek letter, which looks the same as the micro sign
            ("MicroSiemens", Unit.MICROSIEMENS),
            ("uV", Unit.MICROVOLT),
            ("mv", Unit.MILLIVOLT),
            ("Seconds", Unit.SECOND),
            ("msec", Unit.MILLISECOND),
            ("au", Unit.ARBITRARY),
        ],
    )
    def test_the_ways_people_write_it(self, text, unit):
        assert Unit.parse(text) is unit

    @pytest.mark.parametrize("text", ["", "furlong", "Ms", "µs", "us", "MS"])
    def test_what_is_not_known_is_refused_with_what_is(self, text):
        # Ms would be a megasecond and µs is a microsecond: a letter's case is never passed over in a symbol
        with pytest.raises(UsageError, match="Known units: 1/min, Hz, s, ms, min"):
            Unit.parse(text)

    def test_sizes(self):
        assert Unit.MILLISECOND.factor_to(Unit.SECOND) == 1e-3
        assert Unit.MINUTE.factor_to(Unit.MILLISECOND) == 60_000
        assert Unit.SIEMENS.factor_to(Unit.MICROSIEMENS) == 1e6
        assert Unit.MICROVOLT.factor_to(Unit.MILLIVOLT) == 1e-3
        assert 1024 * Unit.BLUETOOTH_TICK.factor_to(Unit.SECOND) == 1

    @given(st.sampled_from(Unit), st.sampled_from(Unit))
    def test_there_and_back_is_one(self, one, other):
        if one.quantity != other.quantity:
            with pytest.raises(UsageError, match="cannot be converted to"):
                one.factor_to(other)
        else:
            assert one.factor_to(other) * other.factor_to(one) == pytest.approx(1)


class TestFrozen:
    def test_it_is_a_copy_that_cannot_be_written(self):
        source = np.zeros(3)
        array = frozen(source)
        source[:] = 1
        assert (array == 0).all()
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1

    @pytest.mark.parametrize("values", [1.0, np.zeros((2, 2))])
    def test_it_has_one_dimension(self, values):
        with pytest.raises(UsageError, match="one-dimensional"):
            frozen(values)


class TestWindow:
    @pytest.mark.parametrize("edges", [(1, 0), (math.nan, 1), (0, math.nan), (0, math.inf), (-math.inf, 0)])
    def test_its_edges_are_finite_and_in_order(self, edges):
        with pytest.raises(UsageError, match="start <= end"):
            Window(*edges)

    @given(strategies.windows(), strategies.windows())
    def test_overlap_is_what_both_share(self, one, other):
        both = one.overlap(other)
        assert both == other.overlap(one)
        if both is None:
            assert one.end <= other.start or other.end <= one.start or not (one.length and other.length)
        else:
            assert 0 < both.length <= min(one.length, other.length)
            assert one.overlap(both) == both

    def test_touching_is_not_overlapping(self):
        assert Window(0, 1).overlap(Window(1, 2)) is None


class TestSignal:
    @pytest.mark.parametrize("rate", [0, -1, math.nan, math.inf])
    def test_its_rate_is_a_positive_number(self, rate):
        with pytest.raises(UsageError, match="sampling rate"):
            Signal(np.zeros(2), rate, 0.0, Unit.ARBITRARY)

    @pytest.mark.parametrize("start", [math.nan, math.inf])
    def test_its_start_is_a_time(self, start):
        with pytest.raises(UsageError, match="start"):
            Signal(np.zeros(2), 1.0, start, Unit.ARBITRARY)

    def test_it_is_never_infinite(self):
        with pytest.raises(DataError, match="infinite"):
            Signal(np.array([0.0, np.inf]), 1.0, 0.0, Unit.ARBITRARY)

    def test_times_and_coverage(self):
        signal = Signal(np.array([1.0, np.nan, 3.0, 4.0]), 2.0, 10.0, Unit.ARBITRARY)
        np.testing.assert_array_equal(signal.times, [10, 10.5, 11, 11.5])
        assert signal.window == Window(10, 12)
        assert signal.coverage == 0.75
        assert len(signal) == 4

    def test_nothing_is_covered_by_nothing(self):
        assert Signal(np.empty(0), 2.0, 0.0, Unit.ARBITRARY).coverage == 0.0

    @given(strategies.signals(), st.floats(0, 1), st.floats(0, 1))
    def test_within_takes_the_samples_of_a_window(self, signal, one, other):
        first, last = sorted((round(one * len(signal)), round(other * len(signal))))
        window = Window(signal.start + first / signal.rate, signal.start + last / signal.rate)
        part = signal.within(window)
        np.testing.assert_array_equal(part.values, signal.values[first:last])
        assert part.start == pytest.approx(window.start, abs=1e-9)
        assert (part.rate, part.unit) == (signal.rate, signal.unit)

    @given(strategies.signals(), strategies.windows(longest=100))
    def test_within_never_leaves_the_signal(self, signal, window):
        part = signal.within(window)
        assert len(part) <= len(signal)
        assert not len(part) or window.start - 1e-4 <= part.start <= window.end

    @given(strategies.signals(least=1), st.floats(0, 1), st.floats(0, 1))
    def test_without_takes_away_what_within_gives(self, signal, one, other):
        first, last = sorted((round(one * len(signal)), round(other * len(signal))))
        window = Window(round(signal.start + first / signal.rate, 8), round(signal.start + last / signal.rate, 8))
        rest = signal.without(window)
        assert rest.within(window).coverage == 0
        np.testing.assert_array_equal(rest.values[:first], signal.values[:first])
        np.testing.assert_array_equal(rest.values[last:], signal.values[last:])

    @given(strategies.signals(), strategies.windows())
    def test_nothing_of_it_can_be_written(self, signal, window):
        for part in (signal, signal.within(window), signal.without(window)):
            assert not part.values.flags.writeable


class TestBeats:
    @pytest.mark.parametrize("times", [[0, 1, 1], [1, 0], [0, math.nan], [0, math.inf]])
    def test_their_times_increase(self, times):
        with pytest.raises(DataError, match="increasing"):
            Beats(times)

    @pytest.mark.parametrize("other", [{"ok": [True]}, {"breaks": [True]}, {"breaks": [True, False]}])
    def test_there_is_one_flag_a_beat(self, other):
        with pytest.raises(UsageError, match="one value a beat"):
            Beats([0, 1, 2], **other)

    def test_an_interval_is_known_only_in_an_unbroken_chain(self):
        beats = Beats([0.0, 1.0, 2.0, 4.0], breaks=[False, False, False, True])
        np.testing.assert_array_equal(beats.rr, [np.nan, 1, 1, np.nan])

    def test_by_default_only_the_first_beat_has_none_before_it(self):
        assert Beats([0.0, 1.0, 2.0]).breaks.tolist() == [True, False, False]

    def test_a_piece_may_begin_in_the_middle_of_a_chain(self):
        piece = Beats([7.0, 8.0], breaks=[False, False])
        assert not piece.breaks[0]
        np.testing.assert_array_equal(piece.rr, [np.nan, 1])

    def test_an_artefact_spoils_both_intervals_it_ends(self):
        beats = Beats([0.0, 1.0, 1.5, 3.0, 4.0], ok=[True, True, False, True, True])
        np.testing.assert_array_equal(beats.nn, [np.nan, 1, np.nan, np.nan, 1])

    def test_no_beats(self):
        none = Beats([])
        assert (len(none), len(none.rr), len(none.nn)) == (0, 0, 0)
        assert none.window == Window(0, 0)

    @given(strategies.beats())
    def test_intervals_add_up_to_the_time_between_breaks(self, beats):
        # the first beat may go on from a piece before this one, which is not here to be asked
        for first, last in itertools.pairwise(sorted({0, *np.flatnonzero(beats.breaks), len(beats)})):
            assert beats.rr[first + 1 : last].sum() == pytest.approx(beats.times[last - 1] - beats.times[first])

    @given(strategies.beats())
    def test_nn_is_part_of_rr(self, beats):
        there = np.isfinite(beats.nn)
        np.testing.assert_array_equal(beats.nn[there], beats.rr[there])
        assert beats.ok[there].all()
        assert np.isnan(beats.rr[:1]).all()

    @given(strategies.beats())
    def test_nothing_of_them_can_be_written(self, beats):
        assert not any(array.flags.writeable for array in (beats.times, beats.ok, beats.breaks))

    @given(strategies.beats())
    def test_the_window_reaches_from_the_first_to_the_last(self, beats):
        if len(beats):
            assert (beats.window.start, beats.window.end) == (beats.times[0], beats.times[-1])

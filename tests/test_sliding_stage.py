"""Sliding stages: points that are answered from the samples around them, and windows."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.errors import UsageError
from coregulation.signals import Signal, Unit, Window
from coregulation.sliding_stage import Buffered, Closed, SlidingStage, appended, windowed
from coregulation.stage import Piece, run
from tests.laws.stages import check_bound, check_stage, cut


def signal(n: int, rate: float = 4.0, start: float = 0.0, seed: int = 0) -> Signal:
    return Signal(np.random.default_rng(seed).standard_normal(n), rate, start, Unit.ARBITRARY)


def mean(part: Signal) -> float:
    return float(np.nanmean(part.values))


class TestAppended:
    def test_the_first_piece_is_held_as_it_is(self):
        held = appended(None, signal(3, start=2.0))
        assert (len(held.values), held.start, held.rate) == (3, 2.0, 4.0)

    def test_an_empty_piece_changes_nothing(self):
        held = Buffered(np.zeros(2), 0.0, 4.0, Unit.ARBITRARY)
        assert appended(held, signal(0, rate=1.0, start=99.0)) is held


class TestWindowed:
    @pytest.mark.parametrize(("length", "hop"), [(0, 1), (1, 0), (-1, 1), (math.nan, 1)])
    def test_lengths_are_positive(self, length, hop):
        with pytest.raises(UsageError, match="positive length and hop"):
            windowed(mean, length, hop)

    @given(st.integers(0, 100), st.floats(-50, 50), st.floats(0.5, 12.0), st.floats(0.5, 12.0))
    def test_every_filled_window_on_the_grid_is_closed_once(self, n, start, length, hop):
        recording = signal(n, rate=4.0, start=round(start * 4) / 4)
        stage = windowed(len, length, hop)
        closed = [item for piece in run(stage, [Piece(recording, recording.window.end)]) for item in piece.data]
        first = math.ceil(recording.start / hop - 1e-9)
        last = math.floor((recording.window.end - length) / hop + 1e-9)
        assert [item.window.start for item in closed] == pytest.approx([k * hop for k in range(first, last + 1)])
        assert all(item.value == len(recording.within(item.window)) for item in closed)

    def test_a_window_is_known_when_it_is_closed(self):
        assert windowed(mean, 30.0, 1.0).delay == 30.0

    def test_its_value_is_the_function_of_the_window(self):
        recording = signal(80)
        (piece, rest) = run(windowed(mean, 10.0, 5.0), [Piece(recording, 20.0)])
        assert [item.window for item in piece.data] == [Window(0, 10), Window(5, 15), Window(10, 20)]
        assert piece.data[1] == Closed(Window(5, 15), mean(recording.within(Window(5, 15))))
        assert rest == Piece((), math.inf)

    @settings(deadline=None)
    @given(st.lists(st.integers(1, 399), max_size=8), st.sampled_from([(10.0, 1.0), (3.0, 7.0), (2.5, 2.5)]))
    def test_it_keeps_the_laws(self, at, lengths):
        recording = signal(400, rate=10.0, start=-7.3)
        check_stage(windowed(mean, *lengths), Piece(recording, recording.window.end), cut(recording, at))

    def test_its_state_does_not_grow(self):
        recording = signal(20_000, rate=10.0)
        pieces = cut(recording, range(0, 20_000, 50))
        check_bound(windowed(mean, 10.0, 1.0), pieces[:10], pieces)

    def test_without_a_piece_there_is_no_window(self):
        assert list(run(windowed(mean, 1.0, 1.0), [])) == [Piece((), math.inf)]


class Means(SlidingStage):
    """The mean over a second on either side, at each sample or at each whole second."""

    def __init__(self, grid, answers_ends=True):
        self.grid, self.answers_ends = grid, answers_ends

    def reach(self, rate):
        return rate, rate

    def time_of(self, number):
        return float(number)

    def number_of(self, time):
        return time

    def answer(self, held, first, end):
        middles = [(n if self.grid else held.start + n / held.rate) for n in range(first, end)]
        whole_signal = Signal(held.values, held.rate, held.start, held.unit)
        return tuple((t, float(whole_signal.within(Window(t - 1, t + 1 + 1e-6)).values.mean())) for t in middles)

    def nothing(self):
        return ()


class TestSlidingStage:
    @pytest.mark.parametrize("grid", [False, True])
    @given(at=st.lists(st.integers(1, 99), max_size=6), start=st.floats(-3, 3))
    def test_it_keeps_the_laws(self, grid, at, start):
        recording = Signal(np.sin(np.arange(100)), 8.0, start, Unit.ARBITRARY)
        check_stage(Means(grid), Piece(recording, recording.window.end), cut(recording, at))

    @pytest.mark.parametrize(("ends", "last"), [(True, 10.0), (False, 9.0)])
    def test_a_point_is_answered_once_its_reach_is_complete_and_at_the_end_only_if_so_told(self, ends, last):
        stage = Means(True, ends)
        state, first = stage.step(stage.start(), Piece(signal(40, 8.0), 5.0))  # samples up to 4.875 s
        assert [time for time, _ in first.data] == [0.0, 1.0, 2.0, 3.0]
        assert first.until == 4.0
        assert len(state.buffer.values) <= 8 * 2 + 1  # what a later point needs, no more
        pieces = list(run(stage, [Piece(Signal(np.arange(81.0), 8.0, 0.0, Unit.ARBITRARY), 10.125)]))
        assert [time for piece in pieces for time, _ in piece.data][-1] == last

    def test_samples_without_a_reach_wait_for_nothing(self):
        stage = Means(False)
        stage.reach = lambda rate: (0, 0)
        _, out = stage.step(None, Piece(signal(5, 8.0), 1.0))
        assert len(out.data) == 5

"""The fold, chains, windows: what holds whatever the stage computes."""

import math
import pickle
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.errors import UsageError
from coregulation.filters import BandPass, Difference, LowPass, Resample
from coregulation.signals import Signal, Unit
from coregulation.sliding_stage import windowed
from coregulation.stage import Piece, apply_stage, chain, join, joined, run
from tests import strategies
from tests.laws.stages import assert_same, check_bound, check_stage, cut, flat


def signal(n: int, rate: float = 4.0, start: float = 0.0, seed: int = 0) -> Signal:
    return Signal(np.random.default_rng(seed).standard_normal(n), rate, start, Unit.ARBITRARY)


def mean(part: Signal) -> float:
    return float(np.nanmean(part.values))


class TestJoined:
    @given(strategies.signals(), st.lists(st.integers(0, 200), max_size=5))
    def test_what_was_cut_is_whole_again(self, whole_signal, at):
        back = joined(piece.data for piece in cut(whole_signal, at))
        np.testing.assert_array_equal(back.values, whole_signal.values)
        assert (back.rate, back.start, back.unit) == (whole_signal.rate, whole_signal.start, whole_signal.unit)

    def test_nothing_cannot_be_joined(self):
        with pytest.raises(UsageError, match="nothing"):
            joined([])

    def test_empty_pieces_join_to_the_first(self):
        first = signal(0, start=3.0)
        assert joined([first, signal(0)]) is first

    @pytest.mark.parametrize(
        "after",
        [
            signal(4, start=1.5),
            signal(4, start=0.5),
            signal(4, rate=5.0, start=1.0),
            Signal([1.0], 4.0, 1.0, Unit.SECOND),
        ],
        ids=["gap", "overlap", "rate", "unit"],
    )
    def test_pieces_must_follow_each_other(self, after):
        with pytest.raises(UsageError, match="must follow each other"):
            joined([signal(4), after])

    def test_join_takes_tuples_and_signals(self):
        assert join((1,), (2, 3)) == (1, 2, 3)
        assert len(join(signal(4), signal(2, start=1.0))) == 6


class TestChain:
    def test_delays_add_up(self):
        first, second = Resample(4.0), LowPass(0.5, 0.2)
        assert chain(first, second).delay == first.delay + second.delay

    @pytest.mark.parametrize(
        "stages",
        [
            (Difference(), LowPass(0.5, 0.2)),
            (Difference(), BandPass(0.2, 0.6, 0.15), Resample(2.0)),
            (Resample(2.0), Difference(), LowPass(0.3, 0.1)),
        ],
        ids=["a stage that holds nothing comes first", "three", "one that holds nothing in the middle"],
    )
    def test_it_is_one_stage_after_the_other(self, stages):
        recording = signal(400, rate=4.0, start=-3.0)
        expected = recording
        for stage in stages:
            expected = apply_stage(stage, expected)
        got = apply_stage(chain(*stages), recording)
        assert_same(flat([Piece(expected, math.inf)]), flat([Piece(got, math.inf)]))

    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.integers(1, 399), max_size=8))
    def test_it_keeps_the_laws(self, at):
        recording = signal(400, rate=10.0, start=5.0)
        stage = chain(Difference(), LowPass(0.5, 0.3), windowed(mean, 5.0, 1.0))
        check_stage(stage, Piece(recording, recording.window.end), cut(recording, at))


STAGES = [Difference(), LowPass(0.5, 0.2), BandPass(0.2, 0.6, 0.15), Resample(2.0), Resample(6.0)]


@pytest.mark.parametrize("stage", [*STAGES, windowed(mean, 5.0, 1.0)], ids=lambda stage: type(stage).__name__)
@pytest.mark.parametrize("where", [0, 1, 2])
def test_an_empty_piece_says_nothing_whatever_it_claims(stage, where):
    recording = signal(400, rate=4.0, start=1000.0)
    parts = cut(recording, [100])
    silence = Piece(Signal(np.empty(0), 1.0, 0.0, Unit.ARBITRARY), parts[where - 1].until if where else -math.inf)
    with_silence = [*parts[:where], silence, *parts[where:]]
    assert_same(flat(list(run(stage, parts))), flat(list(run(stage, with_silence))))


@dataclass(frozen=True)
class Leaky:
    """A stage with a fault to order, to see that the laws find it."""

    fault: str
    delay: float = 0.0

    def start(self):
        return {"count": 0, "all": []}

    def step(self, state, piece):
        before = state["count"]
        if self.fault == "impure":
            state["count"] += len(piece.data)
            state["all"].append(1)
            return state, piece
        kept = [*state["all"], *piece.data.values] if self.fault == "unbounded" else []
        values = piece.data.values + (before if self.fault == "cut" else 0)
        until = -piece.until if self.fault == "until" else piece.until
        out = Signal(values, piece.data.rate, piece.data.start, piece.data.unit)
        return {"count": before + 1, "all": kept}, Piece(out, until)

    def finish(self, state):
        return Piece((), -math.inf if self.fault == "until" else math.inf)


@pytest.mark.parametrize("fault", ["impure", "cut", "until"])
def test_the_laws_find_a_fault(fault):
    recording = signal(100, start=5.0)
    with pytest.raises(AssertionError):
        check_stage(Leaky(fault), Piece(recording, recording.window.end), cut(recording, [30, 60]))


def test_the_laws_pass_what_has_none():
    recording = signal(100, start=5.0)
    check_stage(Leaky("none"), Piece(recording, recording.window.end), cut(recording, [30, 60]))


def test_the_laws_find_a_state_that_grows():
    pieces = cut(signal(10_000), range(0, 10_000, 50))
    with pytest.raises(AssertionError):
        check_bound(Leaky("unbounded"), pieces[:10], pieces)


def test_a_piece_survives_bytes():
    piece = pickle.loads(pickle.dumps(Piece(signal(3), 0.75)))
    assert not piece.data.values.flags.writeable

"""Stages: one computation for a live stream and for a recording.

A stage is a pure step over explicit state. Offline is the fold of the stream with one large piece, not other code, so a number
on a live screen is the number in the report. Whatever depends on a point in time and some seconds around it is a
`coregulation.sliding_stage.SlidingStage`. Inference over a whole recording has names of its own and is not a stage.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from coregulation.errors import UsageError
from coregulation.signals import Signal, Unit

In = TypeVar("In")
Out = TypeVar("Out")
Mid = TypeVar("Mid")
State = TypeVar("State")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Piece(Generic[Out]):
    """A part of a stream.

    Parameters
    ----------
    data
        What arrived: a signal, beats, or results.
    until
        Session time, in s, up to which everything has arrived; nothing before it will change any more.
    """

    data: Out
    until: float


class Stage(Protocol[In, State, Out]):
    """Something that turns a stream into a stream, as a value with explicit state."""

    @property
    def delay(self) -> float:
        """How long ago (s) the moment is that what leaves now is about."""
        ...

    def start(self) -> State:
        """Return the state before anything has come."""
        ...

    def step(self, state: State, piece: Piece[In]) -> tuple[State, Piece[Out]]:
        """Take one piece; pure: the state that came in is not changed.

        Parameters
        ----------
        state
            As `start` or the step before returned it.
        piece
            What arrived, and until when (s) everything has.

        Returns
        -------
        tuple
            The new state, and what can be said now.
        """
        ...

    def finish(self, state: State) -> Piece[Out]:
        """Return what the delay still held, once no more will come.

        Parameters
        ----------
        state
            As the last step returned it.

        Returns
        -------
        Piece
            The rest of the stream; its `until` is infinite.
        """
        ...


def run(stage: Stage[In, State, Out], pieces: Iterable[Piece[In]]) -> Iterator[Piece[Out]]:
    """Pass a stream through a stage, from its first state to its last.

    Parameters
    ----------
    stage
        What each piece goes through.
    pieces
        The stream, in order of time.

    Yields
    ------
    Piece
        One for each piece that came, then one with what the stage still held at the end.
    """
    state = stage.start()
    for piece in pieces:
        state, out = stage.step(state, piece)
        yield out
    yield stage.finish(state)


@dataclass(frozen=True, slots=True)
class Chain(Generic[In, Mid, Out]):
    """Two stages, one after the other.

    Parameters
    ----------
    first
        Takes the stream.
    second
        Takes what leaves the first.
    join
        Puts two successive outputs of the second together; needed at the end, where each stage gives what it still
        holds.
    """

    first: Stage[In, Any, Mid]
    second: Stage[Mid, Any, Out]
    join: Callable[[Out, Out], Out]

    @property
    def delay(self) -> float:
        """The delays add up."""
        return self.first.delay + self.second.delay

    def start(self) -> tuple[Any, Any]:
        """Return both states."""
        return self.first.start(), self.second.start()

    def step(self, state: tuple[Any, Any], piece: Piece[In]) -> tuple[tuple[Any, Any], Piece[Out]]:
        """Pass a piece through both."""
        first, between = self.first.step(state[0], piece)
        second, out = self.second.step(state[1], between)
        return (first, second), out

    def finish(self, state: tuple[Any, Any]) -> Piece[Out]:
        """Flush the first through the second, then the second."""
        second, out = self.second.step(state[1], self.first.finish(state[0]))
        rest = self.second.finish(second)
        return Piece(self.join(out.data, rest.data), rest.until)


def chain(first: Stage[In, Any, Mid], *rest: Stage[Any, Any, Any]) -> Stage[In, Any, Any]:
    """Combine stages into one stage.

    Parameters
    ----------
    first
        Takes the stream.
    *rest
        Each takes what leaves the one before it. What leaves the last must be signals or tuples.

    Returns
    -------
    Stage
        The stages in order; `first` itself if nothing follows it.
    """
    combined: Stage[In, Any, Any] = first
    for stage in rest:
        combined = Chain(combined, stage, join)
    return combined


class Sampled(Protocol):
    """Something on a regular grid: a signal, or rows of several."""

    @property
    def values(self) -> npt.NDArray[np.float64]:
        """Samples, shape (n,) or (n, columns); NaN where missing."""
        ...

    @property
    def start(self) -> float:
        """Session time of the first sample, in s."""
        ...

    @property
    def rate(self) -> float:
        """Samples per second, in Hz."""
        ...

    @property
    def unit(self) -> Unit:
        """Of the values."""
        ...

    def __len__(self) -> int:
        """Return the number of samples."""
        ...


def join(first: Any, second: Any) -> Any:
    """Put two successive outputs of a stage together.

    Parameters
    ----------
    first
        A signal or a tuple.
    second
        The same kind, later in the stream.

    Returns
    -------
    Signal or tuple
        Both in order.

    Raises
    ------
    UsageError
        If two signals do not follow each other (see `joined`).
    """
    if isinstance(first, tuple):
        return (*first, *second)
    return joined((first, second))


def joined(signals: Iterable[Signal]) -> Signal:
    """Concatenate consecutive pieces of one signal.

    Parameters
    ----------
    signals
        In order of time, with one rate and one unit. Empty ones are left out.

    Returns
    -------
    Signal
        All samples; the first piece if every piece is empty.

    Raises
    ------
    UsageError
        If there is no piece, or one does not begin where the one before it ends (to a hundredth of a sample).
    """
    parts = list(signals)
    if not parts:
        raise UsageError("There is nothing to join.")
    full = [part for part in parts if len(part)]
    if not full:
        return parts[0]
    for before, after in itertools.pairwise(full):
        check_follows(before.window.end, before.rate, before.unit, after)
    return Signal(np.concatenate([part.values for part in full]), full[0].rate, full[0].start, full[0].unit)


def apply_stage(stage: Stage[Signal, Any, Signal], signal: Signal) -> Signal:
    """Run a signal stage over a whole recording as one piece.

    Parameters
    ----------
    stage
        From signals to signals.
    signal
        The recording.

    Returns
    -------
    Signal
        All that leaves the stage, with what it held at the end.
    """
    return joined(piece.data for piece in run(stage, [Piece(signal, signal.window.end)]))


def check_follows(end: float, rate: float, unit: Unit, after: Sampled) -> None:
    """Check that a signal goes on where another one ended, in the same unit at the same rate.

    Parameters
    ----------
    end
        Session time at which the first one ended, in s.
    rate
        Of the first, in Hz.
    unit
        Of the first.
    after
        What follows.

    Raises
    ------
    UsageError
        If rate or unit differ, or `after` starts more than a hundredth of a sample away from `end`.
    """
    if rate != after.rate or unit is not after.unit or abs(after.start - end) > 0.01 / rate:
        raise UsageError(
            "Pieces of one signal must follow each other: {end:g} s at {rate:g} Hz in {unit} is followed by {start:g} s at "
            "{other_rate:g} Hz in {other_unit}.",
            end=end, rate=rate, unit=unit.symbol, start=after.start, other_rate=after.rate, other_unit=after.unit.symbol,
        )  # fmt: skip

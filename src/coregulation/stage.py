"""Stages: one computation for a live stream and for a recording.

A stage is a pure step over explicit state. Offline is the fold of the stream with one large piece, not other code, so a number
on a live screen is the number in the report. Whatever depends on a point in time and some seconds around it is a
`SlidingStage`. Inference over a whole recording has names of its own and is not a stage.
"""

from __future__ import annotations

import abc
import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from coregulation.errors import UsageError
from coregulation.signals import Signal, Unit, Window

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
        """Take one piece; pure: the state that came in is not changed."""
        ...

    def finish(self, state: State) -> Piece[Out]:
        """Return what the delay still held, once no more will come."""
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
    whole: Stage[In, Any, Any] = first
    for stage in rest:
        whole = Chain(whole, stage, join)
    return whole


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
        _check_follows(before.window.end, before.rate, before.unit, after)
    return Signal(np.concatenate([part.values for part in full]), full[0].rate, full[0].start, full[0].unit)


def _check_follows(end: float, rate: float, unit: Unit, after: Sampled) -> None:
    """Raise `UsageError` unless a signal goes on where another one ended (s), in the same unit at the same rate."""
    if rate != after.rate or unit is not after.unit or abs(after.start - end) > 0.01 / rate:
        raise UsageError(
            "Pieces of one signal must follow each other: {end:g} s at {rate:g} Hz in {unit} is followed by {start:g} s at "
            "{other_rate:g} Hz in {other_unit}.",
            end=end, rate=rate, unit=unit.symbol, start=after.start, other_rate=after.rate, other_unit=after.unit.symbol,
        )  # fmt: skip


def whole(stage: Stage[Signal, Any, Signal], signal: Signal) -> Signal:
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


@dataclass(frozen=True, slots=True)
class Buffered:
    """Samples that a stage still needs.

    Parameters
    ----------
    values
        Shape (n,) or (n, columns).
    start
        Session time of the first sample, in s.
    rate
        In Hz.
    unit
        Of the values.
    """

    values: npt.NDArray[np.float64]
    start: float
    rate: float
    unit: Unit

    @property
    def last(self) -> float:
        """Session time of the last sample, in s."""
        return self.start + (len(self.values) - 1) / self.rate

    def since(self, first: int) -> Buffered:
        """Return the samples from an index on."""
        return Buffered(self.values[first:], self.start + first / self.rate, self.rate, self.unit)


def appended(held: Buffered | None, signal: Sampled) -> Buffered:
    """Put new samples after those that a stage holds.

    Parameters
    ----------
    held
        What the stage still needs; None at the beginning of a stream.
    signal
        Samples that follow; may be empty.

    Returns
    -------
    Buffered
        The held samples and then the new ones.

    Raises
    ------
    UsageError
        If rate or unit differ, or the new samples do not begin where the held ones end (to a hundredth of a sample).
    """
    if held is None:
        return Buffered(signal.values, signal.start, signal.rate, signal.unit)
    if not len(signal):
        return held
    if not len(held.values):
        return Buffered(signal.values, signal.start, signal.rate, signal.unit)
    _check_follows(held.start + len(held.values) / held.rate, held.rate, held.unit, signal)
    return Buffered(np.concatenate([held.values, signal.values]), held.start, held.rate, held.unit)


@dataclass(frozen=True, slots=True)
class Held:
    """The state of a `SlidingStage`.

    Parameters
    ----------
    buffer
        Samples that are still needed.
    following
        Number of the next point to be answered: on the stage's grid, or, where every sample is a point, from the first held one.
    """

    buffer: Buffered
    following: int


class SlidingStage(abc.ABC, Generic[In, Out]):
    """Answer for points in time, each from the samples within a reach around it.

    The points are the samples, or those of a grid of the session clock. A point is answered as soon as every sample in its
    reach is there, so the pieces in which a signal arrives cannot matter. At the end of the stream the last points are
    answered with what there is, or not at all.
    """

    grid: ClassVar[bool] = False  # whether the points lie on a grid of their own; else every sample is one
    answers_ends: ClassVar[bool] = True  # whether points are answered at the end whose reach is not complete

    @abc.abstractmethod
    def reach(self, rate: float) -> tuple[float, float]:
        """Return how many samples before and after a point are needed, at a sampling rate in Hz."""

    @abc.abstractmethod
    def answer(self, held: Buffered, first: int, end: int) -> Out:
        """Return what is said of the points numbered first to end - 1; where first is end, an empty output."""

    @abc.abstractmethod
    def nothing(self) -> Out:
        """Return an empty output, for a stream that has not begun."""

    def time_of(self, number: int) -> float:
        """Return the session time (s) of a point of the grid."""
        raise NotImplementedError

    def number_of(self, time: float) -> float:
        """Return a session time (s) in points of the grid; the inverse of `time_of`."""
        raise NotImplementedError

    def start(self) -> Held | None:
        """Return the state before anything has come."""
        return None

    def step(self, state: Held | None, piece: Piece[In]) -> tuple[Held | None, Piece[Out]]:
        """Answer each point whose reach is complete."""
        data: Any = piece.data
        if state is None and not len(data):
            return None, Piece(self.nothing(), -math.inf)
        held = appended(state.buffer if state else None, data)
        before, after = self.reach(held.rate)
        following = state.following if state else self._first(held)
        end = max(following, self._complete(held, after))
        out = self.answer(held, following, end)
        drop = min(
            max(0, self._sample(held, end) - math.ceil(before)), len(held.values) - 1 if self.grid else len(held.values)
        )
        rest = Held(held.since(drop), end if self.grid else end - drop)
        return rest, Piece(out, self._moment(held, end))

    def finish(self, state: Held | None) -> Piece[Out]:
        """Answer for the last points with what there is."""
        if state is None or not self.answers_ends:
            return Piece(self.nothing(), math.inf)
        end = max(state.following, self._complete(state.buffer, 0))
        return Piece(self.answer(state.buffer, state.following, end), math.inf)

    def _first(self, held: Buffered) -> int:
        return math.ceil(self.number_of(held.start) - 1e-6) if self.grid else 0

    def _complete(self, held: Buffered, after: float) -> int:
        """Return the number after the last point that has `after` samples behind it."""
        if not self.grid:
            return len(held.values) - math.ceil(after)
        return math.floor(self.number_of(held.last - after / held.rate) + 1e-6) + 1

    def _sample(self, held: Buffered, number: int) -> int:
        """Return the index of the last sample not after a point."""
        if not self.grid:
            return number
        return math.floor((self.time_of(number) - held.start) * held.rate + 1e-6)

    def _moment(self, held: Buffered, number: int) -> float:
        return self.time_of(number) if self.grid else held.start + number / held.rate


@dataclass(frozen=True, slots=True)
class Closed(Generic[Value]):
    """The result of a function on one closed window.

    Parameters
    ----------
    window
        Span of session time that the function saw.
    value
        What it returned.
    """

    window: Window
    value: Value


@dataclass(frozen=True, slots=True)
class Windowed(SlidingStage[Signal, tuple[Closed[Value], ...]], Generic[Value]):
    """Apply a pure function to each closed window of a signal.

    Windows begin at multiples of `hop` on the session clock, so the pieces in which a signal arrives, and when it began, do not
    move them. Windows that the signal does not fill are not emitted.

    Parameters
    ----------
    function
        Of the samples in a window.
    length
        Of a window, in s.
    hop
        From one window's start to the next, in s.
    """

    function: Callable[[Signal], Value]
    length: float
    hop: float
    grid: ClassVar[bool] = True
    answers_ends: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not (self.length > 0 and self.hop > 0):
            raise UsageError(
                "A window needs a positive length and hop; {length} and {hop} s came.", length=self.length, hop=self.hop
            )

    @property
    def delay(self) -> float:
        """A window is known when it is closed."""
        return self.length

    def reach(self, rate: float) -> tuple[float, float]:
        """Return that a window needs the samples from its start up to its end."""
        return 0.0, self.length * rate - 1.0

    def time_of(self, number: int) -> float:
        """Return where a window begins."""
        return number * self.hop

    def number_of(self, time: float) -> float:
        """Return a time in hops."""
        return time / self.hop

    def answer(self, held: Buffered, first: int, end: int) -> tuple[Closed[Value], ...]:
        """Apply the function to each window."""
        if first == end:
            return ()
        signal = Signal(held.values, held.rate, held.start, held.unit)
        windows = [Window(self.time_of(number), self.time_of(number) + self.length) for number in range(first, end)]
        return tuple(Closed(window, self.function(signal.within(window))) for window in windows)

    def nothing(self) -> tuple[Closed[Value], ...]:
        """Return no window."""
        return ()


def windowed(function: Callable[[Signal], Value], length: float, hop: float) -> Windowed[Value]:
    """Make a stage that applies a pure function to each closed window.

    Parameters
    ----------
    function
        From the samples of a window to a value.
    length
        Length of a window, in s.
    hop
        From the start of one window to the start of the next, in s.

    Returns
    -------
    Windowed
        Its output is a tuple of `Closed`.

    Raises
    ------
    UsageError
        If `length` or `hop` is not positive.
    """
    return Windowed(function, length, hop)

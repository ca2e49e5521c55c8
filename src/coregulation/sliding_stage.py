"""Stages that answer for a point in time from the samples around it: filters, windows, sliding measures.

One buffer serves them all, so that the pieces in which a stream arrives cannot matter.
"""

from __future__ import annotations

import abc
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from coregulation.errors import UsageError
from coregulation.signals import Signal, Unit, Window
from coregulation.stage import Piece, Sampled, check_follows

In = TypeVar("In")
Out = TypeVar("Out")
Value = TypeVar("Value")


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
        """Return the samples from an index on.

        Parameters
        ----------
        first
            Index of the first that is kept.

        Returns
        -------
        Buffered
            With its start (s) moved accordingly.
        """
        return Buffered(self.values[first:], self.start + first / self.rate, self.rate, self.unit)


def appended(buffer: Buffered | None, signal: Sampled) -> Buffered:
    """Put new samples after those that a stage holds.

    Parameters
    ----------
    buffer
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
    if buffer is None:
        return Buffered(signal.values, signal.start, signal.rate, signal.unit)
    if not len(signal):
        return buffer
    if not len(buffer.values):
        return Buffered(signal.values, signal.start, signal.rate, signal.unit)
    check_follows(buffer.start + len(buffer.values) / buffer.rate, buffer.rate, buffer.unit, signal)
    return Buffered(np.concatenate([buffer.values, signal.values]), buffer.start, buffer.rate, buffer.unit)


@dataclass(frozen=True, slots=True)
class SlidingState:
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
        """Return how many samples before and after a point are needed, at a sampling rate in Hz.

        Parameters
        ----------
        rate
            Sampling rate, in Hz.

        Returns
        -------
        tuple of float
            Samples before a point and after it; fractions count as needed.
        """

    @abc.abstractmethod
    def answer(self, samples: Buffered, first: int, end: int) -> Out:
        """Return what is said of the points numbered first to end - 1; where first is end, an empty output.

        Parameters
        ----------
        samples
            What the stage holds.
        first, end
            Numbers of the first point and of the one after the last.

        Returns
        -------
        Out
            In order of the points.
        """

    @abc.abstractmethod
    def nothing(self) -> Out:
        """Return an empty output, for a stream that has not begun."""

    def time_of(self, number: int) -> float:
        """Return the session time (s) of a point of the grid.

        Parameters
        ----------
        number
            On the grid.

        Returns
        -------
        float
            Session time, in s.
        """
        raise NotImplementedError

    def number_of(self, time: float) -> float:
        """Return a session time (s) in points of the grid; the inverse of `time_of`.

        Parameters
        ----------
        time
            Session time, in s.

        Returns
        -------
        float
            Whole where the time is that of a point.
        """
        raise NotImplementedError

    def start(self) -> SlidingState | None:
        """Return the state before anything has come."""
        return None

    def step(self, state: SlidingState | None, piece: Piece[In]) -> tuple[SlidingState | None, Piece[Out]]:
        """Answer each point whose reach is complete.

        Parameters
        ----------
        state
            None before the first sample.
        piece
            Samples that follow those before.

        Returns
        -------
        tuple
            The samples that are still needed, and the answers.
        """
        data: Any = piece.data
        if state is None and not len(data):
            return None, Piece(self.nothing(), -math.inf)
        samples = appended(state.buffer if state else None, data)
        before, after = self.reach(samples.rate)
        following = state.following if state else self._first(samples)
        end = max(following, self._complete(samples, after))
        out = self.answer(samples, following, end)
        drop = min(
            max(0, self._sample(samples, end) - math.ceil(before)),
            len(samples.values) - 1 if self.grid else len(samples.values),
        )
        rest = SlidingState(samples.since(drop), end if self.grid else end - drop)
        return rest, Piece(out, self._moment(samples, end))

    def finish(self, state: SlidingState | None) -> Piece[Out]:
        """Answer for the last points with what there is.

        Parameters
        ----------
        state
            As the last step returned it.

        Returns
        -------
        Piece
            Empty where ends are not answered.
        """
        if state is None or not self.answers_ends:
            return Piece(self.nothing(), math.inf)
        end = max(state.following, self._complete(state.buffer, 0))
        return Piece(self.answer(state.buffer, state.following, end), math.inf)

    def _first(self, samples: Buffered) -> int:
        return math.ceil(self.number_of(samples.start) - 1e-6) if self.grid else 0

    def _complete(self, samples: Buffered, after: float) -> int:
        """Return the number after the last point that has `after` samples behind it."""
        if not self.grid:
            return len(samples.values) - math.ceil(after)
        return math.floor(self.number_of(samples.last - after / samples.rate) + 1e-6) + 1

    def _sample(self, samples: Buffered, number: int) -> int:
        """Return the index of the last sample not after a point."""
        if not self.grid:
            return number
        return math.floor((self.time_of(number) - samples.start) * samples.rate + 1e-6)

    def _moment(self, samples: Buffered, number: int) -> float:
        return self.time_of(number) if self.grid else samples.start + number / samples.rate


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

    def answer(self, samples: Buffered, first: int, end: int) -> tuple[Closed[Value], ...]:
        """Apply the function to each window.

        Parameters
        ----------
        samples
            What the stage holds.
        first, end
            Numbers of the first window and of the one after the last.

        Returns
        -------
        tuple of Closed
            One per window that the samples fill.
        """
        if first == end:
            return ()
        signal = Signal(samples.values, samples.rate, samples.start, samples.unit)
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

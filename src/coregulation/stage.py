"""Stages: one computation for a live stream and for a recording.

A stage is a pure step over explicit state. Offline is the fold of the stream with one large piece, not
other code, so a number on a live screen is the number in the report. Three kinds of computing exist and no
fourth: sample stages, `windowed` (a pure function of each closed window), and whole-record inference, which
has names of its own and is not a stage.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from coregulation.errors import UsageError
from coregulation.signals import Floats, Signal, Unit, Window

In = TypeVar("In")
Out = TypeVar("Out")
Mid = TypeVar("Mid")
State = TypeVar("State")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Piece(Generic[Out]):
    """A part of a stream: the data, and the session time before which nothing will change any more."""

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
    """Fold a stage over a stream; the last piece is what it still held."""
    state = stage.start()
    for piece in pieces:
        state, out = stage.step(state, piece)
        yield out
    yield stage.finish(state)


@dataclass(frozen=True, slots=True)
class Chain(Generic[In, Mid, Out]):
    """Two stages, one after the other."""

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
    """Return stages as one stage; what leaves the last must be signals or tuples."""
    whole: Stage[In, Any, Any] = first
    for stage in rest:
        whole = Chain(whole, stage, join)
    return whole


def join(first: Any, second: Any) -> Any:
    """Put two neighbouring outputs together: two signals, or two tuples."""
    if isinstance(first, tuple):
        return (*first, *second)
    return joined((first, second))


def joined(signals: Iterable[Signal]) -> Signal:
    """Return consecutive pieces of one signal as one; empty pieces are passed over."""
    parts = list(signals)
    if not parts:
        raise UsageError("There is nothing to join.")
    full = [part for part in parts if len(part)]
    if not full:
        return parts[0]
    for before, after in itertools.pairwise(full):
        _check_follows(before.window.end, before.rate, before.unit, after)
    return Signal(np.concatenate([part.values for part in full]), full[0].rate, full[0].start, full[0].unit)


def _check_follows(end: float, rate: float, unit: Unit, after: Signal) -> None:
    """Raise `UsageError` unless a signal goes on where another one ended (s), in the same unit at the same rate."""
    if rate != after.rate or unit is not after.unit or abs(after.start - end) > 0.01 / rate:
        raise UsageError(
            f"Pieces of one signal must follow each other: {end:g} s at {rate:g} Hz in {unit.symbol} is followed by "
            f"{after.start:g} s at {after.rate:g} Hz in {after.unit.symbol}."
        )


def whole(stage: Stage[Signal, Any, Signal], signal: Signal) -> Signal:
    """Run a signal stage over a recording as one piece."""
    return joined(piece.data for piece in run(stage, [Piece(signal, signal.window.end)]))


@dataclass(frozen=True, slots=True)
class Buffered:
    """Samples that a stage still needs: the values, and where the first of them stands."""

    values: Floats
    start: float
    rate: float
    unit: Unit


def appended(held: Buffered | None, signal: Signal) -> Buffered:
    """Return held samples with new ones after them."""
    if held is None:
        return Buffered(signal.values, signal.start, signal.rate, signal.unit)
    if not len(signal):
        return held
    if not len(held.values):
        return Buffered(signal.values, signal.start, signal.rate, signal.unit)
    _check_follows(held.start + len(held.values) / held.rate, held.rate, held.unit, signal)
    return Buffered(np.concatenate([held.values, signal.values]), held.start, held.rate, held.unit)


@dataclass(frozen=True, slots=True)
class Closed(Generic[Value]):
    """What a function gave for one closed window."""

    window: Window
    value: Value


@dataclass(frozen=True, slots=True)
class Windowed(Generic[Value]):
    """Apply a pure function to each closed window of a signal.

    Windows begin at multiples of `hop` on the session clock, so the pieces in which a signal arrives, and when it
    began, do not move them. Windows that the signal does not fill are not emitted.
    """

    function: Callable[[Signal], Value]
    length: float
    hop: float

    def __post_init__(self) -> None:
        if not (self.length > 0 and self.hop > 0):
            raise UsageError(f"A window needs a positive length and hop; {self.length} and {self.hop} s came.")

    @property
    def delay(self) -> float:
        """A window is known when it is closed."""
        return self.length

    def start(self) -> tuple[Buffered, float] | None:
        """Hold nothing."""
        return None

    def step(
        self, state: tuple[Buffered, float] | None, piece: Piece[Signal]
    ) -> tuple[tuple[Buffered, float] | None, Piece[tuple[Closed[Value], ...]]]:
        """Emit each window that this piece closes."""
        if not len(piece.data):
            return state, self.finish(state)
        held = appended(state[0] if state else None, piece.data)
        at = state[1] if state else self._next(held.start)
        signal = Signal(held.values, held.rate, held.start, held.unit)
        out = []
        while at + self.length <= signal.window.end + 1e-9:
            window = Window(at, at + self.length)
            out.append(Closed(window, self.function(signal.within(window))))
            at = self._next(at + self.hop / 2)
        kept = signal.within(Window(min(at, signal.window.end), signal.window.end))
        return (Buffered(kept.values, kept.start, kept.rate, kept.unit), at), Piece(tuple(out), at)

    def finish(self, state: tuple[Buffered, float] | None) -> Piece[tuple[Closed[Value], ...]]:
        """An open window is never emitted."""
        return Piece((), state[1] if state else -math.inf)

    def _next(self, time: float) -> float:
        return math.ceil(time / self.hop - 1e-9) * self.hop


def windowed(function: Callable[[Signal], Value], length: float, hop: float) -> Windowed[Value]:
    """Return a stage that applies a pure function to each closed window (lengths in s)."""
    return Windowed(function, length, hop)

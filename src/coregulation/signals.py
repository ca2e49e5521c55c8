"""Signals, beats, windows and their units.

Everything here is frozen and read-only: a value is checked once, when it is made, and trusted afterwards. Time is in seconds on
the session clock everywhere. A missing sample is NaN, and nothing else is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from coregulation.errors import DataError, UsageError, similar_names

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


class Unit(Enum):
    """A unit of measurement, with its quantity and its size in that quantity's base unit."""

    PER_MINUTE = ("1/min", "rate", 1.0)
    HERTZ = ("Hz", "rate", 60.0)
    SECOND = ("s", "time", 1.0)
    MILLISECOND = ("ms", "time", 1e-3)
    MINUTE = ("min", "time", 60.0)
    BLUETOOTH_TICK = ("1/1024 s", "time", 1 / 1024)
    MICROSIEMENS = ("µS", "conductance", 1.0)
    NANOSIEMENS = ("nS", "conductance", 1e-3)
    MILLISIEMENS = ("mS", "conductance", 1e3)
    SIEMENS = ("S", "conductance", 1e6)
    OHM = ("Ω", "resistance", 1.0)
    KILOOHM = ("kΩ", "resistance", 1e3)
    MEGAOHM = ("MΩ", "resistance", 1e6)
    VOLT = ("V", "voltage", 1e3)
    MILLIVOLT = ("mV", "voltage", 1.0)
    MICROVOLT = ("µV", "voltage", 1e-3)
    CELSIUS = ("°C", "temperature", 1.0)
    ARBITRARY = ("a.u.", "arbitrary", 1.0)

    def __init__(self, symbol: str, quantity: str, size: float) -> None:
        self.symbol = symbol
        self.quantity = quantity
        self.size = size

    def factor_to(self, other: Unit) -> float:
        """Return the number that turns a value in this unit into one in `other`.

        Parameters
        ----------
        other
            A unit of the same quantity.

        Returns
        -------
        float
            Multiply a value in this unit by it.
        """
        if self.quantity != other.quantity:
            raise UsageError("A value in {unit} cannot be converted to {other}.", unit=self.symbol, other=other.symbol)
        return self.size / other.size

    @classmethod
    def parse(cls, text: str) -> Unit:
        """Read a unit from the way people write it; anything else is an error that lists what is known.

        In a symbol the case of a letter carries meaning (S and s, mS and ms); in a word it does not.
        """
        word = text.strip().replace("μ", "µ").replace("\N{OHM SIGN}", "Ω")
        unit = _SYMBOLS.get(word) or _WORDS.get(word.lower())
        if unit is None:
            known = tuple(unit.symbol for unit in cls)
            near = similar_names(word, known) if len(word) > 2 else ()  # of two letters, each may be the wrong one
            if near:
                raise UsageError("The unit {unit!r} is not known. Did you mean {near:or}?", unit=text, near=near)
            raise UsageError("The unit {unit!r} is not known. Known units: {known:and}.", unit=text, known=known)
        return unit


_SYMBOLS = {unit.symbol: unit for unit in Unit} | {
    "uS": Unit.MICROSIEMENS,
    "uV": Unit.MICROVOLT,
    "MOhm": Unit.MEGAOHM,
    "MOhms": Unit.MEGAOHM,
    "Mohm": Unit.MEGAOHM,
}
_WORDS = {
    "bpm": Unit.PER_MINUTE,
    "/min": Unit.PER_MINUTE,
    "microsiemens": Unit.MICROSIEMENS,
    "celsius": Unit.CELSIUS,
    "degc": Unit.CELSIUS,
    "nanosiemens": Unit.NANOSIEMENS,
    "millisiemens": Unit.MILLISIEMENS,
    "siemens": Unit.SIEMENS,
    "mho": Unit.SIEMENS,
    "mhos": Unit.SIEMENS,
    "micromho": Unit.MICROSIEMENS,
    "micromhos": Unit.MICROSIEMENS,
    "umho": Unit.MICROSIEMENS,
    "µmho": Unit.MICROSIEMENS,
    "mmho": Unit.MILLISIEMENS,
    "ohm": Unit.OHM,
    "ohms": Unit.OHM,
    "kohm": Unit.KILOOHM,
    "kohms": Unit.KILOOHM,
    "kiloohm": Unit.KILOOHM,
    "kilohm": Unit.KILOOHM,
    "kilohms": Unit.KILOOHM,
    "megohm": Unit.MEGAOHM,
    "megohms": Unit.MEGAOHM,
    "kiloohms": Unit.KILOOHM,
    "megaohm": Unit.MEGAOHM,
    "megaohms": Unit.MEGAOHM,
    "volt": Unit.VOLT,
    "volts": Unit.VOLT,
    "millivolt": Unit.MILLIVOLT,
    "millivolts": Unit.MILLIVOLT,
    "microvolt": Unit.MICROVOLT,
    "microvolts": Unit.MICROVOLT,
    "beats/min": Unit.PER_MINUTE,
    "beats per minute": Unit.PER_MINUTE,
    "mv": Unit.MILLIVOLT,
    "uv": Unit.MICROVOLT,
    "µv": Unit.MICROVOLT,
    "au": Unit.ARBITRARY,
    "a.u": Unit.ARBITRARY,
    "a.u.": Unit.ARBITRARY,
    "arbitrary": Unit.ARBITRARY,
    "sec": Unit.SECOND,
    "seconds": Unit.SECOND,
    "msec": Unit.MILLISECOND,
    "milliseconds": Unit.MILLISECOND,
}


def frozen(values: npt.ArrayLike, dtype: type = np.float64) -> npt.NDArray[Any]:
    """Copy values into a read-only array.

    Parameters
    ----------
    values
        Anything that numpy turns into one dimension.
    dtype
        Type of the copy's items.

    Returns
    -------
    ndarray, shape (n,)
        Contiguous copy that cannot be written to.

    Raises
    ------
    UsageError
        If the values do not have exactly one dimension.
    """
    array: npt.NDArray[Any] = np.array(values, dtype=dtype, order="C", copy=True)
    if array.ndim != 1:
        raise UsageError("A one-dimensional array was expected; one with shape {shape} came.", shape=array.shape)
    array.setflags(write=False)
    return array


def rebuilt(value: Any) -> tuple[type[Any], tuple[Any, ...]]:
    """Return the call that makes a frozen value again, for `__reduce__`.

    Unpickling thus runs the constructor with its checks, and read-only arrays stay read-only.

    Parameters
    ----------
    value
        A dataclass instance. Its mapping fields are passed on as plain dicts, because read-only views cannot be
        pickled.

    Returns
    -------
    tuple of type and tuple
        The class, and its arguments in the order of its fields.
    """
    items = (getattr(value, field.name) for field in fields(value))
    return type(value), tuple(dict(item) if isinstance(item, Mapping) else item for item in items)


@dataclass(frozen=True, slots=True)
class Window:
    """A span of session time that includes its start and not its end.

    Parameters
    ----------
    start
        Session time of its beginning, in s.
    end
        Session time of its end, in s; at least `start`.

    Raises
    ------
    UsageError
        If an end is not finite, or `end` is before `start`.
    """

    start: float
    end: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start) and math.isfinite(self.end) and self.start <= self.end):
            raise UsageError("A window needs start <= end; {start} and {end} came.", start=self.start, end=self.end)

    @property
    def length(self) -> float:
        """Length in s."""
        return self.end - self.start

    def overlap(self, other: Window) -> Window | None:
        """Return what both share, or None.

        Parameters
        ----------
        other
            Another span of session time.

        Returns
        -------
        Window or None
            In s; None where they only touch or lie apart.
        """
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Window(start, end) if start < end else None


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """A regularly sampled signal; a missing sample is NaN.

    Parameters
    ----------
    values
        Shape (n,), in `unit`; kept as a read-only copy.
    rate
        Samples per second, in Hz.
    start
        Session time of the first sample, in s.
    unit
        What the values are in.

    Raises
    ------
    UsageError
        If the rate is not a positive number or the start is not finite.
    """

    values: Floats
    rate: float
    start: float
    unit: Unit

    def __post_init__(self) -> None:
        if not (math.isfinite(self.rate) and self.rate > 0):
            raise UsageError("A sampling rate must be a positive number of Hz; {rate} came.", rate=self.rate)
        if not math.isfinite(self.start):
            raise UsageError("A signal's start must be a finite time in s; {start} came.", start=self.start)
        values = frozen(self.values)
        if np.isinf(values).any():
            raise DataError("A signal holds infinite values; a missing sample is NaN, anything else is a number.")
        object.__setattr__(self, "values", values)

    __reduce__ = rebuilt

    def __len__(self) -> int:
        return len(self.values)

    @property
    def times(self) -> Floats:
        """Session time of each sample, shape (n,), in s."""
        return self.start + np.arange(len(self.values)) / self.rate

    @property
    def window(self) -> Window:
        """The span from the first sample to one period after the last."""
        return Window(self.start, self.start + len(self.values) / self.rate)

    @property
    def coverage(self) -> float:
        """Share of samples that are there, 0 to 1."""
        return float(np.isfinite(self.values).mean()) if len(self.values) else 0.0

    def within(self, window: Window) -> Signal:
        """Return the samples whose times lie in a window.

        Parameters
        ----------
        window
            Span of session time, in s; its end does not count.

        Returns
        -------
        Signal
            At the same rate; empty where none lies inside.
        """
        first, last = self._span(window)
        return Signal(self.values[first:last], self.rate, self.start + first / self.rate, self.unit)

    def without(self, window: Window) -> Signal:
        """Return the signal with the samples inside a window missing.

        Parameters
        ----------
        window
            Span of session time, in s; its end does not count.

        Returns
        -------
        Signal
            Of the same length, NaN inside the window.
        """
        first, last = self._span(window)
        values = self.values.copy()
        values[first:last] = np.nan
        return replace(self, values=values)

    def _span(self, window: Window) -> tuple[int, int]:
        # a millionth of a sample of tolerance, so that rounding moves no sample across an edge
        first, last = (math.ceil((edge - self.start) * self.rate - 1e-6) for edge in (window.start, window.end))
        return max(0, first), max(0, first, last)


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """Heart beats: when, whether each can be trusted, and where the chain is broken.

    Parameters
    ----------
    times
        Shape (n,), strictly increasing session times in s.
    ok
        Shape (n,); False marks an artefact. Beats are marked, never deleted.
    breaks
        Shape (n,); True where the interval that ends at this beat is unknown because beats may have been lost before it
        (the first beat of a recording, a dropped packet, a gap). Default: the first alone. In a piece of a stream the
        first beat says whether the chain goes on from the piece before.

    Raises
    ------
    DataError
        If the times do not increase.
    """

    times: Floats
    ok: Bools | None = None
    breaks: Bools | None = None

    def __post_init__(self) -> None:
        times = frozen(self.times)
        if not np.isfinite(times).all() or (times[1:] <= times[:-1]).any():
            raise DataError("Beat times must be finite and increasing.")
        ok = frozen(np.ones(len(times)) if self.ok is None else self.ok, bool)
        breaks = frozen(np.arange(len(times)) == 0 if self.breaks is None else self.breaks, bool)
        if not len(times) == len(ok) == len(breaks):
            raise UsageError("times, ok and breaks must have one value a beat.")
        for name, array in (("times", times), ("ok", ok), ("breaks", breaks)):
            object.__setattr__(self, name, array)

    __reduce__ = rebuilt

    def __len__(self) -> int:
        return len(self.times)

    @property
    def rr(self) -> Floats:
        """The interval that ends at each beat, shape (n,), in s; NaN where it is unknown."""
        assert self.breaks is not None
        intervals = np.full(len(self), np.nan)
        np.subtract(self.times[1:], self.times[:-1], out=intervals[1:])
        intervals[self.breaks] = np.nan
        return intervals

    @property
    def nn(self) -> Floats:
        """As `rr`, and NaN also where either end is marked as an artefact."""
        assert self.ok is not None
        intervals, marked = self.rr, ~self.ok
        intervals[marked] = np.nan
        intervals[1:][marked[:-1]] = np.nan
        return intervals

    @property
    def window(self) -> Window:
        """From the first beat to the last."""
        return Window(float(self.times[0]), float(self.times[-1])) if len(self) else Window(0.0, 0.0)

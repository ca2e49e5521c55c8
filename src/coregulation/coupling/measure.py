"""The protocol of a linkage measure: what every measure says, and what the analysis can then do with it.

A measure says how one window of one person compares with one window of the other, at every lag (`surface`). From that follow the
statistic, the null by circular shifts or by redrawn series, the interval, the lag and the leader, for two people and for a group, in
a report and live. A measure that can answer for many lags and shifts at once overrides `compare_with` and `shift_table` for speed.
"""

from __future__ import annotations

import abc
import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Self

import numpy as np

from coregulation.coupling.null import AbstractNull, NullQuestion
from coregulation.coupling.settings import LINKAGE
from coregulation.coupling.shift_table import AbstractShiftTable, Comparer, SurfaceShiftTable, fill_shifts
from coregulation.coupling.surface import FISHER_Z, AbstractScale, Surface, WindowSums, stack_sums, sum_windows
from coregulation.coupling.threads import in_threads
from coregulation.signals import Floats, Ints, Signal


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A part of both signals inside which a null may move one of them.

    Parameters
    ----------
    x, y
        Both people's signals over the same time.
    span
        Its number among the spans asked for, the same for every pair of a session.
    """

    x: Signal
    y: Signal
    span: int = 0


class AbstractMeasure(abc.ABC):
    """A linkage measure: a frozen dataclass of typed settings, among them `window`, `max_lag` and `hop` in s.

    Only `surface` must be written. A class that redefines `surface` loses the faster ways that it would inherit
    (`compare_with`, `compare_redrawn`, `shift_table`), so that the p-value always belongs to the statistic that is reported. A class
    that redefines its statistic without a `title` of its own is called a variant.

    Attributes
    ----------
    title
        The name in a methods section.
    papers
        Keys of `report/bibliography`.
    references
        Papers that the bibliography does not have, by key, with its fields: authors, year, title, place, use, doi.
    scale
        On which its values are averaged over windows; its surfaces carry the same.
    treatment
        What else the methods section says of each window, in clauses.
    min_windows
        Fewest windows' lengths of common valid time.
    declared_lag
        Lag at which the signed value is given, s, fixed before data are seen; positive: the first person leads.
    shift_step
        Circular shifts are multiples of this, s. Smaller gives more surrogates of a short recording, and takes longer.
    calibration_share
        Share of the simulated pairs on which `coregulation calibrate` tries it beside the primary measure.
    """

    window: float
    max_lag: float
    hop: float
    title: ClassVar[str]
    papers: ClassVar[tuple[str, ...]] = ()
    references: ClassVar[Mapping[str, Mapping[str, Any]]] = MappingProxyType({})
    scale: ClassVar[AbstractScale] = FISHER_Z
    min_windows: ClassVar[float] = LINKAGE.min_windows
    declared_lag: ClassVar[float] = 0.0
    shift_step: ClassVar[float] = 2.0
    calibration_share: ClassVar[float] = 0.1

    def __init_subclass__(cls, **arguments: Any) -> None:
        """Drop the faster ways that belong to another surface than this class's own, and the title of another statistic."""
        super().__init_subclass__(**arguments)
        for name in ("compare_with", "compare_redrawn", "shift_table"):
            if _distance(cls, name) > _distance(cls, "surface"):
                setattr(cls, name, AbstractMeasure.__dict__[name])
        inherited = getattr(cls, "title", None)
        if inherited is not None and _distance(cls, "title") > min(_distance(cls, name) for name in _STATISTIC):
            cls.title = f"{cls.__name__}, a variant of {inherited}"

    @abc.abstractmethod
    def surface(self, x: Signal, y: Signal) -> Surface:
        """Compare two signals on one grid, window by window and lag by lag.

        Parameters
        ----------
        x, y
            Both people's signals, of one rate, start and length; NaN where a sample is missing.

        Returns
        -------
        Surface
            NaN in each cell whose windows hold a missing sample; no rows where not one window fits.
        """

    @property
    def treatment(self) -> tuple[str, ...]:
        """What else the methods section says of each window, in clauses."""
        return ("windows with a missing sample were left out",)

    @property
    def overlap(self) -> int:
        """Hops in the length of a window: so many neighbouring windows share a sample."""
        return max(1, round(self.window / self.hop))

    @classmethod
    def like(cls, other: AbstractMeasure) -> Self:
        """Make this measure with the window and the lags of another.

        Parameters
        ----------
        other
            A measure, such as that of a signal's plan.

        Returns
        -------
        AbstractMeasure
            With this class's own defaults for everything else.
        """
        return cls(window=other.window, max_lag=other.max_lag)  # type: ignore[call-arg]  # fields of the dataclass

    def with_hop(self, hop: float) -> Self:
        """Make the same measure with another distance from one window to the next (s).

        Parameters
        ----------
        hop
            From one window to the next, s.

        Returns
        -------
        AbstractMeasure
            The same but for `hop`.
        """
        return dataclasses.replace(self, hop=hop)  # type: ignore[type-var]  # every measure is a dataclass

    def with_lengths(self, window: float | None, max_lag: float | None) -> Self:
        """Make the same measure with another window and other lags.

        Parameters
        ----------
        window, max_lag
            Length of a window and longest lag either way, s; None: as they are.

        Returns
        -------
        AbstractMeasure
            The same but for these.
        """
        lengths = {"window": window, "max_lag": max_lag}
        changes = {name: seconds for name, seconds in lengths.items() if seconds is not None}
        return dataclasses.replace(self, **changes) if changes else self  # type: ignore[type-var]  # every measure is a dataclass

    def question(self, null: AbstractNull) -> NullQuestion | None:
        """Say which question a null answers for this measure.

        Parameters
        ----------
        null
            A null.

        Returns
        -------
        Question or None
            None where its p-value would mean nothing for this measure.
        """
        return null.question

    def lags(self, rate: float) -> Ints:
        """Return every lag in samples at a rate (Hz); positive: the first person leads.

        Parameters
        ----------
        rate
            Hz.

        Returns
        -------
        Ints
            In samples, ascending; positive: the first person leads.
        """
        longest = round(self.max_lag * rate)
        return np.arange(-longest, longest + 1)

    def windows_of(self, count: int, rate: float) -> float:
        """Convert a number of valid windows at a rate (Hz) to windows' lengths of valid time.

        Parameters
        ----------
        count
            Number of valid windows.
        rate
            Hz.

        Returns
        -------
        float
            Windows' lengths of valid time.
        """
        return count * self.hop / self.window

    def fits(self, signal: Signal) -> bool:
        """Say whether a signal is long enough for one window.

        Parameters
        ----------
        signal
            One person's signal.

        Returns
        -------
        bool
            Whether it holds a window.
        """
        return len(signal) >= self.window * signal.rate

    def compare_with(self, x: Signal) -> Comparer:
        """Prepare one person's signal for comparison with many others.

        Parameters
        ----------
        x
            The first person's signal.

        Returns
        -------
        Comparer
            From the second person's signal on the same grid to the sums over windows, shape (lags,).
        """
        return lambda y: sum_windows(self.surface(x, y), self.overlap)

    def compare_redrawn(self, x: Floats, y: Floats, segment: Segment, jobs: int = 1) -> WindowSums:
        """Compare redrawn series of a segment, many at once.

        Parameters
        ----------
        x, y
            Values of the first and the second person, shape (k, samples), or (1, samples) for one that stays; NaN at the same
            samples in each row.
        segment
            Where they come from.
        jobs
            Threads.

        Returns
        -------
        WindowSums
            Shape (k, lags).
        """
        stays = self.compare_with(dataclasses.replace(segment.x, values=x[0])) if len(x) == 1 else None

        def sums_of(k: int) -> WindowSums:
            compare = stays or self.compare_with(dataclasses.replace(segment.x, values=x[k]))
            return compare(dataclasses.replace(segment.y, values=y[0 if len(y) == 1 else k]))

        return stack_sums(in_threads(sums_of, range(max(len(x), len(y))), jobs), len(self.lags(segment.x.rate)))

    def shift_table(self, segments: Sequence[Segment], rate: float, jobs: int = 1) -> AbstractShiftTable:
        """Compute the sums at every lag and every circular shift of the second series.

        Parameters
        ----------
        segments
            The parts of a pair.
        rate
            Hz.
        jobs
            Threads.

        Returns
        -------
        AbstractShiftTable
            Over all segments.
        """
        step = max(1, round(self.shift_step * rate))
        steps = [(_cut(s.x, step), _cut(s.y, step)) for s in segments]
        sums = tuple(fill_shifts(self.compare_with(x), y, step, jobs) for x, y in steps)
        return SurfaceShiftTable(rate, step, self.lags(rate), tuple(s.span for s in segments), sums)


_STATISTIC = ("surface", "prepared", "compare_with", "compare_redrawn", "shift_table")  # what a statistic is made of


def _distance(cls: type, name: str) -> float:
    """Count the classes between one and that from which it has an attribute."""
    return next((k for k, ancestor in enumerate(cls.__mro__) if name in ancestor.__dict__), math.inf)


def _cut(signal: Signal, step: int) -> Signal:
    """Cut a signal to a whole number of steps, so that it can be turned on a circle."""
    return dataclasses.replace(signal, values=signal.values[: max(1, len(signal) // step) * step])

"""A pair under secondary measures: what is observed, and the same surrogates for every measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.coupling.comparison import PairComparison
from coregulation.coupling.family import adjust_family
from coregulation.coupling.inference import p_value
from coregulation.coupling.nulls.choice import largest_missing
from coregulation.coupling.nulls.liveliness import AbstractLively
from coregulation.coupling.nulls.surrogates import AbstractSurrogate
from coregulation.coupling.reasons import LinkageRefusal
from coregulation.coupling.series_measure import AbstractSeriesMeasure, SeriesStatistic
from coregulation.coupling.settings import LINKAGE
from coregulation.coupling.threads import in_threads
from coregulation.errors import DataError
from coregulation.reasons import Reason, because, reason_of
from coregulation.signals import Bools, Floats

_AT_ONCE = 20  # surrogates held in memory together


@dataclass(frozen=True, slots=True, eq=False)
class SeriesResult:
    """What one statistic of a secondary measure says of one signal of one pair.

    Parameters
    ----------
    pair
        The two people, in order.
    signal
        The channel.
    measure
        With its settings.
    statistic
        Which of the measure's numbers it is.
    value
        As observed; NaN where there is none.
    nulls
        The same of each surrogate, shape (k,); empty where there is no value.
    null
        Title of the null; None where there is none.
    seed
        Of the surrogates.
    refused
        Why there is no p-value; None where there is one.
    """

    pair: tuple[str, str]
    signal: str
    measure: AbstractSeriesMeasure
    statistic: SeriesStatistic
    value: float
    nulls: Floats
    null: str | None
    seed: int
    refused: Reason | None = None

    @property
    def strength(self) -> float:
        """The value, turned so that larger means more linkage."""
        return self.statistic.sign * self.value

    @property
    def null_strengths(self) -> Floats:
        """The same of each surrogate, shape (k,)."""
        return self.statistic.sign * self.nulls

    @property
    def expected(self) -> float | None:
        """Mean of the surrogates; None where there is no value."""
        return float(self.nulls.mean()) if len(self.nulls) else None

    @property
    def p(self) -> float | None:
        """The share of surrogates at least as strong (`p_value`); None where it is refused."""
        return None if self.refused is not None else p_value(self.strength, self.null_strengths)


@dataclass(frozen=True, slots=True, eq=False)
class SeriesPair:
    """Both people's values over their common time; NaN where missing or outside the parts inside which a null may move.

    Parameters
    ----------
    x, y
        Shape (samples,).
    parts
        First and last sample, one past the end, of each part.
    rate
        Hz.
    """

    x: Floats
    y: Floats
    parts: tuple[tuple[int, int], ...]
    rate: float

    @property
    def valid(self) -> Bools:
        """Where both people's samples are there, shape (samples,)."""
        return np.isfinite(self.x) & np.isfinite(self.y)

    @classmethod
    def of(cls, comparison: PairComparison) -> SeriesPair:
        """Lay the parts of a comparison on one grid.

        Parameters
        ----------
        comparison
            Of a pair, with at least one part.

        Returns
        -------
        SeriesPair
            From the beginning of the first part to the end of the last.
        """
        begin = min(segment.x.start for segment in comparison.segments)
        starts = [round((segment.x.start - begin) * comparison.rate) for segment in comparison.segments]
        parts = tuple((start, start + len(s.x)) for start, s in zip(starts, comparison.segments, strict=True))
        x, y = (np.full(max(end for _, end in parts), np.nan) for _ in range(2))
        for (start, end), segment in zip(parts, comparison.segments, strict=True):
            x[start:end], y[start:end] = segment.x.values, segment.y.values
        return cls(x, y, parts, comparison.rate)

    def redrawn(self, null: AbstractSurrogate, count: int, rng: np.random.Generator) -> Floats:
        """Redraw the second person's series, each part for itself.

        Parameters
        ----------
        null
            How.
        count
            Number of surrogates.
        rng
            Source of the draws.

        Returns
        -------
        Floats
            Shape (count, samples), with the gaps of the recording.

        Raises
        ------
        DataError
            If a part is too short, or misses too much.
        """
        out = np.full((count, len(self.y)), np.nan)
        for (start, end), source in zip(self.parts, rng.spawn(len(self.parts)), strict=True):
            if np.isfinite(self.y[start:end]).sum() > 1:
                out[:, start:end] = null.draw(self.y[start:end], self.rate, count, source)
        return out


def choose_series_null(comparison: PairComparison, measure: AbstractSeriesMeasure) -> AbstractSurrogate:
    """Choose the null of a secondary measure by gaps alone; neither moves a gap.

    Parameters
    ----------
    comparison
        The pair; only what is missing counts.
    measure
        With its two nulls.

    Returns
    -------
    AbstractSurrogate
        Of the first kind where nearly nothing is missing, else of the second; made for the window of the comparison.
    """
    kind = measure.nulls[0 if largest_missing(comparison) <= LINKAGE.max_bridged else 1]
    return kind.for_window(comparison.measure.window) if issubclass(kind, AbstractLively) else kind()


@dataclass(frozen=True, slots=True)
class SeriesTest:
    """How secondary measures of a pair are tested.

    Parameters
    ----------
    measures
        Made for the signal's time scale.
    count
        Number of surrogates.
    seed
        For the result.
    jobs
        Threads.
    """

    measures: tuple[AbstractSeriesMeasure, ...]
    count: int
    seed: int
    jobs: int = 1

    def __call__(
        self, comparison: PairComparison, pair: tuple[str, str], signal: str, source: Callable[[], np.random.Generator]
    ) -> list[SeriesResult]:
        """Test a pair.

        Parameters
        ----------
        comparison
            The pair as it was compared.
        pair
            The two people, in order.
        signal
            The channel.
        source
            Makes the source of the surrogates, the same for every null, signal and pair of the second person.

        Returns
        -------
        list of SeriesResult
            One for each statistic of each measure, in order.
        """
        series = SeriesPair.of(comparison)
        table = [_Column(m, series, choose_series_null(comparison, m)) for m in self.measures]
        for null in dict.fromkeys(column.null for column in table):
            columns = [column for column in table if column.null == null and column.refused is None]
            why = self._add(columns, series, null, source())
            for column in columns:
                column.refused = why
        blank = SeriesResult(pair, signal, self.measures[0], _NONE, np.nan, np.empty(0), None, self.seed)
        return [result for column in table for result in column.results(blank)]

    def _add(
        self, columns: Sequence[_Column], series: SeriesPair, null: AbstractSurrogate, rng: np.random.Generator
    ) -> Reason | None:
        """Show every surrogate to every measure; say why where none can be drawn."""
        try:
            for begun in range(0, self.count if columns else 0, _AT_ONCE):
                drawn = series.redrawn(null, min(_AT_ONCE, self.count - begun), rng)
                in_threads(lambda column, values=drawn: column.add(values), columns, self.jobs)  # type: ignore[misc]
        except DataError as error:
            return reason_of(error)
        return None


def adjust_measures(results: Sequence[SeriesResult]) -> list[float | None]:
    """Adjust the p-values of secondary measures over all of them.

    Those against one null are a family of one joint randomisation (`adjust_family`); where signals with and without gaps had
    different nulls, each family's p-values are multiplied by the number of nulls.

    Parameters
    ----------
    results
        Of all pairs and signals.

    Returns
    -------
    list
        In the same order; None where it is refused.
    """
    titles = [result.null for result in results if result.p is not None]
    adjusted: dict[int, float] = {}
    for title in dict.fromkeys(titles):
        family = [at for at, result in enumerate(results) if result.p is not None and result.null == title]
        strengths, nulls = [results[at].strength for at in family], [results[at].null_strengths for at in family]
        adjusted |= zip(family, adjust_family(strengths, nulls), strict=True)
    families = len(set(titles))
    return [None if at not in adjusted else min(1.0, families * adjusted[at]) for at in range(len(results))]


_NONE = SeriesStatistic("")


class _Column:
    """One measure of a pair, and what it gave for each batch of surrogates."""

    def __init__(self, measure: AbstractSeriesMeasure, series: SeriesPair, null: AbstractSurrogate) -> None:
        self.measure, self.null = measure, null
        valid = series.valid
        self.refused = measure.why_too_short(valid, series.rate)
        if self.refused is None:
            self.compare = measure.compare_with(series.x, valid, series.rate)
            self.observed = self.compare(series.y[None])[0]
            self.batches: list[Floats] = []

    def add(self, values: Floats) -> None:
        if self.refused is None:
            self.batches.append(self.compare(values))

    def results(self, blank: SeriesResult) -> list[SeriesResult]:
        return [self._result(at, each, blank) for at, each in enumerate(self.measure.statistics)]

    def _result(self, at: int, statistic: SeriesStatistic, blank: SeriesResult) -> SeriesResult:
        result = replace(blank, measure=self.measure, statistic=statistic, refused=self.refused)
        if self.refused is not None:
            return result
        nulls = np.concatenate(self.batches)[:, at]
        value = float(self.observed[at])
        if not np.isfinite(value):
            return replace(result, refused=because(LinkageRefusal.UNDEFINED))
        # a surrogate without a value, such as one with too few peaks, counts as strong as the data
        nulls = np.where(np.isfinite(nulls), nulls, value)
        refused = None if self.measure.has_size else because(LinkageRefusal.NO_SIZE)
        return replace(result, value=value, nulls=nulls, null=self.null.title, refused=refused)

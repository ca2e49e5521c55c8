"""SUSY's aggregate, to compare with published work.

Tschacher & Meier (2020), doi:10.1080/10503307.2019.1612114. Written from its description, not from its code. Its "effect size"
divides by a standard deviation over *lags*: it is not a significance level and grows with the number of surrogates. The p-value
here is that of the mean |z| itself, from surrogates of a whole series.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.coupling.description import ComparedPair
from coregulation.coupling.nulls.spectrum_model import SpectrumModel
from coregulation.coupling.nulls.surrogates import AbstractSurrogate, PhaseRandomised
from coregulation.coupling.series_measure import AbstractSeriesMeasure, ClaimLimit, Compare, DataUnit, SeriesStatistic
from coregulation.coupling.series_tools import whole_windows
from coregulation.errors import DataError, UsageError
from coregulation.signals import Bools, Floats


@dataclass(frozen=True, slots=True)
class SusyResult:
    """SUSY's numbers of a pair.

    Parameters
    ----------
    z
        Mean |z| over lags.
    z_pseudo
        The same over all other pairings of segments.
    effect_size
        (z - z_pseudo) / sd over lags of the pseudo means.
    z_signed, z_signed_pseudo, effect_size_signed
        The same without taking magnitudes.
    z_first_leads, z_second_leads
        Mean |z| over the lags at which one leads.
    by_lag, pseudo_by_lag
        Mean |z| at each lag, shape (lags,); negative lags in samples where the first series leads (SUSY's sign).
    segments
        Number of segments.
    """

    z: float
    z_pseudo: float
    effect_size: float
    z_signed: float
    z_signed_pseudo: float
    effect_size_signed: float
    z_first_leads: float
    z_second_leads: float
    by_lag: Floats
    pseudo_by_lag: Floats
    segments: int


@dataclass(frozen=True, slots=True)
class Susy(AbstractSeriesMeasure):
    """Cross-correlate segments at several lags; every other pairing of segments is a surrogate.

    Parameters
    ----------
    segment
        Length of a segment, s.
    max_lag
        Longest lag either way, s; SUSY's default is 3.

    References
    ----------
    Tschacher W, Meier D (2020), Psychotherapy Research 30:558, doi:10.1080/10503307.2019.1612114
    """

    segment: float = 30.0
    max_lag: float = 3.0

    title: ClassVar[str] = "surrogate synchrony (SUSY)"
    papers: ClassVar[tuple[str, ...]] = ("tschacher2020",)
    quantities: ClassVar[tuple[str, ...]] = (
        "mean |z|",
        "mean |z| of other pairings",
        "effect size over lags",
        "segments",
    )
    statistics: ClassVar[tuple[SeriesStatistic, ...]] = (SeriesStatistic("mean |z| of segments and lags"),)
    nulls: ClassVar[tuple[type[AbstractSurrogate], type[AbstractSurrogate]]] = (PhaseRandomised, SpectrumModel)
    has_size: ClassVar[bool] = False
    limits: ClassVar[tuple[ClaimLimit, ...]] = (ClaimLimit.NO_LEADER, ClaimLimit.NOT_SIGN, ClaimLimit.NOT_STRENGTH)
    unit: ClassVar[DataUnit] = DataUnit.SEGMENTS
    min_units: ClassVar[int] = 4

    def count_units(self, valid: Bools, rate: float) -> int:
        """Count the segments without a missing sample.

        Parameters
        ----------
        valid
            Shape (samples,).
        rate
            Hz.

        Returns
        -------
        int
            At least 0.
        """
        size = max(2, round(self.segment * rate))
        return len(whole_windows(valid, size, size))

    def compare_with(self, x: Floats, valid: Bools, rate: float) -> Compare:
        """Prepare one person's segments; those with a missing sample are left out, which SUSY itself does not know.

        Parameters
        ----------
        x
            Shape (samples,).
        valid
            Shape (samples,).
        rate
            Hz.

        Returns
        -------
        Compare
            To the mean |z| over lags and segments.
        """
        size = max(2, round(self.segment * rate))
        places = whole_windows(valid, size, size)[:, None] + np.arange(size)
        max_lag = min(round(self.max_lag * rate), size - 1)
        length = 2 * size
        own = np.fft.rfft(_scaled(x[places]), length)

        def compare(values: Floats) -> Floats:
            spectra = np.fft.rfft(_scaled(values[:, places]), length, axis=2)
            r = np.fft.irfft(own * spectra.conj(), length, axis=2)
            r = np.concatenate([r[:, :, length - max_lag :], r[:, :, : max_lag + 1]], axis=2)
            z = np.abs(np.arctanh(np.clip(r, -_LARGEST, _LARGEST)))
            valid_cells = np.isfinite(z)
            count = valid_cells.sum(axis=(1, 2))
            with np.errstate(invalid="ignore"):
                means: Floats = np.where(valid_cells, z, 0.0).sum(axis=(1, 2)) / count
            return means[:, None]

        return compare

    def describe(self, pair: ComparedPair) -> tuple[float, ...]:
        """Compute a pair's aggregate.

        Parameters
        ----------
        pair
            Two signals and their surface.

        Returns
        -------
        tuple of float
            One number for each of `quantities`.

        Raises
        ------
        DataError
            If there are fewer than two segments, a sample is missing, a segment never changes, or two are the same.
        """
        aggregate = self(pair.x.values, pair.y.values, pair.x.rate)
        return aggregate.z, aggregate.z_pseudo, aggregate.effect_size, float(aggregate.segments)

    def __call__(self, x: Floats, y: Floats, rate: float) -> SusyResult:
        """Compute the aggregate of two series.

        Parameters
        ----------
        x, y
            Shape (samples,), without missing samples.
        rate
            Hz.

        Returns
        -------
        SusyResult
            Its numbers.

        Raises
        ------
        DataError
            If there are fewer than two segments, a sample is missing, a segment never changes, or two are the same.
        UsageError
            If the lag is longer than a segment, or the series are not equally long.
        """
        if len(x) != len(y):
            raise UsageError(
                "Two series of one length were expected; {first} and {second:n sample|samples} came.",
                first=len(x),
                second=len(y),
            )
        size, max_lag = round(self.segment * rate), round(self.max_lag * rate)
        if not 0 <= max_lag < size:
            raise UsageError(
                "A lag of {max_lag:g} s needs longer segments than {segment:g} s.",
                max_lag=self.max_lag, segment=self.segment,
            )  # fmt: skip
        z = _segment_z(_segments(x, size), _segments(y, size), max_lag)
        pieces = len(z)
        own = np.eye(pieces, dtype=bool)
        real, pseudo = np.abs(z[own]).mean(axis=0), np.abs(z[~own]).mean(axis=0)
        signed, signed_pseudo = z[own].mean(axis=0), z[~own].mean(axis=0)
        return SusyResult(
            float(real.mean()), float(pseudo.mean()), _effect(real, pseudo),
            float(signed.mean()), float(signed_pseudo.mean()), _effect(signed, signed_pseudo),
            float(real[:max_lag].mean()) if max_lag else float("nan"),
            float(real[max_lag + 1 :].mean()) if max_lag else float("nan"),
            real, pseudo, pieces,
        )  # fmt: skip


_LARGEST = 1 - 1e-14  # |r| of two segments that are the same


def _scaled(segments: Floats) -> Floats:
    """Centre segments, shape (..., size), and scale them to length 1; NaN where one does not change."""
    centred = segments - segments.mean(axis=-1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=-1, keepdims=True))
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled: Floats = np.where(
            length > 1e-13 * np.abs(segments).max(axis=-1, keepdims=True), centred / length, np.nan
        )
    return scaled


def _segments(values: Floats, size: int) -> Floats:
    values = np.asarray(values, dtype=np.float64)
    pieces = len(values) // size
    if pieces < 2:
        raise DataError(
            "At least two segments of {size:n sample|samples} are needed; {samples:n sample|samples} came.",
            size=size,
            samples=len(values),
        )
    segments = values[: pieces * size].reshape(pieces, size)
    if not np.isfinite(segments).all():
        raise DataError("This aggregate knows no missing samples; some came.")
    scaled = _scaled(segments)
    if not np.isfinite(scaled).all():
        raise DataError("A segment never changes, so it correlates with nothing.")
    return scaled


def _segment_z(a: Floats, b: Floats, max_lag: int) -> Floats:
    """Return z of every segment of a with every segment of b at every lag, shape (segments, segments, lags).

    The mean and spread are those of the whole segment, so r shrinks towards 0 as the lag grows. lag k compares
    a[t + k] with b[t]: one matrix product a lag.
    """
    size = a.shape[1]
    out = np.empty((len(a), len(b), 2 * max_lag + 1))
    for column, lag in enumerate(range(-max_lag, max_lag + 1)):
        late = a[:, max(0, lag) : size + min(0, lag)]
        early = b[:, max(0, -lag) : size + min(0, -lag)]
        out[:, :, column] = late @ early.T
    if np.abs(out).max() > 1 - 1e-14:
        raise DataError("Two segments are the same, or one the other turned over: their z is infinite.")
    z: Floats = 0.5 * np.log((1 + out) / (1 - out))
    return z


def _effect(real: Floats, pseudo: Floats) -> float:
    spread = float(pseudo.std(ddof=1)) if len(pseudo) > 1 else 0.0
    return float((real.mean() - pseudo.mean()) / spread) if spread > 0 else float("nan")

"""A model of a series with gaps: same gaps, same spectrum, and two signals of one person alike."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from coregulation.coupling.nulls.spectrum_model import SpectrumModel, _parzen
from coregulation.errors import DataError


def autoregressive(n, seed=1, a=0.9):
    return lfilter([1.0], [1.0, -a], np.random.default_rng(seed).standard_normal(n + 200))[200:]


def blanked(values, share=0.5):
    gone = (np.arange(len(values)) // 150) % 2 == 1
    return np.where(gone, np.nan, values) if share else values


def test_gaps_stay_where_they_are_and_the_line_too():
    values = blanked(autoregressive(1200) + 0.1 * np.arange(1200))
    drawn = SpectrumModel().draw(values, 1.0, 4, np.random.default_rng(1))
    assert (np.isnan(drawn) == np.isnan(values)).all()
    slope = np.polyfit(np.flatnonzero(np.isfinite(values)), drawn[0][np.isfinite(values)], 1)[0]
    assert slope == pytest.approx(0.1, abs=0.02)


def test_the_autocovariance_is_that_of_the_observed_stretches():
    values = blanked(autoregressive(6000))
    drawn = SpectrumModel(60.0).draw(values, 1.0, 40, np.random.default_rng(2))
    for lag in (0, 1, 5, 10):
        products = drawn[:, lag:] * drawn[:, : drawn.shape[1] - lag]
        assert np.nanmean(products) == pytest.approx(0.9**lag / 0.19, abs=0.12 / 0.19)


def test_two_signals_of_one_person_are_redrawn_alike():
    values = blanked(autoregressive(600))
    once, again, other = (
        SpectrumModel().draw(v, 1.0, 2, np.random.default_rng(seed))
        for v, seed in ((values, 1), (2 * values, 1), (values, 2))
    )
    assert np.allclose(2 * once, again, equal_nan=True)
    assert not np.allclose(once, other, equal_nan=True)


@pytest.mark.parametrize(("valid", "drawn"), [(1, False), (2, True)])
def test_a_model_needs_two_samples(valid, drawn):
    values = np.where(np.arange(50) < valid, np.arange(50.0), np.nan)
    if drawn:
        assert np.isfinite(SpectrumModel().draw(values, 1.0, 1, np.random.default_rng(1))).sum() == 2
    else:
        with pytest.raises(DataError, match="at least two valid samples; 1 came"):
            SpectrumModel().draw(values, 1.0, 1, np.random.default_rng(1))


def test_the_taper_is_parzens_and_has_no_step():
    share = np.array([0.0, 0.25, 0.5, np.nextafter(0.5, 1), 0.75, 1.0])
    assert _parzen(share) == pytest.approx([1.0, 0.71875, 0.25, 0.25, 0.03125, 0.0])


def test_a_lag_without_any_pair_has_no_autocovariance():
    values = np.full(40, np.nan)
    values[[0, 1, 20, 21]] = [1.0, -1.0, 1.0, -1.0]
    power = SpectrumModel(10.0)._spectrum(np.nan_to_num(values), np.isfinite(values), 1.0)
    assert np.isfinite(power).all()
    full = autoregressive(64)
    lags = np.fft.irfft(SpectrumModel(8.0)._spectrum(full, np.ones(64, bool), 1.0), 128)
    assert abs(lags[9]) < 0.2 * lags[0]

"""The compiled loops give what their Python gives, so that Python's coverage speaks of them too."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.coupling.measures import kernels
from coregulation.coupling.measures.lagged_correlation import WindowGrid, prepare, scale_rows
from tests.coupling.measures.test_lagged_correlation import pair


@pytest.fixture
def interpreted(monkeypatch):
    """The module with every compiled function replaced by its Python."""
    names = [name for name in dir(kernels) if hasattr(getattr(kernels, name), "py_func")]
    for name in names:
        monkeypatch.setattr(kernels, name, getattr(kernels, name).py_func)
    return kernels


@pytest.mark.parametrize("detrend", [True, False])
@pytest.mark.parametrize("hop", [1, 3])
def test_the_loops_of_python_give_the_same(monkeypatch, interpreted, detrend, hop):
    x, y = pair(4, 90, [(0, 20, 5), (1, 60, 3)])
    grid = WindowGrid(12, hop, 5, 1.0)
    offsets = np.arange(-7, 40, 3)
    slow = [prepare(values, grid, detrend) for values in (x, y)]
    slow_r = kernels.window_r(slow[0].values, slow[1].values, slow[0].terms, slow[1].terms, grid.width, grid.lags)
    slow_sums = sums_of(slow, grid, offsets)
    slow_redrawn = redrawn(x, y, grid, detrend)
    monkeypatch.undo()
    fast = [prepare(values, grid, detrend) for values in (x, y)]
    for one, other in zip(slow, fast, strict=True):
        assert all(np.allclose(a, b, atol=1e-12) for a, b in zip(one.terms, other.terms, strict=True))
    fast_r = kernels.window_r(fast[0].values, fast[1].values, fast[0].terms, fast[1].terms, grid.width, grid.lags)
    assert np.allclose(slow_r, fast_r, atol=1e-10, equal_nan=True)
    assert all(np.allclose(a, b, atol=1e-9) for a, b in zip(slow_sums, sums_of(fast, grid, offsets), strict=True))
    fast_redrawn = redrawn(x, y, grid, detrend)
    assert all(np.allclose(a, b, atol=1e-9) for a, b in zip(slow_redrawn, fast_redrawn, strict=True))
    at_lags = sums_of(fast, grid, grid.lags)
    assert all(np.allclose(a[0], b, atol=1e-9) for a, b in zip(fast_redrawn, at_lags, strict=True))


def sums_of(both, grid, offsets):
    (x, y) = both
    return kernels.window_sums(x.values, y.values, x.terms, y.terms, x.energy, y.energy, grid.width, offsets)


def redrawn(x, y, grid, detrend):
    (rows_x, missing_x), (rows_y, missing_y) = (scale_rows(np.stack([v, np.sin(3 * v)]), grid) for v in (x, y))
    return kernels.redrawn_sums(
        rows_x[:1], rows_y, missing_x, missing_y, grid.width, grid.hop, detrend, grid.lags
    )  # fmt: skip

"""Means of groups with a common standard deviation, where some values are only known to be larger."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.regulation.censored import fit_cells


def test_without_censoring_these_are_the_ordinary_means() -> None:
    first, second = np.array([1.0, 2.0, 3.0]), np.array([5.0, 7.0])
    cells = fit_cells([(first, np.zeros(3)), (second, np.zeros(2))])
    assert cells.means == pytest.approx([2.0, 6.0])
    assert cells.freedom == 3
    assert cells.sd == pytest.approx(np.sqrt((2.0 + 2.0) / 3))
    assert cells.errors == pytest.approx(cells.sd / np.sqrt([3, 2]))


def test_a_censored_value_gives_no_degree_of_freedom_and_raises_the_mean() -> None:
    values = np.array([1.0, 2.0, 3.0, 3.0])
    cells = fit_cells([(values, np.array([0.0, 0.0, 0.0, 1.0]))])
    assert cells.freedom == 2
    assert cells.means[0] > values.mean()
    assert cells.errors[0] > cells.sd / 2  # it carries less than a value that was seen


def test_a_group_of_which_nothing_was_seen_stays_at_its_bounds() -> None:
    cells = fit_cells([(np.array([1.0, 2.0]), np.zeros(2)), (np.array([3.0, 5.0]), np.ones(2))])
    assert cells.means[1] == 4.0
    assert cells.freedom == 1

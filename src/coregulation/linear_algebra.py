"""Small matrices whose results do not depend on which linear-algebra library, or which processor, computed them."""

from __future__ import annotations

import numpy as np

from coregulation.signals import Floats, Ints

_ROUNDING = 1e-13  # share of a row's length that rounding can leave (about 450 units in the last place)
_ZERO_RATE = 1e-12  # share of the largest rate: an eigenvalue that near zero is zero


def triangular_factor(rows: Floats) -> Floats:
    """Compute the lower-triangular L with L Lᵀ = rows rowsᵀ and no negative number on its diagonal.

    L is unique, unlike a root made of eigenvectors, whose signs, order and rotation are the library's choice. Working on rows
    instead of on their covariance keeps all digits: where the covariance is singular, rounding of its eigenvalues (1e-16)
    would become 1e-8 in their square roots.

    Parameters
    ----------
    rows
        Shape (n, m). A row that follows from those before it, to 1e-13 of its length, gets a zero on the diagonal, and the
        column below that zero is zero too.

    Returns
    -------
    Floats
        L, shape (n, n), in the unit of `rows`.
    """
    n = len(rows)
    root, basis = np.zeros((n, n)), np.zeros_like(rows)
    for i, row in enumerate(rows):
        rest = row.copy()
        for _ in range(2):  # the second pass takes off what rounding left of the first
            along = basis[:i] @ rest
            root[i, :i] += along
            rest -= along @ basis[:i]
        size = _length(rest)
        if size > _ROUNDING * _length(row):
            root[i, i], basis[i] = size, rest / size
    return root


def semidefinite_cholesky(covariance: Floats) -> Floats:
    """Compute the Cholesky factor of a covariance that may be singular.

    Parameters
    ----------
    covariance
        Shape (n, n), symmetric, without negative eigenvalues but for rounding. What a variable has left beside those before
        it counts as nothing up to 1e-13 of its variance.

    Returns
    -------
    Floats
        Lower-triangular L, shape (n, n), with L Lᵀ = covariance; its columns below a zero on the diagonal are zero.
    """
    n = len(covariance)
    root, left = np.zeros((n, n)), np.array(covariance, dtype=np.float64)
    for i in range(n):
        if left[i, i] > _ROUNDING * covariance[i, i]:
            root[i:, i] = left[i:, i] / np.sqrt(left[i, i])
            left[i:, i:] -= np.outer(root[i:, i], root[i:, i])
    return root


def with_canonical_sign(direction: Floats) -> Floats:
    """Turn an eigenvector so that its sign does not depend on the library that computed it.

    Parameters
    ----------
    direction
        Shape (n,).

    Returns
    -------
    Floats
        `direction` or its opposite, so that the largest component is positive (the first of those as large, to 1e-9).
    """
    size = np.abs(direction)
    largest = direction[np.argmax(size >= (1 - 1e-9) * size.max())]
    return direction if largest >= 0 else -direction


def argmax_near_middle(values: Floats) -> Ints:
    """Find where the largest value of each row lies, NaN aside; of those as large (to 1e-9) the one nearest the middle.

    Where a row runs over lags from one person to the other, the middle is lag 0; of two as near, the first. A plain `argmax`
    lets the last digits choose among equals, as with two people who follow one pacer.

    Parameters
    ----------
    values
        Shape (..., n).

    Returns
    -------
    Ints
        Shape (...).
    """
    values = np.where(np.isnan(values), -np.inf, values)
    largest = values.max(axis=-1, keepdims=True)
    from_middle = np.abs(np.arange(values.shape[-1]) - (values.shape[-1] - 1) / 2)
    as_large = values >= largest - 1e-9 * np.abs(largest)
    return np.asarray(np.where(as_large, from_middle, np.inf).argmin(axis=-1), dtype=np.int64)


def is_stable(drift: Floats) -> bool:
    """Tell whether every deviation dies out under dx/dt = drift · x.

    At the limit of stability an eigenvalue is zero, and rounding alone would choose its sign. That counts as not stable.

    Parameters
    ----------
    drift
        Shape (n, n), in 1/s.

    Returns
    -------
    bool
        Whether all eigenvalues have a real part below -1e-12 times the largest rate.
    """
    return bool(np.linalg.eigvals(drift).real.max() < -_ZERO_RATE * np.abs(drift).max())


def _length(row: Floats) -> float:
    return float(np.sqrt((row * row).sum()))

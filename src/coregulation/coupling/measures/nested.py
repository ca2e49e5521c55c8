"""Nested least squares of many series at once: how much better the other's terms explain a person than the own terms alone."""

from __future__ import annotations

import numpy as np

from coregulation.signals import Bools, Floats

_AT_ONCE = 16  # designs held in memory together
_DEPENDENT = 1e-9  # of the outcome's size: an outcome that its own terms explain to that share is explained wholly


def residual_sums(own: Floats, other: Floats, outcome: Floats) -> tuple[Floats, Floats]:
    """Regress outcomes on own terms, and on own and the other's terms.

    Parameters
    ----------
    own, other
        Shape (k, rows, terms), or (1, rows, terms) for the same in each.
    outcome
        Shape (k, rows) or (1, rows).

    Returns
    -------
    tuple of Floats
        Sums of squared residuals without and with the other's terms, shape (k,); NaN where own terms explain everything.
    """
    count = max(len(own), len(other), len(outcome))
    parts = [_some(own, other, outcome, slice(at, at + _AT_ONCE), count) for at in range(0, count, _AT_ONCE)]
    alone, both = (np.concatenate(sums) for sums in zip(*parts, strict=True))
    return alone, both


def _some(own: Floats, other: Floats, outcome: Floats, which: slice, count: int) -> tuple[Floats, Floats]:
    size = len(range(*which.indices(count)))
    columns = [
        np.broadcast_to(part if len(part) == 1 else part[which], (size, *part.shape[1:]))
        for part in (own, other, outcome[:, :, None])
    ]
    triangle = np.asarray(np.linalg.qr(np.concatenate(columns, axis=2), mode="r"))
    last = triangle[:, :, -1] ** 2
    terms = own.shape[2]
    alone, both = last[:, terms:].sum(axis=1), last[:, terms + other.shape[2] :].sum(axis=1)
    known = alone > _DEPENDENT**2 * last.sum(axis=1)
    return np.where(known, alone, np.nan), np.where(known, both, np.nan)


Terms = tuple[Floats, Floats, Floats]  # of a person: own terms, what the other may take from this person, outcomes


def partner_gain(first: Terms, second: Terms) -> Floats:
    """Compute the share of both people's variance that the other's terms explain beyond the own terms.

    Parameters
    ----------
    first, second
        Of either person; shapes (k, rows, terms), (k, rows, terms), (k, rows), or k = 1 for the same in each.

    Returns
    -------
    Floats
        0 to 1, shape (k,); each person's variance counts as 1.
    """
    gains = []
    for mine, theirs in ((first, second), (second, first)):
        alone, both = residual_sums(mine[0], theirs[1], mine[2])
        gains.append((alone - both) / (mine[2] ** 2).sum(axis=1))
    share: Floats = (gains[0] + gains[1]) / 2
    return share


def lagged(values: Floats, rows: Bools, lags: range) -> Floats:
    """Lay earlier values of series side by side.

    Parameters
    ----------
    values
        Shape (k, samples).
    rows
        The samples that are outcomes, shape (samples,); none nearer to the beginning than the longest lag.
    lags
        Samples before the outcome.

    Returns
    -------
    Floats
        Shape (k, rows, lags).
    """
    places = np.flatnonzero(rows)
    terms: Floats = values[:, places[:, None] - np.array(lags)]
    return terms


def whole_rows(valid: Bools, longest: int) -> Bools:
    """Say before which samples so many others are valid without a gap.

    Parameters
    ----------
    valid
        Shape (samples,).
    longest
        Samples before.

    Returns
    -------
    Bools
        Shape (samples,).
    """
    missing = np.concatenate([[0], np.cumsum(~valid)])
    ends = np.arange(len(valid)) + 1
    first = ends - longest - 1
    complete: Bools = (first >= 0) & (missing[ends] == missing[np.maximum(first, 0)])
    return complete

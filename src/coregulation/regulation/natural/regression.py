"""The regression of what is left of a rise on the other's state, for many moves of the other's course at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.regulation.natural.partner import PartnerStates
from coregulation.signals import Bools, Floats, Ints

_ROUNDING = 1e-12  # spread below which a regressor stands still
_RANK = 1e-10  # relative size below which a direction of the regressors counts as none


@dataclass(frozen=True, slots=True, eq=False)
class RiseTable:
    """Rises of one direction over all sessions, with the other's state for each move; row 0 is as it was.

    Parameters
    ----------
    session
        Number of each rise's session, shape (rises,).
    left
        Logarithm of what is left, shape (rises,).
    own
        Log height and both own slow levels, shape (rises, 3).
    partner
        The other's, each of shape (1 + moves, rises).
    """

    session: Ints
    left: Floats
    own: Floats
    partner: PartnerStates

    @property
    def known(self) -> Bools:
        """Which rises can be used in which row, shape (1 + moves, rises)."""
        states = np.stack([self.partner.settled, self.partner.earlier, self.partner.later])
        own = np.asarray(np.isfinite(self.own).all(axis=1, keepdims=True)).T
        return np.asarray(own & np.isfinite(states).all(axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class SlopeEstimates:
    """SlopeEstimates of one regressor with their standard errors.

    Parameters
    ----------
    value, error
        Shape (rows,); NaN where the rows do not allow one.
    """

    value: Floats
    error: Floats

    @property
    def studentised(self) -> Floats:
        """Each slope over its standard error."""
        return self.value / self.error


def regressors(table: RiseTable) -> list[Floats]:
    """List the regressors of a table: the covariates, and last how settled the other was just before.

    Parameters
    ----------
    table
        Of one direction.

    Returns
    -------
    list of Floats
        Each of shape (rows, rises).
    """
    rows = np.ones((len(table.partner.settled), 1))
    own = [rows * column[None, :] for column in table.own.T]
    return [*own, table.partner.earlier, table.partner.later, table.partner.settled]


def last_slopes(columns: Sequence[Floats], response: Floats, known: Bools, session: Ints) -> SlopeEstimates:
    """Fit each row by least squares, with an intercept per session, and return the slope of the last regressor.

    Parameters
    ----------
    columns
        Regressors, each of shape (rows, rises).
    response
        Shape (rises,).
    known
        Which rises count in which row, shape (rows, rises).
    session
        Number of each rise's session.

    Returns
    -------
    SlopeEstimates
        Of each row.
    """
    design, y, freedom = _centred(columns, response, known, session)
    inverse, beta, rest = _fit(design, y)
    freedom = freedom - design.shape[2]
    enough = (freedom > 0) & (inverse[:, -1, -1] > 0)
    variance = np.where(enough, rest / np.maximum(freedom, 1) * inverse[:, -1, -1], np.nan)
    return SlopeEstimates(np.where(enough, beta[:, -1], np.nan), np.sqrt(np.maximum(variance, 1e-300)))


def residuals(columns: Sequence[Floats], response: Floats, known: Bools, session: Ints) -> Floats:
    """Return what the regressors of the first row leave over.

    Parameters
    ----------
    columns, response, known, session
        As `last_slopes` takes them.

    Returns
    -------
    Floats
        Shape (rises,); 0 where a rise is not known.
    """
    design, y, _ = _centred([column[:1] for column in columns], response, known[:1], session)
    _, beta, _ = _fit(design, y)
    return np.asarray(y[0] - design[0] @ beta[0])


def joint_f(columns: Sequence[Floats], tested: int, response: Floats, known: Bools, session: Ints) -> Floats:
    """Compute the F of the last regressors together.

    Parameters
    ----------
    columns
        Regressors, each of shape (rows, rises).
    tested
        How many of the last ones are tested.
    response, known, session
        As `last_slopes` takes them.

    Returns
    -------
    Floats
        Shape (rows,); NaN where the rows do not allow one.
    """
    design, y, freedom = _centred(columns, response, known, session)
    full = _fit(design, y)[2]
    reduced = _fit(design[:, :, :-tested], y)[2]
    freedom = freedom - design.shape[2]
    ratio = (reduced - full) / tested / (np.maximum(full, 1e-300) / np.maximum(freedom, 1))
    return np.where(freedom > 0, ratio, np.nan)


def _centred(columns: Sequence[Floats], response: Floats, known: Bools, session: Ints) -> tuple[Floats, Floats, Floats]:
    """Return regressors (rows, rises, columns) and response (rows, rises) less their session's mean, and degrees of freedom."""
    weight = known.astype(float)
    members = (session[:, None] == np.unique(session)[None, :]).astype(float)
    counts = weight @ members

    def centre(values: Floats) -> Floats:
        clean = np.where(known, values, 0.0)
        means = (clean @ members) / np.maximum(counts, 1)
        return np.asarray((clean - means @ members.T) * weight)

    design = np.stack([centre(column) for column in columns], axis=2)
    scale = np.sqrt((design**2).mean(axis=1, keepdims=True))
    design = design * (scale > _ROUNDING)
    scale_free = design / np.where(scale > _ROUNDING, scale, 1.0)
    y = centre(np.broadcast_to(response, known.shape))
    freedom = counts.sum(axis=1) - (counts > 0).sum(axis=1)
    # the last column keeps its unit: its slope is what is reported
    unscaled = np.concatenate([scale_free[:, :, :-1], design[:, :, -1:]], axis=2)
    return unscaled, y, freedom


def _fit(design: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the inverse of the normal matrix, the coefficients and the residual sum of squares of each row."""
    turned = design.transpose(0, 2, 1)
    inverse = np.asarray(np.linalg.pinv(turned @ design, rcond=_RANK, hermitian=True), dtype=np.float64)
    beta = (inverse @ (turned @ y[:, :, None]))[:, :, 0]
    rest = ((y - (design @ beta[:, :, None])[:, :, 0]) ** 2).sum(axis=1)
    return inverse, beta, np.asarray(rest)

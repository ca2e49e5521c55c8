"""Fit the model under each curve of the signal, and again where a stressor evidently reached both people."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from coregulation.regulation.design import Design, NotConvergedError
from coregulation.regulation.emission import HEART, STRAIGHT, SaturatingEmission, apply_emission
from coregulation.regulation.panel import Panel
from coregulation.regulation.statespace import Fit, StateSpace
from coregulation.regulation.thresholds import THRESHOLDS, RegulationThresholds


def fit_guarded(
    panel: Panel,
    design: Design,
    saturates: bool = False,
    model: StateSpace | None = None,
    thresholds: RegulationThresholds = THRESHOLDS,
) -> tuple[Fit, bool]:
    """Fit under each curve, and again where a stressor evidently reached both.

    Parameters
    ----------
    panel
        Everybody's index, shape (t, people).
    design
        What was done when.
    saturates
        Whether what is measured levels off with arousal, as the heart does.
    model
        How to fit; as it stands if None.
    thresholds
        What counts as seen.

    Returns
    -------
    tuple of Fit and bool
        The fit, and whether unscripted shared input was seen.

    Raises
    ------
    UnidentifiedError
        If nobody was alone, or nobody together.
    NotConvergedError
        If no maximum was found under any curve.
    """
    model = model or StateSpace()
    curves = HEART if saturates else (STRAIGHT,)
    first = _fit_all(panel, design, curves, model)
    hit = _as_it_was(first, thresholds)
    if hit is not design:
        first = _fit_all(panel, hit, curves, model)
    seen = first.common().above(thresholds.min_common) or first.slow_share(0.9).above(thresholds.min_slow_share)
    return first, seen


def _fit_all(panel: Panel, design: Design, curves: Sequence[SaturatingEmission], model: StateSpace) -> Fit:
    """Fit under every curve and pool the draws; a curve whose search fails is dropped."""
    fits, failed = list[Fit](), list[NotConvergedError]()
    for curve in curves:
        try:
            fits.append(model.fit(apply_emission(panel, design, curve), design, fits[0] if fits else None))
        except NotConvergedError as error:
            failed.append(error)
    if not fits:
        raise failed[0]
    return replace(fits[0], others=tuple(fits[1:]))


def _as_it_was(fit: Fit, thresholds: RegulationThresholds) -> Design:
    """Return the design with the people hit whom a stressor evidently reached; the same one where nobody was."""
    design = fit.design
    for pair in itertools.combinations(design.people, 2):
        if _spilled(fit, pair, thresholds):
            design = design.spread(pair)
    return design


def _spilled(fit: Fit, pair: tuple[str, str], thresholds: RegulationThresholds) -> bool:
    """Return whether each one's stressor clearly reached the other at once."""
    effects, at = fit.target.grid.effects, [fit.design.people.index(who) for who in pair]
    dose = {
        i: np.median(
            [v for v, e in zip(fit.effects, effects, strict=True) if e.kind == "dose" and e.person == i] or [0]
        )
        for i in at
    }
    spills = [e for e in effects if e.kind == "cross_exposure" and e.person in at and e.source in at]
    return len(spills) == 2 and all(
        dose[e.person] > 0 and fit.effect(e).above(thresholds.min_cross_exposure * float(dose[e.person]))
        for e in spills
    )

"""Whether a claim depends on one hard moment or on one stretch of 20 s: each is left out, and the claim must still lean the same way.

Refitting 130 times would cost minutes. So the maximum is moved by one scoring step without the innovations of the stretch, and the
half-lives and areas are read again without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.regulation.design import Design, Probe
from coregulation.regulation.direction import Direction, DirectionAnswer
from coregulation.regulation.draws import Draws
from coregulation.regulation.gate import VerdictKind
from coregulation.regulation.panel import Panel
from coregulation.regulation.recovery import Recovery, measure_recoveries
from coregulation.regulation.recovery_comparison import compare_recoveries
from coregulation.regulation.responses import Response, extra_area
from coregulation.regulation.statespace import Fit
from coregulation.regulation.thresholds import RegulationThresholds

_DRAWS = 200  # of each fit, enough for an interval at 70 %


def without_stretch(fit: Fit, start: float, end: float) -> Fit:
    """Move a fit by one scoring step to where it would be without a stretch of the data.

    Parameters
    ----------
    fit
        Of everybody, under every curve.
    start, end
        Of the stretch, s.

    Returns
    -------
    Fit
        With fewer draws.
    """
    moved = [_moved(part, start, end) for part in fit.all]
    return replace(moved[0], others=tuple(moved[1:]))


def _moved(fit: Fit, start: float, end: float) -> Fit:
    grid, scores = fit.target.grid, fit.best.scores
    rows = np.nonzero(np.isfinite(grid.y))[0]
    inside = np.flatnonzero((grid.times[rows] >= start) & (grid.times[rows] < end))
    raw, variance = scores.raw[:, inside], scores.log_variance[:, inside]
    left = scores.information - raw @ raw.T - 0.5 * variance @ variance.T
    move = np.linalg.solve(left + 1e-9 * np.diag(np.diag(scores.information)), scores.each[:, inside].sum(axis=1))
    vectors = fit.draws.vectors[:_DRAWS] + np.clip(move, -2.0, 2.0)
    return replace(fit, draws=Draws(vectors, fit.draws.effects[:_DRAWS], fit.draws.moment_sd[:_DRAWS]), others=())


@dataclass(frozen=True, slots=True)
class PairClaim:
    """What is said of a pair and must not depend on one stretch.

    Parameters
    ----------
    kind
        Of the pair.
    directions
        Both, with their answers.
    """

    kind: VerdictKind
    directions: tuple[Direction, ...]

    def holds(
        self, fit: Fit, recoveries: Sequence[Recovery], responses: Sequence[Response], thresholds: RegulationThresholds
    ) -> bool:
        """Decide whether the claim still leans the same way.

        Parameters
        ----------
        fit
            Without a stretch.
        recoveries
            Recoveries without it.
        responses
            Areas without it.
        thresholds
            With the level at which it must hold.

        Returns
        -------
        bool
            True for a pair of which nothing is claimed.
        """
        level = thresholds.kept_level
        if self.kind is VerdictKind.CO_DYSREGULATION:
            more = extra_area(responses, level)
            jointly = any(direction.jointly for direction in self.directions)
            people = (self.directions[0].receiver, self.directions[0].giver)
            burden = fit.joint_burden_of_all(level) if jointly else fit.burden_of_pair(people, level)
            return burden.value > 1.0 and (jointly or (more is not None and more.above(0.0)))
        return all(
            _still_sooner(fit, recoveries, direction, level)
            for direction in self.directions
            if direction.answer is DirectionAnswer.SOONER
        )


def _still_sooner(fit: Fit, recoveries: Sequence[Recovery], direction: Direction, level: float) -> bool:
    seen = compare_recoveries(recoveries, direction.receiver)
    own = (fit.joint_burden if direction.jointly else fit.own_burden)(direction.receiver, level)
    return own.below(1.0) and seen is not None and seen.ratio.value < 1.0


def stretch_that_turns(
    claim: PairClaim,
    fit: Fit,
    panel: Panel,
    design: Design,
    recoveries: Sequence[Recovery],
    responses: Sequence[Response],
    thresholds: RegulationThresholds,
) -> tuple[float, float] | None:
    """Find a hard moment, or a stretch within one, without which a claim would not be made.

    Parameters
    ----------
    claim
        What is said.
    fit
        Of everybody.
    panel
        The index that recoveries are read from.
    design
        What was done when.
    recoveries
        Recoveries of all hard moments of the design.
    responses
        Areas of the pair.
    thresholds
        Of the verdict.

    Returns
    -------
    tuple of float or None
        Start and end of the first such stretch, s; None where there is none.
    """
    mine = [recovery for recovery in recoveries if recovery.probe in design.probes]
    for probe in design.probes:
        left = [recovery for recovery in mine if recovery.probe != probe]
        areas = [response for response in responses if response.probe != probe]
        if not claim.holds(without_stretch(fit, probe.start, probe.until), left, areas, thresholds):
            return probe.start, probe.until
        for start, end in _stretches(probe, thresholds.left_out):
            again = _read_again(panel, design, probe, start, end)
            if not claim.holds(without_stretch(fit, start, end), [*left, *again], responses, thresholds):
                return start, end
    return None


def _stretches(probe: Probe, length: float) -> Iterator[tuple[float, float]]:
    for start in np.arange(probe.start, probe.until, length):
        yield float(start), float(min(start + length, probe.until))


def _read_again(panel: Panel, design: Design, probe: Probe, start: float, end: float) -> tuple[Recovery, ...]:
    """Return the recoveries after one stressor without a stretch of the data."""
    values = panel.values.copy()
    values[(panel.times >= start) & (panel.times < end)] = np.nan
    return measure_recoveries(Panel(panel.times, values), replace(design, probes=(probe,)))

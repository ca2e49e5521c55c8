"""Who lent how much to whom, in arousal-seconds: what the same moments would have been without the other, minus what they were.

Counterfactual and signed, from joint draws of parameters and of the path itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.errors import UsageError
from coregulation.linear_algebra import semidefinite_cholesky
from coregulation.regulation.design import Probe
from coregulation.regulation.interval import Interval, interval_of_draws
from coregulation.regulation.model import Dynamics
from coregulation.regulation.panel import ModelGrid
from coregulation.regulation.posterior import steps_of
from coregulation.regulation.statespace import Fit
from coregulation.signals import Floats


@dataclass(frozen=True, slots=True)
class CounterfactualEffect:
    """One hard moment of a person together, in units of the index times seconds.

    Parameters
    ----------
    receiver
        Who was upset.
    probe
        The hard moment.
    lent
        By how much the receiver's arousal was less than it would have been without the others.
    cost_to_partner
        By how much everybody else's was more.
    net_effect
        Lent minus cost to the partner.
    """

    receiver: str
    probe: Probe
    lent: Interval
    cost_to_partner: Interval
    net_effect: Interval


@dataclass(frozen=True, slots=True, eq=False)
class CounterfactualEffects:
    """All hard moments together with their joint draws, so that sums keep what moves together.

    Parameters
    ----------
    people
        In the design's order.
    receivers
        Of each effect, who was upset.
    probes
        Of each effect, the hard moment.
    lent
        Index times s, shape (draws, effects).
    cost_to_partner
        Index times s, shape (draws, effects).
    area
        The counterfactual's own arousal, of which `lent` is a part, index times s; shape (draws, effects).
    times
        Session time, s, shape (t,).
    path
        Mean over the draws of everybody's arousal over the own resting level, shape (t, people).
    without
        The same as it would have been without the others, shape (t, people).
    levels
        The resting levels, in the unit of the index, shape (people,).
    """

    people: tuple[str, ...]
    receivers: tuple[str, ...]
    probes: tuple[Probe, ...]
    lent: Floats
    cost_to_partner: Floats
    area: Floats
    times: Floats
    path: Floats
    without: Floats
    levels: Floats

    @property
    def effects(self) -> tuple[CounterfactualEffect, ...]:
        """Each hard moment by itself."""
        return tuple(
            CounterfactualEffect(
                who, probe, interval_of_draws(lent), interval_of_draws(price), interval_of_draws(lent - price)
            )
            for who, probe, lent, price in zip(
                self.receivers, self.probes, self.lent.T, self.cost_to_partner.T, strict=True
            )
        )

    def total(self, receiver: str, cues: Sequence[str] | None = None) -> CounterfactualEffect:
        """Sum over one person's hard moments.

        Parameters
        ----------
        receiver
            Whose.
        cues
            Only moments with exactly these cue channels open; all if None.

        Returns
        -------
        CounterfactualEffect
            With the first of these moments as its probe.

        Raises
        ------
        UsageError
            If there is none.
        """
        wanted = [
            who == receiver and (cues is None or set(probe.cues) == set(cues))
            for who, probe in zip(self.receivers, self.probes, strict=True)
        ]
        if not any(wanted):
            raise UsageError("{receiver} had no such hard moment together.", receiver=receiver)
        lent, price = self.lent[:, wanted].sum(axis=1), self.cost_to_partner[:, wanted].sum(axis=1)
        first = next(probe for probe, want in zip(self.probes, wanted, strict=True) if want)
        return CounterfactualEffect(
            receiver, first, interval_of_draws(lent), interval_of_draws(price), interval_of_draws(lent - price)
        )


def counterfactual_effects(fit: Fit, rng: np.random.Generator, draws: int = 100) -> CounterfactualEffects:
    """Work out what the same moments would have been without the other.

    With ξ the distance from the resting level together and δ what being without d, p and s of the others would have
    added, δ' = −k δ + d ξ_i − Σ_j p_ij ξ_j − s_ij u_j together; the same chance and the same stressors fall on both.
    A resting level that company shifts is no lending and is in both.

    Parameters
    ----------
    fit
        Of everybody.
    rng
        Of the drawn paths.
    draws
        How many joint draws, at most as many as the fit has.

    Returns
    -------
    CounterfactualEffects
        Of every hard moment together.

    Raises
    ------
    UsageError
        If nobody was probed together, or more draws are asked for than the fit has.
    """
    if draws > len(fit.draws.vectors):
        raise UsageError(
            "The fit has {there:n draw|draws}; {draws} were asked for.", there=len(fit.draws.vectors), draws=draws
        )
    probes = [(who, probe) for probe in fit.design.probes if probe.together for who in probe.hit]
    if not probes:
        raise UsageError("Nobody had a hard moment together, so there is nothing to account for.")
    grid = fit.target.grid
    dynamics = [fit.drawn(n) for n in range(draws)]
    paths = [draw_path(fit, dynamics[n], fit.draws.effects[n], rng) for n in range(draws)]
    missing = [_without(grid, dynamics[n], fit.draws.effects[n], paths[n]) for n in range(draws)]
    rows = [_one(fit, path, less, probes) for path, less in zip(paths, missing, strict=True)]
    lent, price, area = (np.array(part) for part in zip(*rows, strict=True))
    of_level = grid.levels == np.arange(len(fit.design.people))[:, None]
    path = np.mean(paths, axis=0)
    return CounterfactualEffects(
        fit.design.people, tuple(who for who, _ in probes), tuple(probe for _, probe in probes), lent, price, area,
        grid.times, path, path + np.mean(missing, axis=0), of_level @ fit.effects,
    )  # fmt: skip


def _one(
    fit: Fit, path: Floats, missing: Floats, probes: Sequence[tuple[str, Probe]]
) -> tuple[list[float], list[float], list[float]]:
    grid = fit.target.grid
    duration = np.diff(grid.times, prepend=grid.times[0])
    lent, price, area = [], [], []
    for who, probe in probes:
        within = ((grid.times > probe.start) & (grid.times <= probe.until)) * duration
        sums, i = within @ missing, fit.design.people.index(who)
        lent.append(float(sums[i]))
        price.append(float(sums[i] - sums.sum()))
        area.append(float(within @ (path[:, i] + missing[:, i])))
    return lent, price, area


def draw_path(fit: Fit, dynamics: Dynamics, effects: Floats, rng: np.random.Generator) -> Floats:
    """Draw the arousal of all people, given the data and one draw of the parameters.

    The simulation smoother of Durbin and Koopman (2002): a free path plus the smoothed difference of the data from
    it.

    Parameters
    ----------
    fit
        Supplies the data and the grid.
    dynamics
        One draw of the dynamics.
    effects
        The linear effects of the same draw, shape (q,).
    rng
        Random numbers of the path.

    Returns
    -------
    ndarray, shape (t, people)
        Above each person's own level alone, in the unit of the index.
    """
    from coregulation.regulation import kalman

    grid, people = fit.target.grid, len(dynamics.rate)
    steps, data = steps_of(dynamics, grid), fit.target.observations(dynamics)
    roots = np.array([semidefinite_cholesky(cov) for cov in steps.covs])
    chance = rng.standard_normal((len(grid.times), len(dynamics.first)))
    chance[0] *= np.sqrt(np.diag(dynamics.first))
    free = kalman.simulate_path(steps, roots, chance)
    coloured = free[:, data.parts[:, 1:]].sum(axis=2)
    measured = free[:, :people] + coloured + np.sqrt(data.noise) * rng.standard_normal(data.y.shape)
    levels = np.array([effects[grid.levels == i].sum() for i in range(people)])
    pushes = np.einsum("tik,tk->ti", steps.gammas[grid.which][:, :, :people], _inputs(grid, effects, people))
    seen = data._replace(y=data.y - levels - measured)
    return np.asarray((free + kalman.smooth(seen, steps, dynamics.first, pushes))[:, :people], float)


def _inputs(
    grid: ModelGrid, effects: Floats, people: int, kinds: Sequence[str] = ("setpoint_shift", "dose", "cross_exposure")
) -> Floats:
    out = np.zeros((len(grid.times), people))
    for e, effect in enumerate(grid.effects):
        if effect.kind in kinds:
            out[:, effect.person] += grid.inputs[:, e] * effects[e]
    return out


def _without(grid: ModelGrid, dynamics: Dynamics, effects: Floats, path: Floats) -> Floats:
    """Return how much higher everybody would be without the others' d, p and s, shape (t, people)."""
    from coregulation.regulation import kalman

    people = path.shape[1]
    company = grid.companies[grid.regimes[grid.which]]
    together = company.any(axis=2)
    pushed = np.zeros(people)
    for value, effect in zip(effects, grid.effects, strict=True):
        if effect.kind == "setpoint_shift":
            pushed[effect.person] = value
    drift = dynamics.drift(~np.eye(people, dtype=bool))[:people, :people]
    level = np.linalg.solve(-drift, pushed)
    away = path - level
    middle = (away + np.vstack([away[:1], away[:-1]])) / 2
    drive = np.einsum("tij,tj->ti", company * dynamics.drive, middle)
    now = grid.regimes[grid.which]
    moment = np.exp(np.append(dynamics.moments, 0.0)[grid.hit[now]]) if dynamics.moments.size else 1.0
    push = (dynamics.damping * moment * middle) * together - drive - _inputs(grid, effects, people, ("cross_exposure",))
    rate = dynamics.rate * np.exp(dynamics.habituation * grid.before[now]) * moment
    decay = np.exp(-rate * np.diff(grid.times, prepend=grid.times[0])[:, None])
    return np.asarray(kalman.decay_sum(decay, push * (1 - decay) / rate), float)

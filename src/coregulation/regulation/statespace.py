"""Fit the state space of a pair, or of N people, and read burden, price and net from it with intervals."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import numpy as np

from coregulation.errors import UsageError, nearest_names
from coregulation.regulation.design import Design
from coregulation.regulation.draws import Draws, draw_posterior
from coregulation.regulation.fit import Maximum, doubting, doubting_spikes, maximise, maximise_from_several
from coregulation.regulation.interval import Interval, interval_of_draws
from coregulation.regulation.model import (
    BurdenRatios,
    Dynamics,
    Parameterisation,
    WeakPriors,
    burden_ratios,
    burdens_of_rates,
)
from coregulation.regulation.panel import LinearEffect, ModelGrid, Panel, model_grid
from coregulation.regulation.posterior import Posterior, posterior_of
from coregulation.settings import LEVEL
from coregulation.signals import Floats

_LEAST_MOMENTS = 4  # hard moments of all people from which their rates are told apart from each other


@dataclass(frozen=True, slots=True)
class StateSpace:
    """How to fit: an algorithm as a value.

    Parameters
    ----------
    common
        Model fast unscripted input shared together, as correlated innovations.
    slow
        Model a slow shared input together.
    habituation
        Let returns quicken or tire from probe to probe, where alone and together were mixed; in blocks it cannot be told from
        company and is named, not modelled.
    cross_exposure
        Let a stressor reach the other directly.
    setpoint_shift
        Let the resting level differ together.
    noise_log_ratio
        Let people be livelier, or quieter, together.
    colours
        Time constants of the coloured noises of each one's observations, s: a wave of .1 Hz, a breath or two, and the slow
        waves of minutes that heart rate has of its own.
    moments
        Let the return rate differ from hard moment to hard moment.
    draws
        How many joint draws, at least 50.
    weak
        The weak priors.
    """

    common: bool = True
    slow: bool = True
    habituation: bool = True
    cross_exposure: bool = True
    setpoint_shift: bool = True
    noise_log_ratio: bool = True
    colours: tuple[float, ...] = (5.0, 25.0, 120.0)
    moments: bool = True
    draws: int = 2000
    weak: WeakPriors = field(default_factory=WeakPriors)

    def __post_init__(self) -> None:
        if self.draws < 50:
            raise UsageError("At least 50 draws are needed for an interval; {draws} came.", draws=self.draws)

    def fit(self, panel: Panel, design: Design, start: Fit | None = None) -> Fit:
        """Fit the model by restricted maximum likelihood and draw jointly around the maximum.

        A linear stochastic differential equation (`Dynamics`) is discretised exactly and filtered. Values far from what was
        foreseen are given less weight in a second search.

        Parameters
        ----------
        panel
            Everybody's index, shape (t, people).
        design
            What was done when.
        start
            A fit of the same design to begin the search at.

        Returns
        -------
        Fit
            The maximum and joint draws around it.

        Raises
        ------
        UnidentifiedError
            If nobody was alone, or nobody together.
        NotConvergedError
            If no maximum was found.
        DataError
            If the recording does not fit the design.

        References
        ----------
        de Jong P (1991), The Annals of Statistics 19:1073, doi:10.1214/aos/1176348139 (linear effects)
        """
        target = doubting_spikes(self.target(panel, design))
        near = start is not None and len(start.vector) == len(target.centre)
        best = maximise(target, start.vector) if start is not None and near else maximise_from_several(target)
        weighted = doubting(target, best)
        if weighted is not None:
            target, best = weighted, maximise(weighted, best.vector)
        return Fit(design, target, best, draw_posterior(target, best, self.draws, self.weak))

    def target(self, panel: Panel, design: Design) -> Posterior:
        """Return what is maximised; raises as `fit` does."""
        design.require_alone()
        grid = model_grid(panel, design, self.cross_exposure, self.setpoint_shift)
        return posterior_of(grid, self.layout(grid, design), self.weak)

    def layout(self, grid: ModelGrid, design: Design) -> Parameterisation:
        """Return what is free: d of who was together, p of who was in whose; a recording neither drives nor is driven."""
        met = np.asarray(grid.companies.any(axis=0), bool)
        driven = met & ("live" in design.partners)
        return Parameterisation(
            met.shape[0],
            np.asarray(met.any(axis=1), bool),
            driven,
            self.common,
            self.habituation and design.order == "crossed",
            self.slow,
            self.noise_log_ratio,
            self.colours,
            grid.moments if self.moments and grid.moments >= _LEAST_MOMENTS else 0,
        )


@dataclass(frozen=True, eq=False)  # no slots: burdens are worked out once and kept
class Fit:
    """A fitted state space: the maximum and joint draws around it.

    Parameters
    ----------
    design
        What was done when.
    target
        The posterior that was maximised, with its data.
    best
        Its maximum.
    draws
        Joint draws of parameters and linear effects.
    others
        Fits of the same session under other curves; all intervals come from the draws of all of them.
    """

    design: Design
    target: Posterior
    best: Maximum
    draws: Draws
    others: tuple[Fit, ...] = ()

    @property
    def vector(self) -> Floats:
        """Parameters at the maximum, shape (size,)."""
        return self.best.vector

    @property
    def effects(self) -> Floats:
        """Linear effects there, shape (q,)."""
        return self.best.point.effects

    @property
    def steps(self) -> int:
        """How many steps the search took."""
        return self.best.steps

    @property
    def dynamics(self) -> Dynamics:
        """The dynamics at the maximum."""
        return self.target.layout.dynamics(self.vector)

    @property
    def burden(self) -> BurdenRatios:
        """Burden, price and net at the maximum."""
        return burden_ratios(self.dynamics)

    def drawn(self, number: int) -> Dynamics:
        """Return the dynamics of one joint draw."""
        return self.target.layout.dynamics(self.draws.vectors[number])

    @property
    def all(self) -> tuple[Fit, ...]:
        """All fits of the session: the one at hand and those under other curves."""
        return (self, *self.others)

    @functools.cached_property
    def rates(self) -> tuple[Floats, Floats, Floats]:
        """K and d (draws, n) and p (draws, n, n) of every joint draw."""
        k, d, p = zip(*(fit.target.layout.rates(fit.draws.vectors) for fit in self.all), strict=True)
        return np.concatenate(k), np.concatenate(d), np.concatenate(p)

    @functools.cached_property
    def burdens(self) -> BurdenRatios:
        """Burden, price and net of every joint draw."""
        return burdens_of_rates(*self.rates)

    def rate(self, person: str, level: float = LEVEL) -> Interval:
        """k: own return rate, 1/s."""
        return interval_of_draws(self.rates[0][:, self._index(person)], level)

    def damping(self, person: str, level: float = LEVEL) -> Interval:
        """d: extra own damping together, 1/s."""
        return interval_of_draws(self.rates[1][:, self._index(person)], level)

    def drive(self, to: str, of: str, level: float = LEVEL) -> Interval:
        """p: how much `of`'s arousal reaches `to`, 1/s."""
        return interval_of_draws(self.rates[2][:, self._index(to), self._index(of)], level)

    def own_burden(self, person: str, level: float = LEVEL) -> Interval:
        """Own burden of a unit push together, 1 = as alone."""
        return interval_of_draws(self.burdens.own_burden[:, self._index(person)], level)

    def cost_to_partner(self, person: str, to: str, level: float = LEVEL) -> Interval:
        """What a unit push to `person` costs `to`, in `person`'s burdens alone."""
        return interval_of_draws(self.burdens.cost_to_partner[:, self._index(to), self._index(person)], level)

    def net_effect(self, person: str, level: float = LEVEL) -> Interval:
        """Own burden and all prices of a unit push to one person."""
        return interval_of_draws(self.burdens.net_effect[:, self._index(person)], level)

    def common(self, level: float = LEVEL) -> Interval:
        """Correlation of the fast part of what moves people together."""
        if not self.target.layout.common:
            return Interval(0.0, 0.0, 0.0, level)
        return interval_of_draws(np.tanh(self._part("common")[:, 0]), level)

    def slow_share(self, level: float = LEVEL) -> Interval:
        """Share of the slow shared input in what moves people together beside the stressors, of whom it has less, 0 to 1."""
        layout = self.target.layout
        if not layout.slow:
            return Interval(0.0, 0.0, 0.0, level)
        k, d, _ = self.rates
        total, span = k + d, np.exp(self._part("span"))
        shared = np.exp(2 * self._part("shared")) * span / (total * (1 + total * span))
        livelier = np.zeros_like(k)
        if layout.noise_log_ratio:
            livelier[:, layout.damping] = self._part("livelier")
        colours = np.exp(self._part("colours")).reshape(*k.shape, -1).sum(axis=-1)
        own = np.exp(livelier) * (np.exp(self._part("diffusion")) / (2 * total) + colours)
        return interval_of_draws((shared / (shared + own)).min(axis=1), level)

    def moment_sd(self, level: float = LEVEL) -> Interval:
        """Standard deviation of ln return rate from hard moment to hard moment."""
        return interval_of_draws(np.concatenate([fit.draws.moment_sd for fit in self.all]), level)

    def _part(self, name: str) -> Floats:
        """Return a part of the parameters in all draws, shape (draws, size)."""
        return np.concatenate([fit.draws.vectors[:, fit.target.layout.part(name)] for fit in self.all])

    def pair_burden(self, level: float = LEVEL) -> Interval:
        """Burden of everybody together over everybody alone; above 1 is worse than apart."""
        return interval_of_draws(self.burdens.pair_burden, level)

    def burden_of_pair(self, pair: tuple[str, str], level: float = LEVEL) -> Interval:
        """As `pair_burden`, for two people alone with each other."""
        at = [self._index(person) for person in pair]
        k, d, p = self.rates
        alone = burdens_of_rates(k[:, at], d[:, at], p[:, at][:, :, at])
        return interval_of_draws(alone.pair_burden, level)

    def joint_burden(self, person: str, level: float = LEVEL) -> Interval:
        """Own burden where every stressor hits everybody: the other's comes back with one's own, 1 = as alone."""
        return interval_of_draws(self._joint[:, self._index(person)], level)

    def joint_burden_of_all(self, level: float = LEVEL) -> Interval:
        """What stressors that hit everybody cost all together, over what they cost all alone."""
        return interval_of_draws(self._joint[:, -1], level)

    @functools.cached_property
    def _joint(self) -> Floats:
        """Each person's joint burden and last that of all, shape (draws, people + 1).

        Where both are always hit, own burden and price apart are not identified, but this sum of them is.
        """
        k, burdens, n = self.rates[0], self.burdens, len(self.design.people)
        alone = self._doses / k
        paths = np.where(np.eye(n, dtype=bool), burdens.own_burden[:, None, :], burdens.cost_to_partner)
        together = np.einsum("dji,di->dj", paths, alone)
        return np.column_stack([together / alone, together.sum(axis=1) / alone.sum(axis=1)])

    @functools.cached_property
    def _doses(self) -> Floats:
        """Each person's mean dose over all probes together, in every joint draw; shape (draws, people)."""
        effects = self.target.grid.effects
        drawn = np.concatenate([fit.draws.effects for fit in self.all])
        near = [x.kind == "dose" and self.design.probes[x.source].together for x in effects]
        mine = np.array(
            [
                [is_near and x.person == i for is_near, x in zip(near, effects, strict=True)]
                for i in range(len(self.design.people))
            ]
        )
        return np.asarray(np.maximum(drawn @ mine.T / np.maximum(mine.sum(axis=1), 1), 1e-12), float)

    def effect(self, wanted: LinearEffect, level: float = LEVEL) -> Interval:
        """Return a linear effect: a level, a shift, a dose (per s) or a cross_exposure (per s)."""
        if wanted not in self.target.grid.effects:
            raise UsageError("The design has no such effect: {effect}.", effect=str(wanted))
        at = self.target.grid.effects.index(wanted)
        return interval_of_draws(self.draws.effects[:, at], level)

    def _index(self, person: str) -> int:
        if person not in self.design.people:
            raise UsageError(
                "There is no person {person!r} here. Did you mean {near:or}?",
                person=person,
                near=nearest_names(person, self.design.people),
            )
        return self.design.people.index(person)

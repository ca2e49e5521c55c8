"""Fit the state space of a pair, or of N people, and read burden, price and net from it with intervals."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace

import numpy as np

from coregulation.errors import UsageError
from coregulation.regulation.design import Design
from coregulation.regulation.fit import Draws, Maximum, Posterior, draw_posterior, maximise, posterior_of
from coregulation.regulation.interval import Interval, interval_of_draws
from coregulation.regulation.model import BurdenRatios, Dynamics, Parameterisation, WeakPriors, burden_ratios
from coregulation.regulation.panel import LinearEffect, ModelGrid, Panel, model_grid
from coregulation.settings import LEVEL
from coregulation.signals import Floats


@dataclass(frozen=True, slots=True)
class StateSpace:
    """How to fit: an algorithm as a value.

    Parameters
    ----------
    common
        Model fast unscripted input shared together, as correlated innovations.
    slow
        Time constant of a slow shared input, s; None for none.
    habituation
        Let returns quicken or tire from probe to probe, where alone and together were mixed; in blocks it cannot be told from
        company and is named, not modelled.
    cross_exposure
        Let a stressor reach the other directly.
    setpoint_shift
        Let the resting level differ together.
    noise_log_ratio
        Let people be livelier, or quieter, together.
    draws
        How many joint draws, at least 50.
    weak
        The weak priors.
    """

    common: bool = True
    slow: float | None = None
    habituation: bool = True
    cross_exposure: bool = True
    setpoint_shift: bool = True
    noise_log_ratio: bool = True
    draws: int = 400
    weak: WeakPriors = field(default_factory=WeakPriors)

    def __post_init__(self) -> None:
        if self.draws < 50:
            raise UsageError("At least 50 draws are needed for an interval; {draws} came.", draws=self.draws)

    def fit(self, panel: Panel, design: Design, rng: np.random.Generator) -> Fit:
        """Fit the model by restricted maximum likelihood and draw jointly around the maximum.

        A linear stochastic differential equation (`Dynamics`) is discretised exactly and filtered.

        Parameters
        ----------
        panel
            Everybody's index, shape (t, people).
        design
            What was done when.
        rng
            Of the joint draws.

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
        return self.finish(design, *self.search(panel, design), rng)

    def search(self, panel: Panel, design: Design, start: Maximum | None = None) -> tuple[Posterior, Maximum]:
        """Return what was minimised and where its minimum is, beginning at another's maximum; raises as `fit` does."""
        design.require_alone()
        grid = model_grid(panel, design, self.cross_exposure, self.setpoint_shift)
        target = posterior_of(grid, self.layout(grid, design), self.weak)
        near = start is not None and len(start.vector) == len(target.centre)
        return target, maximise(target, start.vector if start is not None and near else target.centre)

    def finish(self, design: Design, target: Posterior, best: Maximum, rng: np.random.Generator) -> Fit:
        """Draw jointly around a maximum."""
        return Fit(
            design, target, best.vector, best.point.effects, draw_posterior(target, best, self.draws, rng), best.steps
        )

    def with_slow(self, slow: float) -> StateSpace:
        """Return the same with a slow shared input of a time constant in s."""
        return replace(self, slow=slow)

    def layout(self, grid: ModelGrid, design: Design) -> Parameterisation:
        """Return what is free: d of who was together, p of who was in whose; a recording neither drives nor is driven."""
        met = np.asarray(grid.companies.any(axis=0), bool)
        driven = met & ("live" in design.partners)
        habituation = self.habituation and design.order == "crossed"
        return Parameterisation(
            met.shape[0],
            np.asarray(met.any(axis=1), bool),
            driven,
            self.common,
            habituation,
            self.slow,
            self.noise_log_ratio,
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
    vector
        Parameters at the maximum, shape (size,).
    effects
        Linear effects there, shape (q,).
    draws
        Joint draws of parameters and linear effects; all intervals come from them.
    steps
        How many scoring steps the search took.
    """

    design: Design
    target: Posterior
    vector: Floats
    effects: Floats
    draws: Draws
    steps: int

    @property
    def dynamics(self) -> Dynamics:
        """The dynamics at the maximum."""
        return self.target.layout.dynamics(self.vector)

    @property
    def burden(self) -> BurdenRatios:
        """Burden, price and net at the maximum."""
        return burden_ratios(self.dynamics)

    @functools.cached_property
    def each(self) -> tuple[Dynamics, ...]:
        """The dynamics of every joint draw."""
        return tuple(self.target.layout.dynamics(vector) for vector in self.draws.vectors)

    @functools.cached_property
    def burdens(self) -> tuple[BurdenRatios, ...]:
        """Burden, price and net of every joint draw."""
        return tuple(burden_ratios(one) for one in self.each)

    def rate(self, person: str, level: float = LEVEL) -> Interval:
        """k: own return rate, 1/s."""
        i = self._index(person)
        return interval_of_draws(np.array([one.rate[i] for one in self.each]), level)

    def damping(self, person: str, level: float = LEVEL) -> Interval:
        """d: extra own damping together, 1/s."""
        i = self._index(person)
        return interval_of_draws(np.array([one.damping[i] for one in self.each]), level)

    def drive(self, to: str, of: str, level: float = LEVEL) -> Interval:
        """p: how much `of`'s arousal reaches `to`, 1/s."""
        i, j = self._index(to), self._index(of)
        return interval_of_draws(np.array([one.drive[i, j] for one in self.each]), level)

    def own_burden(self, person: str, level: float = LEVEL) -> Interval:
        """Own burden of a unit push together, 1 = as alone."""
        i = self._index(person)
        return interval_of_draws(np.array([one.own_burden[i] for one in self.burdens]), level)

    def cost_to_partner(self, person: str, to: str, level: float = LEVEL) -> Interval:
        """What a unit push to `person` costs `to`, in `person`'s burdens alone."""
        i, j = self._index(person), self._index(to)
        return interval_of_draws(np.array([one.cost_to_partner[j, i] for one in self.burdens]), level)

    def net_effect(self, person: str, level: float = LEVEL) -> Interval:
        """Own burden and all prices of a unit push to one person."""
        i = self._index(person)
        return interval_of_draws(np.array([one.net_effect[i] for one in self.burdens]), level)

    def common(self, level: float = LEVEL) -> Interval:
        """Correlation of the fast part of what moves people together."""
        return interval_of_draws(np.array([one.common for one in self.each]), level)

    def pair_burden(self, level: float = LEVEL) -> Interval:
        """Burden of everybody together over everybody alone; above 1 is worse than apart."""
        return interval_of_draws(np.array([one.pair_burden for one in self.burdens]), level)

    def burden_of_pair(self, pair: tuple[str, str], level: float = LEVEL) -> Interval:
        """As `pair_burden`, for two people alone with each other."""
        if set(pair) == set(self.design.people):
            return self.pair_burden(level)
        at = [self._index(person) for person in pair]
        return interval_of_draws(np.array([burden_ratios(one.only(at)).pair_burden for one in self.each]), level)

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
        told = []
        for dynamics, one, doses in zip(self.each, self.burdens, self._doses, strict=True):
            alone = doses / dynamics.rate
            together = np.where(np.eye(len(doses), dtype=bool), one.own_burden, one.cost_to_partner) @ alone
            told.append(np.append(together / alone, together.sum() / alone.sum()))
        return np.array(told)

    @functools.cached_property
    def _doses(self) -> Floats:
        """Each person's mean dose over all probes together, in every joint draw; shape (draws, people)."""
        effects = self.target.grid.effects
        near = [x.kind == "dose" and self.design.probes[x.source].together for x in effects]
        mine = np.array(
            [
                [there and x.person == i for there, x in zip(near, effects, strict=True)]
                for i in range(len(self.design.people))
            ]
        )
        return np.asarray(np.maximum(self.draws.effects @ mine.T / np.maximum(mine.sum(axis=1), 1), 1e-12), float)

    def effect(self, wanted: LinearEffect, level: float = LEVEL) -> Interval:
        """Return a linear effect: a level, a shift, a dose (per s) or a cross_exposure (per s)."""
        if wanted not in self.target.grid.effects:
            raise UsageError("The design has no such effect: {effect}.", effect=str(wanted))
        at = self.target.grid.effects.index(wanted)
        return interval_of_draws(self.draws.effects[:, at], level)

    def _index(self, person: str) -> int:
        if person not in self.design.people:
            raise UsageError(
                "There is no '{person}' here; the people are {people:and}.", person=person, people=self.design.people
            )
        return self.design.people.index(person)

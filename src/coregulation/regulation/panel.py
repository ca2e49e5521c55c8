"""Everybody's index of arousal on one time axis, and what the design put in between the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coregulation.errors import DataError, UsageError
from coregulation.regulation.design import Design
from coregulation.regulation.thresholds import THRESHOLDS
from coregulation.signals import Bools, Floats, Ints, Signal, Unit


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Several people's values on one increasing time axis.

    Parameters
    ----------
    times
        s, shape (t,); irregular if need be.
    values
        Shape (t, people), NaN where missing.

    Raises
    ------
    UsageError
        If the shapes do not fit.
    DataError
        If times do not increase, or a person has almost nothing, does not vary, or is the same as another.
    """

    times: Floats
    values: Floats

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or len(self.values) != len(self.times):
            raise UsageError(
                "One row per time was expected; {rows:n row|rows} came for {times:n time|times}.",
                rows=len(self.values),
                times=len(self.times),
            )
        if not np.isfinite(self.times).all() or (np.diff(self.times) <= 0).any():
            raise DataError("Times must be finite and increasing.")
        for person in range(self.values.shape[1]):
            self._check(person)
            for other in range(person):
                self._check_different(person, other)

    def _check(self, person: int) -> None:
        valid = self.values[np.isfinite(self.values[:, person]), person]
        if len(valid) < THRESHOLDS.min_values:
            raise DataError(
                "Person {person} has {count:n value|values}; at least {needed} are needed.",
                person=person + 1,
                count=len(valid),
                needed=THRESHOLDS.min_values,
            )
        if np.ptp(valid) <= 1e-9 * max(1.0, float(np.abs(valid).max())):
            raise DataError(
                "Person {person}'s values do not vary; a sensor that was off looks like this.", person=person + 1
            )

    def _check_different(self, person: int, other: int) -> None:
        pair = self.values[:, [person, other]]
        both = pair[np.isfinite(pair).all(axis=1)]
        if len(both) >= THRESHOLDS.min_values and np.abs(both[:, 0] - both[:, 1]).max() <= 1e-9 * np.ptp(both):
            raise DataError(
                "Persons {first} and {second} have the same values: one column was copied into the other's. "
                "Check the files; one body's signal says nothing about two people.",
                first=other + 1,
                second=person + 1,
            )


def panel_from_signals(signals: Mapping[str, Signal], people: tuple[str, ...]) -> Panel:
    """Put each person's signal on the union of their time stamps.

    Parameters
    ----------
    signals
        By person.
    people
        Whose, in order.

    Returns
    -------
    Panel
        Shape (t, people).

    Raises
    ------
    UsageError
        If somebody's signal is missing, or the units differ.
    """
    missing = [person for person in people if person not in signals]
    if missing:
        raise UsageError("No signal came for {people:and}.", people=missing)
    units: set[Unit] = {signals[person].unit for person in people}
    if len(units) > 1:
        raise UsageError(
            "One unit for everybody was expected; {units:and} came.", units=sorted(u.symbol for u in units)
        )
    ticks = [np.rint(signals[person].times * 1e6).astype(np.int64) for person in people]
    grid = np.unique(np.concatenate(ticks))
    values = np.full((len(grid), len(people)), np.nan)
    for column, (person, at) in enumerate(zip(people, ticks, strict=True)):
        values[np.searchsorted(grid, at), column] = signals[person].values
    return Panel(grid / 1e6, values)


@dataclass(frozen=True, slots=True)
class LinearEffect:
    """A linear effect.

    Parameters
    ----------
    kind
        "level" (own alone level), "setpoint_shift" (steady push together), "dose" (of a probe) or "cross_exposure" (another's
        stressor reaching the person directly).
    person
        Whose, as an index.
    source
        Of a dose, which probe; of a cross exposure, whose stressor; −1 otherwise.
    """

    kind: str
    person: int
    source: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class ModelGrid:
    """A panel with the design's edges as extra rows, so that inputs are constant over every step.

    Parameters
    ----------
    times
        s, shape (t,).
    y
        Shape (t, people), NaN where nothing was seen or where no condition holds.
    companies
        The distinct conditions: who was with whom, shape (c, people, people).
    before
        In each condition, how many probes each had had, from the session's mean, shape (c, people).
    hit
        In each condition, which hard moment each is in, shape (c, people); −1 for none.
    moments
        How many hard moments of a person there are.
    regimes
        The condition of each distinct transition, shape (m,).
    steps
        The time step of each distinct transition, s, shape (m,).
    which
        The transition that leads to each row, shape (t,).
    effects
        Linear effects.
    inputs
        Each effect's input over the step to each row, shape (t, effects).
    """

    times: Floats
    y: Floats
    companies: Bools
    before: Floats
    hit: Ints
    moments: int
    regimes: Ints
    steps: Floats
    which: Ints
    effects: tuple[LinearEffect, ...]
    inputs: Floats

    @property
    def rows(self) -> Ints:
        """Which state each effect drives."""
        return np.array([effect.person for effect in self.effects])

    @property
    def levels(self) -> Ints:
        """Whose observations each effect raises; -1 where it drives the state."""
        return np.array([effect.person if effect.kind == "level" else -1 for effect in self.effects])


def model_grid(panel: Panel, design: Design, cross_exposure: bool = True, setpoint_shift: bool = True) -> ModelGrid:
    """Lay a panel out over a design.

    Parameters
    ----------
    panel
        Everybody's index.
    design
        What was done when.
    cross_exposure
        Whether a stressor may reach the other directly.
    setpoint_shift
        Whether the resting level may differ together.

    Returns
    -------
    ModelGrid
        With the design's edges as extra rows.

    Raises
    ------
    DataError
        If a probe lies outside the recording, or nothing was recorded inside the conditions.
    """
    times = _with_edges(panel.times, design)
    y = np.full((len(times), panel.values.shape[1]), np.nan)
    y[np.searchsorted(times, panel.times)] = panel.values
    y[~design.inside(times)] = np.nan
    if (np.isfinite(y).sum(axis=0) < THRESHOLDS.min_values).any():
        raise DataError(
            "Somebody has fewer than {needed:n value|values} inside the blocks; check the blocks' times.",
            needed=THRESHOLDS.min_values,
        )
    middles = np.concatenate([times[:1], (times[:-1] + times[1:]) / 2])
    company = design.company(middles)
    n = len(design.people)
    hit, moments = _moments(design, middles)
    condition = np.column_stack([company.reshape(len(times), -1), hit, design.before(middles)])
    conditions, regime = np.unique(condition, axis=0, return_inverse=True)
    steps = np.round(np.diff(times, prepend=times[0]), 9)
    steps[0] = steps[1]
    transitions, which = np.unique(np.column_stack([regime.ravel(), steps]), axis=0, return_inverse=True)
    effects, inputs = _effects(design, middles, company, cross_exposure, setpoint_shift)
    return ModelGrid(
        times, y, conditions[:, : n * n].reshape(-1, n, n) > 0, conditions[:, -n:] - condition[:, -n:].mean(axis=0),
        conditions[:, n * n : n * n + n].astype(np.int64), moments,
        transitions[:, 0].astype(np.int64), transitions[:, 1].copy(), which.ravel().astype(np.int64), effects, inputs,
    )  # fmt: skip


def _moments(design: Design, times: Floats) -> tuple[Ints, int]:
    """Return which hard moment each person is in, from its beginning to the end of its recovery, and how many there are."""
    hit, count = np.full((len(times), len(design.people)), -1), 0
    for probe in design.probes:
        for person in probe.hit:
            hit[(times >= probe.start) & (times < probe.until), design.people.index(person)] = count
            count += 1
    return hit, count


def _with_edges(times: Floats, design: Design) -> Floats:
    for probe in design.probes:
        if probe.start < times[0] - 1e-6 or probe.until > times[-1] + 1.0 + 1.0 / 1e-2:
            raise DataError(
                "The probe at {start:g} to {end:g} s lies outside the recording ({first:g} to {last:g} s); "
                "check the blocks' times.",
                start=probe.start,
                end=probe.until,
                first=float(times[0]),
                last=float(times[-1]),
            )
    edges = design.edges
    edges = edges[(edges > times[0]) & (edges < times[-1])]
    near = np.abs(edges - times[np.clip(np.searchsorted(times, edges - 1e-6), 0, len(times) - 1)]) <= 1e-6
    return np.union1d(times, edges[~near])


def _effects(
    design: Design, times: Floats, company: Bools, cross_exposure: bool, setpoint_shift: bool
) -> tuple[tuple[LinearEffect, ...], Floats]:
    people = range(len(design.people))
    effects = [(LinearEffect("level", i), np.zeros(len(times))) for i in people]
    if setpoint_shift:
        effects += [(LinearEffect("setpoint_shift", i), company[:, i].any(axis=1).astype(float)) for i in people]
    running = [(times > probe.start) & (times < probe.end) for probe in design.probes]
    for r, probe in enumerate(design.probes):
        effects += [(LinearEffect("dose", design.people.index(who), r), running[r].astype(float)) for who in probe.hit]
    if cross_exposure:
        effects += [_cross_exposure(design, running, company, i, j) for i in people for j in people if i != j]
    kept = [(effect, column) for effect, column in effects if effect.kind == "level" or column.any()]
    return tuple(effect for effect, _ in kept), np.column_stack([column for _, column in kept])


def _cross_exposure(
    design: Design, running: list[Bools], company: Bools, i: int, j: int
) -> tuple[LinearEffect, Floats]:
    column = np.zeros(len(company))
    for on, probe in zip(running, design.probes, strict=True):
        if design.people[j] in probe.hit and design.people[i] not in probe.hit:
            column += on & company[:, i, j]
    return LinearEffect("cross_exposure", i, j), column

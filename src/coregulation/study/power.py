"""Power: what a design would show of what is expected, on simulated pairs that are analysed as a report would.

Work comes in groups of pairs under one script, each with random numbers of its own, so that the result does not depend on how
many processes there are, nor on whether it was stopped in between. This module opens no file: what was done before comes
in, and what is done goes out, group by group.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from coregulation.analysis.pipeline import Analysis
from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.coupling.settings import LINKAGE
from coregulation.session import Session
from coregulation.settings import LEVEL
from coregulation.simulate.observe import ObservationSetting, observe_states, with_physiology
from coregulation.simulate.parameters import Profile
from coregulation.simulate.random_streams import random_generator
from coregulation.study.calibration import CalibrationCell
from coregulation.study.design import PowerPlan, Strength
from coregulation.study.measures import MEASURES, MeasureAnswer, StudyMeasure, measures_of
from coregulation.study.processes import spread

Progress = Callable[[str, int, int], None]
Answers = list[dict[str, MeasureAnswer]]
PROGRESS = "power"  # what the progress is about
EFFECTS = ("linked", "sooner")  # what power is about; a claim of anything else is a false alarm
_MAX_GROUP = (
    21  # pairs simulated under one script, at most: each then has 20 pseudo-dyad sessions, one more than needed
)
_APART = 10  # pairs in a group where each pair stands for itself: large enough to share the overhead of a process


@dataclass(frozen=True, slots=True)
class Task:
    """A group of pairs to draw and analyse.

    Parameters
    ----------
    times
        How often the repeated parts come; None as written.
    strength
        Index into the plan's strengths.
    group
        Number of the group, from 0.
    """

    times: int | None
    strength: int
    group: int


@dataclass(frozen=True, slots=True)
class PowerRow:
    """What one measure shows of one strength under one design.

    Parameters
    ----------
    strength, measure
        By name.
    effect
        What is true: "linked", "sooner" (for measures of recovery), "shared stressor" (alike by the script, not by each
        other) or "nothing".
    times
        How often the repeated parts come; None as written.
    minutes
        Length of a session.
    pairs
        How many are recorded.
    draws, claimed, refused
        Counts of simulated pairs; a refused pair is not claimed.
    power
        Share of pairs with a claim, 0 to 1. Where the effect is "nothing", these are false alarms.
    power_interval
        Its 95 % Clopper–Pearson interval.
    study
        Power to say that some of the recorded pairs have the effect: more claims than chance gives (binomial, .05).
    study_interval
        `study` at both ends of `power_interval`.
    value
        Median of the estimate over the pairs answered; NaN if none.
    expected
        Medians of both ends of its 95 % interval.
    """

    strength: str
    measure: str
    effect: str
    times: int | None
    minutes: float
    pairs: int
    draws: int
    claimed: int
    refused: int
    power: float
    power_interval: tuple[float, float]
    study: float
    study_interval: tuple[float, float]
    value: float
    expected: tuple[float, float]


@dataclass(frozen=True, slots=True)
class SmallestDesign:
    """The design with the least recording time that reaches the goal; all None where none of those looked at does.

    Parameters
    ----------
    strength, measure
        By name.
    times
        How often the repeated parts come; None as written.
    pairs
        How many to record.
    minutes
        Length of a session.
    power
        Of the study, 0 to 1.
    """

    strength: str
    measure: str
    times: int | None = None
    pairs: int | None = None
    minutes: float | None = None
    power: float | None = None


@dataclass(frozen=True, slots=True)
class Power:
    """A power table.

    Parameters
    ----------
    plan
        What was asked.
    rows
        Those of the design as written first, then those of the other designs.
    smallest
        The smallest design for each strength and measure with an effect; empty where the plan does not look for it.
    """

    plan: PowerPlan
    rows: tuple[PowerRow, ...]
    smallest: tuple[SmallestDesign, ...]

    def as_written(self) -> tuple[PowerRow, ...]:
        """Select the rows of the design as written."""
        return tuple(row for row in self.rows if row.times is None)


def power(
    plan: PowerPlan,
    jobs: int = 1,
    progress: Progress | None = None,
    before: Mapping[Task, Answers] | None = None,
    keep: Callable[[Task, Answers], None] | None = None,
) -> Power:
    """Simulate a plan's pairs, analyse each as `analyze` would, and count the claims.

    Parameters
    ----------
    plan
        What is asked.
    jobs
        Processes; the result does not depend on them.
    progress
        Called with (what, done, of) after each group.
    before
        Groups that an earlier run has done.
    keep
        Called with each group as soon as it is done.

    Returns
    -------
    Power
        The table.
    """
    all_tasks = tasks(plan)
    done = {task: answers for task, answers in (before or {}).items() if task in set(all_tasks)}
    todo = [task for task in all_tasks if task not in done]
    if progress is not None:
        progress(PROGRESS, len(done), len(all_tasks))
    with closing(spread(partial(work, plan), todo, jobs)) as running:
        for index, answers in running:
            task = todo[index]
            done[task] = answers
            if keep is not None:
                keep(task, answers)
            if progress is not None:
                progress(PROGRESS, len(done), len(all_tasks))
    rows = tuple(_rows(plan, {task: done[task] for task in all_tasks}))
    return Power(plan, rows, tuple(_smallest(plan, rows)) if plan.smallest else ())


def tasks(plan: PowerPlan) -> list[Task]:
    """List all groups of a plan.

    Parameters
    ----------
    plan
        What is asked.

    Returns
    -------
    list of Task
        Design by design, strength by strength.
    """
    groups = math.ceil(plan.draws / _size(plan))
    strengths = range(len(plan.strength))
    return [Task(times, k, group) for times in plan.designs() for k in strengths for group in range(groups)]


def work(plan: PowerPlan, task: Task) -> Answers:
    """Simulate and analyse one group.

    Parameters
    ----------
    plan
        What is asked.
    task
        Which group.

    Returns
    -------
    list of dict
        For each pair, the answer of each measure by name.
    """
    size = _size(plan)
    sessions = [_session(plan, task, index) for index in range(size)]
    analysis = Analysis(
        sensitivity=(), surrogates=plan.surrogates, bootstrap=BlockBootstrap(draws=99), jobs=1, pictures=0, bodies=False, seed=plan.seed
    )  # fmt: skip
    answers: Answers = []
    measures = measures_of(plan.worn(), plan.pairs, plan.recovery)
    for index in range(min(size, plan.draws - task.group * size)):
        others = [*sessions[:index], *sessions[index + 1 :]] if plan.pairs > 1 else []
        finding = analysis(sessions[index], others)
        answers.append({measure.name: measure.read(finding) for measure in measures})
    return answers


def _size(plan: PowerPlan) -> int:
    return min(plan.pairs, _MAX_GROUP) if plan.pairs > 1 else _APART


def _session(plan: PowerPlan, task: Task, index: int) -> Session:
    rng = random_generator(plan.seed, 1, task.times or 0, task.strength, task.group, index)
    plan_of_group = plan.plan(task.times, task.group)
    strength = plan.strength[task.strength]
    series = strength.model(plan.half_life, plan.moment).varied(rng, plan.vary).draw(rng, plan_of_group, 1 / plan.step)
    bodies = Profile().varied(rng), Profile().varied(rng)
    states = with_physiology(series, plan_of_group, bodies, int(rng.integers(2**31)), strength.breath)
    session, _ = observe_states(
        states, plan_of_group, rng, plan.worn(), ObservationSetting(f"pair-{index}", ("first", "second"))
    )
    return session


def _rows(plan: PowerPlan, done: Mapping[Task, Answers]) -> Iterator[PowerRow]:
    measures = measures_of(plan.worn(), plan.pairs, plan.recovery)
    for times, (k, strength) in itertools.product(plan.designs(), enumerate(plan.strength)):
        pairs = [
            pair for task, answers in done.items() if (task.times, task.strength) == (times, k) for pair in answers
        ]
        for measure in measures:
            yield _row(plan, times, strength, measure, [pair[measure.name] for pair in pairs])


def _row(
    plan: PowerPlan, times: int | None, strength: Strength, measure: StudyMeasure, answers: list[MeasureAnswer]
) -> PowerRow:
    claimed = sum(answer.claimed is True for answer in answers)
    refused = sum(answer.claimed is None for answer in answers)
    low, high = CalibrationCell("", "", "power", claimed, len(answers), refused).bounds(1, LEVEL)
    share = claimed / len(answers)
    estimates = [(a.value, *a.interval) for a in answers if a.value is not None and a.interval is not None]
    value, *expected = np.median(estimates, axis=0).tolist() if estimates else (math.nan, math.nan, math.nan)
    return PowerRow(
        strength.name, measure.name, _effect(plan, strength, measure), times, plan.plan(times).seconds / 60, plan.pairs,
        len(answers), claimed, refused, share, (low, high), of_study(share, plan.pairs),
        (of_study(low, plan.pairs), of_study(high, plan.pairs)), value, (expected[0], expected[1]),
    )  # fmt: skip


def _effect(plan: PowerPlan, strength: Strength, measure: StudyMeasure) -> str:
    if measure.recovery:
        return "sooner" if strength.ratio < 1 else "nothing"
    if strength.drive or strength.moments or strength.breath:
        return "linked"
    both = any(sum(dose != 0 for dose in span.dose.values()) > 1 for span in plan.plan().spans)
    return "shared stressor" if both else "nothing"


def of_study(share: float, pairs: int) -> float:
    """Compute the power of a study to claim an effect in more of its pairs than chance gives at .05.

    The test is binomial: the least count that `pairs` pairs without the effect, each with a false alarm of .05, reach in at
    most .05 of studies. It is conservative, since counts are whole.

    Parameters
    ----------
    share
        Power for one pair, 0 to 1.
    pairs
        How many are recorded.

    Returns
    -------
    float
        Power of the study, 0 to 1.
    """
    from scipy.special import bdtrc

    counts = range(1, pairs + 1)
    least = next((count for count in counts if bdtrc(count - 1, pairs, LINKAGE.alpha) <= LINKAGE.alpha + 1e-12), None)
    return 0.0 if least is None else float(bdtrc(least - 1, pairs, share))


def _smallest(plan: PowerPlan, rows: Sequence[PowerRow]) -> Iterator[SmallestDesign]:
    assert plan.smallest is not None
    needs_others = {measure.name: measure.others for measure in MEASURES}
    for strength in plan.strength:
        for name in dict.fromkeys(row.measure for row in rows):
            rows_of = [row for row in rows if (row.strength, row.measure) == (strength.name, name)]
            if rows_of[0].effect in EFFECTS:
                least = plan.pairs if needs_others[name] else 1
                yield _least(plan, rows_of, range(least, plan.smallest.pairs + 1))


def _least(plan: PowerPlan, rows: Sequence[PowerRow], pairs: range) -> SmallestDesign:
    reached = [
        (row.minutes * count, count, row)
        for row in rows
        for count in pairs
        if of_study(row.power, count) >= plan.goal
    ]  # fmt: skip
    nothing = SmallestDesign(rows[0].strength, rows[0].measure)
    if not reached:
        return nothing
    _, count, row = min(reached, key=lambda design: design[:2])
    return replace(nothing, times=row.times, pairs=count, minutes=row.minutes, power=of_study(row.power, count))

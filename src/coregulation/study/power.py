"""Power: what a design would show of what is expected, on simulated pairs that are analysed as a report would.

Work comes in groups of pairs under one script, each with random numbers of its own, so that the result does not hang on how
many processes there are, nor on whether it was stopped in between. This module opens no file: what was done before comes
in, and what is done goes out, group by group.
"""

from __future__ import annotations

import itertools
import math
import signal
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np

from coregulation.analysis.pipeline import Analysis
from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.session import Session
from coregulation.simulate.observe import ObservationSetting, observe_states, with_physiology
from coregulation.simulate.parameters import Profile
from coregulation.simulate.random_streams import random_generator
from coregulation.study.calibration import CalibrationCell
from coregulation.study.design import PowerPlan, Strength
from coregulation.study.measures import ALPHA, MEASURES, MeasureAnswer, StudyMeasure, measures_of

Progress = Callable[[str, int, int], None]
Answers = list[dict[str, MeasureAnswer]]
THERE = ("linked", "sooner")  # what power is about; whatever is said elsewhere is a false alarm
_MAX_GROUP, _APART = 21, 10  # pairs in a group: under one script, and where each pair stands for itself


@dataclass(frozen=True, slots=True)
class Task:
    """A group of pairs to draw and analyse: how often the repeated parts come, which strength, which group."""

    times: int | None
    strength: int
    group: int


@dataclass(frozen=True, slots=True)
class PowerRow:
    """What one measure shows of one strength under one design.

    Args:
        strength, measure: by name.
        there: "linked", "sooner" (for measures of recovery), "shared stressor" (alike by the script, and not by each other) or "nothing".
        times: how often the repeated parts come; None as written.
        minutes: length of a session.
        pairs: how many are recorded.
        draws, said, refused: counts; what is refused is not said.
        power: share of pairs of whom it is said, with a 95 % Clopper–Pearson interval. Where nothing is there: false alarms.
        study: power to say that some of the pairs are, with that interval: more pairs than chance gives (binomial, .05).
        value, expected: medians of the estimate and of both ends of its 95 % interval, over those answered; NaN if none.
    """

    strength: str
    measure: str
    there: str
    times: int | None
    minutes: float
    pairs: int
    draws: int
    said: int
    refused: int
    power: float
    power_interval: tuple[float, float]
    study: float
    study_interval: tuple[float, float]
    value: float
    expected: tuple[float, float]


@dataclass(frozen=True, slots=True)
class SmallestDesign:
    """The design with the least recording time that reaches the goal; None where none of those looked at does."""

    strength: str
    measure: str
    times: int | None = None
    pairs: int | None = None
    minutes: float | None = None
    power: float | None = None


@dataclass(frozen=True, slots=True)
class Power:
    """What was found: the rows as written first, then those of the other designs, and the smallest of each."""

    plan: PowerPlan
    rows: tuple[PowerRow, ...]
    smallest: tuple[SmallestDesign, ...]

    def as_written(self) -> tuple[PowerRow, ...]:
        """Return the rows of the design as written."""
        return tuple(row for row in self.rows if row.times is None)


def power(
    plan: PowerPlan,
    jobs: int = 1,
    progress: Progress | None = None,
    before: Mapping[Task, Answers] | None = None,
    keep: Callable[[Task, Answers], None] | None = None,
) -> Power:
    """Return what a plan would show.

    Args:
        plan: what is asked.
        jobs: processes; the result does not hang on them.
        progress: is told (what, done, of) after each group.
        before: groups that an earlier run has done.
        keep: is given each group as soon as it is done.
    """
    every = tasks(plan)
    done = {task: found for task, found in (before or {}).items() if task in set(every)}
    todo = [task for task in every if task not in done]
    with closing(_spread(plan, todo, jobs)) as running:
        for task, found in running:
            done[task] = found
            if keep is not None:
                keep(task, found)
            if progress is not None:
                progress("simulated groups", len(done), len(every))
    rows = tuple(_rows(plan, {task: done[task] for task in every}))
    return Power(plan, rows, tuple(_smallest(plan, rows)) if plan.smallest else ())


def tasks(plan: PowerPlan) -> list[Task]:
    """Return all groups of a plan."""
    groups = math.ceil(plan.draws / _size(plan))
    strengths = range(len(plan.strength))
    return [Task(times, k, group) for times in plan.designs() for k in strengths for group in range(groups)]


def work(plan: PowerPlan, task: Task) -> Answers:
    """Return every measure's answer for each pair of a group."""
    size = _size(plan)
    sessions = [_session(plan, task, index) for index in range(size)]
    analysis = Analysis(
        sensitivity=(), surrogates=plan.surrogates, bootstrap=BlockBootstrap(draws=99), jobs=1, pictures=0, bodies=False, seed=plan.seed
    )  # fmt: skip
    found: Answers = []
    measures = measures_of(plan.worn(), plan.pairs, plan.recovery)
    for index in range(min(size, plan.draws - task.group * size)):
        others = [*sessions[:index], *sessions[index + 1 :]] if plan.pairs > 1 else []
        finding = analysis(sessions[index], others)
        found.append({measure.name: measure.read(finding, sessions[index]) for measure in measures})
    return found


def _size(plan: PowerPlan) -> int:
    return min(plan.pairs, _MAX_GROUP) if plan.pairs > 1 else _APART


def _session(plan: PowerPlan, task: Task, index: int) -> Session:
    rng = random_generator(plan.seed, 1, task.times or 0, task.strength, task.group, index)
    lived = plan.plan(task.times, task.group)
    strength = plan.strength[task.strength]
    series = strength.model(plan.half_life, plan.moment).varied(rng, plan.vary).draw(rng, lived, 1 / plan.step)
    bodies = Profile().varied(rng), Profile().varied(rng)
    run = with_physiology(series, lived, bodies, int(rng.integers(2**31)), strength.breath)
    session, _ = observe_states(run, lived, rng, plan.worn(), ObservationSetting(f"pair-{index}", ("first", "second")))
    return session


def _spread(plan: PowerPlan, todo: Sequence[Task], jobs: int) -> Generator[tuple[Task, Answers], None, None]:
    if jobs <= 1 or len(todo) < 2:
        yield from ((task, work(plan, task)) for task in todo)
        return
    from concurrent.futures import ProcessPoolExecutor, as_completed

    pool = ProcessPoolExecutor(min(jobs, len(todo)), initializer=_leave_stopping_to_the_parent)
    try:
        waiting = {pool.submit(work, plan, task): task for task in todo}
        for future in as_completed(waiting):
            yield waiting[future], future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _leave_stopping_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _rows(plan: PowerPlan, done: Mapping[Task, Answers]) -> Iterator[PowerRow]:
    measures = measures_of(plan.worn(), plan.pairs, plan.recovery)
    for times, (k, strength) in itertools.product(plan.designs(), enumerate(plan.strength)):
        pairs = [pair for task, found in done.items() if (task.times, task.strength) == (times, k) for pair in found]
        for measure in measures:
            yield _row(plan, times, strength, measure, [pair[measure.name] for pair in pairs])


def _row(
    plan: PowerPlan, times: int | None, strength: Strength, measure: StudyMeasure, answers: list[MeasureAnswer]
) -> PowerRow:
    said = sum(answer.said is True for answer in answers)
    refused = sum(answer.said is None for answer in answers)
    low, high = CalibrationCell("", "", "power", said, len(answers), refused).bounds(1, 0.95)
    share = said / len(answers)
    told = [(a.value, *a.interval) for a in answers if a.value is not None and a.interval is not None]
    value, *expected = np.median(told, axis=0).tolist() if told else (math.nan, math.nan, math.nan)
    return PowerRow(
        strength.name, measure.name, _there(plan, strength, measure), times, plan.plan(times).seconds / 60, plan.pairs,
        len(answers), said, refused, share, (low, high), of_study(share, plan.pairs),
        (of_study(low, plan.pairs), of_study(high, plan.pairs)), value, (expected[0], expected[1]),
    )  # fmt: skip


def _there(plan: PowerPlan, strength: Strength, measure: StudyMeasure) -> str:
    if measure.recovery:
        return "sooner" if strength.ratio < 1 else "nothing"
    if strength.drive or strength.moments or strength.breath:
        return "linked"
    both = any(sum(dose != 0 for dose in span.dose.values()) > 1 for span in plan.plan().spans)
    return "shared stressor" if both else "nothing"


def of_study(share: float, pairs: int) -> float:
    """Return the power of a study: that more of its pairs are said to be than chance gives at .05.

    The test is binomial: the least count that `pairs` unlinked pairs, each with a false alarm of .05, reach in at most .05
    of studies. It is conservative, since counts are whole.
    """
    from scipy.special import bdtrc

    counts = range(1, pairs + 1)
    least = next((count for count in counts if bdtrc(count - 1, pairs, ALPHA) <= ALPHA + 1e-12), None)
    return 0.0 if least is None else float(bdtrc(least - 1, pairs, share))


def _smallest(plan: PowerPlan, rows: Sequence[PowerRow]) -> Iterator[SmallestDesign]:
    assert plan.smallest is not None
    needs_others = {measure.name: measure.others for measure in MEASURES}
    for strength in plan.strength:
        for name in dict.fromkeys(row.measure for row in rows):
            mine = [row for row in rows if (row.strength, row.measure) == (strength.name, name)]
            if mine[0].there in THERE:
                least = plan.pairs if needs_others[name] else 1
                yield _least(plan, mine, range(least, plan.smallest.pairs + 1))


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
    _, count, row = min(reached, key=lambda found: found[:2])
    return replace(nothing, times=row.times, pairs=count, minutes=row.minutes, power=of_study(row.power, count))

"""A study from its sources to its result: prepare, choose strangers, compare, pool; each step goes on where it was stopped."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coregulation.errors import DataError, UsageError
from coregulation.reasons import Reason, because
from coregulation.study.contrasts import Association, Contrast
from coregulation.study.folder import StudyFolder
from coregulation.study.jobs import AbstractEngine, Progress, run_jobs
from coregulation.study.pair_values import MIN_WINDOWS, SessionValues
from coregulation.study.partners import Stratum, StudySession, stand_ins, strata
from coregulation.study.plan import Statistic, StudyPlan
from coregulation.study.pooling import (
    PairValues,
    answer_stratum,
    associations,
    compared_values,
    contrasts,
    stratum_values,
)
from coregulation.study.prepared import PreparedFacts
from coregulation.study.reasons import StudyReason
from coregulation.study.result import GroupAnswer, LeftOut, PairRow, StudyResult
from coregulation.study.session_table import PAIR, SessionTable
from coregulation.study.sources import SessionSource
from coregulation.study.steps import PrepareJob, ValueJob

_MADE_OF_PATHS = ("folder", "task")  # conditions that need no session table


@dataclass(frozen=True, slots=True)
class _Known:
    """What the driver keeps of a session: little, so that its memory hardly grows with the study."""

    session: StudySession
    folder: str
    key: str
    channels: tuple[str, ...]
    simulated: bool


def run_study(
    sources: Sequence[SessionSource],
    plan: StudyPlan,
    table: SessionTable,
    out: Path,
    engine: AbstractEngine,
    progress: Progress,
) -> StudyResult:
    """Run a study, or go on with it.

    Parameters
    ----------
    sources
        Where its sessions come from.
    plan
        What was declared.
    table
        Pairs, conditions and covariates by session; empty where there is none.
    out
        Its folder.
    engine
        Where it runs.
    progress
        Is called with what is done, how many, and of how many.

    Returns
    -------
    StudyResult
        The same for the same plan and data.

    Raises
    ------
    UsageError
        If the folder belongs to another plan, or the condition is not known.
    DataError
        If no session can be used.
    """
    out = out.resolve()  # a worker may have another current folder
    folder = StudyFolder(out)
    facts, failed = prepare_sources(sources, plan, out, engine, progress)
    known, left_out = _choose(facts, failed, plan, table)
    signals = _signals(plan, known)
    layers = strata([item.session for item in known])
    partners = {name: others for layer in layers for name, others in stand_ins(layer, plan).items()}
    jobs = _value_jobs(known, partners, signals, plan, out)
    run_jobs("pairs", jobs, engine, folder.notes, progress)
    values = {job.session: folder.read_values(job.session) for job in jobs if folder.values(job.session).exists()}
    pooled = {
        (layer.condition, signal): stratum_values(layer, values, partners, signal, plan.statistic)
        for layer in layers
        for signal in signals
    }
    left_out += [*_without_values(known, values, signals)]
    compared = [*contrasts(signals, pooled, [layer.condition for layer in layers], plan)]
    associated = [*associations(signals, pooled, layers, table, plan)]
    return StudyResult(
        plan,
        len(known) + len({item.session for item in left_out} - {item.session.name for item in known}),
        tuple(_answers(layers, signals, pooled, plan)),
        tuple(item for item in compared if isinstance(item, Contrast)),
        tuple(item for item in associated if isinstance(item, Association)),
        tuple(item for item in (*compared, *associated) if isinstance(item, Reason)),
        tuple(_rows(known, values, signals, plan.statistic)),
        tuple(sorted(left_out, key=lambda item: item.session)),
        sum(item.simulated for item in known),
    )


def prepare_sources(
    sources: Sequence[SessionSource], plan: StudyPlan, out: Path, engine: AbstractEngine, progress: Progress
) -> tuple[list[PreparedFacts], list[LeftOut]]:
    """Prepare every session, and again where the study's slowest recording asks for a lower rate.

    Parameters
    ----------
    sources
        Where the sessions come from.
    plan
        What was declared.
    out
        The study's folder.
    engine
        Where it runs.
    progress
        Is called with what is done, how many, and of how many.

    Returns
    -------
    tuple of list
        Facts of the sessions of these sources, and those that cannot be used; the folder may hold others, too.

    Raises
    ------
    UsageError
        If the folder belongs to another plan.
    """
    folder = StudyFolder(out.resolve())
    folder.keep_plan(plan)
    _prepare(sources, folder, {}, engine, progress)
    facts = _facts(sources, folder)
    rates = _slowest(facts)
    mixed = {name for name, rate in rates.items() if any(f.rates.get(name, rate) > rate for f in facts)}
    if mixed:
        _prepare(sources, folder, {name: rates[name] for name in sorted(mixed)}, engine, progress)
        facts = _facts(sources, folder)
    names = _names(sources, folder)
    return facts, [LeftOut(f.name, reason_from(f.reason)) for f in folder.all_failed() if f.name in names]


def _prepare(
    sources: Sequence[SessionSource],
    folder: StudyFolder,
    rates: Mapping[str, float],
    engine: AbstractEngine,
    progress: Progress,
) -> None:
    jobs = [PrepareJob(source, str(folder.path), rates) for source in sources]
    run_jobs("sessions", jobs, engine, folder.notes, progress)


def _facts(sources: Sequence[SessionSource], folder: StudyFolder) -> list[PreparedFacts]:
    names = _names(sources, folder)
    return [facts for facts in folder.all_facts() if facts.name in names]


def _names(sources: Sequence[SessionSource], folder: StudyFolder) -> set[str]:
    return {name for source in sources for name in folder.names_of(source.name)}


def _slowest(facts: Sequence[PreparedFacts]) -> dict[str, float]:
    rates: dict[str, float] = {}
    for own in facts:
        for name, rate in own.rates.items():
            rates[name] = min(rate, rates.get(name, rate))
    return rates


def _choose(
    prepared: Sequence[PreparedFacts], failed: Sequence[LeftOut], plan: StudyPlan, table: SessionTable
) -> tuple[list[_Known], list[LeftOut]]:
    """Choose the sessions that can be compared; say why the others cannot."""
    excluded = {item.session: item.why for item in plan.exclude}
    left_out = [*failed]
    known: list[_Known] = []
    first_with: dict[tuple[str, str], str] = {}
    twins: dict[str, tuple[str, str, str]] = {}
    for facts in prepared:
        _note_twins(facts, first_with, twins)
        reason = _unusable(facts, excluded, plan, table)
        if reason is not None:
            left_out.append(LeftOut(facts.name, reason))
        else:
            known.append(_known(facts, plan, table))
    _check_excluded(excluded, known, left_out)
    copied = [item for item in known if item.session.name in twins]
    for copy in copied:
        person, channel, other = twins[copy.session.name]
        reason = because(StudyReason.COPIED, person=person, channel=channel, session=other)
        left_out.append(LeftOut(copy.session.name, reason))
    known = [item for item in known if item not in copied]
    if not known:
        why = left_out[0].reason if left_out else None
        raise DataError("No session of this study can be used; the first: {why}", why=why)
    return known, left_out


def _note_twins(
    facts: PreparedFacts, first_with: dict[tuple[str, str], str], twins: dict[str, tuple[str, str, str]]
) -> None:
    """Note two sessions that hold one recording: nobody can say to which it belongs, so neither counts."""
    for person in facts.people:
        for channel, print_ in person.fingerprints.items():
            other = first_with.setdefault((channel, print_), facts.name)
            if other != facts.name:
                twins.setdefault(facts.name, (person.id, channel, other))
                twins.setdefault(other, (person.id, channel, facts.name))


def _unusable(facts: PreparedFacts, excluded: Mapping[str, str], plan: StudyPlan, table: SessionTable) -> Reason | None:
    if facts.name in excluded:
        return because(StudyReason.EXCLUDED, why=excluded[facts.name])
    if len(facts.people) != 2:
        return because(StudyReason.NOT_TWO, people=len(facts.people))
    if plan.condition is not None and _condition(facts, plan.condition, table) is None:
        return because(StudyReason.NO_CONDITION, column=plan.condition)
    return None


def _condition(facts: PreparedFacts, column: str, table: SessionTable) -> str | None:
    if column in _MADE_OF_PATHS and column not in table.columns:
        return facts.folder if column == "folder" else facts.task
    return table.cell(facts.name, column)


def _known(facts: PreparedFacts, plan: StudyPlan, table: SessionTable) -> _Known:
    condition = _condition(facts, plan.condition, table) if plan.condition else None
    pair = table.cell(facts.name, PAIR) or facts.name
    both = [set(person.starts) for person in facts.people]
    return _Known(
        StudySession(facts.name, pair, condition or ""),
        facts.folder,
        facts.key,
        tuple(sorted(both[0] & both[1])),
        facts.simulated,
    )


def _check_excluded(excluded: Mapping[str, str], known: Sequence[_Known], left_out: Sequence[LeftOut]) -> None:
    names = {item.session.name for item in known} | {item.session for item in left_out}
    unknown = sorted(set(excluded) - names)
    if unknown:
        raise UsageError(
            "The plan excludes {unknown:and}, and there is no such session. The sessions are {known:and}.",
            unknown=unknown, known=sorted(names)[:8],
        )  # fmt: skip


def _signals(plan: StudyPlan, known: Sequence[_Known]) -> tuple[str, ...]:
    """Choose the family: what the plan names, else every channel that some pair shares."""
    shared = sorted({channel for item in known for channel in item.channels})
    unknown = [name for name in plan.signals if name not in shared]
    if unknown or not shared:
        raise UsageError(
            "No pair of this study shares {unknown:and}; the pairs share {known:and}.",
            unknown=unknown or ["a signal"], known=shared or ["nothing"],
        )  # fmt: skip
    return plan.signals or tuple(shared)


def _value_jobs(
    known: Sequence[_Known], partners: Mapping[str, Sequence[str]], signals: Sequence[str], plan: StudyPlan, out: Path
) -> list[ValueJob]:
    keys = {item.session.name: item.key for item in known}
    return [
        ValueJob(
            item.session.name, item.folder, partners[item.session.name],
            [item.key, *(keys[name] for name in partners[item.session.name])], signals, plan.lag, str(out),
        )
        for item in known
    ]  # fmt: skip


def _without_values(
    known: Sequence[_Known], values: Mapping[str, SessionValues], signals: Sequence[str]
) -> Iterator[LeftOut]:
    for item in known:
        name = item.session.name
        for signal in signals if name in values else ():
            channel = values[name].channels.get(signal)
            if channel is None:
                yield LeftOut(name, because(StudyReason.ONE_SIGNAL_MISSING, channel=signal))
            elif channel.own.windows < MIN_WINDOWS:
                yield LeftOut(
                    name,
                    because(StudyReason.TOO_SHORT, channel=signal, windows=channel.own.windows, needed=MIN_WINDOWS),
                )


def _answers(
    layers: Sequence[Stratum], signals: Sequence[str], pooled: Mapping[tuple[str, str], PairValues], plan: StudyPlan
) -> Iterator[GroupAnswer]:
    """Answer all conditions together where each pair is in one only, then each condition."""
    pairs = [pair for layer in layers for pair in layer.pairs]
    if len(set(pairs)) == len(pairs):
        yield from answer_stratum(None, layers, signals, pooled, plan)
    for layer in layers if len(layers) > 1 else ():
        yield from answer_stratum(layer.condition, [layer], signals, pooled, plan)


def _rows(
    known: Sequence[_Known], values: Mapping[str, SessionValues], signals: Sequence[str], statistic: Statistic
) -> Iterator[PairRow]:
    for item in known:
        for signal in signals:
            channel = values[item.session.name].channels.get(signal) if item.session.name in values else None
            if channel is not None:
                own, strangers = compared_values(channel, statistic)
                known_ones = [z for z in strangers if math.isfinite(z)]
                mean = sum(known_ones) / len(known_ones) if known_ones else math.nan
                yield PairRow(item.session, signal, channel.own, own, mean, len(known_ones), channel.seconds)


def reason_from(plain: Mapping[str, Any]) -> Reason:
    """Rebuild a reason from its plain values.

    Parameters
    ----------
    plain
        Code and facts, as JSON holds them.

    Returns
    -------
    Reason
        With lists as tuples and reasons inside reasons.
    """
    return Reason(str(plain["code"]), {name: _fact(fact) for name, fact in plain["facts"].items()})


def _fact(value: Any) -> Any:
    if isinstance(value, Mapping):
        return reason_from(value)
    return tuple(_fact(item) for item in value) if isinstance(value, list) else value

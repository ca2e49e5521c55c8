"""A study of a BIDS data set in two levels, as BIDS Apps have them: the sessions first, then the answer over all of them.

Gorgolewski et al. (2017), doi:10.1371/journal.pcbi.1005209. The unit is not one participant but the people of one session label, so
a participant's label stands for the sessions in which that person took part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coregulation.errors import DataError, UsageError, nearest_names
from coregulation.io.bids_folder import BidsSession, bids_sessions, is_bids_folder
from coregulation.io.text import missing_file
from coregulation.reasons import because
from coregulation.report.catalogue import Catalogue
from coregulation.study.derivatives import KEPT, DerivativeJob, describe_derivatives, write_group_tables
from coregulation.study.folder import StudyFolder
from coregulation.study.jobs import AbstractEngine, Progress, run_jobs
from coregulation.study.output import write_study
from coregulation.study.page import render_study
from coregulation.study.plan import StudyPlan
from coregulation.study.prepared import PreparedFacts
from coregulation.study.reasons import StudyReason
from coregulation.study.result import LeftOut, StudyResult
from coregulation.study.running import prepare_sources, run_study
from coregulation.study.session_table import SessionTable
from coregulation.study.sources import SessionSource, find_sources


@dataclass(frozen=True, slots=True)
class BidsStudy:
    """A BIDS data set, and which of its sessions are asked for.

    Parameters
    ----------
    folder
        The data set.
    sessions
        All of its sessions.
    selected
        Names of those that are asked for.
    """

    folder: Path
    sessions: tuple[BidsSession, ...]
    selected: frozenset[str]

    @property
    def sources(self) -> tuple[SessionSource, ...]:
        """What is read for the sessions that are asked for."""
        return tuple(source for source in find_sources([self.folder], {}) if source.name in self.selected)

    @property
    def not_asked(self) -> tuple[LeftOut, ...]:
        """The other sessions, with that as the reason."""
        names = [session.name for session in self.sessions if session.name not in self.selected]
        return tuple(LeftOut(name, because(StudyReason.NOT_ASKED)) for name in names)


def select_sessions(folder: Path, participants: Sequence[str], groups: Sequence[str]) -> BidsStudy:
    """Choose the sessions of a data set by labels.

    Parameters
    ----------
    folder
        The data set.
    participants
        Labels with or without "sub-"; a session is asked for if one of them took part. None for everybody.
    groups
        Session labels with or without "ses-", each of the people who were recorded together. None for all.

    Returns
    -------
    BidsStudy
        With at least one session asked for.

    Raises
    ------
    UsageError
        If the folder does not exist or is no BIDS data set, or a label is not in it.
    """
    if not folder.is_dir():
        raise missing_file(folder)
    if not is_bids_folder(folder):
        raise UsageError(
            "{folder}: not a BIDS data set, for it holds no dataset_description.json. `coregulation convert {folder} --to bids "
            "--out bids` makes one of session folders.",
            folder=str(folder),
        )  # fmt: skip
    sessions = bids_sessions(folder)
    people = _plain("sub-", (subject for session in sessions for subject, _ in session.visits))
    labels = _plain("ses-", (session.label or session.name for session in sessions))
    own = _checked("--participant-label", _plain("sub-", participants), people)
    chosen = _checked("--group-label", _plain("ses-", groups), labels)
    selected = [
        session.name
        for session in sessions
        if (not own or own & _plain("sub-", (subject for subject, _ in session.visits)))
        and (not chosen or chosen & _plain("ses-", [session.label or session.name]))
    ]
    if not selected:
        raise UsageError(
            "No session has both a participant of --participant-label and a label of --group-label. Leave one of them out."
        )
    return BidsStudy(folder, sessions, frozenset(selected))


def _plain(prefix: str, labels: Iterable[str]) -> frozenset[str]:
    return frozenset(label.removeprefix(prefix) for label in labels)


def _checked(option: str, labels: frozenset[str], known: frozenset[str]) -> frozenset[str]:
    for label in sorted(labels - known):
        raise UsageError(
            "{option} {label!r}: the data set has no such label. Did you mean {near:or}?",
            option=option, label=label, near=_same_number(label, known) or nearest_names(label, sorted(known)),
        )  # fmt: skip
    return labels


def _same_number(label: str, known: frozenset[str]) -> tuple[str, ...]:
    """Return the labels that are the same but for zeros in front."""
    return tuple(sorted(other for other in known if other.lstrip("0") == label.lstrip("0")))


def run_participants(
    study: BidsStudy, plan: StudyPlan, out: Path, engine: AbstractEngine, progress: Progress
) -> tuple[LeftOut, ...]:
    """Prepare the sessions that are asked for, and write their signals as derivatives; what is done already is kept.

    Parameters
    ----------
    study
        Data set and sessions.
    plan
        What is declared.
    out
        Folder of the derivatives.
    engine
        Where it runs.
    progress
        Is called with what is done, how many, and of how many.

    Returns
    -------
    tuple of LeftOut
        The sessions that cannot be used.

    Raises
    ------
    DataError
        If none of the sessions can be used.
    UsageError
        If the folder holds something else, or the results of another plan.
    """
    catalogue = Catalogue()
    describe_derivatives(study.folder, out, catalogue)
    facts, failed = prepare_sources(study.sources, plan, out / KEPT, engine, progress)
    if not facts:
        raise DataError("No session of this study can be used; the first: {why}", why=failed[0].reason)
    by_name = {session.name: session for session in study.sessions}
    described = catalogue.text("bids.prepared-signal")
    jobs = [_derivative(own, by_name[own.name], described, out) for own in facts]
    run_jobs("derivatives", jobs, engine, StudyFolder((out / KEPT).resolve()).notes, progress)
    return tuple(failed)


def _derivative(facts: PreparedFacts, session: BidsSession, described: str, out: Path) -> DerivativeJob:
    subjects = {person.id: subject for subject, person in session.people.items()}
    return DerivativeJob(facts, subjects, session.label, session.task, described, str(out.resolve()))


def run_group(
    study: BidsStudy, plan: StudyPlan, table: SessionTable, out: Path, engine: AbstractEngine, progress: Progress
) -> StudyResult:
    """Answer the study over the sessions that are asked for, and write every file; sessions that are not prepared yet are prepared.

    Parameters
    ----------
    study
        Data set and sessions.
    plan
        What is declared.
    table
        Pairs, conditions and covariates by session.
    out
        Folder of the derivatives.
    engine
        Where it runs.
    progress
        Is called with what is done, how many, and of how many.

    Returns
    -------
    StudyResult
        In which a session that was not asked for is left out with that reason.
    """
    run_participants(study, plan, out, engine, progress)
    result = run_study(study.sources, plan, table, out / KEPT, engine, progress)
    left_out = sorted((*result.left_out, *study.not_asked), key=lambda item: item.session)
    result = replace(result, sessions=result.sessions + len(study.not_asked), left_out=tuple(left_out))
    catalogue = Catalogue()
    write_study(result, out / KEPT, catalogue)
    (out / KEPT / "study.html").write_text(render_study(result, catalogue), encoding="utf-8", newline="\n")
    write_group_tables(result, out, catalogue)
    return result

"""The full report of one pair of a study, with the sessions of other pairs as its strangers; made when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from coregulation.analysis.pipeline import Analysis
from coregulation.errors import CoregulationError, UsageError, nearest_names
from coregulation.report import save
from coregulation.session import Session
from coregulation.study.folder import StudyFolder
from coregulation.study.jobs import Progress
from coregulation.study.result import StudyResult
from coregulation.study.sources import SessionSource

MOST_STRANGERS = 30
"""Sessions of strangers that one report is compared with: enough for a p-value of .02 from either person's pseudo-dyads."""


def write_pair_report(
    name: str, result: StudyResult, sources: Sequence[SessionSource], out: Path, progress: Progress
) -> Path:
    """Analyse one session of a study as `coregulation analyze` would, and save its report.

    Parameters
    ----------
    name
        Of the session.
    result
        Of the study.
    sources
        Where its sessions come from.
    out
        The study's folder.
    progress
        Is called with what is done, how many, and of how many.

    Returns
    -------
    Path
        Of the report.

    Raises
    ------
    UsageError
        If the study has no such session.
    DataError
        If the session cannot be analysed.
    """
    rows = {row.session.name: row.session for row in result.rows}
    if name not in rows:
        near = nearest_names(name, rows)
        raise UsageError("The study compares no session {name!r}. Did you mean {near:or}?", name=name, near=near)
    own = rows[name]
    strangers = [s.name for s in rows.values() if s.condition == own.condition and s.pair != own.pair][:MOST_STRANGERS]
    folder = StudyFolder(out.resolve())
    opened = dict(_open({name, *strangers}, sources, folder))
    finding = Analysis(seed=result.plan.seed)(opened[name], [opened[s] for s in strangers if s in opened], progress)
    return save(finding, folder.session(name) / "report")


def _open(names: set[str], sources: Sequence[SessionSource], folder: StudyFolder) -> Iterator[tuple[str, Session]]:
    """Open only the sources that hold the named sessions."""
    for source in sources:
        if names.isdisjoint(folder.names_of(source.name)):
            continue
        for name, session in source.read():
            if name in names and not isinstance(session, CoregulationError):
                yield name, session

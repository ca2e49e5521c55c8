"""A study's answer in a terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from coregulation.report.catalogue import Catalogue
from coregulation.study.plan import FULL_MATRIX_PAIRS, StudyPlan
from coregulation.study.result import LeftOut, StudyResult
from coregulation.study.sources import SessionSource
from coregulation.study.statements import statements

_WIDEST = 100  # characters
_MOST = 8  # sentences; the rest is on the page


def summarize(result: StudyResult, catalogue: Catalogue) -> str:
    """Say what a study shows.

    Parameters
    ----------
    result
        Of the study.
    catalogue
        The reader's language.

    Returns
    -------
    str
        A title, one sentence per answer, and how many sessions were left out and why.
    """
    used = len({row.session.name for row in result.rows})
    lines = [catalogue.text("study.title", sessions=result.sessions, used=used)]
    if result.simulated:
        lines += _wrap(catalogue.text("study.simulated", count=result.simulated))
    spoken = [catalogue.sentence(statement) for statement in statements(result)]
    lines += [line for sentence in spoken[:_MOST] for line in _wrap(sentence)]
    if len(spoken) > _MOST:
        lines += _wrap(catalogue.text("study.more-answers", count=len(spoken) - _MOST))
    lines += [line for sentence in left_out_sentences(result.left_out, catalogue) for line in _wrap(sentence)]
    return "\n".join(lines)


def _wrap(sentence: str) -> list[str]:
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    return textwrap.wrap(sentence, width, initial_indent="  ", subsequent_indent="    ")


def left_out_sentences(left_out: Sequence[LeftOut], catalogue: Catalogue) -> Iterator[str]:
    """Say each reason once, with the number of sessions that it concerns and the first of them.

    Parameters
    ----------
    left_out
        Sessions with their reasons.
    catalogue
        The reader's language.

    Yields
    ------
    str
        A sentence per reason.
    """
    counts = Counter(item.reason.code for item in left_out)
    for code, count in counts.items():
        first = next(item for item in left_out if item.reason.code == code)
        yield catalogue.text("study.left-out", count=count, session=first.session, why=first.reason)


def dry_run(sources: Sequence[SessionSource], plan: StudyPlan, catalogue: Catalogue) -> str:
    """Say what a study would run, without reading any recording.

    Parameters
    ----------
    sources
        Where its sessions come from.
    plan
        What is declared.
    catalogue
        The reader's language.

    Returns
    -------
    str
        Number of sources, of comparisons and what decides them.
    """
    count = len(sources)
    strangers = count - 1 if count <= FULL_MATRIX_PAIRS else plan.partners
    lines = [
        catalogue.text("study.dry-run", count=count, first=sources[0].name, last=sources[-1].name),
        catalogue.text("study.dry-run-comparisons", comparisons=count * (1 + strangers), strangers=strangers),
        catalogue.text("study.dry-run-key", key=plan.key(), seed=plan.seed),
    ]
    return "\n".join(lines)

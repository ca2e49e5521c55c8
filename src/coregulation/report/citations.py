"""Citations of what is registered: measures, nulls and descriptive measures."""

from __future__ import annotations

from coregulation.coupling.description import AbstractDescription
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.null import AbstractNull
from coregulation.report.bibliography import Paper, papers

Cited = type[AbstractMeasure] | type[AbstractNull] | type[AbstractDescription]


def papers_of(cited: Cited) -> list[Paper]:
    """List the papers of a measure or null.

    Parameters
    ----------
    cited
        A class of measures or nulls; its own references come before those of the bibliography.

    Returns
    -------
    list of Paper
        In the order of its `papers`.

    Raises
    ------
    KeyError
        If a paper stands in neither.
    """
    own = {key: Paper(key=key, **row) for key, row in cited.references.items()}
    return [own.get(key) or papers()[key] for key in cited.papers]


def citation_list(cited: Cited) -> str:
    """Return the citations of something in brackets after a space, or nothing where it has no paper.

    Parameters
    ----------
    cited
        A class of measures or nulls.

    Returns
    -------
    str
        Such as " (Boker et al., 2002)".
    """
    citations = [paper.citation for paper in papers_of(cited)]
    return f" ({'; '.join(citations)})" if citations else ""

"""Citations of what is registered: measures, nulls and descriptive measures, in short and in full."""

from __future__ import annotations

import re

from coregulation.coupling.description import AbstractDescription
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.null import AbstractNull
from coregulation.coupling.registry import DESCRIPTIONS, MEASURES, all_nulls
from coregulation.report.bibliography import PAPERS

Cited = type[AbstractMeasure] | type[AbstractNull] | type[AbstractDescription]


def full_references(cited: Cited) -> list[str]:
    """List the full references of what is cited.

    Parameters
    ----------
    cited
        A class of measures or nulls; its own references come before those of the bibliography.

    Returns
    -------
    list of str
        One for each of its papers.

    Raises
    ------
    KeyError
        If a paper stands in neither.
    """
    return [cited.references.get(key) or PAPERS[key] for key in cited.papers]


def short_citation(reference: str) -> str:
    """Shorten a full reference to authors and year.

    Parameters
    ----------
    reference
        Such as "Phipson, B., & Smyth, G. K. (2010). Permutation …".

    Returns
    -------
    str
        Such as "Phipson & Smyth, 2010"; three or more authors become "et al.".
    """
    authors, year = re.match(r"(.*?) \((\d{4})\)", reference).groups()  # type: ignore[union-attr]  # all have a year
    surnames = re.findall(r"(?:^|\., (?:& )?)([^,.&]+),", authors)
    if len(surnames) > 2:
        return f"{surnames[0]} et al., {year}"
    return f"{' & '.join(surnames)}, {year}"


def citation_list(cited: Cited) -> str:
    """Return the citations of something in brackets after a space, or nothing where it has no paper."""
    shorts = [short_citation(reference) for reference in full_references(cited)]
    return f" ({'; '.join(shorts)})" if shorts else ""


def registered_papers() -> dict[str, str]:
    """Return the full references of everything registered, by their short citations."""
    kinds: list[Cited] = [*MEASURES.values(), *all_nulls().values(), *DESCRIPTIONS.values()]
    return {short_citation(full): full for kind in kinds for full in full_references(kind)}

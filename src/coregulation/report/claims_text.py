"""Claims about co-regulation as text and as a table; the claims themselves are data, in English."""

from __future__ import annotations

from collections.abc import Sequence

from coregulation.regulation.claims import Claim
from coregulation.report.catalogue import Catalogue
from coregulation.report.text_table import Row, aligned, wrap


def claim_lines(claim: Claim, width: int, catalogue: Catalogue | None = None) -> list[str]:
    """Write a claim for a terminal.

    Parameters
    ----------
    claim
        What is claimed, how it stands, and what is known.
    width
        Of the terminal, in characters.
    catalogue
        The reader's language; English by default.

    Returns
    -------
    list of str
        The claim, and a line or more for each thing that is said of it.
    """
    catalogue = catalogue or Catalogue()
    rows: list[Row] = [(catalogue.text("claims.evidence"), "", _evidence(claim, catalogue))]
    if claim.measured:
        rows.append((catalogue.text("claims.measured"), "", claim.measured))
    if claim.known:
        rows.append((catalogue.text("claims.known"), "", _known(claim, catalogue)))
    return [*wrap(f"{claim.number}. {claim.says}", width, "", "    "), *aligned(rows, width, 4)]


def claims_table(chosen: Sequence[Claim], catalogue: Catalogue | None = None) -> str:
    """Write claims as a Markdown table.

    Parameters
    ----------
    chosen
        In the order of its rows.
    catalogue
        The reader's language; English by default.

    Returns
    -------
    str
        With a header.
    """
    catalogue = catalogue or Catalogue()
    header = [catalogue.text(f"claims.column-{name}") for name in ("claim", "evidence", "measured", "known")]
    lines = [f"| # | {' | '.join(header)} |", "|---|---|---|---|---|"]
    for claim in chosen:
        measured = claim.measured or catalogue.text("claims.nothing")
        cells = (str(claim.number), claim.says, _evidence(claim, catalogue), measured, _known(claim, catalogue) or "—")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _evidence(claim: Claim, catalogue: Catalogue) -> str:
    return " / ".join(catalogue.text(f"evidence.{level.name.lower()}") for level in claim.evidence)


def _known(claim: Claim, catalogue: Catalogue) -> str:
    if claim.read or not claim.known:
        return claim.known
    return catalogue.text("claims.not-read", known=claim.known)

"""Write sentences of a methods section and keep what they cite."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from coregulation.reasons import Reason
from coregulation.report.bibliography import Paper, papers
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.citations import Cited, papers_of


@dataclass
class Citations:
    """The papers that a text cites: `{paper:boker2002}` in a template prints the citation and keeps the paper."""

    cited: list[Paper] = field(default_factory=list)

    def __format__(self, specification: str) -> str:
        """Cite papers by their keys, with blanks between them."""
        return self.cite([papers()[key] for key in specification.split()])

    def cite(self, these: list[Paper]) -> str:
        """Return the citation of papers, and keep them."""
        self.cited += these
        return "; ".join(paper.citation for paper in these)


class MethodsWriter:
    """Write sentences of the area "methods" in one language.

    Parameters
    ----------
    catalogue
        The reader's language.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.citations = Citations()

    def __call__(self, key: str, **facts: Any) -> str:
        """Write the sentence with this key."""
        return self.catalogue.text(f"methods.{key}", Voice.METHODS, paper=self.citations, **facts)

    def tell(self, reason: Reason) -> str:
        """Write the sentence of a reason."""
        return self.catalogue.sentence(reason, Voice.METHODS)

    def translate(self, english: str, **facts: Any) -> str:
        """Translate what something registered says of itself."""
        return self.catalogue.translate(english, **facts)

    def cited(self, kind: Cited, english: str | None = None, **facts: Any) -> str:
        """Write the title of something registered, or another of its texts, with its papers in brackets."""
        text = self.translate(kind.title if english is None else english, **facts)
        citation = self.citations.cite(papers_of(kind))
        return self("cited", text=text, citation=citation) if citation else text

    @property
    def references(self) -> list[str]:
        """The full references of what has been cited, each once, in alphabetical order."""
        return [paper.reference for _, paper in sorted({paper.key: paper for paper in self.citations.cited}.items())]

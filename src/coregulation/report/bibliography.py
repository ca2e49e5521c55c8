"""The papers that the methods come from: each once in `bibliography.toml`, cited by key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from coregulation.report.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper.

    Parameters
    ----------
    key
        What code cites, such as "boker2002".
    authors
        Each as "Surname, I. I.", in order.
    year
        Of publication.
    title, place
        What it is called and where it stands: journal, volume, pages.
    use
        What the package takes from it.
    doi
        Digital object identifier; empty where there is none.
    short
        What stands for the authors in a text; made from them where empty.
    unchecked
        Whether nobody compared the DOI with title, year and authors in a second place yet.
    """

    key: str
    authors: tuple[str, ...]
    year: int
    title: str
    place: str
    use: str
    doi: str = ""
    short: str = ""
    unchecked: bool = False

    @property
    def citation(self) -> str:
        """The citation inside a sentence: "Boker et al., 2002"."""
        return f"{self.short or self._surnames()}, {self.year}"

    @property
    def reference(self) -> str:
        """The full reference in a list."""
        authors = ", & ".join(filter(None, [", ".join(self.authors[:-1]), self.authors[-1]]))
        doi = f" doi:{self.doi}" if self.doi else ""
        stop = "" if self.title.endswith("?") else "."
        return f"{authors} ({self.year}). {self.title}{stop} {self.place}.{doi}"

    def _surnames(self) -> str:
        names = [author.split(",")[0] for author in self.authors]
        return names[0] if len(names) == 1 else f"{names[0]} & {names[1]}" if len(names) == 2 else f"{names[0]} et al."


@cache
def papers() -> dict[str, Paper]:
    """Return every paper by its key, in alphabetical order."""
    rows = tomllib.loads(files("coregulation.report").joinpath("bibliography.toml").read_text(encoding="utf-8"))
    return {key: Paper(key=key, **{**row, "authors": tuple(row["authors"])}) for key, row in sorted(rows.items())}


def cite(*keys: str) -> str:
    """Return the citation of papers inside a sentence: "Künsch, 1989; Politis & Romano, 1992".

    Raises
    ------
    KeyError
        If a key is not in the bibliography.
    """
    return "; ".join(papers()[key].citation for key in keys)


def references(keys: Iterable[str]) -> list[str]:
    """Return the full references of papers, each once, in alphabetical order.

    Raises
    ------
    KeyError
        If a key is not in the bibliography.
    """
    return [papers()[key].reference for key in sorted(set(keys))]


def cite_software(catalogue: Catalogue | None = None) -> str:
    """Return how to cite this version."""
    from coregulation._version import __version__

    return (catalogue or Catalogue()).text("cite.software", version=__version__)

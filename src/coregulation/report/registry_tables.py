"""Tables of the documentation, made from the registries of measures and nulls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coregulation.coupling.registry import DESCRIPTIONS, MEASURES, SURROGATES, all_nulls
from coregulation.report.citations import citation_list


def measures_table() -> str:
    """Make the table of linkage measures.

    Returns
    -------
    str
        Markdown, one row per measure that `--measure` takes.
    """
    rows = (
        (f"`{name}`", f"{kind.title}{citation_list(kind)}", f"`{kind.__name__}`") for name, kind in MEASURES.items()
    )
    return _markdown(("`--measure`", "measure", "class"), rows)


def nulls_table() -> str:
    """Make the table of nulls.

    Returns
    -------
    str
        Markdown, one row per null, with the question that it answers.
    """
    rows = (
        (f"`{name}`" if name in SURROGATES else "", f"{kind.title}{citation_list(kind)}", kind.question.value, kind.keeps,
         kind.destroys, f"`{kind.__name__}`")
        for name, kind in all_nulls().items()
    )  # fmt: skip
    return _markdown(("`--null`", "null", "gate", "keeps", "undoes", "class"), rows)


def descriptions_table() -> str:
    """Make the table of descriptive measures.

    Returns
    -------
    str
        Markdown, one row per measure that `--also` takes.
    """
    rows = (
        (f"`{name}`", f"{kind.title}{citation_list(kind)}", "; ".join(kind.quantities).replace("|", "\\|"))
        for name, kind in DESCRIPTIONS.items()
    )
    return _markdown(("`--also`", "measure", "numbers"), rows)


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)

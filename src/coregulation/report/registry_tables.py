"""Tables of the documentation, made from the registries of measures, nulls and laws of simulation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coregulation.coupling.registry import MEASURES, SECONDARY, SURROGATES, all_nulls
from coregulation.report.citations import citation_list
from coregulation.simulate.laws.law import LawClaim, LawTruth
from coregulation.simulate.laws.registry import LAWS
from coregulation.simulate.laws.scenario import ScenarioLaw


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


def secondary_table() -> str:
    """Make the table of secondary measures.

    Returns
    -------
    str
        Markdown, one row per measure that `--measures` takes.
    """
    rows = (
        (f"`{name}`", f"{kind.title}{citation_list(kind)}", _listed(each.name for each in kind.statistics), "yes" if kind.has_size else "no",
         f"{kind.min_units} {kind.unit.value}", _listed(kind.limits), _listed(kind.quantities))
        for name, kind in SECONDARY.items()
    )  # fmt: skip
    return _markdown(
        ("`--measures`", "measure", "number", "has a p", "needs", "says nothing of", "described without a test"), rows
    )


def _listed(texts: Iterable[str]) -> str:
    return "; ".join(texts).replace("|", "\\|")


def laws_table() -> str:
    """Make the table of laws of simulation, scenarios aside.

    Returns
    -------
    str
        Markdown, one row per law, with what is true under it and the claims that it is a trap for.
    """
    laws = [law for law in LAWS.values() if not isinstance(law, ScenarioLaw)]
    rows = ((f"`{law.name}`", law.about, _truth(law.truth), "; ".join(law.traps)) for law in laws)
    return _markdown(("law", "what happens", "what is true", "trap for the claim"), rows)


def _truth(truth: LawTruth) -> str:
    facts = [claim.value for claim in LawClaim if truth.is_true(claim)]
    if truth.link is not None and truth.link.lag is not None:
        facts.append(f"lag {truth.link.lag:g} s")
    if truth.burden is not None:
        own, net = truth.burden.own_burden, truth.burden.net_effect
        facts.append(f"own burden {own[0]:.2g} and {own[1]:.2g}, net effect {net[0]:.2g} and {net[1]:.2g}")
    return "; ".join([*facts, *truth.kinds]) or "nothing"


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)

"""What else could explain that signals were, or were not, alike."""

from __future__ import annotations

from coregulation.analysis.finding import Finding
from coregulation.analysis.results import About
from coregulation.regulation.gate import Gate, GateState
from coregulation.report.catalogue import Catalogue

_NOT_SHOWN = ("explain.faint", "explain.comes-and-goes", "explain.slower", "explain.calm-body")


def linkage_explanations(finding: Finding, own: Gate, catalogue: Catalogue) -> list[str]:
    """Return what else could explain the answer of a gate about a person's own dynamics.

    Parameters
    ----------
    finding
        What was found.
    own
        Gate G1.
    catalogue
        The reader's language.
    """
    primary = [c for c in finding.couplings if c.primary and c.gate == "G1"]
    if not primary:
        return [catalogue.text("explain.not-compared")]
    if own.state is not GateState.PASSED:
        max_lag = max(c.measure.max_lag for c in primary)
        return [catalogue.text(key, max_lag=max_lag) for key in _NOT_SHOWN]
    return _shown(finding.about, sum(c.p is not None for c in primary), catalogue)


def _shown(about: About, answers: int, catalogue: Catalogue) -> list[str]:
    sentences = [catalogue.text(_shared(about), shared=about.shared or ())]
    guides = tuple(catalogue.text("explain.guide-in", guide=b.guide, block=b.kind) for b in about.blocks if b.guide)
    if guides:
        sentences.append(catalogue.text("explain.guide", guides=guides))
    sentences += [catalogue.text("explain.unnoticed"), catalogue.text("explain.task")]
    return sentences + ([catalogue.text("explain.several", answers=answers)] if answers > 1 else [])


def _shared(about: About) -> str:
    if about.setting == "apart":
        return "explain.apart"
    if about.shared is None:
        return "explain.shared-unknown"
    return "explain.shared" if about.shared else "explain.shared-nothing"

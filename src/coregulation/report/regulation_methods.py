"""The regulation branch in the methods section, ready to paste, and its papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coregulation.analysis.results import Finding
from coregulation.regulation.result import RegulationResult

PAPERS: Mapping[str, str] = {
    "de Jong, 1991": "de Jong P (1991). The diffuse Kalman filter. The Annals of Statistics 19, 1073–1083.",
    "Durbin & Koopman, 2002": "Durbin J, Koopman SJ (2002). A simple and efficient simulation smoother for state space time "
    "series analysis. Biometrika 89, 603–616.",
}

_UNASKED = "whether anybody steadies anybody was not tested"
_ORDERS = {
    "crossed": "alone and together took turns",
    "alone first": "alone always came first",
    "together first": "together always came first",
}


def told(finding: Finding) -> Iterator[str]:
    """Yield how it was asked who steadies whom, or that it was not."""
    account = finding.regulation
    if account is None:
        return
    if account.recoveries:
        yield _recoveries(account)
    if any(one.directions for one in account.pairs):
        yield _model(account, finding)
    if account.controls:
        yield (
            "Half-lives with the live partner were held against those with a stand-in in the same way; “because of” is said only where "
            "the whole interval of that ratio lies below 1."
        )


def untested(finding: Finding) -> str:
    """Return what to say at the end where nothing was answered about steadying; nothing where something was."""
    answered = finding.regulation is not None and any(one.directions for one in finding.regulation.pairs)
    return "" if answered else f"; {_UNASKED}"


def _recoveries(account: RegulationResult) -> str:
    order = _ORDERS.get(account.design.order, "one condition only")
    return (
        f"After each hard moment the half-life of {account.index} was read from its 5 s running mean: from the stressor's end until the "
        "height over the median of the person's own alone-rest was halved and stayed so for 10 s; what never came back is kept as a "
        f"bound ({len(account.recoveries)} recoveries, {sum(one.censored for one in account.recoveries)} of them such; {order}). Together "
        "against alone is a difference of mean ln half-life with a t interval."
    )


def _model(account: RegulationResult, finding: Finding) -> str:
    settings = finding.provenance.settings.get("regulation", {}).get("settings", {})
    draws = settings.get("model", {}).get("draws", 400)
    bent = " of an index that takes the levelling off of the heart out of it" if account.index == "heart rate" else ""
    return (
        f"A linear state space{bent} was fitted in continuous time, exactly discretised: own return rate, extra damping by the other's "
        "presence, partner drive, spill of a stressor on to the other, a dose for each hard moment, a resting level in company, and "
        "shared input; linear effects by a diffuse prior (de Jong, 1991), the rest by restricted maximum likelihood with weak priors, and "
        f"{draws} joint draws by importance around the maximum. Own burden is what a unit push costs the pushed, 1 = as alone; net adds "
        "what it costs the other. The ledger is counterfactual, from smoothed paths drawn with the parameters (Durbin & Koopman, 2002). "
        "A direction is called settling sooner only where burdens and half-lives agree, by thresholds that were set on simulated "
        "sessions and frozen before they were tested on others."
    )

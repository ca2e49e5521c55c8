"""What the page says of who steadies whom in plain words: how sure, what else could explain it, which claims it touches."""

from __future__ import annotations

import math
from collections.abc import Iterator

from coregulation.analysis.results import About, Finding
from coregulation.regulation.claims import Claim, behind, claim
from coregulation.regulation.composure import Composure
from coregulation.regulation.interval import Interval
from coregulation.regulation.result import PairCoEscalation, RegulationResult
from coregulation.regulation.verdict import VerdictKind
from coregulation.report.markup import Markup, tag
from coregulation.report.sentences import join_names

STEADYING = frozenset(
    {
        VerdictKind.MUTUAL, VerdictKind.LENT, VerdictKind.ONE_WAY, VerdictKind.CO_DYSREGULATION, VerdictKind.LINKED_ONLY,
        VerdictKind.SELF_REGULATING,
    }
)  # fmt: skip  # kinds that say something about steadying

_MOVED = "Moving, speaking or sitting differently in one of the two conditions: the heart answers to that as it does to being upset."


def regulation_answer(finding: Finding) -> bool:
    """Return whether anything was answered about steadying."""
    return finding.regulation is not None and any(told.directions for told in finding.regulation.pairs)


def sure_plain(account: RegulationResult) -> Iterator[Markup]:
    """Yield, for the people, what the answer rests on."""
    for one in account.comparisons:
        alone, together = one.counts
        never = sum(one.censored)
        rest = f" {never} of them ended before {one.person} was half-way back." if never else ""
        yield tag(
            "p",
            f"{one.person}: {alone} hard moments alone and {together} together. Half-way back after {_seconds(one.alone)} alone and "
            f"{_seconds(one.together)} together, going by {account.index}.{rest}",
        )

    yield from (tag("p", note) for note in account.notes)
    yield from (tag("p", _steady(one)) for one in account.composure)
    for met in account.co_escalations:
        yield tag("p", _rupture(met))


def _steady(one: Composure) -> str:
    """Return a person's own gauge in plain words; it speaks of nobody else."""
    if one.rise.above(0):
        return f"While the other was upset, {one.person} rose as well."
    if one.rise.below(1):
        return f"While the other was upset, {one.person} stayed within the ordinary ups and downs of rest."
    return f"Whether {one.person} stayed steady while the other was upset, {one.moments} moments cannot tell."


def _rupture(met: PairCoEscalation) -> str:
    minute, back = met.episode.onset / 60, met.episode.time_to_repair
    after = (
        "that stretch ended before both had come half-way back"
        if back is None
        else f"{back:.0f} seconds later both were half-way back"
    )
    return f"Around minute {minute:.0f} {join_names(met.pair)} were both up at once; {after}."


def _seconds(told: Interval) -> str:
    if not math.isfinite(told.high):
        return f"{told.low:.0f} seconds or more"
    return f"about {told.value:.0f} seconds ({told.low:.0f} to {told.high:.0f})"


def touched_claims(kind: VerdictKind, account: RegulationResult | None) -> tuple[Claim, ...]:
    """Return the claims that an answer touches, and those that its composure and ruptures do, each once."""
    numbers = [one.number for one in behind(kind)]
    if account is not None:
        numbers += [32] * bool(account.composure) + [34] * bool(account.co_escalations)
        numbers += [30] * bool(account.effects) + [67] * bool(account.design.partners - {"live"})
    return tuple(claim(number) for number in dict.fromkeys(numbers))


def regulation_explanations(account: RegulationResult, about: About) -> list[str]:
    """Return what else could explain a difference, or none, between alone and together."""
    order = {
        "alone first": "Getting used to it. Alone always came first, and the second time is often easier whoever is there.",
        "together first": "Growing tired of it. Together always came first, and later moments can be harder whoever is there.",
        "crossed": "Getting used to it: alone and together took turns, so this can do little here.",
    }
    found = [order[account.design.order]] if account.design.order in order else []
    if len(account.design.partners) < 2:
        found.append(
            "Somebody being there at all. Whether it was this person cannot be told without another, or a recording, for comparison."
        )
    if about.shared is None:
        found.append("Something shared. Nobody said whether both got the same; it can raise or calm both at once.")
    found.append("Something in the room that nobody wrote down, which calmed or stirred both at the same moments.")
    return [*found, _MOVED] if account.index != "arousal" else found

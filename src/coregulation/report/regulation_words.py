"""What the page says of who steadies whom in plain words: what the answer rests on, other explanations, claims it touches."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from coregulation.analysis.results import About
from coregulation.regulation.claims import Claim, behind, claim
from coregulation.regulation.composure import Composure
from coregulation.regulation.direction import DirectionAnswer
from coregulation.regulation.gate import VerdictKind
from coregulation.regulation.interval import Interval
from coregulation.regulation.recovery_comparison import RecoveryComparison
from coregulation.regulation.result import PairCoEscalation, RegulationResult
from coregulation.report.catalogue import Catalogue
from coregulation.report.rendering import say

STEADYING = frozenset(
    {
        VerdictKind.MUTUAL, VerdictKind.LENT, VerdictKind.ONE_WAY, VerdictKind.CO_DYSREGULATION, VerdictKind.LINKED_ONLY,
        VerdictKind.SELF_REGULATING,
    }
)  # fmt: skip  # kinds that say something about steadying
_ORDERS = {
    "alone first": "explain.alone-first", "together first": "explain.together-first", "crossed": "explain.crossed",
}  # fmt: skip
_CLAIM_COMPOSURE, _CLAIM_CO_ESCALATION, _CLAIM_LEDGER, _CLAIM_STAND_IN = 32, 34, 30, 67  # numbers in the list of claims


def details(regulation: RegulationResult, catalogue: Catalogue) -> Iterator[str]:
    """Yield, for the people, what the answer rests on."""
    text = catalogue.text
    for item in regulation.comparisons:
        yield _comparison(item, regulation.index, catalogue)
        if sum(item.censored):
            yield catalogue.plural("regulation.censored", sum(item.censored), person=item.person)
    yield from (say(note, catalogue) for note in regulation.notes)
    yield from (
        text(f"regulation.{_composure(item)}", person=item.person, moments=item.moments)
        for item in regulation.composure
    )
    yield from (_co_escalation(met, catalogue) for met in regulation.co_escalations)


def _comparison(item: RecoveryComparison, index: str, catalogue: Catalogue) -> str:
    """Return how long a person took alone and together, or the heights where these are too unlike for times to be compared."""
    facts: dict[str, Any] = {"person": item.person, "alone": item.counts[0], "together": item.counts[1], "index": index}
    if not item.comparable:
        return catalogue.text(
            "regulation.rises-unlike", alone_rise=item.rise, together_rise=item.rise_together, **facts
        )  # fmt: skip
    times = {"alone_time": _seconds(item.alone, catalogue), "together_time": _seconds(item.together, catalogue)}
    return catalogue.text("regulation.comparison", **facts, **times)


def small_differences(regulation: RegulationResult, catalogue: Catalogue) -> Iterator[str]:
    """Yield where the half-lives differ, and the answer is "no different" since they do so by less than its factor."""
    alike = {
        d.receiver: d.reason.facts["margin"]
        for pair in regulation.pairs
        for d in pair.directions
        if d.answer is DirectionAnswer.NO_DIFFERENT and d.reason is not None and "margin" in d.reason.facts
    }
    for item in regulation.comparisons:
        if item.person in alike and (item.ratio.below(1) or item.ratio.above(1)):
            yield catalogue.text(
                "regulation.small-difference", person=item.person, alone=item.alone.value, together=item.together.value,
                margin=alike[item.person],
            )  # fmt: skip


def _composure(item: Composure) -> str:
    """Return which sentence a person's composure has; it speaks of nobody else."""
    if item.rise.above(0):
        return "rose-too"
    return "stayed-steady" if item.rise.below(1) else "steady-unknown"


def _co_escalation(met: PairCoEscalation, catalogue: Catalogue) -> str:
    back = met.episode.time_to_repair
    key = "regulation.both-up-unrepaired" if back is None else "regulation.both-up"
    return catalogue.text(key, minute=met.episode.onset / 60, names=met.pair, back=back)


def _seconds(interval: Interval, catalogue: Catalogue) -> str:
    if not math.isfinite(interval.high):
        return catalogue.text("regulation.seconds-or-more", low=interval.low)
    return catalogue.text("regulation.seconds", value=interval.value, low=interval.low, high=interval.high)


def touched_claims(kind: VerdictKind, regulation: RegulationResult | None) -> tuple[Claim, ...]:
    """Return the claims that an answer touches, and those that its composure and co-escalations do, each once."""
    numbers = [item.number for item in behind(kind)]
    if regulation is not None:
        numbers += [_CLAIM_COMPOSURE] * bool(regulation.composure)
        numbers += [_CLAIM_CO_ESCALATION] * bool(regulation.co_escalations)
        numbers += [_CLAIM_LEDGER] * bool(regulation.effects)
        numbers += [_CLAIM_STAND_IN] * bool(regulation.design.partners - {"live"})
    return tuple(claim(number) for number in dict.fromkeys(numbers))


def explanations(regulation: RegulationResult, about: About) -> list[str]:
    """Return the keys of what else could explain a difference, or none, between alone and together."""
    keys = [_ORDERS[regulation.design.order]] if regulation.design.order in _ORDERS else []
    if len(regulation.design.partners) < 2:
        keys.append("explain.anybody")
    if about.shared is None:
        keys.append("explain.shared-unknown-calm")
    keys.append("explain.unnoticed-calm")
    return keys if regulation.index == "arousal" else [*keys, "explain.posture"]

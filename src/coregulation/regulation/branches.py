"""Two branches become one verdict: linkage and regulation stand side by side, and the kind follows from both.

A verdict of steadying never requires linkage, and linkage never gives one (REGULATION.md 1).
"""

from __future__ import annotations

from dataclasses import replace

from coregulation.regulation import words
from coregulation.regulation.direction import DirectionAnswer
from coregulation.regulation.pair_regulation import PairRegulation
from coregulation.regulation.verdict import Gate, GateState, Verdict, VerdictKind, moved_together

CARRY_OVER = Gate(
    "G6",
    GateState.CANNOT_TELL,
    "One visit says nothing of whether being steadied now makes it easier alone later.",
    "Five visits or more with the same hard moments, alone and together each time.",
)


def join_branches(linkage: Verdict, steadying: PairRegulation) -> Verdict:
    """Return one verdict from the two branches: gates G0 to G6, the kind, and both voices."""
    kind = _kind(linkage.kind, steadying.kind)
    gates = (*linkage.gates, *steadying.gates, CARRY_OVER)
    told = replace(steadying, kind=kind)
    if not steadying.directions:
        sentence = f"{linkage.measured} Verdict: {kind.value}; {words.untested(steadying)}."
        plain = f"{_before(linkage, steadying.kind) or linkage.plain} {words.refused(told)}"
        return replace(linkage, kind=kind, gates=gates, sentence=sentence, plain=plain)
    giver, receiver = _direction(told)
    sentence = f"{words.methods(told)} Linkage: {linkage.measured}"
    plain = words.plain(steadying, _before(linkage, steadying.kind))
    return Verdict(linkage.pair, kind, gates, sentence, plain, giver, receiver, linkage.measured)


def _before(linkage: Verdict, kind: VerdictKind) -> str:
    """Return what linkage says first: nothing, where the other branch has an answer of its own."""
    if kind not in (VerdictKind.SELF_REGULATING, VerdictKind.CANNOT_TELL):
        return ""
    if linkage.kind is VerdictKind.LINKED:
        return f"{moved_together(linkage.pair)} {words.TWO_THINGS}"
    return linkage.plain if linkage.kind is VerdictKind.IN_PARALLEL else ""


def without_regulation(linkage: Verdict) -> Verdict:
    """Return a linkage verdict with the gates of the other branch, where no block says who was alone and together."""
    why = (
        "No block says who was alone and who was together, so one's own return cannot be told from what the other adds."
    )
    plain = "There was no stretch alone, so we cannot know what each would have done without the other."
    settle = "Three minutes apart at the start of the next visit, then a hard moment each, alone and together."
    return replace(linkage, gates=(*linkage.gates, Gate("G4", GateState.CANNOT_TELL, why, settle, plain), CARRY_OVER))


def _kind(linkage: VerdictKind, steadying: VerdictKind) -> VerdictKind:
    if steadying is VerdictKind.CANNOT_TELL:
        return linkage
    if steadying is not VerdictKind.SELF_REGULATING:
        return steadying
    if linkage is VerdictKind.LINKED:
        return VerdictKind.LINKED_ONLY
    return VerdictKind.IN_PARALLEL if linkage is VerdictKind.IN_PARALLEL else steadying


def _direction(told: PairRegulation) -> tuple[str | None, str | None]:
    if told.kind not in (VerdictKind.LENT, VerdictKind.ONE_WAY):
        return None, None
    return next((d.giver, d.receiver) for d in told.directions if d.answer is DirectionAnswer.SOONER)

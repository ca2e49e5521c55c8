"""What can be said of two or more people: decided here, once, for pairs and groups.

From quality (G0) two branches start. Linkage asks for beyond each one's own dynamics (G1), beyond the scripted input (G2) and
direction (G3). Regulation (G4 to G6) asks who settles sooner with whom. A verdict of steadying never requires linkage, and linkage
never gives one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coregulation.analysis import linkage_gates
from coregulation.analysis.linkage_gates import LinkageTest, SessionContext, strongest
from coregulation.analysis.linkage_statements import linkage_evidence, linkage_statements
from coregulation.analysis.verdict_reasons import LinkageEvidence, LinkageStatement
from coregulation.errors import UsageError, nearest_names
from coregulation.reasons import Reason, because
from coregulation.regulation.direction import DirectionAnswer
from coregulation.regulation.gate import Gate, GateState, Question, VerdictKind
from coregulation.regulation.natural.answer import CLAIMS, NaturalDirection, NaturalState
from coregulation.regulation.natural.statements import natural_evidence, natural_gate, natural_statements
from coregulation.regulation.pair_regulation import PairRegulation
from coregulation.regulation.reason_codes import CarryOver, Refusal, Settle, Statement
from coregulation.regulation.statements import evidence, statements

_BELOW_NATURAL = frozenset({VerdictKind.CANNOT_TELL, VerdictKind.LINKED, VerdictKind.IN_PARALLEL})
"""Kinds that leave open who steadies whom; an ordinary hour may say more than they do, and less than any other kind."""
CARRY_OVER = Gate(
    Question.CARRY_OVER, GateState.CANNOT_TELL, because(CarryOver.ONE_VISIT), because(Settle.MORE_VISITS)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of two or more people.

    Parameters
    ----------
    people
        Whom it is about, in the session's order.
    kind
        What they can be said to be.
    gates
        Every question that was asked, in order.
    statements
        What the people are told, a sentence each.
    evidence
        What a methods section is told, a sentence each.
    linkage
        What the linkage branch alone says.
    context
        What was said about the session.
    giver, receiver
        Who steadied whom, where it went one way.
    """

    people: tuple[str, ...]
    kind: VerdictKind
    gates: tuple[Gate, ...]
    statements: tuple[Reason, ...]
    evidence: tuple[Reason, ...]
    linkage: VerdictKind
    context: SessionContext
    giver: str | None = None
    receiver: str | None = None

    @property
    def is_group(self) -> bool:
        """Whether it is about three or more people together."""
        return len(self.people) > 2

    def gate(self, name: str) -> Gate:
        """Return a gate.

        Parameters
        ----------
        name
            Its name, such as "G1" or "G4 giver → receiver".

        Returns
        -------
        Gate
            The gate.

        Raises
        ------
        UsageError
            If there is no such gate; it names those there are.
        """
        for gate in self.gates:
            if gate.name == name:
                return gate
        known = [gate.name for gate in self.gates]
        raise UsageError(
            "There is no gate {name!r}. Did you mean {near:or}?", name=name, near=nearest_names(name, known)
        )


def linkage_verdict(
    people: Sequence[str],
    context: SessionContext,
    quality: Gate,
    own: Sequence[LinkageTest],
    script: Sequence[LinkageTest],
) -> Verdict:
    """Answer the linkage branch for two or more people.

    Parameters
    ----------
    people
        Whom it is about.
    context
        What was said about the session.
    quality
        Gate G0, from the recordings.
    own
        Each signal's test beyond own dynamics.
    script
        The same beyond the scripted input; empty where nobody else lived through the same.

    Returns
    -------
    Verdict
        With gates G0 to G3.

    References
    ----------
    Butler EA, Randall AK (2013), Emotion Review 5:202, doi:10.1177/1754073912451630
    """
    people = tuple(people)
    group = len(people) > 2
    own_gate = linkage_gates.own_dynamics_gate(own, group)
    script_gate = linkage_gates.scripted_input_gate(context, script, group)
    lead = linkage_gates.lead_gate(own_gate, script_gate, strongest(own), group)
    gates = (quality, own_gate, script_gate, lead)
    kind = _linkage_kind(quality, own_gate, script_gate, context)
    statements_of_linkage = linkage_statements(people, gates, context, own)
    known = (*linkage_evidence(people, own, script, lead), because(LinkageEvidence.KIND, kind=kind.value))
    return Verdict(
        people, kind, gates, statements_of_linkage, (*known, because(LinkageEvidence.STEADYING_NOT_TESTED)), kind, context
    )  # fmt: skip


def _linkage_kind(quality: Gate, own: Gate, script: Gate, context: SessionContext) -> VerdictKind:
    if context.guides and quality.state is GateState.PASSED:
        return VerdictKind.IN_PARALLEL  # a steady rhythm is as much alike at any other time, so G1 is blind to it
    if quality.state is not GateState.PASSED or own.state is not GateState.PASSED:
        return VerdictKind.CANNOT_TELL
    if script.state is GateState.PASSED:
        return VerdictKind.LINKED
    return VerdictKind.IN_PARALLEL if script.state is GateState.FAILED else VerdictKind.CANNOT_TELL


def join_branches(linkage: Verdict, regulation: PairRegulation) -> Verdict:
    """Join what linkage and regulation say of a pair: gates G0 to G6, and the kind that follows from both.

    Parameters
    ----------
    linkage
        The linkage branch of a pair.
    regulation
        The regulation branch of the same pair.

    Returns
    -------
    Verdict
        Of both.
    """
    kind = _joined_kind(linkage.kind, regulation.kind)
    before = _before(linkage, regulation)
    giver, receiver = _one_direction(replace(regulation, kind=kind))
    numbers = linkage.evidence[:-2]  # without the linkage branch's own kind and the remark that nothing else was tested
    return replace(
        linkage, kind=kind, gates=(*linkage.gates, *regulation.gates, CARRY_OVER),
        statements=statements(regulation, before), evidence=(*evidence(regulation, kind), *numbers),
        giver=giver, receiver=receiver,
    )  # fmt: skip


def _before(linkage: Verdict, regulation: PairRegulation) -> tuple[Reason, ...]:
    """Return what linkage says first: nothing, where the other branch has an answer of its own."""
    if regulation.kind not in (VerdictKind.SELF_REGULATING, VerdictKind.CANNOT_TELL):
        return ()
    if linkage.kind is VerdictKind.LINKED:
        linked = [statement for statement in linkage.statements if statement.code == LinkageStatement.LINKED]
        return (*linked, because(Statement.TWO_THINGS))
    if linkage.kind is VerdictKind.IN_PARALLEL or not regulation.directions:
        return linkage.statements
    return ()


def without_regulation(linkage: Verdict) -> Verdict:
    """Return a pair's linkage verdict with the other branch's gates, where no block says who was alone and together.

    Parameters
    ----------
    linkage
        The linkage branch of a pair.

    Returns
    -------
    Verdict
        With gates G4 and G6 open.
    """
    recovery = Gate(
        Question.RECOVERY, GateState.CANNOT_TELL, because(Refusal.NO_BLOCKS), because(Settle.REST_APART_AND_MOMENTS)
    )
    return replace(linkage, gates=(*linkage.gates, recovery, CARRY_OVER))


def join_natural(verdict: Verdict, directions: Sequence[NaturalDirection]) -> Verdict:
    """Add what natural mode says of a pair: two gates, and a kind of its own where nothing else says who steadies whom.

    Parameters
    ----------
    verdict
        Of linkage and regulation.
    directions
        Of the same pair; () leaves the verdict as it is.

    Returns
    -------
    Verdict
        Below every kind that time alone or a stressor gave.
    """
    if not directions:
        return verdict
    verdict = replace(
        verdict, gates=(*verdict.gates, *map(natural_gate, directions)),
        evidence=(*verdict.evidence, *(item for direction in directions for item in natural_evidence(direction))),
    )  # fmt: skip
    claimed = sorted((d for d in directions if d.state in CLAIMS), key=lambda d: d.adjusted)
    if not claimed or verdict.kind not in _BELOW_NATURAL:
        return verdict
    first, alike = claimed[0], len(claimed) > 1 and claimed[0].state is claimed[1].state
    sooner = first.state is NaturalState.SOONER
    kind = VerdictKind.SOONER_WHEN_SETTLED if sooner else VerdictKind.LATER_WHEN_SETTLED
    return replace(
        verdict, kind=kind, evidence=tuple(_of_kind(item, kind) for item in verdict.evidence),
        statements=(*natural_statements(directions), *verdict.statements),
        giver=None if alike else first.giver, receiver=None if alike else first.receiver,
    )  # fmt: skip


def _of_kind(item: Reason, kind: VerdictKind) -> Reason:
    """Return a statement of the kind with another kind; any other as it is."""
    return Reason(item.code, {**item.facts, "kind": kind.value}) if "kind" in item.facts else item


def _joined_kind(linkage: VerdictKind, regulation: VerdictKind) -> VerdictKind:
    if regulation is VerdictKind.CANNOT_TELL:
        return linkage
    if regulation is not VerdictKind.SELF_REGULATING:
        return regulation
    if linkage is VerdictKind.LINKED:
        return VerdictKind.LINKED_ONLY
    return VerdictKind.IN_PARALLEL if linkage is VerdictKind.IN_PARALLEL else regulation


def _one_direction(regulation: PairRegulation) -> tuple[str | None, str | None]:
    if regulation.kind not in (VerdictKind.LENT, VerdictKind.ONE_WAY):
        return None, None
    return next((d.giver, d.receiver) for d in regulation.directions if d.answer is DirectionAnswer.SOONER)

"""From what was computed to verdicts: of each pair, and of everybody where three or more can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from coregulation.analysis.finding import Finding
from coregulation.analysis.linkage_gates import LinkageTest, SessionContext, group_quality_gate, pair_quality_gate
from coregulation.analysis.linkage_statements import statements_of_pairs
from coregulation.analysis.person_reasons import QualityReason
from coregulation.analysis.results import About, GroupFinding
from coregulation.analysis.verdict import Verdict, join_branches, join_natural, linkage_verdict, without_regulation
from coregulation.analysis.verdict_reasons import QualityGate
from coregulation.coupling.inference import Coupling
from coregulation.reasons import Reason, because
from coregulation.regulation.gate import Gate, GateState

Channels = dict[str, tuple[str, ...]]

TURNS_OF_SPEECH = "turns of speech"  # as something that was shared


def session_context(about: About) -> SessionContext:
    """Return what was said about a session that linkage depends on.

    Parameters
    ----------
    about
        What was said about it.

    Returns
    -------
    SessionContext
        With the guides of what was compared.
    """
    return SessionContext(
        _shared_input(about),
        apart=about.setting == "apart",
        alone_block=any(block.kind.startswith("alone") for block in about.blocks),
        guides=about.guides,
    )


def _shared_input(about: About) -> tuple[str, ...] | None:
    """Return what everybody got at once; who takes turns in speaking shares the conversation, which moves every body."""
    speakers = {turn.person for turn in about.turns or ()}
    return about.shared if about.shared is None or len(speakers) < 2 else (*about.shared, TURNS_OF_SPEECH)


def tests_of(owners: Sequence[Coupling | GroupFinding], adjusted: dict[int, float]) -> list[LinkageTest]:
    """Return couplings or groups as tests of linkage.

    Parameters
    ----------
    owners
        Primary answers to one question.
    adjusted
        Adjusted p by `id` of the owner, as `Finding.adjusted_ps` gives it.

    Returns
    -------
    list of LinkageTest
        In the same order.
    """
    return [
        LinkageTest(
            owner.signal, owner.statistic, len(owner.nulls), owner.p, adjusted.get(id(owner)), owner.refused,
            owner.estimate if isinstance(owner, Coupling) else None,
            owner.measure.title if isinstance(owner, Coupling) else None,
            owner.equivalence if isinstance(owner, Coupling) else None,
        )
        for owner in owners
    ]  # fmt: skip


def decide_pairs(finding: Finding, channels: Channels) -> Iterator[Verdict]:
    """Decide for each pair.

    Parameters
    ----------
    finding
        With couplings, qualities and the regulation branch.
    channels
        Which comparable channels each person has, by name.

    Yields
    ------
    Verdict
        Of each pair, in the session's order.
    """
    context, adjusted = session_context(finding.about), finding.adjusted_ps()
    people = tuple(channels)
    for at, first in enumerate(people):
        for second in people[at + 1 :]:
            pair = (first, second)
            own, script = (tests_of(finding.of(pair, gate), adjusted) for gate in ("G1", "G2"))
            quality = _pair_quality(finding, pair, own, channels)
            linkage = linkage_verdict(pair, context, quality, own, script)
            joined = (
                without_regulation(linkage)
                if finding.regulation is None
                else join_branches(linkage, finding.regulation.of(pair))
            )
            yield join_natural(joined, () if finding.natural is None else finding.natural.directions)


def decide_group(finding: Finding) -> Verdict | None:
    """Decide for all people of a session together.

    Parameters
    ----------
    finding
        With groups and qualities.

    Returns
    -------
    Verdict or None
        None where fewer than three people can be compared.
    """
    if not finding.groups:
        return None
    adjusted = finding.adjusted_ps()
    groups = [group for group in finding.groups if group.gate == "G1"]
    own = tests_of(groups, adjusted)
    script = tests_of([group for group in finding.groups if group.gate == "G2"], adjusted)
    people = tuple(dict.fromkeys(who for group in groups for who in group.people))
    compared = max((len(group.people) for group in groups if group.p is not None), default=0)
    quality = group_quality_gate(own, compared, sum(1 for quality in finding.qualities if quality.refused))
    return linkage_verdict(people, session_context(finding.about), quality, own, script)


def with_pairs(group: Verdict | None, pairs: Sequence[Verdict]) -> Verdict | None:
    """Add to the answer for a whole group what its single pairs say, where the two answers differ.

    Parameters
    ----------
    group
        From `decide_group`; None where there is none.
    pairs
        The verdict of each pair, the strongest first.

    Returns
    -------
    Verdict or None
        With one statement more, or as it came.
    """
    if group is None or group.context.guides or group.gate("G0").state is not GateState.PASSED:
        return group
    own = [(pair.people, pair.gate("G1")) for pair in pairs]
    return replace(group, statements=(*group.statements, *statements_of_pairs(group.gate("G1"), own)))


def _pair_quality(finding: Finding, pair: tuple[str, str], own: Sequence[LinkageTest], channels: Channels) -> Gate:
    coverages = [coupling.coverage for coupling in finding.of(pair, "G1")]
    refused = [
        because(QualityReason.REFUSED, person=q.person, channel=q.channel, why=q.refused)
        for q in finding.qualities
        if q.refused and q.person in pair
    ]
    return pair_quality_gate(own, coverages, refused, [_has(who, channels[who]) for who in pair])


def _has(person: str, channels: tuple[str, ...]) -> Reason:
    if not channels:
        return because(QualityGate.HAS_NOTHING, person=person)
    return because(QualityGate.HAS_SIGNALS, person=person, signals=channels)

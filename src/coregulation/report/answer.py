"""The answer that a page begins with: of the group where three or more people can be compared, else of the pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coregulation.analysis.results import Finding, GroupFinding, strongest_first
from coregulation.regulation.verdict import ALPHA, Gate, GateState, Verdict, VerdictKind
from coregulation.report import sentences


@dataclass(frozen=True, slots=True)
class OverallAnswer:
    """What is said first: of whom, which kind, by which gates, in two voices."""

    people: tuple[str, ...]
    kind: VerdictKind
    gates: tuple[Gate, ...]
    sentence: str
    plain: str


def overall_answer(finding: Finding) -> OverallAnswer:
    """Return the answer of a session."""
    if finding.groups:
        return _of_group(finding)
    verdict = strongest_first(finding, 1)[0]
    return answer_of_pair(verdict)


def answer_of_pair(verdict: Verdict) -> OverallAnswer:
    """Return a pair's verdict as an answer."""
    return OverallAnswer(verdict.pair, verdict.kind, verdict.gates, verdict.sentence, verdict.plain)


def _of_group(finding: Finding) -> OverallAnswer:
    adjusted = finding.adjusted_ps()
    own = [group for group in finding.groups if group.gate == "G1"]
    script = [group for group in finding.groups if group.gate == "G2"]
    people = tuple(dict.fromkeys(who for group in own for who in group.people))
    gates = (
        _quality(finding, own),
        _beyond_own(own, adjusted),
        _beyond_script(finding, script, adjusted),
        _direction(),
    )
    kind = _kind(gates)
    return OverallAnswer(
        people, kind, gates, sentences.group_sentence(finding, people, kind, adjusted),
        sentences.group_plain(people, gates, finding.about),
    )  # fmt: skip


def _quality(finding: Finding, own: Sequence[GroupFinding]) -> Gate:
    if all(group.p is None for group in own):
        why = "; ".join(f"{group.signal}: {group.refused}" for group in own if group.refused)
        return Gate("G0", GateState.CANNOT_TELL, f"{why}.", sentences.SETTLE_QUALITY)
    refused = [q for q in finding.qualities if q.refused]
    left = f" Recordings left out: {len(refused)}." if refused else ""
    compared = max(len(group.people) for group in own if group.p is not None)
    return Gate("G0", GateState.PASSED, f"{compared} people could be compared.{left}")


def _beyond_own(own: Sequence[GroupFinding], adjusted: Mapping[int, float]) -> Gate:
    best = _smallest(own, adjusted)
    if best is None:
        return Gate("G1", GateState.CANNOT_TELL, "Too little was recorded of all at once.", sentences.SETTLE_QUALITY)
    p = adjusted[id(best)]
    why = sentences.group_own(best, p)
    if p <= ALPHA:
        return Gate("G1", GateState.PASSED, why)
    return Gate("G1", GateState.FAILED, why, sentences.SETTLE_LENGTH)


def _beyond_script(finding: Finding, script: Sequence[GroupFinding], adjusted: Mapping[int, float]) -> Gate:
    about = finding.about
    if about.setting == "apart":
        return Gate("G2", GateState.FAILED, sentences.APART)
    best = _smallest(script, adjusted)
    if best is not None:
        p = adjusted[id(best)]
        why = sentences.group_script(best, p)
        return (
            Gate("G2", GateState.PASSED, why)
            if p <= ALPHA
            else Gate("G2", GateState.FAILED, why, sentences.SETTLE_MORE)
        )
    if about.shared == ():
        return Gate("G2", GateState.PASSED, sentences.NOTHING_SHARED)
    refused = next((group.refused for group in script if group.refused), None)
    return Gate("G2", GateState.CANNOT_TELL, sentences.cannot_separate(about.shared, refused), sentences.SETTLE_SCRIPT)


def _direction() -> Gate:
    return Gate("G3", GateState.CANNOT_TELL, sentences.NO_GROUP_LEADER)


def _smallest(groups: Sequence[GroupFinding], adjusted: Mapping[int, float]) -> GroupFinding | None:
    answered = [group for group in groups if id(group) in adjusted]
    return min(answered, key=lambda group: adjusted[id(group)], default=None)


def _kind(gates: Sequence[Gate]) -> VerdictKind:
    quality, own, script, _ = gates
    if quality.state is not GateState.PASSED or own.state is not GateState.PASSED:
        return VerdictKind.CANNOT_TELL
    if script.state is GateState.PASSED:
        return VerdictKind.LINKED
    return VerdictKind.IN_PARALLEL if script.state is GateState.FAILED else VerdictKind.CANNOT_TELL

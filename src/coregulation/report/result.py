"""`result.json`: everything that was found, documented and versioned, with a JSON Schema beside it.

Fields may be added within a version; none is removed or changes its meaning. What is not a finite number is null.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from coregulation.analysis.finding import Finding
from coregulation.analysis.results import SCHEMA, BlockContrast, BlockLinkage, GroupFinding, Quality
from coregulation.analysis.verdict import Verdict
from coregulation.coupling.inference import Coupling
from coregulation.coupling.settings import LINKAGE
from coregulation.io.json_schemas import even_descriptions
from coregulation.regulation.gate import Gate, GateState, VerdictKind
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.multiverse_output import ComparisonWayResult, ways_of
from coregulation.report.natural_output import NaturalOutput, natural_output
from coregulation.report.person_result import BodyResult, body_result
from coregulation.report.plain_values import finite, plain
from coregulation.report.regulation_output import RegulationOutput, regulation_output
from coregulation.report.rendering import say_all, sentence
from coregulation.report.secondary_output import SecondaryMeasureResult, SecondaryTestResult, described, tested

Interval = tuple[float | None, float | None]
Pair = tuple[str, str]
Share = Annotated[float, Meta(ge=0, le=1)]


class PersonResult(msgspec.Struct, frozen=True):
    """Somebody, by the name given, and the role if one was given."""

    id: str
    role: str | None


class QualityResult(msgspec.Struct, frozen=True):
    """One channel of one person: rate in Hz (null for beats), lengths in s, coverage as a share."""

    person: str
    channel: str
    rate: float | None
    seconds: float | None
    coverage: Share | None
    gaps: int
    longest_gap: float | None
    remarks: list[str]
    refused: str | None


class CouplingResult(msgspec.Struct, frozen=True):
    """What one measure says of one signal of one pair, compared with one null.

    `statistic` is the largest studentised |mean z| over lags, in units of what the two series give by chance. `value` is a mean
    correlation (−1 to 1) at `lag` (s, never negative), where that is largest; its `interval` does not allow for the choice of the
    lag. `leader` is who comes first, null unless the pair is linked. `value_at_zero` is the mean correlation at lag 0, and
    `declared_value` that at a lag fixed beforehand (`declared_lag`, s, positive: the first of the pair leads) with its 95 %
    interval. `difference_from_others` is Fisher's z at that lag less the mean of the pseudo-dyads, with its 90 % interval; gate G2
    fails only where that lies within ±0.15. `lag_interval` is signed:
    positive means that the first of the pair leads. `lag_uncertainty` is what the clocks leave open (s, one standard
    deviation), null where nobody stated the clocks. `p` is null where it is refused, and `refused` says why. `adjusted` is p
    adjusted over all primary answers to the same gate, by the largest studentised statistic of one joint randomisation (Westfall &
    Young 1993).
    """

    pair: Pair
    signal: str
    measure: str
    settings: dict[str, Any]
    null: str | None
    n_null: int
    gate: Literal["G1", "G2"]
    primary: bool
    statistic: float | None
    value: float | None
    interval: Interval | None
    p: Share | None
    adjusted: Share | None
    leader: str | None
    lag: float | None
    lag_interval: Interval | None
    lag_uncertainty: float | None
    value_at_zero: float | None
    declared_lag: float | None
    declared_value: float | None
    declared_interval: Interval | None
    difference_from_others: float | None
    difference_interval: Interval | None
    windows: float | None
    coverage: Share | None
    seed: int
    refused: str | None


class BlockResult(msgspec.Struct, frozen=True):
    """Linkage of a pair in one block (start and end in s), at the lag found over the whole session; secondary."""

    pair: Pair
    signal: str
    block: str
    start: float
    end: float
    value: float | None
    interval: Interval
    windows: int


class ContrastResult(msgspec.Struct, frozen=True):
    """How much stronger linkage is in the second block than in the first, in units of Fisher's z; secondary."""

    pair: Pair
    signal: str
    blocks: tuple[str, str]
    difference: float | None
    interval: Interval


class WithoutResult(msgspec.Struct, frozen=True):
    """A group's statistic with one person left out, and its p by the same surrogates."""

    person: str
    statistic: float | None
    p: Share | None


class GroupResult(msgspec.Struct, frozen=True):
    """Three or more people at once: the largest, over lags, of the studentised |mean z over all pairs|, and its own null.

    `matrix` holds each pair's statistic in the order of `people`; null on the diagonal and where refused.
    """

    people: list[str]
    signal: str
    gate: Literal["G1", "G2"]
    statistic: float | None
    null: str
    n_null: int
    p: Share | None
    adjusted: Share | None
    matrix: list[list[float | None]]
    without: list[WithoutResult]
    refused: str | None


class GateResult(msgspec.Struct, frozen=True):
    """One question, how it was answered, why, and what would settle it next time."""

    name: str
    state: GateState
    code: str
    facts: dict[str, Any]
    why: str
    settle: str


class VerdictResult(msgspec.Struct, frozen=True):
    """What can be said of a pair: `sentence` for a methods section, `plain` for the people who were there."""

    pair: Pair
    kind: VerdictKind
    giver: str | None = msgspec.field(name="from")
    receiver: str | None = msgspec.field(name="to")
    gates: list[GateResult]
    sentence: str
    plain: str


class AnswerResult(msgspec.Struct, frozen=True):
    """The answer that the page begins with: of the group where there are three or more people, else of the pair; null of one."""

    people: list[str]
    kind: VerdictKind
    gates: list[GateResult]
    sentence: str
    plain: str


class ProvenanceResult(msgspec.Struct, frozen=True):
    """Enough to do it again. `shared` is null where nobody said whether something was shared."""

    version: str
    seeds: dict[str, int]
    settings: dict[str, Any]
    libraries: dict[str, str]
    pseudo_sessions: int
    simulated: bool
    shared: list[str] | None


class SessionResult(msgspec.Struct, frozen=True):
    """What was said about the session."""

    id: str
    task: str | None
    date: str | None
    setting: str | None


class Result(msgspec.Struct, frozen=True):
    """An answer of `coregulation`, whole."""

    schema: Literal["coregulation.result/2"]
    session: SessionResult
    people: list[PersonResult]
    quality: list[QualityResult]
    answer: AnswerResult | None
    couplings: list[CouplingResult]
    blocks: list[BlockResult]
    contrasts: list[ContrastResult]
    descriptions: list[SecondaryMeasureResult]
    measures: list[SecondaryTestResult]
    multiverse: list[ComparisonWayResult]
    groups: list[GroupResult]
    verdicts: list[VerdictResult]
    bodies: list[BodyResult]
    regulation: RegulationOutput | None
    natural: NaturalOutput | None
    provenance: ProvenanceResult


def result_of(finding: Finding) -> Result:
    """Return a finding as it is written to `result.json`."""
    about = finding.about
    adjusted = finding.adjusted_ps()
    return Result(
        schema=SCHEMA,  # type: ignore[arg-type]  # the one version there is
        session=SessionResult(about.id, about.task, about.date.isoformat() if about.date else None, about.setting),
        people=[PersonResult(person.id, person.role) for person in about.people],
        quality=[_quality(quality) for quality in finding.qualities],
        answer=_answer(finding.answer) if finding.answer is not None else None,
        couplings=[_coupling(c, adjusted.get(id(c))) for c in finding.couplings],
        blocks=[_block(block) for block in finding.blocks],
        contrasts=[_contrast(contrast) for contrast in finding.contrasts],
        descriptions=described(finding),
        measures=tested(finding),
        multiverse=ways_of(finding),
        groups=[_group(group, adjusted.get(id(group))) for group in finding.groups],
        verdicts=[_verdict(verdict) for verdict in finding.verdicts],
        bodies=[body_result(body) for body in finding.bodies],
        regulation=regulation_output(finding.regulation),
        natural=natural_output(finding.natural),
        provenance=_provenance(finding),
    )


def to_json(result: Result) -> bytes:
    """Return a result as indented UTF-8 JSON."""
    return msgspec.json.format(msgspec.json.encode(result), indent=1)


def json_schema() -> bytes:
    """Return the JSON Schema of `result.json`, as it is shipped beside this file."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Result)}
    return (json.dumps(even_descriptions(schema), indent=1, ensure_ascii=False) + "\n").encode()


def _interval(interval: tuple[float, float]) -> Interval:
    return finite(interval[0]), finite(interval[1])


def _quality(quality: Quality) -> QualityResult:
    return QualityResult(
        quality.person, quality.channel, finite(quality.rate), finite(quality.seconds), finite(quality.coverage),
        quality.gaps, finite(quality.longest_gap), [sentence(remark) for remark in quality.remarks],
        sentence(quality.refused) if quality.refused is not None else None,
    )  # fmt: skip


def named_leader(coupling: Coupling, adjusted: float | None) -> str | None:
    """Return who comes first, where the pair is linked; without linkage nobody leads.

    Parameters
    ----------
    coupling
        Of a pair.
    adjusted
        Its adjusted p; None where there is none.

    Returns
    -------
    str or None
        A pseudonym.
    """
    linked = adjusted is not None and adjusted <= LINKAGE.alpha
    return coupling.estimate.leader if linked and coupling.estimate is not None else None


def _coupling(coupling: Coupling, adjusted: float | None) -> CouplingResult:
    estimate, equivalence = coupling.estimate, coupling.equivalence
    declared = estimate.declared if estimate else None
    return CouplingResult(
        pair=coupling.pair, signal=coupling.signal, measure=type(coupling.measure).__name__,
        settings=plain(coupling.measure), null=coupling.null, n_null=len(coupling.nulls),
        gate=coupling.gate,  # type: ignore[arg-type]  # a coupling has no other gate
        primary=coupling.primary, statistic=finite(coupling.statistic),
        value=finite(estimate.value) if estimate else None,
        interval=_interval(estimate.interval) if estimate else None,
        p=coupling.p, adjusted=adjusted,
        leader=named_leader(coupling, adjusted),
        lag=finite(estimate.lag) if estimate else None,
        lag_interval=_interval(estimate.lag_interval) if estimate else None,
        lag_uncertainty=finite(estimate.clock_sd) if estimate else None,
        value_at_zero=finite(estimate.at_zero) if estimate else None,
        declared_lag=finite(declared.lag) if declared else None,
        declared_value=finite(declared.value) if declared else None,
        declared_interval=_interval(declared.interval) if declared else None,
        difference_from_others=finite(equivalence.difference) if equivalence else None,
        difference_interval=_interval(equivalence.interval) if equivalence else None,
        windows=finite(coupling.windows), coverage=finite(coupling.coverage), seed=coupling.seed,
        refused=sentence(coupling.refused) if coupling.refused is not None else None,
    )  # fmt: skip


def _block(block: BlockLinkage) -> BlockResult:
    return BlockResult(
        block.pair, block.signal, block.block, block.window.start, block.window.end, finite(block.value),
        _interval(block.interval), block.windows,
    )  # fmt: skip


def _contrast(contrast: BlockContrast) -> ContrastResult:
    return ContrastResult(
        contrast.pair, contrast.signal, contrast.blocks, finite(contrast.difference), _interval(contrast.interval)
    )


def _group(group: GroupFinding, adjusted: float | None) -> GroupResult:
    return GroupResult(
        people=list(group.people), signal=group.signal,
        gate=group.gate,  # type: ignore[arg-type]  # a group has no other gate
        statistic=finite(group.statistic), null=group.null, n_null=len(group.nulls), p=group.p, adjusted=adjusted,
        matrix=[[finite(value) for value in row] for row in group.matrix.tolist()],
        without=[WithoutResult(who, finite(value), p) for who, (value, p) in group.without.items()],
        refused=sentence(group.refused) if group.refused is not None else None,
    )  # fmt: skip


def _gates(gates: tuple[Gate, ...]) -> list[GateResult]:
    return [_gate(gate) for gate in gates]


def _gate(gate: Gate) -> GateResult:
    settle = "" if gate.settle is None else sentence(gate.settle)
    facts = plain(gate.reason.as_plain()["facts"])
    return GateResult(gate.name, gate.state, gate.reason.code, facts, sentence(gate.reason), settle)


def _verdict(verdict: Verdict) -> VerdictResult:
    return VerdictResult(
        (verdict.people[0], verdict.people[1]), verdict.kind, verdict.giver, verdict.receiver, _gates(verdict.gates),
        *_spoken(verdict),
    )  # fmt: skip


def _answer(verdict: Verdict) -> AnswerResult:
    return AnswerResult(list(verdict.people), verdict.kind, _gates(verdict.gates), *_spoken(verdict))


def _spoken(verdict: Verdict) -> tuple[str, str]:
    catalogue = Catalogue()
    return say_all(verdict.evidence, catalogue, Voice.METHODS), say_all(verdict.statements, catalogue)


def _provenance(finding: Finding) -> ProvenanceResult:
    source, about = finding.provenance, finding.about
    return ProvenanceResult(
        source.version, {"analysis": source.seed}, plain(source.settings), dict(source.libraries),
        source.pseudo_sessions, about.simulated, None if about.shared is None else list(about.shared),
    )  # fmt: skip

"""The part of `result.json` that is about each person alone."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from coregulation.analysis.person import PersonFinding
from coregulation.physiology.estimate import Estimate
from coregulation.physiology.judged_beats import Artefact, BeatClass
from coregulation.physiology.states import STATE_NAMES, State
from coregulation.report.catalogue import Catalogue
from coregulation.report.person_words import control_text
from coregulation.report.rendering import sentence

Share = Annotated[float, Meta(ge=0, le=1)]


class MeasureResult(msgspec.Struct, frozen=True):
    """One number of one body in one span (start and end in s); where there is none, `value` is null and `why` says why.

    `interval` is of the process behind the span; `surrounding`, of some means, is of what surrounds it (see `Estimate`).
    """

    span: str
    start: float
    end: float
    measure: str
    value: float | None
    unit: str
    interval: tuple[float | None, float | None] | None
    why: str
    surrounding: tuple[float | None, float | None] | None = None


class BeatsResult(msgspec.Struct, frozen=True):
    """What a person's beats come from and what is wrong with them; `lost` are spans (s) in which a waveform could not be read.

    `kinds` counts the beats by what is wrong, `classes` by where they come from; `share` is that of those that enter no variability; `by_hand` counts corrections by a person.
    """

    source: Literal["beats", "ecg", "ppg"]
    variability: Literal["HRV", "PRV"] | None
    count: int
    share: Share
    kinds: dict[str, int]
    classes: dict[str, int]
    lost: list[tuple[float, float]]
    by_hand: int
    refused: str | None


class BaselineResult(msgspec.Struct, frozen=True):
    """What arousal is told against: a span (s), what it is called, and whether it was marked as a rest."""

    start: float
    end: float
    kind: str
    marked: bool


class ArousalResult(msgspec.Struct, frozen=True):
    """What arousal is made of, against what, whether a pacer took breath and RSA out of it, and what to keep in mind."""

    inputs: list[str]
    zero: BaselineResult
    paced: bool
    note: str


class StateResult(msgspec.Struct, frozen=True):
    """30 s (start and end in s) with a label, where a rule and a model agree on one; `probability` is the model's."""

    start: float
    end: float
    state: State
    why: str
    by_rule: State
    by_model: State
    probability: dict[str, Share]
    arousal: float | None


class BodyResult(msgspec.Struct, frozen=True):
    """One person alone. `speech` are the spans (s) in which the person speaks, null where it is not known. `control` is that of RSA; `unknown` says what cannot be told, and why."""

    person: str
    beats: BeatsResult | None
    breath_source: str | None
    control: str | None
    responder: bool | None
    arousal: ArousalResult | None
    measures: list[MeasureResult]
    states: list[StateResult]
    excluded: list[tuple[float, float]]
    speech: list[tuple[float, float]] | None
    remarks: list[str]
    unknown: dict[str, str]


def body_result(person_finding: PersonFinding) -> BodyResult:
    """Return a person's finding as it is written."""
    return BodyResult(
        person=person_finding.person,
        beats=_beats(person_finding),
        breath_source=person_finding.body.breath_source if person_finding.body else None,
        control=control_text(person_finding, Catalogue()) if person_finding.control else None,
        responder=person_finding.skin.responder if person_finding.skin else None,
        arousal=_arousal(person_finding),
        measures=[
            _measure(span.label, span.window.start, span.window.end, name, measured)
            for span in person_finding.spans
            for name, measured in span.measures.items()
        ],
        states=_states(person_finding),
        excluded=[(span.start, span.end) for span in person_finding.excluded],
        speech=None if person_finding.speech is None else [(span.start, span.end) for span in person_finding.speech],
        remarks=list(map(sentence, person_finding.remarks)),
        unknown={what: sentence(why) for what, why in person_finding.unknown.items()},
    )


def _measure(span: str, start: float, end: float, name: str, measured: Estimate) -> MeasureResult:
    why = sentence(measured.why) if measured.why is not None else ""
    bounds, around = _bounds(measured.interval), _bounds(measured.surrounding)
    return MeasureResult(span, start, end, name, _finite(measured.value), measured.unit, bounds, why, around)


def _bounds(interval: tuple[float, float] | None) -> tuple[float | None, float | None] | None:
    return (_finite(interval[0]), _finite(interval[1])) if interval else None


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _beats(person_finding: PersonFinding) -> BeatsResult | None:
    if person_finding.heart is None:
        return None
    cleaned = person_finding.heart.cleaned
    return BeatsResult(
        source=person_finding.heart.source,  # type: ignore[arg-type]  # there are no others
        variability=person_finding.variability,  # type: ignore[arg-type]
        count=len(cleaned.beats),
        share=cleaned.share,
        classes={kind.value: cleaned.count_class(kind) for kind in BeatClass if cleaned.count_class(kind)},
        kinds={kind.value: cleaned.count(kind) for kind in Artefact if cleaned.count(kind)},
        lost=[(span.start, span.end) for span in person_finding.heart.lost],
        by_hand=len(person_finding.corrections),
        refused=sentence(person_finding.heart.refused) if person_finding.heart.refused is not None else None,
    )


def _arousal(person_finding: PersonFinding) -> ArousalResult | None:
    if person_finding.zero is None or person_finding.body is None or person_finding.body.arousal is None:
        return None
    zero, index = person_finding.zero, person_finding.body.arousal
    against = BaselineResult(zero.window.start, zero.window.end, zero.kind, zero.marked)
    return ArousalResult(list(index.inputs), against, person_finding.paced, " ".join(map(sentence, index.notes)))


def _states(person_finding: PersonFinding) -> list[StateResult]:
    names = [*(state.value for state in STATE_NAMES), "none of them"]
    return [
        StateResult(
            span.window.start, span.window.end, span.state, sentence(span.why), span.by_rule.state, span.by_model,
            dict(zip(names, span.probability, strict=True)), _finite(span.arousal),
        )
        for span in person_finding.states
    ]  # fmt: skip

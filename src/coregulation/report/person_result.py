"""The part of `result.json` that is about each person alone."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from coregulation.analysis.person import PersonFinding
from coregulation.physiology.estimate import Estimate
from coregulation.physiology.rr_cleaning import Artefact
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

    `kinds` counts the beats by what is wrong; `share` is that of all of them; `by_hand` counts corrections by a person.
    """

    source: Literal["beats", "ecg", "ppg"]
    variability: Literal["HRV", "PRV"] | None
    count: int
    share: Share
    kinds: dict[str, int]
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


def body_result(found: PersonFinding) -> BodyResult:
    """Return a person's finding as it is written."""
    return BodyResult(
        person=found.person,
        beats=_beats(found),
        breath_source=found.body.breath_source if found.body else None,
        control=control_text(found, Catalogue()) if found.control else None,
        responder=found.skin.responder if found.skin else None,
        arousal=_arousal(found),
        measures=[
            _measure(span.label, span.window.start, span.window.end, name, measured)
            for span in found.spans
            for name, measured in span.measures.items()
        ],
        states=_states(found),
        excluded=[(span.start, span.end) for span in found.excluded],
        speech=None if found.speech is None else [(span.start, span.end) for span in found.speech],
        remarks=list(map(sentence, found.remarks)),
        unknown={what: sentence(why) for what, why in found.unknown.items()},
    )


def _measure(span: str, start: float, end: float, name: str, measured: Estimate) -> MeasureResult:
    why = sentence(measured.why) if measured.why is not None else ""
    bounds, around = _bounds(measured.interval), _bounds(measured.surrounding)
    return MeasureResult(span, start, end, name, _finite(measured.value), measured.unit, bounds, why, around)


def _bounds(interval: tuple[float, float] | None) -> tuple[float | None, float | None] | None:
    return (_finite(interval[0]), _finite(interval[1])) if interval else None


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _beats(found: PersonFinding) -> BeatsResult | None:
    if found.heart is None:
        return None
    cleaned = found.heart.cleaned
    return BeatsResult(
        source=found.heart.source,  # type: ignore[arg-type]  # there are no others
        variability=found.variability,  # type: ignore[arg-type]
        count=len(cleaned.beats),
        share=cleaned.share,
        kinds={kind.value: cleaned.count(kind) for kind in Artefact if cleaned.count(kind)},
        lost=[(span.start, span.end) for span in found.heart.lost],
        by_hand=len(found.corrections),
        refused=sentence(found.heart.refused) if found.heart.refused is not None else None,
    )


def _arousal(found: PersonFinding) -> ArousalResult | None:
    if found.zero is None or found.body is None or found.body.arousal is None:
        return None
    zero, index = found.zero, found.body.arousal
    against = BaselineResult(zero.window.start, zero.window.end, zero.kind, zero.marked)
    return ArousalResult(list(index.inputs), against, found.paced, " ".join(map(sentence, index.notes)))


def _states(found: PersonFinding) -> list[StateResult]:
    names = [*(state.value for state in STATE_NAMES), "none of them"]
    return [
        StateResult(
            span.window.start, span.window.end, span.state, sentence(span.why), span.by_rule.state, span.by_model,
            dict(zip(names, span.probability, strict=True)), _finite(span.arousal),
        )
        for span in found.states
    ]  # fmt: skip

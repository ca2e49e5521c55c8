"""What the page says of one person alone, in two voices; the wording rules are those of the whole catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coregulation.analysis.person import PersonFinding, SpanMeasures
from coregulation.analysis.results import About
from coregulation.channels import HEART_RATE
from coregulation.physiology.body import BreathSource
from coregulation.physiology.estimate import Estimate
from coregulation.physiology.judged_beats import Artefact, BeatClass
from coregulation.physiology.rr_cleaning import WARNS
from coregulation.physiology.speech import speech_share
from coregulation.physiology.states import State
from coregulation.reasons import Reason
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.person_figure import MARKS, crowded, marks_of, state_key
from coregulation.report.rendering import say

EXPLANATIONS = ("body.explain-posture", "body.explain-breathing", "body.explain-sensor")
_STATE_STEP = 0.5  # minutes of one state span


def plain_sentences(person_finding: PersonFinding, catalogue: Catalogue) -> Iterator[str]:
    """Yield what is told to the person who was there."""
    yield from _spans(person_finding, catalogue)
    if person_finding.speech and person_finding.body is not None:
        yield catalogue.text(
            "body.speech",
            person=person_finding.person,
            share=speech_share(person_finding.speech, person_finding.body.window),
        )
    body = [_heart(person_finding, catalogue), _breath(person_finding, catalogue), _skin(person_finding, catalogue)]
    if any(body):
        yield " ".join(filter(None, body))
    yield from _labels(person_finding, catalogue)


def unknown_sentences(unknown: Mapping[str, Reason], catalogue: Catalogue, voice: Voice) -> dict[str, str]:
    """Return, for each thing that cannot be told, a clause with the reason."""
    return {
        what: catalogue.text(f"unknown.{what}", voice, why=say(why, catalogue, voice)) for what, why in unknown.items()
    }


def _value(person_finding: PersonFinding, name: str) -> float | None:
    measured = person_finding.everything.get(name)
    return None if measured is None else measured.value


def _heart(person_finding: PersonFinding, catalogue: Catalogue) -> str:
    rate = _value(person_finding, HEART_RATE)
    return "" if rate is None else catalogue.text("body.heart", person=person_finding.person, rate=rate)


def _breath(person_finding: PersonFinding, catalogue: Catalogue) -> str:
    rate, swing = _value(person_finding, "breathing_rate"), _value(person_finding, "rsa_peak_to_trough")
    if rate is None:
        return ""
    derived = person_finding.body is not None and person_finding.body.breath_source is BreathSource.ACCELERATION
    text = catalogue.text(
        "body.breath-from-tilt" if derived else "body.breath", person=person_finding.person, rate=rate
    )
    return text if swing is None else f"{text} {catalogue.text('body.swing', swing=swing)}"


def _skin(person_finding: PersonFinding, catalogue: Catalogue) -> str:
    rate = _value(person_finding, "scr_rate")
    if rate is None:
        return ""
    if person_finding.skin is not None and person_finding.skin.responder is False:
        return catalogue.text("body.skin-quiet")
    return catalogue.text("body.skin", rate=rate)


def _spans(person_finding: PersonFinding, catalogue: Catalogue) -> Iterator[str]:
    """Yield how each block, or the whole recording, compares with the baseline; blocks that came out alike at once."""
    if person_finding.zero is None:
        return
    is_single = len(person_finding.spans) == 1
    alike: dict[str, list[str]] = {}
    for span in person_finding.spans if is_single else person_finding.spans[1:]:
        measured = span.measures.get("arousal")
        if (
            measured is not None
            and span.window != person_finding.zero.window
            and (key := _compared(measured)) is not None
        ):
            alike.setdefault(key, []).append(span.label)
    baseline = catalogue.text(
        "body.baseline" if person_finding.zero.marked else "body.baseline-beginning", block=person_finding.zero.kind
    )
    for key, labels in alike.items():
        spans = (catalogue.text("body.whole"),) if is_single else tuple(_counted(labels, catalogue))
        yield catalogue.text(f"body.{key}", person=person_finding.person, spans=spans, baseline=baseline)


def _compared(arousal: Estimate) -> str | None:
    """Return how a block compares with the baseline; without an interval only what the slowest swings cannot explain."""
    bounds = arousal.interval or arousal.surrounding
    if bounds is None:
        return None
    if bounds[0] > 0:
        return "more-activated"
    return "calmer" if bounds[1] < 0 else "about-as-calm" if arousal.interval else None


def _counted(labels: list[str], catalogue: Catalogue) -> Iterator[str]:
    """Yield each block once, with how often it came."""
    for label in dict.fromkeys(labels):
        count = labels.count(label)
        yield catalogue.text("body.block" if count == 1 else "body.block-times", block=label, times=count)


def _labels(person_finding: PersonFinding, catalogue: Catalogue) -> Iterator[str]:
    if not person_finding.states:
        return
    minutes = {state: sum(span.state is state for span in person_finding.states) * _STATE_STEP for state in State}
    named = [s for s in State if s is not State.UNCLEAR and minutes[s]] + [State.UNCLEAR]
    items = tuple(catalogue.text("body.label", label=catalogue.text(state_key(s)), minutes=minutes[s]) for s in named)
    yield catalogue.text("body.labels", person=person_finding.person, labels=items)


def methods_sentences(person_finding: PersonFinding, catalogue: Catalogue) -> Iterator[str]:
    """Yield what is told for a methods section."""

    def text(key: str, **facts: object) -> str:
        return catalogue.text(key, Voice.METHODS, person=person_finding.person, **facts)

    if person_finding.spans:
        yield text("body.numbers", numbers=tuple(_numbers(person_finding.spans[0], catalogue)))
    if person_finding.remarks:
        yield text(
            "body.remarks",
            remarks=tuple(say(item, catalogue, Voice.METHODS).removesuffix(".") for item in person_finding.remarks),
        )
    if person_finding.control is not None:
        yield text("body.rsa-control", control=control_text(person_finding, catalogue))
    if person_finding.zero is not None and person_finding.body is not None and person_finding.body.arousal is not None:
        yield text("body.index", **_index(person_finding, catalogue)).rstrip()
    if person_finding.states:
        agreed = sum(span.state is not State.UNCLEAR for span in person_finding.states)
        yield text("body.states", agreed=agreed, total=len(person_finding.states))


def control_text(person_finding: PersonFinding, catalogue: Catalogue) -> str:
    """Return whether the effect of breathing was taken out of RSA, and why not."""
    why = "" if person_finding.control_why is None else say(person_finding.control_why, catalogue, Voice.METHODS)
    key = "body.control-why" if why else "body.control"
    text = catalogue.text(key, control=catalogue.text(f"rsa.{person_finding.control}"), why=why)
    derived = person_finding.body is not None and person_finding.body.breath_source is BreathSource.ACCELERATION
    return catalogue.text("body.control-tilt", control=text) if derived else text


def _numbers(span: SpanMeasures, catalogue: Catalogue) -> Iterator[str]:
    for name, measured in span.measures.items():
        if measured.value is not None:
            yield f"{catalogue.text(f'measure.{name}')} {estimate_text(measured, catalogue)}"


def estimate_text(measured: Estimate, catalogue: Catalogue) -> str:
    """Return a number with unit and interval, or why there is none."""
    if measured.value is None:
        why = "" if measured.why is None else say(measured.why, catalogue, Voice.METHODS)
        return catalogue.text("cell.none", why=why)
    unit = "" if measured.unit == "1" else measured.unit
    if measured.interval is None:
        return catalogue.text("cell.value", value=measured.value, unit=unit).rstrip()
    low, high = measured.interval
    return catalogue.text("cell.estimate", value=measured.value, unit=unit, low=low, high=high).replace("  ", " ")


def _index(person_finding: PersonFinding, catalogue: Catalogue) -> dict[str, object]:
    zero, body = person_finding.zero, person_finding.body
    assert zero is not None
    assert body is not None
    assert body.arousal is not None
    return {
        "inputs": tuple(catalogue.text(f"measure.{name}") for name in body.arousal.inputs), "baseline": zero.kind,
        "start": zero.window.start, "end": zero.window.end,
        "unmarked": "" if zero.marked else catalogue.text("body.index-unmarked"),
        "notes": " ".join(say(note, catalogue, Voice.METHODS) for note in body.arousal.notes),
    }  # fmt: skip


def quality_sentence(person_finding: PersonFinding, catalogue: Catalogue) -> str:
    """Return how far the beats can be used, for the person who was there; empty where there are none."""
    if person_finding.heart is None or not len(person_finding.heart.cleaned.beats):
        return ""
    cleaned = person_finding.heart.cleaned
    count, share = len(cleaned.beats), cleaned.share
    kind = "pulses" if person_finding.heart.source == "ppg" else "beats"
    if person_finding.heart.refused:
        return catalogue.text(
            f"body.{kind}-refused", person=person_finding.person, why=say(person_finding.heart.refused, catalogue)
        )
    key = f"body.{kind}-artefacts" if share else f"body.{kind}-clean"
    parts = [catalogue.text(key, person=person_finding.person, marked=round(share * count), total=count)]
    if share > WARNS:
        parts.append(catalogue.text("body.take-care"))
    lost = sum(span.length for span in person_finding.heart.lost)
    if lost >= 1:
        parts.append(catalogue.text("body.unreadable", length=lost))
    if person_finding.corrections:
        parts.append(catalogue.plural("body.corrected", len(person_finding.corrections)))
    if person_finding.excluded:
        parts.append(catalogue.plural("body.excluded", len(person_finding.excluded)))
    return " ".join(parts)


def caption(person_finding: PersonFinding, about: About, catalogue: Catalogue) -> str:
    """Return what a person's picture shows."""
    return " ".join(_caption(person_finding, about, catalogue))


def _form(mark: Artefact | BeatClass) -> str:
    """Return the key of a mark's words."""
    return f"form.class-{mark.value}" if isinstance(mark, BeatClass) else f"form.{mark.value}"


def _caption(person_finding: PersonFinding, about: About, catalogue: Catalogue) -> Iterator[str]:
    text = catalogue.text
    yield text("caption.portrait", person=person_finding.person)
    forms = set(marks_of(person_finding.heart.cleaned)) - {None} if person_finding.heart else set()
    if forms and crowded(person_finding):
        yield text("caption.artefact-ticks")
    elif forms:
        yield text("caption.artefacts", forms=tuple(text(_form(mark)) for mark in MARKS if mark in forms))
    if person_finding.corrections:
        yield text("caption.corrected")
    if person_finding.skin and person_finding.skin.scrs:
        yield text("caption.skin")
    if person_finding.speech:
        yield text("caption.speech")
    if person_finding.body is not None and person_finding.body.arousal is not None:
        yield text("caption.arousal")
    if person_finding.states:
        yield text("caption.states")
    if about.blocks:
        yield text("caption.blocks")

"""What the page says of one person alone, in two voices; the wording rules are those of the whole catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coregulation.analysis.person import PersonFinding, SpanMeasures
from coregulation.analysis.results import About
from coregulation.channels import HEART_RATE
from coregulation.physiology.body import BreathSource
from coregulation.physiology.estimate import Estimate
from coregulation.physiology.rr_cleaning import WARNS, Artefact
from coregulation.physiology.speech import speech_share
from coregulation.physiology.states import State
from coregulation.reasons import Reason
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.person_figure import crowded, state_key
from coregulation.report.rendering import say

EXPLANATIONS = ("body.explain-posture", "body.explain-breathing", "body.explain-sensor")
_STATE_STEP = 0.5  # minutes of one state span


def plain_sentences(found: PersonFinding, catalogue: Catalogue) -> Iterator[str]:
    """Yield what is told to the person who was there."""
    yield from _spans(found, catalogue)
    if found.speech and found.body is not None:
        yield catalogue.text("body.speech", person=found.person, share=speech_share(found.speech, found.body.window))
    body = [_heart(found, catalogue), _breath(found, catalogue), _skin(found, catalogue)]
    if any(body):
        yield " ".join(filter(None, body))
    yield from _labels(found, catalogue)


def unknown_sentences(unknown: Mapping[str, Reason], catalogue: Catalogue, voice: Voice) -> dict[str, str]:
    """Return, for each thing that cannot be told, a clause with the reason."""
    return {
        what: catalogue.text(f"unknown.{what}", voice, why=say(why, catalogue, voice)) for what, why in unknown.items()
    }


def _value(found: PersonFinding, name: str) -> float | None:
    measured = found.everything.get(name)
    return None if measured is None else measured.value


def _heart(found: PersonFinding, catalogue: Catalogue) -> str:
    rate = _value(found, HEART_RATE)
    return "" if rate is None else catalogue.text("body.heart", person=found.person, rate=rate)


def _breath(found: PersonFinding, catalogue: Catalogue) -> str:
    rate, swing = _value(found, "breathing_rate"), _value(found, "rsa_peak_to_trough")
    if rate is None:
        return ""
    derived = found.body is not None and found.body.breath_source is BreathSource.ACCELERATION
    text = catalogue.text("body.breath-from-tilt" if derived else "body.breath", person=found.person, rate=rate)
    return text if swing is None else f"{text} {catalogue.text('body.swing', swing=swing)}"


def _skin(found: PersonFinding, catalogue: Catalogue) -> str:
    rate = _value(found, "scr_rate")
    if rate is None:
        return ""
    if found.skin is not None and found.skin.responder is False:
        return catalogue.text("body.skin-quiet")
    return catalogue.text("body.skin", rate=rate)


def _spans(found: PersonFinding, catalogue: Catalogue) -> Iterator[str]:
    """Yield how each block, or the whole recording, compares with the baseline; blocks that came out alike at once."""
    if found.zero is None:
        return
    whole = len(found.spans) == 1
    alike: dict[str, list[str]] = {}
    for span in found.spans if whole else found.spans[1:]:
        measured = span.measures.get("arousal")
        if measured is not None and span.window != found.zero.window and (key := _compared(measured)) is not None:
            alike.setdefault(key, []).append(span.label)
    baseline = catalogue.text(
        "body.baseline" if found.zero.marked else "body.baseline-beginning", block=found.zero.kind
    )
    for key, labels in alike.items():
        spans = (catalogue.text("body.whole"),) if whole else tuple(_counted(labels, catalogue))
        yield catalogue.text(f"body.{key}", person=found.person, spans=spans, baseline=baseline)


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


def _labels(found: PersonFinding, catalogue: Catalogue) -> Iterator[str]:
    if not found.states:
        return
    minutes = {state: sum(span.state is state for span in found.states) * _STATE_STEP for state in State}
    named = [s for s in State if s is not State.UNCLEAR and minutes[s]] + [State.UNCLEAR]
    items = tuple(catalogue.text("body.label", label=catalogue.text(state_key(s)), minutes=minutes[s]) for s in named)
    yield catalogue.text("body.labels", person=found.person, labels=items)


def methods_sentences(found: PersonFinding, catalogue: Catalogue) -> Iterator[str]:
    """Yield what is told for a methods section."""

    def text(key: str, **facts: object) -> str:
        return catalogue.text(key, Voice.METHODS, person=found.person, **facts)

    if found.spans:
        yield text("body.numbers", numbers=tuple(_numbers(found.spans[0], catalogue)))
    if found.remarks:
        yield text(
            "body.remarks", remarks=tuple(say(one, catalogue, Voice.METHODS).removesuffix(".") for one in found.remarks)
        )
    if found.control is not None:
        yield text("body.rsa-control", control=control_text(found, catalogue))
    if found.zero is not None and found.body is not None and found.body.arousal is not None:
        yield text("body.index", **_index(found, catalogue)).rstrip()
    if found.states:
        agreed = sum(span.state is not State.UNCLEAR for span in found.states)
        yield text("body.states", agreed=agreed, total=len(found.states))


def control_text(found: PersonFinding, catalogue: Catalogue) -> str:
    """Return whether the effect of breathing was taken out of RSA, and why not."""
    why = "" if found.control_why is None else say(found.control_why, catalogue, Voice.METHODS)
    key = "body.control-why" if why else "body.control"
    text = catalogue.text(key, control=catalogue.text(f"rsa.{found.control}"), why=why)
    derived = found.body is not None and found.body.breath_source is BreathSource.ACCELERATION
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


def _index(found: PersonFinding, catalogue: Catalogue) -> dict[str, object]:
    zero, body = found.zero, found.body
    assert zero is not None
    assert body is not None
    assert body.arousal is not None
    return {
        "inputs": tuple(catalogue.text(f"measure.{name}") for name in body.arousal.inputs), "baseline": zero.kind,
        "start": zero.window.start, "end": zero.window.end,
        "unmarked": "" if zero.marked else catalogue.text("body.index-unmarked"),
        "notes": " ".join(say(note, catalogue, Voice.METHODS) for note in body.arousal.notes),
    }  # fmt: skip


def quality_sentence(found: PersonFinding, catalogue: Catalogue) -> str:
    """Return how far the beats can be used, for the person who was there; empty where there are none."""
    if found.heart is None or not len(found.heart.cleaned.beats):
        return ""
    cleaned = found.heart.cleaned
    count, share = len(cleaned.beats), cleaned.share
    kind = "pulses" if found.heart.source == "ppg" else "beats"
    if found.heart.refused:
        return catalogue.text(f"body.{kind}-refused", person=found.person, why=say(found.heart.refused, catalogue))
    key = f"body.{kind}-artefacts" if share else f"body.{kind}-clean"
    parts = [catalogue.text(key, person=found.person, marked=round(share * count), total=count)]
    if share > WARNS:
        parts.append(catalogue.text("body.take-care"))
    lost = sum(span.length for span in found.heart.lost)
    if lost >= 1:
        parts.append(catalogue.text("body.unreadable", length=lost))
    if found.corrections:
        parts.append(catalogue.plural("body.corrected", len(found.corrections)))
    if found.excluded:
        parts.append(catalogue.plural("body.excluded", len(found.excluded)))
    return " ".join(parts)


def caption(found: PersonFinding, about: About, catalogue: Catalogue) -> str:
    """Return what a person's picture shows."""
    return " ".join(_caption(found, about, catalogue))


def _caption(found: PersonFinding, about: About, catalogue: Catalogue) -> Iterator[str]:
    text = catalogue.text
    yield text("caption.portrait", person=found.person)
    forms = {artefact for artefact in found.heart.cleaned.artefacts if artefact} if found.heart else set()
    if forms and crowded(found):
        yield text("caption.artefact-ticks")
    elif forms:
        yield text("caption.artefacts", forms=tuple(text(f"form.{a.value}") for a in Artefact if a in forms))
    if found.corrections:
        yield text("caption.corrected")
    if found.skin and found.skin.scrs:
        yield text("caption.skin")
    if found.speech:
        yield text("caption.speech")
    if found.body is not None and found.body.arousal is not None:
        yield text("caption.arousal")
    if found.states:
        yield text("caption.states")
    if about.blocks:
        yield text("caption.blocks")

"""What the page says of one person alone, in two voices; the wording rules are those of `sentences`."""

from __future__ import annotations

from collections.abc import Iterator

from coregulation.analysis.person import MEASURE_NAMES, PersonFinding, SpanMeasures
from coregulation.analysis.results import About
from coregulation.physiology.body import BreathSource
from coregulation.physiology.estimate import Estimate, format_digits
from coregulation.physiology.rr_cleaning import WARNS, Artefact
from coregulation.physiology.states import State
from coregulation.reasons import Reason
from coregulation.report.blocks import block_shades
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.person_figure import crowded
from coregulation.report.sentences import join_names

DOUBT = (
    "The labels name patterns of activation. They measure no nerve; the three-branch account behind them is disputed. "
    "Rest, sleep, fitness, medication and freezing can look alike."
)
LABELS = (
    "The labels are disputed. They name patterns of activation, not what somebody feels; rest, sleep, fitness, medication and "
    "freezing can look alike from the heart."
)
STATES = {
    State.SETTLED: "settled and engaged",
    State.MOBILISED: "mobilised",
    State.SHUT_DOWN: "shut down?",
    State.UNCLEAR: "unclear",
}
ARTEFACTS = {
    Artefact.MISSED: "▽ a beat missed",
    Artefact.EXTRA: "× not a beat",
    Artefact.ECTOPIC: "○ early or late",
    Artefact.LONG: "△ interval too long",
    Artefact.SHORT: "□ interval too short",
}
ALONE = (
    "Whether somebody else steadies this person.",
    "A recording of both at one time, with something that stirs and time to settle, alone and together.",
)
EXPLANATIONS = (
    "Posture, movement, talking, food, warmth and time of day move the heart, the breath and the skin without any feeling in it.",
    "Slower or deeper breathing makes the heart's swing with the breath larger by itself, so RSA is adjusted for it where it can be.",
    "A sensor that slips looks like a body that changes. What is hatched, marked or left out above is not counted.",
)
_WORDS = {
    "arousal": ("no line of arousal can be drawn", "no arousal index"),
    "states": ("no labels are given", "no states"),
    "variability": ("nothing is said of the swing from beat to beat", "no variability"),
    "body": ("nothing can be told of this body", "no body"),
}


def sentence(reason: Reason) -> str:
    """Return the sentence of a reason."""
    return Catalogue().sentence(reason, Voice.METHODS)


def _clause(reason: Reason) -> str:
    """Return the sentence of a reason as it stands inside another one."""
    text = sentence(reason).removesuffix(".")
    word = text.partition(" ")[0]
    return text if word[1:].lower() != word[1:] else text[:1].lower() + text[1:]


def control_text(found: PersonFinding) -> str:
    """Return whether the effect of breathing was taken out of RSA, and why not."""
    assert found.control is not None
    why = f": {_clause(found.control_why)}" if found.control_why is not None else ""
    derived = found.body is not None and found.body.breath_source is BreathSource.ACCELERATION
    return f"{found.control}{why}{', breath derived from acceleration' if derived else ''}"


def plain(found: PersonFinding) -> Iterator[str]:
    """Yield what is told to the person who was there."""
    said = [text for text in (_heart(found), _breath(found), _skin(found)) if text]
    if said:
        yield f"{found.person}: {' '.join(said)}"
    yield from _blocks(found)
    yield from _labels(found)
    for what, why in found.unknown.items():
        yield f"Of {found.person} {_WORDS[what][0]}: {_clause(why)}."


def _value(found: PersonFinding, name: str) -> float | None:
    measured = found.everything.get(name)
    return None if measured is None else measured.value


def _heart(found: PersonFinding) -> str:
    rate = _value(found, "heart_rate")
    return "" if rate is None else f"the heart beat about {rate:.0f} times a minute."


def _breath(found: PersonFinding) -> str:
    rate = _value(found, "breathing_rate")
    swing = _value(found, "rsa_peak_to_trough")
    swings = (
        "" if swing is None else f" With each breath the time between beats swung by about {format_digits(swing)} ms."
    )
    derived = found.body is not None and found.body.breath_source is BreathSource.ACCELERATION
    seen = ", as seen in how the chest tilted" if derived else ""
    return "" if rate is None else f"About {rate:.0f} breaths a minute{seen}.{swings}"


def _skin(found: PersonFinding) -> str:
    rate = _value(found, "scr_rate")
    if rate is None:
        return ""
    if found.skin is not None and found.skin.responder is False:
        return "The skin hardly answered at all, so it is left aside."
    return f"The skin answered about {rate:.0f} times a minute."


def _blocks(found: PersonFinding) -> Iterator[str]:
    if found.zero is None:
        return
    against = f"in their own {found.zero.kind}" if found.zero.marked else "at the beginning"
    alone = len(found.spans) == 1
    spans: dict[str, list[str]] = {}
    for span in found.spans if alone else found.spans[1:]:
        measured = span.measures.get("arousal")
        if measured is not None and measured.interval is not None and span.window != found.zero.window:
            spans.setdefault(_compared(measured.interval), []).append(span.label)
    for compared, labels in spans.items():
        when = "over the whole recording" if alone else f"during {join_names(_counted(labels))}"
        yield f"{found.person}'s body was {compared} {against} {when}."


def _counted(labels: list[str]) -> list[str]:
    """Return each name once, with how often it came."""
    counts = {label: labels.count(label) for label in labels}
    return [label if count == 1 else f"{label} ({count} times)" for label, count in counts.items()]


def _compared(interval: tuple[float, float]) -> str:
    if interval[0] > 0:
        return "more stirred than"
    return "quieter than" if interval[1] < 0 else "not clearly other than"


def _labels(found: PersonFinding) -> Iterator[str]:
    if not found.states:
        return
    minutes = {state: sum(span.state is state for span in found.states) / 2 for state in State}
    named = [f"{STATES[s]} for {minutes[s]:g} min" for s in State if s is not State.UNCLEAR and minutes[s]]
    unclear = f"unclear for {minutes[State.UNCLEAR]:g} min"
    yield f"As a label: {join_names([*named, unclear])}. {LABELS}"


def methods(found: PersonFinding) -> Iterator[str]:
    """Yield what is told for a methods section."""
    if found.spans:
        yield f"{found.person}: {', '.join(_numbers(found.spans[0]))}."
    if found.remarks:
        yield f"{found.person}, to be kept in mind: {' '.join(map(sentence, found.remarks))}"
    if found.control is not None:
        yield f"{found.person}: RSA is {control_text(found)}."
    if found.zero is not None and found.body is not None and found.body.arousal is not None:
        yield _index(found)
    if found.states:
        agreed = sum(span.state is not State.UNCLEAR for span in found.states)
        yield (
            f"{found.person}: states of 30 s named by a rule and by a hidden Markov model that had to agree: {agreed} of "
            f"{len(found.states)} named. {DOUBT}"
        )
    yield from (f"{found.person}: {_WORDS[what][1]}, since {_clause(why)}." for what, why in found.unknown.items())


def _numbers(span: SpanMeasures) -> Iterator[str]:
    for name, measured in span.measures.items():
        if measured.value is not None:
            yield f"{MEASURE_NAMES[name]} {said(measured)}"


def said(measured: Estimate) -> str:
    """Return a number with unit and interval, or that there is none."""
    if measured.value is None:
        return f"none ({_clause(measured.why)})" if measured.why else "none"
    unit = "" if measured.unit == "1" else f" {measured.unit}"
    spread = (
        f" ({format_digits(measured.interval[0])} to {format_digits(measured.interval[1])})"
        if measured.interval
        else ""
    )
    return f"{format_digits(measured.value)}{unit}{spread}"


def _index(found: PersonFinding) -> str:
    assert found.zero is not None
    assert found.body is not None
    assert found.body.arousal is not None
    index = found.body.arousal
    inputs = join_names([MEASURE_NAMES[name] for name in index.inputs])
    span = f"{found.zero.window.start:.0f} to {found.zero.window.end:.0f} s"
    unmarked = "" if found.zero.marked else " (no rest was marked, so it is no resting baseline)"
    note = f" {' '.join(map(sentence, index.notes))}" if index.notes else ""
    return (
        f"{found.person}: arousal is the mean robust z of {inputs} against {found.zero.kind}, {span}{unmarked}, with a 95 % band "
        f"from a block bootstrap over 20 s of that span.{note}"
    )


def quality(found: PersonFinding) -> str:
    """Return how far the beats can be used, for the person who was there."""
    if found.heart is None or not len(found.heart.cleaned.beats):
        return ""
    share, count = found.heart.cleaned.share, len(found.heart.cleaned.beats)
    beats = "pulses" if found.heart.source == "ppg" else "beats"
    if found.heart.refused:
        return f"The {beats} of {found.person} cannot be used: {_clause(found.heart.refused)}."
    lost = sum(span.length for span in found.heart.lost)
    gone = f" {lost:.0f} seconds could not be read at all." if lost >= 1 else ""
    care = " That is many, so take the numbers with care." if share > WARNS else ""
    aside = f"{format_digits(100 * share)}% of {count} {beats}" if share else f"None of {count} {beats}"
    return f"{aside} of {found.person} were set aside as artefacts.{care}{gone}{_by_hand(found)}"


def _by_hand(found: PersonFinding) -> str:
    count, spans = len(found.corrections), len(found.excluded)
    parts = [f"{count} corrected by hand (◇)"] if count else []
    parts += [f"{spans} {'span' if spans == 1 else 'spans'} left out (hatched)"] if spans else []
    return f" {join_names(parts)[0].upper()}{join_names(parts)[1:]}." if parts else ""


def caption(found: PersonFinding, about: About) -> str:
    """Return what a person's picture shows."""
    forms = {artefact for artefact in found.heart.cleaned.artefacts if artefact} if found.heart else set()
    each = "a tick for each that was set aside" if forms and crowded(found) else ""
    marks = f" Above the beats: {each or ', '.join(ARTEFACTS[a] for a in Artefact if a in forms)}." if forms else ""
    hand = " ◇ corrected by hand." if found.corrections else ""
    band = " The band around arousal is its 95 % interval; the thick line on zero is what it is told against."
    aroused = band if found.body is not None and found.body.arousal is not None else ""
    skin = " Small lines under the skin: its responses." if found.skin and found.skin.scrs else ""
    labels = f" {_KEY}" if found.states else ""
    return f"{found.person}, moment by moment. Hatched: not known or left out.{marks}{hand}{skin}{aroused}{labels}{block_shades(about)}"


_KEY = (
    "Labels, disputed: dotted, settled and engaged; filled, mobilised; ruled, shut down?; empty, unclear. They are given where a rule "
    "and a model agree."
)

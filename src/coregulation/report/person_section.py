"""Each person on the page: words in two voices, the picture, the numbers; and the page of somebody who is alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from coregulation.analysis.person import MEASURE_NAMES, PersonFinding
from coregulation.analysis.results import Finding
from coregulation.physiology.states import State
from coregulation.report import person_words
from coregulation.report.drawing import swatch
from coregulation.report.markup import Markup, join_markup, tag
from coregulation.report.person_figure import draw_portrait
from coregulation.report.pictures import MAX_POINTS, figure, table, voices
from coregulation.report.sentences import ANOTHER_DAY, FEELING
from coregulation.signals import Signal

MAX_PORTRAITS = 6  # people with a picture; of more, numbers and tables
_PARTS = 10


def people(finding: Finding) -> Iterator[Markup]:
    """Yield each person's part of the page."""
    for found in finding.bodies:
        yield tag("h3", swatch(_order(finding).index(found.person)), f" {found.person}")
        yield words(found)
        yield from portraits(finding, found)
        yield numbers(found)


def _order(finding: Finding) -> list[str]:
    return [person.id for person in finding.about.people]


def words(found: PersonFinding) -> Markup:
    """Return what is said of a person, in both voices."""
    said = [*person_words.plain(found), *([quality] if (quality := person_words.quality(found)) else [])]
    return voices([tag("p", text) for text in said], [tag("p", text) for text in person_words.methods(found)])


def portraits(finding: Finding, found: PersonFinding) -> Iterator[Markup]:
    """Yield a person's picture, where there is something to see and there are not too many people."""
    if found.body is None or len(finding.bodies) > MAX_PORTRAITS:
        return
    who = _order(finding).index(found.person)
    points = max(120, min(500, MAX_POINTS // (8 * len(finding.bodies))))
    svg = draw_portrait(
        found, who, finding.about, points, name=f"person-{who}", alternative=f"{found.person}'s body over time, one lane a signal."
    )  # fmt: skip
    yield figure(finding, svg, [person_words.caption(found, finding.about)], _behind(found))


def numbers(found: PersonFinding) -> Markup:
    """Return every number of a person, a row a measure and a column a span."""
    names = dict.fromkeys(name for span in found.spans for name in span.measures)
    rows = [
        [
            MEASURE_NAMES[name],
            *(person_words.said(s.measures[name]) if name in s.measures else "—" for s in found.spans),
        ]
        for name in names
    ]
    head = ["", *(f"{span.label}, {span.window.start:.0f} to {span.window.end:.0f} s" for span in found.spans)]
    summary = tag("summary", f"Every number of {found.person}, with its 95 % interval")
    return tag("details", summary, table(head, rows)) if rows else Markup("")


def _behind(found: PersonFinding) -> Markup:
    """Return the picture's signals in ten parts, the beats with something wrong, and what was done by hand."""
    body = found.body
    assert body is not None
    signals = {
        "heart rate, 1/min": body.heart_rate, "breaths, 1/min": body.breathing_rate, "RSA, ln ms²": body.inputs.get("rsa"),
        "skin, µS": body.scl, "responses, 1/min": body.scr_rate, "movement": body.motion,
        "arousal, z": body.arousal.value if body.arousal else None,
        "its interval, low": body.arousal.low if body.arousal else None,
        "its interval, high": body.arousal.high if body.arousal else None,
    }  # fmt: skip
    edges = np.linspace(body.window.start / 60, body.window.end / 60, _PARTS + 1)
    head = ["", *(f"{low:.1f} to {high:.1f} min" for low, high in itertools.pairwise(edges))]
    rows = [[name, *_parts(signal)] for name, signal in signals.items() if signal is not None and signal.coverage]
    parts = [table(head, rows)]
    if found.heart is not None and found.heart.cleaned.beats.times.size:
        parts.append(table(["time, s", "what", "person or program"], _marked(found)[:MAX_MARKED]))
    if found.states:
        parts.append(table(["label", "minutes", "by rule alone", "by model alone"], _states(found)))
    return join_markup(*parts)


MAX_MARKED = 60


def _parts(signal: Signal) -> list[str]:
    out = []
    for part in np.array_split(signal.values, _PARTS):
        there = part[np.isfinite(part)]
        out.append(f"{there.mean():.3g}" if len(there) else "—")
    return out


def _marked(found: PersonFinding) -> list[list[str]]:
    assert found.heart is not None
    cleaned = found.heart.cleaned
    rows = [
        (time, artefact.value, "program")
        for time, artefact in zip(cleaned.beats.times.tolist(), cleaned.artefacts, strict=True)
        if artefact is not None
    ]
    rows += [(mark.time, mark.label, "person") for mark in found.corrections]
    rows += [(span.start, f"left out to {span.end:.1f} s: {span.why}", "person") for span in found.excluded]
    return [[f"{time:.2f}", what, who] for time, what, who in sorted(rows)]


def _states(found: PersonFinding) -> list[list[str]]:
    rows = []
    for state in State:
        agreed = sum(span.state is state for span in found.states)
        rule = sum(span.by_rule.state is state for span in found.states)
        model = sum(span.by_model is state for span in found.states)
        rows.append([person_words.STATES[state], *(f"{count / 2:g}" for count in (agreed, rule, model))])
    return rows


def settled(items: Sequence[tuple[str, str]]) -> Markup:
    """Return what cannot be said, each with what would settle it."""
    return tag(
        "ul", *(tag("li", what, *([tag("span", settle, class_="settle")] if settle else [])) for what, settle in items)
    )


def alone(finding: Finding) -> Iterator[tuple[str, tuple[Markup, ...]]]:
    """Yield the questions of a page about one person, in the order of any page, each with its answer."""
    (found,) = finding.bodies
    said = [tag("p", text, class_="answer" if k == 0 else None) for k, text in enumerate(person_words.plain(found))]
    yield "The answer", (voices(said, [tag("p", text) for text in person_words.methods(found)]),)
    sure = person_words.quality(found)
    yield "How sure is that?", (*([tag("p", sure)] if sure else []), numbers(found))
    yield "What else could explain it?", (tag("ul", *(tag("li", item) for item in person_words.EXPLANATIONS)),)
    unsaid = settled([person_words.ALONE, ANOTHER_DAY, FEELING])
    yield "What we cannot say, and what would settle it", (unsaid,)
    yield "Pictures", tuple(portraits(finding, found))

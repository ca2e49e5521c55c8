"""Each person on the page: sentences in two voices, the picture and the numbers; what is the same for several is said once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from coregulation.analysis.finding import Finding
from coregulation.analysis.person import PersonFinding
from coregulation.physiology.states import State
from coregulation.report import person_words
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.catalogue.formatter import MISSING
from coregulation.report.drawing import swatch
from coregulation.report.parts import Figure, PageTable, number
from coregulation.report.person_figure import draw_portrait, state_key
from coregulation.report.pictures import MAX_POINTS
from coregulation.signals import Signal

MAX_PORTRAITS = 6  # people with a picture; of more, numbers and tables
MAX_MARKED = 60  # rows of the table of what was marked
MAX_NAMES = 3  # people named in a sentence about several
_PARTS = 10


@dataclass(frozen=True, slots=True)
class PersonPart:
    """One person's part of a page."""

    name: str
    swatch: Markup
    plain: Sequence[str]
    quality: str
    methods: Sequence[str]
    figure: Figure | None
    numbers: PageTable | None


def person_parts(finding: Finding, catalogue: Catalogue) -> list[PersonPart]:
    """Return each person's part, without what `shared_unknowns` says of several."""
    shared = {key for key, names in _unknowns(finding, catalogue, Voice.PLAIN).items() if len(names) > 1}
    shared_methods = {key for key, names in _unknowns(finding, catalogue, Voice.METHODS).items() if len(names) > 1}
    order = [person.id for person in finding.about.people]
    return [
        PersonPart(
            person_finding.person, swatch(order.index(person_finding.person)),
            [*person_words.plain_sentences(person_finding, catalogue), *_own_unknowns(person_finding, shared, catalogue, Voice.PLAIN)],
            person_words.quality_sentence(person_finding, catalogue),
            [*person_words.methods_sentences(person_finding, catalogue), *_own_unknowns(person_finding, shared_methods, catalogue, Voice.METHODS)],
            portrait(finding, person_finding, catalogue), numbers(person_finding, catalogue),
        )
        for person_finding in finding.bodies
    ]  # fmt: skip


def _unknowns(finding: Finding, catalogue: Catalogue, voice: Voice) -> dict[str, list[str]]:
    """Return who each thing that cannot be told is about, by its clause."""
    out: dict[str, list[str]] = {}
    for person_finding in finding.bodies:
        for text in person_words.unknown_sentences(person_finding.unknown, catalogue, voice).values():
            out.setdefault(text, []).append(person_finding.person)
    return out


def shared_unknowns(finding: Finding, catalogue: Catalogue, voice: Voice) -> list[str]:
    """Return what cannot be told of several people for the same reason, each once."""
    everybody = len(finding.about.people)
    return [
        _of_several(names, text, everybody, catalogue)
        for text, names in _unknowns(finding, catalogue, voice).items()
        if len(names) > 1
    ]


def _of_several(names: list[str], text: str, everybody: int, catalogue: Catalogue) -> str:
    if len(names) == everybody:
        return catalogue.text("unknown.of-all", people=everybody, what=text)
    if len(names) <= MAX_NAMES:
        return catalogue.text("unknown.of", names=tuple(names), what=text)
    return catalogue.text("unknown.of-many", names=", ".join(names[:MAX_NAMES]), more=len(names) - MAX_NAMES, what=text)


def _own_unknowns(person_finding: PersonFinding, shared: set[str], catalogue: Catalogue, voice: Voice) -> Iterator[str]:
    for text in person_words.unknown_sentences(person_finding.unknown, catalogue, voice).values():
        if text not in shared:
            yield catalogue.text("unknown.of", names=(person_finding.person,), what=text)


def portrait(finding: Finding, person_finding: PersonFinding, catalogue: Catalogue) -> Figure | None:
    """Return a person's picture, where there is something to see and there are not too many people."""
    if person_finding.body is None or len(finding.bodies) > MAX_PORTRAITS:
        return None
    who = [person.id for person in finding.about.people].index(person_finding.person)
    points = max(120, min(500, MAX_POINTS // (8 * len(finding.bodies))))
    svg = draw_portrait(
        person_finding, who, finding.about, points, name=f"person-{who}",
        alternative=catalogue.text("alternative.portrait", person=person_finding.person), catalogue=catalogue,
    )  # fmt: skip
    return Figure(
        svg, person_words.caption(person_finding, finding.about, catalogue), list(_behind(person_finding, catalogue))
    )


def numbers(person_finding: PersonFinding, catalogue: Catalogue) -> PageTable | None:
    """Return every number of a person, a row per measure and a column per span; None where there is none."""
    names = dict.fromkeys(name for span in person_finding.spans for name in span.measures)
    rows = [
        [
            catalogue.text(f"measure.{name}"),
            *(
                person_words.estimate_text(span.measures[name], catalogue) if name in span.measures else MISSING
                for span in person_finding.spans
            ),
        ]
        for name in names
    ]  # fmt: skip
    head = [
        catalogue.text("column.span", block=span.label, start=span.window.start, end=span.window.end)
        for span in person_finding.spans
    ]
    heading = catalogue.text("table.person-numbers", person=person_finding.person)
    return PageTable(["", *head], rows, heading) if rows else None


def _behind(person_finding: PersonFinding, catalogue: Catalogue) -> Iterator[PageTable]:
    """Yield the picture's signals in ten parts, the beats with something wrong, and the labels."""
    body = person_finding.body
    assert body is not None
    signals = {
        "heart-rate": body.heart_rate, "breaths": body.breathing_rate, "rsa": body.inputs.get("rsa"), "skin": body.scl,
        "skin-responses": body.scr_rate, "movement": body.motion, "arousal": body.arousal.value if body.arousal else None,
        "arousal-low": body.arousal.low if body.arousal else None, "arousal-high": body.arousal.high if body.arousal else None,
    }  # fmt: skip
    edges = np.linspace(body.window.start / 60, body.window.end / 60, _PARTS + 1)
    head = [catalogue.text("column.minutes-span", low=float(a), high=float(b)) for a, b in itertools.pairwise(edges)]
    rows = [
        [catalogue.text(f"row.{name}"), *_parts(signal)]
        for name, signal in signals.items()
        if signal is not None and signal.coverage
    ]
    yield PageTable(["", *head], rows)
    if person_finding.heart is not None and person_finding.heart.cleaned.beats.times.size:
        columns = [catalogue.text(f"column.{key}") for key in ("time-s", "what", "by-whom")]
        yield PageTable(columns, _marked(person_finding, catalogue)[:MAX_MARKED])
    if person_finding.states:
        columns = [catalogue.text(f"column.{key}") for key in ("label", "minutes", "by-rule", "by-model")]
        yield PageTable(columns, _states(person_finding, catalogue))


def _parts(signal: Signal) -> list[str]:
    out = []
    for part in np.array_split(signal.values, _PARTS):
        valid = part[np.isfinite(part)]
        out.append(number(float(valid.mean()) if len(valid) else None))
    return out


def _marked(person_finding: PersonFinding, catalogue: Catalogue) -> list[list[str]]:
    assert person_finding.heart is not None
    cleaned = person_finding.heart.cleaned
    program, person = catalogue.text("cell.program"), catalogue.text("cell.person")
    rows = [
        (time, catalogue.text(f"form.{artefact.value}"), program)
        for time, artefact in zip(cleaned.beats.times.tolist(), cleaned.artefacts, strict=True)
        if artefact is not None
    ]
    rows += [(mark.time, mark.label, person) for mark in person_finding.corrections]
    rows += [
        (span.start, catalogue.text("cell.left-out", end=span.end, why=span.why), person)
        for span in person_finding.excluded
    ]
    return [[f"{time:.2f}", what, who] for time, what, who in sorted(rows)]


def _states(person_finding: PersonFinding, catalogue: Catalogue) -> list[list[str]]:
    rows = []
    for state in State:
        agreed = sum(span.state is state for span in person_finding.states)
        rule = sum(span.by_rule.state is state for span in person_finding.states)
        model = sum(span.by_model is state for span in person_finding.states)
        rows.append([catalogue.text(state_key(state)), *(f"{count / 2:g}" for count in (agreed, rule, model))])
    return rows

"""One self-contained page: the answer with its picture first, then what it rests on, other explanations, people, methods."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from coregulation.analysis.results import Finding, strongest_first
from coregulation.regulation.verdict import GateState
from coregulation.report import linkage_tables, regulation_page, regulation_words
from coregulation.report.answer import OverallAnswer, overall_answer
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.drawing import swatch
from coregulation.report.explanations import linkage_explanations
from coregulation.report.gate_view import view_gates, what_to_do
from coregulation.report.methods import write_methods
from coregulation.report.parts import Table, number
from coregulation.report.person_section import person_parts, shared_unknowns
from coregulation.report.person_words import EXPLANATIONS
from coregulation.report.pictures import answer_picture, linkage_pictures
from coregulation.report.rendering import render, say
from coregulation.report.result import plain

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_MAX_NAMED = 3  # people named in the heading
_PAIRS_NAMED = 3  # pairs that stand out, named on the page


def render_page(finding: Finding, catalogue: Catalogue | None = None) -> str:
    """Return the report as one HTML file that loads nothing.

    Parameters
    ----------
    finding
        What was found.
    catalogue
        The reader's language; English if none is given.
    """
    catalogue = catalogue or Catalogue()
    values = {"finding": finding, "about": finding.about, **_frame(finding, catalogue), **_end(finding, catalogue)}
    if not finding.verdicts:
        return render("person.html.jinja", catalogue, **values, **_alone(catalogue))
    return render("together.html.jinja", catalogue, **values, **_together(finding, catalogue))


def _frame(finding: Finding, catalogue: Catalogue) -> dict[str, Any]:
    people = finding.about.people
    css = Markup(files("coregulation.report").joinpath("page.css").read_text(encoding="utf-8"))
    return {
        "policy": _POLICY, "css": css, "heading": _heading(finding, catalogue),
        "people": [(swatch(k), person.id, person.role) for k, person in enumerate(people)],
        "facts": _facts(finding, catalogue), "version": finding.provenance.version,
    }  # fmt: skip


def _heading(finding: Finding, catalogue: Catalogue) -> str:
    names = tuple(person.id for person in finding.about.people)
    if len(names) == 1:
        return catalogue.text("page.heading-alone", name=names[0])
    if len(names) <= _MAX_NAMED:
        return catalogue.text("list.people", names=names)
    return catalogue.text("page.heading-many", people=len(names))


def _facts(finding: Finding, catalogue: Catalogue) -> str:
    about = finding.about
    length = max((quality.seconds for quality in finding.qualities), default=0.0)
    lasted = catalogue.text("page.lasted", length=length) if length else None
    said = [about.id, about.task, about.date.isoformat() if about.date else None, about.setting, lasted]
    return " · ".join(text for text in said if text)


def _end(finding: Finding, catalogue: Catalogue) -> dict[str, Any]:
    """Return what stands at the end of every page."""
    return {
        "methods": write_methods(finding, catalogue), "settings": _settings(finding, catalogue),
        "recorded": list(_recorded(finding, catalogue)), "persons": person_parts(finding, catalogue),
        "unknown": {voice.value: shared_unknowns(finding, catalogue, voice) for voice in Voice},
    }  # fmt: skip


def _alone(catalogue: Catalogue) -> dict[str, Any]:
    return {"explanations": [catalogue.text(key) for key in EXPLANATIONS]}


def _together(finding: Finding, catalogue: Catalogue) -> dict[str, Any]:
    answer = overall_answer(finding)
    recoveries = regulation_page.recovery_picture(finding, catalogue)
    first = recoveries or answer_picture(finding, answer.people, catalogue)
    pictures = [*regulation_page.regulation_pictures(finding, catalogue), *linkage_pictures(finding, catalogue)]
    gates = {voice.value: view_gates(answer.gates, finding.about, catalogue, voice) for voice in Voice}
    return {
        "first": first, "answer": {"plain": answer.plain, "methods": answer.sentence}, "gates": gates,
        "todo": {voice: what_to_do(views) for voice, views in gates.items()},
        "details": list(_details(finding, answer, catalogue)), "tables": list(_tables(finding, answer, catalogue)),
        "explanations": _explanations(finding, answer, catalogue), "pictures": pictures,
        "pairs": _pairs(finding, catalogue), "claims": regulation_words.touched_claims(answer.kind, finding.regulation),
        "never": _never(answer),
    }  # fmt: skip


def _details(finding: Finding, answer: OverallAnswer, catalogue: Catalogue) -> Iterator[str]:
    if finding.regulation is not None and not finding.groups:
        yield from regulation_words.details(finding.regulation, catalogue)
    yield from linkage_tables.details(finding, answer, catalogue)


def _tables(finding: Finding, answer: OverallAnswer, catalogue: Catalogue) -> Iterator[Table]:
    if finding.regulation is not None:
        yield from regulation_page.regulation_tables(finding.regulation, finding.about.marks, catalogue)
    yield from linkage_tables.tables(finding, answer, catalogue)


def _explanations(finding: Finding, answer: OverallAnswer, catalogue: Catalogue) -> list[str]:
    if finding.regulation is not None and answer.kind in regulation_words.STEADYING:
        return [catalogue.text(key) for key in regulation_words.explanations(finding.regulation, finding.about)]
    return linkage_explanations(finding, answer.gates[1], catalogue)


def _never(answer: OverallAnswer) -> list[str]:
    """Return the keys of what no recording of this kind can say."""
    keys = ["never.another-day", "never.feeling"]
    if any(gate.name == "G3" and gate.state is GateState.PASSED for gate in answer.gates):
        keys.insert(0, "never.cause")
    return keys


def _pairs(finding: Finding, catalogue: Catalogue) -> dict[str, Any] | None:
    """Return the few pairs that stand out, and all of them in a table; None of a single pair."""
    if len(finding.verdicts) < 2:
        return None
    nearest = strongest_first(finding, _PAIRS_NAMED)
    beyond = [verdict.plain for verdict in nearest if verdict.gate("G1").state is GateState.PASSED]
    return {
        "plain": beyond or [catalogue.text("pairs.none", pairs=len(finding.verdicts))],
        "methods": [verdict.sentence for verdict in nearest],
        "table": linkage_tables.all_pairs(finding, catalogue), "count": len(finding.verdicts),
    }  # fmt: skip


def _settings(finding: Finding, catalogue: Catalogue) -> Table:
    source, shared = finding.provenance, finding.about.shared
    stated = (
        catalogue.text("cell.not-stated") if shared is None else ", ".join(shared) or catalogue.text("cell.nothing")
    )
    rows = [
        ["version", source.version], ["seed", str(source.seed)], ["pseudo_sessions", str(source.pseudo_sessions)],
        ["shared", stated], *([name, version] for name, version in source.libraries.items()),
        *([key, text] for key, text in _flat(plain(source.settings))),
    ]  # fmt: skip
    return Table([catalogue.text("column.setting"), catalogue.text("column.value")], rows)


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    items = value.items() if isinstance(value, Mapping) else enumerate(value, 1) if isinstance(value, list) else None
    if items is None:
        yield key, "—" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        return
    for name, item in items:
        yield from _flat(item, f"{key}.{name}" if key else str(name))


def _recorded(finding: Finding, catalogue: Catalogue) -> Iterator[Table]:
    text = catalogue.text
    tell = partial(say, catalogue=catalogue, voice=Voice.METHODS)
    rows = [
        [
            q.person, text("cell.signal", signal=q.channel), text("cell.beats") if math.isnan(q.rate) else text("cell.rate", rate=q.rate),
            f"{q.seconds / 60:.1f}", f"{q.coverage:.3f}", str(q.gaps), number(q.longest_gap, ".1f"),
            "; ".join(tell(one).removesuffix(".") for one in q.remarks) or "—",
            text("cell.unused", why=tell(q.refused)) if q.refused else text("cell.yes"),
        ]
        for q in finding.qualities
    ]  # fmt: skip
    keys = "person signal recorded-as minutes coverage gaps longest-gap noticed used"
    yield Table([text(f"column.{key}") for key in keys.split()], rows)
    about, everybody = finding.about, text("cell.everybody")
    spans = [
        [text("cell.block"), b.kind, text("cell.span", start=b.start, end=b.end), ", ".join(b.present)]
        for b in about.blocks
    ]
    spans += [
        [text("cell.exclusion"), e.why, text("cell.span", start=e.start, end=e.end), e.person or everybody]
        for e in about.exclusions
    ]
    spans += [[text("cell.mark"), m.label, text("cell.at", time=m.time), m.person or everybody] for m in about.marks]
    if spans:
        yield Table([text(f"column.{key}") for key in ("what", "name", "when", "who")], spans)

"""One self-contained page: the answer with its picture first, then what it rests on, other explanations, people, methods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from coregulation.analysis.finding import Finding, strongest_first
from coregulation.analysis.verdict import Verdict
from coregulation.reasons import Reason
from coregulation.regulation.gate import GateState, Question
from coregulation.regulation.reason_codes import Statement
from coregulation.report import linkage_tables, natural_page, regulation_page, regulation_words
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.drawing import swatch
from coregulation.report.explanations import linkage_explanations
from coregulation.report.first_screen import answer_statements, is_told, shown_gates, without_repeats
from coregulation.report.gate_view import view_gates, what_to_do
from coregulation.report.measures_section import measures_section
from coregulation.report.methods import write_methods
from coregulation.report.multiverse_section import multiverse_section
from coregulation.report.page_end import recorded_tables, settings_table
from coregulation.report.parts import PageTable
from coregulation.report.person_section import person_parts, shared_unknowns
from coregulation.report.person_words import EXPLANATIONS
from coregulation.report.pictures import answer_picture, linkage_pictures
from coregulation.report.rendering import render, say_all

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_MAX_NAMED = 3  # people named in the heading
_MAX_KEY = 6  # people in the key under it; of more, each picture names its own
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
        "people": [(swatch(k), person.id, person.role) for k, person in enumerate(people)] if len(people) <= _MAX_KEY else [],
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
    facts = [about.id, about.task, about.date.isoformat() if about.date else None, about.setting, lasted]
    return " · ".join(text for text in facts if text)


def _end(finding: Finding, catalogue: Catalogue) -> dict[str, Any]:
    """Return what stands at the end of every page."""
    return {
        "methods": write_methods(finding, catalogue), "settings": settings_table(finding, catalogue),
        "recorded": list(recorded_tables(finding, catalogue)), "persons": person_parts(finding, catalogue),
        "unknown": {voice.value: shared_unknowns(finding, catalogue, voice) for voice in Voice},
    }  # fmt: skip


def _alone(catalogue: Catalogue) -> dict[str, Any]:
    return {"explanations": [catalogue.text(key) for key in EXPLANATIONS]}


def _together(finding: Finding, catalogue: Catalogue) -> dict[str, Any]:
    answer = finding.answer
    assert answer is not None  # there are verdicts
    recoveries = regulation_page.recovery_picture(finding, catalogue)
    natural = natural_page.natural_section(finding, catalogue)
    rises = natural_page.rises_picture(finding, catalogue)
    is_claimed = answer.kind in natural_page.NATURAL_KINDS
    first = recoveries or (rises if is_claimed else None) or answer_picture(finding, answer.people, catalogue)
    pictures = [*regulation_page.regulation_pictures(finding, catalogue), *linkage_pictures(finding, catalogue)]
    statements = answer_statements(answer)
    gates = {
        "plain": view_gates(shown_gates(answer), catalogue, Voice.PLAIN, statements),
        "methods": view_gates(answer.gates, catalogue, Voice.METHODS),
    }
    small = () if finding.regulation is None else regulation_words.small_differences(finding.regulation, catalogue)
    spoken = {
        "plain": " ".join([say_all(statements, catalogue), *small]),
        "methods": say_all(answer.evidence, catalogue, Voice.METHODS),
    }
    return {
        "first": first, "answer": spoken, "gates": gates,
        "todo": {voice: what_to_do(views) for voice, views in gates.items()},
        "details": list(_details(finding, answer, catalogue)), "tables": list(_tables(finding, answer, catalogue)),
        "explanations": _explanations(finding, answer, catalogue), "pictures": pictures,
        "measures": measures_section(finding, catalogue), "multiverse": multiverse_section(finding, catalogue), "natural": natural,
        "rises": None if first is rises else rises,
        "pairs": _pairs(finding, catalogue), "claims": regulation_words.touched_claims(answer.kind, finding.regulation),
        "never": _never(answer, statements),
    }  # fmt: skip


def _details(finding: Finding, answer: Verdict, catalogue: Catalogue) -> Iterator[str]:
    if finding.regulation is not None and not finding.groups:
        yield from regulation_words.details(finding.regulation, catalogue)
    yield from linkage_tables.details(finding, answer, catalogue)


def _tables(finding: Finding, answer: Verdict, catalogue: Catalogue) -> Iterator[PageTable]:
    if finding.regulation is not None:
        yield from regulation_page.regulation_tables(finding.regulation, finding.about.marks, catalogue)
    yield from linkage_tables.tables(finding, answer, catalogue)


def _explanations(finding: Finding, answer: Verdict, catalogue: Catalogue) -> list[str]:
    if finding.regulation is not None and answer.kind in regulation_words.STEADYING:
        return [catalogue.text(key) for key in regulation_words.explanations(finding.regulation, finding.about)]
    return linkage_explanations(finding, answer.gates[1], catalogue)


def _never(answer: Verdict, statements: Sequence[Reason]) -> list[str]:
    """Return the keys of what no recording of this kind can say, and the answer does not."""
    keys = ["never.feeling"] if is_told(Statement.ONE_VISIT, statements) else ["never.another-day", "never.feeling"]
    if any(gate.question is Question.LEAD and gate.state is GateState.PASSED for gate in answer.gates):
        keys.insert(0, "never.cause")
    return keys


def _pairs(finding: Finding, catalogue: Catalogue) -> dict[str, Any] | None:
    """Return the few pairs that stand out, and all of them in a table; None of a single pair."""
    if len(finding.verdicts) < 2:
        return None
    nearest = strongest_first(finding, _PAIRS_NAMED)
    beyond = [
        say_all(verdict.statements, catalogue) for verdict in nearest if verdict.gate("G1").state is GateState.PASSED
    ]
    return {
        "plain": beyond or [catalogue.text("pairs.none", pairs=len(finding.verdicts))],
        "methods": without_repeats(
            [[catalogue.sentence(item, Voice.METHODS) for item in verdict.evidence] for verdict in nearest]
        ),
        "table": linkage_tables.all_pairs(finding, catalogue), "count": len(finding.verdicts),
    }  # fmt: skip

"""One self-contained page: the answer in words first, then how sure, what else, what not, pictures, methods, settings."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from coregulation.analysis.results import Finding, GroupFinding, strongest_first
from coregulation.coupling.inference import Coupling
from coregulation.regulation.verdict import Gate, GateState
from coregulation.report import person_section, regulation_page, regulation_words, sentences
from coregulation.report.answer import OverallAnswer, overall_answer
from coregulation.report.drawing import swatch
from coregulation.report.markup import Markup, join_markup, tag
from coregulation.report.methods import methods_text, papers
from coregulation.report.person_section import settled
from coregulation.report.person_words import sentence
from coregulation.report.pictures import pictures, table, voices
from coregulation.report.result import plain

MAX_ROWS = 400  # of the table of all pairs; the rest is in tables/couplings.csv
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def render_page(finding: Finding) -> str:
    """Return the report as one HTML file that loads nothing."""
    title = f"{'Simulated · ' if finding.about.simulated else ''}{_together(finding)} · {finding.about.id}"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("link", rel="icon", href="data:,"),
        tag("title", title),
        tag("style", Markup(files("coregulation.report").joinpath("page.css").read_text(encoding="utf-8"))),
    )
    banner = [tag("p", sentences.SIMULATED, class_="banner", role="note")] if finding.about.simulated else []
    body = tag("body", *banner, *_choice(), tag("main", *_sections(finding)), _footer(finding))
    return "<!doctype html>\n" + tag("html", head, body, lang="en") + "\n"


def _choice() -> Iterator[Markup]:
    for value, said, checked in (
        ("people", "for the people who were there", True),
        ("methods", "for the methods section", False),
    ):
        identity = f"voice-{value}"
        yield tag("input", type="radio", name="voice", id=identity, checked=checked)
        yield tag("label", said, for_=identity, class_="voice-choice")


def _section(heading: str, *children: str) -> Markup:
    return tag("section", tag("h2", heading), *children)


def _sections(finding: Finding) -> Iterator[Markup]:
    yield tag("header", tag("h1", _together(finding)), tag("p", *_facts(finding), class_="facts"))
    if finding.verdicts:
        yield from _about_all(finding)
        yield _section("What is said about this, and what is known", _claims(finding, overall_answer(finding)))
    else:
        yield from (_section(heading, *children) for heading, children in person_section.alone(finding))
    yield _section("Methods, ready to paste", *_methods(finding))
    yield _section("Every setting", _settings(finding))
    yield _section("What was recorded", *_recorded(finding))


def _about_all(finding: Finding) -> Iterator[Markup]:
    """Yield what is about two people or more, and each of them alone."""
    said = overall_answer(finding)
    yield _section("The answer", voices(*([tag("p", text, class_="answer")] for text in (said.plain, said.sentence))))
    yield _section("How sure is that?", voices([*_sure_plain(finding, said)], [*_sure_methods(finding, said)]))
    yield _section("What else could explain it?", _listing(_explanations(finding, said)))
    yield _section("What we cannot say, and what would settle it", voices(*_unsaid(finding, said)))
    yield _section("Question by question", _gates(finding, said), *_pairs(finding))
    yield _section("Pictures", *regulation_page.pictures(finding), *pictures(finding))
    if finding.bodies:
        yield _section("Each person alone", *person_section.people(finding))


def _together(finding: Finding) -> str:
    names = [person.id for person in finding.about.people]
    if len(names) == 1:
        return f"{names[0]}, alone"
    return sentences.join_names(names) if len(names) <= 3 else f"{len(names)} people together"


def _facts(finding: Finding) -> Iterator[str]:
    about = finding.about
    for k, person in enumerate(about.people):
        role = f" ({person.role})" if person.role else ""
        yield join_markup(" " if k else "", tag("span", swatch(k), f" {person.id}{role}", class_="who"))
    yield tag("br")
    said = [about.id, about.task, about.date.isoformat() if about.date else None, about.setting]
    yield " · ".join(text for text in said if text)


def _listing(items: Sequence[str]) -> Markup:
    return tag("ul", *(tag("li", item) for item in items))


def _answered(finding: Finding, said: OverallAnswer) -> list[Coupling | GroupFinding]:
    """Return the primary answers that an answer rests on."""
    if finding.groups:
        return list(finding.groups)
    return [c for gate in ("G1", "G2") for c in finding.of((said.people[0], said.people[1]), gate)]


def _sure_plain(finding: Finding, said: OverallAnswer) -> Iterator[Markup]:
    if finding.regulation is not None and not finding.groups:
        yield from regulation_words.sure_plain(finding.regulation)
    owners = _answered(finding, said)
    who = f"the {len(said.people)} people" if finding.groups else sentences.join_names(said.people)
    many = len({owner.signal for owner in owners}) > 1
    for owner in owners:
        about = f"{sentences.signal_name(owner.signal).capitalize()}: " if many else ""
        if owner.p is None:
            yield tag("p", f"{about}there is no answer, because {owner.refused}.")
            continue
        told = sentences.counted if owner.gate == "G1" else sentences.counted_script
        length = sentences.length_plain(owner.windows, owner.measure.window) if isinstance(owner, Coupling) else ""
        yield tag("p", f"{about}{told(owner.p, len(owner.nulls), who)} {length if owner.gate == 'G1' else ''}")


def _sure_methods(finding: Finding, said: OverallAnswer) -> Iterator[Markup]:
    if finding.regulation is not None:
        yield from regulation_page.sure_methods(finding.regulation, finding.about.marks)
    adjusted = finding.adjusted_ps()
    owners = _answered(finding, said)
    if finding.groups:
        rows = [_group_row(owner, adjusted.get(id(owner))) for owner in owners if isinstance(owner, GroupFinding)]
        yield table(["signal", "gate", "mean of largest |mean z|", "held against", "p", "adjusted p"], rows)
        return
    mine = [c for c in finding.couplings if c.pair == said.people]
    yield table(_COUPLING, [_coupling_row(c, adjusted.get(id(c))) for c in mine])
    yield tag(
        "p",
        "Intervals are 95 % intervals; of the lag, positive means that the first named comes first.",
        class_="small",
    )
    yield from _blocks(finding)
    yield from _descriptions(finding)


_COUPLING = ("pair", "signal", "gate", "mean r", "interval", "lag, s", "lag interval", "first", "held against", "p", "adjusted p", "windows", "coverage")  # fmt: skip


def _coupling_row(coupling: Coupling, adjusted: float | None) -> list[str]:
    e = coupling.estimate
    gate = coupling.gate if coupling.primary else f"{coupling.gate}, secondary"
    strength = (
        [f"{e.value:.2f}", _span(e.interval), f"{e.lag:.1f}", _span(e.lag_interval), e.leader or "—"]
        if e
        else ["—"] * 5
    )
    return [
        " and ".join(coupling.pair), coupling.signal, gate, *strength, f"{len(coupling.nulls)} × {coupling.null}",
        *_ps(coupling, adjusted), f"{coupling.windows:.1f}", f"{coupling.coverage:.2f}",
    ]  # fmt: skip


def _group_row(group: GroupFinding, adjusted: float | None) -> list[str]:
    return [
        group.signal,
        group.gate,
        f"{group.statistic:.3f}",
        f"{len(group.nulls)} × {group.null}",
        *_ps(group, adjusted),
    ]


def _ps(owner: Coupling | GroupFinding, adjusted: float | None) -> list[str]:
    if owner.p is None:
        return [f"refused: {owner.refused}", "—"]
    return [sentences.p_text(owner.p).removeprefix("= "), sentences.p_text(adjusted).removeprefix("= ")]


def _span(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.2f} to {interval[1]:.2f}"


def _blocks(finding: Finding) -> Iterator[Markup]:
    if finding.blocks:
        yield tag("h3", "Block by block (secondary)")
        rows = [
            [*b.pair, b.signal, b.block, f"{b.value:.2f}", _span(b.interval), str(b.windows)] for b in finding.blocks
        ]
        yield table(["first", "second", "signal", "block", "mean r", "interval", "windows"], rows[:MAX_ROWS])
    if finding.contrasts:
        rows = [
            [*c.pair, c.signal, " → ".join(c.blocks), f"{c.difference:+.2f}", _span(c.interval)]
            for c in finding.contrasts
        ]
        yield table(["first", "second", "signal", "from → to", "difference in z", "interval"], rows[:MAX_ROWS])


def _descriptions(finding: Finding) -> Iterator[Markup]:
    if finding.descriptions:
        yield tag("h3", "Other measures (secondary, told without a test)")
        rows = [
            [*d.pair, d.signal, d.measure, d.quantity, f"{d.value:.2f}" if math.isfinite(d.value) else "—"]
            for d in finding.descriptions
        ]
        yield table(["first", "second", "signal", "measure", "quantity", "value"], rows[:MAX_ROWS])


def _explanations(finding: Finding, said: OverallAnswer) -> list[str]:
    if finding.regulation is not None and said.kind in regulation_words.STEADYING:
        return regulation_words.regulation_explanations(finding.regulation, finding.about)
    primary = [c for c in finding.couplings if c.primary and c.gate == "G1"]
    if not primary:
        return [sentences.NOT_COMPARED]
    answers = sum(c.p is not None for c in primary)
    return sentences.explanations(finding.about, said.gates[1], answers, max(c.measure.max_lag for c in primary))


def _unsaid(finding: Finding, said: OverallAnswer) -> tuple[list[str], list[str]]:
    open_gates = [gate for gate in said.gates if gate.state is not GateState.PASSED and gate.settle]
    always = [sentences.ANOTHER_DAY, sentences.FEELING]
    if not any(gate.question == "G4" for gate in said.gates):
        always.insert(0, sentences.LABEL_STEADYING)
    if any(gate.name == "G3" and gate.state is GateState.PASSED for gate in said.gates):
        always.insert(0, sentences.NOT_A_CAUSE)
    people = [
        (
            f"{sentences.question(g, sentences.QUESTIONS)} {sentences.gate_plain(g, finding.about)}",
            sentences.settle_plain(g),
        )
        for g in open_gates
    ]
    methods = [(f"{sentences.question(g, sentences.QUESTIONS_METHODS)}: {g.why}", g.settle) for g in open_gates]
    return [settled(people + always)], [settled(methods + always)]


def _gates(finding: Finding, said: OverallAnswer) -> Markup:
    people = [
        _gate(gate, sentences.question(gate, sentences.QUESTIONS), sentences.STATES[gate.state], sentences.gate_plain(gate, finding.about), sentences.settle_plain(gate))
        for gate in said.gates
    ]  # fmt: skip
    methods = [
        _gate(
            gate,
            sentences.question(gate, sentences.QUESTIONS_METHODS),
            sentences.STATES_METHODS[gate.state],
            gate.why,
            gate.settle,
        )
        for gate in said.gates
    ]
    return voices([tag("ol", *people, class_="gates")], [tag("ol", *methods, class_="gates")])


def _gate(gate: Gate, question: str, state: str, why: str, settle: str) -> Markup:
    mark = tag("span", sentences.MARKS[gate.state], class_=f"mark {gate.state.value}", aria_hidden="true")
    settled = [tag("span", settle, class_="settle")] if settle and gate.state is not GateState.PASSED else []
    return tag("li", mark, tag("div", tag("strong", question), f" {state}. ", why, *settled))


def _pairs(finding: Finding) -> Iterator[Markup]:
    """Yield the few pairs that stand out, and all of them in a table."""
    if len(finding.verdicts) < 2:
        return
    yield tag("h3", "The pairs that stand out most")
    nearest = strongest_first(finding, 3)
    beyond = [tag("p", verdict.plain) for verdict in nearest if verdict.gate("G1").state is GateState.PASSED]
    none = [tag("p", sentences.none_stands_out(len(finding.verdicts)))]
    yield voices(beyond or none, [tag("p", verdict.sentence) for verdict in nearest])
    adjusted = finding.adjusted_ps()
    rank = sorted((c for c in finding.couplings if c.primary), key=lambda c: 2.0 if c.p is None else c.p)
    rows = [_coupling_row(c, adjusted.get(id(c))) for c in rank[:MAX_ROWS]]
    more = f" (the first {MAX_ROWS}; the rest is in tables/couplings.csv)" if len(rank) > MAX_ROWS else ""
    yield tag("details", tag("summary", f"All {len(finding.verdicts)} pairs{more}"), table(_COUPLING, rows))
    if finding.groups and finding.blocks:
        yield tag("details", tag("summary", "Blocks"), *_blocks(finding))


def _claims(finding: Finding, said: OverallAnswer) -> Markup:
    rows = [
        tag(
            "li",
            f"Claim {one.number}: ",
            tag("strong", one.says),
            f" Evidence: {' / '.join(one.evidence)}. ",
            f"{one.known}." if one.known else "",
        )
        for one in regulation_words.touched_claims(said.kind, finding.regulation)
    ]
    return join_markup(
        tag(
            "p",
            "Claims that this page touches, and how they stand in general, not here (all of them: coregulation claims):",
        ),
        tag("ul", *rows),
    )


def _methods(finding: Finding) -> Iterator[Markup]:
    text = methods_text(finding)
    yield tag("blockquote", tag("p", text))
    yield tag("ul", *(tag("li", paper) for paper in papers(text)), class_="small")


def _settings(finding: Finding) -> Markup:
    source = finding.provenance
    rows = [
        ["version", source.version], ["seed", str(source.seed)], ["pseudo sessions", str(source.pseudo_sessions)],
        ["shared", "nobody said" if finding.about.shared is None else sentences.join_names(finding.about.shared) or "nothing"],
        *([name, version] for name, version in source.libraries.items()),
        *([key, text] for key, text in _flat(plain(source.settings))),
    ]  # fmt: skip
    return tag("details", tag("summary", f"{len(rows)} settings"), table(["setting", "value"], rows))


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    items = value.items() if isinstance(value, Mapping) else enumerate(value, 1) if isinstance(value, list) else None
    if items is None:
        yield key, "—" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        return
    for name, item in items:
        yield from _flat(item, f"{key} · {name}" if key else str(name))


def _recorded(finding: Finding) -> Iterator[Markup]:
    rows = [
        [q.person, q.channel, "beats" if q.rate != q.rate else f"{q.rate:g} Hz", f"{q.seconds / 60:.1f} min", f"{q.coverage:.3f}",
         str(q.gaps), f"{q.longest_gap:.1f} s", ' '.join(map(sentence, q.remarks)) or "—", f"no: {sentence(q.refused)}" if q.refused else "yes"]
        for q in finding.qualities
    ]  # fmt: skip
    yield table(
        ["person", "signal", "recorded as", "length", "share there", "gaps", "longest", "noticed", "used"], rows
    )
    about = finding.about
    spans = [["block", b.kind, f"{b.start:g} to {b.end:g} s", ", ".join(b.present)] for b in about.blocks]
    spans += [["left out", e.why, f"{e.start:g} to {e.end:g} s", e.person or "all"] for e in about.exclusions]
    spans += [["mark", m.label, f"{m.time:g} s", m.person or "all"] for m in about.marks]
    if spans:
        yield table(["what", "name", "when", "who"], spans)


def _footer(finding: Finding) -> Markup:
    said = f" coregulation {finding.provenance.version}. Beside this page: result.json and tables/."
    simulated = f"{sentences.SIMULATED} " if finding.about.simulated else ""
    return tag("footer", tag("p", simulated, sentences.INTENDED_USE, said))

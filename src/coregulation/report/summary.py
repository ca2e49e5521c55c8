"""The answer in a terminal: what the people are told, then a few aligned lines, one fact each, and nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coregulation.analysis.finding import Finding, strongest_first
from coregulation.analysis.person import PersonFinding
from coregulation.analysis.results import GroupFinding
from coregulation.analysis.verdict import Verdict
from coregulation.channels import HEART_RATE
from coregulation.coupling.inference import Coupling
from coregulation.regulation.gate import Question
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.measures_section import measures_row
from coregulation.report.multiverse_section import multiverse_row
from coregulation.report.natural_text import rises_row
from coregulation.report.rendering import say_all
from coregulation.report.text_table import MAX_WIDTH, Row, aligned, wrap

MAX_STATEMENTS = 3  # sentences of the answer
MAX_PEOPLE = 4  # people with a line of their own
_NUMBERS = (HEART_RATE, "rmssd", "breathing_rate", "scr_rate")


def summary(finding: Finding, catalogue: Catalogue | None = None, *, width: int = 80, verbose: bool = False) -> str:
    """Write a finding for a terminal.

    Parameters
    ----------
    finding
        The answer to a session.
    catalogue
        The reader's language; English by default.
    width
        Of the terminal, in characters.
    verbose
        Also what a methods section says of every pair, and every person's numbers.

    Returns
    -------
    str
        About ten lines, or as many as there are pairs and people with `verbose`.
    """
    catalogue = catalogue or Catalogue()
    width = min(width, MAX_WIDTH)
    lines = [_title(finding, catalogue), *_answer(finding, catalogue, width)]
    lines += aligned(_rows(finding, catalogue), width)
    lines += aligned(_people(finding, catalogue, verbose), width)
    if verbose:
        lines += ["", *_evidence(finding, catalogue, width)]
    return "\n".join(lines)


def _title(finding: Finding, catalogue: Catalogue) -> str:
    seconds = max((signal.window.end - signal.window.start for signal in finding.traces.values()), default=0.0)
    key = "terminal.title-simulated" if finding.about.simulated else "terminal.title"
    people = len(finding.about.people)
    return catalogue.text(key, session=finding.about.id, count=people, seconds=seconds)


def _answer(finding: Finding, catalogue: Catalogue, width: int) -> list[str]:
    verdict = finding.answer
    if verdict is None:
        return []
    text = say_all(verdict.statements[:MAX_STATEMENTS], catalogue)
    return wrap(text, width, "  ")


def _rows(finding: Finding, catalogue: Catalogue) -> Iterator[Row]:
    verdict = finding.answer
    if verdict is None:
        return
    for gate in verdict.gates:
        owner = _tested(finding, verdict, str(gate.question))
        if gate.name in ("G1", "G2") and owner is not None:
            yield (
                _question(gate.name, catalogue, verdict.is_group),
                _state(gate.state, catalogue),
                _test(owner, catalogue),
            )
    if len(finding.verdicts) > 1:
        yield _standing_out(finding, catalogue)
    if finding.measures:
        yield catalogue.text("terminal.measures"), "", measures_row(finding, catalogue)
    if finding.multiverse:
        yield catalogue.text("terminal.multiverse"), "", multiverse_row(finding, catalogue)
    for gate in verdict.gates:
        if gate.question is Question.SETTLED_BEFORE and gate.direction is not None:
            yield _rises(finding, gate.direction, catalogue)
        elif gate.direction is not None and finding.regulation is not None:
            giver, receiver = gate.direction
            label = catalogue.text("terminal.settles", giver=giver, receiver=receiver)
            yield label, _state(gate.state, catalogue), _half_lives(finding, receiver, catalogue)


def _rises(finding: Finding, pair: tuple[str, str], catalogue: Catalogue) -> Row:
    assert finding.natural is not None
    return rises_row(
        next(item for item in finding.natural.directions if (item.giver, item.receiver) == pair), catalogue
    )


def _question(name: str, catalogue: Catalogue, is_group: bool) -> str:
    return catalogue.text("terminal.g1-group" if is_group and name == "G1" else f"terminal.{name.lower()}")


def _state(state: str, catalogue: Catalogue) -> str:
    return catalogue.text(f"terminal.{state}")


def _tested(finding: Finding, verdict: Verdict, gate: str) -> Coupling | GroupFinding | None:
    """Return what answers a gate: the group's or the pair's test with the smallest p."""
    owners: list[Coupling | GroupFinding] = [group for group in finding.groups if group.gate == gate]
    if not verdict.is_group:
        owners = list(finding.of(verdict.people, gate))
    return min(owners, key=lambda owner: 2.0 if owner.p is None else owner.p, default=None)


def _test(owner: Coupling | GroupFinding, catalogue: Catalogue) -> str:
    if owner.p is None:
        return catalogue.sentence(owner.refused) if owner.refused is not None else ""
    facts: dict[str, Any] = {"p": owner.p, "nulls": len(owner.nulls), "null": owner.null, "signal": owner.signal}
    return catalogue.text("terminal.test", **facts)


def _standing_out(finding: Finding, catalogue: Catalogue) -> Row:
    first = strongest_first(finding, 1)[0]
    passed = [v for v in finding.verdicts if v.gate("G1").state == "passed"]
    label = catalogue.text("terminal.pairs")
    state = catalogue.text("terminal.pairs-count", passed=len(passed), pairs=len(finding.verdicts))
    coupling = min(finding.of(first.people), key=lambda c: 2.0 if c.p is None else c.p, default=None)
    if coupling is None or coupling.estimate is None or coupling.p is None:
        return label, state, ""
    adjusted = finding.adjusted(coupling)
    return label, state, catalogue.text(
        "terminal.closest", names=first.people, value=coupling.estimate.value, adjusted=adjusted
    )  # fmt: skip


def _half_lives(finding: Finding, person: str, catalogue: Catalogue) -> str:
    comparisons = finding.regulation.comparisons if finding.regulation is not None else ()
    comparison = next((item for item in comparisons if item.person == person), None)
    if comparison is None:
        return ""
    if not comparison.comparable:
        return catalogue.text("terminal.rises-apart", alone=comparison.rise, together=comparison.rise_together)
    return catalogue.text("terminal.half-lives", alone=comparison.alone.value, together=comparison.together.value)


def _people(finding: Finding, catalogue: Catalogue, verbose: bool) -> Iterator[Row]:
    if len(finding.bodies) > MAX_PEOPLE and not verbose:
        yield catalogue.plural("terminal.people", len(finding.bodies)), "", ""
        return
    for body in finding.bodies:
        yield body.person, "", _numbers(body, catalogue)


def _numbers(body: PersonFinding, catalogue: Catalogue) -> str:
    known = [
        catalogue.text("terminal.number", measure=name, value=item.value, unit=item.unit)
        for name in _NUMBERS
        if (item := body.everything.get(name)) is not None and item.value is not None
    ]
    if known:
        return catalogue.text("list.separator").join(known)
    why = next(iter(body.unknown.values()), None)
    return catalogue.sentence(why) if why is not None else ""


def _evidence(finding: Finding, catalogue: Catalogue, width: int) -> list[str]:
    order = [v for v in (finding.group_verdict, *strongest_first(finding)) if v is not None]
    texts = [say_all(verdict.evidence, catalogue, Voice.METHODS) for verdict in order]
    return [line for text in texts for line in wrap(text, width, "  ", "  ")]

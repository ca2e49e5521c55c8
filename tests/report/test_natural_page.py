"""The section on an ordinary hour: sentence, picture, assumptions, tables, result; nothing where nothing was computed."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from coregulation.analysis.finding import Finding
from coregulation.analysis.natural import NaturalAnalysis
from coregulation.analysis.pipeline import Analysis
from coregulation.analysis.verdict import Verdict, join_natural
from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.regulation.gate import GateState, VerdictKind
from coregulation.regulation.interval import Interval
from coregulation.regulation.natural.answer import NaturalState
from coregulation.regulation.natural.event_locked import EventKind, EventResponse
from coregulation.report import save
from coregulation.report.catalogue import Catalogue
from coregulation.report.methods import write_methods
from coregulation.report.natural_page import natural_section, rises_picture
from coregulation.report.page import render_page
from coregulation.report.result import result_of
from coregulation.report.summary import summary
from coregulation.report.tables import all_tables
from tests.analysis.test_natural import evening
from tests.analysis.verdicts import verdict
from tests.regulation.natural.test_answer import ENOUGH
from tests.wording import judging

QUICK = Analysis(
    surrogates=99, secondary=99, sensitivity=(), bootstrap=BlockBootstrap(draws=99), jobs=1, bodies=False,
    natural=NaturalAnalysis(399),
)  # fmt: skip


@pytest.fixture(scope="module")
def hour() -> Finding:
    return QUICK(evening(5400.0, seed=4))


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_an_evening_with_help_is_told_in_both_voices(hour: Finding):
    assert hour.answer is not None
    assert hour.answer.kind is VerdictKind.SOONER_WHEN_SETTLED
    assert (hour.answer.giver, hour.answer.receiver) == ("ben", "ada")
    page = words(render_page(hour))
    assert "When ben was calm, ada's upsets passed a little sooner." in page
    assert "this does not say what ada would have done without ben" in page
    assert "How rises passed in this ordinary hour" in page
    assert "What this assumes" in page
    assert "because of ben" not in page
    assert page.count("Each person's own rises, laid over one another") == 1


def test_the_section_says_how_many_of_each_kind_and_judges_nobody(hour: Finding):
    section = natural_section(hour, Catalogue())
    assert section is not None
    assert len(section["plain"]) == 2
    assert "ben was calm just before 17 of them and not before 13" in section["plain"][0]
    assert [judging(text) for text in (*section["plain"], *section["assumptions"])] == [[]] * 6
    assert len(section["table"].rows) == 2


def test_the_terminal_and_the_methods_section_have_it(hour: Finding):
    text = " ".join(summary(hour, width=200).split())
    assert "ada's rises pass sooner with ben calm? yes 30 own rises, ben calm before 17" in text
    methods = write_methods(hour, Catalogue())
    assert "399 circular shifts" in methods.text
    assert any("Wass" in paper for paper in methods.references)


def test_result_and_tables_hold_both_directions_and_every_rise(hour: Finding, tmp_path: Path):
    natural = result_of(hour).natural
    assert natural is not None
    assert [d.state for d in natural.directions] == [NaturalState.SOONER, NaturalState.NOT_SHOWN]
    tables = all_tables(hour)
    assert len(list(tables["natural_rises"][1])) == sum(d.rises for d in natural.directions)
    save(hour, tmp_path / "out")
    assert (tmp_path / "out" / "tables" / "natural_directions.csv").is_file()


def test_without_a_claim_the_picture_is_in_the_section(hour: Finding):
    assert hour.natural is not None
    quiet = replace(
        hour, natural=replace(hour.natural, directions=tuple(replace(d, state=NaturalState.NOT_SHOWN) for d in hour.natural.directions)),
        verdicts=tuple(replace(v, kind=VerdictKind.CANNOT_TELL) for v in hour.verdicts),
    )  # fmt: skip
    page = words(render_page(quiet))
    assert page.index("How rises passed") < page.index("Each person's own rises, laid over one another")


def test_what_came_before_settling_is_described_and_never_a_cause(hour: Finding):
    assert hour.natural is not None
    fell = EventResponse(EventKind.MARK, "hand", "ada", 12, Interval(-0.6, -0.9, -0.3), 0.004, 0.02)
    rose = EventResponse(EventKind.TURN, "ben", "ada", 30, Interval(0.4, 0.1, 0.7), 0.01, 0.04)
    chance = EventResponse(EventKind.CUE, "voice", "ben", 6, Interval(0.1, -0.4, 0.6), 0.5, 0.9)
    session = replace(hour, natural=replace(hour.natural, preceding=(fell, rose, chance)))
    page = words(render_page(session))
    assert (
        "After “hand” (12 times) ada's level fell by 0.6 of ada's own spreads more than it usually does from there."
        in page
    )
    assert "After ben began to speak (30 times) ada's level stayed higher than usual from there" in page
    assert "it does not say that the action did it" in page
    assert "voice" in page
    assert len(list(all_tables(session)["natural_events"][1])) == 3
    quiet = replace(hour, natural=replace(hour.natural, preceding=(chance,)))
    section = natural_section(quiet, Catalogue())
    assert section is not None
    assert section["preceding"][0].startswith("After none of the 1 kind of events")
    assert "What came before settling" not in words(render_page(hour))


def test_a_short_session_has_no_section():
    finding = QUICK(evening(1500.0))
    assert finding.natural is None
    assert natural_section(finding, Catalogue()) is None
    assert rises_picture(finding, Catalogue()) is None
    assert "ordinary hour" not in render_page(finding)
    assert result_of(finding).natural is None
    assert "natural_rises" not in all_tables(finding)


SOONER = replace(ENOUGH, state=NaturalState.SOONER)
OTHER_WAY = replace(SOONER, giver="ada", receiver="ben", adjusted=0.04)


def joined(*directions, kind: VerdictKind = VerdictKind.CANNOT_TELL) -> Verdict:
    return join_natural(replace(verdict(0.5), kind=kind), directions)


def test_a_claim_gives_a_kind_below_every_other_answer():
    assert joined(SOONER).kind is VerdictKind.SOONER_WHEN_SETTLED
    assert joined(SOONER, kind=VerdictKind.LINKED).kind is VerdictKind.SOONER_WHEN_SETTLED
    for kind in (VerdictKind.LENT, VerdictKind.MUTUAL, VerdictKind.SELF_REGULATING, VerdictKind.CO_DYSREGULATION):
        kept = joined(SOONER, kind=kind)
        assert kept.kind is kind
        assert kept.gate("G7 ben → ada").state is GateState.PASSED
    assert "sooner-when-settled" in [item.facts.get("kind") for item in joined(SOONER).evidence]


def test_both_ways_name_nobody_and_opposite_ways_name_the_surer():
    both = joined(SOONER, OTHER_WAY)
    assert (both.kind, both.giver) == (VerdictKind.SOONER_WHEN_SETTLED, None)
    opposite = joined(replace(OTHER_WAY, state=NaturalState.LATER, adjusted=0.001), SOONER)
    assert (opposite.kind, opposite.giver, opposite.receiver) == (VerdictKind.LATER_WHEN_SETTLED, "ada", "ben")
    assert len([s for s in opposite.statements if s.code.startswith("natural-told")]) == 4


def test_nothing_computed_changes_nothing():
    plain = verdict(0.5)
    assert join_natural(plain, ()) is plain
    assert joined(replace(ENOUGH, state=NaturalState.NOT_SHOWN)).kind is VerdictKind.CANNOT_TELL

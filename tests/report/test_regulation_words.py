"""What the page says in plain words of composure, ruptures and claims, and the methods paragraph of the regulation branch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coregulation.analysis.finding import Finding
from coregulation.analysis.pipeline import Analysis
from coregulation.analysis.regulation import RegulationAnalysis
from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.events import Mark
from coregulation.regulation.co_escalation import CoEscalation
from coregulation.regulation.composure import Composure
from coregulation.regulation.gate import VerdictKind
from coregulation.regulation.interval import Interval
from coregulation.regulation.result import PairCoEscalation, RegulationResult, RegulationSettings
from coregulation.regulation.statespace import StateSpace
from coregulation.report import regulation_words
from coregulation.report.catalogue import Catalogue
from coregulation.report.methods import write_methods
from coregulation.report.page import render_page
from coregulation.report.result import result_of
from coregulation.report.summary import summary
from coregulation.simulate.confounds import known_answer
from tests.wording import judging

QUICK = Analysis(
    surrogates=99, secondary=99, sensitivity=(), bootstrap=BlockBootstrap(draws=99), jobs=1, bodies=False,
    regulation=RegulationAnalysis(RegulationSettings(model=StateSpace(draws=80), draws=20)),
)  # fmt: skip


@pytest.fixture(scope="module")
def lent() -> Finding:
    return QUICK(known_answer("lent", 2)[0])


def account(finding: Finding) -> RegulationResult:
    assert finding.regulation is not None
    return finding.regulation


@pytest.mark.parametrize(
    ("rise", "words"),
    [
        (Interval(2.0, 0.5, 3.5), "ben rose as well"),
        (Interval(0.1, -0.4, 0.6), "stayed within the ordinary ups and downs"),
        (Interval(0.5, -1.0, 2.0), "3 moments cannot tell"),
    ],
)
def test_the_own_gauge_speaks_of_one_person(lent: Finding, rise: Interval, words: str) -> None:
    gauge = Composure("ben", rise, rise, None, 3)
    text = " ".join(regulation_words.details(replace(account(lent), composure=(gauge,)), Catalogue()))
    assert words in text
    assert not judging(text)


@pytest.mark.parametrize(("together", "times"), [(0.99, False), (1.0, True)])
def test_times_are_printed_only_where_the_rises_can_be_compared(lent: Finding, together: float, times: bool) -> None:
    (person,) = [item for item in account(lent).comparisons if item.person == "ada"]
    asked = replace(person, rise=2.0, rise_together=together)
    finding = replace(lent, regulation=replace(account(lent), comparisons=(asked,)))
    page = next(regulation_words.details(account(finding), Catalogue()))
    terminal = " ".join(summary(finding, width=300).split())
    assert ("half-way back" in page) is times
    assert ("for times to be compared" in page) is not times
    assert ("times cannot be compared" in terminal) is not times


def test_the_result_and_the_table_have_the_ratio_from_equal_heights(lent: Finding) -> None:
    (person,) = [item for item in account(lent).comparisons if item.person == "ada"]
    even = replace(person, ratio=Interval(0.43, 0.21, 0.87), equal_heights=None)
    told = replace(lent, regulation=replace(account(lent), comparisons=(replace(person, equal_heights=even),)))
    (kept,) = result_of(told).regulation.comparisons
    assert (kept.ratio_from_equal_heights.value, kept.rise_together) == (0.43, person.rise_together)
    assert "0.43 [0.21, 0.87]" in render_page(told)


def test_a_rupture_is_told_with_its_repair_and_its_mark(lent: Finding) -> None:
    met = PairCoEscalation(("ada", "ben"), CoEscalation(300.0, (5.0, 4.0), 391.0, 900.0))
    lasting = PairCoEscalation(("ada", "ben"), CoEscalation(600.0, (5.0, 4.0), None, 900.0))
    told = replace(account(lent), co_escalations=(met, lasting))
    text = " ".join(regulation_words.details(told, Catalogue()))
    assert "Around minute 5, ada and ben were both up at once. Both were half-way back 91 seconds later." in text
    assert "That stretch ended before" in text
    marked = replace(
        lent, regulation=told, about=replace(lent.about, marks=(Mark(310.0, "rupture"), Mark(500.0, "tea")))
    )
    html = render_page(marked)
    assert "<td>rupture</td>" in html
    assert "<td>tea</td>" not in html.split("Both up at once")[1].split("</table>")[0]


def test_what_a_page_touches_is_linked_to_how_it_stands(lent: Finding) -> None:
    numbers = [one.number for one in regulation_words.touched_claims(VerdictKind.LENT, account(lent))]
    assert numbers == [1, 30, 34, 32]
    assert [one.number for one in regulation_words.touched_claims(VerdictKind.LENT, None)] == [1, 30, 34]
    html = render_page(lent)
    assert "Claim 32: " in html
    assert "largely untested" in html


def test_the_methods_say_how_it_was_asked_or_that_it_was_not(lent: Finding) -> None:
    text = write_methods(lent, Catalogue()).text
    for words in ("state space", "half-life of arousal", "together always came first", "set on simulated sessions"):
        assert words in text
    assert "was not tested" not in text
    assert any("simulation smoother" in paper for paper in write_methods(lent, Catalogue()).references)
    bare = replace(lent, regulation=None)
    assert "Whether anybody steadies anybody was not tested" in write_methods(bare, Catalogue()).text
    refused = replace(account(lent), pairs=(), recoveries=())
    assert "state space" not in write_methods(replace(lent, regulation=refused), Catalogue()).text


def test_from_heart_rate_and_with_a_stand_in_the_methods_say_so(lent: Finding) -> None:
    from coregulation.regulation.control import PartnerControl

    told = replace(
        account(lent),
        index="heart rate",
        controls=(PartnerControl("ada", "recorded", Interval(0.4, 0.3, 0.5), None, (3, 3)),),
    )
    text = write_methods(replace(lent, regulation=told), Catalogue()).text
    assert "levelling off of the heart" in text
    assert "stand-in" in text
    assert 67 not in [one.number for one in regulation_words.touched_claims(VerdictKind.LENT, told)]
    assert np.isfinite(told.recoveries[0].peak)


def test_half_lives_that_differ_by_less_than_counts_are_told(lent: Finding) -> None:
    regulation = account(lent)
    assert list(regulation_words.small_differences(regulation, Catalogue())) == []
    apart = replace(regulation.comparisons[1], ratio=Interval(0.8, 0.7, 0.9))
    assert apart.person == "ben"
    told = replace(regulation, comparisons=(regulation.comparisons[0], apart))
    (text,) = regulation_words.small_differences(told, Catalogue())
    assert text.startswith("ben was half-way back in about 28 seconds together instead of 30 alone")
    assert "factor of 2.5" in text
    assert text in render_page(replace(lent, regulation=told))


@pytest.mark.parametrize(("low", "high", "told"), [(0.9, 1.0, 0), (0.9, 0.999, 1), (1.0, 1.1, 0), (1.001, 1.1, 1)])
def test_an_interval_that_holds_one_is_no_difference(lent: Finding, low: float, high: float, told: int) -> None:
    regulation = account(lent)
    edge = replace(regulation.comparisons[1], ratio=Interval((low + high) / 2, low, high))
    found = regulation_words.small_differences(replace(regulation, comparisons=(edge,)), Catalogue())
    assert len(list(found)) == told

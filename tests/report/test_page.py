from __future__ import annotations

import dataclasses
import datetime
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from coregulation.analysis.finding import Finding
from coregulation.analysis.verdict_reasons import Linked
from coregulation.reasons import because
from coregulation.regulation.gate import Gate, GateState, Question
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.first_screen import answer_statements
from coregulation.report.page import render_page
from coregulation.report.rendering import say_all
from coregulation.signals import Signal, Unit
from tests.report.conftest import AWKWARD

VOID = {"meta", "input", "link", "br"}
ALL = ["pair_page", "group_page", "too_short_page"]


class Walk(HTMLParser):
    """Collects elements and texts, and fails where an element is closed that is not open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.texts: list[tuple[str, list[str]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), list(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), list(self.open)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((data, list(self.open)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(text for text, path in self.texts if "style" not in path)


@pytest.mark.parametrize("which", ALL)
def test_a_page_is_well_formed_small_and_alone(which: str, request: pytest.FixtureRequest):
    text = request.getfixturevalue(which)
    walk = Walk(text)
    assert text.startswith("<!doctype html>")
    assert len(text.encode()) < 1_500_000
    assert not walk.named("script")
    assert "://" not in text
    for _, attributes, _ in walk.elements:
        for name in ("src", "href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith(("#", "data:"))
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)
    assert "nan" not in re.findall(r"[a-z]+", walk.text)


@pytest.mark.parametrize("which", ALL)
def test_every_id_is_there_once_and_every_reference_leads_somewhere(which: str, request: pytest.FixtureRequest):
    walk = Walk(request.getfixturevalue(which))
    ids = [attributes["id"] for _, attributes, _ in walk.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    used = set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", request.getfixturevalue(which)))
    assert used <= set(ids)


@pytest.mark.parametrize("which", ALL)
def test_every_picture_has_words_and_numbers(which: str, request: pytest.FixtureRequest):
    text = request.getfixturevalue(which)
    walk = Walk(text)
    shown = [a for a in walk.named("svg") if a.get("aria-hidden") != "true"]
    assert shown
    assert all(a["role"] == "img" and a["aria-label"] for a in shown)
    figures = re.findall(r"<figure>.*?</figure>", text, flags=re.S)
    assert 2 * len(figures) == len(shown)  # each drawn for a desktop and for a phone
    for figure in figures:
        assert "<title>" in figure
        assert "<figcaption>" in figure
        assert "<td" in figure


@pytest.mark.parametrize("which", ALL)
def test_colours_come_from_the_page(which: str, request: pytest.FixtureRequest):
    text = request.getfixturevalue(which)
    assert not re.search(r"#0[12]00[0-9a-f]{2}", text)
    pictures = "".join(re.findall(r"<svg.*?</svg>", text, flags=re.S))
    assert set(re.findall(r"#[0-9a-f]{6}\b", pictures)) <= {"#000000"}  # of marks that are not painted
    for variable in set(re.findall(r"var\((--[a-z0-9-]+)\)", text)):
        assert text.count(f"{variable}:") == 3, "light, dark, print"


def test_the_order_is_that_of_the_questions(pair_page: str):
    headings = re.findall(r"<h2>(.*?)</h2>", pair_page)
    assert headings == [
        "The answer", "What the answer rests on", "What else could explain it?", "What no recording of this kind can say",
        "More pictures", "Each person alone", "What research says about this in general", "Methods, ready to paste",
        "What was recorded", "Every setting",
    ]  # fmt: skip


def test_a_simulated_session_says_so_everywhere(pair_page: str, group_page: str):
    title = re.search(r"<title>(.*?)</title>", pair_page)
    assert title is not None
    assert title[1].startswith("Simulated")
    assert 'class="banner"' in pair_page
    captions = re.findall(r"<figcaption>.*?</figcaption>", pair_page, flags=re.S)
    assert captions
    assert all("Simulated." in caption for caption in captions)
    assert "The data are simulated." in pair_page
    assert "imulated" not in Walk(group_page).text


def test_one_voice_at_a_time_and_both_for_every_part(pair_page: str, pair: Finding):
    walk = Walk(pair_page)
    radios = walk.named("input")
    assert [radio["id"] for radio in radios] == ["voice-people", "voice-methods"]
    assert {label["for"] for label in walk.named("label")} == {"voice-people", "voice-methods"}
    assert pair_page.count('class="for-people"') == pair_page.count('class="for-methods"') >= 4
    assert say_all(answer_statements(pair.answer), Catalogue()) in walk.text
    assert say_all(pair.verdicts[0].evidence, Catalogue(), Voice.METHODS) in walk.text


def test_a_refused_p_is_words_and_not_a_number(too_short_page: str, too_short: Finding):
    why = too_short.couplings[0].refused
    assert why is not None
    why = Catalogue().sentence(why)
    text = Walk(too_short_page).text
    assert f"refused: {why}" in text
    assert f"Heart rate: there is no answer. {why}" in text
    assert not re.search(r"p [=<] ?\.?\d", text)


def test_names_are_escaped_and_shown_as_given(group_page: str):
    assert "<b>" not in group_page
    assert AWKWARD in Walk(group_page).text


def test_a_group_is_answered_before_its_pairs(group_page: str):
    text = Walk(group_page).text
    assert text.index("followed pacer 6/min. That alone") < text.index("ada and ben")
    assert "All 6 pairs" in text


def test_marks_are_shapes_and_words(group_page: str):
    gates = re.findall(r'<li><span class="mark (\S+)" aria-hidden="true">(.)</span>', group_page)
    assert set(gates) <= {("passed", "✓"), ("failed", "–"), ("cannot-tell", "?")}
    assert len(gates) == 3 + 4  # the people see what the answer leaves, a methods section all of them


def test_everything_recorded_is_listed(group_page: str):
    text = Walk(group_page).text
    for told in ("3 rows without a time were left out", "cough", "bell", "alone-rest", "300 to 305 s"):
        assert told in text


def test_the_session_is_described_where_it_was(pair: Finding):
    about = dataclasses.replace(pair.about, task="tell a hard moment", date=datetime.date(2026, 5, 4))
    text = render_page(dataclasses.replace(pair, about=about))
    assert "tell a hard moment · 2026-05-04 · one room" in text


def test_six_people_for_a_hundred_minutes_stay_small(pair: Finding):
    rng = np.random.default_rng(1)
    people = [f"p{k}" for k in range(6)]
    channels = ("heart_rate", "resp", "eda", "motion")
    traces = {
        (who, channel): Signal(rng.normal(size=60_000), 10.0, 0.0, Unit.ARBITRARY)
        for channel in channels
        for who in people
    }
    about = dataclasses.replace(
        pair.about, people=tuple(dataclasses.replace(pair.about.people[0], id=who) for who in people)
    )
    text = render_page(dataclasses.replace(pair, about=about, traces=traces, bodies=()))
    assert len(text.encode()) < 1_500_000


def test_a_page_is_the_same_each_time(pair: Finding, pair_page: str):
    assert render_page(pair) == pair_page


def test_a_group_with_script_answers_in_words_counts_and_tables(group_page: str):
    text = Walk(group_page).text
    assert "We compared the 4 people with 199 mixed groups of people who went through the same another time" in text
    assert "mean of the largest |mean z|" in text


def test_pairs_that_go_beyond_own_dynamics_are_named_to_the_people(group: Finding):
    passed = Gate(Question.OWN_DYNAMICS, GateState.PASSED, because(Linked.NO_SIGNAL))
    verdicts = tuple(dataclasses.replace(v, gates=(v.gates[0], passed, *v.gates[2:])) for v in group.verdicts)
    text = render_page(dataclasses.replace(group, verdicts=verdicts))
    assert "None of the 6 pairs stands out" not in text
    unmoved = tuple(
        dataclasses.replace(v, gates=(v.gates[0], dataclasses.replace(passed, state=GateState.FAILED), *v.gates[2:]))
        for v in group.verdicts
    )
    assert "None of the 6 pairs stands out" in render_page(dataclasses.replace(group, verdicts=unmoved))


def test_pseudo_dyads_have_a_row_of_their_own(pair: Finding):
    script = dataclasses.replace(pair.couplings[0], gate="G2", null="pseudo-dyads", nulls=np.linspace(0, 1, 29))
    finding = dataclasses.replace(pair, couplings=(*pair.couplings, script))
    text = Walk(render_page(finding)).text
    assert "29 pseudo-dyads" in text
    assert "We compared ada and ben with 29 pairings of people who went through the same without each other" in text
    assert "pseudo-dyads from 0 other sessions" in text


def test_a_person_without_a_sample_and_a_map_without_a_threshold(pair: Finding):
    empty = Signal(np.full(800, np.nan), 2.0, 0.0, Unit.PER_MINUTE)
    finding = dataclasses.replace(pair, traces={**pair.traces, ("ada", "heart_rate"): empty}, map_threshold={})
    text = Walk(render_page(finding)).text
    assert "There is no threshold" in text


def test_a_session_without_blocks_marks_and_exclusions_lists_none(pair: Finding):
    about = dataclasses.replace(pair.about, blocks=(), marks=(), exclusions=())
    assert "Blocks are shaded" not in render_page(dataclasses.replace(pair, about=about))

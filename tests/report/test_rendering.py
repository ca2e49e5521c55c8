"""Templates escape what is not markup, render reasons and refuse what nobody gave them."""

from __future__ import annotations

import jinja2
import pytest
from markupsafe import Markup

from coregulation.reasons import because
from coregulation.report.catalogue import Catalogue
from coregulation.report.parts import Figure, PageTable, number
from coregulation.report.rendering import render, say

WORDS = Catalogue()


def filled(source: str, monkeypatch: pytest.MonkeyPatch, **values: object) -> str:
    loader = jinja2.DictLoader({"x.html.jinja": source})
    monkeypatch.setattr(jinja2, "PackageLoader", lambda _: loader)
    return render("x.html.jinja", WORDS, **values)


def test_text_is_escaped_and_markup_is_not(monkeypatch):
    out = filled("{{ text }}{{ mark }}", monkeypatch, text="<b>&", mark=Markup("<i>"))
    assert out == "&lt;b&gt;&amp;<i>"


def test_a_template_can_say_a_text_and_a_reason(monkeypatch):
    out = filled('{{ t("signal.eda") }}, {{ reason | say("methods") }}', monkeypatch, reason=because("signal.resp"))
    assert out == "skin conductance, breathing"


def test_what_is_not_given_is_an_error(monkeypatch):
    with pytest.raises(jinja2.UndefinedError):
        filled("{{ absent }}", monkeypatch)


def test_a_sentence_is_left_as_it_is():
    assert say("It ended.", WORDS) == "It ended."


@pytest.mark.parametrize(
    ("value", "specification", "text"),
    [(None, ".2f", "—"), (float("nan"), ".2f", "—"), (-0.5, ".2f", "−0.50"), (1234.5, ".3g", "1.23e+03")],
)
def test_a_table_s_number(value, specification, text):
    assert number(value, specification) == text


def test_a_figure_has_no_table_unless_it_is_given_one():
    assert Figure(Markup("<svg></svg>"), "caption").tables == ()
    assert PageTable(["a"], [["b"]]).heading == ""

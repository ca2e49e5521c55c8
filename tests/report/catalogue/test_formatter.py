"""Facts are formatted by the catalogue's specifications, in the words and the point of its language."""

import math

import pytest

from coregulation.reasons import because
from coregulation.report.catalogue import Catalogue
from coregulation.report.catalogue.formatter import MISSING
from tests.report.catalogue.pseudo import outside, pseudo_catalogue, templates

CASES = [
    ("{x:term signal}", "heart_rate", "heart rate"),
    ("{x:term signal}", "blood_flow", "blood flow"),
    ("{x:cap term signal}", "eda", "Skin conductance"),
    ("{x:and}", (), ""),
    ("{x:and}", ("a",), "a"),
    ("{x:and term signal}", ("eda", "heart_rate", "resp"), "skin conductance, heart rate and breathing"),
    ("{x:or}", ["a", "b"], "a or b"),
    ("{x:count duration.minutes}", 1, "1 minute"),
    ("{x:owner}", "Ada", "Ada's"),
    ("{x:and owner}", ("Ada", "Ben"), "Ada's and Ben's"),
    ("{x:people}", ("Ada", "Ben", "Cy"), "Ada, Ben and Cy"),
    ("{x:people}", ("a", "b", "c", "d"), "the 4 people"),
    ("{x:People}", ("a", "b", "c", "d"), "The 4 people"),
    ("{x:people owner}", ("Ada", "Ben"), "Ada's and Ben's"),
    ("{x:People owner}", ("a", "b", "c", "d"), "The 4 people's"),
    ("{x:odds}", 0.1, "about 1 of 10 tries"),
    ("{x:odds}", 0.5, "about 1 of 2 tries"),
    ("{x:odds}", 0.51, "most tries"),
    ("{x:odds}", None, MISSING),
    ("{x:clause}", "It ended.", "It ended"),
    ("{x:number Hz}", 3.14159, "3.14 Hz"),
    ("{x:number}", 1234.5, "1234"),
    ("{x:number s}", -0.5, "−0.5 s"),
    ("{x:number s}", None, MISSING),
    ("{x:number s}", math.nan, MISSING),
    ("{x:interval s}", (12.0, 9.0, 16.04), "12 (9 to 16) s"),
    ("{x:interval s}", (12.0, 9.0, math.inf), f"12 (9 to {MISSING}) s"),
    ("{x:range}", (0.25, 1.5), "0.25 to 1.5"),
    ("{x:percent}", 0.256, "25.6 %"),
    ("{x:percent}", None, f"{MISSING} %"),
    ("{x:duration}", 1, "1 second"),
    ("{x:duration}", 119.4, "119 seconds"),
    ("{x:duration}", 120, "2 minutes"),
    ("{x:duration}", 7200, "2 hours"),
    ("{x:p}", 0.004, "p = .004"),
    ("{x:p}", 0.0009, "p < .001"),
    ("{x:p}", 0.001, "p = .001"),
    ("{x:p}", 1.0, "p = 1.000"),
    ("{x:pvalue}", 0.13, ".130"),
    ("{x:pvalue}", None, MISSING),
    ("{x:.2f}", -0.126, "−0.13"),
    ("{x}", 0.1 + 0.2, "0.3"),
    ("{x}", True, "True"),
]


WORDS = {
    "range": "{low} to {high}", "percent": "{number} %", "p": "p {p}", "owner": "{name}'s", "people": "the {count} people",
    "people-first": "The {count} people", "one-of-tries": "about 1 of {tries} tries", "most-tries": "most tries",
}  # fmt: skip


def filled(template, value, words=None):
    entries = {
        "a.b": template,
        **{f"format.{k}": t for k, t in WORDS.items()},
    }
    entries |= {
        f"signal.{k}": t
        for k, t in {"heart_rate": "heart rate", "eda": "skin conductance", "resp": "breathing"}.items()
    }
    return Catalogue(translations=templates(entries | (words or {}))).text("a.b", x=value)


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [case for case in CASES if "minute" not in case[2] and "second" not in case[2] and "hour" not in case[2]],
)
def test_a_fact_is_formatted(template, value, text):
    assert filled(template, value) == text


@pytest.mark.parametrize(("template", "value", "text"), [case for case in CASES if "duration" in case[0]])
def test_a_duration_has_its_unit_and_plural(template, value, text):
    source = templates({"a.b": template})
    english = Catalogue()
    source.ngettext = english._translations.ngettext
    assert Catalogue(translations=source).text("a.b", x=value) == text


def test_another_language_has_another_point():
    words = {"format.decimal": ","}
    assert filled("{x:.2f}", 0.5, words) == "0,50"
    assert filled("{x:pvalue}", 0.0001, words) == "< ,001"


def test_the_pseudo_language_marks_all_that_the_catalogue_says():
    c = pseudo_catalogue()
    assert c.text("signal.eda") == "⟦skin conductance⟧"
    assert outside(c.plural("duration.minutes", 3) + " and more") == " and more"
    assert c.sentence(because("list.and", first="a", last=c.text("signal.eda"))) == "⟦a and ⟦skin conductance⟧⟧"
    assert outside(c.text("list.and", first="a", last=c.text("signal.eda"))) == ""

"""The catalogue renders reasons, texts, plurals and errors; one that lacks an entry says so."""

import pytest

from coregulation.errors import DataError, UsageError
from coregulation.reasons import because
from coregulation.report.catalogue import Catalogue, Voice
from tests.report.catalogue.pseudo import outside, pseudo_catalogue, templates


def catalogue(**entries):
    return Catalogue(translations=templates({key.replace("__", "."): text for key, text in entries.items()}))


def test_a_sentence_is_taken_for_its_voice_else_for_both():
    c = Catalogue(
        translations=templates({("plain", "a.b"): "to people", ("methods", "a.b"): "to readers", "a.c": "both"})
    )
    assert [c.sentence(because("a.b"), voice) for voice in Voice] == ["to people", "to readers"]
    assert [c.sentence(because("a.c"), voice) for voice in Voice] == ["both", "both"]


def test_the_count_chooses_the_plural_form():
    c = Catalogue()
    assert [c.plural("duration.minutes", n) for n in (0, 1, 2)] == ["0 minutes", "1 minute", "2 minutes"]
    assert c.sentence(because("duration.minutes", count=1)) == "1 minute"


def test_a_reason_among_the_facts_is_rendered_in_the_same_voice():
    c = Catalogue(
        translations=templates(
            {
                ("plain", "a.in"): "too short.",
                ("methods", "a.in"): "3 s of 5 s.",
                "a.out": "{who}: {why:clause}; the end.",
            }
        )
    )
    reason = because("a.out", who="Ada", why=because("a.in"))
    assert c.sentence(reason) == "Ada: too short; the end."
    assert c.sentence(reason, "methods") == "Ada: 3 s of 5 s; the end."


def test_what_is_not_in_the_catalogue_is_an_error():
    with pytest.raises(KeyError, match=r"no\.such"):
        Catalogue().text("no.such")
    assert not Catalogue().has("no.such")
    assert Catalogue().has("list.and")
    assert Catalogue().has("duration.minutes")


def test_an_error_is_translated_by_its_template_and_stands_in_english_otherwise():
    error = UsageError("{names:or} came.", names=("a", "b", "c"))
    assert Catalogue().error(error) == str(error) == "a, b or c came."
    german = templates(
        {"{names:or} came.": "Es kam {names:or}.", "list.or": "{first} oder {last}", "list.separator": ", "}
    )
    assert Catalogue(translations=german).error(error) == "Es kam a, b oder c."
    assert Catalogue().error(DataError("a {brace}")) == "a {brace}"


def test_a_language_without_a_catalogue_is_refused():
    with pytest.raises(FileNotFoundError):
        Catalogue("xx")


def test_an_error_in_the_pseudo_language_is_marked_and_names_its_facts():
    said = pseudo_catalogue().error(
        DataError("{rate:g} Hz came; {names:and} need more.", rate=4.0, names=("ECG", "PPG"))
    )
    assert said == "⟦4 Hz came; ⟦ECG and PPG⟧ need more.⟧"
    assert outside(said) == ""


def test_what_is_registered_is_translated_by_its_own_words():
    assert Catalogue().translate("segments of {length:g} s", length=5.0) == "segments of 5 s"
    german = templates({"segments of {length:g} s": "Abschnitte von {length:g} s"})
    assert Catalogue(translations=german).translate("segments of {length:g} s", length=5.0) == "Abschnitte von 5 s"
    assert outside(pseudo_catalogue().translate("peak picking")) == ""

"""Every sentence of the pages, and what the files may not hold; no browser is needed for these."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from coregulation.live.room.reasons import RoomReason
from coregulation.live.server import static_files
from coregulation.live.signals.stream_kinds import STREAM_KINDS
from tests.live.pages.serving import STATIC
from tests.wording import judging, ordering
from tools import catalogue

CATALOGUE = json.loads((STATIC / "words" / "en.json").read_text(encoding="utf-8"))
SCRIPTS = {path.relative_to(STATIC).as_posix(): path.read_text(encoding="utf-8") for path in STATIC.rglob("*.js")}
STYLES = {path.name: path.read_text(encoding="utf-8") for path in STATIC.rglob("*.css")}
EVERYTHING = {**SCRIPTS, **STYLES, "index.html": (STATIC / "index.html").read_text(encoding="utf-8")}

# What stands on a control says what the control does; everything else offers.
CONTROLS = {
    "camera.down", "home.look", "home.breathe", "home.import", "import.title", "room.stop", "consent.keep", "consent.take-back", "words.give", "session.export", "ask.keep",
    "session.beats", "beats.remove", "beats.undo", "beats.keep",
}  # fmt: skip
# Composed at run time: `say(`menu.${…}`)` and its like.
COMPOSED = re.compile(r"say\(`([\w.-]*)\$\{")


def test_every_sentence_keeps_the_wording_rules():
    for key, text in CATALOGUE.items():
        assert not judging(text), key
        assert key in CONTROLS or not ordering(text), key


def test_a_sentence_that_is_asked_for_is_there_and_one_that_is_there_is_asked_for():
    text = "\n".join(SCRIPTS.values())
    fixed = set(re.findall(r"'([a-z]+\.[a-z][\w-]*)'", text)) & (
        set(CATALOGUE) | set(re.findall(r"say\('([\w.-]+)'", text))
    )
    prefixes = tuple(COMPOSED.findall(text))
    assert not fixed - set(CATALOGUE)
    assert not [key for key in CATALOGUE if key not in fixed and not key.startswith(prefixes)]


def test_every_reason_of_the_server_has_a_sentence_with_exactly_its_facts():
    sentences = {key.removeprefix("reason."): text for key, text in CATALOGUE.items() if key.startswith("reason.")}
    assert {*sentences} == {str(code) for code in RoomReason}
    for code in RoomReason:
        assert {*re.findall(r"\{(\w+)\}", sentences[code])} == {*code.facts}, code


PLACES = re.compile(r"\{(\w+)\}")
TRANSLATIONS = sorted(catalogue.PAGE_WORDS.glob("*.po"))


@pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.stem)
def test_a_translation_has_every_sentence_with_its_places_and_is_what_the_browser_reads(path):
    made = catalogue.page_words(path)
    assert made == (STATIC / "words" / f"{path.stem}.json").read_bytes()
    words = json.loads(made)
    assert not {key for key in CATALOGUE if key not in words}
    assert not {key for key in words if {*PLACES.findall(words[key])} != {*PLACES.findall(CATALOGUE[key])}}


def test_what_was_translated_from_another_english_is_left_out(tmp_path):
    changed = tmp_path / "de.po"
    text = TRANSLATIONS[0].read_text(encoding="utf-8")
    changed.write_text(text.replace('msgid "Now apart"', 'msgid "Apart, now"'), encoding="utf-8")
    assert "compare.title-apart" not in json.loads(catalogue.page_words(changed))
    assert "compare.title-together" in json.loads(catalogue.page_words(changed))


def test_the_page_knows_every_translation_and_no_other():
    (listed,) = re.findall(r"export const LANGUAGES = \{(.*?)\};", SCRIPTS["lib/words.js"])
    assert {*re.findall(r"(\w+):", listed)} == {"en", *(path.stem for path in TRANSLATIONS)}


def test_the_kinds_of_streams_that_a_page_sends_are_kinds_that_the_server_knows():
    table = SCRIPTS["lib/stream-kinds.js"]
    named = dict(re.findall(r"export const (\w+) = '([\w-]+)'", table))
    assert {named[key] for key in re.findall(r"\[(\w+)\]: \{", table)} <= {*STREAM_KINDS}
    others = [text for name, text in SCRIPTS.items() if name != "lib/stream-kinds.js"]
    assert not [
        kind for kind in STREAM_KINDS for text in others if f"kind: '{kind}'" in text or f"=== '{kind}'" in text
    ]


def test_only_the_catalogue_has_sentences():
    """Text between quotes with a blank and a capital would be a sentence outside the catalogue."""
    code = {name: re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL) for name, text in SCRIPTS.items()}
    found = {name: re.findall(r"'([A-Z][a-z]+ [a-z]+ [^'\n]*)'", text) for name, text in code.items()}
    assert not {name: texts for name, texts in found.items() if texts}


@pytest.mark.parametrize("name", EVERYTHING)
def test_no_file_names_another_host(name):
    text = EVERYTHING[name].replace("http://www.w3.org/2000/svg", "")
    assert not re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z.]+", re.sub(r"(?m)^\s*//.*$|/\*.*?\*/", "", text))


def test_the_policy_can_stay_strict():
    """No script or style stands in the page, none is put there as text."""
    page = EVERYTHING["index.html"]
    assert not re.search(r"<style|style=|\son\w+=|javascript:", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    for name, text in SCRIPTS.items():
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|cssText", text
        ), name


def test_nothing_is_red():
    """No colour of the pages has red far above its green and blue."""
    for name, text in STYLES.items():
        for colour in re.findall(r"#([0-9a-f]{6})\b", text):
            red, green, blue = (int(colour[k : k + 2], 16) for k in (0, 2, 4))
            assert not (red > 150 and green < 90 and blue < 90), f"{name}: #{colour}"
        assert not re.search(r":\s*(red|crimson|tomato|firebrick)\b", text)


def test_the_shell_that_works_offline_has_every_file():
    (found,) = re.findall(r"const FILES = (\[.*\]);", static_files.worker())
    named = json.loads(found)
    there = {f"/{path.relative_to(STATIC).as_posix()}" for path in STATIC.rglob("*") if path.is_file()}
    assert {*named} == there - {"/sw.js", "/index.html"} | {"/"}
    assert {"/app.js", "/lib/pacer.js", "/views/help.js", "/words/help.json"} <= {*named}


def test_the_shell_has_another_name_when_any_file_has_changed_or_gone(tmp_path, monkeypatch):
    def name():
        static_files.pages.cache_clear()
        static_files.worker.cache_clear()
        return re.findall(r"const SHELL = '(shell-[0-9a-f]{16})'", static_files.worker())[0]

    shutil.copytree(STATIC, tmp_path / "static")
    monkeypatch.setattr(static_files, "STATIC", tmp_path / "static")
    names = [name(), name()]
    style = tmp_path / "static" / "base.css"
    style.write_bytes(style.read_bytes() + b" ")
    names.append(name())
    style.unlink()
    names.append(name())
    monkeypatch.undo()
    static_files.pages.cache_clear()
    static_files.worker.cache_clear()
    assert names[0] == names[1]
    assert len({*names}) == 3


def test_help_names_an_emergency_number_first_and_a_date():
    told = json.loads((STATIC / "words" / "help.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", told["checked"])
    names = [one["name"] for one in told["countries"]]
    assert names == sorted(names)
    assert len(names) >= 20
    for one in told["countries"]:
        assert one["emergency"]
        assert one["lines"]
        assert all(
            re.fullmatch(r"[\d +-]+", number)
            for number in [*one["emergency"], *(line["number"] for line in one["lines"])]
        )

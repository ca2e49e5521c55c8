"""A number and its noun agree: every message with a count, rendered with 0, 1 and 2."""

from __future__ import annotations

import ast
import re

import pytest

from coregulation.errors import MessageFormatter
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.catalogue.formatter import CatalogueFormatter
from tests.report.catalogue.entries import SOURCE, key_of, messages, templates_of
from tests.report.catalogue.pseudo import _Templates

COUNTED = re.compile(r"\{(\w+):(n[^} |]*) ([^}]*\|[^}]*)\}")
NOUNS = (
    "people|copies|pairs|groups|ways|pairings|surrogates|windows|epochs|seconds|breaths|moments|answers|sources|comparisons|settings|tries"
    "|draws|others|sessions|samples|rows|columns|signals|blocks|channels|values|steps|files|bytes|characters|parts|lines|beats|minutes"
    "|days|hours|recoveries|pulses|segments|coefficients|numbers|spans|marks|exclusions|visits|sentences|words"
)
BY_HAND = re.compile(
    rf"\{{(\w+)(?::(?:[,.\d]*[dfg]?))?\}} (?:(?:more|other|hard|shifted|mixed|heart|complete|common) )?(?:{NOUNS})\b"
)
NO_COUNTS = {
    ("receiver", "settles"), ("what", "files"), ("person", "has"), ("signal", "signals"), ("giver", "rose"),
}  # fmt: skip


def error_templates() -> list[str]:
    """Return the template of every error of the package."""
    calls = [
        node
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("Error") and node.args
    ]
    return sorted(
        {str(a.value) for c in calls for a in c.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    )


ENTRIES = {f"{m.context or ''} {key_of(m)} {k}": text for m in messages() for k, text in enumerate(templates_of(m))}
WITH_FORMS = {
    **{k: t for k, t in ENTRIES.items() if COUNTED.search(t)},
    **{t: t for t in error_templates() if COUNTED.search(t)},
}


def test_no_message_has_a_plural_by_hand():
    texts = {**{k: t for k, t in ENTRIES.items() if not isinstance(t, tuple)}, **{t: t for t in error_templates()}}
    plural_entries = {
        f"{m.context or ''} {key_of(m)} {k}" for m in messages() if not isinstance(m.id, str) for k in (0, 1)
    }
    found = {
        key: hit[0]
        for key, text in texts.items()
        if key not in plural_entries
        for hit in BY_HAND.finditer(text)
        if (hit[1], hit[0].split()[-1]) not in NO_COUNTS
    }
    assert found == {}


@pytest.mark.parametrize("key", sorted(WITH_FORMS))
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_number_and_its_noun_agree(key, number):
    for fact, written, forms in COUNTED.findall(WITH_FORMS[key]):
        one, many = forms.split("|")
        for formatter in (MessageFormatter(), CatalogueFormatter(Catalogue(), Voice.PLAIN)):
            shown = formatter.vformat(f"{{{fact}:{written} {forms}}}", (), {fact: number})
            digits = shown.split(" ")[0]
            assert float(digits) == number
            assert shown == f"{digits} {one if digits == '1' else many}"


@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_entry_with_plural_forms_takes_the_right_one(number):
    catalogue = Catalogue()
    for message in messages():
        if not isinstance(message.id, str):
            voice = Voice(message.context) if message.context else Voice.PLAIN
            template = catalogue._template(key_of(message), voice, {"count": number})
            assert template == templates_of(message)[0 if number == 1 else 1], key_of(message)


def test_what_is_no_whole_number_and_what_is_large():
    assert MessageFormatter().vformat("{x:n.3g minute|minutes}", (), {"x": 1.5}) == "1.5 minutes"
    assert MessageFormatter().vformat("{x:n.0f second|seconds}", (), {"x": 1.2}) == "1 second"
    assert MessageFormatter().vformat("{x:n,d copy|copies}", (), {"x": 1999}) == "1,999 copies"


def test_another_language_has_its_own_forms_and_rule():
    polish = _Templates({"format.decimal": ","})
    polish.plural = lambda n: 0 if n == 1 else 1 if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else 2
    formatter = CatalogueFormatter(Catalogue("pl", translations=polish), Voice.PLAIN)
    shown = [formatter.vformat("{n:n wiersz|wiersze|wierszy}", (), {"n": n}) for n in (1, 2, 5, 22)]
    assert shown == ["1 wiersz", "2 wiersze", "5 wierszy", "22 wiersze"]

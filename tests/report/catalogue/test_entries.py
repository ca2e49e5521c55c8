"""Every reason code has a sentence, every sentence a code or a use, and both name the same facts."""

import ast
import re

import pytest

from tests.report.catalogue.entries import (
    COUNT,
    SOURCE,
    key_of,
    messages,
    placeholders,
    reason_enums,
    stated_facts,
    templates_of,
    tool,
)
from tests.report.test_sentences import FORBIDDEN

LANGUAGES = tool.po_files()
TERM = re.compile(r"\bterm ([a-z-]+)")


def used_text() -> str:
    """Return everything in which a key can be named: code, page templates, and other entries."""
    files = [p for suffix in ("*.py", "*.jinja") for p in SOURCE.rglob(suffix)]
    return "\n".join(
        [*(p.read_text(encoding="utf-8") for p in files), *(t for m in messages() for t in templates_of(m))]
    )


def composed() -> list[re.Pattern[str]]:
    """Return what keys can be put together in code, as patterns: f-strings, and a template's `"page.voice-" ~ name`."""
    found = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(p.value) if isinstance(p, ast.Constant) else "(.+)" for p in node.values]
                found.append("".join(parts))
    for path in SOURCE.rglob("*.jinja"):
        found += [f"{re.escape(start)}(.+)" for start in re.findall(r'"([\w.-]+)" ~', path.read_text(encoding="utf-8"))]
    found += [f"methods\\.{pattern}" for pattern in found if re.match(r"[a-z]+\\-\(", pattern)]  # `write` adds the area
    return [re.compile(pattern) for pattern in set(found) if re.match(r"[a-z\\-]+\\\.", pattern)]


def is_used(key: str, text: str, tokens: set[str], areas: set[str], patterns: list[re.Pattern[str]]) -> bool:
    """Whether code can ask for a key: it stands there whole, its area is that of a term, or its parts stand there."""
    if key in text or key.partition(".")[0] in areas:
        return True
    return any(
        match[1] in tokens or len(match.groups()) > 1 for p in patterns if (match := p.fullmatch(key)) is not None
    )


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.parents[1].name)
def test_catalogues_are_sorted_and_compiled(path):
    assert path.read_bytes() == tool.canonical(path), "run `make catalogue`"
    assert path.with_suffix(".mo").read_bytes() == tool.compiled(path), "run `make catalogue`"


def test_every_code_has_a_sentence():
    keys = {key_of(message) for message in messages()}
    assert sorted(set(stated_facts()) - keys) == []


def test_codes_are_unique():
    codes = [str(code) for kind in reason_enums() for code in kind]
    assert sorted(codes) == sorted(set(codes))


def test_every_sentence_names_only_facts_that_its_code_states():
    facts = stated_facts()
    wrong = {
        (key_of(m), m.context): placeholders(t) - facts[key_of(m)]
        for m in messages()
        for t in templates_of(m)
        if key_of(m) in facts and placeholders(t) - facts[key_of(m)]
    }
    assert wrong == {}


def test_every_fact_that_a_code_states_is_named_in_some_voice():
    named: dict[str, set[str]] = {}
    for message in messages():
        for template in templates_of(message):
            named.setdefault(key_of(message), set()).update(placeholders(template))
    plural = {key_of(message) for message in messages() if not isinstance(message.id, str)}
    unused = {
        code: left
        for code, facts in stated_facts().items()
        if (left := facts - named.get(code, set()) - ({COUNT} if code in plural else set()))
    }
    assert unused == {}


def test_an_entry_for_one_voice_has_one_for_the_other():
    contexts: dict[str, set[str | None]] = {}
    for message in messages():
        contexts.setdefault(key_of(message), set()).add(message.context)
    assert [key for key, found in contexts.items() if found not in ({None}, {"plain", "methods"})] == []


def test_no_entry_is_an_orphan():
    text, patterns = used_text(), composed()
    tokens, areas = (
        set(re.findall(r"[\w-]+", text.lower().replace("_", "-"))) | set(re.findall(r"[\w-]+", text)),
        set(TERM.findall(text)),
    )
    keys = {key_of(message) for message in messages()} - set(stated_facts())
    assert sorted(key for key in keys if not is_used(key, text, tokens, areas, patterns)) == []


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_no_sentence_breaks_a_wording_rule_about_people(rule):
    found = [
        (key_of(m), t)
        for m in messages()
        for t in templates_of(m)
        if re.search(FORBIDDEN[rule], re.sub(r":[^{}]*}", "}", t), re.IGNORECASE)
    ]
    assert found == []


def test_the_errors_templates_are_extracted(tmp_path, monkeypatch):
    (tmp_path / "module.py").write_text(
        'raise DataError("{n} came;" " {m} were expected.", n=1, m=2)\nraise KeyError(name)\n'
    )
    monkeypatch.setattr(tool, "SOURCE", tmp_path)
    assert b'msgid "{n} came; {m} were expected."' in tool.error_templates()

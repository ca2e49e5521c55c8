"""The old voice does not come back: a list of its phrases, looked for wherever people read."""

from __future__ import annotations

import ast
import json
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import coregulation
from tests.paths import ROOT

SOURCE = Path(coregulation.__file__).parent
PHRASES = {
    r"held against": "compared with",
    r"in company|company adds": "together; being together adds",
    r"somebody calm|beside somebody (?:calm|settled)": "next to a calm person",
    r"minding (?:each|one an)other": "attending to each other",
    r"must be said": "must be stated",
    r"hold nothing": "what is returned",
    r"speaks? up": "claims an effect; rejects",
    r"is paid for": "is corrected for",
    r"(?:samples|rows|messages|beats|breaths) a (?:second|minute)": "per second, per minute",
    r"(?:a|one) (?:row|file|column|track) an? (?:observation|person|moment|session|pair)": "one row per observation",
    r"take along|leave this out": "download; skip",
    r"(?:each|everybody) for oneself": "by themselves",
    r"is there already": "exists already",
    r"cannot be meant": "cannot be used",
    r"the reckoning": "the model",
    r"is asked of somebody|recorded of somebody": "of a person",
    r"hangs? on|hanging on": "depends on",
    r"lets? go of": "frees; disconnects",
    r"knows? nothing of|never heard of|has heard of": "does not depend on; does not know",
    r"ever (?:less|more) the": "less and less",
    r"one sheds": "one is relieved of",
    r"speaks? against": "makes implausible; counts against",
    r"holds? nothing else": "is without anything else",
    r"(?:is|are) told as|(?:is|are) told once|told apart and": "is reported as",
    r"for the eye": "for display",
}
OLD = re.compile("|".join(rf"\b(?:{phrase})\b" for phrase in PHRASES), re.IGNORECASE)
RECORDS = {"names.md"}  # has old names beside the new ones


def docstrings_and_errors() -> Iterator[tuple[str, str]]:
    """Yield what a module says of itself and the templates of its errors."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield path.name, ast.get_docstring(node) or ""
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("Error"):
                yield (
                    path.name,
                    " ".join(a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)),
                )


def comments() -> Iterator[tuple[str, str]]:
    """Yield what modules say in comments."""
    for path in sorted(SOURCE.rglob("*.py")):
        with path.open("rb") as file:
            text = " ".join(
                token.string.lstrip("#: ")
                for token in tokenize.tokenize(file.readline)
                if token.type == tokenize.COMMENT
            )
        yield path.name, text


def pages() -> Iterator[tuple[str, str]]:
    """Yield the documentation, the catalogue (with the help of every command) and the words of the room."""
    files = [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *SOURCE.rglob("*.po"),
        *(SOURCE / "data").rglob("*.toml"),
    ]
    for path in sorted(path for path in files if path.name not in RECORDS and path.parent.name != "generated"):
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    for path in sorted((SOURCE / "live" / "static" / "words").glob("*.json")):
        yield path.name, "\n".join(map(str, json.loads(path.read_text(encoding="utf-8")).values()))


def old_voice(texts: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return where a phrase of the list stands, lines joined so that none hides at a line's end."""
    return [(where, hit[0]) for where, text in texts for hit in OLD.finditer(" ".join(text.split()))]


def test_no_docstring_and_no_error_has_the_old_voice():
    assert old_voice(docstrings_and_errors()) == []


def test_no_comment_has_the_old_voice():
    assert old_voice(comments()) == []


def test_no_page_and_no_sentence_has_the_old_voice():
    assert old_voice(pages()) == []


def test_a_phrase_of_the_old_voice_would_be_seen():
    text = "It was held\nagainst a rest; one file a person must be said."
    assert [phrase for _, phrase in old_voice(iter([("x", text)]))] == [
        "held against",
        "one file a person",
        "must be said",
    ]

"""No module of the report holds a sentence: they stand in the catalogue, or in an error's template."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import coregulation.report

FOLDER = Path(coregulation.report.__file__).parent
DOCUMENTATION = {"registry_tables.py"}  # writes pages of the documentation, which are in English
MODULES = sorted(path for path in FOLDER.rglob("*.py") if path.name not in DOCUMENTATION)
CODE = re.compile(r"[a-z0-9_ .-]+|<.*|default-src .*", re.DOTALL)  # lists of keys, markup, the page's policy
NAMES = {"DejaVu Sans", " et al.", "… et al."}  # a font; two words of every language's references


def texts(source: str) -> Iterator[str]:
    """Yield every string of a module that is no docstring and no error's template, f-strings with their gaps open."""
    tree = ast.parse(source)
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and isinstance(node.body[0], ast.Expr):
            silent.add(id(node.body[0].value))
        if isinstance(node, ast.Raise):
            silent |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.JoinedStr):
            silent |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def sentences(source: str) -> list[str]:
    """Return the strings of a module that read like a sentence or a part of one: two words or more, not all code."""
    return [
        text
        for text in texts(source)
        if len(re.findall(r"[A-Za-z]{2,}", text)) > 1 and " " in text.strip() and not CODE.fullmatch(text)
        if text not in NAMES and "=" not in text
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_a_module_holds_no_sentence(path: Path):
    assert sentences(path.read_text(encoding="utf-8")) == []


def test_a_sentence_would_be_seen():
    source = 'def f(x):\n    """A docstring."""\n    return f"We saw {x} of them"\nraise E("What came is wrong.")\nA = "Two words."\n'
    assert sorted(sentences(source)) == ["Two words.", "We saw … of them"]
    assert sentences('KEYS = "person signal longest-gap"') == []

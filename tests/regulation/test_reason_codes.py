"""No sentence stands in the regulation branch or where verdicts are decided: only codes, and the templates of errors."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import coregulation
from coregulation.regulation import reason_codes
from coregulation.regulation.direction import DirectionAnswer
from coregulation.regulation.interval import Interval
from coregulation.regulation.reason_codes import triple

SOURCE = Path(coregulation.__file__).parent
DECIDING = ("decisions", "linkage_gates", "linkage_statements", "verdict", "verdict_reasons", "results", "regulation")
CLAIMS = SOURCE / "regulation" / "claims.py"  # prints what is in data/claims.toml
FILES = [
    *sorted(set((SOURCE / "regulation").glob("*.py")) - {CLAIMS}),
    *(SOURCE / "analysis" / f"{name}.py" for name in DECIDING),
]
WORDS = 4  # as many make a sentence
ANSWERS = {answer.value for answer in DirectionAnswer}


def sentences(tree: ast.Module) -> Iterator[str]:
    """Yield every string of several words that is neither a docstring nor an error's message."""
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Error"):
            silent |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in silent else None
        if isinstance(text, str) and len(text.split()) >= WORDS:
            yield text


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_sentence_stands_below_the_report(path: Path) -> None:
    found = set(sentences(ast.parse(path.read_text(encoding="utf-8"))))
    assert found - ANSWERS == set()


def test_a_sentence_would_be_found() -> None:
    tree = ast.parse('"""A docstring of several words."""\nx = "one two three four"\nraise DataError("a b c d e")\n')
    assert list(sentences(tree)) == ["one two three four"]


def test_codes_are_named_by_area_and_an_interval_is_a_triple() -> None:
    assert all("." in code for kind in (reason_codes.Settle, reason_codes.Recovered) for code in kind)
    assert triple(Interval(1.0, 0.5, 2.0)) == (1.0, 0.5, 2.0)

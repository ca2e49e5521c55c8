"""Names: no two public classes share one, and single words that say nothing are no names of values."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from tests.paths import ROOT

SOURCE = ROOT / "src" / "coregulation"
EMPTY = {"told", "found", "said", "one", "there", "made", "given", "held", "asked", "them", "whole"}
KEYS = {
    ("io/manifest_structure.py", "given"),
    ("store/consent.py", "given"),
}  # a consent is given: a key of session.toml
NAMED = (
    *sorted(SOURCE.rglob("*.py")), *sorted((ROOT / "tools").glob("*.py")),
    *sorted(path for path in (ROOT / "tests").glob("*.py") if not path.name.startswith("test_")),
)  # fmt: skip


def test_no_two_public_classes_share_a_name():
    places = defaultdict(list)
    for path in SOURCE.rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(path.relative_to(SOURCE).as_posix())
    assert {name: each for name, each in places.items() if len(each) > 1} == {}


def empty_names(text: str) -> list[str]:
    """Return variables, parameters, fields and functions of a module that are called by such a word."""
    out = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            out.append((node.lineno, node.name))
        elif isinstance(node, ast.arg):
            out.append((node.lineno, node.arg))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            out.append((node.lineno, node.id))
    return [f"{line}: {name}" for line, name in out if name in EMPTY]


@pytest.mark.parametrize("path", NAMED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_values_are_named_by_what_they_are(path: Path):
    exempt = {name for place, name in KEYS if path == SOURCE / place}
    assert [item for item in empty_names(path.read_text(encoding="utf-8")) if item.split()[1] not in exempt] == []


def test_every_file_of_the_source_is_searched_and_each_exempt_key_stands():
    assert set(SOURCE.rglob("*.py")) <= set(NAMED)
    for place, name in KEYS:
        assert any(item.split()[1] == name for item in empty_names((SOURCE / place).read_text(encoding="utf-8")))


@pytest.mark.parametrize("text", ["told = 1", "def f(found): ...", "def said(): ...", "x = [one for one in y]", "class A:\n    made: int = 1"])  # fmt: skip
def test_the_search_sees_an_empty_name(text: str):
    assert empty_names(text) != []

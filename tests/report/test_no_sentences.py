"""No module that speaks to people holds a sentence: they stand in the catalogue, or are the template of an error."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import coregulation
from coregulation.report import fonts

FOLDER = Path(coregulation.__file__).parent
SPEAKING = ("cli", "live", "report")
DOCUMENTATION = {"report/registry_tables.py"}  # writes pages of the documentation, which are in English
MODULES = sorted(
    path
    for name in SPEAKING
    for path in (FOLDER / name).rglob("*.py")
    if path.relative_to(FOLDER).as_posix() not in DOCUMENTATION
)
ALL_MODULES = sorted(FOLDER.rglob("*.py"))
CODE = re.compile(
    r"[a-z0-9_, .-]+|<.*|default-src .*|sandbox .*|\s*coregulation [a-z].*|const [A-Z].*|(?:argument|the following) .*\(\?P<.*",
    re.DOTALL,
)  # lists of keys, markup, policies, a command to type, the worker's constants, patterns of argparse's messages
NAMES = {
    *fonts.FALLBACKS,
    fonts.OWN,
    "'…', sans-serif",  # a style
    fonts._MISSING,  # how matplotlib begins a warning
    " et al.",
    "… et al.",  # of any language's references
    "Application Support",  # a folder
    "pacer …/min",  # what a block is kept as, which analyses read
}
OF_PROGRAMMERS = {"TypeError", "ValueError", "AttributeError", "NotImplementedError", "KeyError"}  # read by nobody else


def texts(source: str) -> Iterator[str]:
    """Yield every string of a module that is no docstring and no error's template, f-strings with their gaps open.

    An error's template is the first argument of the call of an error of this package, as a plain string: what is composed has no
    key for its translation.
    """
    tree = ast.parse(source)
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and isinstance(
            node.body[0], ast.Expr
        ):
            silent.add(id(node.body[0].value))
        if isinstance(node, ast.Call) and called(node).endswith("Error"):
            own = called(node) not in OF_PROGRAMMERS
            template = [node.args[0]] if own and node.args and isinstance(node.args[0], ast.Constant) else []
            silent |= {id(part) for part in (template if own else ast.walk(node))}
        if isinstance(node, ast.JoinedStr):
            silent |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def called(node: ast.Call) -> str:
    """Return the name of what is called."""
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def composed(source: str) -> list[str]:
    """Return the errors of this package whose first argument is composed: it cannot be the key of a translation."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    return [
        ast.unparse(node)
        for node in calls
        if called(node).endswith("Error") and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
        if called(node) not in OF_PROGRAMMERS
    ]


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


@pytest.mark.parametrize("path", ALL_MODULES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_the_template_of_an_error_is_a_plain_string(path: Path):
    assert composed(path.read_text(encoding="utf-8")) == []


def test_a_sentence_would_be_seen():
    source = 'def f(x):\n    """A docstring."""\n    return f"We saw {x} of them"\nA = "Two words."\n'
    assert sorted(sentences(source)) == ["Two words.", "We saw … of them"]
    source = 'raise DataError("What came is wrong.", why="It is broken.")\nraise HttpError(400, f"It is {x} now")\n'
    assert sorted(sentences(source)) == ["It is broken.", "It is … now"]
    assert composed('raise DataError(f"{x} is wrong")') == ["DataError(f'{x} is wrong')"]
    assert sentences('KEYS = "person signal longest-gap"') == []

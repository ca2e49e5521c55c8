"""What the English catalogue holds, and every reason code of the package with the facts that it states."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import string
import sys
from enum import StrEnum
from functools import cache
from pathlib import Path

import coregulation
from coregulation.reasons import ReasonCode

REPOSITORY = Path(__file__).resolve().parents[3]
SOURCE = Path(coregulation.__file__).parent
sys.path.insert(0, str(REPOSITORY / "tools"))

import catalogue as tool  # noqa: E402

COUNT = "count"


@cache
def messages() -> tuple:
    """Return every entry of the English catalogue."""
    return tuple(m for m in tool.read(tool.LOCALES / "en" / "LC_MESSAGES" / "coregulation.po") if m.id)


def key_of(message) -> str:
    """Return the key of an entry."""
    return message.id if isinstance(message.id, str) else message.id[0]


def templates_of(message) -> tuple[str, ...]:
    """Return the templates of an entry, one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def placeholders(template: str) -> set[str]:
    """Return the facts that a template names."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(template) if name}


@cache
def reason_enums() -> tuple[type[StrEnum], ...]:
    """Return every enum of reason codes, found by importing the whole package."""
    for module in pkgutil.walk_packages(coregulation.__path__, "coregulation."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    kinds = {k for k in _subclasses(StrEnum) if k.__module__.startswith("coregulation.")}
    return tuple(
        sorted(
            (k for k in kinds if len(k) and all("." in code for code in k)), key=lambda k: (k.__module__, k.__name__)
        )
    )


def _subclasses(kind: type) -> set[type]:
    return {kind}.union(*(_subclasses(one) for one in kind.__subclasses__()))


@cache
def stated_facts() -> dict[str, set[str]]:
    """Return the facts of every code: those it declares, else those that the calls of `because` give it."""
    facts = {str(code): set(getattr(code, "facts", ())) for kind in reason_enums() for code in kind}
    given = _given_facts()
    for kind in reason_enums():
        if not issubclass(kind, ReasonCode):
            facts |= {str(code): given.get(f"{kind.__name__}.{code.name}", set()) for code in kind}
    return facts


@cache
def _given_facts() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "because" and node.args:
                names = {keyword.arg for keyword in node.keywords if keyword.arg}
                found.setdefault(ast.unparse(node.args[0]), set()).update(names)
    return found

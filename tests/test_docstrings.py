"""Every public function and class of the reference documents its parameters and what it returns, as numpydoc checks it."""

from __future__ import annotations

import enum
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

import pytest
from numpydoc.validate import validate

from tests.paths import ROOT

# Missing parameter, unknown parameter, parameter without a description, no Returns, Returns without a description, no Yields.
CHECKS = {"PR01", "PR02", "PR07", "RT01", "RT03", "YD01"}
NOT_PUBLIC = ("coregulation.io.examples",)  # makers of small files for tests and documentation
REFERENCE = ROOT / "docs" / "reference" / "index.rst"


def modules() -> Iterator[ModuleType]:
    packages = re.findall(
        r"^   (coregulation\.[a-z_]+)$",
        REFERENCE.read_text(encoding="utf-8").split("from the ground up:")[1],
        re.MULTILINE,
    )
    for name in packages:
        module = importlib.import_module(name)
        yield module
        for found in pkgutil.walk_packages(getattr(module, "__path__", []), f"{name}."):
            if not found.name.rpartition(".")[2].startswith("_") and not found.name.startswith(NOT_PUBLIC):
                yield importlib.import_module(found.name)


def public(module: ModuleType) -> list[str]:
    """Return the functions and classes that a module defines; an enumeration, an error and a protocol take none of ours."""
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and getattr(value, "__module__", None) == module.__name__
        and (inspect.isfunction(value) or inspect.isclass(value))
        and not (inspect.isclass(value) and issubclass(value, enum.Enum | Exception))
        and not getattr(value, "_is_protocol", False)
    ]


@pytest.mark.parametrize("module", list(modules()), ids=lambda module: module.__name__.removeprefix("coregulation."))
def test_public_names_document_their_parameters_and_returns(module: ModuleType):
    wrong = []
    for name in public(module):
        found = validate(f"{module.__name__}.{name}")["errors"]
        wrong += [f"{name}: {code} {text}" for code, text in found if code in CHECKS]
    assert wrong == []

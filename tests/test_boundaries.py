"""The list of thresholds is whole: each that stands in the code has a test below, at and above it, and each test exists."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from coregulation.coupling.settings import LinkageSettings
from coregulation.regulation.thresholds import RegulationThresholds
from tests.boundaries import BOUNDARIES, BY_VALUE, NO_DECISION, boundary_test
from tests.paths import ROOT

SOURCE = ROOT / "src" / "coregulation"
DECIDE = ("analysis", "coupling", "physiology", "regulation", "live/signals")
ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]+")
OBJECTS = {"LINKAGE": "coupling/settings.py", "THRESHOLDS": "regulation/thresholds.py"}


def definitions() -> dict[str, set[str]]:
    """Return where each constant of the package is defined: name to modules."""
    out: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign):
                names = [part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)]
                for name in names:
                    out.setdefault(name, set()).add(path.relative_to(SOURCE).as_posix())
    return out


def compared(path: Path) -> Iterator[str]:
    """Yield each constant of a module that stands in a comparison of order, by the module that defines it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        alias.asname or alias.name: (node.module or "").removeprefix("coregulation.").replace(".", "/") + ".py"
        for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }  # fmt: skip
    where = path.relative_to(SOURCE).as_posix()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(isinstance(op, ORDER) for op in node.ops):
            for part in ast.walk(node):
                if isinstance(part, ast.Name) and CONSTANT.fullmatch(part.id) and part.id not in OBJECTS:
                    module = imported.get(part.id, where)
                    at_home = where if part.id in DEFINED and where in DEFINED[part.id] else module
                    yield f"{_origin(at_home, part.id)}:{part.id}"


DEFINED = definitions()


def _origin(module: str, name: str) -> str:
    """Follow a name that a module imports on to where it is assigned."""
    return module if module in DEFINED.get(name, ()) else next(iter(sorted(DEFINED.get(name, {module}))))


def thresholds() -> list[str]:
    found = {f"coupling/settings.py:{name}" for name in LinkageSettings.__dataclass_fields__}
    found |= {f"regulation/thresholds.py:{name}" for name in RegulationThresholds.__dataclass_fields__}
    for folder in DECIDE:
        for path in (SOURCE / folder).rglob("*.py"):
            found |= set(compared(path))
    return sorted(found)


@pytest.mark.parametrize("threshold", thresholds())
def test_each_threshold_has_a_boundary_test(threshold):
    assert threshold in BOUNDARIES or threshold in NO_DECISION, "add a test below, at and above it, and name it here"


@pytest.mark.parametrize("threshold", BOUNDARIES)
def test_each_boundary_test_exists_and_has_three_sides(threshold):
    file, names = boundary_test(threshold)
    found = ast.parse(Path(file).read_text(encoding="utf-8"))
    for name in names:
        found = next(node for node in found.body if getattr(node, "name", "") == name)
    rows = [
        len(part.elts) for decorator in found.decorator_list if "parametrize" in ast.unparse(decorator)
        for part in decorator.args[1:] if isinstance(part, ast.List)
    ]  # fmt: skip
    least = 2  # three, or two where the value itself cannot be met, as a number of pairs between 6 and 10
    assert threshold in BY_VALUE or max(rows, default=0) >= least


@pytest.mark.parametrize("threshold", [*BOUNDARIES, *NO_DECISION])
def test_each_name_in_the_list_stands_in_the_code(threshold):
    module, name = threshold.split(":")
    assert re.search(rf"\b{name}\b", (SOURCE / module).read_text(encoding="utf-8"))

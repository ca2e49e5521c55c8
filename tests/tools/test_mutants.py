"""The script that plants mutants: each kind of change is made, once, where it is said, and nowhere else."""

import ast
import importlib.util
import sys

import pytest

from tests.paths import ROOT


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("mutants", ROOT / "tools" / "mutants.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutants"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x = a < b", {"x = a <= b"}),
        ("x = a + b", {"x = a - b"}),
        ("x = a and b", {"x = a or b"}),
        ("x = -a", {"x = +a"}),
        ("x = not a", {"x = not not a"}),
        ("x = 3", {"x = 4"}),
        ("x = 0.5", {"x = 0.75"}),
        ("x = 0.0", {"x = 0.5"}),
        ("x = True", {"x = False"}),
        ("x = a if b else c", {"x = a if not b else c"}),
        ("x: int = a", set()),
        ("'only a docstring'", set()),
        ("raise ValueError(1 + 2)", set()),
    ],
)
def test_each_kind_of_change(tool, tmp_path, monkeypatch, line, expected):
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    path = tmp_path / "module.py"
    path.write_text(line + "\n")
    made = list(tool.mutants_of(path))
    assert {mutant.text for mutant in made} == expected
    assert all(mutant.line == 1 and mutant.name.startswith("module.py:1 ") for mutant in made)


def test_a_mutant_differs_from_its_module_in_one_place(tool):
    path = ROOT / "src" / "coregulation" / "clock.py"
    own = ast.unparse(ast.parse(path.read_text(encoding="utf-8"))).splitlines()
    for mutant in tool.mutants_of(path):
        changed = mutant.text.splitlines()
        assert len(changed) == len(own)
        assert sum(a != b for a, b in zip(own, changed, strict=True)) == 1


def test_a_line_that_runs_at_import_is_reached_by_the_tests_of_its_file(tool):
    path = tool.ROOT / "a.py"
    lines = {("a.py", 1): [], ("a.py", 5): ["t::one"], ("b.py", 2): ["t::two"]}
    assert tool.reaching(tool.Mutant(path, 1, "", ""), lines) == ["t::one"]
    assert tool.reaching(tool.Mutant(path, 5, "", ""), lines) == ["t::one"]
    assert tool.reaching(tool.Mutant(path, 9, "", ""), lines) == []

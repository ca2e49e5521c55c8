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


def test_a_change_inside_a_statement_of_many_lines_is_reached_by_what_runs_the_statement(tool, tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    path = tmp_path / "a.py"
    path.write_text(
        "def f(x):\n    if x:\n        return max(\n            x,\n            3,\n        )\n    return 0.5\n"
    )
    (mutant,) = [mutant for mutant in tool.mutants_of(path) if mutant.what == "3 -> 4"]
    assert (mutant.line, mutant.statement) == (5, range(3, 7))
    assert tool.reaching(mutant, {("a.py", 3): ["t::one"], ("a.py", 7): ["t::two"]}) == ["t::one"]
    (condition,) = [mutant for mutant in tool.mutants_of(path) if mutant.what == "condition turned"]
    assert condition.statement == range(2, 3)


@pytest.mark.parametrize(("codes", "killed"), [([0], False), ([1], True), ([2], True), ([4, 1], True), ([5, 0], False)])
def test_only_tests_that_ran_say_something_of_a_mutant(tool, tmp_path, monkeypatch, codes, killed):
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    asked = []

    def outcome(folder, tests, seconds):
        asked.append(tests)
        return codes[len(asked) - 1]

    monkeypatch.setattr(tool, "_outcome", outcome)
    assert tool.is_killed(tool.Mutant(path, 1, "", "x = 2\n"), tmp_path, ["t.py::one[a]"], 9.0) is killed
    assert asked == [["t.py::one[a]"], ["t.py"]][: len(codes)]
    assert path.read_text() == "x = 1\n"


def test_a_mutant_whose_tests_are_not_there_is_an_error(tool, tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    monkeypatch.setattr(tool, "_outcome", lambda folder, tests, seconds: 4)
    with pytest.raises(RuntimeError, match="found none"):
        tool.is_killed(tool.Mutant(path, 1, "", "x = 2\n"), tmp_path, ["t.py::one"], 9.0)


def test_a_changed_test_begins_anew_whether_a_folder_or_a_file_is_named(tool, tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    monkeypatch.setattr(tool, "SOURCE", tmp_path / "src")
    (tmp_path / "tests").mkdir()
    for names in (["tests"], ["tests/test_a.py"], ["tests/test_a.py::test_b"]):
        (tmp_path / "tests" / "test_a.py").write_text("1")
        before = tool.fingerprint(names)
        (tmp_path / "tests" / "test_a.py").write_text("2")
        assert tool.fingerprint(names) != before


def test_a_larger_sample_goes_on_with_a_smaller_one(tool):
    few, known = tool.drawn("clock", 1, 5)
    more, _ = tool.drawn("clock", 1, 9)
    other, _ = tool.drawn("clock", 2, 9)
    keys = [mutant.key for mutant in more]
    assert [mutant.key for mutant in few] == keys[:5]
    assert len(set(keys)) == 9 < known
    assert [mutant.key for mutant in other] != keys


@pytest.mark.parametrize(
    ("killed", "same_tests", "holds"),
    [(True, True, True), (True, False, True), (False, True, True), (False, False, False)],
)
def test_a_survivor_is_tried_again_with_other_tests(tool, killed, same_tests, holds):
    assert tool.holds({"killed": killed, "tests": "now" if same_tests else "before"}, "now") is holds
    assert not tool.holds(None, "now")


def test_the_table_counts_what_is_kept(tool, tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "KEPT", tmp_path)
    cell = {"what": "src/coregulation/io/a.py:3 Lt -> LtE", "seed": 1, "killed": False, "tests": ""}
    cells = {"a": {**cell, "killed": True}, "b": {**cell, "why": "equivalent: never met"}, "c": cell}
    (tmp_path / "io.json").write_text(tool.json.dumps(cells))
    table = tool.table()
    assert "| io | 1 of 3 killed (33 %, 95 % interval 1 to 91 %) | 1 | 1 | 1 |" in table
    assert "| `io/a.py:3 Lt -> LtE` | not looked at |" in table


def test_a_mutant_of_compiled_code_meets_all_tests(tool):
    assert tool.is_compiled(ROOT / "src/coregulation/coupling/measures/kernels.py")
    assert not tool.is_compiled(ROOT / "src/coregulation/clock.py")

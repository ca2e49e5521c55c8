import csv
import json

import pytest

from coregulation.cli import main
from coregulation.cli.power import EXAMPLES, _example
from coregulation.study import power as room
from coregulation.study.measures import MEASURES, MeasureAnswer
from tests.study.plans import SMALL, changed


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def made(plan, task):
    """What a group may have said, without the pairs."""
    often = 3 + 6 * (task.strength == 1) + task.group
    own = [MeasureAnswer(k < often, often / 10, (often / 20, often / 5)) for k in range(10)]
    return [{"heart rate, beyond own dynamics": one, "verdict: linked": MeasureAnswer(None)} for one in own]


def test_a_plan_gives_a_table_and_three_files(plan, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["power", str(plan), "--out", str(out), "--jobs", "1"]) == 0
    printed = capsys.readouterr().out
    assert "heart rate, beyond own dynamics" in printed
    assert "no effect: false alarms in" in printed
    assert {path.name for path in out.iterdir()} == {"power.csv", "power.json", "power.svg"}
    result = json.loads((out / "power.json").read_text(encoding="utf-8"))
    assert result["simulated"] is True
    with (out / "power.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["power"]) for row in rows] == [row["power"] for row in result["result"]["rows"]]
    assert [row["power_low"] for row in rows] == [str(row["power_interval"][0]) for row in result["result"]["rows"]]


def test_stopped_and_called_again_it_goes_on_and_gives_the_same(plan, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(room, "work", made)
    done = []

    def until_the_third(plan, task):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(task)
        return made(plan, task)

    call = ["power", str(plan), "--jobs", "1", "--out"]
    assert main([*call, str(tmp_path / "whole")]) == 0
    monkeypatch.setattr(room, "work", until_the_third)
    assert main([*call, str(tmp_path / "cut")]) == 130
    (partial,) = (tmp_path / "cut").iterdir()
    with partial.open("ab") as file:
        file.write(b'[{"times":null,"stre')  # the power failed in the middle of a line

    def rest(plan, task):
        assert task not in done
        return made(plan, task)

    monkeypatch.setattr(room, "work", rest)
    assert main([*call, str(tmp_path / "cut")]) == 0
    for name in ("power.csv", "power.json", "power.svg"):
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert "stopped" in capsys.readouterr().err


def test_the_smallest_design_is_told(plan, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(room, "work", made)
    text = changed(('name = "nothing"\n', 'name = "nothing"\n[smallest]\ntimes = [4]\npairs = 3\n'))
    for goal, told in (
        ("0.8", "a power of 0.8 is reached with 1 pair of"),
        ("0.9999", "none of these designs reaches a power of 0.9999"),
    ):
        plan.write_text(text.replace("pairs = 1\n", f"pairs = 1\ngoal = {goal}\n", 1), encoding="utf-8")
        assert main(["power", str(plan), "--out", str(tmp_path / "out"), "--jobs", "1"]) == 0
        assert f"moments, heart rate, beyond own dynamics: {told}" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("call", "told"), [([], "--example"), (["gone.toml"], "There is no file or folder 'gone.toml'."), (["pln.toml"], "Did you mean 'plan.toml'?"), (["."], "cannot be read as text"), (["{plan}", "--jobs", "-1"], "--jobs")]
)  # fmt: skip
def test_a_wrong_call_is_told(call, told, plan, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(["power", *(word.format(plan=plan) for word in call)]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_printed(name, capsys):
    assert main(["power", "--example", name]) == 0
    assert 'schema = "coregulation.power/1"' in capsys.readouterr().out
    assert main(["power", "--example"]) == 0
    assert "A first look" in capsys.readouterr().out


def test_something_else_may_be_worn_and_the_time_to_recover_another(tmp_path, monkeypatch, capsys):
    plan = tmp_path / "plan.toml"
    plan.write_text(_example("steadying"), encoding="utf-8")
    asked = []

    def work(plan, task):
        asked.append(plan)
        return [{"verdict: steadied": MeasureAnswer(True, 0.5, (0.3, 0.8))} for _ in range(10)]

    monkeypatch.setattr(room, "work", work)
    monkeypatch.setattr(room, "measures_of", lambda *_: [one for one in MEASURES if one.name == "verdict: steadied"])
    call = [
        "power",
        str(plan),
        "--wearing",
        "strap-and-belt",
        "--recover",
        "90",
        "--jobs",
        "1",
        "--out",
        str(tmp_path / "out"),
    ]
    assert main(call) == 0
    assert {(one.wearing, one.part[1].blocks[1].seconds) for one in asked} == {("strap-and-belt", 90.0)}
    assert "own .50" in capsys.readouterr().out
    with (tmp_path / "out" / "power.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["times"], row["strength"]) for row in rows} >= {("", "own .50"), ("2", "own .29"), ("6", "nothing")}

"""The recorder finds what was planted, and nothing where nothing is; its map of names renames and hides no number."""

from __future__ import annotations

import copy
import csv
import json

import pytest

from tests.recorded.canonical import LONG, cell, entries, file_entries, text_entries
from tests.recorded.compare import Names, compared
from tests.recorded.inputs import write_inputs
from tests.recorded.record import main, read_recording, record, write_recording
from tests.recorded.runs import RUNS

SENTENCE = "Ada settled sooner with Ben than alone."
RESULT = {
    "exchange": {"lent": 0.1 + 0.2, "count": 3, "refused": None, "measure": "LaggedCorrelation", "why": SENTENCE},
    "states": [{"at": k / 10, "state": "settled" if k % 3 else "unclear", "note": SENTENCE} for k in range(LONG + 6)],
    "version": "0.1.0",
}


@pytest.fixture
def result():
    return copy.deepcopy(RESULT)


def recorded(value):
    return {"run": {"result.json": entries(value)}}


def differing(new, names=None):
    found = compared(recorded(RESULT), recorded(new), names)
    return [difference.place.removeprefix("run/result.json:") for difference in found.differences]


def named(tmp_path, text):
    path = tmp_path / "names.toml"
    path.write_text(text, encoding="utf-8")
    return Names.read(path)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """The same short runs twice, in two folders."""
    chosen = [run for run in RUNS if run.name in ("two-rr", "inspect", "no-such-column")]
    return [record(tmp_path_factory.mktemp("runs"), chosen) for _ in range(2)]


def test_a_run_is_recorded_the_same_twice_and_whole(two):
    first, again = two
    assert first == again
    assert first["two-rr"]["exit"] == {"/code": "n0"}
    assert first["no-such-column"]["exit"] == {"/code": "n2"}
    assert first["two-rr"]["result.json"]["/people/1/id"] == "cben"
    assert {"result.json", "report.html", "tables/couplings.csv", "tables/nulls.csv"} <= first["two-rr"].keys()


def test_a_planted_difference_is_found_and_ends_with_one(two, tmp_path, capsys):
    changed = copy.deepcopy(two[0])
    place = "/couplings/0/statistic"
    changed["two-rr"]["result.json"][place] += "1"  # one digit more
    old, new = tmp_path / "old.json.gz", tmp_path / "new.json.gz"
    write_recording(two[0], old)
    write_recording(changed, new)
    assert read_recording(old) == two[0]
    assert main(["compare", str(old), str(old)]) == 0
    assert "0 differs, 0 missing, 0 extra" in capsys.readouterr().out
    assert main(["compare", str(old), str(new), "--only", "^inspect$"]) == 0
    capsys.readouterr()
    assert main(["compare", str(old), str(new)]) == 1
    told = capsys.readouterr().out
    assert f"differs  two-rr/result.json:{place}: " in told
    assert "1 differs, 0 missing, 0 extra" in told
    assert "lost     two-rr: 1 numbers" in told


def test_the_last_digit_counts(result):
    assert differing(result) == []
    result["exchange"]["lent"] = 0.3
    assert differing(result) == ["/exchange/lent"]


def test_a_new_version_number_is_no_difference(result):
    result["version"] = "0.2.0"
    assert differing(result) == []


def test_a_value_inside_a_long_column_is_found(result):
    result["states"][20]["at"] += 1e-9
    assert "/states/*/at/#sha256" in differing(result)


def test_a_code_inside_a_long_column_is_found(result):
    result["states"][20]["state"] = "unclear"
    assert differing(result) == ["/states/*/state/#order"]


def test_what_is_missing_and_what_is_extra_are_told(result):
    result["exchange"]["own_burden"] = result["exchange"].pop("lent")
    found = compared(recorded(RESULT), recorded(result))
    assert [str(one).split()[0] for one in found.differences] == ["missing", "extra"]
    assert found.lost == {}  # the number stands there under another name


def test_words_are_told_apart(result):
    result["exchange"]["why"] = "Another sentence of at least four words."
    result["states"][5]["note"] = "Yet another sentence about something else."
    found = compared(recorded(RESULT), recorded(result))
    assert found.differences == []
    assert len(found.words) == 3


def test_with_words_a_new_sentence_ends_with_one(tmp_path, result):
    old, new = tmp_path / "old.json.gz", tmp_path / "new.json.gz"
    write_recording(recorded(RESULT), old)
    result["exchange"]["why"] = "Another sentence of at least four words."
    write_recording(recorded(result), new)
    assert main(["compare", str(old), str(new)]) == 0
    assert main(["compare", str(old), str(new), "--words"]) == 1


@pytest.mark.parametrize("row", [None, 7])
def test_a_sentence_that_went_is_a_difference(result, row):
    if row is None:
        result["exchange"]["why"] = None
    else:
        result["states"][row]["note"] = None
    assert len(differing(result)) == 1


NAMES = """
ignore = ['/exchange/extra$']
[files]
'result\\.json' = 'answer.json'
[keys]
'lent(.*)' = 'own_burden\\1'
'at' = 'start'
[values]
'LaggedCorrelation' = 'WindowedCrossCorrelation'
'unclear' = 'unknown'
[paths]
'answer\\.json:/exchange/' = 'answer.json:/regulation/'
"""


def renamed(result):
    exchange = result.pop("exchange")
    exchange["own_burden"] = exchange.pop("lent")
    exchange["measure"] = "WindowedCrossCorrelation"
    states = [
        {
            "start": row["at"],
            "state": "unknown" if row["state"] == "unclear" else row["state"],
            "note": row["note"],
        }
        for row in result["states"]
    ]
    return {"run": {"answer.json": entries({"regulation": exchange, "states": states})}}


def test_under_the_map_of_names_nothing_differs(tmp_path, result):
    assert compared(recorded(RESULT), renamed(result), named(tmp_path, NAMES)).differences == []


def test_under_the_map_of_names_a_number_that_moved_is_found(tmp_path, result):
    result["exchange"]["lent"] = 0.3
    (found,) = compared(recorded(RESULT), renamed(result), named(tmp_path, NAMES)).differences
    assert (found.place, found.old, found.new) == (
        "run/answer.json:/regulation/own_burden",
        "n0.30000000000000004",
        "n0.3",
    )


def test_what_is_ignored_is_not_told(tmp_path, result):
    result["exchange"]["extra"] = 1
    assert differing(result) == ["/exchange/extra"]
    assert differing(result, named(tmp_path, "ignore = ['/exchange/extra$']")) == []


def test_two_names_that_become_one_are_refused(tmp_path):
    with pytest.raises(ValueError, match="this one new name"):
        compared(recorded(RESULT), recorded(RESULT), named(tmp_path, "[keys]\n'lent|count' = 'burden'"))


def test_an_unknown_table_of_names_is_refused(tmp_path):
    with pytest.raises(ValueError, match="columns"):
        named(tmp_path, "[columns]\n'a' = 'b'")


def test_a_table_is_read_by_row_and_column(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text('\ufeffr,settings,why\n0.10,"{""window"": 30.0}",\n', encoding="utf-8")
    assert file_entries(path) == {"/0/r": "n0.1", "/0/settings/window": "n30.0", "/0/why": "nnull", "/#count": "n1"}


def test_an_empty_table_keeps_its_heading(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("first,second\n", encoding="utf-8")
    assert "cfirst" in file_entries(path).values()


@pytest.mark.parametrize(
    ("text", "value"), [("", None), ("True", True), ("3", 3), ("-0.5", -0.5), ("circular shift", "circular shift")]
)
def test_a_cell_is_what_it_says(text, value):
    assert cell(text) == value


def test_printed_json_is_read_and_printed_words_are_lines():
    assert text_entries(json.dumps([{"value": 1.5}])) == {"/0/value": "n1.5", "/#count": "n1"}
    assert text_entries("one line\nanother\n") == {"/0": "wone line", "/1": "wanother"}


def test_the_inputs_are_the_same_each_time(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_inputs(tmp_path / name)
    texts = [path for path in (tmp_path / "one").rglob("*.*") if path.suffix != ".xlsx"]
    assert len(texts) > 30
    for path in texts:
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()
    with (tmp_path / "one" / "pair.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == 1201


def test_no_two_runs_write_the_same_place():
    assert len({run.name for run in RUNS}) == len(RUNS)


def test_the_table_puts_like_places_together_and_says_why(tmp_path, result):
    result["exchange"]["lent"], result["exchange"]["count"] = 9.0, 4
    for k in (3, 4):
        result["states"][k]["at"] = -1.0
    names = tmp_path / "names.toml"
    names.write_text("[because]\n'/exchange/lent' = 'repaired'\n", encoding="utf-8")
    old, new, table = tmp_path / "old.gz", tmp_path / "new.gz", tmp_path / "table.md"
    write_recording(recorded(RESULT), old)
    write_recording(recorded(result), new)
    assert main(["compare", str(old), str(new), "--names", str(names), "--markdown", str(table)]) == 1
    lines = table.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("1 runs, ")
    assert "| `result.json:/exchange/lent` (differs) | 1 | run | repaired |" in lines
    assert "| `result.json:/exchange/count` (differs) | 1 | run | ? |" in lines
    assert any("/states/" in line and "run | ? |" in line for line in lines)

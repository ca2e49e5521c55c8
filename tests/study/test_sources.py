"""Where sessions come from: folders, tables, manifests and long tables, each with a name of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.io import open_session, write_session
from coregulation.study.folder import safe_name
from coregulation.study.session_table import read_session_table
from coregulation.study.sources import find_sources
from tests.study.folders import READING, write_study


def test_a_folder_of_tables_is_one_source_per_table(tmp_path: Path):
    write_study(tmp_path / "normal", 3, seconds=80)
    write_study(tmp_path / "dropout", 2, seconds=80)
    found = find_sources([tmp_path / "normal", tmp_path / "dropout"], READING)
    assert [(source.name, source.folder) for source in found] == [
        ("normal-pair-000", "normal"), ("normal-pair-001", "normal"), ("pair-002", "normal"),
        ("dropout-pair-000", "dropout"), ("dropout-pair-001", "dropout"),
    ]  # fmt: skip
    ((name, session),) = found[0].read()
    assert name == "normal-pair-000"
    assert not isinstance(session, CoregulationError)
    assert session.id == name


def test_a_folder_of_session_folders_is_one_source_per_manifest(tmp_path: Path):
    data = write_study(tmp_path / "data", 2, seconds=80)
    for k in range(2):
        session = open_session(data / f"pair-{k:03}.csv", **READING)
        write_session(session, tmp_path / "kept" / f"visit-{k}")
    found = find_sources([tmp_path / "kept"], {})
    assert [source.name for source in found] == ["visit-0", "visit-1"]
    before = found[0].digest()
    signal = next(path for path in (tmp_path / "kept" / "visit-0").rglob("*") if path.suffix in (".csv", ".tsv"))
    signal.write_text(signal.read_text().replace("7", "8", 1))
    assert found[0].digest() != before


def test_a_long_table_holds_many_sessions(tmp_path: Path):
    path = tmp_path / "long.csv"
    rows = [
        f"{pair},{who},{50 + pair + t % 5 + (who == 'f') * (t % 3)}"
        for pair in (1, 2)
        for who in "fm"
        for t in range(30)
    ]
    path.write_text("\n".join(["couple,sex,dial", *rows]))
    reading = {"long": True, "pair_column": "couple", "person_column": "sex", "value_column": "dial", "signal": "rating", "rate": 0.5}  # fmt: skip
    (source,) = find_sources([path], reading)
    assert [name for name, _ in source.read()] == ["1", "2"]


def test_a_path_that_is_not_there_and_an_empty_folder(tmp_path: Path):
    with pytest.raises(UsageError, match="no file or folder"):
        find_sources([tmp_path / "nothing"], {})
    with pytest.raises(UsageError, match="no recording"):
        find_sources([tmp_path], {})
    with pytest.raises(UsageError, match="Name the study's sessions"):
        find_sources([], {})


def test_a_reading_option_that_does_not_exist_gets_the_near_one(tmp_path: Path):
    with pytest.raises(UsageError, match=r"'singal'\. Did you mean signal\?"):
        find_sources([tmp_path], {"singal": "eda"})


def test_two_sessions_whose_names_differ_by_case_alone_are_refused(tmp_path: Path):
    for name in ("Ada.csv", "ada.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n")
    if len(list(tmp_path.iterdir())) == 2:  # a file system that tells them apart
        with pytest.raises(DataError, match="Two sessions would be called"):
            find_sources([tmp_path], READING)


@pytest.mark.parametrize("name", ["con", "张三", "a/b", "..", "a:b", "x" * 300, "nul.csv", " "])
def test_any_name_becomes_a_folder_on_any_system(name: str):
    safe = safe_name(name)
    assert len(safe) <= 100
    assert not set(safe) & set('/\\:*?"<>|')
    assert safe.split(".")[0].lower() not in ("con", "nul", "aux", "prn")
    assert not safe.endswith((".", " "))
    assert safe != safe_name(name + "x")


def test_a_session_table(tmp_path: Path):
    path = tmp_path / "sessions.csv"
    path.write_text("session,pair,empathy\na,p1,3.5\nb,p1,NA\nc,p2,high\n")
    table = read_session_table(path, ["empathy"])
    assert table.number("a", "empathy") == 3.5
    assert table.number("b", "empathy") != table.number("b", "empathy")
    assert table.cell("d", "pair") is None
    with pytest.raises(UsageError, match="empathy of c is 'high'"):
        table.number("c", "empathy")
    with pytest.raises(UsageError, match=r"no column 'empaty'\. Did you mean empathy\?"):
        read_session_table(path, ["empaty"])
    path.write_text("session\na\na\n")
    with pytest.raises(UsageError, match="two rows"):
        read_session_table(path, [])

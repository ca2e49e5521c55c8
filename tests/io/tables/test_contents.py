from __future__ import annotations

import pytest

from coregulation.errors import DataError, UsageError
from coregulation.io import inspect_file, new_manifest, open_session
from tests.io.write import rows, text, wave


def test_columns_are_listed_with_what_they_hold(tmp_path):
    path = rows(
        tmp_path / "x.csv",
        "time_s,HR [bpm],rr,word,mixed,stamp",
        range(30),
        [*wave(29), ""],
        [800] * 30,
        ["a"] * 30,
        [*range(29), "x"],
        ["14:00:00"] * 30,
    )
    (found,) = inspect_file(path)
    assert (found.rows, found.first_row, found.sheet, found.rate) == (30, 2, None, None)
    assert [column.kind for column in found.columns] == ["number", "number", "number", "text", "text", "time stamp"]
    assert [column.means for column in found.columns] == ["time", None, "rr", None, None, None]
    heart = found.columns[1]
    assert (heart.unit, heart.missing, heart.least) == ("bpm", 1, min(wave(29)))


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(DataError, match="no rows of numbers"):
        inspect_file(text(tmp_path / "x.txt", "just", "words"))
    with pytest.raises(UsageError, match="no file"):
        inspect_file(tmp_path / "nothing.csv")


def filled(path, **words):
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines):
        key = line.split("=")[0].strip()
        if "FILL IN" in line:
            lines[number] = f"{key} = {words[key]}"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_first_manifest_of_a_table_is_refused_until_it_is_filled_in(tmp_path):
    table = rows(tmp_path / "pair.csv", "time,ada,ben", range(30), wave(30), wave(30, phase=1))
    path = tmp_path / "session.toml"
    path.write_text(new_manifest([table]), encoding="utf-8")
    with pytest.raises(DataError, match=r"8 line\(s\) are still to fill in: setting .*person\[1\]\.file\[0\]\.channel"):
        open_session(path)
    words = {
        "setting": '"remote"',
        "shared": "[]",
        "channel": '"heart_rate"',
        "unit": '"1/min"',
        "time": '{ column = 0, unit = "s" }',
    }
    session = open_session(filled(path, **words))
    assert [person.id for person in session.people] == ["A", "B"]
    assert session.of("B").signals["heart_rate"].values.tolist() == wave(30, phase=1)


def test_a_first_manifest_of_one_file_each_knows_what_headers_and_json_tell(tmp_path):
    one = text(tmp_path / "a.txt", "time_s,rr_ms,other", *[f"{0.8 * n:.1f},{800 + n % 5},{n}" for n in range(30)])
    other = text(
        tmp_path / "b.txt", '{"x": 1}', *[f"{value:.2f},{n % 90}" for n, value in enumerate(wave(30))], '{"y": 1}'
    )
    draft = new_manifest([one, other])
    assert 'path = "a.txt"\n  channel = "rr"\n  unit = "ms"\n  column = 1\n  time = { column = 0, unit = "s" }' in draft
    assert 'column = "FILL IN: the number or name of the column: 0, 1"\n  skip_lines = 1\n  skip_end_lines = 1' in draft
    assert 'rate = "FILL IN' in draft


def test_a_first_manifest_of_plain_intervals_of_stamps_and_of_a_workbook(tmp_path):
    from tests.io.formats.test_workbook import PAIR, book

    plain = text(tmp_path / "a.txt", "rr", *[800 + n % 5 for n in range(30)])
    stamps = rows(tmp_path / "b.csv", "time,hr", [f"14:00:{n:02d}" for n in range(30)], wave(30))
    sheet = book(tmp_path / "c.xlsx", one=PAIR)
    draft = new_manifest([plain, stamps, sheet])
    assert 'channel = "rr"\n  unit = "FILL IN: ms' in draft
    assert "time = { column = 0 }" in draft
    assert 'sheet = "one"' in draft


def test_a_manifest_elsewhere_names_files_from_there(tmp_path):
    (tmp_path / "sub").mkdir()
    table = rows(tmp_path / "pair.csv", "ada,ben", wave(30), wave(30, phase=1))
    assert f'path = "{table.resolve().as_posix()}"' in new_manifest([table], tmp_path / "sub")
    with pytest.raises(UsageError, match="Name the files"):
        new_manifest([])
    with pytest.raises(DataError, match="no rows of numbers"):
        new_manifest([text(tmp_path / "x.txt", "just", "words")])
    with pytest.raises(UsageError, match="no file"):
        new_manifest([tmp_path / "none.csv"])

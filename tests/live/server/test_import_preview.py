"""What the page is told of a file before it is kept: first rows, what columns may be, curves; and of no path of this computer."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from coregulation.errors import CoregulationError
from coregulation.io.examples import exports
from coregulation.io.formats.registry import FORMATS
from coregulation.live.server.import_preview import COLUMNS, POINTS, ROWS, look_into, preview

LONG = "\n".join(["time [s],HR_ada,HR_ben", *(f"{t / 2},{70 + t % 5},{60 + t % 7}" for t in range(4000))])
RR = "\n".join(str(800 + 7 * (k % 13)) for k in range(300))
MANIFEST = """schema = "coregulation.session/2"
id = "dropped"

[[person]]
id = "ada"

  [[person.file]]
  path = "lab.csv"
  channel = "heart_rate"
  column = 1
  time = { column = 0, unit = "s" }
"""


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parcel:
        for name, content in files.items():
            parcel.writestr(name.replace("__", ".") if "." not in name else name, content)
    return out.getvalue()


def placed(folder, body):
    (folder / "raw").write_bytes(body if isinstance(body, bytes) else body.encode())
    return folder


def test_a_table_is_told_with_its_first_rows_and_what_its_columns_may_be(tmp_path):
    looked = look_into(placed(tmp_path, LONG), "lab.csv")
    (file,) = looked["files"]
    assert not looked["complete"]
    assert file["path"] == "lab.csv"
    assert len(file["rows"]) == ROWS
    assert file["rows"][0] == ["0.0", "70", "60"]
    assert file["time"] == {"column": 0, "unit": "s", "stamps": False}
    guesses = [column["guess"] for column in file["columns"]]
    assert guesses[0] is None
    assert [(one["who"], one["name"], one["channel"]) for one in guesses[1:]] == [(0, "ada", "heart_rate"), (1, "ben", "heart_rate")]  # fmt: skip


def test_each_of_several_files_is_another_person_s(tmp_path):
    looked = look_into(placed(tmp_path, zipped(a__txt=RR, b__txt=RR)), "dropped.zip")
    assert [file["path"] for file in looked["files"]] == ["a.txt", "b.txt"]
    guesses = [file["columns"][0]["guess"] for file in looked["files"]]
    assert [(one["who"], one["channel"], one["unit"]) for one in guesses] == [(0, "rr", "ms"), (1, "rr", "ms")]


def test_a_session_folder_needs_no_questions(tmp_path):
    assert look_into(placed(tmp_path, zipped(session__toml=MANIFEST, lab__csv=LONG)), "s.zip")["complete"]


def examples():
    """A file of every format, with what lies beside it."""
    return [pytest.param(each, id=f"{form.name} {each.file}") for form in FORMATS for each in form.examples]


@pytest.mark.parametrize("example", examples())
def test_a_file_of_every_format_is_told_and_its_columns_stand_once(tmp_path, example):
    made = tmp_path / "made"
    made.mkdir()
    example.write(made / example.file)
    files = [path for path in sorted(made.rglob("*")) if path.is_file()]
    parcel = zipped(**{path.relative_to(made).as_posix(): path.read_bytes() for path in files})
    body, name = (files[0].read_bytes(), files[0].name) if len(files) == 1 else (parcel, "dropped.zip")
    looked = look_into(placed(tmp_path, body), name)
    assert looked["complete"] or looked["files"]
    assert str(tmp_path) not in str(looked)
    for file in looked["files"]:
        assert {row and len(row) for row in file["rows"]} <= {len(file["columns"])}


def test_a_sheet_with_very_many_columns_is_cut_and_says_so(tmp_path):
    wide = (
        ",".join(f"c{k}" for k in range(COLUMNS + 5))
        + "\n"
        + "\n".join(",".join(["1.5"] * (COLUMNS + 5)) for _ in range(4))
    )
    (file,) = look_into(placed(tmp_path, wide), "wide.csv")["files"]
    assert (len(file["columns"]), len(file["rows"][0]), file["left"]) == (COLUMNS, COLUMNS, 5)


@pytest.mark.parametrize("zipped_again", [False, True])
def test_the_curves_are_those_of_the_file(tmp_path, zipped_again):
    inner = zipped(lab__csv=LONG)
    body = (
        zipped(session__toml=MANIFEST, lab__zip=inner)
        if zipped_again
        else zipped(session__toml=MANIFEST, lab__csv=LONG)
    )
    seen = preview(placed(tmp_path, body), "dropped.zip")
    (person,) = seen["people"]
    curve = person["curves"]["heart_rate"]
    assert (seen["start"], seen["end"]) == (0.0, pytest.approx(2000.0))
    assert POINTS / 2 < len(curve) <= POINTS + 1
    assert np.mean([value for _, value in curve]) == pytest.approx(72.0, abs=0.1)


@pytest.mark.parametrize(
    ("name", "body"), [("x.xlsx", b"PK\x03\x04 nothing"), ("x.zip", b"nothing"), ("x.csv", b"\xff\xfe\x00")]
)
def test_what_cannot_be_read_is_refused_without_a_path_of_this_computer(tmp_path, name, body):
    with pytest.raises(CoregulationError) as caught:
        look_into(placed(tmp_path, body), name)
    assert str(tmp_path) not in str(caught.value)


def test_a_manifest_that_leads_outside_is_not_followed(tmp_path):
    with pytest.raises(CoregulationError, match="outside"):
        preview(placed(tmp_path, zipped(session__toml=MANIFEST.replace("lab.csv", "../../etc/passwd"))), "dropped.zip")


def test_what_was_found_is_told_in_sentences_with_its_count(tmp_path):
    lines = exports.e4_tables()["IBI.csv"].splitlines()
    with_gaps = "\n".join(line for number, line in enumerate(lines) if number not in (10, 11, 20, 21)) + "\n"
    manifest = MANIFEST.replace("lab.csv", "ibi.csv").replace("heart_rate", "rr").replace("column = 1", "column = 0")
    manifest = manifest.replace('  time = { column = 0, unit = "s" }\n', "")
    seen = preview(placed(tmp_path, zipped(session__toml=manifest, ibi__csv=with_gaps)), "dropped.zip")
    assert "There are 2 gaps between beats." in seen["remarks"]

"""Bounds on what comes from others: folders that lead out, manifests that are too deep, workbooks that unpack to too much."""

from __future__ import annotations

import io
import os
import re
import time
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.cli import main
from coregulation.errors import DataError
from coregulation.io import limits, open_session
from coregulation.io.limits import DEEPEST, MANIFEST_BYTES, check_manifest_text, path_inside

RR = "rr\n" + "\n".join(f"{800 + k % 37}" for k in range(400)) + "\n"
MANIFEST = """schema = "coregulation.session/2"
id = "from-others"
{top}
[[person]]
id = "ada"
[[person.file]]
path = {path!r}
channel = "rr"
unit = "ms"
[[person]]
id = "ben"
[[person.file]]
path = "b.csv"
channel = "rr"
unit = "ms"
"""


@pytest.fixture
def folder(tmp_path):
    """A session folder from somebody else, and a table of this computer beside it."""
    one = tmp_path / "received"
    one.mkdir()
    for path in (one / "a.csv", one / "b.csv", tmp_path / "private.csv"):
        path.write_text(RR if path.name != "b.csv" else RR.replace("80", "91"))
    (one / "inside").mkdir()
    (one / "inside" / "a.csv").write_text(RR)
    return one


def manifest(folder, path="a.csv", top=""):
    (folder / "session.toml").write_text(MANIFEST.format(path=path, top=top))
    return folder / "session.toml"


@pytest.mark.parametrize("path", ["a.csv", "inside/a.csv", "./inside/../a.csv"])
def test_files_inside_the_folder_are_read(folder, path):
    assert len(open_session(manifest(folder, path)).people) == 2


@pytest.mark.parametrize(
    "path",
    ["../private.csv", "inside/../../private.csv", "ABSOLUTE", "link.csv", "linked/private.csv", "../../etc/passwd"],
)
def test_a_file_outside_the_folder_is_read_only_if_the_caller_says_so(folder, path):
    (folder / "link.csv").symlink_to(folder.parent / "private.csv")
    (folder / "linked").symlink_to(folder.parent, target_is_directory=True)
    path = str(folder.parent / "private.csv") if path == "ABSOLUTE" else path
    with pytest.raises(DataError, match="--allow-outside"):
        open_session(manifest(folder, path))
    if "passwd" not in path:
        assert len(open_session(manifest(folder, path), allow_outside=True).people) == 2


def test_corrections_outside_the_folder_are_refused(folder):
    (folder.parent / "fix.csv").write_text("kind,time,person,why\n")
    with pytest.raises(DataError, match="outside its own folder"):
        open_session(manifest(folder, top='corrections = "../fix.csv"'))


def test_the_advice_works_when_it_is_followed_word_by_word(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder.parent)
    path = manifest(folder, "../private.csv")
    call = ["inspect", str(path)]
    assert main(call) != 0
    (advice,) = re.findall(r"say (--[\w-]+)", capsys.readouterr().err)
    assert main([*call, advice]) == 0


@pytest.mark.parametrize("path", ["\\\\host\\share\\a.csv", "..\\private.csv"])
def test_a_share_of_another_computer_is_refused_on_every_system(folder, path):
    with pytest.raises(DataError, match="outside its own folder"):
        path_inside(manifest(folder), path, False)


def test_a_name_that_is_no_path_is_told(folder):
    os.symlink("circle", folder / "circle")
    for name in ("a\0b", "circle/x"):
        with pytest.raises(DataError):
            open_session(manifest(folder, name) if "\0" not in name else manifest(folder, b"a\\u0000b".decode()))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_name_leads_out_unnoticed(tmp_path_factory, name):
    folder = tmp_path_factory.mktemp("any")
    try:
        path = path_inside(folder / "session.toml", name, False)
    except DataError:
        return
    assert path.resolve().is_relative_to(folder.resolve())


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        (".".join(["a"] * DEEPEST) + " = 1\n", True),
        (".".join(["a"] * (DEEPEST + 1)) + " = 1\n", False),
        ("[" + ".".join(["a"] * (DEEPEST + 1)) + "]\n", False),
        ('"x" . ' + " . ".join(['"y"'] * DEEPEST) + " = 1\n", False),
        ("a = " + "[" * DEEPEST + "]" * DEEPEST + "\n", True),
        ("a = " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1) + "\n", False),
        ("a = " + "{b = " * (DEEPEST + 1) + "1" + "}" * (DEEPEST + 1) + "\n", False),
        ('a = "' + "[" * 100 + "." * 100 + '"\n', True),
        ("# " + "[" * 100 + "a.b." * 100 + "\n", True),
        ("x" * MANIFEST_BYTES, True),
        ("x" * (MANIFEST_BYTES + 1), False),
    ],
)
def test_a_manifest_is_as_deep_and_large_as_a_manifest(tmp_path, text, taken):
    if taken:
        check_manifest_text(tmp_path / "session.toml", text)
    else:
        with pytest.raises(DataError):
            check_manifest_text(tmp_path / "session.toml", text)


@pytest.mark.parametrize("parts", [500, 20_000, 500_000])
def test_a_dotted_key_takes_no_time_and_is_refused_in_words(folder, parts):
    began = time.monotonic()
    with pytest.raises(DataError, match="levels deep"):
        open_session(manifest(folder, top=".".join(["a"] * parts) + " = 1"))
    assert time.monotonic() - began < 5.0


def workbook(path, change, rows=50):
    """Write a workbook of two columns whose sheet was changed by hand."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["time", "hr"])
    for k in range(rows):
        book.active.append([k, 60.0 + k % 7])
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as good, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bad:
        for name in good.namelist():
            body = good.read(name)
            bad.writestr(name, change(body) if name.endswith("sheet1.xml") else body)
    return path


@pytest.mark.parametrize("stated", [b"A1:B10", b"A1:B51", b"A1:B2000", b"A1", b"A1:A51", b"A1:Z9"])
def test_a_workbook_is_read_whole_whatever_size_it_states(tmp_path, stated):
    path = workbook(
        tmp_path / "a.xlsx",
        lambda body: re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="' + stated + b'"/>', body),
    )
    session = open_session(path, signal="heart_rate", column="hr", time_column="time", time_unit="s")
    (values,) = [one.values for one in session.recordings[0].signals.values()]
    assert np.count_nonzero(np.isfinite(values)) == 50


def test_two_cells_that_are_far_apart_are_refused_and_not_filled_in(tmp_path):
    far = (
        b'<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1000"><c r="XFD1000"><v>1</v></c></row>'
        b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    )
    path = workbook(tmp_path / "a.xlsx", lambda body: body.replace(b"<sheetData>", b"<sheetData>" + far, 1))
    with pytest.raises(DataError, match="more than 10000000 cells"):
        open_session(path, signal="heart_rate", rate=1.0)


def test_a_cell_of_many_characters_and_too_many_cells_are_refused(tmp_path, monkeypatch):
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"A" * (3 << 20) + b"</t></is></c></row>"
    path = workbook(tmp_path / "a.xlsx", lambda body: body.replace(b"<sheetData>", b"<sheetData>" + row))
    with pytest.raises(DataError, match="million characters"):
        open_session(path, signal="heart_rate", rate=1.0)
    monkeypatch.setattr(limits, "MOST_CELLS", 100)
    with pytest.raises(DataError, match="more than 100 cells"):
        open_session(workbook(tmp_path / "b.xlsx", lambda body: body), signal="heart_rate", rate=1.0)
    monkeypatch.setattr(limits, "WORKBOOK_BYTES", 1000)
    with pytest.raises(DataError, match="unpack to"):
        open_session(workbook(tmp_path / "c.xlsx", lambda body: body), signal="heart_rate", rate=1.0)

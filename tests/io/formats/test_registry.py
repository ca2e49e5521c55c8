"""All formats alike: what was written is what is read, and what is damaged is refused."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from coregulation.errors import UsageError
from coregulation.io import inspect_file, open_session
from coregulation.io.examples import exports, laboratory, streams
from coregulation.io.examples.values import RR
from coregulation.io.formats import registry
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.formats.reader_libraries import reader_errors
from coregulation.io.formats.registry import FORMATS, formats_table, read_any, recording_format, sources_table
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import TableShape
from coregulation.io.text_lines import read_lines
from tests.io import damage
from tests.io.formats.reading import EVERY, alone, table, written
from tests.paths import ROOT


@pytest.mark.parametrize(
    ("name", "missing"),
    [("x.edf", "edfio"), ("x.xdf", "pyxdf"), ("x.acq", "bioread"), ("x.fit", "fitdecode"), ("x.avro", "fastavro")],
)
def test_a_library_that_is_not_installed_is_named_with_the_command(tmp_path, monkeypatch, name, missing):
    path = written(tmp_path / name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(
        UsageError, match=rf'read with {missing}, which is not installed.*pip install "coregulation\[io\]"'
    ):
        table(path)


@pytest.mark.parametrize("name", EVERY)
def test_no_file_and_words_about_tables(tmp_path, name):
    path = written(tmp_path / name)
    with pytest.raises(UsageError, match="says how it is written"):
        read_any(path, TableShape(separator=";"))
    assert recording_format(path) is not None
    path.unlink()
    with pytest.raises(UsageError, match="no file"):
        table(path)


def test_a_channel_that_comes_twice_must_be_chosen(tmp_path):
    path = streams.two_laptops(tmp_path / "x.xdf")
    with pytest.raises(UsageError, match="holds ecg more than once"):
        open_session(path)


def test_two_peoples_sessions_in_one_call(tmp_path):
    one, other = exports.e4(tmp_path / "1.zip"), streams.embrace(tmp_path / "2.avro", begin=5)
    session = open_session(one, other, people=("ada", "ben"), signal="eda")
    assert [recording.signals["eda"].start for recording in session.recordings] == [0.0, 5.0]


def test_a_manifest_names_the_channels_of_a_device(tmp_path):
    laboratory.edf(tmp_path / "x.edf")
    (tmp_path / "session.toml").write_text(
        'id = "s"\n[[person]]\nid = "ada"\n[[person.file]]\npath = "x.edf"\nchannel = "ecg"\ncolumn = "ECG II"\n'
        '[[person.file]]\npath = "x.edf"\nchannel = "eda"\ncolumn = "skin"\n',
        encoding="utf-8",
    )
    recording = open_session(tmp_path / "session.toml").of("ada")
    assert {name: signal.rate for name, signal in recording.signals.items()} == {"ecg": 250.0, "eda": 25.0}


def read_toy(path):
    with reader_errors(path, "toy"):
        values = np.array(read_lines(path), np.float64)
    return tracks_of_traces(path, [RecordedTrace("rr", values, ColumnMetadata("rr", "ms"))])


TOY = FileFormat(
    name="Toy",
    files="`.toy`",
    recognise=lambda path: path.suffix == ".toy",
    read=read_toy,
    says="RR",
    ask="",
    left_out="",
    reference="this test",
    examples=(Example("x.toy", exports.intervals, source="this test"),),
)


@pytest.fixture
def toy(monkeypatch):
    monkeypatch.setattr(registry, "FORMATS", (TOY, *FORMATS))


def test_a_format_of_one_value_is_read_documented_and_fuzzed(tmp_path, toy):
    TOY.examples[0].write(tmp_path / "ada.toy")
    assert len(alone(tmp_path / "ada.toy").beats) == len(RR) + 1
    (contents,) = inspect_file(tmp_path / "ada.toy")
    assert [column.means for column in contents.columns] == ["rr"]
    assert "| Toy | `.toy` | RR | | | |" in registry.formats_table()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(damage.READERS, "x.toy", damage.readers(registry.FORMATS)["x.toy"])
        found = damage.fuzzed(tmp_path, "x.toy", 50, seed=1)
    assert found.others == []
    assert found.refused
    assert found.answered


def test_a_reader_of_a_format_that_fails_is_found_by_the_damage(tmp_path, monkeypatch):
    def read(path):
        raise KeyError(path.name)

    monkeypatch.setattr(registry, "FORMATS", (replace(TOY, read=read), *FORMATS))
    monkeypatch.setitem(damage.READERS, "x.toy", damage.readers(registry.FORMATS)["x.toy"])
    assert damage.fuzzed(tmp_path, "x.toy", 3, seed=1).others


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_each_format_is_told_whole_and_its_examples_are_of_it(tmp_path, form):
    assert all((form.name, form.files, form.says, form.reference, form.examples))
    for example in form.examples:
        example.write(tmp_path / example.file)
        assert next(item for item in FORMATS if item.recognise(tmp_path / example.file)) is form
        (contents,) = inspect_file(tmp_path / example.file)
        assert contents.columns


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_each_test_file_has_a_source(form):
    assert all(len(example.source.split()) > 1 for example in form.examples)
    assert all(f"`{example.file}` | {example.source} |" in sources_table() for example in form.examples)


def test_an_example_without_a_source_cannot_be_made():
    with pytest.raises(TypeError, match="source"):
        Example("x.toy", exports.intervals)


def test_no_two_examples_have_one_name():
    names = [example.file for form in FORMATS for example in form.examples]
    assert len(names) == len(set(names))


def test_the_page_of_formats_has_todays_table():
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert formats_table() in page, "run python docs/formats_table.py"
    assert sources_table() in page, "run python docs/formats_table.py"

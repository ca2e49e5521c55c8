"""AcqKnowledge recordings: what was written is what is read, and what is damaged is refused."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io import open_session
from coregulation.io.examples import laboratory
from coregulation.io.examples.values import ECG, EDA
from coregulation.signals import Unit
from tests.io.formats.reading import alone, column, table


@pytest.mark.parametrize(("revision", "compressed"), [(68, False), (45, False), (124, False), (68, True)])
def test_acq_channels_of_different_rates(tmp_path, revision, compressed):
    path = laboratory.acq(tmp_path / "x.acq", revision=revision, compressed=compressed)
    values, said = column(path, "ECG100C")
    assert values.tolist() == ECG.tolist()
    assert (said.channel, said.unit, said.rate) == (None, "mV", 250.0)
    skin, said = column(path, "skin")
    np.testing.assert_allclose(skin, np.repeat(EDA, 2), atol=0.00051)
    assert said.rate == 50.0
    assert alone(path, signal="eda", column="skin").signals["eda"].unit is Unit.MICROSIEMENS


@pytest.mark.parametrize(("revision", "compressed"), [(61, False), (68, True), (132, False)])
def test_acq_event_markers_become_marks(tmp_path, revision, compressed):
    markers = [(0, ""), (250, "start talk"), (300, "hard moment")]
    path = laboratory.acq(tmp_path / "x.acq", revision=revision, compressed=compressed, markers=markers)
    marks = open_session(path, signal="eda", column="skin", people=["ada"]).marks
    assert [(mark.time, mark.label) for mark in marks[1:]] == [(1.0, "start talk"), (1.2, "hard moment")]
    assert marks[0].label  # one without a text has the name of its kind


def patched(path, header, at, **fields):
    """Write other values into a header of an AcqKnowledge file."""
    from bioread import headers

    own = getattr(headers, header).for_revision(68, "<")
    size = own.struct_length
    content = bytearray(path.read_bytes())
    body = own._struct_class.from_buffer_copy(content[at : at + size])
    for name, value in fields.items():
        setattr(body, name, value)
    content[at : at + size] = bytes(body)
    path.write_bytes(content)
    return size


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"nChannels": 0}, "it announces 0 channels"),
        ({"nChannels": 30_000}, "it announces 30000 channels"),
        ({"dSampleTime": np.nan}, "a sample every nan ms"),
    ],
)
def test_acq_counts_of_the_file_that_cannot_be(tmp_path, fields, words):
    path = laboratory.acq(tmp_path / "x.acq")
    patched(path, "GraphHeader", 0, **fields)
    with pytest.raises(DataError, match=words):
        table(path)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"lBufLength": -1}, "a count below zero"),
        ({"lBufLength": 1 << 30}, "more samples than it holds"),
        ({"nVarSampleDivider": -5}, "a count below zero"),
        ({"nVarSampleDivider": 32_749}, "more samples|never coincide"),
        ({"lChanHeaderLen": 1 << 20}, "headers end too early"),
    ],
)
def test_acq_counts_of_a_channel_that_cannot_be(tmp_path, fields, words):
    path = laboratory.acq(tmp_path / "x.acq")
    first = patched(path, "GraphHeader", 0)
    second = patched(path, "ChannelHeader", first, **({} if "nVarSampleDivider" in fields else fields))
    if "nVarSampleDivider" in fields:
        patched(path, "ChannelHeader", first, nVarSampleDivider=32_719)
        patched(path, "ChannelHeader", first + second, **fields)
    with pytest.raises(DataError, match=words):
        table(path)


def test_acq_that_unpacks_to_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr("coregulation.io.formats.acq.MAX_BYTES", 1000)
    with pytest.raises(DataError, match="it unpacks to 4200 bytes"):
        table(laboratory.acq(tmp_path / "x.acq", compressed=True))


def test_acq_is_not_read_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr("coregulation.io.formats.acq._HEADER_READS", -8)
    with pytest.raises(DataError, match="headers end too early"):
        table(laboratory.acq(tmp_path / "x.acq"))

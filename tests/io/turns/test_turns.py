"""Who spoke when: every format to the same turns, speakers to people, what was recorded, and what cannot be meant."""

from __future__ import annotations

import re

import pytest

from coregulation.cli import main
from coregulation.errors import DataError, UsageError
from coregulation.events import Turn
from coregulation.io import open_session, write_session
from coregulation.io.turns import TURN_FORMATS, SpokenSpan, read_turns
from coregulation.io.turns.registry import turn_formats_table
from tests.io.write import rows, text, wave

ADA, BEN = SpokenSpan("ada", 1.0, 4.5), SpokenSpan("ben", 4.0, 7.0)
WRITTEN = [item for item in TURN_FORMATS if item.example[1]]


@pytest.fixture
def pair(tmp_path):
    return rows(tmp_path / "pair.csv", "ada,ben", wave(60), wave(60, phase=1))


def opened(pair, **options):
    return open_session(pair, people=("ada", "ben"), signal="heart_rate", rate=1, **options)


@pytest.mark.parametrize("reader", WRITTEN, ids=lambda item: item.name)
def test_each_format_has_the_same_turns(reader, tmp_path):
    path = tmp_path / reader.example[0]
    path.write_text(reader.example[1], encoding="utf-8")
    assert read_turns(path) == [ADA, BEN]


@pytest.mark.parametrize("reader", WRITTEN, ids=lambda item: item.name)
@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.8, 0.95])
def test_a_file_that_is_cut_off_is_an_error_or_has_fewer_turns(reader, share, tmp_path):
    path, content = tmp_path / reader.example[0], reader.example[1]
    path.write_text(content[: int(share * len(content))], encoding="utf-8")
    try:
        spans = read_turns(path)
    except DataError as error:
        spans = [path.name in str(error)]
    assert set(spans) <= {ADA, BEN, True}


def test_annotations_of_edf(tmp_path):
    import edfio
    import numpy as np

    path = tmp_path / "talk.edf"
    notes = [
        edfio.EdfAnnotation(1.0, 3.5, "speech ada"),
        edfio.EdfAnnotation(2.0, 1.0, "cough"),
        edfio.EdfAnnotation(4.0, 3.0, "Speech ben"),
    ]
    edfio.Edf([edfio.EdfSignal(np.arange(100.0), 10, label="x")], annotations=notes).write(path)
    assert read_turns(path) == [ADA, BEN]


def test_short_text_grids_and_points(tmp_path):
    short = text(
        tmp_path / "short.TextGrid",
        'File type = "ooTextFile"', 'Object class = "TextGrid"', "", "0", "10", "<exists>", "2",
        '"TextTier"', '"clicks"', "0", "10", "1", "3.5", '"click"',
        '"IntervalTier"', '"ada"', "0", "10", "2", "0", "1", '""', "1", "4.5", '"hm"',
    )  # fmt: skip
    assert read_turns(short) == [ADA]
    assert read_turns(text(tmp_path / "utf16.TextGrid", short.read_text())) == [ADA]


def test_subtitles_name_speakers_in_two_ways(tmp_path):
    srt = text(
        tmp_path / "t.srt",
        "1",
        "00:00:01,000 --> 00:00:04,500",
        "ada: hm",
        "- ben: yes",
        "",
        "2",
        "00:00:05,000 --> 00:00:06,000",
        "<v.loud ben>no",
    )
    assert read_turns(srt) == [ADA, SpokenSpan("ben", 1.0, 4.5), SpokenSpan("ben", 5.0, 6.0)]
    nameless = text(tmp_path / "n.srt", "1", "00:00:01,000 --> 00:00:04,500", "hm")
    with pytest.raises(DataError, match=r"name no speaker, the first at 1 s"):
        read_turns(nameless)


def test_elan_leaves_out_what_depends_and_fills_open_times(tmp_path):
    eaf = next(item for item in TURN_FORMATS if item.name == "ELAN").example[1]
    dependent = eaf.replace('TIER_ID="ben"', 'TIER_ID="translation" PARENT_REF="T1"')
    assert read_turns(text(tmp_path / "d.eaf", dependent)) == [ADA]
    open_time = eaf.replace('"ts2" TIME_VALUE="4500"', '"ts2"')  # between 1 and 4 s
    assert read_turns(text(tmp_path / "o.eaf", open_time))[0] == SpokenSpan("ada", 1.0, 2.5)
    for wrong, message in (
        (eaf.replace('TIME_SLOT_REF1="ts1"', 'TIME_SLOT_REF1="ts9"'), "time slot 'ts9'"),
        (eaf.replace('TIME_VALUE="1000"', 'TIME_VALUE="x"'), "no number"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]>" + eaf, "document type"),
        ("<html></html>", "ANNOTATION_DOCUMENT"),
        (eaf[:-30], "not valid XML"),
    ):
        with pytest.raises(DataError, match=message):
            read_turns(text(tmp_path / "w.eaf", wrong))


def test_a_turn_that_ends_before_it_starts_and_a_file_without_turns(tmp_path):
    with pytest.raises(DataError, match=r"row 2.*ends at 3 s, before it starts at 5 s"):
        read_turns(text(tmp_path / "t.csv", "person,start,end", "ada,5,3"))
    with pytest.raises(DataError, match="no turn of speech"):
        read_turns(text(tmp_path / "e.csv", "person,start,end", "ada,5,5"))
    with pytest.raises(DataError, match="column 'person' is missing"):
        read_turns(text(tmp_path / "m.csv", "who,start,end", "ada,5,6"))


def test_turns_of_a_session_may_overlap_and_are_kept(pair, tmp_path):
    path = text(tmp_path / "turns.csv", "speaker,onset,duration", "Ada,1,10", "ada,5,20", "ben,8,3")
    session = opened(pair, turns=path)
    assert session.turns == (Turn("ada", 1, 11), Turn("ada", 5, 25), Turn("ben", 8, 11))
    assert [span.length for span in session.speech("ada")] == [10, 20]
    assert opened(pair).turns is None
    assert opened(pair).speech("ada") is None


def test_speech_longer_than_the_recording_is_cut_off_and_stated(pair, tmp_path):
    path = text(tmp_path / "turns.csv", "person,start,end", "ada,-5,10", "ada,50,80", "ada,90,95")
    session = opened(pair, turns=path)
    assert [(turn.start, turn.end) for turn in session.turns] == [(0, 10), (50, 60)]
    clipped, silent = session.remarks[-2:]
    assert (clipped.person, clipped.code) == ("ada", "read.speech-clipped")
    assert clipped.reason.facts["length"] == pytest.approx(30)
    assert (silent.person, silent.code) == ("ben", "read.speech-none")


def test_turns_that_were_never_recorded_and_the_advice(pair, tmp_path):
    path = text(tmp_path / "turns.csv", "person,start,end", "ada,3600,3605")
    with pytest.raises(DataError, match="--turns-start"):
        opened(pair, turns=path)
    assert opened(pair, turns=path, turns_start=-3590).turns == (Turn("ada", 10, 15),)


def test_a_speaker_who_is_nobody_and_the_advice_word_by_word(pair, tmp_path, capsys):
    path = text(tmp_path / "turns.csv", "person,start,end", "Adda,1,5", "notes,6,9")
    call = [
        "analyze",
        str(pair),
        "--person",
        "ada",
        "--person",
        "ben",
        "--signal",
        "heart_rate",
        "--rate",
        "1",
        "--turns",
        str(path),
    ]
    with pytest.raises(DataError, match="'Adda' is none of them") as first:
        opened(pair, turns=path)
    for fact in ("Adda and notes", "ada and ben", "Adda=ada", "Adda=none"):
        assert fact in str(first.value)
    assert main(call) != 0
    advice = re.search(r"such as --speaker '([^']+)'", capsys.readouterr().err)[1]
    with pytest.raises(DataError, match="'notes' is none of them"):
        opened(pair, turns=path, speakers=dict([advice.split("=")]))
    assert opened(pair, turns=path, speakers={"Adda": "ada", "notes": "none"}).turns == (Turn("ada", 1, 5),)
    with pytest.raises(UsageError, match="no speaker 'eve'"):
        opened(pair, turns=path, speakers={"eve": "ada"})
    with pytest.raises(UsageError, match=r"cannot be 'bem'.*Did you mean ben"):
        opened(pair, turns=path, speakers={"Adda": "bem", "notes": "none"})
    with pytest.raises(UsageError, match="--turns"):
        opened(pair, speakers={"Adda": "ada"})


def test_a_manifest_names_its_turns_and_writes_them(pair, tmp_path):
    path = text(tmp_path / "turns.csv", "person,start,end", "A,1,5.25", "ben,6,9")
    session = opened(pair, turns=path, speakers={"A": "ada"})
    folder = tmp_path / "kept"
    manifest = write_session(session, folder)
    assert open_session(manifest).turns == session.turns
    stated = manifest.read_text().replace("[turns]\n", '[turns]\nspeakers = {A = "ada"}\n')
    stated = stated.replace('path = "turns.csv"\nstart = 0.0', 'path = "other.csv"\nstart = 2.0')
    manifest.write_text(stated)
    (folder / "other.csv").write_text(path.read_text())
    assert open_session(manifest).turns == (Turn("ada", 3, 7.25), Turn("ben", 8, 11))


def test_the_table_of_formats_has_a_row_for_each():
    assert turn_formats_table().count("\n") == len(TURN_FORMATS) + 2

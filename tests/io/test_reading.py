from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError, UsageError
from coregulation.io import ReadOptions, open_session, open_sessions, write_session
from tests.io.write import rows, text, wave
from tests.sessions import linked

HEART = {"signal": "heart_rate", "rate": 1}


@pytest.fixture
def pair(tmp_path):
    return rows(tmp_path / "pair.csv", "ada,ben", wave(40), wave(40, phase=1))


def test_a_table_with_a_column_for_each_person(pair):
    session = open_session(pair, people={"x": "ben", "y": 0}, roles={"x": "client"}, **HEART)
    assert [(person.id, person.role) for person in session.people] == [("x", "client"), ("y", None)]
    assert session.of("x").signals["heart_rate"].values.tolist() == wave(40, phase=1)
    assert session.id == "session"


def test_people_nobody_named_get_letters_since_a_header_may_hold_real_names(pair):
    session = open_session(pair, **HEART)
    assert [person.id for person in session.people] == ["A", "B"]
    assert "ada" not in repr(session)
    assert str(pair) not in repr(session)


def test_options_are_a_value_or_keywords_and_not_both(pair):
    assert len(open_session(pair, options=ReadOptions(**HEART)).people) == 2
    with pytest.raises(UsageError, match="not both"):
        open_sessions(pair, options=ReadOptions(), **HEART)
    with pytest.raises(UsageError, match=r"no option 'sginal'\. Did you mean signal"):
        open_sessions(pair, sginal="rr")


def test_what_cannot_be_opened(pair, tmp_path):
    with pytest.raises(UsageError, match="Give one file"):
        open_sessions()
    with pytest.raises(UsageError, match="2 files came and 3 people were named"):
        open_session(pair, pair, people=("a", "b", "c"), **HEART)
    with pytest.raises(UsageError, match="which column holds the values"):
        open_session(pair, pair, **HEART)
    with pytest.raises(UsageError, match="A long table is one file"):
        open_session(pair, pair, long=True, person_column=0, value_column=1, **HEART)
    with pytest.raises(UsageError, match=r"no session 'x'\. Did you mean session"):
        open_session(pair, only="x", **HEART)


def test_a_bad_table_among_several_pairs_is_refused_alone(pair, tmp_path):
    bad = rows(tmp_path / "bad.csv", "ada,ben", wave(40), wave(40))
    cut = text(tmp_path / "cut.csv", "ada,ben", *["1,2"] * 9, "3", *["1,2"] * 9)
    opened = open_sessions(pair, bad, cut, people={"x": "ada", "y": "ben"}, **HEART)
    assert [session.id for session in opened] == ["session-1"]
    assert list(opened.refused) == ["session-2", "session-3"]


def test_one_file_each_takes_the_column_that_says_the_signal(tmp_path):
    one, other = (
        rows(tmp_path / f"{k}.csv", "time_s,Heart_Rate,quality", range(40), wave(40, phase=k), [1] * 40) for k in (1, 2)
    )
    session = open_session(one, other, signal="heart_rate")
    assert session.of("A").signals["heart_rate"].values.tolist() == wave(40, phase=1)


def test_a_long_table_without_pairs_and_with_chosen_people(tmp_path):
    values = [v for pair in zip(wave(40), wave(40, phase=1), wave(40, phase=2), strict=True) for v in pair]
    path = rows(tmp_path / "long.csv", "t_s,who,value", [n // 3 for n in range(120)], ["a", "b", "c"] * 40, values)
    said = {"signal": "heart_rate", "long": True, "person_column": "who", "value_column": "value"}
    assert [person.id for person in open_session(path, **said).people] == ["a", "b", "c"]
    session = open_session(path, people={"x": "c", "a": None}, **said)
    assert [person.id for person in session.people] == ["x", "a"]
    np.testing.assert_array_equal(session.of("x").signals["heart_rate"].values, wave(40, phase=2))
    with pytest.raises(UsageError, match=r"no 'z'\. Did you mean a, b or c"):
        open_session(path, people={"x": "z"}, **said)


def test_an_index_without_a_name_is_nobody(tmp_path):
    path = rows(tmp_path / "x.csv", ",ada,ben", range(40), wave(40), wave(40, phase=1))
    session = open_session(path, **HEART)
    assert len(session.people) == 2
    words = rows(tmp_path / "y.csv", ",ada,ben", ["row"] * 40, wave(40), wave(40, phase=1))
    assert len(open_session(words, **HEART).people) == 2


def test_of_two_columns_with_times_the_one_with_a_unit_is_taken(tmp_path):
    path = rows(
        tmp_path / "x.csv", "time,timestamp [ms],ada,ben", [0] * 40, range(0, 40000, 1000), wave(40), wave(40, phase=1)
    )
    assert open_session(path, signal="heart_rate").of("A").signals["heart_rate"].rate == 1


def test_a_channel_of_a_name_of_ones_own(pair):
    scaled = open_session(pair, signal="temperature", scale=2, rate=1).of("A").signals["temperature"]
    assert scaled.values[0] == 2 * wave(1)[0]
    assert (
        open_session(pair, signal="temperature", unit="mV", rate=1).of("A").signals["temperature"].unit.symbol == "mV"
    )
    with pytest.raises(UsageError, match="cannot be converted to"):
        open_session(pair, signal="eda", unit="mV", rate=1)


def test_eda_in_siemens_and_in_microsiemens(tmp_path):
    small = rows(tmp_path / "x.csv", "a,b", [v * 1e-7 for v in wave(40)], [v * 1e-7 for v in wave(40, phase=1)])
    assert open_session(small, signal="eda", unit="S", rate=4).of("A").signals["eda"].values[0] == pytest.approx(7)
    with pytest.raises(DataError, match="--unit"):
        open_session(small, signal="eda", rate=4)


def test_no_values_in_a_list_of_intervals(tmp_path):
    one = rows(tmp_path / "a.csv", "t_s,rr_ms", range(30), ["n/a"] * 30)
    with pytest.raises(DataError, match="no value at all"):
        open_session(one, one, column="rr_ms")


@pytest.mark.parametrize(
    ("came", "meant"),
    [("hr", "heart_rate"), ("HR", "heart_rate"), ("ibi", "rr"), ("gsr", "eda"), ("breathing", "resp")],
)
def test_a_usual_name_of_a_channel_gets_ours(came, meant):
    with pytest.raises(UsageError, match=f"Did you mean {meant}"):
        ReadOptions(signal=came, unit="ms")


@pytest.mark.parametrize(("interval", "unit"), [(830, "ms"), (0.83, "s")])
def test_intervals_that_are_called_a_heart_rate_are_named_as_what_they_are(tmp_path, interval, unit):
    path = text(tmp_path / "ada.txt", "\n".join(str(interval * (1 + 0.01 * (k % 5))) for k in range(400)))
    with pytest.raises(DataError, match=f"--signal rr --unit {unit}") as refused:
        open_session(path, signal="heart_rate", rate=4)
    told = str(refused.value)
    assert told.index("--signal rr") < told.index("--scale")
    assert len(open_session(path, signal="rr", unit=unit).recordings[0].beats) == 401


def test_two_manifests_of_one_id_are_told_with_what_to_change_and_that_works(tmp_path):
    for name in ("a", "b"):
        write_session(linked(seconds=60.0, id="visit"), tmp_path / name)
    paths = [tmp_path / name / "session.toml" for name in ("a", "b")]
    with pytest.raises(
        UsageError, match=r'same id\. Put the line id = "visit-2" at the top of .*b.session\.toml, in place'
    ):
        open_sessions(*paths)
    with pytest.raises(UsageError, match="was named twice"):
        open_sessions(paths[0], paths[0])
    changed = paths[1].read_text(encoding="utf-8").replace('id = "visit"', 'id = "visit-2"', 1)
    paths[1].write_text(changed, encoding="utf-8")
    assert [session.id for session in open_sessions(*paths)] == ["visit", "visit-2"]


def test_a_file_that_is_not_there_gets_the_nearest_name_or_what_to_check(tmp_path):
    text(tmp_path / "ada_rr.txt", "800")
    for name, told in (
        ("ada_r.txt", r"Did you mean '.*ada_rr\.txt'\?"),
        ("zzz.txt", "Check its name and folder; a path without a folder starts at"),
        ("no/ada_rr.txt", "There is no file or folder '.*no/ada_rr.txt'. Check"),
    ):
        with pytest.raises(UsageError, match=told):
            open_sessions(tmp_path / name, options=ReadOptions(signal="rr", unit="ms"))

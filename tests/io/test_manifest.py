from __future__ import annotations

import datetime
import json
import tomllib
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import coregulation.io
from coregulation.errors import DataError, UsageError
from coregulation.io import json_schema, open_session, open_sessions
from coregulation.reasons import because
from coregulation.session import FOUND_IN_PPG, RecordingRemark, Remark
from tests.io.write import rows, text, wave

FULL = """
schema = "coregulation.session/1"
id = "pair-07"
task = "tell a hard moment, listen"
date = 2026-05-04
start = 2026-05-04T14:00:00Z
setting = "one room"
shared = []

[[person]]
id = "ada"
role = "client"
  [[person.file]]
  path = "ada_rr.txt"
  channel = "rr"
  unit = "ms"
  time = { column = "t", unit = "s" }
  column = "rr"
  start = 2026-05-04T14:00:03.5Z
  device = "chest strap"
  [person.file.clock]
  offset = 0.42
  offset_sd = 0.05
  drift_ppm = 100.0
  drift_sd_ppm = 20.0
  [[person.file]]
  path = "ada_hr.csv"
  channel = "heart_rate"
  skip_lines = 1
  skip_end_lines = 1
  scale = 0.1
  column = 0
  confidence = { column = 1, at_least = 70 }
  rate = 1.0
  start = 2.0

[[person]]
id = "ben"
  [[person.file]]
  path = "ben_hr.csv"
  channel = "heart_rate"
  rate = 1

[[block]]
kind = "perturb-alone"
start = 0
end = 20.0
perturbed = ["ada"]
dose = 1.0
with = ["ben"]
cues = { voice = true, touch = false }
partner = "live"
guide = "pacer 6/min"

[[mark]]
time = 12.0
label = "rupture"
person = "ada"

[[rating]]
time = 24.0
person = "ada"
item = "felt safe"
value = 6

[[exclude]]
person = "ada"
start = 30.0
end = 31.0
why = "cough"

[[consent]]
person = "ada"
purpose = "keep"
text_version = "1"
given = 2026-05-04T13:58:00Z
"""


def folder(path, manifest=FULL):
    rr = [800 + 10 * (n % 5) for n in range(70)]
    rows(path / "ada_rr.txt", "t,rr", np.cumsum(rr) / 1000, rr)
    body = [f"{10 * value:.1f},{40 if n == 5 else 90}" for n, value in enumerate(wave(60))]
    text(path / "ada_hr.csv", '{"device": 1}', *body, '{"stop": 1}')
    text(path / "ben_hr.csv", *wave(60, phase=1))
    return text(path / "session.toml", manifest)


def test_everything_in_a_manifest_reaches_the_session(tmp_path):
    session = open_session(folder(tmp_path))
    ada, ben = session.recordings
    assert (session.id, session.shared, session.setting, session.date) == (
        "pair-07",
        (),
        "one room",
        datetime.date(2026, 5, 4),
    )
    assert (ada.person.role, ben.person.role) == ("client", None)
    clock = ada.clock("beats")
    assert (clock.offset, clock.offset_sd, clock.drift_ppm, clock.drift_sd_ppm) == (3.92, 0.05, 100.0, 20.0)
    np.testing.assert_allclose(ada.beats.times[:2], 3.92 + np.array([0.0, 0.8]) * 1.0001)
    heart = ada.signals["heart_rate"]
    assert heart.start == 2.0
    assert np.flatnonzero(np.isnan(heart.values)).tolist() == [5]
    assert heart.values[0] == pytest.approx(70.0, abs=0.01)
    assert any(remark.code == "read.low-confidence" and remark.count == 1 for remark in session.remarks)
    assert ben.clock("heart_rate").offset_sd is None
    assert not any(remark.code == "read.clock-begins" for remark in session.remarks)
    (block,) = session.blocks
    assert (block.kind, block.end, block.perturbed, block.present, block.dose) == (
        "perturb-alone",
        20,
        ("ada",),
        ("ben",),
        1,
    )
    assert (dict(block.cues), block.partner, block.guide) == ({"voice": True, "touch": False}, "live", "pacer 6/min")
    assert (session.marks[0].label, session.ratings[0].value, session.exclusions[0].why) == ("rupture", 6.0, "cough")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'role = "client"',
            'rolle = "client"',
            r"the key 'rolle' in person\[0\] is not known: did you mean 'role'",
        ),
        ('device = "chest strap"', 'colour = "blue"', r"the key 'colour' .* is not known"),
        ("offset_sd = 0.05", 'offset_sd = "small"', r"Expected `float \| null`, got `str` - at .*clock\.offset_sd"),
        ('purpose = "keep"', 'purpose = "sell"', r"Invalid enum value 'sell' - at .*consent"),
        ('schema = "coregulation.session/1"', 'schema = "x/2"', r"Invalid enum value 'x/2' - at .*schema"),
        ('path = "ada_rr.txt"', 'path = "other.txt"', r"names the file 'other\.txt', which is not there"),
        ("setting =", "setting", "not valid TOML"),
        (
            'setting = "one room"',
            'setting = "FILL IN: where"',
            r"1 line\(s\) are still to fill in: setting \(FILL IN: where\)",
        ),
        ('person = "ada"\nstart = 30.0', 'person = "eve"\nstart = 30.0', "an exclusion names 'eve'"),
        ("end = 31.0", "end = 29.0", r"An exclusion needs start < end; 30 and 29 s"),
        ("end = 20.0", "end = -1.0", r"'perturb-alone' needs start < end"),
        ('channel = "rr"\n  unit = "ms"', 'channel = "rr"\n  unit = "s"', r"ada_rr\.txt: The median of rr is 8"),
        ("  rate = 1\n", "  rate = 0\n", "rate must be a positive number other than zero; 0"),
        ("  rate = 1\n", "", "nothing says when each row"),
        ("skip_lines = 1\n", "", r"Leave it out with --skip-lines 1"),
    ],
)
def test_what_is_wrong_in_a_manifest_is_named(tmp_path, old, new, words):
    assert old in FULL
    path = folder(tmp_path, FULL.replace(old, new, 1))
    with pytest.raises((DataError, UsageError), match=words) as caught:
        open_session(path)
    assert "session.toml" in str(caught.value) or ".csv" in str(caught.value)


def test_a_manifest_without_files_or_people(tmp_path):
    with pytest.raises(DataError, match=r"missing required field `person`"):
        open_session(text(tmp_path / "session.toml", 'id = "x"'))
    with pytest.raises(DataError, match="it names no file"):
        open_session(text(tmp_path / "session.toml", "person = []"))
    with pytest.raises(DataError, match=r"ada has no \[\[person\.file\]\]"):
        open_session(text(tmp_path / "session.toml", "[[person]]", 'id = "ada"'))


def test_a_channel_twice(tmp_path):
    twice = FULL.replace(
        'channel = "rr"\n  unit = "ms"\n  time = { column = "t", unit = "s" }',
        'channel = "heart_rate"\n  unit = "1/min"\n  scale = 0.1\n  rate = 1.0\n  time = { column = "none" }',
    )
    with pytest.raises(DataError, match="ada has heart_rate twice"):
        open_session(folder(tmp_path, twice.replace("  start = 2026-05-04T14:00:03.5Z\n", "")))


def test_a_folder_of_folders_is_many_sessions_and_one_bad_one_does_not_stop_the_others(tmp_path):
    for name in ("one", "two", "bad"):
        (tmp_path / name).mkdir()
        folder(tmp_path / name, FULL.replace("pair-07", name))
    (tmp_path / "bad" / "ben_hr.csv").write_text("nothing")
    opened = open_sessions(tmp_path)
    assert [session.id for session in opened] == ["one", "two"]
    assert "no rows of numbers" in str(opened.refused["bad"])
    assert len(opened[:1]) == 1
    assert open_session(tmp_path, only="two").id == "two"
    assert open_session(tmp_path / "one").id == "one"
    with pytest.raises(UsageError, match="choose one with --only"):
        open_session(tmp_path)
    with pytest.raises(UsageError, match="was named twice"):
        open_sessions(tmp_path / "one", tmp_path / "one")
    with pytest.raises(UsageError, match="manifests or tables, not both"):
        open_sessions(tmp_path / "one", tmp_path / "one" / "ben_hr.csv")
    with pytest.raises(UsageError, match="says itself what --signal would say"):
        open_sessions(tmp_path / "one", signal="rr")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"no session\.toml in this folder"):
        open_sessions(tmp_path / "empty")


def test_the_schema_that_ships_is_the_one_of_the_structures():
    shipped = Path(coregulation.io.__file__).with_name("session.schema.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == json_schema()


def test_the_schema_accepts_a_whole_manifest_and_refuses_an_unknown_key():
    tree = json.loads(json.dumps(tomllib.loads(FULL), default=str))
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.validate(tree, json_schema())
    with pytest.raises(jsonschema.ValidationError, match="colour"):
        jsonschema.validate({**tree, "colour": "blue"}, json_schema())


def test_remarks_of_schema_1_are_kept_as_they_were_written(tmp_path):
    noted = '\n[[remark]]\nperson = "ada"\nchannel = "beats"\nwhat = "beats found in the ppg"\n'
    noted += '\n[[remark]]\nperson = "ben"\nchannel = "heart_rate"\nwhat = "a sentence"\ncount = 3\n'
    session = open_session(folder(tmp_path, FULL + noted))
    assert session.remarks[0] == Remark("ada", "beats", because(FOUND_IN_PPG))
    assert session.remarks[1] == Remark("ben", "heart_rate", because(RecordingRemark.NOTED, text="a sentence"), 3)

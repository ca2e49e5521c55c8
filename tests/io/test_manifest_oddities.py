"""Manifests with strange values: each is refused with its cause, or read as it must be; what is right was written down after the first reading."""

from __future__ import annotations

import pytest

from coregulation.errors import CoregulationError
from coregulation.io import open_session
from coregulation.io.manifest_folder import MAX_DRIFT
from coregulation.io.stated_context import SETTINGS, parse_setting, parse_shared
from tests.io.foreign_files import N, hr, lines

ADA = """  [[person.file]]
  path = "a.csv"
  channel = "heart_rate"
  column = 1
  time = { column = 0, unit = "s" }
"""
WHOLE = f"""schema = "coregulation.session/2"
id = "p"
shared = []
[[person]]
id = "ada"
{ADA}[[person]]
id = "ben"
{ADA.replace("a.csv", "b.csv")}"""
TIME = '  time = { column = 0, unit = "s" }\n'
PATH = '  path = "a.csv"\n'
CLOCK = "  [person.file.clock]\n"


def rest(start, end):
    return f'[[block]]\nkind = "alone-rest"\nstart = {start}\nend = {end}\n'


REFUSED = {
    "a rate as text": (TIME, '  rate = "1"\n', "got `str`"),
    "a rate that is true": (TIME, "  rate = true\n", "got `bool`"),
    **{f"a rate of {rate}": (TIME, f"  rate = {rate}\n", "must be a positive number") for rate in ("0", "-1", "nan", "inf")},
    **{f"a rate of {rate}": (TIME, f"  rate = {rate}\n", "s apart by") for rate in ("1e308", "1e-9", "1e6")},
    "a rate beside a time": (TIME, f"{TIME}  rate = 5\n", "the time column says 1 Hz"),
    "a scale of 0": (PATH, f"{PATH}  scale = 0\n", "other than zero"),
    "a scale that is none": (PATH, f"{PATH}  scale = nan\n", "other than zero"),
    "a scale below 0": (PATH, f"{PATH}  scale = -1\n", "no value at all"),
    "a scale too small": (PATH, f"{PATH}  scale = 0.001\n", "between 25 and 250"),
    "no name": ('id = "ada"', 'id = " "', "needs a name"),
    "a name twice": ('id = "ben"', 'id = "ada"', "ada has heart_rate twice"),
    **{f"the path {path}": ('"a.csv"', f"'{path}'", "which is not there") for path in (".", "~/a.csv", r"sub\a.csv", "https://example.org/a.csv", "", "A.CSV")},
    "the manifest itself": ("a.csv", "session.toml", "no rows of numbers"),
    "one recording for both": ('"b.csv"', '"a.csv"', "have the same values"),
    "a channel in capitals": ('channel = "heart_rate"', 'channel = "Heart Rate"', "Did you mean heart_rate"),
    "a channel misspelt": ('channel = "heart_rate"', 'channel = "heart_rat"', "did you mean heart_rate"),
    "a unit of another kind": (PATH, f'{PATH}  unit = "ms"\n', "cannot be converted"),
    "no unit in the quotation marks": (PATH, f'{PATH}  unit = ""\n', "is not known"),
    "half a column": ("column = 1", "column = 1.0", "got `float`"),
    "a column before the first": ("column = 1", "column = -1", "column -1 was named"),
    "a column with a blank": ("column = 1", 'column = "hr "', "Did you mean hr"),
    "the time as the values": ("column = 1", "column = 0", "as the values and as their time"),
    "the values as their confidence": (PATH, f"{PATH}  confidence = {{ column = 1, at_least = 70 }}\n", "as their confidence"),
    "a confidence that none reaches": (PATH, f"{PATH}  confidence = {{ column = 2, at_least = 700 }}\n", "no value at all"),
    "a time in ms that is in s": ('unit = "s"', 'unit = "ms"', "s apart by their time column"),
    "a time column that is not there": ("time = { column = 0", "time = { column = 9", "column 9 was named"),
    "a start that is none": (TIME, f"{TIME}  start = nan\n", "must be a finite number"),
    "a start without a time": (TIME, f"{TIME}  start = 2026-05-04\n", "got `date`"),
    "a start in words": (TIME, f'{TIME}  start = "at noon"\n', "start"),
    "an offset of years": (TIME, f"{TIME}{CLOCK}  offset = 1e9\n", "never recorded at the same time"),
    "an uncertainty below 0": (TIME, f"{TIME}{CLOCK}  offset_sd = -1\n", "cannot be negative"),
    **{f"a drift of {drift}": (TIME, f"{TIME}{CLOCK}  drift_ppm = {drift}\n", "no clock is off by more") for drift in ("1e6", "-1e6", "10001")},
    "a drift nobody knows": (TIME, f"{TIME}{CLOCK}  drift_sd_ppm = 1e9\n", "no clock is off by more"),
    "shared as text": ("shared = []", 'shared = "none"', "got `str`"),
    "none and a film": ("shared = []", 'shared = ["none", "film"]', "none alone"),
    "a setting of one's own": ("shared = []", 'shared = []\nsetting = "kitchen"', "apart, one room or remote"),
    "a setting misspelt": ("shared = []", 'shared = []\nsetting = "appart"', "Did you mean apart"),
    "another schema": ("session/2", "session/9", "Invalid enum value"),
    "a key twice": ('id = "p"', 'id = "p"\nid = "q"', "not valid TOML"),
    "another decimal sign": (PATH, f'{PATH}  decimal = ";"\n', "decimal sign"),
    "a zone where there are no dates": (PATH, f'{PATH}  zone = "+02:00"\n', "leave out zone"),
    "a zone as a word": (PATH, f'{PATH}  zone = "CEST"\n', "'CEST' is not known"),
    "more lines to skip than there are": (PATH, f"{PATH}  skip_lines = 1000000000\n", "nothing is left"),
    "nobody's file": (ADA, "", r"no \[\[person.file\]\]"),
}  # fmt: skip
ADDED = {
    "a block that ends before it begins": (rest(100.0, 10.0), "needs start < end"),
    "a block of no time": (rest(10.0, 10.0), "needs start < end"),
    "a block that begins nowhere": (rest("nan", 10.0), "needs start < end"),
    "blocks of one kind that overlap": (rest(0.0, 100.0) + rest(50.0, 150.0), "overlap"),
    "a block in m:ss": (rest('"0:00"', '"2:00"'), "got `str`"),
    "a mark at no time": ('[[mark]]\ntime = nan\nlabel = "x"\n', "finite time"),
    "a mark of nobody": ('[[mark]]\ntime = 1.0\nlabel = "x"\nperson = "cyd"\n', "names 'cyd'"),
    "a rating that is none": ('[[rating]]\ntime = 1.0\nperson = "ada"\nitem = "calm"\nvalue = nan\n', "finite number"),
    "an exclusion that ends before it begins": ('[[exclude]]\nperson = "ada"\nstart = 9.0\nend = 2.0\nwhy = "x"\n', "start < end"),
}  # fmt: skip
READ = {
    "a byte order mark": ("schema", "\ufeffschema"), "a unit with a blank": (PATH, f'{PATH}  unit = "bpm "\n'),
    "a setting in capitals": ("shared = []", 'shared = []\nsetting = "One Room"'), "nothing shared, in a word": ("shared = []", 'shared = ["none"]'),
    "the largest drift": (TIME, f"{TIME}{CLOCK}  drift_ppm = {MAX_DRIFT}\n"),
}  # fmt: skip


def opened(folder, text):
    for name, person in (("a.csv", 0), ("b.csv", 1)):
        (folder / name).write_bytes(lines("t,hr,conf", rows=[[k, hr(k, person), 90 + k % 9] for k in range(N)]))
    (folder / "session.toml").write_text(text, encoding="utf-8")
    return open_session(folder / "session.toml")


@pytest.mark.parametrize("name", REFUSED)
def test_a_strange_value_is_refused_with_its_cause(tmp_path, name):
    old, new, words = REFUSED[name]
    with pytest.raises(CoregulationError, match=words):
        opened(tmp_path, WHOLE.replace(old, new, 1))


@pytest.mark.parametrize("name", ADDED)
def test_a_strange_note_is_refused_with_its_cause(tmp_path, name):
    with pytest.raises(CoregulationError, match=ADDED[name][1]):
        opened(tmp_path, WHOLE + ADDED[name][0])


@pytest.mark.parametrize("name", READ)
def test_what_is_meant_is_read(tmp_path, name):
    session = opened(tmp_path, WHOLE.replace(*READ[name], 1))
    assert session.shared == ()
    assert session.setting in (None, "one room")
    assert [recording.person.id for recording in session.recordings] == ["ada", "ben"]


@pytest.mark.parametrize(("end", "told"), [(598.0, False), (598.1, True), (240_000.0, True)])
def test_a_block_that_ends_long_after_the_recordings_is_told(tmp_path, end, told):
    codes = {remark.code for remark in opened(tmp_path, WHOLE + rest(0.0, end)).remarks}
    assert ("read.block-beyond" in codes) == told


@pytest.mark.parametrize("word", ["Apart", "ONE ROOM", "one-room", "remote ", "one_room"])
def test_settings_are_known_however_they_are_written(word):
    assert parse_setting(word) in SETTINGS


def test_what_was_shared_is_nothing_only_where_it_says_so():
    assert parse_shared(None) is None
    assert parse_shared(["Nothing"]) == ()
    assert parse_shared(["film", "music"]) == ("film", "music")
    with pytest.raises(CoregulationError, match="none alone"):
        parse_shared([""])

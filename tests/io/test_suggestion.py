"""The command that `inspect` proposes can be typed as it stands."""

from __future__ import annotations

import contextlib
import shlex

import numpy as np
import pytest

from coregulation.cli import main, parser
from coregulation.cli.sources import options_from
from coregulation.errors import CoregulationError
from coregulation.io import inspect_file, new_manifest, open_session, open_sessions
from coregulation.io.examples import exports, streams
from coregulation.io.suggestion import people_of_columns, propose_options, suggest_command
from coregulation.io.tables.likely_channels import likely_channel, person_part
from tests.io.write import rows, text, wave


@pytest.mark.parametrize(
    ("name", "channel", "person"),
    [
        ("player_0/heart_rate", "heart_rate", "player_0"), ("HR1", "heart_rate", "1"), ("Resp2", "resp", "2"), ("eda_b", "eda", "b"),
        ("GSR [kOhm]", "eda", ""), ("rr_ada", "rr", "ada"), ("a", None, "a"), ("temperature", None, "temperature"),
    ],
)  # fmt: skip
def test_a_name_tells_channel_and_person(name, channel, person):
    assert likely_channel(name) == channel or (channel == "rr" and likely_channel(name) is None)
    assert person_part(name, channel or "heart_rate") == person


def test_columns_of_two_people_are_grouped(tmp_path):
    path = rows(tmp_path / "x.csv", "HR1,HR2,Resp1,Resp2", *(wave(20, phase=k) for k in range(4)))
    groups = people_of_columns(inspect_file(path)[0].columns)
    assert {who: [channel for _, channel in own] for who, own in groups.items()} == {
        "1": ["heart_rate", "resp"], "2": ["heart_rate", "resp"],
    }  # fmt: skip


def test_a_first_manifest_groups_channels_by_person(tmp_path):
    path = rows(tmp_path / "x.csv", "time_s,HR1,HR2,Resp1,Resp2", range(20), *(wave(20, phase=k) for k in range(4)))
    session = open_session(
        text(
            tmp_path / "session.toml",
            new_manifest([path]).replace("FILL IN: ", "").replace("one room, remote or apart", "apart"),
        )
    )
    assert [recording.channels for recording in session.recordings] == [("heart_rate", "resp"), ("heart_rate", "resp")]
    np.testing.assert_allclose(session.recordings[1].signals["resp"].values, wave(20, phase=3))


FILES = {
    "columns of people": lambda p: [rows(p / "x.csv", "time_s,player_0/heart_rate,player_1/heart_rate", range(60), wave(60), wave(60, phase=1))],
    "four columns": lambda p: [rows(p / "x.csv", "HR1,HR2,Resp1,Resp2", *(wave(60, phase=k) for k in range(4)))],
    "no names": lambda p: [rows(p / "x.csv", "", wave(60), wave(60, phase=1))],
    "a time without a unit": lambda p: [rows(p / "x.csv", "time,a,b", range(60), wave(60), wave(60, phase=1))],
    "two files of intervals": lambda p: [text(p / f"{k}.txt", *np.round(850 + 60 * np.sin(np.arange(80) * 0.4 + k))) for k in (1, 2)],
    "an E4": lambda p: [exports.e4(p / "x.zip")],
    "an activity": lambda p: [streams.fit(p / "x.fit")],
    "a workbook": lambda p: [exports.workbook(p / "x.xlsx")],
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_the_proposed_command_reads_the_files(tmp_path, name, capsys):
    paths = FILES[name](tmp_path)
    command = suggest_command([found for path in paths for found in inspect_file(path)])
    words = shlex.split(command)
    assert words[:2] == ["coregulation", "analyze"]
    if "intervals" in name:
        words = [*words, "--signal", "rr", "--unit", "ms"]  # plain numbers say nothing; the proposal is to be changed
    args = parser().parse_args(words[1:])
    assert len(open_sessions(*args.files, options=options_from(args))[0].recordings) >= 1
    assert main(["inspect", *map(str, paths)]) == 0
    assert capsys.readouterr().out.rstrip().endswith(command)


def test_the_command_proposed_for_an_rr_file_without_a_header_leads_to_the_right_heart_rate(tmp_path, capsys):
    from coregulation.cli import main

    path = tmp_path / "ada.txt"
    path.write_text("\n".join(str(800 + 10 * (k % 7)) for k in range(900)), encoding="utf-8")
    assert main(["inspect", str(path)]) == 0
    command = capsys.readouterr().out.strip().splitlines()[-1].split("coregulation ", 1)[1]
    assert "--signal rr --unit ms" in command
    assert main([*command.split(), "--out", str(tmp_path / "out")]) == 0
    assert "heart rate 72.3" in capsys.readouterr().out


ANY = "--signal signal --unit a.u."


@pytest.mark.parametrize(
    ("value", "words"),
    [(300, "--signal rr --unit ms"), (2000, "--signal rr --unit ms"), (0.83, "--signal rr --unit s"), (2001, ANY), (299, ANY), (221, ANY),
     (220, "--signal heart_rate"), (72, "--signal heart_rate"), (30, "--signal heart_rate"), (29, ANY)],
)  # fmt: skip
def test_numbers_without_a_name_are_proposed_as_what_they_could_be(tmp_path, value, words):
    path = text(tmp_path / "ada.txt", "\n".join([str(value)] * 60))
    assert words in suggest_command(inspect_file(path))


NOISE = np.random.default_rng(5)
SLOW = np.arange(600) / 600
BEATS = np.round(850 + 40 * NOISE.standard_normal(600))
HEART = np.round(70 + 3 * np.sin(SLOW * 30))
NUMBERS = {
    "motion energy": (np.round(NOISE.lognormal(0, 2.5, 600)), ANY),
    "motion energy that is often none": (np.where(np.arange(600) % 5, 0, np.round(NOISE.lognormal(0, 2.5, 600))) + 0.0, ANY),
    "a belt": (np.round(np.sin(SLOW * 300) + 0.7, 3), ANY),
    "a belt that is all above 0": (np.round(1.0 + 0.3 * np.sin(SLOW * 38), 4), ANY),
    "conductance in arbitrary units": (np.round(1.2 + 0.3 * np.sin(SLOW * 9) + 0.002 * NOISE.standard_normal(600), 4), ANY),
    "a sawtooth": (400.0 + np.arange(600) % 200, ANY),
    "a switch": (np.arange(600) // 100 % 2, ANY),
    "a heart rate with zeros": (np.where(np.arange(600) % 3, HEART, 0), "--signal heart_rate"),
    "intervals": (BEATS, "--signal rr --unit ms"),
    "intervals in s": (BEATS / 1000, "--signal rr --unit s"),
    "intervals and a code": (np.where(np.arange(600) % 10, BEATS, -1), "--signal rr --unit ms"),
    "intervals and too many codes": (np.where(np.arange(600) % 10 > 2, BEATS, 9999), ANY),
    "intervals that follow the breath": (np.round(850 + 60 * np.sin(np.arange(600) * 0.4)), "--signal rr --unit ms"),
}  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_only_numbers_that_change_as_beats_do_are_proposed_as_intervals(tmp_path, name):
    numbers, words = NUMBERS[name]
    path = text(tmp_path / "ada.txt", *numbers)
    assert words in suggest_command(inspect_file(path))


@pytest.mark.parametrize(("far", "words"), [(20, "--signal rr --unit ms"), (21, ANY)])
def test_four_of_five_intervals_lie_near_their_median(tmp_path, far, words):
    path = text(tmp_path / "ada.txt", *[9000] * far, *BEATS[: 100 - far])
    assert words in suggest_command(inspect_file(path))


@pytest.mark.parametrize(("steps", "words"), [(38, "--signal rr --unit ms"), (42, ANY)])
def test_intervals_step_by_a_twentieth_of_their_middle_half(tmp_path, steps, words):
    rise = 800 + np.arange(steps + 1)  # half of its steps are its middle half
    path = text(tmp_path / "ada.txt", *rise, *rise[-2::-1])
    assert words in suggest_command(inspect_file(path))


@pytest.mark.parametrize("name", FILES)
def test_people_whom_nobody_named_have_one_name_in_the_proposal_and_in_the_session(tmp_path, name):
    paths = FILES[name](tmp_path)
    contents = [found for path in paths for found in inspect_file(path)]
    args = parser().parse_args(shlex.split(suggest_command(contents))[1:])
    unnamed = parser().parse_args(shlex.split(suggest_command(contents))[1:])
    unnamed.person = []
    proposed = open_sessions(*args.files, options=options_from(args))[0]
    with contextlib.suppress(CoregulationError):  # whose columns are which may have to be said
        plain = open_sessions(*unnamed.files, options=options_from(unnamed))[0]
        assert [person.id for person in plain.people] == [person.id for person in proposed.people]


def test_a_column_that_is_called_as_somebody_else_is_not_proposed_as_theirs(tmp_path):
    path = rows(tmp_path / "x.csv", "time_s,ben,ada", range(60), wave(60), wave(60, phase=1))
    assert "--person A=ben --person B=ada" in suggest_command(inspect_file(path))


def test_the_unit_of_intervals_is_that_of_their_own_column(tmp_path):
    path = tmp_path / "watch.csv"
    path.write_text("sample,ibi\n" + "\n".join(f"{604000 + 900 * k},{0.8 + 0.01 * (k % 7):.3f}" for k in range(60)))
    assert propose_options(inspect_file(path)).options["unit"] == "s"


def typed(path):
    return shlex.split(suggest_command(inspect_file(path)))[3:]


@pytest.mark.parametrize(
    ("first", "step", "unit"),
    [
        (32874.0, 1 / 86400, "excel"), (73049.9, 1 / 86400, "excel"), (20000.0, 1 / 86400, "excel"), (19999.0, 1 / 86400, "s"),
        (79999.0, 1 / 86400, "excel"), (80000.0, 1 / 86400, "s"), (46166.5, 1.99 / 59, "excel"), (46166.5, 2.01 / 59, "s"),
        (46166.0, 1.0, "s"), (740000.0, 1 / 86400, "matlab"),
    ],
)  # fmt: skip
def test_days_are_proposed_as_such_and_seconds_of_a_day_are_not(tmp_path, first, step, unit):
    """What would be more than two days are seconds."""
    times = (f"{first + k * step:.9f}" for k in range(60))
    assert unit in typed(rows(tmp_path / "x.csv", "Date,hr_a,hr_b", times, wave(60), wave(60, phase=1)))


@pytest.mark.parametrize(("name", "unit"), [("minutes", "min"), ("minutos", "min"), ("elapsed", "s")])
def test_a_unit_that_is_the_name_of_the_time_is_proposed(tmp_path, name, unit):
    path = rows(
        tmp_path / "x.csv", f"{name},hr_a,hr_b", (f"{k / 60:.5f}" for k in range(60)), wave(60), wave(60, phase=1)
    )
    assert unit in typed(path)


def test_rows_of_two_people_at_one_time_are_proposed_as_a_long_table_that_opens(tmp_path):
    both = np.stack([wave(60), wave(60, phase=1)]).T.ravel()
    path = rows(tmp_path / "x.csv", "time_s,who,bpm", np.repeat(range(60), 2), ["Zoë", "Ben; jr."] * 60, both)
    assert typed(path)[:5] == ["--long", "--person-column", "who", "--value-column", "bpm"]
    session = open_session(path, signal="heart_rate", long=True, person_column="who", value_column="bpm")
    assert [len(recording.signals["heart_rate"]) for recording in session.recordings] == [60, 60]


def test_words_beside_rows_that_rise_are_not_people(tmp_path):
    path = rows(tmp_path / "x.csv", "time_s,state,bpm", range(60), ["rest", "task"] * 30, wave(60))
    assert "--long" not in typed(path)

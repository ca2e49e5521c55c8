from __future__ import annotations

import argparse

import pytest

from coregulation.cli.sources import add_sources, options_from, sessions_from
from coregulation.errors import UsageError
from tests.io.write import rows, wave


def parsed(*words):
    parser = argparse.ArgumentParser()
    add_sources(parser)
    return parser.parse_args(["x.csv", *map(str, words)])


def test_people_and_roles():
    options = options_from(
        parsed("--person", "patient:client=pat", "--person", "therapist=th", "--role", "therapist=leader")
    )
    assert dict(options.people) == {"patient": "pat", "therapist": "th"}
    assert dict(options.roles) == {"patient": "client", "therapist": "leader"}
    assert dict(options_from(parsed("--person", "ada")).people) == {"ada": None}


@pytest.mark.parametrize(
    ("said", "shared"), [(None, None), ("none", ()), ("music", ("music",)), ("music, film", ("music", "film"))]
)
def test_what_was_shared(said, shared):
    assert options_from(parsed(*(["--shared", said] if said else []))).shared == shared


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--person", "=pat"], r"--person '=pat': NAME"),
        (["--person", "ada="], "NAME=COLUMN"),
        (["--person", "ada:=x"], "NAME:ROLE=COLUMN"),
        (["--person", "a=1", "--person", "a=2"], "'a' came twice"),
        (["--role", "ada"], "NAME=ROLE was expected"),
        (["--role", "ada=client"], "role was given to 'ada', who is not among"),
        (["--shared", "none,music"], "none, or what was shared"),
        (["--shared", ","], "none, or what was shared"),
        (["--rate", "0"], "rate must be a positive number"),
        (["--scale", "nan"], "scale must be a number other than zero"),
        (["--skip-lines", "-1"], "skip_lines counts lines"),
        (["--separator", "ab"], "one character"),
        (["--value-column", "x"], "say --long"),
        (["--long"], "needs --person-column and --value-column"),
        (["--start", "inf"], "must be a finite number"),
    ],
)
def test_what_cannot_be_meant(words, told):
    with pytest.raises(UsageError, match=told):
        options_from(parsed(*words))


def test_a_whole_command_line_opens_a_session(tmp_path):
    path = rows(tmp_path / "pair.csv", "t,pat,th", range(30), wave(30), wave(30, phase=1))
    words = ["--person", "patient=pat", "--person", "therapist=2", "--signal", "heart_rate", "--time-column", "t"]
    args = parsed(*words, "--time-unit", "s", "--shared", "none", "--setting", "one room", "--start", "5")
    args.files = [str(path)]
    (session,) = sessions_from(args)
    assert session.of("therapist").signals["heart_rate"].values.tolist() == wave(30, phase=1)
    assert session.of("patient").signals["heart_rate"].start == 5
    assert (session.shared, session.setting) == ((), "one room")

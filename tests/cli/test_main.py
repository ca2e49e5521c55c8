from __future__ import annotations

import subprocess
import sys
import time

import pytest

from coregulation import __version__, cli
from coregulation.cli import main
from tests.io.write import rows, text, wave


@pytest.fixture
def pair(tmp_path):
    return rows(tmp_path / "pair.csv", "time_s,ada,ben", range(30), wave(30), wave(30, phase=1))


def test_help_and_version(capsys):
    for words, told in (
        (["--help"], "examples:"),
        (["--version"], __version__),
        (["inspect", "--help"], "--person ada=hr_a"),
    ):
        with pytest.raises(SystemExit) as left:
            main(words)
        assert left.value.code == 0
        assert told in capsys.readouterr().out


def test_a_command_that_is_not_there(capsys):
    with pytest.raises(SystemExit) as left:
        main(["sing"])
    assert left.value.code == 2
    assert "There is no command 'sing'." in capsys.readouterr().err


def test_an_answer_is_0_a_wrong_call_2_and_refused_data_3(pair, tmp_path, capsys):
    assert main(["inspect", str(pair)]) == 0
    assert "read as time" in capsys.readouterr().out
    assert main(["inspect", str(pair), "--signal", "sweat"]) == 2
    assert "coregulation: The channel 'sweat' has no unit of its own" in capsys.readouterr().err
    assert main(["inspect", str(tmp_path / "none.csv")]) == 2
    assert main(["inspect", str(text(tmp_path / "empty.csv", "")), "--signal", "rr"]) == 3
    streams = capsys.readouterr()
    assert "the file is empty" in streams.err
    assert streams.out == ""


def test_stopped_by_hand(pair, capsys, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("coregulation.io.inspect_file", stop)
    assert main(["inspect", str(pair)]) == 130
    assert capsys.readouterr().err == "coregulation: stopped.\n"


def test_every_command_is_listed_in_the_help():
    assert all(name.replace("_", "-") in cli.parser().format_help() for name in cli.COMMANDS)


def test_as_a_module_and_with_a_reader_that_has_seen_enough(pair):
    command = [sys.executable, "-m", "coregulation", "inspect", *[str(pair)] * 300]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.read(10)
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 0


def test_help_loads_nothing_heavy():
    heavy = "{'numpy', 'scipy', 'openpyxl', 'msgspec', 'matplotlib', 'coregulation.io'}"
    code = (
        "import sys, contextlib, io; from coregulation.cli import parser; parser().format_help(); "
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    begin = time.perf_counter()
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
    assert time.perf_counter() - begin < 5

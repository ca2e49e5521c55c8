from __future__ import annotations

from coregulation.cli import main
from coregulation.io import write_session
from tests.io.formats.test_workbook import PAIR, book
from tests.io.write import rows, wave
from tests.io.writers.test_session import made


def test_a_workbook_lists_each_sheet(tmp_path, capsys):
    path = book(tmp_path / "x.xlsx", one=PAIR, two=PAIR[:9])
    assert main(["inspect", str(path)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "sheet one: 40 rows from line 2, 3 columns" in told
    assert "sheet two: 8 rows" in told


def test_missing_values_and_units_are_told(tmp_path, capsys):
    path = rows(tmp_path / "x.csv", "HR [bpm],word", [*wave(29), "nan"], ["x"] * 30)
    assert main(["inspect", str(path)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "1 value missing; unit bpm" in told
    assert "text" in told


def test_a_session_is_listed_with_its_people_channels_and_clocks(tmp_path, capsys):
    path = write_session(made(shared=("music",)), tmp_path)
    assert main(["inspect", str(path)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "a session: 2 people; shared: music; 0 blocks" in told
    assert "ada (client) heart_rate 4 Hz" in told
    assert "98 % valid, in 1/min; clock strap, ± 0.05 s" in told
    assert "30 beats" in told
    assert "clock watch, uncertainty not stated" in told


def test_refused_sessions_and_remarks_are_told(tmp_path, capsys):
    pairs, who = ["p", "p", "q", "q"] * 30, ["a", "b"] * 60
    values = [70 + (n % 4 if n % 4 < 2 else 2) + 0.1 * (n // 4) for n in range(120)]
    values[0] = 0
    path = rows(tmp_path / "long.csv", "pair,who,value", pairs, who, values)
    words = ["--long", "--pair-column", "pair", "--person-column", "who", "--value-column", "value"]
    assert main(["inspect", str(path), *words, "--signal", "heart_rate", "--rate", "1"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "p: 2 people; shared: not stated" in told
    assert "a heart_rate: 1 heart rate is below 20 or not below 300 per minute and was left out." in told
    assert "q: refused. a and b have the same values" in told

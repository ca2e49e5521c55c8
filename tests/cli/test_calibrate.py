import pytest

from coregulation.cli import main
from coregulation.study.calibration import Calibrate, Calibration, CalibrationCell


@pytest.fixture
def known(monkeypatch):
    """A calibration that is known beforehand; the real ones are in test_calibration."""
    asked = []

    def run(self, jobs, progress, kept=None):
        asked.append((self.pairs, self.seed, jobs))
        progress("law", 1, 1)
        return Calibration((CalibrationCell("bad", "G1 circular shift", "size", 50, 100, 0),), self.pairs, self.seed)

    monkeypatch.setattr(Calibrate, "__call__", run)
    return asked


def test_it_prints_and_keeps_the_table_and_names_what_is_too_large(known, tmp_path, capsys):
    out = tmp_path / "table.md"
    assert main(["calibrate", "--pairs", "42", "--seed", "7", "--jobs", "2", "--out", str(out)]) == 0
    assert known == [(42, 7, 2)]
    printed = capsys.readouterr().out
    assert out.read_text(encoding="utf-8").split() == printed.split()  # the terminal wraps what the file does not
    printed = " ".join(printed.split())
    assert "| bad | G1 circular shift | size | 0.500 |" in printed
    assert "`coregulation calibrate --pairs 42 --seed 7`" in printed
    assert "bad: G1 circular shift" in printed


def test_only_some_laws_are_asked_for(monkeypatch, capsys):
    asked = []

    def run(self, jobs, progress, kept=None):
        asked.extend(law.name for law in self.laws)
        return Calibration((), self.pairs, self.seed)

    monkeypatch.setattr(Calibrate, "__call__", run)
    assert main(["calibrate", "--law", "power-law", "--law", "common-trend"]) == 0
    assert asked == ["common trend", "1/f"]
    assert "--seed 1 --law power-law --law common-trend`" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "words",
    [["--law", "comon-trend"], ["--pairs", "0"], ["--seed", "-1"], ["--jobs", "-2"], ["--out", "no/such/folder/t.md"]],
)
def test_a_wrong_call_is_told_before_anything_runs(known, capsys, words):
    assert main(["calibrate", *words]) == 2
    told = words[0] if words[0] in ("--pairs", "--seed", "--jobs") else words[-1].removesuffix("/t.md")
    assert told in capsys.readouterr().err
    assert known == []


def test_stopped_by_hand(monkeypatch, capsys):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Calibrate, "batch", stop)
    assert main(["calibrate", "--pairs", "1", "--jobs", "1"]) == 130
    assert capsys.readouterr().err == "coregulation: stopped.\n"

from __future__ import annotations

from coregulation.cli import main
from tests.io.write import rows, wave


def test_it_is_written_beside_the_file_and_never_over_another(tmp_path, capsys):
    table = rows(tmp_path / "pair.csv", "ada,ben", wave(30), wave(30, phase=1))
    assert main(["new-manifest", str(table)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "session.toml was written. Fill in the 8 lines that begin with FILL IN" in told
    assert 'path = "pair.csv"' in (tmp_path / "session.toml").read_text(encoding="utf-8")
    assert main(["new-manifest", str(table)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert main(["new-manifest", str(table), "--out", str(tmp_path / "no" / "session.toml")]) == 2
    assert "could not be written" in capsys.readouterr().err
    assert main(["inspect", str(tmp_path / "session.toml")]) == 3
    assert "still to fill in" in capsys.readouterr().err


def test_it_is_printed_when_asked(tmp_path, capsys):
    table = rows(tmp_path / "pair.csv", "ada,ben", wave(30), wave(30, phase=1))
    assert main(["new-manifest", str(table), "--out", "-"]) == 0
    assert capsys.readouterr().out.startswith('schema = "coregulation.session/2"')

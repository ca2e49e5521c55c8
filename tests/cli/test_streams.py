"""What a command prints and how it ends, whatever stands in the files."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys

import pytest

from coregulation.cli import main
from tests.paths import ROOT

ENV = {**os.environ, "PYTHONPATH": str(ROOT / "src")}


@pytest.fixture
def owned(tmp_path):
    """A session folder whose person has a name that commands a terminal and a spreadsheet."""
    rows = "\n".join(["rr", *(str(800 + k % 37) for k in range(400))])
    (tmp_path / "a.csv").write_text(rows)
    (tmp_path / "session.toml").write_text(
        'schema = "coregulation.session/1"\n[[person]]\nid = "\\u001b]0;OWNED\\u0007\\u001b[2Jada"\n'
        '[[person.file]]\npath = "a.csv"\nchannel = "rr"\nunit = "ms"\n'
    )
    return tmp_path


def test_a_name_in_a_file_commands_no_terminal(owned, capsys):
    main(["inspect", str(owned / "session.toml")])
    shown = capsys.readouterr()
    assert "\x1b" not in shown.out + shown.err
    assert "\x07" not in shown.out + shown.err


def test_a_full_disk_is_told_in_words(monkeypatch, capsys, tmp_path):
    from coregulation.cli import cite

    def full(_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(cite, "run", full)
    assert main(["cite"]) == 3
    assert "disk is full" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_request_to_terminate_cleans_up(tmp_path):
    code = (
        "import sys, tempfile, time, pathlib\n"
        "from coregulation import cli\n"
        "from coregulation.cli import cite\n"
        "def slow(_args):\n"
        f"    with tempfile.TemporaryDirectory(prefix='.report-', dir={str(tmp_path)!r}):\n"
        "        sys.stderr.write('ready\\n'); sys.stderr.flush(); time.sleep(60)\n"
        "cite.run = slow\n"
        "sys.exit(cli.main(['cite']))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, env=ENV)
    assert process.stderr.readline() == "ready\n"
    assert list(tmp_path.iterdir())
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 143
    process.stderr.close()
    assert not list(tmp_path.iterdir())

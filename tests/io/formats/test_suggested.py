"""`inspect` ends with a command: said word for word, it opens the file of every format."""

from __future__ import annotations

import shlex

import pytest

from coregulation.cli import parser
from coregulation.cli.sources import options_from
from coregulation.io import open_sessions
from coregulation.io.formats.registry import FORMATS

EXAMPLES = {example.file: example for form in FORMATS for example in form.examples}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_command_of_inspect_opens_the_file(tmp_path, monkeypatch, capsys, name):
    monkeypatch.chdir(tmp_path)
    EXAMPLES[name].write(tmp_path / name)
    args = parser().parse_args(["inspect", name])
    args.run(args)
    command = shlex.split(capsys.readouterr().out.strip().splitlines()[-1])
    assert command[:2] == ["coregulation", "analyze"]
    args = parser().parse_args(command[1:])
    assert open_sessions(*args.files, options=options_from(args)).sessions

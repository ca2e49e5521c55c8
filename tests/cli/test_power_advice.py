"""What a refusal of `coregulation power` says to type leads to a plan that can be run."""

from __future__ import annotations

import re

import pytest

from coregulation.cli import main
from coregulation.study.design import power_plan

_TYPED = re.compile(r"`coregulation (power [^`]*)`")


@pytest.mark.parametrize("plan", [[], ["first-look"], ["steadying"], ["plan.toml"], ["broken.toml"]])
def test_the_advice_leads_to_a_plan_that_can_be_run(tmp_path, monkeypatch, capsys, plan):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.toml").write_text('title = "mine"\n', encoding="utf-8")
    (tmp_path / "broken.toml").write_bytes(b"\xff\xfe\xff")
    assert main(["power", *plan]) == 2
    wrapped = " ".join(capsys.readouterr().err.split())
    typed = _TYPED.findall(wrapped)
    assert typed
    for words in typed:
        command, _, target = words.partition(" > ")
        if target:
            assert main(command.split()) == 0
            (tmp_path / target).write_text(capsys.readouterr().out, encoding="utf-8")
            assert power_plan((tmp_path / target).read_text(encoding="utf-8")).draws
        else:
            assert (tmp_path / command.split()[1]).is_file()
    assert (tmp_path / "plan.toml").read_text(encoding="utf-8") == 'title = "mine"\n'

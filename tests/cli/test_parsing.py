from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from coregulation.cli import COMMANDS, main
from coregulation.cli.completion import SHELLS


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["analyse", "a.csv"], "Did you mean analyze?"),
        (["new-manfest"], "Did you mean new-manifest?"),
        (["analyze", "a.csv", "--sgnal", "rr"], "Did you mean --signal?"),
        (["analyze", "a.csv", "--null", "circle"], "Did you mean circular?"),
        (["analyze", "a.csv", "--signal=rr", "--surogates=99"], "Did you mean --surrogates?"),
    ],
)
def test_a_wrong_word_gets_the_nearest_known_one(words, meant, capsys):
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2
    assert meant in capsys.readouterr().err


def test_nothing_is_suggested_where_nothing_is_near(capsys):
    with pytest.raises(SystemExit):
        main(["zzzz"])
    assert "Did you mean" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["analyze"], "The call lacks FILE."),
        (["analyze", "a.csv", "--null", "circle"], "--null: 'circle' is not known. Known: circular, segments"),
        (["analyze", "a.csv", "--seed", "one"], "--seed: 'one' came; a whole number was expected."),
        (["analyze", "a.csv", "--rate", "fast"], "--rate: 'fast' came; a number was expected."),
        (["analyze", "a.csv", "--seed"], "The option --seed needs a value."),
        (["analyze", "a.csv", "--json", "--quiet"], "The option --quiet cannot be used together with --json."),
        (["analyze", "a.csv", "--long=3"], "The option --long takes no value; '3' came."),
        (["inspect", "a.csv", "--pseudo-from", "b"], "`coregulation inspect` has no option --pseudo-from."),
        (["cite", "boker"], "`coregulation cite` does not expect 'boker' here."),
    ],
)
def test_a_wrong_call_is_told_with_the_help_of_its_command(words, told, capsys):
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2
    shown = capsys.readouterr().err
    assert f"coregulation: {told}" in shown
    assert shown.endswith(f"\nHelp: coregulation {words[0]} --help\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_is_the_same_both_ways(name, capsys):
    command = name.replace("_", "-")
    with pytest.raises(SystemExit):
        main([command, "--help"])
    usual = capsys.readouterr().out
    with pytest.raises(SystemExit) as left:
        main(["help", command])
    assert left.value.code == 0
    assert capsys.readouterr().out == usual


def test_the_overview_names_the_exit_codes(capsys):
    with pytest.raises(SystemExit):
        main(["help"])
    told = capsys.readouterr().out
    assert all(f"\n  {code} " in told for code in (0, 2, 3, 130))


@pytest.mark.parametrize("shell", SHELLS)
def test_a_completion_script_knows_every_command(shell, capsys):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(name.replace("_", "-") in script for name in COMMANDS)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no bash of its own")
def test_the_bash_script_completes(tmp_path, capsys):
    main(["completion", "bash"])
    script = tmp_path / "complete"
    script.write_text(capsys.readouterr().out, encoding="utf-8")
    bash = shutil.which("bash")
    assert bash, "this test needs bash"
    ask = f"source {script}; COMP_WORDS=(coregulation ana); COMP_CWORD=1; _shtab_coregulation; echo ${{COMPREPLY[@]}}"
    done = subprocess.run([bash, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "analyze"

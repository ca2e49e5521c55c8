"""The command line in a pseudo-language: every word comes from the catalogue, or is syntax or data of the call."""

from __future__ import annotations

import argparse
import contextlib
import re
from dataclasses import replace
from pathlib import Path

import pytest

from coregulation.analysis.pipeline import Analysis
from coregulation.cli import COMMANDS, main, parser
from coregulation.io import write_session
from coregulation.simulate.confounds import known_answer
from coregulation.study import power as power_module
from coregulation.study.measures import MeasureAnswer
from tests.io.write import rows, text, wave
from tests.report.catalogue.pseudo import outside, speak_pseudo
from tests.report.test_journeys import printed
from tests.study.plans import SMALL

WORD = re.compile(r"[^\W\d_]{3,}")
UNITS = {"min", "coregulation", "pvalue"}


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    speak_pseudo(monkeypatch)


def syntax(of: argparse.ArgumentParser) -> set[str]:
    """Return the words of options, values to choose and placeholders, which are typed as they stand."""
    words: set[str] = set()
    for action in of._actions:
        metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
        words |= {metavar, *action.option_strings, *map(str, action.choices or ())}
        if isinstance(action, argparse._SubParsersAction):
            words |= set().union(*map(syntax, action.choices.values()))
    return words


def escaped(shown: str, *data: str) -> set[str]:
    """Return the words outside every bracket that are neither syntax nor the call's own data."""
    left = re.sub(r"(?m)^\s+coregulation .*$", " ", outside(shown))  # a command to type
    for known in sorted({*syntax(parser()), *data}, key=len, reverse=True):
        left = left.replace(known, " ")
    return set(WORD.findall(left)) - UNITS


def shown_by(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Run a command and return everything that it printed."""
    with contextlib.suppress(SystemExit):
        main([str(word) for word in words])
    both = capsys.readouterr()
    return both.out + both.err


@pytest.mark.parametrize("name", ["", *COMMANDS])
@pytest.mark.parametrize("columns", ["60", "80"])
def test_no_word_of_a_help_escapes(name, columns, pseudo, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    words = [*filter(None, [name.replace("_", "-")]), "--help"]
    assert escaped(shown_by(capsys, *words)) == set()


@pytest.mark.parametrize(
    "words",
    ["", "sing", "analyze", "analyze --seed", "analyze x --seed y", "analyze x --rate y", "analyze x --null y",
     "analyze x --json --quiet", "inspect x --sgnal y", "cite x", "analyze x --long=y", "power", "live --port 0",
     "analyze x --surrogates 2", "inspect nothing.csv", "inspect no/nothing.csv", "inspect .", "simulate", "claims 99",
     "simulate hand-on-the-bach", "analyze x --person =", "analyze x --shared none,x", "calibrate --pairs 0",
     "analyze x --jobs=-1", "journey nothing", "power nothing.toml", "simulate nothing.toml"],
)  # fmt: skip
def test_no_word_of_a_refused_call_escapes(words, pseudo, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert escaped(shown_by(capsys, *words.split())) == set()


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a table, a session, visits and a plan."""
    monkeypatch.chdir(tmp_path)
    rows(tmp_path / "pair.csv", "ada,ben,HR [bpm]", wave(30), wave(30, phase=1), [*wave(29), "nan"])
    text(tmp_path / "empty.csv", "")
    session = known_answer("lent", 2)[0]
    write_session(replace(session, id="s1"), tmp_path / "s1")
    for k in range(1, 7):
        (tmp_path / "visits" / f"v{k}").mkdir(parents=True)
        (tmp_path / "visits" / f"v{k}" / "result.json").write_bytes(printed(k, 60.0 * 0.8**k, 20.0))
    goal = SMALL.replace('name = "nothing"\n', 'name = "nothing"\n[smallest]\ntimes = [4]\npairs = 3\n')
    text(tmp_path / "plan.toml", goal)
    return tmp_path


def test_no_word_of_a_listing_escapes(work, pseudo, capsys):
    names = ("pair.csv", "empty.csv", "ada", "ben", "HR [bpm]", "bpm", "s1", "session.toml", str(work))
    names += (
        "heart_rate",
        "heart rate",
        "arousal",
        "beats",
        "simulated",
        "checked",
        "doubtful.csv",
        "corrections.csv",
        "bids",
        "edf",
    )
    for words in (
        "inspect pair.csv",
        "inspect empty.csv",
        "inspect pair.csv --signal heart_rate --rate 1 --person ada=0 --person ben=1",
        "inspect pair.csv --signal heart_rate",
        "inspect s1",
        "beats s1 --out checked",
        "convert s1 --to bids --out bids",
        "convert s1 --to edf --out edf",
        "convert s1 --to edf --out edf",
    ):
        assert escaped(shown_by(capsys, *words.split()), *names) == set(), words


def test_no_word_of_a_new_manifest_escapes(work, pseudo, capsys):
    told = shown_by(capsys, "new-manifest", "pair.csv")
    assert escaped(told, "session.toml", "FILL IN") == set()
    manifest = shown_by(capsys, "new-manifest", "pair.csv", "--out", "-")
    keys = set(re.findall(r"(?m)^[#\s]*\[*(\w+)\]*", manifest)) | {"column", "unit"}
    values = {
        "pair.csv",
        "coregulation.session",
        "session-1",
        "together-rest",
        "FILL IN",
        "heart_rate",
        "person.file",
        "bpm",
    }
    assert escaped(manifest, *keys, *values) == set()


def test_no_word_of_a_journey_escapes(work, pseudo, capsys):
    told = shown_by(capsys, "journey", "visits")
    assert "%" in told
    assert escaped(told, "ada", "ben", "visit-") == set()
    assert escaped(shown_by(capsys, "journey", "visits/v1"), "ada", "ben", "visit-") == set()


def test_no_word_of_a_power_table_escapes(work, pseudo, capsys, monkeypatch):
    def answers(_plan, task):
        often = 3 + 6 * (task.strength == 1) + task.group
        own = [MeasureAnswer(k < often, often / 10, (often / 20, often / 5)) for k in range(10)]
        return [{"heart rate, beyond own dynamics": one, "verdict: linked": MeasureAnswer(None)} for one in own]

    monkeypatch.setattr(power_module, "work", answers)
    told = shown_by(capsys, "power", "plan.toml", "--jobs", "1", "--out", "out")
    assert "heart rate" in told
    title, strengths = re.search(r'title = "(.*)"', SMALL)[1], re.findall(r'name = "(.*)"', SMALL)
    assert escaped(told, title, *strengths, "out/power.csv", "strap") == set()
    picture = (work / "out" / "power.svg").read_text(encoding="utf-8")
    labels = " ".join(re.findall(r"<(?:text|title)[^>]*>([^<]*)<", picture))
    assert escaped(labels, title, *strengths, "strap") == set()


@pytest.mark.parametrize("which", ["pair", "group", "too_short"])
@pytest.mark.parametrize("how", ["", "--verbose"])
def test_no_word_of_an_answer_escapes(which, how, request, work, pseudo, capsys, monkeypatch):
    finding = request.getfixturevalue(which)
    monkeypatch.setattr(Analysis, "__call__", lambda *_: finding)
    names = [finding.about.id, *(person.id for person in finding.about.people), "out/report.html"]
    names += [kind for b in finding.about.blocks for kind in (b.kind, b.guide or "") if kind] + [
        *(finding.about.shared or ())
    ]
    told = shown_by(capsys, "analyze", "s1", "--out", "out", *how.split())
    assert "report.html" in told
    assert escaped(told, *names) == set()


def test_no_word_of_a_demo_or_a_simulation_escapes(pair, group, work, pseudo, capsys, monkeypatch):
    findings = iter([pair, group, pair])
    monkeypatch.setattr(Analysis, "__call__", lambda *_: next(findings))
    names = [name for finding in (pair, group) for name in (finding.about.id, *(p.id for p in finding.about.people))]
    assert (
        escaped(
            shown_by(capsys, "demo"), *names, "demo-report/pair/report.html", "demo-report/concert/report.html", "music"
        )
        == set()
    )
    told = shown_by(capsys, "simulate", "time-constant-5", "--out", "out")
    assert "report.html" in told
    assert escaped(told, *names, "out/report.html") == set()
    assert escaped(shown_by(capsys, "simulate", "--list"), *laws()) == set()


def laws() -> list[str]:
    from coregulation.simulate.laws.registry import LAWS

    return list(LAWS)


def test_no_word_of_claims_or_references_escapes(pseudo, capsys):
    from coregulation.regulation.claims import claims
    from coregulation.report.bibliography import papers

    data = [
        word
        for claim in claims()
        for field in (claim.says, claim.measured, claim.known)
        for word in WORD.findall(field)
    ]
    assert escaped(shown_by(capsys, "claims"), *data) == set()
    assert escaped(shown_by(capsys, "claims", "--table", "1"), *data) == set()
    works = [word for paper in papers().values() for word in WORD.findall(paper.reference)]
    assert escaped(shown_by(capsys, "cite"), *works) == set()


def test_a_sentence_that_is_not_in_the_catalogue_would_be_seen(pseudo, capsys, monkeypatch):
    from coregulation.cli import cite

    monkeypatch.setattr(cite, "run", lambda _args: print("This sentence escapes."))
    assert escaped(shown_by(capsys, "cite")) == {"This", "sentence", "escapes"}

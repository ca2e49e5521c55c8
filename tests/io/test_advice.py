"""Following the advice of a refusal word by word leads on: to success, or to a refusal that names a new cause.

Each case is a file and the words that were said about it. The words that a refusal prints (`--option value`) are said in addition,
each way that it offers in turn, until the file is read.
"""

from __future__ import annotations

import datetime
import re
import shlex

import numpy as np
import pytest

from coregulation.cli import parser
from coregulation.cli.sources import options_from
from coregulation.errors import CoregulationError
from coregulation.io import open_sessions
from coregulation.io.examples import exports, laboratory, streams
from tests.io.write import rows, text, wave

MOST = 6  # refusals, each with a new cause, before a file must be read
_OPTION = re.compile(r"--[a-z][a-z-]*(?: (?!--)(?:\"[^\"]*\"|[^\s;()]+))?")
_WORDS = {"and", "or", "if", "with", "is", "as", "would", "says", "in", "to", "was", "were", "of", "that"}  # no values
_FLAGS = {"--long"}
_ANSWERS = {"HZ": "4", "NAME": "ada"}  # what only the person knows
N = 60


def ways(message):
    """Return the ways on that a message offers: options that stand side by side are said together."""
    found, end = [], -9
    for match in _OPTION.finditer(message):
        words = [word.rstrip(".,:") if word not in (",", ".") else word for word in shlex.split(match[0])]
        words = [_ANSWERS.get(word, word) for word in words]
        if (len(words) == 1 and words[0] not in _FLAGS) or words[-1] in _WORDS:
            end = -9
            continue  # an option that is only named
        joined = found and end >= 0 and message[end : match.start()].strip() in ("", "and")
        if joined:
            found[-1] += words
        else:
            found.append(words)
        end = match.end()
    return found


def attempt(command):
    """Return None where the files are read, else the refusal."""
    try:
        args = parser().parse_args(["inspect", *command])
        open_sessions(*args.files, options=options_from(args))
    except CoregulationError as error:
        return error
    return None


def with_words(command, words):
    """Say more; an option that was said before is said anew."""
    out, said = list(command), dict(zip(words[::2], words[1::2], strict=False))
    for option, value in said.items():
        if option in out and option != "--person":
            out[out.index(option) + 1] = value
        else:
            out += [option, value]
    return out


def follow(command, before=()):
    """Return whether some way on leads to the file being read; every way must name a new cause."""
    refusal = attempt(command)
    if refusal is None:
        return True
    cause = (refusal.template, str(refusal))
    assert cause not in before, f"the advice leads back: {refusal}"
    if len(before) >= MOST:
        return False
    offered = ways(str(refusal))
    return any(follow(with_words(command, words), (*before, cause)) for words in offered)


def moments(form, n=N, step=1):
    start = datetime.datetime(2026, 5, 4, 14, 0, 0)  # noqa: DTZ001 - as devices write it
    return [(start + datetime.timedelta(seconds=step * k)).strftime(form) for k in range(n)]


RR = np.round(850 + 60 * np.sin(np.arange(80) * 0.4))
CASES = {
    "no signal": lambda p: [rows(p / "a.csv", "time_s,v", range(N), wave(N)), "--signal", "heart_rate"],
    "no rate": lambda p: [rows(p / "a.csv", "hr", wave(N)), "--signal", "heart_rate"],
    "no unit of time": lambda p: [rows(p / "a.csv", "time,hr", range(N), wave(N)), "--signal", "heart_rate"],
    "time that is none": lambda p: [rows(p / "a.csv", "time,hr", ["x"] * N, wave(N)), "--signal", "heart_rate"],
    "rate against stamps": lambda p: [rows(p / "a.csv", "time,hr", 7.0 * np.arange(N), wave(N)), "--signal", "heart_rate", "--rate", "4"],
    "dates of either order": lambda p: [rows(p / "a.csv", "time,hr", moments("%d/%m/%Y %H:%M:%S"), wave(N)), "--signal", "heart_rate"],
    "minutes or hours": lambda p: [rows(p / "a.csv", "time,hr", moments("%M:%S"), wave(N)), "--signal", "heart_rate"],
    "coarse stamps": lambda p: [rows(p / "a.csv", "time_s,hr", np.arange(240) // 4, wave(240)), "--signal", "heart_rate", "--rate", "4"],
    "intervals beside times": lambda p: [rows(p / "a.csv", "wann,rr_ms", np.cumsum(RR), RR), "--signal", "rr", "--column", "rr_ms"],
    "beats of samples": lambda p: [text(p / "a.txt", *np.cumsum(RR)), "--signal", "beats", "--unit", "s", "--rate", "1000"],
    "an unknown unit": lambda p: [rows(p / "a.csv", "eda [units]", 5 + np.sin(np.arange(N))), "--signal", "eda", "--rate", "4"],
    "lines before the header": lambda p: [text(p / "a.csv", "a logger", "of mine", "hr", *wave(N)), "--signal", "heart_rate", "--rate", "4"],
    "JSON at the end": lambda p: [text(p / "a.csv", '{"v": 1}', "hr", *wave(N), '{"x": 1}'), "--signal", "heart_rate", "--rate", "4"],
    "a table of Empatica": lambda p: [text(p / "EDA.csv", "1644227574.0", "4.0", *np.round(5 + np.sin(np.arange(N)), 4)), "--signal", "eda"],
    "thousands": lambda p: [rows(p / "a.txt", "resp", [987, "1,012", *range(960, 999)], separator="\t"), "--signal", "resp", "--rate", "4", "--separator", "\t"],
    "one number or two": lambda p: [text(p / "a.csv", *(f"0,8{n % 90 + 10}" for n in range(N))), "--signal", "resp", "--rate", "4"],
    "which column": lambda p: [rows(p / "a.csv", "a,b", wave(N), wave(N, phase=1)), rows(p / "b.csv", "a,b", wave(N, phase=2), wave(N, phase=3)), "--signal", "heart_rate", "--rate", "4"],
    "two straps in one file": lambda p: [streams.two_laptops(p / "x.xdf"), "--unit", "mV"],
    "a device's labels": lambda p: [laboratory.edf(p / "x.edf")],
    "a rate beside a device's": lambda p: [exports.e4(p / "x.zip"), "--signal", "eda"],
    "two clocks": lambda p: [
        rows(p / "a.csv", "time,hr", moments("%Y-%m-%dT%H:%M:%SZ"), wave(N)),
        rows(p / "b.csv", "time,hr", [m.replace("T14", "T16") for m in moments("%Y-%m-%dT%H:%M:%S")], wave(N, phase=1)), "--signal", "heart_rate",
    ],
    "an RR without a unit": lambda p: [text(p / "a.txt", *RR), "--signal", "rr"],
    "a sheet": lambda p: [exports.workbook(p / "x.xlsx"), "--signal", "heart_rate"],
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_advice_leads_on(tmp_path, case):
    command = [str(word) for word in CASES[case](tmp_path)]
    assert follow(command), attempt(command)


def test_an_advice_that_leads_back_is_found(monkeypatch):
    from coregulation.errors import UsageError

    monkeypatch.setattr("tests.io.test_advice.attempt", lambda command: UsageError("Say --rate 4."))
    with pytest.raises(AssertionError, match="leads back"):
        follow(["x.csv"])

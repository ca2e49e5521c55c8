"""Following the advice of a refusal word by word leads on: to success, or to a refusal that names a new cause.

Each case is a file and the words that were said about it. The words that a refusal prints (`--option value`) are said in addition,
each way that it offers in turn, until the file is read.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex

import pytest

from coregulation.cli import COMMANDS, parser
from coregulation.cli.sources import options_from
from coregulation.errors import CoregulationError
from coregulation.io import open_sessions
from tests.io.refusals import CASES, REACHED_BY_CALL, templates

MOST = 6  # refusals, each with a new cause, before a file must be read
_OPTION = re.compile(r"--[a-z][a-z-]*(?:[ =](?!--)(?:\"[^\"]*\"|[^\s;()]+))?")
_WORDS = {
    "and",
    "or",
    "if",
    "with",
    "is",
    "as",
    "would",
    "says",
    "in",
    "to",
    "was",
    "were",
    "of",
    "that",
    "from",
    "belong",
    ">",  # what is printed goes into a file
    "came",
}  # no values
_FLAGS = {"--long"}
_ANSWERS = {"HZ": "4", "NAME": "ada", "…": "1"}  # what only the person knows
READ_IN_THE_END = (
    "no signal", "no rate", "no unit of time", "a time that is none", "rate in no unit", "dates of either order", "minutes or hours",
    "coarse stamps", "intervals beside times", "beats with a rate", "an unknown unit", "lines before the header", "JSON at the end",
    "a table of Empatica", "thousands", "one number or two", "which column", "two ECGs", "no labels", "two clocks", "RR without a unit",
    "an unknown signal", "an own name", "intervals as heart rate", "seconds as ms", "which session", "more than one thing", "comma and point",
    "a number with a comma", "text at the end", "two columns of times", "a column that only rises", "a time without a name", "a rate before the header",
    "a column of another channel", "several dyads", "several measures", "text among numbers", "one width too few",
)  # fmt: skip


def ways(message):
    """Return the ways on that a message offers: options that stand side by side are said together."""
    found, end = [], -9
    for match in _OPTION.finditer(message):
        words = [
            word.rstrip(".,:") if word not in (",", ".") else word
            for word in shlex.split(re.sub(r"^(--[a-z-]+)=", r"\1 ", match[0]))
        ]
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
    """Return None where the files are read, or the command runs, else the refusal."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            if command[0].replace("-", "_") in COMMANDS:
                args = parser().parse_args(command)
                args.run(args)
            else:
                args = parser().parse_args(["inspect", *command])
                open_sessions(*args.files, options=options_from(args))
    except CoregulationError as error:
        return error
    return None


def with_words(command, words):
    """Say more; an option that was said before is said anew."""
    out = [*command, *(word for word in words if word in _FLAGS and word not in command)]
    valued = [word for word in words if word not in _FLAGS]
    for option, value in zip(valued[::2], valued[1::2], strict=True):
        if option == "--person":
            out = without_person(out, value.partition("=")[0])
        if option in out and option not in ("--person", "--missing"):
            out[out.index(option) + 1] = value
        elif value.startswith("-"):
            out.append(f"{option}={value}")
        else:
            out += [option, value]
    return out


def without_person(command, name):
    """Leave out what was said of a person, who is named anew."""
    out, at = [], 0
    while at < len(command):
        if command[at] == "--person" and command[at + 1].partition("=")[0] == name:
            at += 2
            continue
        out.append(command[at])
        at += 1
    return out


def follow(command, before=()):
    """Return whether some way on leads to success or to a new cause that nobody can mend with words.

    No way may lead back to a cause that was there before.
    """
    refusal = attempt(command)
    if refusal is None:
        return True
    cause = (refusal.template, str(refusal))
    assert cause not in before, f"the advice leads back: {refusal}"
    if len(before) >= MOST:
        return False
    further = [more for words in ways(str(refusal)) if (more := with_words(command, words)) != command]  # not what came
    return not further or any(follow(more, (*before, cause)) for more in further)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a command that succeeds may write a report


@pytest.mark.parametrize("case", CASES)
def test_the_advice_leads_on(tmp_path, case):
    command = [str(word) for word in CASES[case](tmp_path)]
    refusal = attempt(command)
    assert refusal is not None
    assert follow(command), refusal


@pytest.mark.parametrize("case", READ_IN_THE_END)
def test_the_advice_leads_to_the_file_being_read(tmp_path, case):
    command = [str(word) for word in CASES[case](tmp_path)]
    for _ in range(MOST):
        refusal = attempt(command)
        if refusal is None:
            return
        offered = [with_words(command, words) for words in ways(str(refusal))]
        command = next((words for words in offered if attempt(words) is None), offered[0])
    pytest.fail(str(refusal))


def test_every_refusal_has_an_input(tmp_path, monkeypatch):
    """A refusal without an input in `tests/io/refusals.py` is one whose advice nobody followed."""
    raised = set()
    make = CoregulationError.__init__

    def recorded(self, template, /, **facts):
        raised.add(template)
        make(self, template, **facts)

    monkeypatch.setattr(CoregulationError, "__init__", recorded)
    for number, case in enumerate(CASES.values()):
        place = tmp_path / str(number)
        place.mkdir()
        attempt([str(word) for word in case(place)])
    for name, call in REACHED_BY_CALL.items():
        place = tmp_path / name
        place.mkdir()
        with pytest.MonkeyPatch.context() as patch, pytest.raises(CoregulationError):
            call(place, patch)
    known = templates()
    assert {template: known[template] for template in known.keys() - raised} == {}


def test_an_advice_that_leads_back_is_found(monkeypatch):
    from coregulation.errors import UsageError

    monkeypatch.setattr("tests.io.test_advice.attempt", lambda command: UsageError("Say --rate 4."))
    with pytest.raises(AssertionError, match="leads back"):
        follow(["x.csv"])

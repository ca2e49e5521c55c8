"""A conversation on a terminal: what is not said about recordings is asked for, with what the files propose."""

from __future__ import annotations

import argparse
import contextlib
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from coregulation.cli.sources import options_from, reading_words
from coregulation.cli.words import option, text
from coregulation.errors import CoregulationError, UsageError

if TYPE_CHECKING:
    from coregulation.io import Contents, ReadOptions
    from coregulation.io.tables.table import Table
    from coregulation.report.catalogue import Catalogue

_HELP = ("help", "?", "hilfe", "ayuda", "帮助")
_ROWS, _COLUMNS, _WIDTH = 3, 6, 18  # of a table that are shown, and characters of a cell
_OPTIONAL = ("shared",)  # an analysis goes on without it, and says so
_UNKNOWN = ("rate",)  # no file proposes it


def is_terminal() -> bool:
    """Say whether somebody can be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def complete_options(args: argparse.Namespace, refusal: UsageError) -> bool:
    """Ask for what is missing, or refuse with all of it at once.

    Parameters
    ----------
    args
        What was said; answers are added to it.
    refusal
        The first thing that was missed.

    Returns
    -------
    bool
        Whether there were answers.

    Raises
    ------
    UsageError
        `refusal` where no option is missing or one alone; else one that names all options that are missing.
    """
    contents = _contents(args)
    if contents is None:
        raise refusal
    missing = _missing(contents, options_from(args))
    if not missing:
        raise refusal
    if is_terminal() and not (args.json or args.quiet):
        with answers_kept(args):
            return _converse(args, contents)
    if len(missing) == 1:
        raise refusal
    raise _everything(contents, args) from refusal


def _contents(args: argparse.Namespace) -> list[Contents] | None:
    """Look into the files; None where they say themselves how they are read, or cannot be looked into."""
    from coregulation.io import inspect_file
    from coregulation.io.reading import manifests_in

    try:
        if args.long or any(manifests_in(Path(name)) for name in args.files):
            return None
        return [item for name in args.files for item in inspect_file(name, options_from(args).shape)]
    except CoregulationError:
        return None


def _missing(contents: Sequence[Contents], options: ReadOptions) -> list[str]:
    from coregulation.io.suggestion import propose_options

    return [name for name in propose_options(contents, options).options if name not in _OPTIONAL]


def _everything(contents: Sequence[Contents], args: argparse.Namespace) -> UsageError:
    from coregulation.io.suggestion import propose_options

    proposal = propose_options(contents, options_from(args))
    words = [
        "HZ" if before == "--rate" else word
        for before, word in zip(["", *proposal.words], proposal.words, strict=False)
    ]
    return UsageError(
        "{path}: more than one thing is not said: {missing:and}. Say all of it, such as {words}. What the numbers are, only you "
        "know: change what is not so.",
        path=contents[0].path,
        missing=tuple(f"--{name}" for name in _missing(contents, options_from(args))),
        words=shlex.join(words),
    )


def _converse(args: argparse.Namespace, contents: Sequence[Contents]) -> bool:
    from coregulation.io.suggestion import propose_options
    from coregulation.report.catalogue import Catalogue

    catalogue = Catalogue()
    print(catalogue.text("terminal.ask-first-rows", path=contents[0].path))
    print("\n".join(first_rows(_table(args))))
    print(catalogue.text("terminal.ask-open"))
    people = propose_options(contents, options_from(args)).people
    if people and not args.person:
        key = "terminal.ask-person-columns" if any("=" in name for name in people) else "terminal.ask-person-files"
        table = _table(args)
        _ask(catalogue, key, shlex.join(people), lambda answer: _put_people(args, table, answer), args, name="person")
    questions: set[str] = set()
    while remaining := [n for n in propose_options(contents, options_from(args)).options if n not in questions]:
        name = remaining[0]
        questions.add(name)
        proposal = (
            "" if name in (*_UNKNOWN, *_OPTIONAL) else propose_options(contents, options_from(args)).options[name]
        )
        _ask(catalogue, f"terminal.ask-{name}", proposal, _setter(args, name), args, name in _OPTIONAL, name=name)
    return True


def _table(args: argparse.Namespace) -> Table:
    from coregulation.io.formats.registry import read_any

    return read_any(Path(args.files[0]), options_from(args).shape)


def _setter(args: argparse.Namespace, name: str) -> Callable[[str], None]:
    def put(answer: str) -> None:
        try:
            value = float(answer.replace(",", ".")) if name == "rate" else answer
        except ValueError:
            raise UsageError("A rate is a number of rows per second; {answer!r} came.", answer=answer) from None
        _check_answer(args, name, answer)
        setattr(args, name.replace("-", "_"), value)

    return put


def _check_answer(args: argparse.Namespace, name: str, answer: str) -> None:
    """Refuse an answer that no file could be read with, so that it is asked for again at once."""
    from coregulation.io.options import NO_TIME
    from coregulation.io.tables.header_names import DAY_COUNTS, SAMPLE, time_size
    from coregulation.io.tables.stamps import CLOCK_FORMS
    from coregulation.signals import Unit

    if name == "unit" and answer != SAMPLE and not answer.startswith("1/"):
        Unit.parse(answer)
    if name == "time-unit" and answer not in (*CLOCK_FORMS, *DAY_COUNTS, SAMPLE):
        time_size(answer)
    if name in ("column", "time-column") and answer != NO_TIME:
        _table(args).index(answer)


def _put_people(args: argparse.Namespace, table: Table, answer: str) -> None:
    people = split_people(answer, table.names, len(args.files))
    for person in people:
        _, equals, column = person.partition("=")
        if equals:
            table.index(column)
    args.person = people


def split_people(answer: str, columns: Sequence[str], files: int = 1) -> list[str]:
    """Split an answer into people: names and columns may have blanks in them.

    Parameters
    ----------
    answer
        Such as "ada=HR 1, Ben Ali=HR 2", with commas, blanks or quotation marks between.
    columns
        The names of the columns that there are.
    files
        How many files there are, one for each person where no column is named.

    Returns
    -------
    list of str
        Such as "ada=HR 1".

    Raises
    ------
    UsageError
        If a quotation mark does not close, or there are other than one name for each file.
    """
    plain = answer.translate(
        {ord(mark): '"' for mark in "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}„"}
    )
    try:
        words = shlex.split(plain.replace("\uff0c", ",").replace(",", " , "))
    except ValueError as error:
        raise UsageError("A quotation mark is open in {answer!r}; close it, or leave it out.", answer=answer) from error
    if "," in words:
        groups = " ".join(words).split(" , ")
    elif any("=" in word for word in words):
        groups = _joined(words, columns)
    else:
        groups = words
    people = [group.strip(" ,") for group in groups if group.strip(" ,")]
    if files > 1 and len(people) != files and not any("=" in person for person in people):
        raise UsageError(
            "{files:n file|files} and {people:n name|names} came. Put commas between the names if they have blanks in them.",
            files=files,
            people=len(people),
        )
    return people


def _joined(words: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Join words that belong to one person: those of a column's name behind the sign, those of a person's name before it."""
    people: list[str] = []
    pending: list[str] = []
    for word in words:
        column = people[-1].partition("=")[2] if people else ""
        longer = f"{column} {word}"
        if "=" not in word and not pending and people and any(name.startswith(longer) for name in columns):
            people[-1] += f" {word}"
        elif "=" in word:
            people.append(" ".join([*pending, word]))
            pending = []
        else:
            pending.append(word)
    return [*people, *pending]


@contextlib.contextmanager
def answers_kept(args: argparse.Namespace) -> Iterator[None]:
    """Where the person stops, or what was said leads to an error, print the command that goes on from there.

    Parameters
    ----------
    args
        With the answers so far.

    Yields
    ------
    None
        To the conversation, or to what reads the files with its answers.
    """
    try:
        yield
    except (KeyboardInterrupt, EOFError, CoregulationError) as error:
        print()
        print(text("terminal.ask-so-far", command=shlex.join(["coregulation", "analyze", *reading_words(args)])))
        if isinstance(error, EOFError):
            raise KeyboardInterrupt from error
        raise


def _ask(
    catalogue: Catalogue,
    key: str,
    proposal: str,
    put: Callable[[str], None],
    args: argparse.Namespace,
    optional: bool = False,
    *,
    name: str,
) -> None:
    """Ask until the answer can be meant; "help" tells what the option is."""
    while True:
        answer = input(f"{catalogue.text(key)}{f' [{proposal}]' if proposal else ''}: ").strip() or proposal
        if answer.lower() in _HELP:
            print(f"  {option(name)}")
            continue
        if not answer and optional:
            return
        if not answer:
            continue
        before = vars(args).copy()
        try:
            put(answer)
            options_from(args)
        except UsageError as error:
            vars(args).update(before)
            print(f"  {catalogue.error(error)}")
        else:
            return


def first_rows(table: Table) -> list[str]:
    """Return the beginning of a table as aligned lines.

    Parameters
    ----------
    table
        Any.

    Returns
    -------
    list of str
        The columns' numbers and names, then three rows; six columns at most.
    """
    columns = [
        [f"{number}  {name}".rstrip(), *(str(cell).strip() for cell in cells[:_ROWS])]
        for number, (name, cells) in enumerate(zip(table.names[:_COLUMNS], table.columns[:_COLUMNS], strict=True))
    ]
    widths = [min(_WIDTH, max(map(len, column))) for column in columns]
    height = max(map(len, columns))
    rows = [[column[row] if row < len(column) else "" for column in columns] for row in range(height)]
    return ["  " + "  ".join(c[:w].ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def keep_answers(args: argparse.Namespace, options: ReadOptions) -> Path | None:
    """Write what was said into a manifest beside the first file; None where a manifest has no place for it.

    Parameters
    ----------
    args
        With the files and where the report goes.
    options
        Complete.

    Returns
    -------
    Path or None
        The manifest, a new file.
    """
    from coregulation.io.manifest import MANIFEST
    from coregulation.io.options_manifest import manifest_of_options

    folder = Path(args.files[0]).resolve().parent
    try:
        text = manifest_of_options([Path(name) for name in args.files], options, folder)
    except CoregulationError:
        return None
    stem, ending = MANIFEST.split(".")
    for name in (MANIFEST, *(f"{stem}-{number}.{ending}" for number in range(2, 100))):
        try:
            with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            continue
        except OSError:
            return None
        return folder / name
    return None

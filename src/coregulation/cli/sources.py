"""The options that say how recordings are read, shared by every command that reads some."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coregulation.cli.words import option, text
from coregulation.errors import UsageError

if TYPE_CHECKING:
    from coregulation.io import OpenedSessions, ReadOptions

_OUT = "coregulation-report"
_PASSED_ON = (
    "signal",
    "unit",
    "scale",
    "rate",
    "start",
    "column",
    "time_column",
    "time_unit",
    "date_order",
    "zone",
    "sheet",
    "long",
    "pair_column",
    "person_column",
    "value_column",
    "only",
    "skip_lines",
    "skip_end_lines",
    "separator",
    "decimal",
    "missing",
    "blocks",
    "marks",
    "exclude",
    "corrections",
    "turns",
    "turns_start",
    "setting",
    "align",
    "allow_outside",
)


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Add the files and every reading option to a command."""
    parser.add_argument("files", nargs="+", metavar="FILE", help=option("files"))
    add_reading(parser)


def options_from(args: argparse.Namespace) -> ReadOptions:
    """Return what the reading options say; `UsageError` if they cannot be used."""
    from coregulation.io import ReadOptions

    people, roles = _people(args.person)
    passed_on: dict[str, Any] = {name: getattr(args, name) for name in _PASSED_ON}
    return ReadOptions(
        people=people, roles=roles | _roles(args.role), shared=_shared(args.shared), speakers=_speakers(args.speaker),
        **passed_on,
    )  # fmt: skip


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add every reading option to a command, and how recordings are read to the end of its help."""
    _add_meaning(parser.add_argument_group(text("help.what-numbers-are")))
    _add_shape(parser.add_argument_group(text("help.how-written")))
    _add_context(parser.add_argument_group(text("help.what-happened")))
    parser.epilog = "\n\n".join(filter(None, [parser.epilog, text("examples.sources")]))


def stated_reading(args: argparse.Namespace) -> dict[str, Any]:
    """Return the reading options that were stated, as fields of `ReadOptions` that a plan can hold."""
    people, roles = _people(args.person)
    stated: dict[str, Any] = {name: getattr(args, name) for name in _PASSED_ON}
    stated |= {"people": people, "roles": roles | _roles(args.role), "shared": _shared(args.shared)}
    return {name: value for name, value in stated.items() if value not in (None, False, 0, {}, [])}


def reading_words(args: argparse.Namespace) -> list[str]:
    """Return the words of a command line that say about recordings what was said: files, options, and where the report goes."""
    words = [str(name) for name in args.files]
    for name in ("person", "role", "speaker", "missing"):
        words += [word for value in getattr(args, name) for word in (f"--{name}", value)]
    for name in (*_PASSED_ON, "shared", "out"):
        value = getattr(args, name, None)
        if name == "missing" or value in (None, False, 0, 0.0) or (name == "out" and value == _OUT):
            continue
        words += [f"--{name.replace('_', '-')}"] if value is True else [f"--{name.replace('_', '-')}", _written(value)]
    return words


def _written(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def sessions_from(args: argparse.Namespace) -> OpenedSessions:
    """Open the sessions that a command line names."""
    from coregulation.io import open_sessions

    return open_sessions(*args.files, options=options_from(args))


def _add_meaning(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--signal", help=option("signal"))
    add("--unit", help=option("unit"))
    add("--scale", type=float, help=option("scale"))
    add("--rate", type=float, metavar="HZ", help=option("rate"))
    add("--start", help=option("start"))
    add("--person", action="append", default=[], metavar="NAME[:ROLE][=COLUMN]", help=option("person"))
    add("--role", action="append", default=[], metavar="NAME=ROLE", help=option("role"))
    add("--column", help=option("column"))
    add("--time-column", metavar="COLUMN", help=option("time-column"))
    add("--time-unit", metavar="UNIT", help=option("time-unit"))
    add("--date-order", choices=("day-first", "month-first"), help=option("date-order"))
    add("--align", choices=("knock",), help=option("align"))
    add("--zone", metavar="OFFSET", help=option("zone"))


def _add_shape(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--long", action="store_true", help=option("long"))
    add("--pair-column", metavar="COLUMN", help=option("pair-column"))
    add("--person-column", metavar="COLUMN", help=option("person-column"))
    add("--value-column", metavar="COLUMN", help=option("value-column"))
    add("--only", metavar="NAME", help=option("only"))
    add("--sheet", help=option("sheet"))
    add("--skip-lines", type=int, default=0, metavar="N", help=option("skip-lines"))
    add("--skip-end-lines", type=int, default=0, metavar="N", help=option("skip-end-lines"))
    add("--separator", help=option("separator"))
    add("--decimal", choices=(".", ","), help=option("decimal"))
    add("--missing", action="append", default=[], metavar="WORD", help=option("missing"))
    add("--allow-outside", action="store_true", help=option("allow-outside"))


def _add_context(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--blocks", metavar="CSV", help=option("blocks"))
    add("--marks", metavar="CSV", help=option("marks"))
    add("--exclude", metavar="CSV", help=option("exclude"))
    add("--corrections", metavar="CSV", help=option("corrections"))
    add("--turns", metavar="FILE", help=option("turns"))
    add("--speaker", action="append", default=[], metavar="SPEAKER=NAME", help=option("speaker"))
    add("--turns-start", type=float, default=0.0, metavar="S", help=option("turns-start"))
    add("--shared", metavar="WHAT", help=option("shared"))
    add("--setting", help=option("setting"))


def _people(options: list[str]) -> tuple[dict[str, str | None], dict[str, str]]:
    people: dict[str, str | None] = {}
    roles: dict[str, str] = {}
    for value in options:
        who, equals, column = value.partition("=")
        name, colon, role = who.partition(":")
        if not name.strip() or (equals and not column) or (colon and not role):
            raise UsageError("--person {value!r}: NAME, NAME=COLUMN or NAME:ROLE=COLUMN was expected.", value=value)
        if name in people:
            raise UsageError("--person {name!r} came twice; each person has one name.", name=name)
        people[name] = column or None
        if role:
            roles[name] = role
    return people, roles


def _roles(options: list[str]) -> dict[str, str]:
    pairs = [value.partition("=") for value in options]
    for name, _, role in pairs:
        if not name or not role:
            raise UsageError("--role {name!r}: NAME=ROLE was expected.", name=name)
    return {name: role for name, _, role in pairs}


def _speakers(options: list[str]) -> dict[str, str]:
    pairs = [value.rpartition("=") for value in options]
    for speaker, _, person in pairs:
        if not speaker or not person:
            raise UsageError("--speaker {value!r}: SPEAKER=NAME was expected.", value=speaker or person)
    return {speaker: person for speaker, _, person in pairs}


def _shared(option_value: str | None) -> tuple[str, ...] | None:
    if option_value is None:
        return None
    words = tuple(word.strip() for word in option_value.split(",") if word.strip())
    if words in (("none",), ("nothing",)):
        return ()
    if not words or "none" in words:
        raise UsageError(
            "--shared {value!r}: none, or what was shared (music, film, …), was expected.", value=option_value
        )
    return words

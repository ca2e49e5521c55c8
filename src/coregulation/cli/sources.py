"""The options that say how recordings are read, shared by every command that reads some."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coregulation.errors import UsageError

if TYPE_CHECKING:
    from coregulation.io import OpenedSessions, ReadOptions

EXAMPLES = """how recordings are read:
  one table, one column a person       pair.csv --person ada=hr_a --person ben=hr_b --signal heart_rate --rate 1
  one file a person                    ada.txt ben.txt --person ada --person ben --signal rr --unit ms
  a long table with many pairs         dial.csv --long --pair-column couple --person-column female --value-column dial
                                         --signal rating --rate 0.5 --only 2
  a table with its own time            belts.csv --signal resp --time-column 0 --time-unit s
  a workbook                           heart.xlsx --sheet Phase1 --signal heart_rate --time-column time --time-unit s
  several devices, starts, drifts      session.toml (`coregulation new-manifest FILES` writes a first one)

Units and rates are stated, never guessed. A signal's name states its unit: heart_rate 1/min, eda µS; resp, ppg, motion,
voice, rating and arousal have none; rr, beats and ecg need --unit; any other name needs --unit or --scale.
"""

_GIVEN_AS_IS = (
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
    "blocks",
    "marks",
    "exclude",
    "corrections",
    "setting",
)


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Add the files and every reading option to a command."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="a table, one file for each person, a session.toml or its folder"
    )
    add_reading(parser)


def options_from(args: argparse.Namespace) -> ReadOptions:
    """Return what the reading options say; `UsageError` if they cannot be meant."""
    from coregulation.io import ReadOptions

    people, roles = _people(args.person)
    said: dict[str, Any] = {name: getattr(args, name) for name in _GIVEN_AS_IS}
    return ReadOptions(people=people, roles=roles | _roles(args.role), shared=_shared(args.shared), **said)


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add every reading option to a command that takes its files otherwise."""
    _add_meaning(parser.add_argument_group("what the numbers are"))
    _add_shape(parser.add_argument_group("how the file is written"))
    _add_context(parser.add_argument_group("what happened"))


def stated_reading(args: argparse.Namespace) -> dict[str, Any]:
    """Return the reading options that were stated, as fields of `ReadOptions` that a plan can hold."""
    people, roles = _people(args.person)
    stated: dict[str, Any] = {name: getattr(args, name) for name in _GIVEN_AS_IS}
    stated |= {"people": people, "roles": roles | _roles(args.role), "shared": _shared(args.shared)}
    return {name: value for name, value in stated.items() if value not in (None, False, 0, {})}


def sessions_from(args: argparse.Namespace) -> OpenedSessions:
    """Open the sessions that a command line names."""
    from coregulation.io import open_sessions

    return open_sessions(*args.files, options=options_from(args))


def _add_meaning(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--signal",
        help="rr, beats, heart_rate, resp, eda, ecg, ppg, motion, voice, rating, arousal, or a name of your own",
    )
    add("--unit", help="the unit the values are written in: ms, s, 1/min, µS, mV, µV, a.u., …")
    add("--scale", type=float, help="value = number in the file × SCALE (0.1 for a heart rate written times ten)")
    add("--rate", type=float, metavar="HZ", help="rows per second, where they are evenly spaced")
    add("--start", help="session time of the first row in s, or its date and time")
    add(
        "--person",
        action="append",
        default=[],
        metavar="NAME[:ROLE][=COLUMN]",
        help="who is which column (name or number from 0), file (in order) or value of the person column; repeat",
    )
    add(
        "--role", action="append", default=[], metavar="NAME=ROLE", help="a person's role, kept in pseudo-dyads; repeat"
    )
    add("--column", help="the column of the values, with one file for each person")
    add("--time-column", metavar="COLUMN", help="the column with the time of each row; none if no column is")
    add(
        "--time-unit",
        metavar="UNIT",
        help="s, ms, min, us, ns, h or sample; m:ss or h:mm for what is written as 12:30; not needed for dates",
    )
    add("--date-order", choices=("day-first", "month-first"), help="how to read a date such as 05/04/2026")
    add("--zone", metavar="OFFSET", help="time zone of dates that are written without one, such as +02:00")


def _add_shape(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--long", action="store_true", help="one row a person and moment")
    add("--pair-column", metavar="COLUMN", help="which session a row belongs to (long tables)")
    add("--person-column", metavar="COLUMN", help="which person a row belongs to (long tables)")
    add("--value-column", metavar="COLUMN", help="the values (long tables)")
    add("--only", metavar="NAME", help="read this one session of several")
    add("--sheet", help="sheet of a workbook, by name or number from 0")
    add("--skip-lines", type=int, default=0, metavar="N", help="lines before the header that are no part of the table")
    add("--skip-end-lines", type=int, default=0, metavar="N", help="lines after the last row")
    add("--separator", help="where it cannot be found with certainty")
    add("--decimal", choices=(".", ","), help="the decimal sign, where it cannot be found with certainty")


def _add_context(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--blocks",
        metavar="CSV",
        help="columns kind, start, end (s), and perhaps perturbed, dose, with, partner, guide",
    )
    add("--marks", metavar="CSV", help="columns time, label, and perhaps person")
    add("--exclude", metavar="CSV", help="spans that count for nothing: columns start, end, why, and perhaps person")
    add(
        "--corrections",
        metavar="CSV",
        help="corrections by hand: columns kind (exclude, add, move, remove), time, to, person, why",
    )
    add(
        "--shared", metavar="WHAT", help="what everybody got at once: music, film, script, pacer (with commas), or none"
    )
    add("--setting", help="one room, remote, or apart (recorded separately)")


def _people(said: list[str]) -> tuple[dict[str, str | None], dict[str, str]]:
    people: dict[str, str | None] = {}
    roles: dict[str, str] = {}
    for text in said:
        who, equals, column = text.partition("=")
        name, colon, role = who.partition(":")
        if not name.strip() or (equals and not column) or (colon and not role):
            raise UsageError("--person {text!r}: NAME, NAME=COLUMN or NAME:ROLE=COLUMN was expected.", text=text)
        if name in people:
            raise UsageError("--person {name!r} came twice; each person has one name.", name=name)
        people[name] = column or None
        if role:
            roles[name] = role
    return people, roles


def _roles(said: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in said]
    for name, _, role in pairs:
        if not name or not role:
            raise UsageError("--role {name!r}: NAME=ROLE was expected.", name=name)
    return {name: role for name, _, role in pairs}


def _shared(said: str | None) -> tuple[str, ...] | None:
    if said is None:
        return None
    words = tuple(word.strip() for word in said.split(",") if word.strip())
    if words in (("none",), ("nothing",)):
        return ()
    if not words or "none" in words:
        raise UsageError("--shared {said!r}: none, or what was shared (music, film, …), was expected.", said=said)
    return words

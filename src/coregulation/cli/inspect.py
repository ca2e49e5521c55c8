"""`coregulation inspect`: what is in a file, or what a session would be if it were read like this."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coregulation.cli.sources import EXAMPLES, add_sources, options_from

if TYPE_CHECKING:
    from coregulation.io import ColumnContents, Contents, OpenedSessions
    from coregulation.session import Recording, Remark, Session

_ABOUT = """List what a file holds: its columns, how many values, from what to what. With --signal, or for a session.toml, open
the recordings as `analyze` would and list the people, their channels and what the reader noticed. Nothing is analysed."""


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "inspect",
        help="list what is in a file, or how a session would be read",
        description=_ABOUT,
        epilog="examples:\n  coregulation inspect pair.csv\n  coregulation inspect session.toml\n\n" + EXAMPLES,
    )
    add_sources(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Print the listing."""
    from pathlib import Path

    from coregulation.io import inspect_file, open_sessions
    from coregulation.io.formats.registry import recording_format
    from coregulation.io.suggestion import suggest_command

    options = options_from(args)
    folders = any(
        (Path(name).is_dir() and recording_format(Path(name)) is None) or name.endswith(".toml") for name in args.files
    )
    if options.signal is not None or folders:
        lines = sessions_told(open_sessions(*args.files, options=options))
    else:
        contents = [found for name in args.files for found in inspect_file(name, options.shape)]
        lines = [line for found in contents for line in file_told(found)]
        lines += ["To analyse, type (and change what is not so):", f"  {suggest_command(contents)}"]
    print("\n".join(lines))


def file_told(found: Contents) -> list[str]:
    """Return a file's or sheet's contents as lines."""
    where = f"{found.path}, sheet {found.sheet}" if found.sheet else found.path
    rate = f", {found.rate:g} Hz" if found.rate else ""
    uneven = len({(column.rate, column.rows) for column in found.columns}) > 1
    head = f"{where}: {found.rows} rows from line {found.first_row}{rate}, {len(found.columns)} columns"
    return [head, *(f"  {_column_told(column, uneven)}" for column in found.columns), ""]


def _column_told(column: ColumnContents, uneven: bool) -> str:
    parts = [f"{column.number:>3}  {column.name or '(no name)':<24}", f"{column.kind:<10}"]
    if column.median is not None:
        parts.append(f"{column.least:.6g} … {column.median:.6g} … {column.most:.6g} (least, median, most)")
    if uneven:
        parts.append(f"{column.rows} rows" + (f" at {column.rate:g} Hz" if column.rate else ""))
    if column.missing:
        parts.append(f"{column.missing} missing")
    if column.unit:
        parts.append(f"unit {column.unit}")
    if column.means:
        parts.append(f"reads as {column.means}")
    return "  ".join(parts)


def sessions_told(opened: OpenedSessions) -> list[str]:
    """Return sessions, and why others are refused, as lines."""
    lines = [line for session in opened for line in _session_told(session)]
    return lines + [f"{name}: refused. {error}" for name, error in opened.refused.items()]


def _session_told(session: Session) -> list[str]:
    from coregulation.report.catalogue import Catalogue

    catalogue = Catalogue()
    shared = "not said" if session.shared is None else ", ".join(session.shared) or "nothing"
    counts = f"{len(session.blocks)} blocks, {len(session.marks)} marks, {len(session.exclusions)} spans left out"
    lines = [f"{session.id}: {len(session.recordings)} people; shared: {shared}; {counts}"]
    lines += [f"  {line}" for recording in session.recordings for line in _recording_told(recording)]
    lines += [f"  {_about(remark)}{catalogue.sentence(remark.counted)}" for remark in session.remarks]
    return [*lines, ""]


def _about(remark: Remark) -> str:
    whose = " ".join(word for word in (remark.person, remark.channel) if word)
    return f"{whose}: " if whose else ""


def _recording_told(recording: Recording) -> list[str]:
    role = f" ({recording.person.role})" if recording.person.role else ""
    who = f"{recording.person.id + role:<20}"
    lines = [
        f"{who}  {channel:<12} {signal.rate:g} Hz, {signal.window.start:.6g} to {signal.window.end:.6g} s, "
        f"{100 * signal.coverage:.1f} % there, in {signal.unit.symbol}; {_clock_told(recording, channel)}"
        for channel, signal in recording.signals.items()
    ]
    if recording.beats is not None:
        window = recording.beats.window
        lines.append(
            f"{who}  {'beats':<12} {len(recording.beats)} beats, {window.start:.6g} to {window.end:.6g} s; "
            f"{_clock_told(recording, 'beats')}"
        )
    return lines


def _clock_told(recording: Recording, channel: str) -> str:
    clock = recording.clock(channel)
    known = "uncertainty not stated" if clock.offset_sd is None else f"± {clock.offset_sd:g} s"
    return f"clock {clock.name}, {known}"

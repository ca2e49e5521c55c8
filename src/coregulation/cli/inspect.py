"""`coregulation inspect`: what is in a file, or what a session would be if it were read like this."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from coregulation.cli.parsing import add_command
from coregulation.cli.sources import add_sources, options_from
from coregulation.cli.words import text
from coregulation.report.text_table import Row, aligned, terminal_width, wrap

if TYPE_CHECKING:
    from coregulation.io import ColumnContents, Contents, OpenedSessions
    from coregulation.session import Recording, Session


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "inspect")
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
        print("\n".join(list_sessions(open_sessions(*args.files, options=options))))
        return
    contents = [item for name in args.files for item in inspect_file(name, options.shape)]
    lines = [line for item in contents for line in list_file(item)]
    lines += [*wrap(text("inspect.to-analyse"), terminal_width()), f"  {suggest_command(contents)}"]
    print("\n".join(lines))


def list_file(contents: Contents) -> list[str]:
    """Return a file's or sheet's contents as lines."""
    where = text("inspect.sheet", path=contents.path, sheet=contents.sheet) if contents.sheet else contents.path
    key = "inspect.file-rate" if contents.rate else "inspect.file"
    facts = {"rows": contents.rows, "line": contents.first_row, "rate": contents.rate, "columns": len(contents.columns)}
    uneven = len({(column.rate, column.rows) for column in contents.columns}) > 1
    rows = (_column_row(column, uneven) for column in contents.columns)
    width = terminal_width()
    return [*wrap(text(key, file=where, **facts), width), *aligned(rows, width), ""]


def _column_row(column: ColumnContents, uneven: bool) -> Row:
    label = f"{column.number} {column.name or text('inspect.no-name')}"
    return label, text("inspect.kind", kind=column.kind), "; ".join(_column_facts(column, uneven))


def _column_facts(column: ColumnContents, uneven: bool) -> Iterator[str]:
    if column.median is not None:
        yield text("inspect.range", least=column.least, median=column.median, most=column.most)
    if uneven:
        yield text("inspect.rows-rate" if column.rate else "inspect.rows", rows=column.rows, rate=column.rate)
    if column.missing:
        yield text("inspect.missing", count=column.missing)
    if column.unit:
        yield text("inspect.unit", unit=column.unit)
    if column.means:
        yield text("inspect.means", means=column.means)


def list_sessions(opened: OpenedSessions) -> list[str]:
    """Return sessions, and why others are refused, as lines."""
    from coregulation.report.catalogue import Catalogue

    lines = [line for session in opened for line in _session_lines(session)]
    for name, error in opened.refused.items():
        lines += wrap(text("inspect.refused", session=name, why=Catalogue().error(error)), terminal_width())
    return lines


def _session_lines(session: Session) -> list[str]:
    width = terminal_width()
    rows = [row for recording in session.recordings for row in _recording_rows(recording)]
    remarks = [line for remark in session.remarks for line in wrap(_remark(remark), width, "  ", "  ")]
    return [*wrap(_session_head(session), width), *aligned(rows, width), *remarks, ""]


def _session_head(session: Session) -> str:
    key = "not-stated" if session.shared is None else "list" if session.shared else "nothing"
    return text(
        "inspect.session",
        session=session.id,
        people=len(session.recordings),
        shared=text(f"inspect.shared-{key}", items=session.shared),
        blocks=len(session.blocks),
        marks=len(session.marks),
        exclusions=len(session.exclusions),
    )


def _remark(remark: Any) -> str:
    from coregulation.report.catalogue import Catalogue

    whose = " ".join(word for word in (remark.person, remark.channel) if word)
    sentence = Catalogue().sentence(remark.counted)
    return text("inspect.remark", whose=whose, remark=sentence) if whose else sentence


def _recording_rows(recording: Recording) -> Iterator[Row]:
    role = f" ({recording.person.role})" if recording.person.role else ""
    who = f"{recording.person.id}{role}"
    for channel, signal in recording.signals.items():
        facts = {
            "rate": signal.rate,
            "start": signal.window.start,
            "end": signal.window.end,
            "unit": signal.unit.symbol,
        }
        clock = _clock(recording, channel)
        yield who, channel, text("inspect.signal", **facts, valid=signal.coverage, clock=clock)
    if recording.beats is not None:
        window, clock = recording.beats.window, _clock(recording, "beats")
        detail = text("inspect.beats", beats=len(recording.beats), start=window.start, end=window.end, clock=clock)
        yield who, "beats", detail


def _clock(recording: Recording, channel: str) -> str:
    clock = recording.clock(channel)
    key = "inspect.clock" if clock.offset_sd is None else "inspect.clock-sd"
    return text(key, name=clock.name, sd=clock.offset_sd)

"""`coregulation beats`: a session with its beats, to look through and to correct by hand."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coregulation.cli.output import say
from coregulation.cli.parsing import add_command
from coregulation.cli.sources import add_sources, sessions_from
from coregulation.cli.words import option, text
from coregulation.errors import DataError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coregulation.session import Session

_DOUBTFUL = "doubtful.csv"


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "beats")
    add_sources(parser)
    parser.add_argument("--out", required=True, metavar="DIR", help=option("beats-out"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Write the folder."""
    from dataclasses import replace
    from pathlib import Path

    from coregulation.analysis.beat_source import FOUND_IN, with_beats
    from coregulation.io import write_session
    from coregulation.io.corrections import HEADER, NAME
    from coregulation.reasons import because
    from coregulation.session import Remark

    opened, folder = sessions_from(args), Path(args.out)
    if len(opened) != 1:
        raise UsageError(
            "There are {count:n session|sessions}. Choose one, such as --only {first}, since beats are corrected session by session.",
            count=len(opened),
            first=opened[0].id,
        )
    if (folder / NAME).exists():
        raise UsageError(
            "{value} exists already and may hold corrections. Choose another folder with --out.",
            value=folder / NAME,
        )
    recordings, sources = zip(*map(with_beats, opened[0].recordings), strict=True)
    remarks = [
        Remark(r.person.id, "beats", because(FOUND_IN[source]))
        for r, source in zip(recordings, sources, strict=True)
        if source
    ]
    session = replace(opened[0], recordings=recordings).with_remarks(*remarks)
    if all(recording.beats is None for recording in recordings):
        raise DataError(
            "No person has beats, an ECG or a pulse wave (PPG), so there are no beats to write. Record one of these channels."
        )
    path = write_session(session, folder, corrections=NAME)
    doubtful = list(_doubtful(session))
    _write(folder / NAME, [HEADER])
    _write(folder / _DOUBTFUL, ["person,time,what", *doubtful])
    say(
        text("beats.written", count=len(doubtful), session=path, doubtful=folder / _DOUBTFUL, corrections=folder / NAME)
    )
    print(f"  coregulation inspect {path}")


def _doubtful(session: Session) -> Iterator[str]:
    """Yield a line for each beat that its neighbours make implausible, as RR cleaning judges them."""
    from coregulation.physiology.cleaned_beats import clean_beats

    for recording in session.recordings:
        if recording.beats is None:
            continue
        cleaned = clean_beats(recording.beats)
        for time, artefact in zip(cleaned.beats.times.tolist(), cleaned.artefacts, strict=True):
            if artefact is not None:
                yield f"{recording.person.id},{time!r},{artefact.value}"


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")

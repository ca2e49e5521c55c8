"""A session to a folder: `session.toml` and a table for each channel, read back to the same numbers."""

from __future__ import annotations

import csv
import datetime
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import tomli_w

from coregulation.clock import Clock
from coregulation.errors import DataError
from coregulation.io.manifest import MANIFEST
from coregulation.io.manifest_structure import (
    BlockText,
    ClockText,
    ConsentText,
    ExcludeText,
    FileText,
    Manifest,
    MarkText,
    PersonText,
    RatingText,
    RemarkText,
    TurnsText,
)
from coregulation.session import Recording, Remark, Session
from coregulation.signals import Beats, Signal

_TURNS = "turns.csv"


def write_session(
    session: Session,
    directory: str | Path,
    corrections: str | None = None,
    consents: Sequence[Mapping[str, object]] = (),
) -> Path:
    """Write a session into a folder, as a manifest and a table for each channel.

    Numbers are written to their last digit. The files are called by number, never by a person's name.

    Parameters
    ----------
    session
        The session.
    directory
        The folder, which is made if need be.
    corrections
        The name of a table of corrections in that folder, to be applied whenever the session is read; None is none.
    consents
        What people agreed to, each by the keys of a manifest's `[[consent]]`.

    Returns
    -------
    Path
        Of the manifest.

    Raises
    ------
    DataError
        If the folder cannot be written to.
    """
    folder = Path(directory)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        people = [_person(recording, number, folder) for number, recording in enumerate(session.recordings, 1)]
        path = folder / MANIFEST
        _write_turns(session, folder)
        agreed = [msgspec.convert(consent, ConsentText) for consent in consents]
        manifest = msgspec.structs.replace(_manifest(session, people, corrections), consent=agreed)
        path.write_text(manifest_toml(manifest), encoding="utf-8", newline="\n")
    except OSError as error:
        raise DataError(
            "{folder}: the session could not be written here ({strerror}).",
            folder=str(folder),
            strerror=error.strerror,
        ) from error
    return path


def manifest_toml(manifest: Manifest) -> str:
    """Write a manifest as TOML, without keys that are empty.

    Parameters
    ----------
    manifest
        What shall stand in it.

    Returns
    -------
    str
        The text of a `session.toml`.
    """
    return tomli_w.dumps(_filled(msgspec.to_builtins(manifest, builtin_types=(datetime.date, datetime.datetime))))


def _manifest(session: Session, people: Sequence[PersonText], corrections: str | None) -> Manifest:
    return Manifest(
        id=session.id,
        task=session.task,
        date=session.date,
        setting=session.setting,
        shared=None if session.shared is None else list(session.shared),
        simulated=session.simulated,
        corrections=corrections,
        turns=TurnsText(path=_TURNS) if session.turns else None,
        person=list(people),
        block=[
            BlockText(
                kind=block.kind,
                start=block.start,
                end=block.end,
                perturbed=list(block.perturbed),
                dose=block.dose,
                present=list(block.present),
                cues=dict(block.cues),
                partner=block.partner,  # type: ignore[arg-type]
                guide=block.guide,
            )
            for block in session.blocks
        ],
        mark=[MarkText(time=m.time, label=m.label, person=m.person, by_hand=m.by_hand) for m in session.marks],
        rating=[RatingText(time=r.time, person=r.person, item=r.item, value=r.value) for r in session.ratings],
        exclude=[ExcludeText(start=e.start, end=e.end, why=e.why, person=e.person) for e in session.exclusions],
        remark=[
            RemarkText(person=r.person, channel=r.channel, code=r.code, facts=_facts(r), count=r.count)
            for r in session.remarks
        ],
    )


def _write_turns(session: Session, folder: Path) -> None:
    if session.turns:
        with (folder / _TURNS).open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(["person", "start", "end"])
            table.writerows([turn.person, repr(turn.start), repr(turn.end)] for turn in session.turns)


def _facts(remark: Remark) -> dict[str, Any]:
    return {name: fact for name, fact in remark.reason.facts.items() if isinstance(fact, str | int | float)}


def _person(recording: Recording, number: int, folder: Path) -> PersonText:
    files = [
        _signal(signal, channel, recording.clock(channel), folder / f"{number}-{order}.csv")
        for order, (channel, signal) in enumerate(recording.signals.items(), 1)
    ]
    if recording.beats is not None:
        files.append(_beats(recording.beats, recording.clock("beats"), folder / f"{number}-beats.csv"))
    return PersonText(id=recording.person.id, role=recording.person.role, file=files)


def _signal(signal: Signal, channel: str, clock: Clock, path: Path) -> FileText:
    cells = ("n/a" if math.isnan(value) else repr(value) for value in signal.values.tolist())
    path.write_text("\n".join(["value", *cells]) + "\n", encoding="utf-8", newline="\n")
    return FileText(
        path=path.name,
        channel=channel,
        unit=signal.unit.symbol,
        column=0,
        rate=signal.rate,
        start=signal.start,
        clock=_clock(clock),
    )


def _beats(beats: Beats, clock: Clock, path: Path) -> FileText:
    rows = np.stack([beats.times, np.asarray(beats.ok, float), np.asarray(beats.breaks, float)], axis=1)
    cells = [f"{time!r},{ok:g},{broken:g}" for time, ok, broken in rows.tolist()]
    path.write_text("\n".join(["time_s,ok,breaks", *cells]) + "\n", encoding="utf-8", newline="\n")
    return FileText(path=path.name, channel="beats", unit="s", column=0, ok="ok", breaks="breaks", clock=_clock(clock))


def _clock(clock: Clock) -> ClockText:
    return ClockText(
        offset=clock.offset,
        offset_sd=clock.offset_sd,
        drift_ppm=clock.drift_ppm,
        drift_sd_ppm=clock.drift_sd_ppm,
        name=clock.name,
        applied=True,
    )


def _filled(tree: object) -> Any:
    """Return what TOML can hold: without what is empty or None; an empty `shared` says that nothing was shared."""
    if isinstance(tree, dict):
        filled = {name: _filled(value) for name, value in tree.items() if value is not None}
        return {name: value for name, value in filled.items() if value not in ({}, []) or name == "shared"}
    return [_filled(value) for value in tree] if isinstance(tree, list) else tree

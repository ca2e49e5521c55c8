"""What a session was for the people who were there, before any analysis: their hearts by parts, their words, their marks, what may come next.

Of another person there is only what the reader's rights give; see `coregulation.live.room.policy`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coregulation.errors import DataError
from coregulation.events import Block
from coregulation.live.room.comparison import CHANGE, LEFT_OUT, UNCONFIRMED
from coregulation.live.room.policy import Right, SessionRights
from coregulation.live.room.practice import protocol
from coregulation.live.room.state import KeptBlock, RoomState
from coregulation.live.server.coin_outcome import coin_outcome
from coregulation.live.server.session_export import export_session, revealed
from coregulation.session import Session
from coregulation.signals import Floats, Signal
from coregulation.store import Store

BIN = 5.0  # s of heart rate in one point of a curve
COMPARISON, UNTASKED = "quarter-hour", "as-it-is"  # what is offered next; the second where tasks are not for everybody

# what a kind of block is called on the page: keys of its words
PARTS: Mapping[str, str] = {
    "alone-rest": "apart", "perturb-alone": "task-apart", "recover-alone": "return-apart", "together-rest": "together", "practice": "together",
    "talk": "together", "perturb-together": "task-together", "recover-together": "return-together", "settle": "settle",
}  # fmt: skip


PARTS_OF_ONE: Mapping[str, str] = {
    "alone-rest": "before",
    "practice": "practice",
    "settle": "settle",
}  # nobody else is there


def own_minutes(store: Store, name: str, room: RoomState, rights: SessionRights) -> dict[str, Any]:
    """Return what a reader's first screen of a session shows.

    Parameters
    ----------
    store
        Where it is kept.
    name
        Of the session.
    room
        As it was.
    rights
        Of the reader's device.

    Returns
    -------
    dict
        `people` (curve, means by part, words, ratings, signs), `parts`, `several` (whether there were others), `marks`, `kept`, `next`.
    """
    blocks = [block for block in room.blocks if block.end is not None and block.kind != CHANGE]
    rates = _heart_rates(store, name, room, rights.people_for(Right.ANSWERS))
    called = PARTS if len(room.seats) > 1 else PARTS_OF_ONE
    people = [_person(room, person, rates.get(person), blocks, rights) for person in rights.people]
    shown = {who for who in rights.people if rights.may(Right.ANSWERS, who) or rights.may(Right.HALF, who)}
    return {
        "session": name,
        "people": [person for person in people if person],
        "parts": parts_of(blocks, called),
        "several": len(room.seats) > 1,
        "marks": [{"at": at, "label": label, "person": who} for at, label, who in room.marks if who is None or who in shown],
        "kept": [who for who in rights.people if "keep" in room.seats[who].purposes],
        "simulated": room.setup.simulated,
        "next": _next(room),
        "coin": coin_outcome(store, name, room, rights),
    }  # fmt: skip


def parts_of(blocks: Sequence[Block | KeptBlock], called: Mapping[str, str] = PARTS) -> list[dict[str, Any]]:
    """Return the parts of a session as a page shades them."""
    return [{"part": _part_of(block, called), "start": block.start, "end": block.end} for block in blocks]


def _part_of(block: Block | KeptBlock, called: Mapping[str, str]) -> str:
    return "other" if block.kind.startswith((UNCONFIRMED, LEFT_OUT)) else called.get(block.kind, "other")


def _heart_rates(store: Store, name: str, room: RoomState, readable: Sequence[str]) -> dict[str, Signal]:
    """Return the heart rate of everybody whom the reader may read and of whom there are beats."""
    try:
        return heart_rates(export_session(store, name, room, list(readable)))
    except DataError:  # nothing was recorded: there are words all the same
        return {}


def heart_rates(session: Session) -> dict[str, Signal]:
    """Return the heart rate, in 1/min, of everybody in a session of whom there are beats."""
    from coregulation.analysis.beat_source import select_beats
    from coregulation.physiology.heart_rate import compute_heart_rate
    from coregulation.physiology.level_beats import level_beats

    series_of = {recording.person.id: select_beats(recording, session) for recording in session.recordings}
    return {
        who: compute_heart_rate(level_beats(series.cleaned))
        for who, series in series_of.items()
        if series is not None and len(series.cleaned.beats) > 1
    }


def _person(
    room: RoomState, person: str, rate: Signal | None, blocks: Sequence[KeptBlock], rights: SessionRights
) -> dict[str, Any] | None:
    """Return one person's part of the screen; None where it has nothing for this reader."""
    private = rights.may(Right.HALF, person)
    words = room.seats[person].words if private or (revealed(room) and rights.may(Right.WORDS, person)) else None
    if rate is None and words is None and not private:
        return None
    return {
        "person": person,
        **heart_of(rate, blocks, PARTS if len(room.seats) > 1 else PARTS_OF_ONE),
        "private": private and not revealed(room),
        "words": None if words is None else words.text,
        "ratings": {} if words is None else words.ratings,
        "signs": [] if words is None else words.signs,
    }


def heart_of(
    rate: Signal | None, blocks: Sequence[Block | KeptBlock], called: Mapping[str, str] = PARTS
) -> dict[str, Any]:
    """Return a heart as a page draws and tells it: its curve, and its mean in each part."""
    return {
        "curve": [] if rate is None else curve_of(rate),
        "means": {} if rate is None else _means(rate, blocks, called),
    }


def curve_of(signal: Signal, width: float = BIN) -> list[tuple[float, float | None]]:
    """Return a signal in bins: middle in session s, and mean in its unit or None where nothing is known.

    Parameters
    ----------
    signal
        In any unit.
    width
        Of a bin, s.

    Returns
    -------
    list of tuple
        As a page draws them.
    """
    size = max(1, round(width * signal.rate))
    chunks = [signal.values[at : at + size] for at in range(0, len(signal.values), size)]
    return [
        (round(signal.start + (at + 0.5) * size / signal.rate, 2), _mean(chunk)) for at, chunk in enumerate(chunks)
    ]  # fmt: skip


def _mean(values: Floats) -> float | None:
    """Return a mean to three digits or one decimal, whatever is more; None where nothing is known."""
    if not np.isfinite(values).any():
        return None
    mean = float(np.nanmean(values))
    return round(mean, 1) if abs(mean) >= 10 else float(f"{mean:.3g}")


def _means(rate: Signal, blocks: Sequence[Block | KeptBlock], called: Mapping[str, str]) -> dict[str, float]:
    """Return the mean heart rate, in 1/min, of each part that has any."""
    times = rate.start + np.arange(len(rate.values)) / rate.rate
    inside: dict[str, np.ndarray] = {}
    for block in blocks:
        assert block.end is not None
        within = (times >= block.start) & (times < block.end)
        part = _part_of(block, called)
        inside[part] = inside.get(part, np.zeros(len(times), bool)) | within
    known = {part: rate.values[within & np.isfinite(rate.values)] for part, within in inside.items() if part != "other"}
    return {part: round(float(values.mean()), 1) for part, values in known.items() if len(values)}


def _next(room: RoomState) -> dict[str, Any]:
    """Return what to do next: change places, or compare; without tasks where a child is among them, or they are not two."""
    people = list(room.seats)
    if len(people) == 1:
        return {"what": "alone", "helper": None, "people": people, "why": "alone"}
    if len(people) != 2 or any(guest.child for guest in room.setup.people):
        return {"what": UNTASKED, "helper": None, "people": people, "why": "untasked"}
    design = room.setup.protocol and protocol(room.setup.protocol)
    helper = room.setup.helper
    if design and design.one_tasked and helper in people:
        other = next(person for person in people if person != helper)
        return {"what": design.id, "helper": other, "people": people, "why": "places"}
    return {"what": COMPARISON, "helper": None, "people": people, "why": "compare"}

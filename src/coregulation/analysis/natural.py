"""Natural mode for sessions: which signal stands for arousal, what must not count as an own rise, and the answer of a pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.analysis.beat_source import BeatSeries
from coregulation.analysis.body_inputs import select_body_inputs
from coregulation.analysis.guides import without_guided
from coregulation.analysis.natural_events import event_courses
from coregulation.analysis.preprocessing import extract_signal
from coregulation.analysis.regulation import arousal_signals, bin_means
from coregulation.analysis.speech import find_speech
from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.physiology.motion import CHEST, movement_threshold
from coregulation.physiology.speech import AFTER, merge_spans
from coregulation.reasons import Reason, reason_of
from coregulation.regulation.natural.answer import NaturalDirection, ask_natural
from coregulation.regulation.natural.controls import MIN_SHIFTS
from coregulation.regulation.natural.event_locked import EventResponse, event_responses
from coregulation.regulation.natural.levels import PairLevels, own_level
from coregulation.session import Recording, Session
from coregulation.signals import Bools, Floats, Signal, Window

RATE = 1.0
"""Hz at most of the grid of levels."""
ORDER = ("A", "B")
"""What the first and the second person of each pair are called where no roles were stated."""
_PERTURBED = "perturb"  # blocks that begin so are declared stressors
_ALONE = "alone"  # in the name of a block: somebody was not with the other


@dataclass(frozen=True, slots=True, eq=False)
class NaturalFinding:
    """What natural mode says of a pair.

    Parameters
    ----------
    people
        In the session's order.
    index
        What stands for arousal.
    directions
        From the second to the first person, and from the first to the second; () where refused.
    sessions
        Ids of the sessions.
    stand_in
        Whether the index is no measure of arousal, such as movement.
    refused
        Why nothing could be asked; None where it could.
    preceding
        How levels changed after each kind of event, as description.
    """

    people: tuple[str, str]
    index: str
    directions: tuple[NaturalDirection, ...]
    sessions: tuple[str, ...]
    stand_in: bool = False
    refused: Reason | None = None
    preceding: tuple[EventResponse, ...] = ()

    @property
    def is_shown(self) -> bool:
        """Whether an effect was computed in a direction."""
        return any(direction.is_shown for direction in self.directions)


@dataclass(frozen=True, slots=True)
class NaturalAnalysis:
    """How natural mode is answered: an algorithm as a value.

    Parameters
    ----------
    shifts
        How often the giver's course is moved.
    channel
        A channel that stands in for arousal; None: arousal, else heart rate.

    Raises
    ------
    UsageError
        If fewer than 99 moves are asked for.
    """

    shifts: int = 999
    channel: str | None = None

    def __post_init__(self) -> None:
        if self.shifts < MIN_SHIFTS:
            raise UsageError(
                "At least {needed} shifts are needed for a p worth printing; {shifts} came.",
                needed=MIN_SHIFTS, shifts=self.shifts,
            )  # fmt: skip

    def __call__(
        self,
        sessions: Sequence[Session],
        rng: np.random.Generator,
        hearts: Mapping[str, BeatSeries | None] | None = None,
    ) -> NaturalFinding | None:
        """Answer for a pair over one session or several.

        Parameters
        ----------
        sessions
            Of the same two people.
        rng
            For the moves.
        hearts
            By person, where the beats of the one session were judged already.

        Returns
        -------
        NaturalFinding or None
            None where there are not two people, or no signal stands for arousal.

        Raises
        ------
        UsageError
            If there is no session, or sessions are of different people.
        """
        if not sessions:
            raise UsageError("Name at least one session.")
        if any(len(session.recordings) != 2 for session in sessions):
            return None
        pairs = {frozenset(person.id for person in session.people) for session in sessions}
        if len(pairs) > 1:
            raise UsageError("These sessions are of different people; pool the sessions of each pair by themselves.")
        first, second = (person.id for person in sessions[0].people)
        ordered = [(session, (first, second)) for session in sessions]
        return self.pooled(ordered, (first, second), rng, hearts)

    def pooled(
        self, ordered: Sequence[tuple[Session, tuple[str, str]]], names: tuple[str, str], rng: np.random.Generator,
        hearts: Mapping[str, BeatSeries | None] | None = None,
    ) -> NaturalFinding:  # fmt: skip
        """Answer over sessions whose two people are put in an order.

        Parameters
        ----------
        ordered
            Each session with the ids of its first and second person.
        names
            What the first and the second are called.
        rng
            For the moves.
        hearts
            As above.

        Returns
        -------
        NaturalFinding
            With `refused` where no signal stands for arousal.
        """
        ids = tuple(session.id for session, _ in ordered)
        try:
            each = [pair_levels(session, people, self.channel, hearts) for session, people in ordered]
        except CoregulationError as error:
            return NaturalFinding(names, "", (), ids, self.channel is not None, reason_of(error))
        levels = [replace(item, people=names) for _, item in each]
        shared = any(session.shared for session, _ in ordered)
        directions = ask_natural(levels, rng, shifts=self.shifts, shared=shared)
        courses = [
            event_courses(session, people, item) for (session, people), (_, item) in zip(ordered, each, strict=True)
        ]
        events = {name: [course[k] for course in courses] for k, name in enumerate(names)}
        preceding = event_responses(events, rng, shifts=self.shifts)
        return NaturalFinding(names, each[0][0], directions, ids, self.channel is not None, None, preceding)


def pair_levels(
    session: Session, people: tuple[str, str], channel: str | None = None,
    hearts: Mapping[str, BeatSeries | None] | None = None,
) -> tuple[str, PairLevels]:  # fmt: skip
    """Take the levels of two people from a session, without guided spans and without time alone.

    Parameters
    ----------
    session
        With both people.
    people
        In which order.
    channel
        That stands in for arousal; None: arousal, else heart rate.
    hearts
        By person, where beats were judged already.

    Returns
    -------
    tuple
        What stands for arousal, and the levels.

    Raises
    ------
    DataError
        If no signal stands for arousal, or the two have no time in common.
    """
    together = without_guided(session)[0]
    name, signals = (
        arousal_signals(together, hearts or {}) if channel is None else (channel, _stand_ins(session, channel))
    )
    if any(person not in signals for person in people):
        raise DataError("One of the two has no signal that stands for arousal. Give each a chest strap.")
    rate = min(RATE, *(signal.rate for signal in signals.values()))
    binned = [bin_means(_together(signals[person], session), rate) for person in people]
    if np.array_equal(binned[0].values, binned[1].values, equal_nan=True):
        raise DataError("Both people have the same values: one column was copied into the other's. Check the files.")
    start, levels = _aligned([own_level(signal) for signal in binned])
    times = start + np.arange(levels.shape[1]) / rate
    speech = find_speech(session)
    spans = [_driving(session.of(person), session, speech, own_channel=channel) for person in people]
    driven = np.stack([_within(times, part) for part, _ in spans])
    events = np.stack([_declared(times, session, person, rate) for person in people])
    return name, PairLevels(people, start, rate, levels, driven, events, all(known for _, known in spans))


def _stand_ins(session: Session, channel: str) -> dict[str, Signal]:
    return {
        r.person.id: extract_signal(r, channel, RATE, session) for r in session.recordings if channel in r.signals
    }  # fmt: skip


def _together(signal: Signal, session: Session) -> Signal:
    """Return a signal without the spans in which a block says that not both were there."""
    people = {person.id for person in session.people}
    for block in session.blocks:
        if (block.present and not people <= set(block.present)) or _ALONE in block.kind.lower():
            signal = signal.without(block.window)
    return signal


def _aligned(signals: Sequence[Signal]) -> tuple[float, Floats]:
    """Return the start of the common time and both signals in it, shape (2, samples)."""
    rate = signals[0].rate
    start = max(signal.start for signal in signals)
    end = min(signal.window.end for signal in signals)
    count = round((end - start) * rate)
    if count <= 0:
        raise DataError("The two people's signals have no time in common. Check their clocks.")
    skips = [round((start - signal.start) * rate) for signal in signals]
    return start, np.stack([s.values[skip : skip + count] for s, skip in zip(signals, skips, strict=True)])


def _driving(
    recording: Recording, session: Session, speech: Mapping[str, Sequence[Window]], own_channel: str | None
) -> tuple[tuple[Window, ...], bool]:
    """Return when a person speaks or moves, and whether it is known when they spoke."""
    talk = speech.get(recording.person.id)
    moving = None if own_channel is not None else _moving(recording, session)
    spans = [*merge_spans(talk or (), AFTER), *(moving or ())]
    return merge_spans(spans), talk is not None


def _moving(recording: Recording, session: Session) -> tuple[Window, ...] | None:
    """Return when a person moves; None where it was not recorded."""
    if not {"motion", *CHEST} & set(recording.signals):
        return None
    inputs = select_body_inputs(recording, session, None)
    motion = inputs.channels.get("motion")
    if not isinstance(motion, Signal):
        return None
    threshold = inputs.moving if inputs.moving is not None else movement_threshold(motion, motion.window)
    if threshold is None:
        return None
    each = bin_means(motion, RATE)
    half = 0.5 / each.rate
    return tuple(Window(t - half, t + half) for t in each.times[each.values > threshold])


def _declared(times: Floats, session: Session, person: str, rate: float) -> Bools:
    """Return when something was declared to happen to a person: a mark, or a stressor of a block."""
    out = np.zeros(len(times), dtype=bool)
    for mark in session.marks:
        if not mark.by_hand and mark.person in (None, person):
            out |= np.abs(times - mark.time) <= 0.5 / rate
    for block in session.blocks:
        if person in block.perturbed or (block.kind.lower().startswith(_PERTURBED) and not block.perturbed):
            out |= (times >= block.start) & (times < block.end)
    return out


def _within(times: Floats, spans: Sequence[Window]) -> Bools:
    out = np.zeros(len(times), dtype=bool)
    for span in spans:
        out[slice(*np.searchsorted(times, (span.start, span.end)))] = True
    return out


def pool_pairs(sessions: Sequence[Session], analysis: NaturalAnalysis, seed: int = 0) -> Iterator[NaturalFinding]:
    """Answer for each pair over all its sessions.

    Parameters
    ----------
    sessions
        Of one pair or of several.
    analysis
        How it is answered.
    seed
        Of everything random.

    Yields
    ------
    NaturalFinding
        Of each pair, in the order of its first session.
    """
    pairs: dict[frozenset[str], list[Session]] = {}
    for session in sessions:
        pairs.setdefault(frozenset(person.id for person in session.people), []).append(session)
    for own in pairs.values():
        finding = analysis(own, np.random.default_rng(seed))
        if finding is not None:
            yield finding


def pool_study(sessions: Sequence[Session], analysis: NaturalAnalysis, seed: int = 0) -> NaturalFinding | None:
    """Answer over all pairs of a study together.

    Where every session has the same two roles, these say who is who, else the order of the people does.

    Parameters
    ----------
    sessions
        Of at least two pairs.
    analysis
        How it is answered.
    seed
        Of everything random.

    Returns
    -------
    NaturalFinding or None
        Of the two roles, or of "A" and "B"; None of a single pair.
    """
    both = [session for session in sessions if len(session.recordings) == 2]
    if len({frozenset(person.id for person in session.people) for session in both}) < 2:
        return None
    roles = {tuple(sorted(str(person.role) for person in session.people)) for session in both}
    known = len(roles) == 1 and len(set(next(iter(roles)))) == 2
    names = next(iter(roles)) if known else ORDER
    ordered = [(session, _in_order(session, names if known else None)) for session in both]
    return analysis.pooled(ordered, (names[0], names[1]), np.random.default_rng(seed))


def _in_order(session: Session, roles: Sequence[str] | None) -> tuple[str, str]:
    people = session.people
    first, second = people if roles is None else sorted(people, key=lambda person: roles.index(str(person.role)))
    return first.id, second.id

"""A session: one person or more, what was recorded of each, one clock, blocks and marks.

A recording, a simulated pair and a live session that was kept are the same thing.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from coregulation.clock import Clock
from coregulation.errors import DataError, UsageError, nearest_names
from coregulation.events import Block, Exclusion, Mark, Rating, Turn
from coregulation.reasons import Reason, ReasonCode
from coregulation.signals import Beats, Signal, Window, rebuilt


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the session.

    Parameters
    ----------
    id
        A pseudonym, unique in the session.
    role
        Such as "therapist" or "client"; None: not stated. Pseudo-dyads replace a partner by somebody of the same
        role.

    Raises
    ------
    UsageError
        If `id` is blank.
    """

    id: str
    role: str | None = None

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise UsageError("A person needs a name (a pseudonym will do).")


class RecordingRemark(ReasonCode):
    """Codes of remarks on a recording that whoever made or kept it can tell."""

    NOTED = "recording.noted", "text"  # in the words of an earlier version
    FOUND_IN_PPG = "beats.found-in-ppg"  # the beats are pulses, so they give PRV
    FOUND_IN_ECG = "beats.found-in-ecg"
    PACKETS_UNREADABLE = "recording.packets-unreadable", "count"  # packets
    SYNTHETIC_RR = "recording.synthetic-rr"
    CLOCK_SET = "recording.clock-set", "count"  # times that the device's clock was set
    SIGNAL_LOST = "recording.signal-lost", "length", "count"  # s in all; gaps


FOUND_IN_PPG, FOUND_IN_ECG = RecordingRemark.FOUND_IN_PPG, RecordingRemark.FOUND_IN_ECG


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a reader did or noticed, stated and counted: rows left out, a duplicate stamp, a gap.

    Parameters
    ----------
    person, channel
        Whose signal it is about.
    reason
        What it is: a code and its facts, without the count.
    count
        How often.
    """

    person: str
    channel: str
    reason: Reason
    count: int = 1

    @property
    def code(self) -> str:
        """What it is, as a code."""
        return self.reason.code

    @property
    def counted(self) -> Reason:
        """The reason with the count among its facts, as the catalogue needs it."""
        return Reason(self.reason.code, {**self.reason.facts, "count": self.count})


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded of one person.

    Parameters
    ----------
    person
        Whom it is of.
    signals
        Regularly sampled signals by name of their channel.
    beats
        Beat times where a device gave beats or RR intervals; None without. Beats in an ECG or a PPG are found later.
    clocks
        By name of a channel, the clock of the device that recorded it. A channel without one counts as on the
        session's time with an unknown uncertainty.
    """

    person: Person
    signals: Mapping[str, Signal] = field(default_factory=dict)
    beats: Beats | None = None
    clocks: Mapping[str, Clock] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "signals", MappingProxyType(dict(self.signals)))
        object.__setattr__(self, "clocks", MappingProxyType(dict(self.clocks)))

    __reduce__ = rebuilt

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of what is there; "beats" stands for beats and the RR intervals between them."""
        return (*self.signals, *(("beats",) if self.beats is not None else ()))

    def clock(self, channel: str) -> Clock:
        """Return the clock a channel was recorded on.

        Parameters
        ----------
        channel
            Name of the channel.

        Returns
        -------
        Clock
            Offset in s and drift in ppm; one with an unknown uncertainty where none was stated.
        """
        return self.clocks.get(channel, Clock())


@dataclass(frozen=True, slots=True)
class Session:
    """Recordings of one person or more on one clock.

    Questions about two people need at least two recordings.

    Parameters
    ----------
    id
        A name for the session, free of anybody's real name.
    recordings
        One per person; ids are distinct.
    marks
        Labelled instants.
    blocks
        Labelled spans. Those of different kinds may nest, those of one kind may not overlap.
    ratings
        Answers of the people to items.
    exclusions
        Spans that no analysis uses.
    remarks
        What readers left out or noticed, so that a report can tell it.
    shared
        What everybody got at once ("music", "film", "script", "pacer"); () is "nothing", None is
        "nobody said".
    setting
        Where it took place; None where nobody said.
    task
        What the people did; None where nobody said.
    date
        Day of the recording; None where nobody said.
    simulated
        Whether a simulator made the signals; every report then says so.
    turns
        Who spoke when; () is that nobody spoke, None that it is not known.

    Raises
    ------
    DataError
        If a person comes twice, or a mark, rating, block or exclusion names somebody unknown, or two
        blocks of one kind overlap.
    """

    id: str
    recordings: tuple[Recording, ...]
    marks: tuple[Mark, ...] = ()
    blocks: tuple[Block, ...] = ()
    ratings: tuple[Rating, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    remarks: tuple[Remark, ...] = ()
    shared: tuple[str, ...] | None = None
    setting: str | None = None
    task: str | None = None
    date: datetime.date | None = None
    simulated: bool = False
    turns: tuple[Turn, ...] | None = None

    def __post_init__(self) -> None:
        names = [recording.person.id for recording in self.recordings]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise DataError(
                "Each person has one recording; {known} came more than once.", known=", ".join(sorted(twice))
            )
        self._check_names(set(names))
        self._check_blocks()

    def _check_names(self, known: set[str]) -> None:
        named = [(mark.person, "a mark") for mark in self.marks]
        named += [(item.person, "an exclusion") for item in self.exclusions]
        named += [(item.person, "a turn of speech") for item in self.turns or ()]
        named += [(item.person, "a rating") for item in self.ratings]
        named += [(who, f"block {b.kind!r}") for b in self.blocks for who in (*b.perturbed, *b.present)]
        for who, where in named:
            if who is not None and who not in known:
                raise DataError(
                    "{where} names {who!r}; the people here are {known}.",
                    where=where,
                    who=who,
                    known=", ".join(sorted(known)),
                )

    def _check_blocks(self) -> None:
        for a, b in itertools.combinations(sorted(self.blocks, key=lambda block: block.start), 2):
            if a.kind == b.kind and b.start < a.end:
                raise DataError(
                    "Two blocks {kind!r} overlap ({start:g}–{end:g} s and {start2:g}–{end2:g} s); blocks of "
                    "different kinds may nest, blocks of one kind may not overlap.",
                    kind=a.kind,
                    start=a.start,
                    end=a.end,
                    start2=b.start,
                    end2=b.end,
                )

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody, in the order given."""
        return tuple(recording.person for recording in self.recordings)

    def of(self, person: str) -> Recording:
        """Return one person's recording.

        Parameters
        ----------
        person
            Id of the person.

        Returns
        -------
        Recording
            What was recorded of them.

        Raises
        ------
        UsageError
            If there is no such person.
        """
        for recording in self.recordings:
            if recording.person.id == person:
                return recording
        raise UsageError(
            "There is no person {person!r} here. Did you mean {near:or}?",
            person=person,
            near=nearest_names(person, [p.id for p in self.people]),
        )

    def pairs(self) -> Iterator[tuple[Recording, Recording]]:
        """Yield every pair once, in order."""
        return itertools.combinations(self.recordings, 2)

    def excluded(self, person: str) -> tuple[Window, ...]:
        """Return the spans that do not count for one person.

        Parameters
        ----------
        person
            Id of the person.

        Returns
        -------
        tuple of Window
            In session time (s), their own and those of everybody.
        """
        return tuple(Window(e.start, e.end) for e in self.exclusions if e.person in (None, person))

    def speech(self, person: str) -> tuple[Window, ...] | None:
        """Return the spans in which one person speaks, in order of time and possibly overlapping; None where it is not known."""
        if self.turns is None:
            return None
        own = [turn.window for turn in self.turns if turn.person == person]
        return tuple(sorted(own, key=lambda span: span.start))

    def with_remarks(self, *remarks: Remark) -> Session:
        """Return the session with more remarks."""
        return replace(self, remarks=self.remarks + remarks)

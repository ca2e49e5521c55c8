"""What happens in a session, labelled: instants, spans, answers to questions, and spans that do not count."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from coregulation.errors import DataError
from coregulation.signals import Window, rebuilt


def _check_instant(what: str, time: float) -> None:
    if not math.isfinite(time):
        raise DataError(
            "{what} needs a finite time in s; {time} came.",
            what=what,
            time=time,
        )


def _check_span(what: str, start: float, end: float) -> None:
    if not (math.isfinite(start) and math.isfinite(end) and start < end):
        raise DataError(
            "{what} needs start < end; {start:g} and {end:g} s came.",
            what=what,
            start=start,
            end=end,
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """An instant with a label.

    Parameters
    ----------
    time
        Session time, in s.
    label
        What happened then, in free words.
    person
        Id of the person whom it is about; None: everybody.
    by_hand
        Whether it records a correction of beats that somebody made by hand.

    Raises
    ------
    DataError
        If the time is not finite.
    """

    time: float
    label: str
    person: str | None = None
    by_hand: bool = False

    def __post_init__(self) -> None:
        _check_instant("A mark", self.time)


@dataclass(frozen=True, slots=True)
class Block:
    """A labelled span of the session.

    The analysis of regulation knows "alone-rest", "together-rest", "perturb-alone", "perturb-together",
    "recover-alone" and "recover-together". Any other name is allowed.

    Parameters
    ----------
    kind
        Name of the block.
    start
        Session time of its beginning, in s.
    end
        Session time of its end, in s.
    perturbed
        Ids of the people whom a stressor was given to.
    dose
        Size of the stressor in the study's own unit; None where it is not known.
    present
        Ids of the people who were there; () means everybody.
    cues
        By name of a cue channel such as "voice": whether it was open between the people.
    partner
        "live", "recorded", "delayed", "animal" or "imagined"; None means live.
    guide
        What all followed, such as a breathing pacer. Arousal then leaves out breathing rate and RSA. None: nothing.

    Raises
    ------
    DataError
        If a time is not finite, or `end` is not after `start`.
    """

    kind: str
    start: float
    end: float
    perturbed: tuple[str, ...] = ()
    dose: float | None = None
    present: tuple[str, ...] = ()
    cues: Mapping[str, bool] = field(default_factory=dict)
    partner: str | None = None
    guide: str | None = None

    def __post_init__(self) -> None:
        _check_span(f"The block {self.kind!r}", self.start, self.end)
        object.__setattr__(self, "cues", MappingProxyType(dict(self.cues)))

    __reduce__ = rebuilt

    @property
    def window(self) -> Window:
        """The span as a window."""
        return Window(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Rating:
    """A number that a person gave for an item.

    Parameters
    ----------
    time
        Session time, in s.
    person
        Id of the person who answered.
    item
        Name of the question.
    value
        The answer, on the item's own scale.

    Raises
    ------
    DataError
        If the time or the value is not finite.
    """

    time: float
    person: str
    item: str
    value: float

    def __post_init__(self) -> None:
        _check_instant("A rating", self.time)
        if not math.isfinite(self.value):
            raise DataError(
                "The rating {item!r} needs a finite number; {value} came.", item=self.item, value=self.value
            )


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A span that no analysis uses.

    Parameters
    ----------
    start
        Session time of its beginning, in s.
    end
        Session time of its end, in s.
    why
        The reason, in free words.
    person
        Id of the person whose data are left out; None: everybody's.

    Raises
    ------
    DataError
        If a time is not finite, or `end` is not after `start`.
    """

    start: float
    end: float
    why: str
    person: str | None = None

    def __post_init__(self) -> None:
        _check_span("An exclusion", self.start, self.end)


@dataclass(frozen=True, slots=True)
class Turn:
    """A span in which a person speaks; turns may overlap.

    Parameters
    ----------
    person
        Id of the person who speaks.
    start
        Session time of its beginning, in s.
    end
        Session time of its end, in s.

    Raises
    ------
    DataError
        If a time is not finite, or `end` is not after `start`.
    """

    person: str
    start: float
    end: float

    def __post_init__(self) -> None:
        _check_span("A turn of speech", self.start, self.end)

    @property
    def window(self) -> Window:
        """The span as a window."""
        return Window(self.start, self.end)

    @property
    def length(self) -> float:
        """Length in s."""
        return self.end - self.start

"""What was done, when, to whom and in whose company: all that a session's blocks say, checked once.

What a design can tell is decided here and nowhere else; a refusal says what would settle it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.events import Block
from coregulation.reasons import Reason, because
from coregulation.regulation.reason_codes import Refusal, Settle
from coregulation.session import Session
from coregulation.signals import Bools, Floats, Window

ALONE = ("alone-rest", "perturb-alone", "recover-alone")
TOGETHER = ("together-rest", "perturb-together", "recover-together", "practice", "settle", "talk")
_LIVE = "live"


class UnidentifiedError(DataError):
    """The design cannot answer the question, whatever was measured.

    Parameters
    ----------
    template
        The message, with its advice.
    reason
        Why, as a code with facts, which also fill the message.
    settle
        What would settle it.
    """

    def __init__(self, template: str, /, reason: Reason, settle: Reason) -> None:
        super().__init__(template, **reason.facts)
        self.reason = reason
        self.settle = settle

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.template, self.reason, self.settle)


class NotConvergedError(CoregulationError):
    """No maximum of the likelihood was found, or no spread around it; there is no estimate.

    Parameters
    ----------
    template
        The message.
    reason
        Why, as a code with facts, which also fill the message.
    """

    def __init__(self, template: str, /, reason: Reason) -> None:
        super().__init__(template, **reason.facts)
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.template, self.reason)


@dataclass(frozen=True, slots=True)
class DesignSpan:
    """A span of one condition.

    Parameters
    ----------
    start
        Session time, s.
    end
        Session time, s.
    company
        Who was with whom; () is everybody alone.
    partner
        What kind of partner it was: "live", "recorded", "delayed", "animal" or "imagined".
    """

    start: float
    end: float
    company: tuple[str, ...] = ()
    partner: str = _LIVE


@dataclass(frozen=True, slots=True)
class Probe:
    """A stressor.

    Parameters
    ----------
    hit
        The people it was given to.
    start
        Of the stressor, s.
    end
        Of the stressor, s.
    until
        End of the watched recovery, s.
    together
        Whether the others were there.
    dose
        Its size, where known.
    cues
        Cue channels that were open.
    partner
        What kind of partner was there.
    """

    hit: tuple[str, ...]
    start: float
    end: float
    until: float
    together: bool
    dose: float | None = None
    cues: tuple[str, ...] = ()
    partner: str = _LIVE


@dataclass(frozen=True, slots=True)
class Design:
    """The blocks of a session as conditions and probes.

    Parameters
    ----------
    people
        In order; everything with one value per person keeps this order.
    spans
        Conditions, not overlapping, in time order.
    probes
        In time order.
    partners
        Kinds of partner met when together: "live", "recorded", "delayed", "animal", "imagined".
    guides
        Pacers or other guides declared while together.
    shared
        What everybody got at once; None where nobody said.
    ignored
        Kinds of block that say nothing about company.
    """

    people: tuple[str, ...]
    spans: tuple[DesignSpan, ...]
    probes: tuple[Probe, ...] = ()
    partners: frozenset[str] = frozenset({_LIVE})
    guides: tuple[str, ...] = ()
    shared: tuple[str, ...] | None = None
    ignored: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        if not self.people or len(set(self.people)) != len(self.people):
            raise UsageError("A design is of one person or more, each of them once.")
        for before, after in itertools.pairwise(self.spans):
            if after.start < before.end - 1e-9:
                raise DataError(
                    "Two conditions overlap at {time:g} s: people are alone or together, not both. "
                    "Correct the start and end of the blocks.",
                    time=after.start,
                )

    @property
    def order(self) -> str:
        """How alone and together probes follow each other for everybody who had some.

        "crossed", "alone first", "together first" or "none". Where people differ, the order that leaves more open: "alone
        first", then "together first".
        """
        orders = {self.order_of(who) for who in self.people} - {"none"}
        return next((order for order in ("alone first", "together first", "crossed") if order in orders), "none")

    def order_of(self, person: str) -> str:
        """Return how one person's probes alone and together follow each other, in the words of `order`."""
        sequence = [probe.together for probe in self.probes if person in probe.hit]
        if len(set(sequence)) < 2:
            return "none"
        if sequence == sorted(sequence):
            return "alone first"
        return "together first" if sequence == sorted(sequence, reverse=True) else "crossed"

    def only(self, people: tuple[str, ...]) -> Design:
        """Return the design of some of the people; a probe that hit nobody of them is left out."""
        if people == self.people:
            return self
        spans = tuple(replace(s, company=tuple(who for who in s.company if who in people)) for s in self.spans)
        probes = (replace(p, hit=tuple(who for who in p.hit if who in people)) for p in self.probes)
        return replace(self, people=people, spans=spans, probes=tuple(probe for probe in probes if probe.hit))

    def arm(self, partner: str) -> Design:
        """Return the design of being alone and of being with one kind of partner."""
        return replace(
            self,
            spans=tuple(span for span in self.spans if not span.company or span.partner == partner),
            probes=tuple(probe for probe in self.probes if not probe.together or probe.partner == partner),
            partners=frozenset({partner}),
        )

    def of(self, person: str, together: bool) -> tuple[Probe, ...]:
        """Return the probes meant for one person under one condition."""
        return tuple(probe for probe in self.probes if person in probe.hit and probe.together == together)

    def jointly(self, people: tuple[str, ...]) -> bool:
        """Return whether together every stressor that hit one of these people hit them all."""
        near = [probe.hit for probe in self.probes if probe.together and set(people) & set(probe.hit)]
        return bool(near) and all(set(people) <= set(hit) for hit in near)

    def spread(self, people: tuple[str, ...]) -> Design:
        """Return the design in which a stressor given to one of these people together hit them all."""
        probes = (
            replace(p, hit=tuple(who for who in self.people if who in {*p.hit, *people}))
            if p.together and set(people) & set(p.hit)
            else p
            for p in self.probes
        )
        return replace(self, probes=tuple(probes))

    def rests(self, together: bool) -> tuple[Window, ...]:
        """Return the stretches of one condition in which no probe was running or being recovered from."""
        free = [Window(span.start, span.end) for span in self.spans if bool(span.company) == together]
        for probe in self.probes:
            free = [part for window in free for part in _outside(window, probe.start, probe.until)]
        return tuple(free)

    def company(self, times: Floats) -> Bools:
        """Return who was with whom, shape (t, people, people), at each time; between spans the last one holds."""
        out = np.zeros((len(times), len(self.people), len(self.people)), bool)
        for span in self.spans:
            present = np.array([person in span.company for person in self.people])
            out[times >= span.start - 1e-9] = np.outer(present, present) & ~np.eye(len(present), dtype=bool)
        return out

    def before(self, times: Floats) -> Floats:
        """Return how many probes each person had had before the present one, shape (t, people)."""
        starts = [np.array([probe.start for probe in self.probes if who in probe.hit]) for who in self.people]
        return np.column_stack([np.maximum(np.searchsorted(start, times) - 1.0, 0.0) for start in starts])

    def inside(self, times: Floats) -> Bools:
        """Return which times lie in a condition, shape (t,)."""
        inside = np.zeros(len(times), bool)
        for span in self.spans:
            inside |= (times >= span.start - 1e-9) & (times < span.end + 1e-9)
        return inside

    @property
    def edges(self) -> Floats:
        """Every time at which something began or ended, in s, increasing."""
        ends = [edge for span in self.spans for edge in (span.start, span.end)]
        ends += [edge for probe in self.probes for edge in (probe.start, probe.end)]
        return np.unique(np.asarray(ends, float))

    def require_alone(self) -> None:
        """Raise `UnidentifiedError` unless somebody was alone and somebody was not."""
        if not any(not span.company for span in self.spans):
            raise UnidentifiedError(
                "Nobody was recorded alone, so nobody's own recovery can be compared with recovery together. Record three "
                "minutes apart at the start of the next visit, with one stressful task each.",
                because(Refusal.NOBODY_ALONE),
                because(Settle.TIME_APART),
            )
        if not any(span.company for span in self.spans):
            raise UnidentifiedError(
                "Nobody was recorded together, so there is nothing to compare with being alone. Record some time together, "
                "with one stressful task each.",
                because(Refusal.NOBODY_TOGETHER),
                because(Settle.TIME_TOGETHER),
            )


def read_design(session: Session) -> Design:
    """Read a session's blocks as a design.

    Conditions come from the kinds of block (`ALONE`, `TOGETHER`); other kinds are listed in `ignored`. A probe is a `perturb-*`
    block; its answer is watched through the `recover-*` block that follows, at most until the next probe.

    Parameters
    ----------
    session
        With blocks.

    Returns
    -------
    Design
        Of all people of the session.

    Raises
    ------
    DataError
        If alone and together overlap, or a probe says nothing about who was perturbed.
    """
    people = tuple(person.id for person in session.people)
    known = sorted((b for b in session.blocks if b.kind in ALONE + TOGETHER), key=lambda block: block.start)
    together = [block for block in known if block.kind in TOGETHER]
    return Design(
        people,
        tuple(DesignSpan(b.start, b.end, _company(b, people), b.partner or _LIVE) for b in _conditions(known)),
        _probes(known, people),
        frozenset(block.partner or _LIVE for block in together) or frozenset({_LIVE}),
        tuple(sorted({block.guide for block in together if block.guide})),
        session.shared,
        tuple(sorted({b.kind for b in session.blocks} - set(ALONE + TOGETHER))),
    )


def _company(block: Block, people: tuple[str, ...]) -> tuple[str, ...]:
    if block.kind in ALONE:
        return ()
    named = {*block.perturbed, *block.present}
    return tuple(p for p in people if p in named) if block.present else people


def _conditions(blocks: list[Block]) -> list[Block]:
    """Return the blocks without those that lie inside another of the same company."""
    kept: list[Block] = []
    for block in blocks:
        inside = [
            b
            for b in blocks
            if b is not block
            and b.start <= block.start
            and block.end <= b.end
            and (b.kind in ALONE) == (block.kind in ALONE)
            and (b.end - b.start) > (block.end - block.start)
        ]
        if not inside:
            kept.append(block)
    return kept


def _probes(blocks: list[Block], people: Sequence[str]) -> tuple[Probe, ...]:
    stressors = [block for block in blocks if block.kind.startswith("perturb")]
    starts = [block.start for block in stressors] + [math.inf]
    probes = []
    for block, following in zip(stressors, starts[1:], strict=True):
        if not block.perturbed:
            raise DataError(
                "The block {kind!r} at {time:g} s does not state who was perturbed. In a table of blocks, write the name into the "
                "column perturbed; in session.toml, add perturbed = [{example}] to this block.",
                kind=block.kind,
                time=block.start,
                example=f'"{people[0]}"',
            )
        recovery = [b.end for b in blocks if b.kind.startswith("recover") and block.start < b.start <= block.end + 1.0]
        until = min(max([block.end, *recovery]), following)
        cues = tuple(sorted(name for name, open_ in block.cues.items() if open_))
        together = block.kind in TOGETHER
        probes.append(
            Probe(block.perturbed, block.start, block.end, until, together, block.dose, cues, block.partner or _LIVE)
        )
    return tuple(probes)


def _outside(window: Window, start: float, end: float) -> list[Window]:
    parts = [(window.start, min(window.end, start)), (max(window.start, end), window.end)]
    return [Window(a, b) for a, b in parts if b > a]

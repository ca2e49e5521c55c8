"""A plan: who meets whom, for how long, who is upset when, through which cues. The same for every model of a pair."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from coregulation.errors import UsageError, nearest_names
from coregulation.events import Block, Mark
from coregulation.signals import Window
from coregulation.simulate.cues import CUES

PARTNERS = ("live", "recorded", "delayed", "animal", "imagined")


@dataclass(frozen=True, slots=True)
class PlanSpan:
    """A stretch of the plan.

    Parameters
    ----------
    kind
        The block's kind, as in a manifest.
    seconds
        Its length in s.
    dose
        The stressor's size for each person who gets it.
    together
        Whether people reach each other.
    cues
        How open each cue is, 0 to 1; None: all open.
    guide
        Breaths per minute of a pacer, or None.
    partner
        What the other is: live, recorded, delayed, animal, imagined.
    shared
        Size (a.u./√min) of a random input that all get at once (music, a film, the room's noise).
    label
        A mark at its start.
    undeclared
        Who got the stressor without anybody noting it: left out of the session's block.
    absent
        Who is elsewhere although others are together.
    """

    kind: str
    seconds: float
    dose: Mapping[str, float] = field(default_factory=dict)
    together: bool = True
    cues: Mapping[str, float] | None = None
    guide: float | None = None
    partner: str = "live"
    shared: float = 0.0
    label: str | None = None
    undeclared: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _positive("A span", self.seconds)
        if self.guide is not None:
            _positive("A guide", self.guide)
        if not (math.isfinite(self.shared) and self.shared >= 0):
            raise UsageError("A shared input has a size from 0 up; {size} came.", size=self.shared)
        if not all(math.isfinite(dose) for dose in self.dose.values()):
            raise UsageError("A dose must be a finite number.")
        if self.partner not in PARTNERS:
            near = nearest_names(self.partner, PARTNERS)
            raise UsageError("There is no partner {name!r}. Did you mean {near:or}?", name=self.partner, near=near)
        for name, openness in (self.cues or {}).items():
            if name not in CUES:
                near = nearest_names(name, CUES)
                raise UsageError("There is no cue {name!r}. Did you mean {near:or}?", name=name, near=near)
            if not 0 <= openness <= 1:
                raise UsageError("A cue is open from 0 to 1; {name} = {openness} came.", name=name, openness=openness)
        object.__setattr__(self, "dose", MappingProxyType(dict(self.dose)))
        object.__setattr__(self, "cues", None if self.cues is None else MappingProxyType(dict(self.cues)))

    def openness(self) -> tuple[float, ...]:
        """Return how open each cue is, in the order of `CUES`; all closed when apart."""
        if not self.together:
            return (0.0,) * len(CUES)
        return tuple(1.0 if self.cues is None else self.cues.get(name, 0.0) for name in CUES)


@dataclass(frozen=True, slots=True)
class Plan:
    """Spans one after the other, for some people.

    Parameters
    ----------
    people
        Names.
    spans
        In order.

    Raises
    ------
    UsageError
        If it is empty, or a dose names somebody who is not in it.
    """

    people: tuple[str, ...]
    spans: tuple[PlanSpan, ...]

    def __post_init__(self) -> None:
        if not (self.people and self.spans):
            raise UsageError("A plan needs somebody and at least one span.")
        for name in sorted({who for span in self.spans for who in (*span.dose, *span.undeclared, *span.absent)}):
            if name not in self.people:
                raise UsageError("A span names {name!r}; the plan has {people:and}.", name=name, people=self.people)

    @property
    def seconds(self) -> float:
        """Length of the whole in s."""
        return math.fsum(span.seconds for span in self.spans)

    def windows(self) -> tuple[Window, ...]:
        """Return when each span is."""
        ends = tuple(itertools.accumulate(span.seconds for span in self.spans))
        return tuple(Window(end - span.seconds, end) for end, span in zip(ends, self.spans, strict=True))

    def blocks(self, recorded: tuple[str, ...] | None = None) -> tuple[Block, ...]:
        """Write the spans as blocks of a session.

        Parameters
        ----------
        recorded
            Whose signals are kept; None: everybody's.

        Returns
        -------
        tuple of Block
            One per span; what was undeclared is left out.
        """
        people = self.people if recorded is None else recorded
        return tuple(self._block(span, window, people) for span, window in zip(self.spans, self.windows(), strict=True))

    def marks(self) -> tuple[Mark, ...]:
        """Return the labels of spans as marks."""
        return tuple(
            Mark(window.start, span.label)
            for span, window in zip(self.spans, self.windows(), strict=True)
            if span.label is not None
        )

    def recoveries(self) -> tuple[tuple[PlanSpan, Window], ...]:
        """Return each stressor with the time it leaves to recover: until the next one, or a rest; ends meet no other."""
        ended = [bool(span.dose) or span.kind.endswith("rest") for span in self.spans]
        pairs = []
        for i, (span, window) in enumerate(zip(self.spans, self.windows(), strict=True)):
            after = next((j for j in range(i + 1, len(ended)) if ended[j]), len(ended))
            if span.dose and after > i + 1:
                pairs.append((span, Window(window.end, self.windows()[after - 1].end)))
        return tuple(pairs)

    def rest(self) -> Window:
        """Return the first span in which nobody is perturbed, alone if there is one: where own zero is.

        Raises
        ------
        UsageError
            If every span has a stressor.
        """
        calm = [(span.together, w) for span, w in zip(self.spans, self.windows(), strict=True) if not span.dose]
        if not calm:
            raise UsageError("A plan needs a span without a stressor: own zero is read there.")
        return min(calm, key=lambda pair: (pair[0], pair[1].start))[1]

    def _block(self, span: PlanSpan, window: Window, people: tuple[str, ...]) -> Block:
        perturbed = {who: u for who, u in span.dose.items() if u and who in people and who not in span.undeclared}
        return Block(
            span.kind,
            window.start,
            window.end,
            perturbed=tuple(perturbed),
            dose=max(perturbed.values()) if perturbed else None,
            present=tuple(who for who in people if who not in span.absent) if span.together else (),
            cues={} if span.cues is None else {name: span.cues.get(name, 0.0) > 0 for name in CUES},
            partner=span.partner if span.together else None,
            guide=None if span.guide is None else f"pacer {span.guide:g}/min",
        )

    def require_together(self) -> None:
        """Raise `UsageError` unless some span brings people together."""
        if not any(span.together for span in self.spans):
            raise UsageError("The partner is present in no block; let at least one span be together.")

    def require_alone(self) -> None:
        """Raise `UsageError` unless somebody is perturbed alone: without it borrowed regulation is not identified."""
        if not any(span.dose and not span.together for span in self.spans):
            raise UsageError(
                "There is no alone block with a stressor: own return and borrowed regulation cannot be told apart. "
                "Add one, as long as the recovery together."
            )


def recovery_spans(
    who: tuple[str, ...],
    together: bool,
    times: int = 3,
    stress: float = 40.0,
    recover: float = 180.0,
    dose: float = 1.0,
) -> tuple[PlanSpan, ...]:
    """Make stressors, each followed by time to recover.

    Parameters
    ----------
    who
        Who gets them.
    together
        Whether people are together.
    times
        How many.
    stress, recover
        Lengths, in s.
    dose
        Size of the stressor.

    Returns
    -------
    tuple of PlanSpan
        Two per stressor.
    """
    where = "together" if together else "alone"
    push = PlanSpan(f"perturb-{where}", stress, dict.fromkeys(who, dose), together)
    return (push, PlanSpan(f"recover-{where}", recover, {}, together)) * times


def alone_and_together(
    people: tuple[str, str], times: int = 3, together_first: bool = False, rest: float = 180.0
) -> Plan:
    """Plan stressors for both people, alone (at once, apart) and together (one after the other).

    It begins with a rest alone whatever the order: that is where own zero is read.

    Parameters
    ----------
    people
        The two.
    times
        Stressors per person and condition.
    together_first
        Whether the part together comes first.
    rest
        Length of each rest, in s.

    Returns
    -------
    Plan
        With a rest alone first, whatever the order.
    """
    zero = (PlanSpan("alone-rest", rest, together=False),)
    apart = recovery_spans(people, False, times)
    joined = (
        PlanSpan("together-rest", rest),
        *recovery_spans(people[:1], True, times),
        *recovery_spans(people[1:], True, times),
    )
    return Plan(people, zero + (joined + apart if together_first else apart + joined))


def in_random_order(plan: Plan, rng: np.random.Generator) -> Plan:
    """Shuffle the stressors of a plan, each with the span after it; everything else comes first.

    Parameters
    ----------
    plan
        In its written order.
    rng
        Random numbers.

    Returns
    -------
    Plan
        The same spans in another order.
    """
    at = [i for i, span in enumerate(plan.spans) if span.dose]
    calm = [span for i, span in enumerate(plan.spans) if not {i, i - 1} & set(at)]
    picked = [span for k in rng.permutation(len(at)) for span in plan.spans[at[k] : at[k] + 2]]
    return Plan(plan.people, (*calm, *picked))


def _positive(what: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise UsageError("{what} needs a positive number; {value} came.", what=what, value=value)

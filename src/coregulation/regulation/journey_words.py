"""What several visits say of one person, for those who went through them; a slope is never told without what else it may be."""

from __future__ import annotations

import math
from collections.abc import Iterator

from coregulation.regulation.interval import Interval
from coregulation.regulation.journey import MIN_VISITS, Journey

CONTROL = "Weeks in which you rest apart instead, drawn by lot, could tell being steadied from getting used to it."


def said(person: str, told: Journey) -> tuple[str, ...]:
    """Return what visits say of a person, in plain words."""
    return tuple(_sentences(person, told))


def _sentences(person: str, told: Journey) -> Iterator[str]:
    yield from _settling(person, told)
    yield from _window(person, told)
    if told.alone is None or told.together is None or told.borrowed is None:
        count = len(told.visits)
        yield f"{count} {'visit' if count == 1 else 'visits'} of the same people make no trend; from {MIN_VISITS} on there is one to tell."
    else:
        yield f"Alone: {_trend(told.alone, 'settling comes sooner', 'settling takes longer')}."
        yield f"Together: {_trend(told.together, 'settling comes sooner', 'settling takes longer')}."
        yield f"What company adds: {_trend(told.borrowed, 'it grows', 'it grows less')}."
    yield _carried(told)
    if len(told.visits) > 1:
        yield from told.cautions


def _settling(person: str, told: Journey) -> Iterator[str]:
    known = [math.exp(value) for value in told.shrunk if math.isfinite(value)]
    if known:
        low, high = min(known), max(known)
        span = f"about {low:.0f}" if round(low) == round(high) else f"about {low:.0f} to {high:.0f}"
        drawn = ", each visit drawn towards their mean by how little it knows" if len(known) > 1 else ""
        yield f"Alone, {person} was half-way back after {span} seconds{drawn}."
    shares = [1 - one.dependence for one in told.visits if math.isfinite(one.dependence)]
    if shares:
        last = f" at the first visit and {shares[-1]:.1f} times at the last" if len(shares) > 1 else ""
        yield f"Together it took {shares[0]:.1f} times as long as alone{last}."


def _window(person: str, told: Journey) -> Iterator[str]:
    seen = [(one.window, at) for at, one in enumerate(told.visits, 1) if math.isfinite(one.window)]
    if seen:
        most, at = max(seen, key=lambda one: one[0])
        yield f"The furthest that {person} was stirred and came back from: {most:.0f} times the ups and downs of rest, at visit {at}."


def _trend(told: Interval, falling: str, rising: str) -> str:
    if told.below(0):
        return f"{falling} from visit to visit"
    if told.above(0):
        return f"{rising} from visit to visit"
    return "whether it changes from visit to visit cannot be told"


def _carried(told: Journey) -> str:
    """Return the answer to whether being steadied makes it easier alone later, or why it is declined."""
    if told.carried is None:
        return f"Whether being steadied makes it easier alone later cannot be told from so few visits. {CONTROL}"
    if told.carried:
        return (
            "Alone it came sooner from visit to visit, company added less, and together it held: what would be seen if being "
            f"steadied were carried along. It is not shown by this alone. {CONTROL}"
        )
    return f"That being steadied makes it easier alone later was not seen. {CONTROL}"

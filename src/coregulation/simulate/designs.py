"""Plans for two people in which known pairs are met: in which order, and who is perturbed when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from coregulation.simulate.plan import Plan, PlanSpan, alone_and_together, in_random_order

PAIR = ("ada", "ben")
Design = Callable[[int, np.random.Generator], Plan]  # from the number of stressors per person and condition to a plan


def crossed(times: int, rng: np.random.Generator) -> Plan:
    """Plan alone first in half of the sessions, together first in the others.

    Parameters
    ----------
    times
        Stressors per person and condition.
    rng
        Draws the order.

    Returns
    -------
    Plan
        For `PAIR`.
    """
    return alone_and_together(PAIR, times, together_first=bool(rng.integers(2)))


def alone_first(times: int, _: np.random.Generator) -> Plan:
    """Plan the fixed order, in which habituation can pass for help.

    Parameters
    ----------
    times
        Stressors per person and condition.
    _
        Not used, because nothing is random here; all designs are called with a generator.

    Returns
    -------
    Plan
        For `PAIR`.
    """
    return alone_and_together(PAIR, times)


def random_order(times: int, rng: np.random.Generator) -> Plan:
    """Plan all stressors in a random order.

    Parameters
    ----------
    times
        Stressors per person and condition.
    rng
        Draws the order.

    Returns
    -------
    Plan
        For `PAIR`.
    """
    return in_random_order(alone_and_together(PAIR, times), rng)


def only_ada(times: int, rng: np.random.Generator) -> Plan:
    """Plan that only Ada is ever perturbed; Ben is present for half of it.

    Parameters
    ----------
    times
        Stressors per condition.
    rng
        Draws the order.

    Returns
    -------
    Plan
        For `PAIR`.
    """
    plan = crossed(times, rng)
    at = [i for i, span in enumerate(plan.spans) if span.together and "ben" in span.dose]
    spans = [span for i, span in enumerate(plan.spans) if not {i, i - 1} & set(at)]
    return Plan(PAIR, tuple(_only(span, "ada") for span in spans))


def both_at_once(times: int, rng: np.random.Generator) -> Plan:
    """Plan that every stressor together reaches both, and that the session says so.

    Parameters
    ----------
    times
        Stressors per person and condition.
    rng
        Draws the order.

    Returns
    -------
    Plan
        For `PAIR`.
    """
    return _both(crossed(times, rng), hidden=False)


def both_undeclared(times: int, rng: np.random.Generator) -> Plan:
    """Plan that every stressor together reaches both, and that the session names one.

    Parameters
    ----------
    times
        Stressors per person and condition.
    rng
        Draws the order.

    Returns
    -------
    Plan
        For `PAIR`.
    """
    return _both(crossed(times, rng), hidden=True)


def with_recording(times: int, rng: np.random.Generator) -> Plan:
    """Plan that Ben is a recording, declared as such; only Ada is perturbed.

    Parameters
    ----------
    times
        Stressors per condition.
    rng
        Draws the order.

    Returns
    -------
    Plan
        For `PAIR`.
    """
    plan = only_ada(times, rng)
    return Plan(PAIR, tuple(replace(span, partner="recorded") for span in plan.spans))


def breathing(guide: float | None) -> Design:
    """Make a design in which the two meet through breath alone.

    Parameters
    ----------
    guide
        Breaths per minute of a pacer while together; None: no pacer, but each feels the other's rhythm.

    Returns
    -------
    Design
        Crossed.
    """

    def design(times: int, rng: np.random.Generator) -> Plan:
        plan = crossed(times, rng)
        cues = {"rhythm": 1.0} if guide is None else {}
        spans = [replace(span, cues=cues, guide=guide) if span.together else span for span in plan.spans]
        return Plan(PAIR, tuple(spans))

    return design


def _only(span: PlanSpan, who: str) -> PlanSpan:
    return replace(span, dose={name: u for name, u in span.dose.items() if name == who})


def _both(plan: Plan, hidden: bool) -> Plan:
    spans = []
    for span in plan.spans:
        if span.dose and span.together:
            unseen = tuple(name for name in PAIR if name not in span.dose) if hidden else ()
            spans.append(replace(span, dose=dict.fromkeys(PAIR, 1.0), undeclared=unseen))
        else:
            spans.append(span)
    return Plan(PAIR, tuple(spans))

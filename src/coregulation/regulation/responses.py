"""Areas under responses, without a model: what a hard moment costs the person and what it costs the other.

Locked to hard moments that are known, so an input that both get at other times adds noise and no bias.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.regulation.design import Design, Probe
from coregulation.regulation.interval import Interval, interval_of_mean
from coregulation.regulation.panel import Panel
from coregulation.regulation.recovery import resting_levels
from coregulation.settings import LEVEL
from coregulation.signals import Floats

_BEFORE = 30.0  # s before a stressor that the other's level is taken from
_AFTER = 90.0  # s after its end up to which heights are averaged: what comes later is mostly wander
_LEAST = 5  # values in a stretch


@dataclass(frozen=True, slots=True)
class Response:
    """Mean heights from a stressor's beginning to a minute and a half after its end.

    Parameters
    ----------
    person
        Who was upset.
    probe
        By which stressor.
    own
        Of that person over the own resting level, in the unit of the index.
    other
        By how much the other of the pair was above the level of just before, in the unit of the index; NaN alone.
    """

    person: str
    probe: Probe
    own: float
    other: float


def measure_responses(panel: Panel, design: Design, pair: tuple[str, str]) -> tuple[Response, ...]:
    """Measure the responses of a pair to the stressors that hit one of the two.

    Parameters
    ----------
    panel
        Everybody's index, shape (t, people).
    design
        What was done when.
    pair
        The two people.

    Returns
    -------
    tuple of Response
        In time order; those with hardly any values are left out, and those together that
        hit both.
    """
    zeros = dict(zip(design.people, resting_levels(panel, design), strict=True))
    columns = dict(zip(design.people, panel.values.T, strict=True))
    measured = []
    for probe in design.probes:
        for who, other in (pair, pair[::-1]):
            if who not in probe.hit or (probe.together and other in probe.hit):
                continue
            until = min(probe.until, probe.end + _AFTER)
            own = _mean(panel.times, columns[who], probe.start, until) - zeros[who][0]
            reached = math.nan
            if probe.together:
                before = _mean(panel.times, columns[other], probe.start - _BEFORE, probe.start)
                reached = _mean(panel.times, columns[other], probe.start, until) - before
            if math.isfinite(own) and (math.isfinite(reached) or not probe.together):
                measured.append(Response(who, probe, own, reached))
    return tuple(measured)


def _mean(times: Floats, values: Floats, start: float, end: float) -> float:
    inside = values[(times >= start) & (times < end)]
    inside = inside[np.isfinite(inside)]
    return float(inside.mean()) if len(inside) >= _LEAST else math.nan


def cross_rise(measured: Sequence[Response], level: float = LEVEL) -> Interval | None:
    """Estimate how far the other rises with the one who is upset, as a share of what the one bears alone.

    Parameters
    ----------
    measured
        Responses of a pair, both alone and together.
    level
        Of the interval, 0 to 1.

    Returns
    -------
    Interval or None
        A t interval over the hard moments together; None with fewer than two of them, or without one alone.
    """
    scale = _alone(measured)
    shares = [r.other / scale[r.person] for r in measured if r.probe.together and r.person in scale]
    return _interval(np.array(shares), level) if len(shares) > 1 else None


def extra_area(measured: Sequence[Response], level: float = LEVEL) -> Interval | None:
    """Estimate how much more both bear together after a hard moment of one than that person bears alone.

    Parameters
    ----------
    measured
        Responses of a pair, both alone and together.
    level
        Of the interval, 0 to 1.

    Returns
    -------
    Interval or None
        In what the person bears alone: 0 is as alone, above 0 is more. A Welch t interval over hard moments; None with fewer
        than two of a kind.
    """
    scale = _alone(measured)
    near = [(r.own + r.other) / scale[r.person] for r in measured if r.probe.together and r.person in scale]
    alone = [r.own / scale[r.person] for r in measured if not r.probe.together and r.person in scale]
    if min(len(near), len(alone)) < 2:
        return None
    parts = [float(np.var(values, ddof=1)) / len(values) for values in (near, alone)]
    lost = len({r.person for r in measured}) - 1  # each one's own mean alone is the scale
    freedom = sum(parts) ** 2 / sum(
        part**2 / max(1, len(values) - 1 - lost) for part, values in zip(parts, (near, alone), strict=True)
    )
    return interval_of_mean(float(np.mean(near)) - float(np.mean(alone)), math.sqrt(sum(parts)), freedom, level)


def _alone(measured: Sequence[Response]) -> dict[str, float]:
    people = dict.fromkeys(response.person for response in measured)
    means = {
        who: float(np.mean(own))
        for who in people
        if (own := [r.own for r in measured if r.person == who and not r.probe.together])
    }
    return {who: mean for who, mean in means.items() if mean > 0}


def _interval(values: Floats, level: float) -> Interval:
    error = float(values.std(ddof=1)) / math.sqrt(len(values))
    return interval_of_mean(float(values.mean()), error, len(values) - 1, level)

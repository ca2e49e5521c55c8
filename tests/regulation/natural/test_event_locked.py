"""Event-locked averages: no more than chance where somebody merely acts when the other is up, and what follows events that do something."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.regulation.natural.event_locked import MIN_EVENTS, EventCourse, EventKind, _surprise, event_responses
from coregulation.signals import Floats, Ints

T = 3600
BELL = (EventKind.MARK, "bell")


def level(seed: int, seconds: int = T, calmed: Ints | None = None) -> Floats:
    """A level with shocks that returns by itself, and four times as fast for 40 s after each calming event."""
    rng = np.random.default_rng(seed)
    out, value, until = np.zeros(seconds), 0.0, -1
    at = set() if calmed is None else set(calmed.tolist())
    for t in range(seconds):
        until = t + 40 if t in at else until
        push = 2.0 * rng.exponential() if rng.random() < 1 / 90 else 0.0
        value += push - value / (12 if t < until else 45) + 0.1 * rng.standard_normal()
        out[t] = value
    return out


def when_up(values: Floats, rng: np.random.Generator) -> Ints:
    """The instants at which somebody acts because the last seconds were high; who acts does not know what comes."""
    out: list[int] = []
    for t in range(300, len(values) - 60):
        up = values[t - 6 : t].mean() > np.quantile(values[:t], 0.8)
        if up and rng.random() < 0.1 and (not out or t - out[-1] > 60):
            out.append(t)
    return np.array(out)


def ask(*courses: EventCourse, seed: int = 0, shifts: int = 199):
    return event_responses({"ada": courses}, np.random.default_rng(seed), shifts=shifts)


def test_acting_when_somebody_is_up_does_not_look_like_calming():
    ps = []
    for seed in range(40):
        values = level(seed)
        (item,) = ask(
            EventCourse(values, 1.0, {BELL: when_up(values, np.random.default_rng(100 + seed))}), seed=seed, shifts=99
        )
        ps.append(item.p)
    assert np.mean(np.array(ps) <= 0.05) <= 0.15


def test_what_calms_is_seen_beyond_what_happens_anyway():
    rng = np.random.default_rng(1)
    at = np.sort(rng.choice(np.arange(400, 3400, 90), 25, replace=False))
    (item,) = ask(EventCourse(level(2, calmed=at), 1.0, {BELL: at}))
    assert (item.kind, item.label, item.person, item.count) == (EventKind.MARK, "bell", "ada", 25)
    assert item.change.high < 0
    assert item.p <= 0.02


def test_several_kinds_are_corrected_for_together():
    rng = np.random.default_rng(3)
    names = [(EventKind.MARK, f"kind {k}") for k in range(8)]
    course = EventCourse(level(4), 1.0, {name: rng.integers(300, 3400, 12) for name in names})
    items = ask(course)
    assert len(items) == 8
    assert all(item.adjusted >= item.p for item in items)
    assert min(item.adjusted for item in items) > min(item.p for item in items)


@pytest.mark.parametrize(("count", "averaged"), [(4, False), (5, True), (6, True)])
def test_five_events_of_a_kind_are_averaged(count: int, averaged: bool):
    assert MIN_EVENTS == 5
    at = np.arange(400, 400 + 200 * count, 200)
    assert bool(ask(EventCourse(level(5), 1.0, {BELL: at}))) == averaged


def test_sessions_are_pooled_and_events_outside_or_in_gaps_are_left_out():
    values = level(6)
    values[1000:1200] = np.nan
    first = EventCourse(values, 1.0, {BELL: np.array([500, 1100, 1500, 3599])})
    second = EventCourse(level(7), 1.0, {BELL: np.array([600, 900, 2000])})
    (item,) = ask(first, second)
    assert item.count == 5


@pytest.mark.parametrize(("known", "enough"), [(59, False), (60, True), (61, True)])
def test_sixty_instants_say_what_usually_follows(known: int, enough: bool):
    values = level(8, 400)
    lengths = [n for n in range(60, 400) if _possible(values[:n]) == known]
    assert np.isfinite(_surprise(EventCourse(values[: lengths[0]], 1.0, {}))).sum() == (known if enough else 0)


def _possible(values: Floats) -> int:
    """How many instants have everything before and after them known."""
    count = len(values)
    return sum(1 for t in range(count) if t - 30 >= 0 and min(count, t + 40) - (t + 10) >= 15)


def test_a_p_needs_ninety_nine_moves():
    course = EventCourse(level(5), 1.0, {BELL: np.arange(400, 2400, 200)})
    assert ask(course, shifts=98) == ()
    assert len(ask(course, shifts=99)) == 1


def test_nothing_gives_nothing():
    assert ask() == ()
    assert ask(EventCourse(np.full(900, np.nan), 1.0, {BELL: np.arange(100, 800, 100)})) == ()
    assert event_responses({}, np.random.default_rng(0)) == ()
    assert ask(EventCourse(level(9, 100), 1.0, {BELL: np.arange(40, 60, 4)})) == ()

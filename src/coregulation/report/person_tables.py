"""Tables of each person alone: every number, every beat, the body on its grid, the states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from coregulation.analysis.finding import Finding
from coregulation.analysis.person import PersonFinding
from coregulation.channels import HEART_RATE
from coregulation.report.result import Result
from coregulation.signals import Signal

_GRID = (
    HEART_RATE,
    "rsa",
    "rsa_adjusted",
    "breathing_rate",
    "breath_phase",
    "breath_depth",
    "scl",
    "scr_rate",
    "motion",
)
_QUALITY = ("heart", "breath", "skin")


def person_tables(finding: Finding, person_finding: Result) -> dict[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]:
    """Return the tables, by name, each a header and rows."""
    measures = (
        (body.person, m.span, m.start, m.end, m.measure, m.value, m.unit, *(m.interval or (None, None)), m.why)
        for body in person_finding.bodies
        for m in body.measures
    )
    states = (
        (
            body.person,
            s.start,
            s.end,
            s.state.value,
            s.by_rule.value,
            s.by_model.value,
            s.arousal,
            *s.probability.values(),
            s.why,
        )
        for body in person_finding.bodies
        for s in body.states
    )
    return {
        "bodies": (
            ("person", "span", "start", "end", "measure", "value", "unit", "interval_low", "interval_high", "why"), measures,
        ),
        "beats": (("person", "time", "ok", "kind"), _beats(finding)),
        "body_signals": (
            ("person", "time", *_GRID, *(f"quality_{name}" for name in _QUALITY), "arousal", "arousal_low", "arousal_high"),
            (row for item in finding.bodies for row in _signals(item)),
        ),
        "states": (
            ("person", "start", "end", "state", "by_rule", "by_model", "arousal", "p_settled", "p_mobilised", "p_shut_down", "p_none", "why"),
            states,
        ),
    }  # fmt: skip


def _beats(finding: Finding) -> Iterator[Sequence[Any]]:
    for person_finding in finding.bodies:
        if person_finding.heart is None:
            continue
        beats = person_finding.heart.cleaned.beats
        assert beats.ok is not None
        rows = zip(
            np.round(beats.times, 6).tolist(), beats.ok.tolist(), person_finding.heart.cleaned.artefacts, strict=True
        )
        yield from ((person_finding.person, time, ok, kind.value if kind else "") for time, ok, kind in rows)


def _signals(person_finding: PersonFinding) -> Iterator[Sequence[Any]]:
    if person_finding.body is None:
        return
    body, index = person_finding.body, person_finding.body.arousal
    signals: list[Signal | None] = [getattr(body, name) for name in _GRID]
    signals += [body.quality[name] for name in _QUALITY]
    signals += [index.value, index.low, index.high] if index else [None] * 3
    columns = [_column(signal, len(body.heart_rate)) for signal in signals]
    times = np.round(body.heart_rate.times, 3).tolist()
    yield from ((person_finding.person, *row) for row in zip(times, *columns, strict=True))


def _column(signal: Signal | None, length: int) -> list[float | None]:
    if signal is None:
        return [None] * length
    return [None if value != value else value for value in np.round(signal.values, 4).tolist()]

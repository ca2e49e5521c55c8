"""What the page shows of who steadies whom: every number, and the pictures with the tables behind them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from coregulation.analysis.results import Finding
from coregulation.regulation.interval import Interval
from coregulation.regulation.recovery import Comparison
from coregulation.regulation.result import RegulationResult
from coregulation.report import regulation_figures
from coregulation.report.markup import Markup, tag
from coregulation.report.pictures import figure, table
from coregulation.report.regulation_figures import Flow
from coregulation.report.sentences import join_names
from coregulation.session import Mark

_NEAR = 30.0  # s between a mark and an onset that it may name


def sure_methods(account: RegulationResult, marks: Sequence[Mark] = ()) -> Iterator[Markup]:
    """Yield, for the methods section, every number the answer rests on; `marks` name what was up."""
    rows = [
        [
            d.giver,
            d.receiver,
            d.answer.value,
            *((_span(d.own_burden), _span(d.net_effect), _span(d.cost_to_partner)) if d.asked else _NOT_ASKED),
        ]
        for told in account.pairs
        for d in told.directions
    ]
    if rows:
        yield tag("h3", "With against alone, by the model (1 = as alone)")
        yield table(["from", "to", "answer", "own burden", "net", "price to the giver"], rows)
    if account.comparisons:
        yield tag("h3", f"Half-lives of {account.index}, without a model")
        yield table(_COMPARISON, [_comparison(one) for one in account.comparisons])
    yield from _gauges(account)
    yield from _controls(account)
    yield from _ruptures(account, marks)
    yield from (tag("p", note) for note in account.notes)


def _gauges(account: RegulationResult) -> Iterator[Markup]:
    if account.composure:
        yield tag("h3", "How steady each stayed while the other was upset (own gauge)")
        rows = [
            [g.person, str(g.moments), _span(g.rise), _span(g.variance), "—" if g.breath is None else _span(g.breath)]
            for g in account.composure
        ]
        yield table(["person", "moments", "rise, rest SDs", "ln variance ratio", "breaths a minute"], rows)


def _controls(account: RegulationResult) -> Iterator[Markup]:
    if account.controls:
        yield tag("h3", "Live against what stood in")
        rows = [
            [
                c.person,
                c.partner,
                _span(c.ratio),
                "—" if c.against is None else _span(c.against),
                f"{c.counts[0]} + {c.counts[1]}",
            ]
            for c in account.controls
        ]
        yield table(["person", "stood in", "half-life, live over stand-in", "stand-in over alone", "recoveries"], rows)


_NOT_ASKED = ("not asked", "—", "—")
_COMPARISON = (
    "person", "alone, s", "together, s", "ratio", "borrowed, s", "recoveries", "never half-way back", "rise alone, rest SDs",
)  # fmt: skip


def _comparison(one: Comparison) -> list[str]:
    return [
        one.person, _span(one.alone, 0), _span(one.together, 0), _span(one.ratio), _span(one.borrowed, 0),
        f"{one.counts[0]} + {one.counts[1]}", f"{one.censored[0]} + {one.censored[1]}", f"{one.rise:.1f}",
    ]  # fmt: skip


def _ruptures(account: RegulationResult, marks: Sequence[Mark]) -> Iterator[Markup]:
    if account.co_escalations:
        yield tag("h3", "Both up at once, away from the hard moments")
        rows = [
            [
                join_names(m.pair), f"{m.episode.onset:.0f}", " / ".join(f"{peak:.1f}" for peak in m.episode.peaks),
                "not seen" if m.episode.time_to_repair is None else f"{m.episode.time_to_repair:.0f}",
                ", ".join(one.label for one in marks if abs(one.time - m.episode.onset) <= _NEAR) or "—",
            ]
            for m in account.co_escalations
        ]  # fmt: skip
        yield table(["who", "onset, s", "peaks, rest SDs", "both half-way back after, s", "marked"], rows)


def pictures(finding: Finding) -> Iterator[Markup]:
    """Yield the pictures of an account, each with its table."""
    account = finding.regulation
    if account is None or not account.trajectories:
        return
    order = [person.id for person in finding.about.people]
    unit = "1/min, own zero" if account.index == "heart rate" else "own zero = 0"
    if any(np.isfinite(course.path).any() for course in account.trajectories.values()):
        yield _courses(finding, account, order, unit)
    if account.recoveries:
        yield _ways_back(finding, account, order, unit)
    if account.totals and len(order) == 2:
        yield _ledger(finding, account, order)


def _courses(finding: Finding, account: RegulationResult, order: Sequence[str], unit: str) -> Markup:
    alternative = f"{account.index.capitalize()} of {join_names(order)} over time, with what each would have been without the other."
    svg = regulation_figures.draw_trajectories(
        account.trajectories, account.design, order, unit, name="courses", alternative=alternative
    )
    caption = (
        f"{account.index.capitalize()} over the own resting level. Thick line: as it was. Dotted: as it would have been without the "
        "other, by the model. Filled: lent by the other. Crossed: stirred by the other. Shaded: together. Bars on top: hard moments."
    )
    rows = []
    for who, course in account.trajectories.items():
        for part in np.array_split(np.arange(len(course.times)), 12):
            cells = (course.seen[part], course.path[part], course.without[part])
            minutes = f"{course.times[part[0]] / 60:.1f} to {course.times[part[-1]] / 60:.1f}"
            rows.append([who, minutes, *(_mean(cell) for cell in cells)])
    header = ["person", "minutes", "mean seen", "mean as it was", "mean without the other"]
    return figure(finding, svg, [caption], table(header, rows))


def _mean(values: np.ndarray) -> str:
    there = values[np.isfinite(values)]
    return f"{there.mean():.2f}" if len(there) else "—"


def _ways_back(finding: Finding, account: RegulationResult, order: Sequence[str], unit: str) -> Markup:
    svg = regulation_figures.draw_recoveries(
        account.recoveries, account.trajectories, order, unit, name="ways-back",
        alternative="; ".join(
            f"{one.person}: half-life {one.alone.value:.0f} s alone, {one.together.value:.0f} s together"
            for one in account.comparisons
        ) or "Every recovery from the end of its hard moment on.",
    )  # fmt: skip
    caption = (
        "Every way back, laid over one another from the end of the hard moment on. Dashed: alone. Solid: together."
    )
    rows = [
        [one.person, "together" if one.together else "alone", f"{one.probe.end:.0f}", f"{one.peak:.2f}",
         f"{'over ' if one.censored else ''}{one.half_life:.0f}", "no" if one.censored else "yes"]
        for one in account.recoveries
    ]  # fmt: skip
    return figure(
        finding, svg, [caption], table(["person", "condition", "from, s", "height", "half-life, s", "seen"], rows)
    )


def _ledger(finding: Finding, account: RegulationResult, order: Sequence[str]) -> Markup:
    other = {order[0]: order[1], order[1]: order[0]}
    lent = [Flow(other[one.receiver], one.receiver, one.lent) for one in account.totals]
    said = [f"{f.giver} to {f.receiver}: {_span(f.lent, 0)}" for f in lent]
    svg = regulation_figures.draw_flows(
        lent, name="ledger", alternative=f"Lent over all hard moments together: {'; '.join(said)}."
    )
    caption = (
        f"The ledger over all hard moments together, in units of {account.index} times seconds: how much higher the one would "
        "have been without the other. It is counted against the model's own course without the other."
    )
    rows = [
        [one.receiver, f"{one.probe.start:.0f} to {one.probe.until:.0f} s", ", ".join(one.probe.cues) or "—",
         *(_span(x, 0) for x in (one.lent, one.cost_to_partner, one.net_effect))]
        for one in account.effects
    ]  # fmt: skip
    rows += [
        [one.receiver, "all", "—", *(_span(x, 0) for x in (one.lent, one.cost_to_partner, one.net_effect))]
        for one in account.totals
    ]
    return figure(finding, svg, [caption], table(["person", "hard moment", "cues open", "lent", "price", "net"], rows))


def _span(told: Interval, digits: int = 2) -> str:
    ends = [f"{end:.{digits}f}" if math.isfinite(end) else "open" for end in (told.low, told.high)]
    return f"{told.value:.{digits}f} ({ends[0]} to {ends[1]})"

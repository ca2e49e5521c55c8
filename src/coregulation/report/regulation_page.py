"""Tables and pictures of who steadies whom."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from coregulation.analysis.finding import Finding
from coregulation.events import Mark
from coregulation.regulation.interval import Interval
from coregulation.regulation.recovery_comparison import RecoveryComparison
from coregulation.regulation.result import RegulationResult
from coregulation.report import regulation_figures
from coregulation.report.catalogue import Catalogue
from coregulation.report.catalogue.formatter import MISSING
from coregulation.report.parts import Figure, PageTable, number
from coregulation.report.regulation_figures import Flow

MARK_DISTANCE = 30.0  # s between a mark and the onset of a co-escalation that it may name
_PARTS = 12  # rows of a trajectory's table


def regulation_tables(regulation: RegulationResult, marks: Sequence[Mark], catalogue: Catalogue) -> Iterator[PageTable]:
    """Yield, for the methods section, every number that the answer rests on; `marks` name what was up."""
    if any(pair.directions for pair in regulation.pairs):
        yield _directions(regulation, catalogue)
    if regulation.comparisons:
        yield _comparisons(regulation, catalogue)
    if regulation.composure:
        yield _composure(regulation, catalogue)
    if regulation.controls:
        yield _controls(regulation, catalogue)
    if regulation.co_escalations:
        yield _co_escalations(regulation, marks, catalogue)


def _table(name: str, columns: str, rows: Sequence[Sequence[str]], catalogue: Catalogue, **facts: str) -> PageTable:
    header = [catalogue.text(f"column.{key}") for key in columns.split()]
    return PageTable(header, rows, catalogue.text(f"table.{name}", **facts))


def _directions(regulation: RegulationResult, catalogue: Catalogue) -> PageTable:
    rows = [
        [
            d.giver, d.receiver, catalogue.text(f"direction.{d.answer.name.lower().replace('_', '-')}"),
            *(
                (_interval(d.own_burden), _interval(d.net_effect), _interval(d.cost_to_partner))
                if d.identified
                else (catalogue.text("cell.not-asked"), MISSING, MISSING)
            ),
        ]
        for pair in regulation.pairs
        for d in pair.directions
    ]  # fmt: skip
    return _table("directions", "from to answer own-burden net-effect cost-to-partner", rows, catalogue)


def _comparisons(regulation: RegulationResult, catalogue: Catalogue) -> PageTable:
    columns = "person alone-s together-s ratio ratio-from-equal-heights borrowed-s recoveries never-half-way rise-alone rise-together"
    rows = [_comparison(item) for item in regulation.comparisons]
    return _table("half-lives", columns, rows, catalogue, index=regulation.index)


def _comparison(item: RecoveryComparison) -> list[str]:
    return [
        item.person, _interval(item.alone, 0), _interval(item.together, 0), _interval(item.ratio),
        MISSING if item.equal_heights is None else _interval(item.equal_heights.ratio), _interval(item.borrowed, 0),
        f"{item.counts[0]} + {item.counts[1]}", f"{item.censored[0]} + {item.censored[1]}", number(item.rise, ".1f"),
        number(item.rise_together, ".1f"),
    ]  # fmt: skip


def _composure(regulation: RegulationResult, catalogue: Catalogue) -> PageTable:
    rows = [
        [g.person, str(g.moments), _interval(g.rise), _interval(g.variance), _interval(g.breath)]
        for g in regulation.composure
    ]
    return _table("composure", "person moments rise variance-ratio breaths", rows, catalogue)


def _controls(regulation: RegulationResult, catalogue: Catalogue) -> PageTable:
    rows = [
        [c.person, c.partner, _interval(c.ratio), _interval(c.against), f"{c.counts[0]} + {c.counts[1]}"]
        for c in regulation.controls
    ]
    return _table("controls", "person stood-in live-ratio stand-in-ratio recoveries", rows, catalogue)


def _co_escalations(regulation: RegulationResult, marks: Sequence[Mark], catalogue: Catalogue) -> PageTable:
    rows = [
        [
            catalogue.text("list.people", names=met.pair), number(met.episode.onset, ".0f"),
            " / ".join(number(peak, ".1f") for peak in met.episode.peaks),
            catalogue.text("cell.not-seen") if met.episode.time_to_repair is None else number(met.episode.time_to_repair, ".0f"),
            ", ".join(item.label for item in marks if abs(item.time - met.episode.onset) <= MARK_DISTANCE) or MISSING,
        ]
        for met in regulation.co_escalations
    ]  # fmt: skip
    return _table("co-escalations", "who onset peaks repaired marked", rows, catalogue)


def recovery_picture(finding: Finding, catalogue: Catalogue) -> Figure | None:
    """Return every recovery laid over the others, alone and together; None where there is none."""
    regulation = finding.regulation
    if regulation is None or not regulation.recoveries or not regulation.trajectories:
        return None
    texts = [
        catalogue.text("alternative.recovery", name=item.person, alone=item.alone.value, together=item.together.value)
        for item in regulation.comparisons
    ]
    svg = regulation_figures.draw_recoveries(
        regulation.recoveries, regulation.trajectories, _order(finding), _unit(regulation, catalogue), name="recoveries",
        alternative=" ".join(texts) or catalogue.text("alternative.recoveries"), catalogue=catalogue,
    )  # fmt: skip
    rows = [
        [
            item.person, catalogue.text("figure.together" if item.together else "figure.alone"), number(item.probe.end, ".0f"),
            number(item.peak, ".2f"), number(item.half_life, ".0f"),
            catalogue.text("cell.no" if item.censored else "cell.yes"),
        ]
        for item in regulation.recoveries
    ]  # fmt: skip
    table = PageTable(
        [catalogue.text(f"column.{k}") for k in ("person", "condition", "from-s", "height", "half-life", "half-way")],
        rows,
    )
    return Figure(svg, catalogue.text("caption.recoveries"), [table])


def regulation_pictures(finding: Finding, catalogue: Catalogue) -> Iterator[Figure]:
    """Yield the trajectories with and without the other, and the ledger of who calmed whom by how much."""
    regulation = finding.regulation
    if regulation is None or not regulation.trajectories:
        return
    if any(np.isfinite(course.path).any() for course in regulation.trajectories.values()):
        yield _trajectories(finding, regulation, catalogue)
    if regulation.totals and len(finding.about.people) == 2:
        yield _ledger(finding, regulation, catalogue)


def _order(finding: Finding) -> list[str]:
    return [person.id for person in finding.about.people]


def _unit(regulation: RegulationResult, catalogue: Catalogue) -> str:
    return catalogue.text("figure.over-rest-heart" if regulation.index == "heart rate" else "figure.over-rest")


def _trajectories(finding: Finding, regulation: RegulationResult, catalogue: Catalogue) -> Figure:
    order = _order(finding)
    svg = regulation_figures.draw_trajectories(
        regulation.trajectories, regulation.design, order, _unit(regulation, catalogue), name="courses",
        alternative=catalogue.text("alternative.trajectories", index=regulation.index, names=tuple(order)), catalogue=catalogue,
    )  # fmt: skip
    rows = []
    for who, course in regulation.trajectories.items():
        for part in np.array_split(np.arange(len(course.times)), _PARTS):
            cells = (course.seen[part], course.path[part], course.without[part])
            minutes = catalogue.text(
                "format.range", low=f"{course.times[part[0]] / 60:.1f}", high=f"{course.times[part[-1]] / 60:.1f}"
            )
            rows.append([who, minutes, *(_mean(cell) for cell in cells)])
    header = [
        catalogue.text(f"column.{key}") for key in ("person", "minutes", "mean-seen", "mean-model", "mean-without")
    ]
    return Figure(svg, catalogue.text("caption.trajectories", index=regulation.index), [PageTable(header, rows)])


def _mean(values: np.ndarray) -> str:
    valid = values[np.isfinite(values)]
    return number(float(valid.mean()) if len(valid) else None, ".2f")


def _ledger(finding: Finding, regulation: RegulationResult, catalogue: Catalogue) -> Figure:
    order = _order(finding)
    other = {order[0]: order[1], order[1]: order[0]}
    lent = [Flow(other[item.receiver], item.receiver, item.lent) for item in regulation.totals]
    texts = [
        catalogue.text("alternative.flow", giver=f.giver, receiver=f.receiver, lent=_interval(f.lent, 0)) for f in lent
    ]
    svg = regulation_figures.draw_flows(lent, name="ledger", alternative=" ".join(texts), catalogue=catalogue)
    rows = [
        [
            item.receiver, catalogue.text("cell.span", start=item.probe.start, end=item.probe.until),
            ", ".join(item.probe.cues) or MISSING, *(_interval(x, 0) for x in (item.lent, item.cost_to_partner, item.net_effect)),
        ]
        for item in regulation.effects
    ]  # fmt: skip
    rows += [
        [
            item.receiver,
            catalogue.text("cell.all"),
            MISSING,
            *(_interval(x, 0) for x in (item.lent, item.cost_to_partner, item.net_effect)),
        ]
        for item in regulation.totals
    ]
    keys = ("person", "hard-moment", "cues", "lent", "cost-to-partner", "net-effect")
    return Figure(
        svg,
        catalogue.text("caption.ledger", index=regulation.index),
        [PageTable([catalogue.text(f"column.{k}") for k in keys], rows)],
    )


def _interval(interval: Interval | None, digits: int = 2) -> str:
    if interval is None:
        return MISSING
    low, high = (number(end, f".{digits}f") if math.isfinite(end) else "∞" for end in (interval.low, interval.high))
    return f"{number(interval.value, f'.{digits}f')} [{low}, {high}]"

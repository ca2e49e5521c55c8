"""Each picture with its caption, its text alternative and the table behind it; few, whatever the size of the session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from coregulation.analysis.finding import Finding
from coregulation.analysis.results import GroupFinding
from coregulation.coupling.inference import Coupling
from coregulation.coupling.settings import LINKAGE
from coregulation.coupling.surface import Surface
from coregulation.report import figures
from coregulation.report.catalogue import Catalogue
from coregulation.report.figures import NullComparison
from coregulation.report.parts import Figure, PageTable, number
from coregulation.signals import Signal

MAX_MAPS = 6
MAX_ROWS = 6
MAX_POINTS = 20_000  # in all lanes of a page, so that the page stays small
_PARTS = 10


def linkage_pictures(finding: Finding, catalogue: Catalogue) -> Iterator[Figure]:
    """Yield the pictures of linkage, the group's first."""
    for k, channel in enumerate(dict.fromkeys(channel for _, channel in finding.traces)):
        yield _signals(finding, channel, f"signals-{k}", catalogue)
    for k, group in enumerate(finding.groups):
        if group.gate == "G1" and np.isfinite(group.matrix).any():
            yield from _of_group(finding, group, f"group-{k}", catalogue)
    for k, (key, surface) in enumerate(list(finding.surfaces.items())[:MAX_MAPS]):
        if len(surface.r):
            yield _map(finding, key, surface, f"map-{k}", catalogue)
    yield from _pair_chance(finding, catalogue)


def answer_picture(finding: Finding, people: Sequence[str], catalogue: Catalogue) -> Figure | None:
    """Return the one picture that shows the answer about linkage.

    Of a group it is what coincidence gives, of a pair the two signals over one another.
    """
    if finding.groups:
        return _group_chance(finding, catalogue)
    couplings = [c for c in finding.of((people[0], people[1])) if c.estimate is not None]
    if not couplings:
        return None
    adjusted = finding.adjusted_ps()
    best = min(couplings, key=lambda c: adjusted.get(id(c), 2.0))
    return _overlay(finding, best, catalogue)


def _overlay(finding: Finding, coupling: Coupling, catalogue: Catalogue) -> Figure | None:
    traces = {who: finding.traces.get((who, coupling.signal)) for who in coupling.pair}
    drawn = {who: signal for who, signal in traces.items() if signal is not None and signal.coverage > 0}
    if len(drawn) < 2:
        return None
    order = [person.id for person in finding.about.people]
    facts: dict[str, Any] = {"signal": coupling.signal, "names": coupling.pair}
    svg = figures.overlay(
        drawn, order, finding.about, name="answer", alternative=catalogue.text("alternative.overlay", **facts),
        catalogue=catalogue,
    )  # fmt: skip
    return Figure(
        svg, _caption(finding, catalogue.text("caption.overlay", **facts), catalogue), [_parts(drawn, catalogue)]
    )


def _signals(finding: Finding, channel: str, name: str, catalogue: Catalogue) -> Figure:
    traces = {who: signal for (who, of), signal in finding.traces.items() if of == channel and len(signal)}
    order = [person.id for person in finding.about.people]
    points = max(120, min(500, MAX_POINTS // max(1, len(finding.traces))))
    alternative = catalogue.text("alternative.signals", signal=channel, names=tuple(traces))
    svg = figures.signals(traces, order, finding.about, points, name=name, alternative=alternative, catalogue=catalogue)
    caption = _caption(finding, catalogue.text("caption.signals", signal=channel), catalogue)
    return Figure(svg, caption, [_parts(traces, catalogue)])


def _caption(finding: Finding, caption: str, catalogue: Catalogue) -> str:
    return f"{caption} {catalogue.text('caption.blocks')}" if finding.about.blocks else caption


def _parts(traces: dict[str, Signal], catalogue: Catalogue) -> PageTable:
    rows = []
    for who, signal in traces.items():
        means = [number(_mean(part)) for part in np.array_split(signal.values, _PARTS)]
        rows.append([who, f"{len(signal) / signal.rate / 60:.1f}", f"{signal.coverage:.2f}", *means])
    names = [catalogue.text(f"column.{key}") for key in ("person", "minutes", "coverage")]
    return PageTable([*names, *(catalogue.text("column.mean-of-part", part=k + 1) for k in range(_PARTS))], rows)


def _mean(values: np.ndarray) -> float:
    valid = values[np.isfinite(values)]
    return float(valid.mean()) if len(valid) else float("nan")


_KEYS = Markup('<span class="key together"></span>'), Markup('<span class="key opposite"></span>')


def _map(finding: Finding, key: tuple[str, str, str], surface: Surface, name: str, catalogue: Catalogue) -> Figure:
    threshold = finding.map_threshold.get(key, float("nan"))
    first, second, channel = key
    facts: dict[str, Any] = {"signal": channel, "names": (first, second)}
    svg = figures.lag_map(
        surface, (first, second), threshold, name=name, alternative=catalogue.text("alternative.map", **facts),
        catalogue=catalogue,
    )  # fmt: skip
    words = [catalogue.text("caption.map", **facts), catalogue.text("caption.map-together")]
    words += [catalogue.text("caption.map-opposite"), _contour(surface, threshold, catalogue)]
    caption = Markup("{} {} {} {} {} {}").format(words[0], _KEYS[0], words[1], _KEYS[1], *words[2:])
    return Figure(svg, caption, [_coarse(surface, catalogue)], catalogue.text("caption.map-table"))


def _contour(surface: Surface, threshold: float, catalogue: Catalogue) -> str:
    if not np.isfinite(threshold):
        return catalogue.text("caption.contour-unknown")
    strongest = float(np.nanmax(np.abs(surface.r), initial=0.0))
    key = "caption.contour" if strongest > threshold else "caption.contour-nowhere"
    return catalogue.text(key, threshold=threshold)


def _coarse(surface: Surface, catalogue: Catalogue) -> PageTable:
    grid, (start, end) = figures.binned(surface, (12, 11))
    lags = np.linspace(surface.lags[0], surface.lags[-1], grid.shape[1])
    minutes = start / 60 + (np.arange(len(grid)) + 0.5) * (end - start) / 60 / len(grid)
    rows = [[f"{at:.1f}", *(number(cell) for cell in row)] for at, row in zip(minutes, grid, strict=True)]
    header = [catalogue.text("column.around"), *(catalogue.text("column.lag", lag=float(lag)) for lag in lags)]
    return PageTable(header, rows)


def _group_chance(finding: Finding, catalogue: Catalogue) -> Figure | None:
    rows = [_null_row(group, None, catalogue) for group in finding.groups if group.p is not None]
    return _chance(rows[:MAX_ROWS], "chance-group", catalogue) if rows else None


def _pair_chance(finding: Finding, catalogue: Catalogue) -> Iterator[Figure]:
    """Yield what coincidence gives for the pairs that stand out most; of a pair among many, only the nearest few."""
    answered = [c for c in finding.couplings if c.primary and c.p is not None]
    if finding.groups:
        answered = [c for c in answered if c.gate == "G1"]
    nearest = sorted(answered, key=lambda c: c.p if c.p is not None else 2.0)[: 3 if finding.groups else MAX_ROWS]
    if nearest:
        yield _chance([_null_row(c, c.pair, catalogue) for c in nearest], "chance-pairs", catalogue)


def _null_row(owner: Coupling | GroupFinding, pair: Sequence[str] | None, catalogue: Catalogue) -> NullComparison:
    kind = "group" if pair is None else "pair"
    label = catalogue.text(
        f"figure.null-{kind}-{owner.gate.lower()}",
        names=tuple(pair or ()),
        signal=owner.signal,
        copies=len(owner.nulls),
    )
    return NullComparison(label, owner.statistic, owner.nulls)


def _chance(rows: Sequence[NullComparison], name: str, catalogue: Catalogue) -> Figure:
    alternative = " ".join(
        catalogue.text("alternative.null", label=row.label, observed=row.observed, median=float(np.median(row.nulls)))
        for row in rows
    )
    svg = figures.against_chance(rows, name=name, alternative=alternative, catalogue=catalogue)
    keys = ("what", "observed", "null-median", "null-95", "as-strong", "of-copies")
    table = PageTable([catalogue.text(f"column.{key}") for key in keys], [_chance_cells(row) for row in rows])
    return Figure(svg, catalogue.text("caption.chance"), [table])


def _chance_cells(row: NullComparison) -> list[str]:
    middle, high = np.quantile(row.nulls, [0.5, 0.95])
    as_strong = int((row.nulls >= row.observed - 1e-12).sum())
    return [row.label, f"{row.observed:.3f}", f"{middle:.3f}", f"{high:.3f}", str(as_strong), str(len(row.nulls))]


def _of_group(finding: Finding, group: GroupFinding, name: str, catalogue: Catalogue) -> Iterator[Figure]:
    adjusted = finding.adjusted_ps()
    own = [c for c in finding.couplings if c.signal == group.signal and c.gate == "G1" and c.primary]
    marked = [c.pair for c in own if adjusted.get(id(c), 1.0) <= LINKAGE.alpha]
    alternative = catalogue.text("alternative.matrix", signal=group.signal)
    svg = figures.pair_matrix(group.people, group.matrix, marked, name=name, alternative=alternative)
    dots = catalogue.plural("caption.matrix-dots", len(marked)) if marked else catalogue.text("caption.matrix-no-dots")
    caption = f"{catalogue.text('caption.matrix', signal=group.signal)} {dots}"
    rows = [[who, *(number(cell) for cell in row)] for who, row in zip(group.people, group.matrix, strict=True)]
    yield Figure(svg, caption, [PageTable(["", *group.people], rows)])
    yield from _influence(finding, group, f"{name}-without", catalogue)


def _influence(finding: Finding, group: GroupFinding, name: str, catalogue: Catalogue) -> Iterator[Figure]:
    without = {who: value for who, (value, _) in group.without.items() if np.isfinite(value)}
    if not without:
        return
    order = [person.id for person in finding.about.people]
    svg = figures.influence(
        group.statistic, without, order, name=name, alternative=catalogue.text("alternative.influence"),
        catalogue=catalogue,
    )  # fmt: skip
    rows = [[who, number(value), number(p, ".3f")] for who, (value, p) in group.without.items()]
    header = [catalogue.text(f"column.{key}") for key in ("without", "value", "p")]
    yield Figure(svg, catalogue.text("caption.influence"), [PageTable(header, rows)])

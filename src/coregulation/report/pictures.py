"""Each picture with its caption, its text alternative and the table behind it; few, whatever the size of the session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from coregulation.analysis.results import Finding, GroupFinding
from coregulation.coupling.inference import Coupling
from coregulation.coupling.surface import Surface
from coregulation.report import blocks, figures
from coregulation.report.figures import NullComparison
from coregulation.report.markup import Markup, join_markup, tag
from coregulation.report.sentences import SIMULATED_SHORT, join_names, signal_name
from coregulation.signals import Signal

MAX_MAPS = 6
MAX_ROWS = 6
MAX_POINTS = 20_000  # in all lanes of a page, so that the page stays small

Cells = Sequence[Sequence[str]]


def pictures(finding: Finding) -> Iterator[Markup]:
    """Yield the figures of a finding, the group's first."""
    for k, channel in enumerate(dict.fromkeys(channel for _, channel in finding.traces)):
        yield _signals(finding, channel, f"signals-{k}")
    for k, group in enumerate(finding.groups):
        if group.gate == "G1" and np.isfinite(group.matrix).any():
            yield from _of_group(finding, group, f"group-{k}")
    for k, (key, surface) in enumerate(list(finding.surfaces.items())[:MAX_MAPS]):
        if len(surface.r):
            yield _map(finding, key, surface, f"map-{k}")
    yield from _nulls(finding)


def table(header: Sequence[str], rows: Cells) -> Markup:
    """Return a table that scrolls in a box of its own."""
    head = tag("tr", *(tag("th", cell, scope="col") for cell in header))
    body = [tag("tr", *(tag("td", cell, class_="wide" if len(cell) > 60 else None) for cell in row)) for row in rows]
    return tag("div", tag("table", tag("thead", head), tag("tbody", *body)), class_="scroll", tabindex="0")


def voices(people: Sequence[str], methods: Sequence[str]) -> Markup:
    """Return the same facts in two voices, of which the reader chooses one."""
    return join_markup(
        tag("div", tag("p", "For the people who were there", class_="voice-name"), *people, class_="for-people"),
        tag("div", tag("p", "For the methods section", class_="voice-name"), *methods, class_="for-methods"),
    )


def figure(finding: Finding, svg: Markup, caption: Sequence[str], behind: Markup) -> Markup:
    """Return a picture with its caption and the table behind it."""
    said = [tag("strong", SIMULATED_SHORT), " "] if finding.about.simulated else []
    return tag(
        "figure",
        tag("div", svg, class_="scroll", tabindex="0"),
        tag("figcaption", *said, *caption),
        tag("details", tag("summary", "The numbers behind this picture"), behind),
    )


def _signals(finding: Finding, channel: str, name: str) -> Markup:
    traces = {who: signal for (who, of), signal in finding.traces.items() if of == channel and len(signal)}
    order = [person.id for person in finding.about.people]
    points = max(120, min(500, MAX_POINTS // max(1, len(finding.traces))))
    said = signal_name(channel)
    alternative = f"{said.capitalize()} of {join_names(list(traces))} over time, one lane a person."
    svg = figures.signals(traces, order, finding.about, points, name=name, alternative=alternative)
    shaded = blocks.block_shades(finding.about)
    caption = (
        f"{said.capitalize()} as it was compared, each person in a lane of their own scale; the tallest spikes are cut. "
        f"Hatched: nothing usable was recorded, or several were answering one hard moment, which is no link.{shaded}"
    )
    return figure(finding, svg, [caption], _parts(traces))


def _parts(traces: dict[str, Signal]) -> Markup:
    rows = []
    for who, signal in traces.items():
        means = [_number(_mean(part)) for part in np.array_split(signal.values, 10)]
        rows.append([who, f"{len(signal) / signal.rate / 60:.1f} min", f"{signal.coverage:.2f}", *means])
    return table(["person", "length", "share there", *(f"mean, part {k}" for k in range(1, 11))], rows)


def _mean(values: np.ndarray) -> float:
    there = values[np.isfinite(values)]
    return float(there.mean()) if len(there) else float("nan")


def _map(finding: Finding, key: tuple[str, str, str], surface: Surface, name: str) -> Markup:
    threshold = finding.map_threshold.get(key, float("nan"))
    first, second, channel = key
    said = f"{signal_name(channel)} of {first} and {second}"
    svg = figures.lag_map(
        surface, (first, second), threshold, name=name, alternative=f"Correlation of {said} by time and lag."
    )
    caption: list[str] = [
        f"{said[0].upper()}{said[1:]}: who moved with whom, when (across) and how much later (up and down). ",
        tag("span", class_="key together"), " rising together, ", tag("span", class_="key opposite"),
        " one up while the other goes down; the paler, the weaker. ", _contour(surface, threshold),
    ]  # fmt: skip
    return figure(finding, svg, caption, _coarse(surface))


def _contour(surface: Surface, threshold: float) -> str:
    if not np.isfinite(threshold):
        return "There is no threshold, since the null could not be made."
    strongest = float(np.nanmax(np.abs(surface.r), initial=0.0))
    line = f"|r| = {threshold:.2f}, which 1 in 20 maps with the timing undone passes anywhere"
    return f"The line is drawn at {line}." if strongest > threshold else f"No spot passes {line}, so no line is drawn."


def _coarse(surface: Surface) -> Markup:
    grid, (start, end) = figures.binned(surface, (12, 11))
    lags = np.linspace(surface.lags[0], surface.lags[-1], grid.shape[1])
    minutes = start / 60 + (np.arange(len(grid)) + 0.5) * (end - start) / 60 / len(grid)
    rows = [[f"{at:.1f} min", *(_number(cell) for cell in row)] for at, row in zip(minutes, grid, strict=True)]
    return join_markup(
        tag("p", "The strongest correlation of each part of the map.", class_="small"),
        table(["around", *(f"lag {lag:+.1f} s" for lag in lags)], rows),
    )


def _nulls(finding: Finding) -> Iterator[Markup]:
    groups = [
        _held(group, f"The group, {signal_name(group.signal)}: {_against(group)}")
        for group in finding.groups
        if group.p
    ]
    if groups:
        yield _chance(finding, groups[:MAX_ROWS], "chance-group")
    primary = sorted((c for c in finding.couplings if c.primary and c.p is not None), key=lambda c: c.p or 0.0)
    if finding.groups:
        primary = [c for c in primary if c.gate == "G1"][:3]
    pairs = [_held(c, f"{join_names(c.pair)}, {signal_name(c.signal)}: {_against(c)}") for c in primary[:MAX_ROWS]]
    if pairs:
        yield _chance(finding, pairs, "chance-pairs")


def _held(owner: Coupling | GroupFinding, label: str) -> NullComparison:
    return NullComparison(label, owner.statistic, owner.nulls)


def _against(owner: Coupling | GroupFinding) -> str:
    if owner.gate == "G1":
        return f"{len(owner.nulls)} copies with the timing undone"
    what = "mixtures with people of other sessions" if isinstance(owner, GroupFinding) else "pseudo-dyads"
    return f"{len(owner.nulls)} {what}"


def _chance(finding: Finding, rows: Sequence[NullComparison], name: str) -> Markup:
    alternative = "; ".join(
        f"{row.label}: observed {row.observed:.3f}, median {np.median(row.nulls):.3f}" for row in rows
    )
    svg = figures.against_chance(rows, name=name, alternative=alternative)
    caption = (
        "Grey: how much alike it came out in each comparison that cannot hold a link. The marked line: what was recorded. "
        "The farther right of the grey, the harder it is to put down to chance."
    )
    header = ["what", "observed", "null, median", "null, 95th of 100", "as strong or stronger", "of"]
    return figure(finding, svg, [caption], table(header, [_held_row(row) for row in rows]))


def _held_row(row: NullComparison) -> list[str]:
    middle, high = np.quantile(row.nulls, [0.5, 0.95])
    as_strong = int((row.nulls >= row.observed - 1e-12).sum())
    return [row.label, f"{row.observed:.3f}", f"{middle:.3f}", f"{high:.3f}", str(as_strong), str(len(row.nulls))]


def _of_group(finding: Finding, group: GroupFinding, name: str) -> Iterator[Markup]:
    adjusted = finding.adjusted_ps()
    own = [c for c in finding.couplings if c.signal == group.signal and c.gate == "G1" and c.primary]
    marked = [c.pair for c in own if adjusted.get(id(c), 1.0) <= 0.05]
    said = signal_name(group.signal)
    svg = figures.pair_matrix(
        group.people, group.matrix, marked, name=name, alternative=f"How much alike each pair was in {said}."
    )
    dots = (
        f"A dot marks the {len(marked)} pairs"
        if len(marked) > 1
        else "A dot marks the one pair"
        if marked
        else "No pair is"
    )
    caption = (
        f"{said.capitalize()}, pair by pair: the deeper, the more alike. {dots}"
        f"{' that goes' if len(marked) == 1 else ' that go' if marked else ' marked, since none goes'} beyond own dynamics once "
        "all pairs are allowed for."
    )
    rows = [[who, *(_number(cell) for cell in row)] for who, row in zip(group.people, group.matrix, strict=True)]
    yield figure(finding, svg, [caption], table(["", *group.people], rows))
    yield from _influence(finding, group, f"{name}-without")


def _influence(finding: Finding, group: GroupFinding, name: str) -> Iterator[Markup]:
    without = {who: value for who, (value, _) in group.without.items() if np.isfinite(value)}
    if not without:
        return
    order = [person.id for person in finding.about.people]
    svg = figures.influence(
        group.statistic, without, order, name=name, alternative="The group's value with each person left out in turn."
    )
    caption = "The group's value with each person left out: to the left, that person adds to it; to the right, they take from it."
    rows = [[who, _number(value), "—" if p is None else f"{p:.3f}"] for who, (value, p) in group.without.items()]
    yield figure(finding, svg, [caption], table(["without", "value", "p"], rows))


def _number(value: float) -> str:
    return f"{value:.3g}" if np.isfinite(value) else "—"

"""The pictures: signals with their veil, lag by time, what chance gives, the group's pairs and what each person adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from coregulation.analysis.results import About
from coregulation.coupling.surface import Surface
from coregulation.report.blocks import shade_blocks
from coregulation.report.catalogue import Catalogue
from coregulation.report.drawing import (
    INK,
    MUTED,
    PAPER,
    RULE,
    STRONG,
    WIDE,
    draw_svg,
    envelope,
    line_of,
    margin_of,
    shorten,
    spans_of,
    veil,
    width_of,
)
from coregulation.signals import Floats, Signal, Unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEFT = 100  # px of a lane's margin, for its name
_TICK = 70  # px that a number on an axis needs
_SMOOTH = 240  # points of a curve that is laid over another
TOGETHER, OPPOSITE = (213, 94, 0), (0, 114, 178)  # Okabe & Ito's vermilion and blue: rising together, rising in turn


@dataclass(frozen=True, slots=True, eq=False)
class NullComparison:
    """An observed value and the values it is compared with, with a label."""

    label: str
    observed: float
    nulls: Floats


def signals(
    traces: Mapping[str, Signal], order: Sequence[str], about: About, points: int, *, name: str, alternative: str,
    catalogue: Catalogue,
) -> Markup:  # fmt: skip
    """Draw each person's signal in a lane of its own, blocks shaded, hatched where it is missing."""
    lane = 64.0 if len(traces) <= 6 else 40.0
    top, bottom = 26.0, 40.0
    height = top + lane * len(traces) + bottom
    start = min(signal.window.start for signal in traces.values())
    end = max(signal.window.end for signal in traces.values())

    def draw(figure: Figure) -> None:
        width = width_of(figure)
        for k, (who, signal) in enumerate(traces.items()):
            low = (bottom + lane * (len(traces) - 1 - k)) / height
            axes = figure.add_axes((_LEFT / width, low, (width - _LEFT - 12) / width, lane * 0.94 / height))
            _lane(axes, who, signal, order.index(who), points)
            axes.set_xlim(start / 60, end / 60)
            shade_blocks(axes, about, catalogue, labelled=k == 0)
            _marks(axes, about)
            last = k == len(traces) - 1
            axes.tick_params(labelbottom=last, bottom=last, left=False, labelleft=False)
            axes.spines["bottom"].set_visible(last)
            axes.spines["left"].set_visible(False)
        axes.set_xlabel(catalogue.text("figure.minutes"))

    return draw_svg(height, draw, name=name, alternative=alternative)


def overlay(
    traces: Mapping[str, Signal], order: Sequence[str], about: About, *, name: str, alternative: str,
    catalogue: Catalogue,
) -> Markup:  # fmt: skip
    """Draw people's signals over one another, each around its own mean and in its own standard deviations."""
    height = 250.0
    start = min(signal.window.start for signal in traces.values())
    end = max(signal.window.end for signal in traces.values())

    def draw(figure: Figure) -> None:
        width = width_of(figure)
        axes = figure.add_axes((16 / width, 44 / height, (width - 32) / width, 150 / height))
        axes.set_xlim(start / 60, end / 60)
        shade_blocks(axes, about, catalogue, labelled=True)
        drawn = [_standardised(axes, signal, order.index(who)) for who, signal in traces.items()]
        known = np.concatenate([values[np.isfinite(values)] for values in drawn])
        axes.set_ylim(*_range(known))
        for k, who in enumerate(traces):
            at = (8 + k * min(160.0, (width - 16) / len(traces))) / width
            figure.add_artist(_key(at, 0.955, 24 / width, order.index(who)))
            figure.text(at + 30 / width, 0.955, shorten(who, 14), fontsize=12, va="center")
        axes.tick_params(left=False, labelleft=False)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(catalogue.text("figure.minutes"))

    return draw_svg(height, draw, name=name, alternative=alternative)


def _standardised(axes: Axes, signal: Signal, person: int) -> Floats:
    """Draw a signal in its own standard deviations, in means of at most `_SMOOTH` parts."""
    parts = np.array_split(signal.values, min(len(signal), _SMOOTH))
    values = np.array([part[np.isfinite(part)].mean() if np.isfinite(part).any() else np.nan for part in parts])
    spread = float(np.nanstd(values)) or 1.0
    values = (values - np.nanmean(values)) / spread
    times = signal.start + (np.arange(len(values)) + 0.5) * len(signal) / len(values) / signal.rate
    axes.plot(times / 60, values, linewidth=1.6, **line_of(person))
    return np.asarray(values, np.float64)


def _key(at: float, height: float, length: float, person: int) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([at, at + length], [height, height], linewidth=2.2, **line_of(person))


def _lane(axes: Axes, who: str, signal: Signal, person: int, points: int) -> None:
    times, values = envelope(signal, points)
    axes.plot(times / 60, values, linewidth=1.1, **line_of(person))
    veil(axes, spans_of(~np.isfinite(signal.values), signal.start / 60, 1 / signal.rate / 60))
    valid = signal.values[np.isfinite(signal.values)]
    key = [margin_of(axes, _LEFT - 6), margin_of(axes, _LEFT - 28)]
    axes.plot(key, [0.78, 0.78], transform=axes.transAxes, clip_on=False, linewidth=2.0, **line_of(person))
    _beside(axes, 0.5, shorten(who, 12), fontsize=11.5)
    if len(valid):
        axes.set_ylim(*_range(valid))
        _scale(axes, valid, signal.unit)


def _scale(axes: Axes, valid: Floats, unit: Unit) -> None:
    """Say which values a lane spans, where its unit says something."""
    if unit is not Unit.ARBITRARY and axes.bbox.height > 50:
        low, high = np.percentile(valid, [0.5, 99.5])
        _beside(axes, 0.22, f"{_short(low)}–{_short(high)} {unit.symbol}", fontsize=8.5, color=MUTED)


def _beside(axes: Axes, height: float, text: str, **style: Any) -> None:
    """Write into the margin left of a lane."""
    axes.text(margin_of(axes, _LEFT - 6), height, text, transform=axes.transAxes, va="center", ha="left", **style)


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.2g}"


def _range(values: Floats) -> tuple[float, float]:
    """Return limits that a lone spike does not stretch."""
    low, high = (float(edge) for edge in np.percentile(values, [0.5, 99.5]))
    margin = 0.2 * (high - low) or 1.0
    return low - margin, high + margin


def _marks(axes: Axes, about: About) -> None:
    for mark in about.marks:
        axes.axvline(mark.time / 60, color=MUTED, linewidth=0.8, linestyle=(0, (3, 3)))


def lag_map(
    surface: Surface, pair: tuple[str, str], threshold: float, *, name: str, alternative: str, catalogue: Catalogue
) -> Markup:
    """Draw correlation by time and lag, with a contour where the null's threshold is passed."""
    grid, edges = binned(surface)
    low, high = float(surface.lags[0]), float(surface.lags[-1])
    half = (surface.lags[1] - surface.lags[0]) / 2 if len(surface.lags) > 1 else 0.5

    def draw(figure: Figure) -> None:
        width = width_of(figure)
        axes = figure.add_axes((52 / width, 44 / 250, (width - 64) / width, 180 / 250))
        extent = (edges[0] / 60, edges[1] / 60, low - half, high + half)
        axes.imshow(_tinted(grid), extent=extent, aspect="auto", origin="lower", interpolation="none")
        strong = np.nan_to_num(np.abs(grid.T))
        if np.isfinite(threshold) and strong.max(initial=0.0) > threshold and min(strong.shape) > 1:
            axes.contour(strong, [threshold], extent=extent, colors=[INK], linewidths=1.2)
        step = (edges[1] - edges[0]) / len(grid) / 60
        veil(axes, spans_of(np.asarray(~np.isfinite(grid).any(axis=1)), edges[0] / 60, step))
        axes.axhline(0, color=INK, linewidth=0.7, linestyle=(0, (2, 3)))
        for at, who, va in ((0.97, pair[0], "top"), (0.03, pair[1], "bottom")):
            _label(axes, at, catalogue.text("figure.first", name=shorten(who, 18)), va)
        axes.set_xlabel(catalogue.text("figure.minutes"))
        axes.set_ylabel(catalogue.text("figure.lag"))

    return draw_svg(250, draw, name=name, alternative=alternative)


def _label(axes: Axes, at: float, text: str, va: str) -> None:
    box = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 2.0}
    axes.text(0.01, at, text, transform=axes.transAxes, va=va, ha="left", fontsize=11, bbox=box)


def binned(surface: Surface, most: tuple[int, int] = (280, 41)) -> tuple[Floats, tuple[float, float]]:
    """Return the strongest r of each cell of a coarser map, shape (times, lags), and the session times of its edges (s)."""
    hop = float(np.median(np.diff(surface.centres))) if len(surface.centres) > 1 else 1.0
    start = float(surface.centres[0]) - hop / 2
    rows = np.rint((surface.centres - surface.centres[0]) / hop).astype(int)
    per_time = int(np.ceil((rows[-1] + 1) / most[0]))
    per_lag = int(np.ceil(len(surface.lags) / most[1]))
    shape = (int(rows[-1] // per_time) + 1, (len(surface.lags) - 1) // per_lag + 1)
    full = np.full((shape[0] * per_time, shape[1] * per_lag), np.nan)
    full[rows, : len(surface.lags)] = surface.r
    cells = full.reshape(shape[0], per_time, shape[1], per_lag).transpose(0, 2, 1, 3).reshape(*shape, -1)
    strongest = np.abs(np.nan_to_num(cells)).argmax(axis=2)[..., None]
    picked = np.take_along_axis(cells, strongest, axis=2)[..., 0]
    empty = ~np.isfinite(cells).any(axis=2)
    return np.where(empty, np.nan, np.nan_to_num(picked)), (start, start + len(full) * hop)


def _tinted(grid: Floats) -> npt.NDArray[np.uint8]:
    """Return colours whose hue is the sign and whose opacity is |r|, so that nothing looks like the page, light or dark."""
    r = np.nan_to_num(grid.T)
    image = np.zeros((*r.shape, 4), np.uint8)
    image[..., :3] = np.where(r[..., None] >= 0, TOGETHER, OPPOSITE)
    image[..., 3] = np.rint(np.abs(r) * 31).astype(np.uint8) * 8  # 32 steps: no eye sees more, and the file is small
    return image


def against_chance(rows: Sequence[NullComparison], *, name: str, alternative: str, catalogue: Catalogue) -> Markup:
    """Draw, for each row, how often each value came out with the timing undone, and where the observed one lies."""
    each, bottom = 92.0, 46.0
    height = each * len(rows) + bottom
    everything = np.concatenate([np.append(row.nulls, row.observed) for row in rows])
    low, high = float(everything.min()), float(everything.max())
    margin = 0.06 * (high - low) or 0.05
    edges = np.linspace(low - margin, high + margin, 49)

    def draw(figure: Figure) -> None:
        width = width_of(figure)
        for k, row in enumerate(rows):
            low = (bottom + each * (len(rows) - 1 - k)) / height
            axes = figure.add_axes((16 / width, low, (width - 32) / width, each * 0.7 / height))
            counts, _ = np.histogram(row.nulls, edges)
            axes.stairs(counts, edges, fill=True, facecolor=RULE, edgecolor="none")
            axes.set_xlim(edges[0], edges[-1])
            axes.set_ylim(0, max(counts.max(), 1) * 1.05)
            axes.locator_params(axis="x", nbins=int(width / _TICK))
            _observed(axes, row, edges, catalogue.text("figure.observed"))
            axes.tick_params(left=False, labelleft=False, labelbottom=k == len(rows) - 1)
            axes.spines["left"].set_visible(False)
        axes.set_xlabel(catalogue.text("figure.alike"))

    return draw_svg(height, draw, name=name, alternative=alternative)


def _observed(axes: Axes, row: NullComparison, edges: Floats, label: str) -> None:
    axes.axvline(row.observed, color=STRONG, linewidth=2.2)
    axes.plot(
        [row.observed],
        [0.97],
        marker="v",
        color=STRONG,
        markersize=8,
        transform=axes.get_xaxis_transform(),
        clip_on=False,
    )
    right = row.observed > (edges[0] + edges[-1]) / 2
    axes.annotate(
        label, (row.observed, 0.72), xycoords=axes.get_xaxis_transform(), xytext=(-6 if right else 6, 0),
        textcoords="offset points", ha="right" if right else "left", fontsize=11,
        bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 1.0},
    )  # fmt: skip
    axes.text(0, 1.06, shorten(row.label, int(axes.bbox.width / 6.4)), transform=axes.transAxes, fontsize=11.5)


def pair_matrix(
    people: Sequence[str], matrix: Floats, marked: Sequence[tuple[str, str]], *, name: str, alternative: str
) -> Markup:
    """Draw each pair's statistic as the depth of a cell, with a dot where a pair goes beyond own dynamics."""
    n = len(people)
    height = 110 + min(44.0, (WIDE - 130) / n) * n

    def draw(figure: Figure) -> None:
        width = width_of(figure)
        cell = min((height - 110) / n, (width - 100) / n)
        axes = figure.add_axes((90 / width, 1 - (100 + cell * n) / height, cell * n / width, cell * n / height))
        top = float(np.nanmax(matrix)) if np.isfinite(matrix).any() else 1.0
        image = np.zeros((n, n, 4), np.uint8)
        image[..., :3] = OPPOSITE
        image[..., 3] = np.rint(np.nan_to_num(matrix) / (top or 1.0) * 230).clip(0, 255)
        axes.imshow(image, extent=(-0.5, n - 0.5, n - 0.5, -0.5), interpolation="none")
        for i, j in np.argwhere(~np.isfinite(matrix)):
            if i != j:
                axes.text(j, i, "×", ha="center", va="center", color=MUTED)
        where = [(people.index(a), people.index(b)) for a, b in marked]
        dots = np.array(where + [(b, a) for a, b in where]).reshape(-1, 2)
        axes.scatter(dots[:, 1], dots[:, 0], s=26, color=PAPER, edgecolors=INK, linewidths=1.2)
        names = [shorten(who, 11) for who in people]
        axes.tick_params(labelsize=min(11.0, max(7.0, cell * 0.8)))
        axes.set_xticks(range(n), names, rotation=60, ha="left", rotation_mode="anchor")
        axes.set_yticks(range(n), names)
        axes.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)

    return draw_svg(height, draw, name=name, alternative=alternative)


def influence(
    of_everybody: float,
    without: Mapping[str, float],
    order: Sequence[str],
    *,
    name: str,
    alternative: str,
    catalogue: Catalogue,
) -> Markup:
    """Draw the group's statistic with each person left out, beside that of all."""
    height = 66 + 20.0 * len(without)

    def draw(figure: Figure) -> None:
        width = width_of(figure)
        axes = figure.add_axes((130 / width, 46 / height, (width - 150) / width, 20.0 * len(without) / height))
        axes.locator_params(axis="x", nbins=int((width - 150) / _TICK))
        axes.axvline(of_everybody, color=MUTED, linewidth=1.0, linestyle=(0, (4, 3)))
        for row, (who, value) in enumerate(without.items()):
            axes.plot([of_everybody, value], [row, row], linewidth=2.0, **line_of(order.index(who)))
            axes.plot([value], [row], marker="o", markersize=6, color=line_of(order.index(who))["color"])
        axes.set_yticks(
            range(len(without)), [catalogue.text("figure.without", name=shorten(who, 11)) for who in without]
        )
        axes.set_ylim(len(without) - 0.5, -0.5)
        axes.annotate(
            catalogue.text("figure.all"),
            (of_everybody, 1),
            xycoords=axes.get_xaxis_transform(),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            fontsize=11,
        )
        axes.tick_params(left=False)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(catalogue.text("figure.group-alike"))

    return draw_svg(height, draw, name=name, alternative=alternative)

"""Pictures of who steadies whom: the way it went with what the partner lent, the ways back, the ledger as two flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from coregulation.regulation.design import Design
from coregulation.regulation.interval import Interval
from coregulation.regulation.recovery import Recovery
from coregulation.regulation.result import Trajectory
from coregulation.report.catalogue import Catalogue
from coregulation.report.drawing import BAND, INK, MUTED, PAPER, RULE, draw_svg, line_of, margin_of, shorten, width_of
from coregulation.signals import Bools, Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEFT = 96


@dataclass(frozen=True, slots=True)
class Flow:
    """What one lent the other over a session, in index-seconds."""

    giver: str
    receiver: str
    lent: Interval


def draw_trajectories(
    account: Mapping[str, Trajectory], design: Design, order: Sequence[str], unit: str, *, name: str, alternative: str,
    catalogue: Catalogue,
) -> Markup:  # fmt: skip
    """Draw everybody's index over the own zero, company shaded, and as an area what the others' part in it was."""
    lane, top, bottom = 120.0, 22.0, 42.0
    height = top + lane * len(account) + bottom

    def draw(figure: Figure) -> None:
        width = width_of(figure)
        for k, (who, course) in enumerate(account.items()):
            low = (bottom + lane * (len(account) - 1 - k)) / height
            axes = figure.add_axes((_LEFT / width, low, (width - _LEFT - 12) / width, lane * 0.9 / height))
            _course(axes, course, order.index(who))
            _company(axes, design, who, catalogue.text("figure.together") if k == 0 else "")
            axes.set_xlim(course.times[0] / 60, course.times[-1] / 60)
            last = k == len(account) - 1
            axes.tick_params(labelbottom=last, bottom=last)
            axes.annotate(
                shorten(who, 11), (0, 1), xycoords="axes fraction", xytext=(-_LEFT + 8, -12),
                textcoords="offset points", fontsize=11.5,
            )  # fmt: skip
            axes.plot(
                [margin_of(axes, _LEFT - 8), margin_of(axes, _LEFT - 38)], [0.72, 0.72], transform=axes.transAxes, clip_on=False, linewidth=2.0,
                **line_of(order.index(who)),
            )  # fmt: skip
        axes.set_xlabel(catalogue.text("figure.minutes"))
        figure.text(8 / width, bottom / 2.6 / height, unit, fontsize=9.5, color=MUTED, va="center")

    return draw_svg(height, draw, name=name, alternative=alternative)


def _course(axes: Axes, course: Trajectory, person: int) -> None:
    minutes = course.times / 60
    line = line_of(person)
    axes.axhline(0, color=RULE, linewidth=0.8)
    axes.plot(minutes, course.seen, color=MUTED, linewidth=0.6, alpha=0.65)
    if np.isfinite(course.path).any():
        for flags, hatch in ((course.without >= course.path, None), (course.without < course.path, "xxxx")):
            axes.fill_between(
                minutes, course.path, course.without, where=_widened(flags).tolist(), facecolor=line["color"] if hatch is None else "none",
                edgecolor="none" if hatch is None else INK, alpha=0.35, linewidth=0, hatch=hatch,
            )  # fmt: skip
        axes.plot(minutes, course.without, linewidth=0.8, color=line["color"], linestyle=(0, (1, 1.2)))
        axes.plot(minutes, course.path, linewidth=1.6, **line)
    known = np.concatenate([part[np.isfinite(part)] for part in (course.seen, course.path, course.without)])
    low, high = np.percentile(known, [0.3, 99.7]) if len(known) else (-1.0, 1.0)
    axes.set_ylim(low - 0.1 * (high - low), high + 0.15 * (high - low))


def _widened(flags: Bools) -> Bools:
    out = flags.copy()
    out[:-1] |= flags[1:]
    return out


def _company(axes: Axes, design: Design, who: str, label: str) -> None:
    spans: list[list[float]] = []
    for span in design.spans:
        if span.company:
            if spans and span.start <= spans[-1][1] + 1.0:
                spans[-1][1] = span.end
            else:
                spans.append([span.start, span.end])
    for start, end in spans:
        axes.axvspan(start / 60, end / 60, facecolor=BAND, edgecolor="none", zorder=0)
        if label:
            axes.annotate(
                label, (start / 60, 1), xycoords=axes.get_xaxis_transform(), xytext=(2, 4),
                textcoords="offset points", fontsize=10, color=MUTED,
            )  # fmt: skip
    for probe in design.probes:
        if who in probe.hit:
            at = ([probe.start / 60, probe.end / 60], [0.985, 0.985])
            axes.plot(*at, transform=axes.get_xaxis_transform(), color=INK, linewidth=3.0, solid_capstyle="butt")


def draw_recoveries(
    recoveries: Sequence[Recovery], account: Mapping[str, Trajectory], order: Sequence[str], unit: str, *, name: str,
    alternative: str, catalogue: Catalogue,
) -> Markup:  # fmt: skip
    """Draw every recovery over the others, alone and together, from the end of the stressor on, over the own zero."""
    people = list(dict.fromkeys(item.person for item in recoveries))
    height = 250.0
    labels = (catalogue.text("figure.alone"), catalogue.text("figure.together"))

    def draw(figure: Figure) -> None:
        width = width_of(figure)
        each = (width - 4) / len(people)
        for k, who in enumerate(people):
            axes = figure.add_axes(((32 + k * each) / width, 44 / height, (each - 40) / width, 170 / height))
            axes.axhline(0, color=RULE, linewidth=0.8)
            mine = [item for item in recoveries if item.person == who]
            for together in (False, True):
                chosen = [item for item in mine if item.together == together]
                _overlaid(axes, chosen, account[who], order.index(who), labels[together])
            axes.set_title(shorten(who, 18), fontsize=11.5, loc="left", color=INK)
            axes.set_xlabel(catalogue.text("figure.since"))
        figure.text(4 / width, 240 / height, unit, fontsize=9.5, color=MUTED)

    return draw_svg(height, draw, name=name, alternative=alternative)


def _overlaid(axes: Axes, recoveries: Sequence[Recovery], course: Trajectory, person: int, label: str) -> None:
    together = any(item.together for item in recoveries)
    colour = line_of(person)["color"] if together else MUTED
    ends: list[tuple[float, float]] = []
    for item in recoveries:
        inside = (course.times >= item.probe.end - 1) & (course.times <= item.probe.until)
        at, values = course.times[inside] - item.probe.end, _best(course)[inside]
        axes.plot(
            at, values, color=colour, linewidth=1.5 if together else 1.1, linestyle="-" if together else (0, (4, 2))
        )
        if len(at):
            ends.append((float(at[len(at) // 4]), float(values[len(at) // 4])))
    if ends:
        x, y = max(ends, key=lambda end: end[1]) if not together else min(ends, key=lambda end: end[1])
        box = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 1.0}
        axes.annotate(
            label, (x, y), xytext=(6, -10 if together else 8), textcoords="offset points",
            fontsize=10.5, color=colour, bbox=box,
        )  # fmt: skip


def _best(course: Trajectory) -> Floats:
    return course.path if np.isfinite(course.path).any() else course.seen


def draw_flows(lent: Sequence[Flow], *, name: str, alternative: str, catalogue: Catalogue) -> Markup:
    """Draw the ledger as flows between two names: as thick as what was lent, dashed where it may be nothing."""
    height = 16.0 + 52.0 * len(lent)
    most = max((abs(flow.lent.value) for flow in lent), default=1.0) or 1.0

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, width_of(figure))
        axes.set_ylim(0, height)
        axes.axis("off")
        for row, flow in enumerate(lent):
            y = height - 36 - 52 * row
            _flow(axes, flow, y, abs(flow.lent.value) / most, catalogue)

    return draw_svg(height, draw, name=name, alternative=alternative)


def _flow(axes: Axes, flow: Flow, y: float, share: float, catalogue: Catalogue) -> None:
    width = axes.get_xlim()[1]
    sure = flow.lent.above(0) or flow.lent.below(0)
    axes.text(92, y, shorten(flow.giver, 12), ha="right", va="center", fontsize=12)
    axes.text(width - 92, y, shorten(flow.receiver, 12), ha="left", va="center", fontsize=12)
    axes.annotate(
        "", (width - 100, y), (100, y),
        arrowprops={
            "arrowstyle": "-|>", "linewidth": 1.2 + 6 * share if sure else 1.2, "linestyle": "-" if sure else (0, (4, 3)),
            "color": INK if sure else MUTED, "mutation_scale": 18, "shrinkA": 0, "shrinkB": 0,
        },
    )  # fmt: skip
    key = "figure.lent" if sure else "figure.lent-perhaps"
    text = catalogue.text(key, value=flow.lent.value, low=flow.lent.low, high=flow.lent.high)
    axes.text(
        width / 2, y + 10, text, ha="center", va="bottom", fontsize=10.5, color=INK if sure else MUTED,
    )  # fmt: skip

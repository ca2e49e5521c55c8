"""The picture of a power table: one line per measure over the strengths as they were written, readable on light and dark."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from coregulation.coupling.settings import LINKAGE
from coregulation.report.catalogue import Catalogue
from coregulation.report.markup import Markup, join_markup, tag
from coregulation.study.design import Strength
from coregulation.study.power import Power, PowerRow
from coregulation.study.power_text import measure_title

_WIDTH, _LEFT, _RIGHT, _TOP, _HEIGHT, _BELOW = 760, 56, 700, 56, 260, 44  # of the drawing, in SVG units
_KEY = 20  # height of a line of the key
# Okabe & Ito's colours that stand out on white and on black, each with a line of its own
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_DASHES = (None, "7 3", "2 3", "9 3 2 3", "4 4", "1 5")
_INK = "#808080"  # between white and black: read on either


def draw_power_curve(table: Power, catalogue: Catalogue | None = None) -> str:
    """Draw the power of one pair over the strengths, with 95 % intervals, for the design as written.

    Parameters
    ----------
    table
        The power table.
    catalogue
        The reader's language; English by default.

    Returns
    -------
    str
        An SVG file.
    """
    catalogue = catalogue or Catalogue()
    rows = table.as_written()
    names = list(dict.fromkeys(row.strength for row in rows))
    measures = list(dict.fromkeys(row.measure for row in rows))
    height = _TOP + _HEIGHT + _BELOW + _KEY * len(measures) + 10
    title = catalogue.text("power.picture-title", title=table.plan.title)
    parts = [_frame(names, table.plan.goal, catalogue)]
    joins = [_grows(a, b) for a, b in itertools.pairwise(table.plan.strength)]
    for k, measure in enumerate(measures):
        parts.append(_line([row for row in rows if row.measure == measure], joins, k, len(measures)))
        parts.append(_key(measure_title(measure, catalogue), k))
    heading = _text(_LEFT, 22, title, size="15")
    below = catalogue.text("power.picture-below", minutes=rows[0].minutes, wearing=table.plan.wearing)
    under = _text(_LEFT, 40, below)
    return str(
        tag(
            "svg", tag("title", title), heading, under, *parts, xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_WIDTH} {height}", font_family="sans-serif", role="img",
        )
    )  # fmt: skip


def _x(position: float, count: int) -> float:
    return round(_LEFT + (position + 0.5) * (_RIGHT - _LEFT) / count, 1)


def _y(share: float) -> float:
    return round(_TOP + _HEIGHT * (1 - share), 1)


def _frame(names: Sequence[str], goal: float, catalogue: Catalogue) -> Markup:
    rules = [
        join_markup(_rule(share, 0.35), _text(_LEFT - 8, _y(share) + 4, f"{share:g}", anchor="end"))
        for share in (0, 0.25, 0.5, 0.75, 1)
    ]
    at = _TOP + _HEIGHT + 20
    labels = [_text(_x(k, len(names)), at, name, anchor="middle") for k, name in enumerate(names)]
    levels = [
        join_markup(_rule(share, 1, "5 4"), _text(_RIGHT + 6, _y(share) + 4, what))
        for share, what in ((goal, catalogue.text("power.goal")), (LINKAGE.alpha, catalogue.text("power.chance")))
    ]
    return join_markup(*rules, *labels, *levels)


def _rule(share: float, opacity: float, dashes: str | None = None) -> Markup:
    return tag(
        "path", d=f"M{_LEFT} {_y(share)}H{_RIGHT}", stroke=_INK, stroke_opacity=f"{opacity:g}", stroke_dasharray=dashes
    )  # fmt: skip


def _line(rows: Sequence[PowerRow], joins: Sequence[bool], k: int, of: int) -> Markup:
    """Return a measure's line; the measures stand a little beside each other, so that no interval hides another."""
    colour = _COLOURS[k % len(_COLOURS)]
    aside = 0.05 * (k - (of - 1) / 2)
    at = [(_x(place + aside, len(rows)), _y(row.power), row.power_interval) for place, row in enumerate(rows)]
    steps = itertools.pairwise(at)
    path = "".join(f"M{a[0]} {a[1]}L{b[0]} {b[1]}" for (a, b), join in zip(steps, joins, strict=True) if join)
    bars = "".join(f"M{x} {_y(low)}V{_y(high)}" for x, _, (low, high) in at)
    dots = [tag("circle", cx=f"{x}", cy=f"{y}", r="3.5", fill=colour) for x, y, _ in at]
    line = tag("path", d=path, stroke=colour, stroke_width="2", stroke_dasharray=_DASHES[k % len(_DASHES)])
    return join_markup(line, tag("path", d=bars, stroke=colour, stroke_width="1.5"), *dots)


def _grows(weaker: Strength, stronger: Strength) -> bool:
    """Return whether the second is more of the same: only then does a line between the two mean anything."""
    sizes = [(s.drive, s.moments, s.breath, 1 / s.ratio) for s in (weaker, stronger)]
    return all(a <= b for a, b in zip(*sizes, strict=True))


def _key(name: str, k: int) -> Markup:
    y = _TOP + _HEIGHT + _BELOW + _KEY * k
    colour, dashes = _COLOURS[k % len(_COLOURS)], _DASHES[k % len(_DASHES)]
    line = tag("path", d=f"M{_LEFT} {y}h34", stroke=colour, stroke_width="2", stroke_dasharray=dashes)
    return join_markup(line, _text(_LEFT + 42, y + 4, name))


def _text(x: float, y: float, content: str, anchor: str = "start", size: str = "12") -> Markup:
    return tag("text", content, x=f"{x:g}", y=f"{y:g}", fill=_INK, font_size=size, text_anchor=anchor)

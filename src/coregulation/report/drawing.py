"""Matplotlib figures as inline SVG that takes its colours from the page, so that light, dark and paper all read well.

Figures are drawn in placeholder colours; in the SVG each becomes a CSS variable of `page.css`. No pyplot: a figure is an
object and leaves nothing behind. One unit of a figure is one CSS pixel at its natural width. Every figure is drawn twice, for a
desktop and for a phone, and the page shows the one that fits, so that letters stay large enough to read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from coregulation.report.fonts import OWN, without_glyph_warnings
from coregulation.signals import Bools, Floats, Signal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

WIDE, NARROW = 640, 360  # natural widths, in CSS pixels

INK, MUTED, RULE, PAPER, BAND, STRONG = (f"#0100{k:02x}" for k in range(6))
_VARIABLES = dict(
    zip((INK, MUTED, RULE, PAPER, BAND, STRONG), ("ink", "muted", "rule", "paper", "band", "strong"), strict=True)
)
PEOPLE = tuple(f"#0200{k:02x}" for k in range(7))  # Okabe & Ito's colours, by a name of ours
_VARIABLES |= {colour: f"person-{k}" for k, colour in enumerate(PEOPLE)}
FORMS: tuple[Any, ...] = ("-", (0, (7, 1.4)), (0, (7, 1.4, 1.6, 1.4)), (0, (2.4, 1.2)))

_STYLE: Any = {
    "svg.fonttype": "none", "svg.hashsalt": "coregulation", "text.usetex": False, "path.simplify": True,
    "font.size": 12.0, "font.family": [OWN], "axes.unicode_minus": True,
    "text.color": INK, "axes.labelcolor": MUTED, "axes.edgecolor": RULE, "axes.linewidth": 1.0,
    "axes.facecolor": "none", "axes.spines.top": False, "axes.spines.right": False, "axes.grid": False,
    "xtick.color": RULE, "ytick.color": RULE, "xtick.labelcolor": MUTED, "ytick.labelcolor": MUTED,
    "xtick.labelsize": 11.0, "ytick.labelsize": 11.0, "hatch.linewidth": 0.8, "image.composite_image": False,
}  # fmt: skip


def draw_svg(height: float, draw: Callable[[Figure], None], *, name: str, alternative: str) -> Markup:
    """Draw a figure by a function, once for a desktop and once for a phone, as inline SVG with a text alternative.

    Parameters
    ----------
    height
        In CSS pixels, of both.
    draw
        What draws on the figure; `width_of` says how wide it is.
    name
        Prefix of the ids inside, unlike that of any other figure of the page.
    alternative
        What the picture shows, in words.
    """
    wide = _draw(WIDE, height, draw)
    narrow = _draw(NARROW, height, draw)
    return _inline(wide, name, alternative, "wide") + _inline(narrow, f"{name}-narrow", alternative, "narrow")


def width_of(figure: Figure | SubFigure) -> float:
    """Return the width of a figure in CSS pixels."""
    return float(figure.bbox.width)


def margin_of(axes: Axes, pixels: float) -> float:
    """Return the place so many CSS pixels left of axes, in fractions of their width."""
    return -pixels / float(axes.bbox.width)


def _draw(width: float, height: float, draw: Callable[[Figure], None]) -> str:
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with (
        matplotlib.rc_context(_STYLE),
        without_glyph_warnings(),
    ):  # the SVG writer asks these of the library, and gets its own back afterwards
        figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="none")
        draw(figure)
        out = io.StringIO()
        FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return out.getvalue()


_SVG = Markup('<svg class="{}" {} role="img" aria-label="{}"><title>{}</title>{}</svg>')


def _inline(svg: str, name: str, alternative: str, kind: str) -> Markup:
    body = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    box = re.search(r'viewBox="[^"]*"', svg)
    assert box is not None
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", body, flags=re.S)
    body = re.sub(r"#0[12]00[0-9a-f]{2}", lambda match: f"var(--{_VARIABLES[match[0]]})", body)
    body = body.replace(f"'{OWN}'", f"'{OWN}', sans-serif")  # which few readers have installed
    body = _own_names(_rounded(body), name)
    return _SVG.format(kind, Markup(box[0]), alternative, alternative, Markup(body))


def _rounded(body: str) -> str:
    """Return the SVG with a tenth of a pixel kept in its paths."""
    return re.sub(
        r' d="([^"]*)"', lambda path: f' d="{re.sub(r"-?[0-9]+[.][0-9]+", _tenth, path[1]).strip()}"', body
    ).replace("\n", " ")


def _tenth(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


def _own_names(body: str, name: str) -> str:
    """Keep only the ids that something refers to, and make them the figure's own."""
    used = set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", body))
    body = re.sub(r' id="([^"]+)"', lambda i: f' id="{name}-{i[1]}"' if i[1] in used else "", body)
    return re.sub(r"(url\(#|href=\"#)", rf"\g<1>{name}-", body)


def line_of(person: int) -> dict[str, Any]:
    """Return the colour and the line form that a person has in every picture."""
    return {"color": PEOPLE[person % len(PEOPLE)], "linestyle": FORMS[person % len(FORMS)]}


def envelope(signal: Signal, most: int) -> tuple[Floats, Floats]:
    """Return times and values to draw: all of them, or each of `most` spans' least and largest in turn."""
    size = int(np.ceil(len(signal) / most))
    if size <= 2:
        return signal.times, signal.values
    padded = np.full(most * size, np.nan)
    padded[: len(signal)] = signal.values
    spans = padded.reshape(most, size)
    finite = np.isfinite(spans)
    low = np.where(finite.any(axis=1), np.where(finite, spans, np.inf).min(axis=1), np.nan)
    high = np.where(finite.any(axis=1), np.where(finite, spans, -np.inf).max(axis=1), np.nan)
    values = np.stack([low, high], axis=1).ravel()
    times = signal.start + (np.arange(most)[:, None] + [0.25, 0.75]) * size / signal.rate
    return times.ravel(), values


def spans_of(flags: Bools, start: float, step: float) -> list[tuple[float, float]]:
    """Return where flags are up, as (start, length) in the units of `start` and `step`."""
    edges = np.diff(np.concatenate(([0], flags.astype(np.int8), [0])))
    begins, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return [(start + a * step, (b - a) * step) for a, b in zip(begins.tolist(), ends.tolist(), strict=True)]


def veil(axes: Axes, spans: list[tuple[float, float]]) -> None:
    """Hatch spans over the whole height: nothing is known here."""
    if spans:
        axes.broken_barh(
            spans, (0, 1), transform=axes.get_xaxis_transform(), facecolor="none", edgecolor=MUTED, hatch="/////",
            linewidth=0, alpha=0.7,
        )  # fmt: skip


_SWATCH = Markup(
    '<svg viewBox="0 0 36 8" class="line" aria-hidden="true"><path d="M0 4H36" fill="none" stroke="var(--person-{})" '
    'stroke-width="3"{}></path></svg>'
)


def swatch(person: int) -> Markup:
    """Return a short piece of a person's line, to stand beside a name."""
    form = FORMS[person % len(FORMS)]
    dashes = (
        ""
        if form == "-"
        else Markup(' stroke-dasharray="{}"').format(" ".join(f"{2 * length:g}" for length in form[1]))
    )
    return _SWATCH.format(person % len(PEOPLE), dashes)


def shorten(text: str, most: int) -> str:
    """Return a name short enough for its place."""
    return text if len(text) <= most else text[: most - 1] + "…"

"""The section on an ordinary hour: whether rises end sooner when the other was settled, its picture, and what it assumes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from coregulation.analysis.finding import Finding
from coregulation.analysis.natural import NaturalFinding
from coregulation.regulation.gate import VerdictKind
from coregulation.regulation.natural.answer import DrawnRise, NaturalDirection
from coregulation.regulation.natural.statements import left, natural_evidence
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.catalogue.formatter import MISSING
from coregulation.report.drawing import INK, MUTED, RULE, draw_svg, line_of, shorten, width_of
from coregulation.report.methods_writer import MethodsWriter
from coregulation.report.natural_text import event_words, preceding_sentences
from coregulation.report.parts import Figure, PageTable, number
from coregulation.report.rendering import say_all
from coregulation.signals import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

NATURAL_KINDS = frozenset({VerdictKind.SOONER_WHEN_SETTLED, VerdictKind.LATER_WHEN_SETTLED})
_ASSUMED = ("natural.assumed-same", "natural.assumed-alike", "natural.assumed-mood", "natural.assumed-without")
_MIN_MEAN = 3  # rises at an instant from which their mean is drawn


def natural_section(finding: Finding, catalogue: Catalogue) -> dict[str, Any] | None:
    """Return the words and numbers of the section; None where nothing was computed."""
    natural = finding.natural
    if natural is None or not (natural.is_shown or natural.preceding):
        return None
    shown = [direction for direction in natural.directions if direction.is_shown]
    return {
        "preceding": preceding_sentences(natural, catalogue),
        "events": _events(natural, catalogue) if natural.preceding else None,
        "plain": [_counts(direction, catalogue) for direction in shown],
        "methods": [say_all(natural_evidence(direction), catalogue, Voice.METHODS) for direction in shown],
        "table": _table(natural.directions, catalogue),
        "assumptions": [catalogue.text(key) for key in _ASSUMED],
    }


def _counts(direction: NaturalDirection, catalogue: Catalogue) -> str:
    return catalogue.text(
        "natural.counts", giver=direction.giver, receiver=direction.receiver, rises=direction.rises,
        settled=direction.settled, unsettled=direction.unsettled,
    )  # fmt: skip


def _events(natural: NaturalFinding, catalogue: Catalogue) -> PageTable:
    rows = [
        [
            event_words(item, catalogue), str(item.count), item.person,
            f"{number(item.change.value, '+.2f')} [{number(item.change.low, '+.2f')}, {number(item.change.high, '+.2f')}]",
            number(item.p), number(item.adjusted),
        ]
        for item in natural.preceding
    ]  # fmt: skip
    keys = "event how-often person change-after shifted-p adjusted-p"
    return PageTable([catalogue.text(f"column.{key}") for key in keys.split()], rows)


def _table(directions: Sequence[NaturalDirection], catalogue: Catalogue) -> PageTable:
    keys = "from to rises settled-before unsettled-before left-out-rises more-left shifted-p adjusted-p common-p controls-p answer"
    rows = [
        [
            d.giver, d.receiver, str(d.rises), str(d.settled), str(d.unsettled), str(d.left_out), _left(d, catalogue),
            number(d.p), number(d.adjusted), number(d.common.p), number(d.controls),
            catalogue.text(f"natural-state.{d.state.value}"),
        ]
        for d in directions
    ]  # fmt: skip
    return PageTable([catalogue.text(f"column.{key}") for key in keys.split()], rows)


def _left(direction: NaturalDirection, catalogue: Catalogue) -> str:
    return catalogue.text("natural.left", left=left(direction)) if direction.is_shown else MISSING


def rises_picture(finding: Finding, catalogue: Catalogue) -> Figure | None:
    """Return each person's own rises laid over one another, the other settled just before or not; None without any."""
    natural = finding.natural
    if natural is None or not natural.is_shown:
        return None
    shown = [direction for direction in natural.directions if direction.drawn]
    order = [person.id for person in finding.about.people]
    texts = [_counts(direction, catalogue) for direction in shown]
    svg = draw_rises(shown, order, name="rises", alternative=" ".join(texts), catalogue=catalogue)
    caption = catalogue.text("caption.rises")
    return Figure(svg, caption, [_drawn_table(natural, catalogue)])


def _drawn_table(natural: NaturalFinding, catalogue: Catalogue) -> PageTable:
    rows = [
        [
            d.receiver, number(rise.peak / 60, ".1f"), number(float(np.exp(rise.left)), ".2f"), d.giver,
            number(rise.settled, ".2f"), catalogue.text("cell.yes" if rise.was_settled else "cell.no"),
        ]
        for d in natural.directions
        for rise in d.drawn
    ]  # fmt: skip
    keys = ("person", "minute", "share-left", "other", "how-settled", "was-settled")
    return PageTable([catalogue.text(f"column.{key}") for key in keys], rows)


def draw_rises(
    directions: Sequence[NaturalDirection], order: Sequence[str], *, name: str, alternative: str, catalogue: Catalogue
) -> Markup:  # fmt: skip
    """Draw own rises from half a minute before the peak to a minute after, each thin, and the mean of both kinds thick."""
    height = 270.0

    def draw(figure: Drawing) -> None:
        width = width_of(figure)
        each = (width - 4) / len(directions)
        axes = None
        for k, direction in enumerate(directions):
            place = ((34 + k * each) / width, 46 / height, (each - 42) / width, 176 / height)
            axes = figure.add_axes(place, sharey=axes)
            axes.axhline(0, color=RULE, linewidth=0.8)
            axes.axvline(0, color=RULE, linewidth=0.8)
            for was_settled in (False, True):
                _overlaid(axes, direction, order.index(direction.receiver), was_settled, catalogue)
            axes.set_title(
                catalogue.text("figure.rises-of", name=shorten(direction.receiver, 16)), fontsize=11.5, loc="left", color=INK
            )  # fmt: skip
            axes.set_xlabel(catalogue.text("figure.since-peak"))
        figure.text(4 / width, 258 / height, catalogue.text("figure.over-floor"), fontsize=9.5, color=MUTED)

    return draw_svg(height, draw, name=name, alternative=alternative)


def _overlaid(axes: Axes, direction: NaturalDirection, person: int, was_settled: bool, catalogue: Catalogue) -> None:
    chosen = [rise for rise in direction.drawn if rise.was_settled == was_settled]
    colour = line_of(person)["color"] if was_settled else MUTED
    dashes: Any = "-" if was_settled else (0, (4, 2))
    for rise in chosen:
        axes.plot(rise.since, rise.level, color=colour, linewidth=0.6, alpha=0.35, linestyle=dashes)
    if not chosen:
        return
    mean = _mean(chosen)
    axes.plot(chosen[0].since, mean, color=colour, linewidth=2.4, linestyle=dashes)
    key = "figure.was-settled" if was_settled else "figure.was-unsettled"
    label = catalogue.text(key, name=shorten(direction.giver, 12))
    axes.annotate(
        label, (0.98, 0.98 if was_settled else 0.9), xycoords="axes fraction", ha="right", va="top", fontsize=10.5, color=colour,
    )  # fmt: skip


def _mean(rises: Sequence[DrawnRise]) -> Floats:
    levels = np.stack([rise.level for rise in rises])
    known = np.isfinite(levels)
    count = known.sum(axis=0)
    means = np.where(known, levels, 0.0).sum(axis=0) / np.maximum(count, 1)
    return np.where(count >= min(_MIN_MEAN, len(rises)), means, np.nan)


def sentences(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    """Yield how natural mode was asked, for a methods section; nothing where it was not."""
    natural = finding.natural
    if natural is not None and natural.is_shown:
        shifts = int(finding.provenance.settings.get("natural", {}).get("shifts", 999))
        yield write("natural", index=natural.index, shifts=shifts)

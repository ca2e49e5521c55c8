"""Whether an answer would survive other choices: a sentence for each pair, a picture of all ways, and a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from coregulation.analysis.finding import Finding
from coregulation.analysis.multiverse import ComparisonWay, PairMultiverse
from coregulation.report.catalogue import Catalogue
from coregulation.report.drawing import INK, MUTED, RULE, STRONG, draw_svg, width_of
from coregulation.report.methods_writer import MethodsWriter
from coregulation.report.parts import Figure as PagePicture
from coregulation.report.parts import PageTable, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = ("window-s", "max-lag-s", "trend", "compared", "mean-r", "p")
_LABELS = 150  # px of the margin for the names of choices
_ROW, _CURVE, _BELOW = 20.0, 150.0, 12.0  # px: of a choice, of the curve, and below everything

_Choice = tuple[str, Callable[[ComparisonWay], bool]]


def multiverse_section(finding: Finding, catalogue: Catalogue) -> dict[str, Any] | None:
    """Return what the page says of other ways to compare; None where it was not asked for, or no pair has a test.

    Parameters
    ----------
    finding
        The answer to a session.
    catalogue
        The reader's language.
    """
    if not finding.multiverse:
        return None
    return {
        "plain": [*(_counts(of, catalogue) for of in finding.multiverse), catalogue.text("multiverse.apart")],
        "pictures": [_picture(k, of, catalogue) for k, of in enumerate(finding.multiverse)],
    }


def multiverse_row(finding: Finding, catalogue: Catalogue) -> str:
    """Return what a terminal says of other ways to compare.

    Parameters
    ----------
    finding
        With at least one pair that was compared in them.
    catalogue
        The reader's language.
    """
    ways = [way for of in finding.multiverse for way in of.tested]
    return catalogue.text("terminal.multiverse-count", beyond=sum(way.is_beyond for way in ways), ways=len(ways))


def methods_sentences(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    """Yield what a methods section says of other ways to compare."""
    if finding.multiverse:
        settings = finding.provenance.settings["multiverse"]
        factors = tuple(f"{factor:g}" for factor in settings["factors"])
        yield write("multiverse", factors=factors, copies=settings["surrogates"], seed=finding.provenance.seed)


def _counts(of: PairMultiverse, catalogue: Catalogue) -> str:
    """Return how many ways find a pair beyond coincidence."""
    facts: dict[str, Any] = {
        "names": of.pair, "signal": of.channel, "ways": len(of.tested), "beyond": sum(way.is_beyond for way in of.tested),
    }  # fmt: skip
    refused = len(of.ways) - len(of.tested)
    more = [catalogue.text("multiverse.refused", refused=refused)] if refused else []
    return " ".join([catalogue.text("multiverse.counted", **facts), *more])


def _picture(at: int, of: PairMultiverse, catalogue: Catalogue) -> PagePicture:
    ways = sorted(of.tested, key=_value)
    choices = _choices(ways, catalogue)
    height = 30 + _CURVE + _BELOW + _ROW * len(choices)
    caption = catalogue.text("caption.multiverse", names=of.pair, signal=of.channel)

    def draw(figure: Figure) -> None:
        left, wide = _LABELS / width_of(figure), 1 - (_LABELS + 12) / width_of(figure)
        below = _ROW * len(choices) + _BELOW
        _draw_curve(figure.add_axes((left, (below + 8) / height, wide, _CURVE / height)), ways, catalogue)
        _draw_choices(figure.add_axes((left, _BELOW / height, wide, (below - _BELOW) / height)), ways, choices)

    svg = draw_svg(height, draw, name=f"multiverse-{at}", alternative=_counts(of, catalogue))
    return PagePicture(svg, caption, [_table(of.ways, catalogue)])


def _value(way: ComparisonWay) -> float:
    return float("nan") if way.coupling.estimate is None else way.coupling.estimate.value


def _draw_curve(axes: Axes, ways: Sequence[ComparisonWay], catalogue: Catalogue) -> None:
    """Draw each way's mean correlation, filled where it is beyond coincidence, the declared one framed."""
    axes.axhline(0, color=RULE, linewidth=1)
    for at, way in enumerate(ways):
        face = STRONG if way.is_beyond else "none"
        axes.plot([at], [_value(way)], "o", markersize=6, markerfacecolor=face, markeredgecolor=STRONG, clip_on=False)
    declared = [at for at, way in enumerate(ways) if way.is_declared]
    for at in declared:
        axes.axvline(at, color=INK, linewidth=0.8, linestyle=(0, (3, 3)))
        axes.text(
            at, 1.02, catalogue.text("figure.declared"), transform=axes.get_xaxis_transform(), ha="center", fontsize=11
        )
    low, high = np.nanmin([0.0, *map(_value, ways)]), np.nanmax([0.0, *map(_value, ways)])
    margin = 0.1 * (high - low) or 0.1
    axes.set_ylim(low - margin, high + margin)
    axes.set_xlim(-1, len(ways))
    axes.set_ylabel(catalogue.text("column.mean-r"))
    axes.tick_params(bottom=False, labelbottom=False)
    axes.spines["bottom"].set_visible(False)


def _choices(ways: Sequence[ComparisonWay], catalogue: Catalogue) -> list[_Choice]:
    """Return each choice that some ways take and others do not, by name."""
    lists = [
        [(name(value, catalogue), _takes(read, value)) for value in sorted({read(way) for way in ways})]
        for read, name in _CHOICES
    ]
    return [choice for choices in lists if len(choices) > 1 for choice in choices]


def _takes(read: Callable[[ComparisonWay], Any], value: Any) -> Callable[[ComparisonWay], bool]:
    return lambda way: bool(read(way) == value)


def _draw_choices(axes: Axes, ways: Sequence[ComparisonWay], choices: Sequence[_Choice]) -> None:
    for row, (name, is_taken) in enumerate(choices):
        at = [k for k, way in enumerate(ways) if is_taken(way)]
        axes.plot(at, [row] * len(at), "s", markersize=4, color=MUTED, clip_on=False)
        axes.text(-1.5, row, name, ha="right", va="center", fontsize=11)
    axes.set_xlim(-1, len(ways))
    axes.set_ylim(len(choices) - 0.5, -0.5)
    axes.axis("off")


def _table(ways: Sequence[ComparisonWay], catalogue: Catalogue) -> PageTable:
    return PageTable([catalogue.text(f"column.{key}") for key in _COLUMNS], [_row(way, catalogue) for way in ways])


def _row(way: ComparisonWay, catalogue: Catalogue) -> list[str]:
    measure = way.plan.measure
    p = catalogue.text("cell.p", p=way.coupling.p) if way.coupling.p is not None else catalogue.text("cell.not-tested")
    marked = catalogue.text("cell.declared", p=p) if way.is_declared else p
    return [
        f"{measure.window:g}", f"{measure.max_lag:g}", _trend(way.detrend, catalogue), _compared(way.plan.difference, catalogue),
        number(_value(way), ".2f"), marked,
    ]  # fmt: skip


def _window(seconds: float, catalogue: Catalogue) -> str:
    return catalogue.text("choice.window", seconds=seconds)


def _max_lag(seconds: float, catalogue: Catalogue) -> str:
    return catalogue.text("choice.max-lag", seconds=seconds)


def _trend(detrend: bool | None, catalogue: Catalogue) -> str:
    return "" if detrend is None else catalogue.text("choice.detrended" if detrend else "choice.not-detrended")


def _compared(changes: bool, catalogue: Catalogue) -> str:
    return catalogue.text("choice.changes" if changes else "choice.levels")


_CHOICES: tuple[tuple[Callable[[ComparisonWay], Any], Callable[[Any, Catalogue], str]], ...] = (
    (lambda way: way.plan.measure.window, _window),
    (lambda way: way.plan.measure.max_lag, _max_lag),
    (lambda way: way.detrend, _trend),
    (lambda way: way.plan.difference, _compared),
)

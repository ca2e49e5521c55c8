"""The blocks of a session behind a picture: shaded, and named above wherever the name fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coregulation.analysis.results import About
from coregulation.report.catalogue import Catalogue
from coregulation.report.drawing import BAND, MUTED, shorten, width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LETTER, _MIN_LETTERS = 6.0, 4  # width of a letter, and of how many a name must keep to be one


def shade_blocks(axes: Axes, about: About, catalogue: Catalogue, *, labelled: bool) -> None:
    """Shade the blocks over the axes' time (in minutes, its limits set); names take two rows in turn."""
    blocks = sorted(about.blocks, key=lambda block: block.start)
    starts = [block.start for block in blocks]
    for k, block in enumerate(blocks):
        axes.axvspan(
            block.start / 60, block.end / 60, facecolor=BAND, edgecolor="none", alpha=0.55 if k % 2 else 1.0, zorder=0
        )
        room = _room(axes, block.start, starts[k + 2 : k + 3])
        name = catalogue.text("body.block", block=block.kind)
        if labelled and room >= min(_MIN_LETTERS, len(name)):
            _above(axes, block.start, shorten(name, room), k % 2)


def _room(axes: Axes, start: float, following: list[float]) -> int:
    """Return how many letters fit above a block before the next one of its row begins."""
    low, high = axes.get_xlim()
    end = min(high, *(later / 60 for later in following)) if following else high
    return int((end - start / 60) / (high - low) * axes.get_position().width * width_of(axes.figure) / _LETTER)


def _above(axes: Axes, time: float, text: str, row: int) -> None:
    axes.annotate(
        text, (time / 60, 1), xycoords=axes.get_xaxis_transform(), xytext=(2, 4 + 11 * row),
        textcoords="offset points", fontsize=10, color=MUTED, annotation_clip=True,
    )  # fmt: skip

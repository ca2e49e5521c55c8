"""Names in any script: which installed fonts to draw with, and no warning where none has a sign.

The package ships no font. A picture as SVG holds its text as text, so the reader's browser chooses a font for each sign. A picture
that matplotlib draws itself, such as a PNG, takes the first installed font that has the sign.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OWN = "DejaVu Sans"  # comes with matplotlib, so that pictures are of one size on every machine
FALLBACKS = (
    "Noto Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans SC", "Noto Sans JP", "Noto Sans KR",
    "Source Han Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback", "PingFang SC", "Hiragino Sans",
    "Hiragino Sans GB", "Apple SD Gothic Neo", "Arial Unicode MS", "Microsoft YaHei", "Yu Gothic", "Meiryo", "Malgun Gothic",
    "Nirmala UI", "Segoe UI", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Thai",
)  # fmt: skip
_MISSING = r"Glyph .* missing from .*font"  # how matplotlib begins its warning


@cache
def font_families() -> list[str]:
    """List the fonts to draw with.

    Returns
    -------
    list of str
        DejaVu Sans, then what of `FALLBACKS` is installed; a name that is not would make matplotlib complain.
    """
    from matplotlib import font_manager

    installed = set(font_manager.get_font_names())
    return [OWN, *(name for name in FALLBACKS if name in installed)]


@contextmanager
def without_glyph_warnings() -> Iterator[None]:
    """Draw without a warning for a sign that no font has: the text of an SVG is the browser's to draw."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=_MISSING, category=UserWarning)
        yield


def named_figure(**settings: Any) -> Figure:
    """Make a matplotlib figure whose texts may be in any script.

    Parameters
    ----------
    **settings
        Of `matplotlib.figure.Figure`.

    Returns
    -------
    matplotlib.figure.Figure
        Where no installed font has a sign, it shows a box and prints nothing.
    """
    from matplotlib.figure import Figure

    class NamedFigure(Figure):
        def draw(self, renderer: Any) -> None:
            with without_glyph_warnings():
                super().draw(renderer)

        def get_tightbbox(self, *args: Any, **more: Any) -> Any:
            with without_glyph_warnings():
                return super().get_tightbbox(*args, **more)

    return NamedFigure(**settings)


@contextmanager
def named_fonts() -> Iterator[None]:
    """Make the texts that are added to a figure use `font_families`."""
    import matplotlib

    with matplotlib.rc_context({"font.family": font_families()}):
        yield

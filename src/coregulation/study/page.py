"""A study's report: one page that loads nothing; the answer first, then its picture, the conditions, who was left out, methods."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from coregulation._version import __version__
from coregulation.errors import UsageError
from coregulation.report.catalogue import Catalogue
from coregulation.report.drawing import INK, MUTED, RULE, WIDE, draw_svg, width_of
from coregulation.report.fonts import named_figure, named_fonts
from coregulation.report.parts import PageTable
from coregulation.report.rendering import render
from coregulation.study.reporting import reporting_answer, reporting_checklist
from coregulation.study.result import GroupAnswer, PairRow, StudyResult
from coregulation.study.statements import statements

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_LEFT, _ROW = 150.0, 18.0  # px
_MOST_ROWS = 60  # pairs of a forest plot; of more, every k-th by size


def render_study(result: StudyResult, catalogue: Catalogue) -> str:
    """Return a study's report as one HTML file.

    Parameters
    ----------
    result
        Of the study.
    catalogue
        The reader's language.

    Returns
    -------
    str
        HTML.
    """
    css = Markup(files("coregulation.report").joinpath("page.css").read_text(encoding="utf-8"))
    return render(
        "study.html.jinja", catalogue, policy=_POLICY, css=css, result=result, version=__version__,
        used=len({row.session.name for row in result.rows}), answers=list(statements(result)),
        pictures=[_picture(result, answer, k, catalogue) for k, answer in enumerate(_main(result))],
        tables=_tables(result, catalogue), left_out=_left_out(result, catalogue), reporting=_reporting(result, catalogue),
    )  # fmt: skip


def _main(result: StudyResult) -> list[GroupAnswer]:
    """Return the answers over all conditions; where pairs are in several conditions, those of each."""
    over_all = [a for a in result.answers if a.condition is None]
    return [a for a in over_all or result.answers if a.estimate is not None]


def plot_study(result: StudyResult, catalogue: Catalogue) -> Figure:
    """Draw the forest plot of the first answer as a figure of its own.

    Parameters
    ----------
    result
        Of the study.
    catalogue
        The reader's language.

    Returns
    -------
    matplotlib.figure.Figure
        In plain black and grey.

    Raises
    ------
    UsageError
        If no answer has an estimate.
    """
    main = _main(result)
    if not main:
        raise UsageError("No answer of this study has an estimate to draw; `table('left_out')` says why.")
    rows = _compared(result, main[0])
    with named_fonts():
        figure = named_figure(figsize=(WIDE / 72, (60 + _ROW * (len(rows) + 2)) / 72), dpi=72)
        _forest(figure, rows, main[0], catalogue, ("black", "dimgrey", "silver"))
    return figure


def _picture(result: StudyResult, answer: GroupAnswer, number: int, catalogue: Catalogue) -> dict[str, Any]:
    rows = _compared(result, answer)
    height = 60 + _ROW * (len(rows) + 2)
    drawn = draw_svg(
        height, lambda figure: _forest(figure, rows, answer, catalogue, (INK, MUTED, RULE)), name=f"forest-{number}",
        alternative=catalogue.text("study.forest-alternative", signal=answer.signal, pairs=len(rows)),
    )  # fmt: skip
    return {"svg": drawn, "caption": catalogue.text("study.forest-caption", signal=answer.signal)}


def _compared(result: StudyResult, answer: GroupAnswer) -> list[PairRow]:
    """Return the rows behind an answer, by how much the real pair exceeds strangers."""
    rows = [
        row for row in result.rows
        if row.signal == answer.signal and answer.condition in (None, row.session.condition) and np.isfinite(row.value)
    ]  # fmt: skip
    return _thinned(sorted(rows, key=lambda row: row.value - row.strangers))


def _thinned(rows: Sequence[PairRow]) -> list[PairRow]:
    if len(rows) <= _MOST_ROWS:
        return list(rows)
    return [rows[k] for k in np.linspace(0, len(rows) - 1, _MOST_ROWS).round().astype(int)]


def _forest(
    figure: Figure, rows: Sequence[PairRow], answer: GroupAnswer, catalogue: Catalogue, colours: tuple[str, str, str]
) -> None:
    """Draw each real pair as a filled circle, its strangers as an open one, and the mean difference with its interval below."""
    estimate = answer.estimate
    assert estimate is not None  # answers without one have no picture
    ink, muted, rule = colours
    width, height = width_of(figure), float(figure.bbox.height)
    axes = figure.add_axes((_LEFT / width, 40 / height, (width - _LEFT - 16) / width, (height - 50) / height))
    places = np.arange(len(rows)) + 2.0
    own, strangers = ([row.value for row in rows], [row.strangers for row in rows])
    axes.axvline(0, color=rule, linewidth=1)
    axes.hlines(places, own, strangers, color=rule, linewidth=1)
    axes.plot(strangers, places, "o", markerfacecolor="none", markeredgecolor=muted, markersize=5)
    axes.plot(own, places, "o", color=ink, markersize=5)
    axes.plot(estimate.interval, [0, 0], color=ink, linewidth=2)
    axes.plot([estimate.difference], [0], "D", color=ink, markersize=6)
    axes.set_yticks([0, *places], [catalogue.text("study.mean-difference"), *(_label(row) for row in rows)])
    axes.set_ylim(-1, len(rows) + 2)
    axes.tick_params(left=False)
    axes.set_xlabel(catalogue.text("study.fisher"))


def _label(row: PairRow) -> str:
    return row.session.name if len(row.session.name) <= 20 else f"{row.session.name[:19]}…"


def _tables(result: StudyResult, catalogue: Catalogue) -> list[PageTable]:
    tables = [
        PageTable(
            _header(catalogue, "condition signal pairs own strangers difference p family"),
            [_cells(answer, catalogue) for answer in result.answers if answer.estimate], catalogue.text("study.answers"),
        )
    ]  # fmt: skip
    if result.contrasts:
        rows = [
            (c.signal, f"{c.first} − {c.second}", str(min(c.pairs)), _interval(c.difference, c.interval), _p(c.p))
            for c in result.contrasts
        ]
        tables.append(
            PageTable(_header(catalogue, "signal contrast pairs difference p"), rows, catalogue.text("study.contrasts"))
        )
    return tables


def _cells(answer: GroupAnswer, catalogue: Catalogue) -> tuple[str, ...]:
    e = answer.estimate
    assert e is not None  # the caller leaves the others out
    condition = catalogue.text("study.all") if answer.condition is None else answer.condition
    difference = _interval(e.difference, e.interval)
    return (
        condition,
        answer.signal,
        str(e.pairs),
        f"{e.own:.3f}",
        f"{e.strangers:.3f}",
        difference,
        _p(e.p),
        _p(e.family),
    )


def _header(catalogue: Catalogue, names: str) -> tuple[str, ...]:
    return tuple(catalogue.text(f"study.column-{name}") for name in names.split())


def _interval(value: float, ends: tuple[float, float]) -> str:
    return f"{value:.3f} ({ends[0]:.3f} … {ends[1]:.3f})"


def _p(p: float) -> str:
    return "< .001" if p < 0.001 else f"{p:.3f}".lstrip("0")


def _left_out(result: StudyResult, catalogue: Catalogue) -> PageTable:
    rows = [(item.session, catalogue.sentence(item.reason)) for item in result.left_out]
    return PageTable(_header(catalogue, "session why"), rows)


def _reporting(result: StudyResult, catalogue: Catalogue) -> PageTable:
    rows = [
        (catalogue.text(f"reporting.{row.item}"), reporting_answer(row, catalogue))
        for row in reporting_checklist(result)
    ]
    return PageTable(_header(catalogue, "asked answer"), rows)

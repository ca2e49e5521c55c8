"""Figures of a session and of a finding as ordinary matplotlib figures, for notebooks and scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coregulation.analysis.finding import Finding
from coregulation.regulation.recovery_comparison import RecoveryComparison
from coregulation.report.catalogue import Catalogue
from coregulation.report.fonts import named_figure, named_fonts
from coregulation.session import Session

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#444444")  # Okabe & Ito
_MINUTE = 60.0


def plot_session(session: Session) -> Figure:
    """Draw every person's channels over time, blocks shaded.

    Parameters
    ----------
    session
        What was recorded.

    Returns
    -------
    matplotlib.figure.Figure
        One row per person and channel, time in minutes.
    """
    rows = [(r.person.id, name) for r in session.recordings for name in r.channels]
    with named_fonts():
        figure = named_figure(figsize=(8.0, 0.6 + 1.1 * len(rows)), layout="constrained")
        axes: list[Axes] = list(np.atleast_1d(figure.subplots(len(rows), 1, sharex=True))) if rows else []
        for place, (who, name) in zip(axes, rows, strict=True):
            _lane(place, session, who, name)
        if rows:
            axes[-1].set_xlabel(Catalogue().text("plot.minutes"))
    return figure


def _lane(axes: Axes, session: Session, who: str, name: str) -> None:
    recording = session.of(who)
    colour = _COLOURS[[p.id for p in session.people].index(who) % len(_COLOURS)]
    if name == "beats" and recording.beats is not None:
        axes.plot(recording.beats.times / _MINUTE, 1000 * recording.beats.rr, ".", ms=2, color=colour)
        axes.set_ylabel(f"{who}\n{Catalogue().text('plot.rr')}")
    else:
        signal = recording.signals[name]
        axes.plot(signal.times / _MINUTE, signal.values, lw=0.8, color=colour)
        axes.set_ylabel(f"{who}\n{name}, {signal.unit.symbol}")
    for block in session.blocks:
        axes.axvspan(block.start / _MINUTE, block.end / _MINUTE, color="#888888", alpha=0.08, lw=0)


def plot_finding(finding: Finding) -> Figure:
    """Draw the answer: half-lives alone and together where they are known, else the compared signals over each other.

    Parameters
    ----------
    finding
        The answer to a session.

    Returns
    -------
    matplotlib.figure.Figure
        One picture.
    """
    comparisons = finding.regulation.comparisons if finding.regulation is not None else ()
    with named_fonts():
        figure = named_figure(figsize=(8.0, 3.2), layout="constrained")
        axes = figure.subplots()
        if comparisons:
            _half_lives(axes, comparisons)
        else:
            _signals(axes, finding)
    return figure


def _half_lives(axes: Axes, comparisons: tuple[RecoveryComparison, ...]) -> None:
    catalogue = Catalogue()
    for row, item in enumerate(comparisons):
        for offset, (key, value) in enumerate((("alone", item.alone), ("together", item.together))):
            y = row + 0.3 * offset
            axes.plot([value.low, value.high], [y, y], color=_COLOURS[offset], lw=2)
            axes.plot(
                [value.value],
                [y],
                "o",
                color=_COLOURS[offset],
                label=catalogue.text(f"plot.{key}") if not row else None,
            )
    axes.set_yticks([row + 0.15 for row in range(len(comparisons))], [item.person for item in comparisons])
    axes.set_xlabel(catalogue.text("plot.half-life"))
    axes.set_xlim(left=0)
    axes.invert_yaxis()
    axes.legend(frameon=False)


def _signals(axes: Axes, finding: Finding) -> None:
    names = [name for _, name in finding.traces]
    channel = max(dict.fromkeys(names), key=names.count, default=None)
    shown = [(who, signal) for (who, name), signal in finding.traces.items() if name == channel]
    for number, (who, signal) in enumerate(shown):
        values = signal.values - np.nanmean(signal.values)
        axes.plot(
            signal.times / _MINUTE,
            values / (np.nanstd(values) or 1.0),
            lw=0.9,
            color=_COLOURS[number % len(_COLOURS)],
            label=who,
        )
    catalogue = Catalogue()
    axes.set_xlabel(catalogue.text("plot.minutes"))
    if channel is not None:
        axes.set_ylabel(catalogue.text("plot.standardised", signal=channel))
        axes.legend(frameon=False, ncols=4)

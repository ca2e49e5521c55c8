"""The picture of one person: beats with their marks, breath, skin, RSA, arousal with its interval, states, what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from coregulation.analysis.person import PersonFinding
from coregulation.analysis.results import About
from coregulation.physiology.body import Body, BreathSource
from coregulation.physiology.cleaned_beats import CleanedBeats
from coregulation.physiology.estimate import format_digits
from coregulation.physiology.judged_beats import Artefact, BeatClass
from coregulation.physiology.states import State
from coregulation.report.blocks import shade_blocks
from coregulation.report.catalogue import Catalogue
from coregulation.report.drawing import (
    INK,
    MUTED,
    PAPER,
    PEOPLE,
    STRONG,
    draw_svg,
    margin_of,
    spans_of,
    veil,
    width_of,
)
from coregulation.signals import Floats, Signal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# what is wrong with a beat's time (open), or its class (filled), in the form of its mark
MARKS: dict[Artefact | BeatClass, str] = {
    Artefact.MISSED: "v", Artefact.EXTRA: "x", Artefact.ECTOPIC: "o", Artefact.LONG: "^", Artefact.SHORT: "s",
    BeatClass.VENTRICULAR: "s", BeatClass.SUPRAVENTRICULAR: "D", BeatClass.PACED: "|", BeatClass.UNKNOWN: ".",
}  # fmt: skip
MAX_MARKS = 150  # beyond which they are ticks of one form
FORMS = {State.SETTLED: "..", State.MOBILISED: None, State.SHUT_DOWN: "--", State.UNCLEAR: ""}  # None: filled
_BREATHS = {BreathSource.BEATS: "lane.breaths-from-beats", BreathSource.ACCELERATION: "lane.breaths-from-tilt"}
_KNOWN = 0.7  # quality from which a channel counts as known in the strip
_LEFT, _TOP, _BOTTOM = 108.0, 28.0, 40.0
_GAP = 6.0


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane: what it is called, how high it is, what it draws."""

    title: str
    height: float
    draw: Callable[[Axes], None]


def draw_portrait(
    person_finding: PersonFinding,
    person: int,
    about: About,
    points: int,
    *,
    name: str,
    alternative: str,
    catalogue: Catalogue,
) -> Markup:
    """Draw everything that is known of one person on one time axis, in at most `points` steps."""
    assert person_finding.body is not None
    lanes = list(_lanes(person_finding, person_finding.body, person, points, catalogue))
    height = _TOP + _BOTTOM + sum(lane.height + _GAP for lane in lanes)
    window = person_finding.body.window

    def draw(figure: Figure) -> None:
        width = width_of(figure)
        top = height - _TOP
        for k, lane in enumerate(lanes):
            top -= lane.height
            axes = figure.add_axes((_LEFT / width, top / height, (width - _LEFT - 12) / width, lane.height / height))
            top -= _GAP
            axes.set_xlim(window.start / 60, max(window.end, window.start + 1) / 60)
            lane.draw(axes)
            _title(axes, lane)
            _spans(axes, person_finding, about, catalogue, labelled=k == 0)
            last = k == len(lanes) - 1
            axes.tick_params(labelbottom=last, bottom=last, left=False, labelleft=False)
            axes.spines["bottom"].set_visible(last)
            axes.spines["left"].set_visible(False)
        axes.set_xlabel(catalogue.text("figure.minutes"))

    return draw_svg(height, draw, name=name, alternative=alternative)


def _lanes(person_finding: PersonFinding, body: Body, person: int, points: int, catalogue: Catalogue) -> Iterator[Lane]:
    text = catalogue.text
    if person_finding.heart is not None and person_finding.heart.refused is None:
        yield Lane(text("lane.beats"), 84.0, lambda axes: _tachogram(axes, person_finding, person, points))
    elif body.heart_rate.coverage:
        yield _curve(text("lane.heart-rate"), body.heart_rate, person, points)
    if body.breathing_rate.coverage:
        derived = body.breath_source is not BreathSource.MEASURED
        title = text(_BREATHS.get(body.breath_source, "lane.breaths"))
        yield _curve(title, body.breathing_rate, person, points, derived)
    rsa = body.rsa_adjusted if body.rsa_adjusted.coverage else body.rsa
    if rsa.coverage:
        title = text("lane.rsa" if rsa is body.rsa_adjusted else "lane.rsa-unadjusted")
        yield _curve(title, rsa, person, points, unit="ln")
    if body.scl.coverage:
        yield Lane(text("lane.skin"), 56.0, lambda axes: _skin(axes, person_finding, body.scl, person, points))
    if body.motion.coverage:
        yield _curve(text("lane.movement"), body.motion, person, points, unit="")
    if body.arousal is not None and body.arousal.value.coverage:
        yield Lane(text("lane.arousal"), 84.0, lambda axes: _arousal(axes, person_finding, person, points, catalogue))
    if person_finding.states:
        yield Lane(text("lane.labels"), 22.0, lambda axes: _ribbon(axes, person_finding, person, catalogue))
    if person_finding.speech:
        yield Lane(text("lane.speech"), 18.0, lambda axes: _speech(axes, person_finding, person))
    yield Lane(text("lane.known"), 30.0, lambda axes: _known(axes, body, catalogue))


def _colour(person: int) -> str:
    return PEOPLE[person % len(PEOPLE)]


def _curve(title: str, signal: Signal, person: int, points: int, thin: bool = False, unit: str | None = None) -> Lane:
    def draw(axes: Axes) -> None:
        times, values = smooth_for_drawing(signal, points)
        axes.plot(times / 60, values, linewidth=0.8 if thin else 1.1, color=_colour(person))
        veil(axes, spans_of(~np.isfinite(signal.values), signal.start / 60, 1 / signal.rate / 60))
        _scale(axes, values, signal.unit.symbol if unit is None else unit)

    return Lane(title, 56.0, draw)


def _title(axes: Axes, lane: Lane) -> None:
    y = 0.62 if lane.height > 50 else 0.5
    axes.text(
        margin_of(axes, _LEFT - 4),
        y,
        lane.title,
        transform=axes.transAxes,
        va="center",
        fontsize=11.5 if len(lane.title) < 16 else 10,
    )


def _scale(axes: Axes, values: Floats, unit: str) -> None:
    """Set limits that a lone spike does not stretch, and say them."""
    low, high = (float(edge) for edge in np.nanpercentile(values, [0.5, 99.5]))
    margin = 0.2 * (high - low) or 1.0
    axes.set_ylim(low - margin, high + margin)
    if unit:
        _beside(axes, 0.3, f"{format_digits(low)}–{format_digits(high)} {unit}")


def _beside(axes: Axes, at: float, text: str) -> None:
    axes.text(margin_of(axes, _LEFT - 4), at, text, transform=axes.transAxes, va="center", fontsize=9, color=MUTED)


def _spans(axes: Axes, person_finding: PersonFinding, about: About, catalogue: Catalogue, *, labelled: bool) -> None:
    shade_blocks(axes, about, catalogue, labelled=labelled)
    veil(axes, [(span.start / 60, (span.end - span.start) / 60) for span in person_finding.excluded])


def _tachogram(axes: Axes, person_finding: PersonFinding, person: int, points: int) -> None:
    assert person_finding.heart is not None
    beats = person_finding.heart.cleaned.beats
    rr = np.where((beats.nn > 0.2) & (beats.nn < 3.0), beats.nn, np.nan) * 1000
    times, values = thinned(beats.times, rr, 2 * points)
    axes.plot(times / 60, values, linewidth=0.9, color=_colour(person))
    _scale(axes, rr, "ms")
    veil(axes, [(span.start / 60, span.length / 60) for span in person_finding.heart.lost])
    _wrong(axes, person_finding)
    for mark in person_finding.corrections:
        axes.plot(
            [mark.time / 60], [0.06], marker="D", markersize=5.5, markerfacecolor=PAPER, markeredgecolor=STRONG,
            transform=axes.get_xaxis_transform(), linestyle="none",
        )  # fmt: skip


def _wrong(axes: Axes, person_finding: PersonFinding) -> None:
    """Mark each beat that enters no variability, above the curve, in the form of what it is."""
    assert person_finding.heart is not None
    marks = marks_of(person_finding.heart.cleaned)
    times = person_finding.heart.cleaned.beats.times
    many = crowded(person_finding)
    for kind, form in MARKS.items():
        at = times[np.array([mark is kind for mark in marks], bool)] / 60
        if many:
            axes.vlines(at, 0.9, 1.0, transform=axes.get_xaxis_transform(), color=INK, linewidth=0.6)
        else:
            face = INK if isinstance(kind, BeatClass) else "none"
            axes.plot(
                at, np.full(len(at), 0.93), marker=form, markersize=5, markerfacecolor=face, markeredgecolor=INK,
                transform=axes.get_xaxis_transform(), linestyle="none",
            )  # fmt: skip


def marks_of(cleaned: CleanedBeats) -> tuple[Artefact | BeatClass | None, ...]:
    """Return what is marked at each beat: what is wrong with its time, else its class; None at a normal one."""
    rows = zip(cleaned.artefacts, cleaned.classes, strict=True)
    return tuple(artefact or (None if kind is BeatClass.NORMAL else kind) for artefact, kind in rows)


def crowded(person_finding: PersonFinding) -> bool:
    """Return whether there are too many marks to give each its form."""
    assert person_finding.heart is not None
    return sum(mark is not None for mark in marks_of(person_finding.heart.cleaned)) > MAX_MARKS


def thinned(times: Floats, values: Floats, most: int) -> tuple[Floats, Floats]:
    """Return a series of irregular times as it is, or each of `most` / 2 neighbourhoods' least and largest in turn."""
    if len(values) <= most:
        return times, values
    groups = zip(np.array_split(times, most // 2), np.array_split(values, most // 2), strict=True)
    out = []
    for at, part in groups:
        valid = part[np.isfinite(part)]
        out += [(at[0], valid.min() if len(valid) else np.nan), (at[-1], valid.max() if len(valid) else np.nan)]
    pairs = np.array(out)
    return pairs[:, 0], pairs[:, 1]


def _skin(axes: Axes, person_finding: PersonFinding, scl: Signal, person: int, points: int) -> None:
    times, values = smooth_for_drawing(scl, points)
    axes.plot(times / 60, values, linewidth=1.1, color=_colour(person))
    veil(axes, spans_of(~np.isfinite(scl.values), scl.start / 60, 1 / scl.rate / 60))
    _scale(axes, scl.values, "µS")
    onsets = [response.onset / 60 for response in person_finding.skin.scrs] if person_finding.skin else []
    axes.vlines(onsets, 0.0, 0.1, transform=axes.get_xaxis_transform(), color=INK, linewidth=0.7)


def _arousal(axes: Axes, person_finding: PersonFinding, person: int, points: int, catalogue: Catalogue) -> None:
    assert person_finding.body is not None
    index = person_finding.body.arousal
    assert index is not None
    low, value, high = (smooth_for_drawing(signal, points) for signal in (index.low, index.value, index.high))
    axes.fill_between(low[0] / 60, low[1], high[1], color=_colour(person), alpha=0.2, linewidth=0)
    axes.plot(value[0] / 60, value[1], linewidth=1.2, color=_colour(person))
    axes.axhline(0, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
    veil(axes, spans_of(~np.isfinite(index.value.values), index.value.start / 60, 1 / index.value.rate / 60))
    limits = np.nanpercentile(np.concatenate([low[1], high[1], [0.0]]), [0, 100])
    axes.set_ylim(min(-1.0, float(limits[0]) * 1.1), max(1.0, float(limits[1]) * 1.1))
    bottom, top = axes.get_ylim()
    _beside(axes, 0.36, catalogue.text("lane.arousal-range", low=bottom, high=top))
    _beside(
        axes,
        0.16,
        catalogue.text(
            "lane.zero-rest" if person_finding.zero and person_finding.zero.marked else "lane.zero-beginning"
        ),
    )
    if person_finding.zero is not None:
        axes.plot(
            np.array([person_finding.zero.window.start, person_finding.zero.window.end]) / 60,
            [0, 0],
            color=STRONG,
            linewidth=2.2,
        )


def smooth_for_drawing(signal: Signal, points: int) -> tuple[Floats, Floats]:
    """Return the means of at most `points` equal parts, at their middles."""
    size = max(1, int(np.ceil(len(signal) / points)))
    count = int(np.ceil(len(signal) / size))
    padded = np.full(count * size, np.nan)
    padded[: len(signal)] = signal.values
    rows = padded.reshape(count, size)
    known = np.isfinite(rows).sum(axis=1)
    means = np.full(count, np.nan)
    means[known > 0] = np.nansum(rows, axis=1)[known > 0] / known[known > 0]
    middles = signal.start + (np.arange(count, dtype=np.float64) + 0.5) * (size / signal.rate)
    return middles, means


def _ribbon(axes: Axes, person_finding: PersonFinding, person: int, catalogue: Catalogue) -> None:
    axes.set_ylim(0, 1)
    colour = _colour(person)
    for state, start, length in runs(person_finding):
        hatch = FORMS[state]
        axes.broken_barh(
            [(start / 60, length / 60)], (0.1, 0.8), facecolor=colour if hatch is None else PAPER,
            edgecolor=MUTED if state is State.UNCLEAR else colour, hatch=hatch, linewidth=0.8,
        )  # fmt: skip
        if length / (person_finding.states[-1].window.end - person_finding.states[0].window.start) > 0.16:
            box = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 1.0}
            axes.text(
                (start + length / 2) / 60,
                0.48,
                catalogue.text(state_key(state)),
                ha="center",
                va="center",
                fontsize=9.5,
                bbox=box,
            )


def state_key(state: State) -> str:
    """Return the catalogue's key of a state's name."""
    return f"state.{state.name.lower().replace('_', '-')}"


def runs(person_finding: PersonFinding) -> list[tuple[State, float, float]]:
    """Return neighbouring spans of one state as one: (state, start in s, length in s)."""
    out: list[tuple[State, float, float]] = []
    for span in person_finding.states:
        if out and out[-1][0] is span.state:
            out[-1] = (span.state, out[-1][1], span.window.end - out[-1][1])
        else:
            out.append((span.state, span.window.start, span.window.length))
    return out


def _speech(axes: Axes, person_finding: PersonFinding, person: int) -> None:
    """Draw where the person speaks."""
    spans = [(span.start / 60, span.length / 60) for span in person_finding.speech or ()]
    axes.set_ylim(0, 1)
    axes.broken_barh(spans, (0.2, 0.6), facecolor=_colour(person), edgecolor="none")


def _known(axes: Axes, body: Body, catalogue: Catalogue) -> None:
    """Draw, for each channel, where it is known."""
    measured = [name for name, signal in body.quality.items() if np.nanmax(signal.values, initial=0.0) > 0]
    axes.set_ylim(-0.5, len(measured) - 0.5 if measured else 0.5)
    for row, name in enumerate(reversed(measured)):
        quality = body.quality[name]
        spans = spans_of(np.asarray(quality.values >= _KNOWN), quality.start / 60, 1 / quality.rate / 60)
        axes.broken_barh(spans, (row - 0.2, 0.4), facecolor=MUTED, edgecolor="none")
        axes.text(
            -0.012,
            row,
            catalogue.text(f"organ.{name}"),
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            fontsize=8.5,
            color=MUTED,
        )

"""Draw every scenario of the simulator and write its page: `make gallery`. The pictures and the page are kept in the repository."""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Iterator

import numpy as np

from coregulation.report.markup import Markup, join_markup, tag
from coregulation.session import Session
from coregulation.signals import Window
from coregulation.simulate.scenarios import Scenario, load_scenario, scenario_names, simulate
from coregulation.simulate.sensor_sets import sensor_set
from coregulation.simulate.truth import Truth

HERE = pathlib.Path(__file__).parent
SEED = 1
WIDTH, LEFT, TOP, LANE, GAP = 720, 64, 34, 96, 22
POINTS = 360  # a curve
INK = "#808080"  # between white and black: read on either
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00")
DASHES = (None, "7 3", "2 3", "9 3 2 3", "4 4")
ABOUT = """# Gallery of simulated scenarios

Every scenario that comes with the package, played once (seed 1): a practice or an example of the articles, or a protocol. Each
picture shows the latent arousal of everybody who wears a sensor, which no sensor gives, and under it what their heart rate, read by a
chest strap, shows of it. Orange ground: somebody meets a stressor, the letter above says who. Grey ground: they are together. The
first person's line is solid, each further one has dashes of its own.

**What the simulator encodes, and does not prove.** That a calm person helps, that alarm spreads, that some people can take help in
and others not, that touch, voice and rhythm weigh what they weigh: all of this was put in, as numbers of plausible size that were
fitted to nobody ([simulate](modules/simulate.md) says which; most are assumed). So no picture here is evidence about people. They
show what the account says once it is written out, what would have to be recorded to see it, and where the account is silent: each
limit below says what its scenario leaves out.

```sh
coregulation simulate --list
coregulation simulate same-film --seed 1 --out same-film
```

The second writes a session as files, `truth.json` and a report, all marked as simulated. Half-lives are those of the latent arousal,
from each one's own rest; another seed is other people.
"""
RIGHT = """## At a glance

Where a scenario's design alone settles what may be said, the verdicts that are right are in the last column. An analysis of one pair
gives what linkage can tell: of `same-film` it says *cannot tell*, since nobody who saw the film apart is there to compare with.

| scenario | what | right |
|---|---|---|"""
GROUPS = {
    "Practices and examples of the articles": range(59, 77),
    "Channels between two people, and what they carry": range(4, 59),
    "Protocols": range(4),
}


def main() -> None:
    """Write the page and every picture."""
    folder = HERE / "gallery"
    folder.mkdir(exist_ok=True)
    lines = [ABOUT]
    for title, names in grouped().items():
        lines.append(f"## {title}\n")
        for name in names:
            played = load_scenario(name)
            session, truth = simulate(name, SEED, sensor_set("strap"))
            (folder / f"{name}.svg").write_text(
                str(picture(played, session, truth)) + "\n", encoding="utf-8", newline="\n"
            )
            lines += told(name, played, session, truth)
    lines += [
        RIGHT,
        *(
            f"| `{n}` | {load_scenario(n).title} | {', '.join(load_scenario(n).kinds) or '—'} |"
            for n in scenario_names()
        ),
        "",
    ]
    (HERE / "gallery.md").write_text("\n".join(lines), encoding="utf-8", newline="\n")


def grouped() -> dict[str, list[str]]:
    """Return the scenarios under the headings of the page."""
    left = list(scenario_names())
    out: dict[str, list[str]] = {title: [] for title in GROUPS}
    for title, claims in GROUPS.items():
        mine = [
            n
            for n in left
            if title != "Protocols" and not n.startswith("protocol") and set(load_scenario(n).claims) & set(claims)
        ]
        out[title] = mine
        left = [name for name in left if name not in mine]
    out["Protocols"] += left
    return out


def told(name: str, played: Scenario, session: Session, truth: Truth) -> Iterator[str]:
    """Yield a scenario's part of the page: heading, picture, two sentences or three."""
    yield f"### {played.title}\n"
    yield f"![{played.title}: arousal and heart rate of {' and '.join(person.id for person in session.people)}](gallery/{name}.svg)\n"
    yield f"{played.about} {recovered(truth)}{' ' + played.limits if played.limits else ''} (`{name}`)\n"


def recovered(truth: Truth) -> str:
    """Return what became of them, in a sentence."""
    first = next(iter(truth.arousal))
    hit = sorted({who for who, *_ in truth.half_lives}, key=lambda who: who != first)
    if not hit:
        return "Nobody meets a stressor here, so there is no recovery to time."
    parts = [f"{who} {shown}" for who in hit if (shown := _halves(truth, who))]
    return f"Median half-life of arousal: {'; '.join(parts)}."


def _halves(truth: Truth, who: str) -> str:
    told = []
    for together, where in ((False, "alone"), (True, "together")):
        found = [seconds for name, _, near, seconds in truth.half_lives if name == who and near is together]
        if found:
            middle = float(np.quantile(found, 0.5, method="lower"))
            told.append(f"{middle:.0f} s {where}" if np.isfinite(middle) else f"not back in time {where}")
    return ", ".join(told)


def picture(played: Scenario, session: Session, truth: Truth) -> Markup:
    """Return the picture of a scenario: arousal above, heart rate below, blocks behind."""
    assert truth.plan is not None
    end = truth.plan.seconds
    who = [person.id for person in session.people]
    beats = {r.person.id: r.beats for r in session.recordings if r.beats is not None}
    hearts = {name: (b.times[1:], 60 / np.diff(b.times)) for name, b in beats.items()}
    lanes = [
        ("arousal", {name: (truth.arousal[name].times, truth.arousal[name].values) for name in who}),
        ("heart, /min", hearts),
    ]
    height = TOP + 2 * (LANE + GAP) + 20
    parts = [grounds(truth, end), key(who)]
    for k, (name, curves) in enumerate(lanes):
        parts.append(lane(name, curves, who, end, TOP + k * (LANE + GAP)))
    parts.append(minutes(end, height - 14))
    return tag(
        "svg", tag("title", played.title), *parts, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {height}",
        font_family="sans-serif", font_size="12", role="img",
    )  # fmt: skip


def _x(time: float, end: float) -> float:
    return round(LEFT + (WIDTH - LEFT - 8) * time / end, 1)


def grounds(truth: Truth, end: float) -> Markup:
    """Return the blocks: grey where they are together, orange where somebody meets a stressor."""
    assert truth.plan is not None
    out = []
    for span, window in zip(truth.plan.spans, truth.plan.windows(), strict=True):
        if span.together and len(truth.plan.people) > 1:
            out.append(ground(window, end, INK, 0.14))
        if span.dose:
            out.append(ground(window, end, "#e69f00", 0.4))
            initials = "".join(name[0] for name, dose in span.dose.items() if dose)
            middle = (_x(window.start, end) + _x(window.end, end)) / 2
            out.append(text(middle, TOP - 3, initials, "middle", 10))
    return join_markup(*out)


def ground(window: Window, end: float, colour: str, opacity: float) -> Markup:
    """Return one block's ground over both lanes."""
    x, width = _x(window.start, end), _x(window.end, end) - _x(window.start, end)
    return tag(
        "rect", x=f"{x:g}", y=f"{TOP}", width=f"{width:.1f}", height=f"{2 * LANE + GAP}", fill=colour,
        fill_opacity=f"{opacity:g}",
    )  # fmt: skip


def key(who: list[str]) -> Markup:
    """Return the names, each with its line."""
    out, at = [], float(LEFT)
    for k, name in enumerate(who):
        out.append(line(f"M{at:g} 12h26", k))
        out.append(text(at + 31, 16, name))
        at += 50 + 7 * len(name)
    return join_markup(*out)


def lane(name: str, curves: dict[str, tuple[np.ndarray, np.ndarray]], who: list[str], end: float, top: float) -> Markup:
    """Return curves over time, with the least and largest value beside."""
    drawn = {person: thinned(*curves[person], end) for person in who if person in curves}
    values = np.concatenate([v for _, v in drawn.values()])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    low, high = (min(low, 0.0), max(high, 1.0)) if name == "arousal" else (low, high)
    digits = 1 if name == "arousal" else 0
    parts = [text(LEFT - 6, top + LANE / 2 + 4 + 14 * k, said, "end") for k, said in enumerate(name.split(", "))]
    parts += [
        text(LEFT - 6, y, f"{round(v, digits) + 0.0:.{digits}f}", "end", 10)
        for y, v in ((top + 8, high), (top + LANE, low))
    ]
    for person, (times, shown) in drawn.items():
        y = top + LANE * (1 - (shown - low) / max(high - low, 1e-9))
        points = "L".join(f"{_x(t, end):g} {v:.1f}" for t, v in zip(times, y, strict=True))
        parts.append(line(f"M{points}", who.index(person)))
    return join_markup(*parts)


def thinned(times: np.ndarray, values: np.ndarray, end: float) -> tuple[np.ndarray, np.ndarray]:
    """Return means over `POINTS` spans of time; empty spans are left out."""
    edges = np.linspace(0, end, POINTS + 1)
    at = np.clip(np.searchsorted(edges, times, side="right") - 1, 0, POINTS - 1)
    count = np.bincount(at, minlength=POINTS)
    there = count > 0
    means = np.bincount(at, weights=values, minlength=POINTS)[there] / count[there]
    return ((edges[1:] + edges[:-1]) / 2)[there], means


def minutes(end: float, y: float) -> Markup:
    """Return the axis of time."""
    step = next(s for s in (1, 2, 5, 10, 20, 60) if end / 60 / s <= 9)
    marks = [
        text(_x(60 * m, end), y, f"{m} min" if m == 0 else f"{m}", "middle" if m else "start", 11)
        for m in range(0, int(end / 60) + 1, step)
    ]
    return join_markup(*marks)


def line(path: str, k: int) -> Markup:
    """Return a person's line."""
    return tag(
        "path", d=path, fill="none", stroke=COLOURS[k % 5], stroke_width="1.6", stroke_dasharray=DASHES[k % 5],
        stroke_linejoin="round",
    )  # fmt: skip


def text(x: float, y: float, said: str, anchor: str | None = None, size: int | None = None) -> Markup:
    """Return words."""
    return tag(
        "text", said, x=f"{x:g}", y=f"{y:g}", fill=INK, text_anchor=anchor, font_size=None if size is None else str(size)
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())

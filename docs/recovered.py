"""Play raw sessions (ECG, breath, skin, or straps), analyse the files as real ones, and hold the answer against the truth.

`python docs/recovered.py [sessions of each scenario]` writes docs/generated/recovered.md.
"""

from __future__ import annotations

import contextlib
import io
import json
import pathlib
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coregulation.analysis.beat_source import select_beats
from coregulation.cli import main as coregulation
from coregulation.io import write_session
from coregulation.physiology.body import compute_body
from coregulation.physiology.cleaned_beats import CleanedBeats
from coregulation.physiology.heart_rate import compute_heart_rate
from coregulation.physiology.hrv import rmssd
from coregulation.physiology.level_beats import level_beats
from coregulation.session import Session
from coregulation.signals import Beats, Floats, Signal
from coregulation.simulate.nervous_system import states
from coregulation.simulate.observe import ObservationSetting, observe_states, with_physiology
from coregulation.simulate.pair_model import PairModel
from coregulation.simulate.parameters import Profile
from coregulation.simulate.plan import Plan, PlanSpan, alone_and_together
from coregulation.simulate.random_streams import random_generator
from coregulation.simulate.scenarios import load_scenario
from coregulation.simulate.scenarios import simulate as played
from coregulation.simulate.sensor_sets import sensor_set
from coregulation.simulate.truth import Truth

HERE = pathlib.Path(__file__).parent
SCENARIOS = (
    "hand-on-the-back",
    "car-crash-steady",
    "car-crash-panicking",
    "avoidant-with-grounded",
    "protocol-crossed",
)
SEEDS = 3
NEAR = 0.05  # s: a beat is found if one was told this near to it


@dataclass(frozen=True)
class Read:
    """What was read of one body, beside what was so."""

    found: float
    false: float
    late: float
    rate_error: float
    rmssd_ratio: float
    breath_error: float


@dataclass(frozen=True)
class Met:
    """One session: whose return, truly and as read from heart rate (half-lives in s), and the verdict."""

    truth: tuple[float, float]
    seen: tuple[float, float, float, float, float]
    kind: str


def main(seeds: int = SEEDS) -> str:
    """Return the page's part."""
    lines = [_HEAD_SIGNALS]
    met: dict[str, list[Met]] = {}
    for worn in ("electrodes", "full"):
        read: list[Read] = []
        for name in SCENARIOS:
            for seed in range(1, seeds + 1):
                session, truth = played(name, seed, replace(sensor_set(worn), speech=load_scenario(name).speech))
                read += _signals(session, truth, _breathing(name, seed))
                if worn == "electrodes":
                    met.setdefault(name, []).append(_met(session, truth))
        lines.append(_signal_row(worn, read))
    lines += ["", _HEAD_RETURN, *(_return_row(name, found) for name, found in met.items())]
    return "\n".join([*lines, "", _HEAD_LINKED, *_linked(2 * seeds)]) + "\n"


def analysed(session: Session) -> dict[str, Any]:
    """Return result.json of `coregulation analyze` on the session's files."""
    with tempfile.TemporaryDirectory() as folder:
        there = pathlib.Path(folder)
        manifest = write_session(session, there / "session")
        with contextlib.redirect_stdout(io.StringIO()):
            assert coregulation(["analyze", str(manifest), "--out", str(there / "out")]) == 0
        told: dict[str, Any] = json.loads((there / "out" / "result.json").read_text(encoding="utf-8"))
        return told


def _met(session: Session, truth: Truth) -> Met:
    told = analysed(session)
    who = truth.half_lives[0][0]
    lived = [
        float(np.median([life for name, _, near, life in truth.half_lives if name == who and near is together]))
        for together in (False, True)
    ]
    return Met((lived[0], lived[1]), _half_lives(told, who), told["verdicts"][0]["kind"])


def _half_lives(told: dict[str, Any], who: str) -> tuple[float, float, float, float, float]:
    """Return half-lives of heart rate alone and together, their ratio and its interval; NaN where nothing is said."""
    for one in (told["regulation"] or {}).get("comparisons", ()):
        if one["person"] == who:
            ends = [np.nan if one["ratio"][end] is None else one["ratio"][end] for end in ("low", "high")]
            return one["alone"]["value"], one["together"]["value"], one["ratio"]["value"], *ends
    return (np.nan,) * 5


def _breathing(name: str, seed: int) -> dict[str, Floats]:
    """Return each one's true breaths per minute at 5 Hz, from the same draw."""
    of = load_scenario(name)
    run = states(of.members(), of.plan(seed), seed, vary=1.0)
    turned = np.gradient(run.phase, 1 / run.rate, axis=0) * 60 / (2 * np.pi)
    return dict(zip(run.people, turned.T, strict=True))


def _signals(session: Session, truth: Truth, breathing: dict[str, Floats]) -> list[Read]:
    out = []
    for recording in session.recordings:
        who = recording.person.id
        series = select_beats(recording, session)
        assert series is not None
        out.append(_read(truth.beats[who], series.cleaned, recording.signals["resp"], breathing[who]))
    return out


def _read(true: Beats, cleaned: CleanedBeats, belt: Signal, breathing: Floats) -> Read:
    detected = cleaned.beats
    after = np.clip(np.searchsorted(detected.times, true.times), 1, len(detected) - 1)
    nearest = np.where(
        np.abs(detected.times[after] - true.times) < np.abs(detected.times[after - 1] - true.times), after, after - 1
    )
    apart = detected.times[nearest] - true.times
    hits = int((np.abs(apart) < NEAR).sum())
    was, seen = compute_heart_rate(true), compute_heart_rate(level_beats(cleaned))
    shown = np.interp(was.times, seen.times, seen.values)
    breath = compute_body({"resp": belt}).breathing_rate
    paced = np.interp(breath.times, np.arange(len(breathing)) / 5.0, breathing)
    return Read(
        hits / len(true),
        1 - hits / len(detected),
        float(np.median(np.abs(apart))),
        float(np.sqrt(np.nanmean((shown - was.values) ** 2))),
        rmssd(detected.nn) / rmssd(true.nn),
        float(np.nanmedian(np.abs(breath.values - paced))),
    )


_HEAD_SIGNALS = """| worn | bodies | beats found | beats told that were none | beat off by | heart rate off by (RMS) | RMSSD, told over true | breathing rate off by |
|---|---|---|---|---|---|---|---|"""


def _signal_row(worn: str, read: list[Read]) -> str:
    mid = {name: np.median([getattr(one, name) for one in read]) for name in Read.__annotations__}
    least, most = (f([one.rmssd_ratio for one in read]) for f in (min, max))
    heart = "ECG at 250 Hz" if worn == "electrodes" else "chest strap"
    return (
        f"| {heart}, belt, skin | {len(read)} | {np.mean([one.found for one in read]):.2%} "
        f"| {np.mean([one.false for one in read]):.2%} | {1000 * mid['late']:.1f} ms | {mid['rate_error']:.2f} /min "
        f"| {mid['rmssd_ratio']:.3f} ({least:.3f}–{most:.3f}) | {mid['breath_error']:.2f} /min |"
    )


_HEAD_RETURN = """| scenario | sessions | arousal, alone → together | ratio | heart rate, alone → together | ratio | same side | true ratio inside the interval | verdicts |
|---|---|---|---|---|---|---|---|---|"""


def _return_row(name: str, met: list[Met]) -> str:
    alone, together = np.median([one.truth for one in met], axis=0)
    seen = np.array([one.seen for one in met])
    told = np.isfinite(seen[:, 2])
    ratio = np.array([one.truth[1] / one.truth[0] for one in met])
    side = int((np.sign(np.log(seen[told, 2])) == np.sign(np.log(ratio[told]))).sum())
    inside = int(((seen[told, 3] <= ratio[told]) & (ratio[told] <= seen[told, 4])).sum())
    shown = np.median(seen[told], axis=0) if told.any() else np.full(5, np.nan)
    return (
        f"| `{name}` | {len(met)} | {alone:.0f} → {together:.0f} s | {np.median(ratio):.2f} | {shown[0]:.0f} → {shown[1]:.0f} s "
        f"| {shown[2]:.2f} | {side} of {told.sum()} | {inside} of {told.sum()} | {_counted(one.kind for one in met)} |"
    )


_HEAD_LINKED = """| pair | truth | sessions | verdicts |
|---|---|---|---|"""
PAIRS = {
    "nothing passes": (PairModel(), "not linked"),
    "quick ups and downs that only this pair shares (.05 a.u./s, 5 s)": (
        PairModel(h=(0.05, 0.05), e_tau=5.0),
        "linked",
    ),
    "ben's presence makes ada return faster": (PairModel(d=(0.03, 0.0)), "not linked, and steadied"),
}


def _linked(seeds: int) -> list[str]:
    out = []
    for name, (model, truth) in PAIRS.items():
        kinds = [_kind(model, seed) for seed in range(seeds)]
        out.append(f"| {name} | {truth} | {seeds} | {_counted(kinds)} |")
    return out


def _kind(model: PairModel, seed: int) -> str:
    rng, people = random_generator(seed, 7), ("ada", "ben")
    plan = alone_and_together(people)
    plan = Plan(people, (*plan.spans, PlanSpan("talk", 600)))
    bodies = Profile().varied(rng), Profile().varied(rng)
    run = with_physiology(model.varied(rng).draw(rng, plan), plan, bodies, seed)
    session, _ = observe_states(run, plan, rng, sensor_set("electrodes"), ObservationSetting(f"pair-{seed}"))
    return str(analysed(session)["verdicts"][0]["kind"])


def _counted(kinds: object) -> str:
    assert hasattr(kinds, "__iter__")
    return ", ".join(f"{kind} {count}" for kind, count in Counter(kinds).most_common())


if __name__ == "__main__":
    text = main(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
    (HERE / "generated" / "recovered.md").write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(text)

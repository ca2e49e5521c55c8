"""What is measured of bodies whose truth is known: `python -m bench.known_answers` writes docs/generated/known-answers.md."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from tests.physiology import hearts, mitdb, test_hrv, test_rr_cleaning
from tests.physiology.made import made_breath, made_skin, modulated_beats
from tests.physiology.test_breath import REAL, matched
from tests.physiology.test_ppg import pulses

from bench.ecg_accuracy import beats_of
from bench.tables import written
from coregulation.physiology import (
    PpgBeats,
    analyze_skin,
    clean_beats,
    collect_beats,
    compute_hrv,
    detect_breaths,
    detect_breaths_from_beats,
    rsa_porges_bohrer,
)
from coregulation.physiology.breath_track import PHASE, RATE, BreathTrack
from coregulation.physiology.hrv import pnn50, poincare, rmssd, sdnn
from coregulation.signals import Beats, Floats, Signal, Unit
from coregulation.stage import Piece, run

HOURS, FIVES = 8, 40
Row = tuple[str, str, str, str]


def cleaning() -> Iterator[Row]:
    for kind in test_rr_cleaning.KINDS:
        losses, errors, right, marked, wrong, clean_marks = [], [], 0, 0, 0, []
        for seed in range(HOURS):
            clean = test_rr_cleaning.heart(kind, 4000, seed)
            untouched = clean_beats(Beats(clean))
            truth = test_rr_cleaning.rmssd(Beats(clean))
            losses.append(100 * (test_rr_cleaning.rmssd(untouched.beats) / truth - 1))
            clean_marks.append(untouched.share)
            times, labels = test_rr_cleaning.injected(clean, 0.03, seed)
            found = clean_beats(Beats(times))
            named = [artefact.value if artefact else None for artefact in found.artefacts]
            errors.append(100 * (test_rr_cleaning.rmssd(found.beats) / truth - 1))
            right += sum(a == b for a, b in zip(named, labels, strict=True) if b)
            wrong += sum(a is not None and b is None for a, b in zip(named, labels, strict=True))
            marked += sum(label is not None for label in labels)
        what = f"RR cleaning, {kind} intervals"
        yield what, f"RMSSD of {HOURS} clean hours", f"{np.mean(losses):+.2f} %, worst {extreme(losses)}", "1 %"
        yield what, "clean beats marked", f"{100 * np.mean(clean_marks):.2f} %", ""
        yield what, "RMSSD, 3 % missed, extra, ectopic", f"{np.mean(errors):+.2f} %, worst {extreme(errors)}", "1 %"
        yield what, "damaged beats marked as what they are", f"{100 * right / marked:.1f} %", "95 %"
        yield what, "sound beats marked, for 100 damaged", f"{100 * wrong / marked:.1f}", "5"
        yield what, f"{FIVES} × five minutes within the masked beats' sampling error", five_minutes(kind), "95 %"


def extreme(values: list[float]) -> str:
    return f"{max(values, key=abs):+.2f} %"


def five_minutes(kind: str) -> str:
    """Return the share of five minutes whose mean square stays within 1.96 standard errors of what was masked."""
    inside = 0
    for seed in range(FIVES):
        clean = test_rr_cleaning.heart(kind, 340, 100 + seed)
        result = clean_beats(Beats(test_rr_cleaning.injected(clean, 0.03, seed)[0]))
        kept = np.isfinite(np.diff(result.beats.nn)).sum()
        squares = np.diff(Beats(clean).nn[1:]) ** 2
        error = squares.std() * math.sqrt(max(1, len(squares) - kept)) / kept
        inside += abs(test_rr_cleaning.rmssd(result.beats) ** 2 - squares.mean()) < 1.96 * error
    return f"{100 * inside / FIVES:.0f} %"


def arrhythmia() -> Iterator[Row]:
    if not mitdb.FOLDER.exists():
        return
    for name in mitdb.RECORDS:
        _, times, symbols = mitdb.record(name)
        result = clean_beats(Beats(times))
        marked = np.array([artefact is not None for artefact in result.artefacts])
        normal = np.isin(symbols, ["N", "/", "f"])
        told = (
            f"{len(result.beats)} of {len(times)} kept; {100 * marked[normal].mean():.1f} % of the usual beats marked"
        )
        others = f", {100 * marked[~normal].mean():.0f} % of the {(~normal).sum()} others" if (~normal).any() else ""
        yield "RR cleaning of arrhythmia", f"record {name}", told + others, "none lost"


def closed_forms() -> Iterator[Row]:
    found = compute_hrv(modulated_beats({0.1: 30.0, 0.25: 40.0}))
    rises = [30 * math.sin(math.pi * 0.1 * 0.9), 40 * math.sin(math.pi * 0.25 * 0.9)]
    truth = {"mean_nn": 900.0, "sdnn": math.sqrt(1250.0), "rmssd": math.sqrt(2 * sum(r**2 for r in rises))}
    for name, value in (truth | {"lf": 450.0, "hf": 800.0}).items():
        measured = getattr(found, name).value
        note = "1 %; the spline takes 1.7 %" if name == "hf" else "1 %"
        told = f"{measured:.2f} of {value:.2f} ({100 * (measured / value - 1):+.2f} %)"
        yield "HRV, closed form", name, told, note


def toolbox() -> Iterator[Row]:
    if not test_hrv.REFERENCE.exists():
        return
    beats = np.genfromtxt(test_hrv.REFERENCE / "nsr004.beats.csv", delimiter=",", skip_header=1, usecols=0)
    table = np.genfromtxt(test_hrv.REFERENCE / "nsr004.reference.csv", delimiter=",", names=True)
    rr = np.diff(beats) * 1000
    since, gaps = np.cumsum(rr) / 1000, []
    for row in table:
        nn = rr[(since >= row["t_start"]) & (since <= row["t_end"])]
        if len(nn) == row["btsdet"]:
            ours = [nn.mean(), sdnn(nn), rmssd(nn), pnn50(nn), *poincare(nn)]
            theirs = [row[name] for name in ("NNmean", "SDNN", "RMSSD", "pnn50", "SD1", "SD2")]
            gaps.append(np.abs(np.subtract(ours, theirs)).max())
    told = f"largest difference {max(gaps):.5f} in {len(gaps)} of {len(table)} windows, whose beat counts agree"
    yield "HRV, PhysioNet's toolbox", "nsr004, six numbers a window", told, "every digit (4 decimals)"


def rsa() -> Iterator[Row]:
    off = [
        rsa_porges_bohrer(modulated_beats({f: a}, mean=850)).value - math.log(a**2 / 2)
        for f in (0.16, 0.18, 0.2, 0.22, 0.25, 0.28, 0.3)
        for a in (5.0, 40.0, 100.0)
    ]
    worst = f"largest error {max(map(abs, off)):.3f} ln units"
    yield "RSA, Porges–Bohrer", "rhythms of 0.16 to 0.30 Hz, 5 to 100 ms", worst, "0.05"
    means = [rsa_porges_bohrer(modulated_beats({0.22: 40.0}, mean=mean)).value for mean in (600, 750, 900, 1000)]
    told = f"moves by {max(means) - min(means):.3f} ln units"
    yield "RSA, Porges–Bohrer", "the same rhythm at a mean RR of 600 to 1,000 ms", told, "0.05"


def breath() -> Iterator[Row]:
    for noise in (0.0, 0.02, 0.1):
        signal, truth = made_breath(7, 1200, noise=noise)
        found = detect_breaths(signal)
        error = matched(found, truth)
        ends = 1000 * error[:, :3]
        told = f"{len(error)} of {len(truth)} found, {len(found) - len(error)} invented; bias "
        told += f"{' / '.join(f'{ms:+.0f}' for ms in ends.mean(axis=0))} ms, sd {ends.std(axis=0).max():.0f} ms"
        yield "Breath", f"start / peak / end, noise {noise:g} of a breath", told, ""
        yield "Breath", f"rate and phase, noise {noise:g}", rate_and_phase(signal, truth), ""
    if REAL.exists():
        yield "Breath from beats", "against the belt of ecg-resp-eda, 30 s windows", against_the_belt(), ""


def rate_and_phase(signal: Signal, truth: Floats) -> str:
    stage = BreathTrack()
    _, rows = stage.step(stage.start(), Piece(detect_breaths(signal), np.inf))
    track = rows.data
    times = track.first / 2 + np.arange(len(track)) / 2
    at = np.searchsorted(truth[:, 0], times, "right") - 1
    start, peak, end, _ = truth[at].T
    phase = np.pi * np.where(times < peak, (times - start) / (peak - start), 1 + (times - peak) / (end - peak))
    inside = (at >= 0) & (times < end) & np.isfinite(track.values[:, RATE])
    off = np.angle(np.exp(1j * (track.values[:, PHASE] - phase)))[inside]
    rate = np.median(np.abs(track.values[:, RATE] - 60 / (end - start))[inside])
    return f"rate within {rate:.2f} a minute (median), phase {np.sqrt(np.mean(off**2)):.2f} rad (root mean square)"


def against_the_belt() -> str:
    data = np.load(REAL)
    belt = detect_breaths(Signal(data["resp_25hz"], 25.0, 0.0, Unit.ARBITRARY))
    derived = detect_breaths_from_beats(Beats(beats_of(data["ecg_250hz"], 250.0)))
    both = []
    for at in np.arange(60, 1480, 30):
        rates = [[b.rate for b in found if at <= b.start < at + 30] for found in (belt, derived)]
        if min(map(len, rates)) >= 3:
            both.append([np.median(rate) for rate in rates])
    error = np.diff(np.array(both), axis=1).ravel()
    near = 100 * np.mean(np.abs(error) < 2)
    return f"median error {np.median(np.abs(error)):.1f} a minute, bias {np.median(error):+.1f}; {near:.0f} % within 2"


def responses() -> Iterator[Row]:
    for per_minute, noise in ((3, 0.0), (5, 0.003), (5, 0.01), (12, 0.003)):
        signal, truth = made_skin(11, 1800, per_minute=per_minute, noise=noise)
        told = np.array([(scr.onset, scr.amplitude) for scr in analyze_skin(signal).scrs])
        real = truth[truth[:, 1] >= 0.05]
        nearest = np.abs(told[:, 0] - real[:, :1]).argmin(axis=1)
        off = told[nearest, 0] - real[:, 0]
        hit = np.abs(off) < 0.5
        invented = (np.abs(truth[:, 0] - told[:, :1]).min(axis=1) > 0.5).sum()
        size = told[nearest, 1][hit] / real[hit, 1]
        line = f"{hit.sum()} of {len(real)} found, {invented} invented; timing {1000 * off[hit].mean():+.0f} ms, "
        line += f"sd {1000 * off[hit].std():.0f} ms; amplitude × {np.median(size):.2f} (quartiles "
        line += " to ".join(f"{q:.2f}" for q in np.percentile(size, [25, 75])) + ")"
        yield "SCR of at least 0.05 µS", f"{per_minute} a minute, noise {1000 * noise:g} nS", line, ""


def ppg() -> Iterator[Row]:
    for rate in (25.0, 64.0, 250.0):
        for noise in (0.0, 0.1, 0.3):
            heart = hearts.sinus(600, np.random.default_rng(1))
            values = pulses(heart, 600, rate)
            values = values + noise * values.std() * np.random.default_rng(2).standard_normal(len(values))
            signal = Signal(values, rate, 0.0, Unit.ARBITRARY)
            found = collect_beats(run(PpgBeats(), [Piece(signal, signal.window.end)])).beats.times
            one, other = hearts.matched(heart.times + 0.2, found, 0.1)
            late = 1000 * (found[other] - heart.times[one] - 0.2)
            told = f"{len(one)} of {len(heart.times)} found, {len(found) - len(one)} invented; "
            told += f"bias {late.mean():+.1f} ms, sd {late.std():.1f} ms"
            yield "PPG", f"{rate:g} Hz, noise {noise:g} of its spread", told, ""


def table() -> Iterator[str]:
    yield "| what | case | measured | asked |"
    yield "|---|---|---|---|"
    for part in (cleaning, arrhythmia, closed_forms, toolbox, rsa, breath, responses, ppg):
        for row in part():
            yield "| " + " | ".join(row) + " |"


def main() -> None:
    written("known-answers", "python -m bench.known_answers", table())


if __name__ == "__main__":
    main()

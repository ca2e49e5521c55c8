"""Simulated sessions taken like real ones: written to files, opened, analysed; how often is linkage claimed, of whom?

`python -m tests.recovery.taken 40` writes the table of the docs.
"""

import math
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from coregulation.analysis.pipeline import Analysis
from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.io import open_session, write_session
from coregulation.regulation.gate import VerdictKind
from coregulation.session import Session
from coregulation.simulate.confounds import KNOWN, known_answer
from coregulation.simulate.linkage import simulated_pair
from coregulation.simulate.sensor_sets import sensor_set
from coregulation.study.calibration import CalibrationCell
from coregulation.study.design import power_plan
from coregulation.study.power import Task, _session

# what somebody who was there would say was shared: a stressor that hits both is a script
DECLARED = {"common-stressor": ("stressor",), "same-probes": ("stressor",)}
# pairs linked from moment to moment, met for ten minutes with nothing else going on
MOMENTS = """
schema = "coregulation.power/1"
title = "ten minutes of talk"
wearing = "strap-and-belt"
[[part]]
blocks = [{ kind = "talk", seconds = 600 }]
[[strength]]
name = "nothing"
[[strength]]
name = "moments .05"
moments = 0.05
[[strength]]
name = "breath .25"
breath = 0.25
"""
TALK = ("talk, nothing", "talk, moments .05", "talk, breath .25")
PAIR = "simulated_pair, strength .6, lag 2 s"
CASES = (PAIR, *TALK, *KNOWN)


@dataclass(frozen=True)
class Taken:
    """What was said of one session, beside what is true of it: None where it could not be told."""

    claimed: bool | None
    linked: bool
    lag: float
    leader: str | None


def drawn(case: str, seed: int) -> tuple[Session, bool]:
    """A session of a case, and whether its people are truly linked beyond what everybody there lived through."""
    if case == PAIR:
        session, truth = simulated_pair(seed=seed)
        return session, truth.link.beyond_script
    if case in TALK:
        plan = power_plan(MOMENTS.replace("title =", f"seed = {seed}\ntitle ="))
        return replace(_session(plan, Task(None, TALK.index(case), 0), 0), shared=()), case != TALK[0]
    session, truth = known_answer(case, seed, wearing=sensor_set("strap-and-belt"))
    return replace(session, shared=DECLARED.get(case, session.shared)), truth.link.beyond_script


def taken(case: str, seed: int) -> Taken:
    """Write it, open it, analyse it as the command line does, with fewer surrogates."""
    session, linked = drawn(case, seed)
    with tempfile.TemporaryDirectory() as folder:
        opened = open_session(write_session(session, folder))
    finding = Analysis(sensitivity=(), surrogates=499, bootstrap=BlockBootstrap(draws=199), jobs=1, pictures=0)(opened)
    verdict = finding.verdicts[0]
    failed = any(verdict.gate(name).state == "failed" for name in ("G1", "G2"))
    answered = verdict.kind is not VerdictKind.CANNOT_TELL or failed
    best = min((c for c in finding.of(verdict.people) if c.p is not None), key=lambda c: c.p)
    return Taken(
        verdict.kind is VerdictKind.LINKED if answered else None, linked, best.estimate.lag, best.estimate.leader
    )  # fmt: skip


def row(case: str, count: int) -> str:
    cases = [taken(case, seed) for seed in range(1, count + 1)]
    answers, refused = (sum(item.claimed is what for item in cases) for what in (True, None))
    low, high = CalibrationCell("", "", "", answers, count, refused).bounds(1, 0.95)
    lag = np.median([item.lag for item in cases]) if case == PAIR else math.nan
    seconds = f"{lag:.2f} s" if lag == lag else ""
    truth = "linked" if cases[0].linked else "not"
    return f"| {case} | {truth} | {answers / count:.2f} ({low:.2f}–{high:.2f}) | {refused / count:.2f} | {seconds} |"


def main() -> None:
    count = int(sys.argv[1])
    print(
        "| session | truth, beyond the script | said to be linked (95 %) | cannot tell | lag |\n|---|---|---|---|---|"
    )
    with ProcessPoolExecutor(2) as pool:
        for line in pool.map(row, CASES, [count] * len(CASES)):
            print(line, flush=True)


if __name__ == "__main__":
    main()

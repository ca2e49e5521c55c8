"""Write what the simulator's people are like at rest beside what is published, and which assumption decides an outcome.

`python docs/simulator_tables.py` writes docs/generated/ranges.md and docs/generated/sobol.md (about two minutes).
"""

from __future__ import annotations

import math
import pathlib
from collections.abc import Callable, Iterator

import numpy as np
from sobol import FREE, Share, around, sobol

from coregulation.physiology.body import compute_body
from coregulation.physiology.hrv import rmssd, sdnn
from coregulation.signals import Floats, Window
from coregulation.simulate.nervous_system import ScenarioMember, states
from coregulation.simulate.observe import observe_states
from coregulation.simulate.outcomes import half_life
from coregulation.simulate.plan import Plan, PlanSpan
from coregulation.simulate.profiles import PROFILES

HERE = pathlib.Path(__file__).parent / "generated"
PEOPLE, SAMPLES = 100, 512

# what is published, and where; the numbers of Nunan and Dawson are quoted from memory, their tables were not re-read
RANGES = (
    ("heart rate, 1/min", "52–76 (means of studies: RR 785–1160 ms)", "Nunan, Sandercock & Brodie 2010"),
    ("RMSSD, ms", "19–75 (means of studies; 42 over all)", "Nunan, Sandercock & Brodie 2010"),
    ("SDNN of five minutes, ms", "32–93 (means of studies; 50 over all)", "Nunan, Sandercock & Brodie 2010"),
    ("breaths per minute", "12–20", "textbook range"),
    ("skin responses a minute", "1–3", "Dawson, Schell & Filion (Handbook of Psychophysiology)"),
    ("skin conductance level, µS", "2–20", "Dawson, Schell & Filion (Handbook of Psychophysiology)"),
    ("half-life of arousal after 40 s, alone, s", "minutes: 20 were watched after tasks of 3", "Christenfeld, Glynn & Gerin 2000"),
)  # fmt: skip


def main() -> None:
    """Write both tables."""
    (HERE / "ranges.md").write_text(ranges(PEOPLE), encoding="utf-8", newline="\n")
    (HERE / "sobol.md").write_text(shares(SAMPLES), encoding="utf-8", newline="\n")


def ranges(people: int) -> str:
    """Return the table of people at rest."""
    found = np.array([row for pair in range(people // 2) for row in _at_rest(pair)])
    low, middle, high = np.quantile(found, (0.05, 0.5, 0.95), axis=0)
    lines = [
        "| people at rest | simulated: median (5 to 95 % of people) | published | source |",
        "|---|---|---|---|",
    ]
    for k, (name, published, source) in enumerate(RANGES):
        lines.append(f"| {name} | {middle[k]:.3g} ({low[k]:.3g}–{high[k]:.3g}) | {published} | {source} |")
    return "\n".join(lines) + "\n"


def _at_rest(pair: int) -> Iterator[tuple[float, ...]]:
    """Yield each of two people's five minutes alone, and the half-life of a stressor after them."""
    spans = (("alone-rest", 300, {}), ("perturb-alone", 40, {"a": 1.0, "b": 1.0}), ("recover-alone", 400, {}))
    plan = Plan(("a", "b"), tuple(PlanSpan(kind, seconds, dose, together=False) for kind, seconds, dose in spans))
    run = states({name: ScenarioMember(PROFILES["secure"]) for name in plan.people}, plan, 6, pair, vary=1.0)
    session, truth = observe_states(run, plan, np.random.default_rng(pair))
    rest = Window(0.0, 300.0)
    for i, recording in enumerate(session.recordings):
        skin = compute_body({"eda": recording.signals["eda"].within(rest)})
        nn = truth.beats[recording.person.id].nn
        nn = nn[truth.beats[recording.person.id].times < rest.end]
        life = half_life(run, i, Window(0, 300), Window(340, 740))
        breaths = 60 * run.breathing[: round(300 * run.rate), i].mean()
        rate, level = np.nanmean(skin.scr_rate.values[240:]), np.nanmean(skin.scl.values)
        yield 60 / np.nanmean(nn), 1000 * rmssd(nn), 1000 * sdnn(nn), breaths, float(rate), float(level), life


def shares(samples: int) -> str:
    """Return the table of Sobol indices: first and total, with 95 % intervals, alone and beside somebody grounded."""
    rng = np.random.default_rng(3)
    alone, there = (sobol(_ln_half_life(near), around(PROFILES["secure"]), rng, samples) for near in (False, True))
    lines = [
        "| assumption, ± 50 % | alone: first | alone: total | beside somebody grounded: first | total |",
        "|---|---|---|---|---|",
    ]
    for name in FREE:
        cells = [cell for share in (alone[name], there[name]) for cell in _cells(share)]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cells(share: Share) -> tuple[str, str]:
    (a, b), (c, d) = share.first_interval, share.total_interval
    return f"{share.first:.2f} [{a:.2f}, {b:.2f}]", f"{share.total:.2f} [{c:.2f}, {d:.2f}]"


def _ln_half_life(together: bool) -> Callable[[Floats], float]:
    """Return ln of the half-life (s, at most 400) of a secure person with these numbers; the same chance every time."""
    spans = (("rest", 120, {}), ("perturb", 40, {"a": 1.0}), ("recover", 400, {}))
    plan = Plan(("a", "b"), tuple(PlanSpan(kind, seconds, dose, together) for kind, seconds, dose in spans))

    def outcome(numbers: Floats) -> float:
        who = PROFILES["secure"].changed(dict(zip(FREE, map(float, numbers), strict=True)))
        run = states({"a": ScenarioMember(who), "b": ScenarioMember(PROFILES["grounded"])}, plan, 1)
        return math.log(min(half_life(run, 0, Window(60, 120), Window(160, 560)), 400.0))

    return outcome


if __name__ == "__main__":
    main()

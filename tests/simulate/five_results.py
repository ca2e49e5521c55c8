"""The five qualitative results of the simulated account, with intervals, beside the prototype's numbers.

`python -m tests.simulate.five_results 64` writes the table; tests run it small, and in full every night.
"""

import sys
from dataclasses import dataclass, replace

import numpy as np

from coregulation.signals import Window
from coregulation.simulate.learning import course
from coregulation.simulate.nervous_system import ScenarioMember, states
from coregulation.simulate.observe import Wearing, observe_states
from coregulation.simulate.outcomes import half_life, median_interval
from coregulation.simulate.plan import Plan, PlanSpan
from coregulation.simulate.profiles import PROFILES
from coregulation.simulate.sensors import Belt, SkinElectrodes

REST, OFF = Window(90, 180), Window(220, 900)
STYLES = ("secure", "earned-secure", "anxious", "avoidant", "disorganised", "trauma")
PANICKING = replace(PROFILES["trauma"], safety_bias=-0.8, alarm=1.6, window=0.3)
PROTOTYPE = {
    "secure alone": "37.0 [36.2, 38.0]",
    "secure + grounded": "12.2 [12.2, 12.4]",
    "earned-secure alone": "46.4 [45.2, 47.4]",
    "earned-secure + grounded": "14.2 [14.0, 14.4]",
    "anxious alone": "77.5 [75.9, 78.8]",
    "anxious + grounded": "10.6 [10.6, 10.8]",
    "avoidant alone": "57.0 [55.8, 57.6]",
    "avoidant + grounded": "55.3 [54.5, 56.0]",
    "disorganised alone": "81.0 [79.8, 82.9]",
    "disorganised + grounded": "99.5 [97.6, 100.6]",
    "trauma alone": "106 [104, 109]",
    "trauma + grounded": "51.3 [50.7, 52.0]",
    "secure + calm secure": "12.8",
    "secure + grounded, voice only": "40.6 (an artefact)",
    "secure + grounded, touch, rhythm, presence": "28.6",
    "secure + panicking": "76.3",
    "trauma + trauma, both hit": "never (100 %)",
    "anxious + anxious, both hit": "never (100 %)",
    "trauma + grounded, both hit": "52",
    "secure + secure, both hit": "65",
}


@dataclass(frozen=True)
class Cell:
    name: str
    values: np.ndarray
    seed: int = 1

    @property
    def interval(self):
        return median_interval(self.values, np.random.default_rng(self.seed))

    def __str__(self):
        median, low, high = self.interval
        return f"{self.name:44s} {median:6.1f} [{low:6.1f}, {high:6.1f}]   {PROTOTYPE.get(self.name, '')}"


def lives(people, dose, replicates, vary, together=True, cues=None):
    names = tuple("ab"[: len(people)])
    plan = Plan(
        names,
        (
            PlanSpan("rest", 180, {}, together, cues),
            PlanSpan("perturb", 40, dict(zip(names, dose, strict=True)), together, cues),
            PlanSpan("recover", 680, {}, together, cues),
        ),
    )
    members = {name: ScenarioMember(who) for name, who in zip(names, people, strict=True)}
    runs = (states(members, plan, 20 + len(people), i, vary) for i in range(replicates))
    return np.array([half_life(run, 0, REST, OFF) for run in runs])


def recoveries(replicates, vary=0.0):
    """Results 1 to 3 as cells by name."""
    out, calm = {}, PROFILES["grounded"]

    def add(name, people, dose, **kw):
        out[name] = Cell(name, lives(people, dose, replicates, vary, **kw))

    for style in STYLES:
        add(f"{style} alone", [PROFILES[style]], [1.0], together=False)
        add(f"{style} + grounded", [PROFILES[style], calm], [1.0, 0.0])
    secure, trauma, anxious = (PROFILES[name] for name in ("secure", "trauma", "anxious"))
    add("secure + calm secure", [secure, secure], [1.0, 0.0])
    add("secure + grounded, voice only", [secure, calm], [1.0, 0.0], cues={"voice": 1})
    touch = {"touch": 1, "rhythm": 1, "presence": 1}
    add("secure + grounded, touch, rhythm, presence", [secure, calm], [1.0, 0.0], cues=touch)
    add("secure + panicking", [secure, PANICKING], [1.0, 0.6])
    add("trauma + trauma, both hit", [trauma, trauma], [1.0, 1.0])
    add("anxious + anxious, both hit", [anxious, anxious], [1.0, 1.0])
    add("trauma + grounded, both hit", [trauma, calm], [1.0, 1.0])
    add("secure + secure, both hit", [secure, secure], [1.0, 1.0])
    return out


def dependence(cells, style):
    """Result 3: 1 − T½ with / T½ alone, median and bootstrap interval over replicates."""
    alone, valid = cells[f"{style} alone"].values, cells[f"{style} + grounded"].values
    rng = np.random.default_rng(2)
    picks = rng.integers(len(alone), size=(2, 999, len(alone)))
    index = 1 - np.median(valid[picks[0]], axis=1) / np.median(alone[picks[1]], axis=1)
    low, high = np.quantile(index, (0.025, 0.975))
    return 1 - np.median(valid) / np.median(alone), low, high


def training(sessions=12, replicates=16):
    """Result 4: half-life alone, session by session."""
    trauma = PROFILES["trauma"]
    ways = {
        "with a grounded partner": (trauma, PROFILES["grounded"]),
        "alone, learning alone possible": (trauma, None),
        "alone, learning alone switched off": (replace(trauma, learning_solo=0.0), None),
        "with a dysregulated partner": (trauma, replace(trauma, safety_bias=-0.6)),
    }
    return {name: [p.half_life_alone for p in course(*pair, sessions, 50, replicates)] for name, pair in ways.items()}


WINDOWS = {"rest": (90, 175), "stress": (185, 220), "rec1": (222, 282), "rec2": (282, 342), "late": (400, 500)}


def ln_rsa(beats, start, end):
    """ln variance (ms²) of 4-Hz RR between .12 and .40 Hz, brick wall: the prototype's index."""
    grid = np.arange(start, end, 0.25)
    rr = np.interp(grid, beats[1:], 1000 * np.diff(beats))
    rr = rr - np.polyval(np.polyfit(grid, rr, 3), grid)
    spectrum, frequency = np.fft.rfft(rr), np.fft.rfftfreq(len(rr), 0.25)
    spectrum[(frequency < 0.12) | (frequency > 0.40)] = 0
    return np.log(np.var(np.fft.irfft(spectrum, len(rr))))


def observables(replicates=16, vary=0.0):
    """Result 5: (heart rate, ln RSA, breaths a minute, skin conductance) by person, company and window; (replicates, 4)."""
    out, worn = {}, Wearing(sensors=(Belt(), SkinElectrodes()))
    for style in ("secure", "trauma"):
        for company, together in (("alone", False), ("with grounded", True)):
            members = {"a": ScenarioMember(PROFILES[style]), "b": ScenarioMember(PROFILES["grounded"])}
            spans = (("rest", 180, {}), ("perturb", 40, {"a": 1.0}), ("recover", 300, {}))
            plan = Plan(("a", "b"), tuple(PlanSpan(k, s, d, together) for k, s, d in spans))
            rows = {window: [] for window in WINDOWS}
            for i in range(replicates):
                run = states(members, plan, 5, i, vary)
                session, truth = observe_states(run, plan, np.random.default_rng([5, i]), worn)
                beats, eda = truth.beats["a"].times, session.of("a").signals["eda"].values
                for window, (start, end) in WINDOWS.items():
                    valid = (beats >= start) & (beats < end)
                    heart = 60 * (valid.sum() - 1) / np.ptp(beats[valid])
                    breath = 60 * run.breathing[int(start * 5) : int(end * 5), 0].mean()
                    skin = eda[int(start * 8) : int(end * 8)].mean()
                    rows[window].append((heart, ln_rsa(beats, start, end), breath, skin))
            for window, values in rows.items():
                out[style, company, window] = np.array(values)
    return out


def table(replicates):
    lines = [f"T½ of latent arousal in s, median [95 % interval], {replicates} replicates; the prototype's beside it"]
    for vary in (0.0, 1.0):
        lines.append(f"-- people {'as alike as in the prototype' if vary == 0 else 'who differ (CV .2 to .3)'}")
        cells = recoveries(replicates, vary)
        lines += [str(cell) for cell in cells.values()]
        lines += ["dependence {:14s} {:5.2f} [{:5.2f}, {:5.2f}]".format(s, *dependence(cells, s)) for s in STYLES]
    for name, way in training().items():
        lines.append(f"{name:36s} " + " ".join(f"{value:.0f}" for value in way))
    for key, values in observables(vary=0.0).items():
        mean, error = values.mean(axis=0), 1.96 * values.std(axis=0, ddof=1) / np.sqrt(len(values))
        shown = "  ".join(f"{m:6.2f} ± {e:.2f}" for m, e in zip(mean, error, strict=True))
        lines.append("{:7s} {:14s} {:7s}".format(*key) + "HR, ln RSA, breaths, EDA " + shown)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table(int(sys.argv[1]) if len(sys.argv) > 1 else 64))

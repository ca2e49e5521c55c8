"""What repeated sessions change: through the partner, and alone (so that "healing cannot happen alone" can be false)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from coregulation.signals import Window
from coregulation.simulate.nervous_system import ScenarioMember, States, states
from coregulation.simulate.outcomes import half_life
from coregulation.simulate.parameters import Profile
from coregulation.simulate.plan import Plan, PlanSpan

_REST, _STRESS, _AFTER = 180.0, 40.0, 680.0  # s, the parts of a session; assumed

# floor and ceiling of what a course of sessions can change, in the units of `Profile`; all assumed
_SELF_REGULATION = (0.1, 1.2)
_WINDOW = (0.3, 1.1)
_RECEPTIVITY = (0.1, 1.2)
_SAFETY_BIAS = (-0.4, 0.25)
_ABSENCE_OF_THREAT = (-0.5, -0.15)  # minus arousal_threat

# what one session can give; all assumed
_MAX_AROUSAL = 0.6  # a.u., beyond which more arousal teaches nothing more
_MAX_HARMFUL_AROUSAL = 1.5  # a.u., the same for harm
_GAIN = 20.0  # dose per a.u. of mean arousal under full safety
_HARM, _HARMLESS = 4.0, 0.4  # dose per a.u. in full danger, and what of it leaves no trace
_MAX_GAIN, _MAX_HARM = 1.5, 0.5


@dataclass(frozen=True, slots=True)
class Rates:
    """How far one full session moves each number towards its ceiling or floor; all assumed.

    Parameters
    ----------
    self_regulation, window, receptivity, safety
        Share of the distance per unit of dose, 0 to 1.
    """

    self_regulation: float = 0.15
    window: float = 0.15
    receptivity: float = 0.10
    safety: float = 0.10


@dataclass(frozen=True, slots=True)
class PracticeOutcome:
    """One session of a course.

    Parameters
    ----------
    half_life_alone
        Median half-life of latent arousal alone before the session, in s.
    profile
        The person then.
    """

    half_life_alone: float
    profile: Profile


def dose(run: States, person: int = 0) -> tuple[float, float, float]:
    """Compute what a session gave: gain through the partner, gain alone, and harm.

    Through the partner: time aroused and felt safe while cues got through. Alone: time aroused within the own window
    while none did, whatever was felt. Harm: time aroused and in danger.

    Parameters
    ----------
    run
        The states of the session.
    person
        Which.

    Returns
    -------
    tuple of float
        Gain through the partner and gain alone (each 0 to 1.5), harm (0 to .5).
    """
    arousal = np.maximum(run.arousal[:, person], 0.0)
    safety, met = run.safety[:, person], run.openness[:, person] > 0
    bounded = np.minimum(arousal, _MAX_AROUSAL)
    partner = _GAIN * float((bounded * np.maximum(safety, 0.0) * met).mean())
    solo = _GAIN * float((bounded * (arousal < run.profiles[person].window) * ~met).mean())
    danger = np.minimum(arousal, _MAX_HARMFUL_AROUSAL) * np.maximum(-safety, 0.0)
    harm = _HARM * float(danger.mean()) - _HARMLESS
    return min(partner, _MAX_GAIN), min(solo, _MAX_GAIN), min(max(harm, 0.0), _MAX_HARM)


def learned(profile: Profile, partner: float, solo: float, harm: float, rates: Rates | None = None) -> Profile:
    """Compute what a person has become after a session; nothing crosses a ceiling or a floor.

    Parameters
    ----------
    profile
        The person before.
    partner, solo, harm
        Doses, as `dose` gives them.
    rates
        How fast each number moves; None: the assumed rates.

    Returns
    -------
    Profile
        The person after.
    """
    by = Rates() if rates is None else rates
    through = profile.learning_partner * partner
    gain = through + profile.learning_solo * solo

    def moved(value: float, rate: float, up: float, floor: float, ceiling: float) -> float:
        step = rate * (up * max(ceiling - value, 0.0) - harm * max(value - floor, 0.0))
        return min(max(value + step, min(value, floor)), max(value, ceiling))

    return replace(
        profile,
        self_regulation=moved(profile.self_regulation, by.self_regulation, gain, *_SELF_REGULATION),
        window=moved(profile.window, by.window, gain, *_WINDOW),
        receptivity=moved(profile.receptivity, by.receptivity, through, *_RECEPTIVITY),
        safety_bias=moved(profile.safety_bias, by.safety, gain, *_SAFETY_BIAS),
        arousal_threat=-moved(-profile.arousal_threat, by.safety, gain, *_ABSENCE_OF_THREAT),
    )


def course(
    profile: Profile, partner: Profile | None, sessions: int, seed: int, replicates: int = 16
) -> tuple[PracticeOutcome, ...]:
    """Simulate a course of sessions with a partner or alone, each tested alone before it.

    Doses are means over `replicates` runs of a session, so that the way shows the account and not one run's chance.

    Parameters
    ----------
    profile
        The person.
    partner
        Who is met in each session; None: nobody.
    sessions
        How many.
    seed
        Of everything.
    replicates
        Runs of each session, over which doses are means.

    Returns
    -------
    tuple of PracticeOutcome
        Before the first session, and after each.
    """
    outcomes: list[PracticeOutcome] = []
    for session in range(sessions + 1):
        tests = _runs(profile, None, seed + 2 * session, replicates)
        outcomes.append(PracticeOutcome(_median_half_life(tests), profile))
        runs = _runs(profile, partner, seed + 2 * session + 1, replicates)
        through, solo, harm = (float(value) for value in np.mean([dose(run) for run in runs], axis=0))
        profile = learned(profile, through, solo, harm)
    return tuple(outcomes)


def _runs(profile: Profile, partner: Profile | None, seed: int, replicates: int) -> list[States]:
    members = {"learner": ScenarioMember(profile)} | ({} if partner is None else {"partner": ScenarioMember(partner)})
    together = partner is not None
    spans = (
        PlanSpan("rest", _REST, together=together),
        PlanSpan("perturb", _STRESS, {"learner": 1.0}, together),
        PlanSpan("recover", _AFTER, together=together),
    )
    return [states(members, Plan(tuple(members), spans), seed, index) for index in range(replicates)]


def _median_half_life(runs: list[States]) -> float:
    span = Window(_REST + _STRESS, _REST + _STRESS + _AFTER)
    lives = [half_life(run, 0, Window(_REST / 2, _REST), span) for run in runs]
    return float(np.quantile(lives, 0.5, method="lower"))

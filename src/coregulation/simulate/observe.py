"""From states to an ordinary session: who wears what, what goes wrong with it, and what was true."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coregulation.clock import Clock
from coregulation.errors import UsageError
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats, Floats, Signal, Unit, Window
from coregulation.simulate.faults import Dropout, SimulatedStrap
from coregulation.simulate.nervous_system import States
from coregulation.simulate.outcomes import true_recovery
from coregulation.simulate.pair_model import PairSeries
from coregulation.simulate.parameters import Profile
from coregulation.simulate.plan import Plan
from coregulation.simulate.random_streams import random_generator
from coregulation.simulate.sensors import Belt, Sensor, SkinElectrodes, slow_noise
from coregulation.simulate.simulated_person import RIGHT, SimulatedPerson, simulate_person
from coregulation.simulate.truth import Truth

STRAP = SimulatedStrap()
WORN: tuple[Sensor, ...] = (Belt(), SkinElectrodes())


@dataclass(frozen=True, slots=True)
class Wearing:
    """What each person wears and what is wrong with it.

    Parameters
    ----------
    strap
        The chest strap that gives beats; None for none.
    sensors
        Everything else.
    clock
        How wrong the clock is, and how uncertain it is said to be; the error itself is told to nobody.
    dropout
        Of every sensor but the strap, which has its own losses.
    speech
        Share of the time together that each person speaks, in turns of 6 s on average.
    movements
        An hour, of 3 s on average.
    latent
        Also keep the true arousal, as channel "arousal".
    """

    strap: SimulatedStrap | None = STRAP
    sensors: tuple[Sensor, ...] = WORN
    clock: Clock = RIGHT
    dropout: Dropout | None = None
    speech: float = 0.0
    movements: float = 0.0
    latent: bool = False

    def __post_init__(self) -> None:
        if not (0 <= self.speech <= 0.8 and self.movements >= 0):
            raise UsageError("Speech is a share of time from 0 to .8, movements a number an hour from 0 up.")


@dataclass(frozen=True, slots=True)
class ObservationSetting:
    """What a session says about itself beside its signals.

    Parameters
    ----------
    id
        Of the session.
    roles
        Of the people; empty: none.
    recorded
        Who is in the session; empty: everybody.
    shared
        What everybody got at once; None: nobody said.
    setting, task
        As in a manifest.
    """

    id: str
    roles: tuple[str | None, ...] = ()
    recorded: tuple[bool, ...] = ()
    shared: tuple[str, ...] | None = ()
    setting: str | None = "one room"
    task: str | None = None


def observe_states(
    states: States,
    plan: Plan,
    rng: np.random.Generator,
    wearing: Wearing | None = None,
    about: ObservationSetting | None = None,
) -> tuple[Session, Truth]:
    """Make the session that sensors record of simulated states.

    Parameters
    ----------
    states
        What the nervous systems did.
    plan
        What they lived through.
    rng
        Random numbers.
    wearing
        What each person wears; None: strap, belt and skin electrodes.
    about
        What the session says about itself.

    Returns
    -------
    tuple of Session and Truth
        The session, marked as simulated, and what is true; the truth's seed is that of the states.
    """
    worn, setting = wearing or Wearing(), about or ObservationSetting("simulated")
    recorded = setting.recorded or (True,) * len(states.people)
    roles = setting.roles or (None,) * len(states.people)
    recorded_people = tuple(name for name, is_recorded in zip(states.people, recorded, strict=True) if is_recorded)
    speech = _turns(plan, worn.speech, len(states.people), rng.spawn(1)[0])
    people = [_sensed(states, i, worn, speech[i], rng.spawn(1)[0]) for i in range(len(states.people)) if recorded[i]]
    recordings = tuple(
        _recording(who, worn, role, rng.spawn(1)[0]) for who, role in zip(people, _of(roles, recorded), strict=True)
    )
    session = Session(
        setting.id,
        recordings,
        marks=plan.marks(),
        blocks=plan.blocks(recorded_people),
        shared=setting.shared,
        setting=setting.setting,
        task=setting.task,
        simulated=True,
    )
    latent = {name: observed_arousal(states, i) for i, name in enumerate(states.people)}
    truth = Truth(
        states.seed[0],
        half_lives=half_lives(latent, plan),
        arousal=latent,
        beats={states.people[who.person]: Beats(who.beats) for who in people},
        model=dict(zip(states.people, states.profiles, strict=True)),
        plan=plan,
    )
    return session, truth


def observed_arousal(states: States, person: int) -> Signal:
    """Read a person's latent arousal as a signal.

    Parameters
    ----------
    states
        What the nervous systems did.
    person
        Which.

    Returns
    -------
    Signal
        In a.u. above own rest.
    """
    return Signal(states.arousal[:, person], states.rate, 0.0, Unit.ARBITRARY)


def with_physiology(
    series: PairSeries, plan: Plan, profiles: tuple[Profile, Profile], seed: int, entrainment: float = 0.0
) -> States:
    """Give each person of a plain pair a body that follows the pair's arousal.

    Vagal drive and breathing follow arousal as in the mechanistic model; nothing passes between the two bodies but
    what the plain model lets pass, and where they are together the pull of breath on breath (`entrainment`, rad/s).

    Parameters
    ----------
    series
        The pair, as drawn.
    plan
        What they lived through.
    profiles
        The two bodies.
    seed
        Of breathing.
    entrainment
        Pull of breath on breath while together, in rad/s.

    Returns
    -------
    States
        At 5 Hz.

    References
    ----------
    Hirsch JA, Bishop B (1981), Am J Physiol 241:H620, doi:10.1152/ajpheart.1981.241.4.H620
    """
    rng = random_generator(seed, 1)
    rate = 5.0
    n = round(plan.seconds * rate)
    at = np.arange(n) / rate
    values, begin = np.zeros((n, 2, 7)), np.zeros(2)
    for i, who in enumerate(profiles):
        a = np.interp(at, np.arange(len(series.latent)) / series.rate, series.latent[:, i])
        wobble = who.breathing_sd * slow_noise(n, rate, 1 / (2 * math.pi * who.tau_breathing), rng)
        values[:, i, 0] = a
        values[:, i, 2] = np.clip(who.vagal_rest - who.vagal_withdrawal * a, who.vagal_floor, 1.0)
        values[:, i, 4] = np.clip(who.breathing + who.breathing_arousal * a + wobble, 0.07, 1.2)
        begin[i] = rng.uniform(0, 2 * math.pi)
    values[:, :, 5] = begin + 2 * math.pi * np.cumsum(values[:, :, 4], axis=0) / rate
    if entrainment:
        values[:, :, 5] = _pulled(values[:, :, 5], plan, entrainment, rate)
    values.setflags(write=False)
    return States(values, rate, plan.people, profiles, (seed, 0))


def _pulled(phases: Floats, plan: Plan, entrainment: float, rate: float) -> Floats:
    """Return two phases (n, 2) as they go when each pulls the other by entrainment · sin(difference) while together."""
    n = len(phases)
    together = np.zeros(n, bool)
    for span, window in zip(plan.spans, plan.windows(), strict=True):
        together[round(window.start * rate) : round(window.end * rate)] = span.together
    apart = (phases[:, 1] - phases[:, 0]).tolist()
    shift, shifts = 0.0, np.empty(n)
    for k, (difference, near) in enumerate(zip(apart, together.tolist(), strict=True)):
        if near:
            shift += entrainment / rate * math.sin(difference - 2 * shift)
        shifts[k] = shift
    pulled: Floats = phases + shifts[:, None] * np.array([1.0, -1.0])
    return pulled


def half_lives(arousal: Mapping[str, Signal], plan: Plan) -> tuple[tuple[str, float, bool, float], ...]:
    """Compute the half-life of latent arousal after each stressor of each person.

    Parameters
    ----------
    arousal
        By person, in a.u.
    plan
        What they lived through.

    Returns
    -------
    tuple
        Of person, start of recovery (s), whether together, half-life (s; inf: not before the next stressor).
    """
    rows = []
    for span, after in plan.recoveries():
        for name in span.dose:
            latent = arousal[name]
            recovery = true_recovery(latent.values, latent.rate, plan.rest(), after)
            rows.append((name, after.start, span.together, recovery.half_life))
    return tuple(rows)


def _of(roles: tuple[str | None, ...], recorded: tuple[bool, ...]) -> list[str | None]:
    return [role for role, is_recorded in zip(roles, recorded, strict=True) if is_recorded]


def _sensed(
    states: States, person: int, worn: Wearing, speech: tuple[Window, ...], rng: np.random.Generator
) -> SimulatedPerson:
    seconds = len(states.values) / states.rate
    movement = _spans(rng, seconds, 3.0, 3600 / worn.movements if worn.movements else np.inf)
    return simulate_person(states, person, rng, speech, movement, worn.clock)


def _turns(plan: Plan, share: float, people: int, rng: np.random.Generator) -> list[tuple[Window, ...]]:
    """Return when each speaks: in turns, one after the other, where they are together; nobody talks alone."""
    pause = 6.0 * max(1 / (share * people) - 1, 0.03) if share else np.inf
    turns = _spans(rng, plan.seconds, 6.0, pause)
    met = [window for span, window in zip(plan.spans, plan.windows(), strict=True) if span.together]
    inside = [part for turn in turns for window in met if (part := turn.overlap(window)) is not None]
    return [tuple(inside[person::people]) for person in range(people)]


def _spans(rng: np.random.Generator, seconds: float, mean: float, pause: float) -> tuple[Window, ...]:
    if not np.isfinite(pause):
        return ()
    spans, time = [], float(rng.exponential(pause))
    while time < seconds:
        end = time + max(0.5, float(rng.exponential(mean)))
        spans.append(Window(time, min(end, seconds)))
        time = end + float(rng.exponential(pause))
    return tuple(spans)


def _recording(who: SimulatedPerson, worn: Wearing, role: str | None, rng: np.random.Generator) -> Recording:
    streams = rng.spawn(2 * len(worn.sensors) + 1)
    signals = {s.channel: s.read(who, stream) for s, stream in zip(worn.sensors, streams[1::2], strict=True)}
    if worn.dropout is not None:
        spoilt = zip(signals.items(), streams[2::2], strict=True)
        signals = {name: worn.dropout.spoil(signal, stream) for (name, signal), stream in spoilt}
    if worn.latent:
        signals["arousal"] = observed_arousal(who.states, who.person)
    beats = None if worn.strap is None else worn.strap.read(who.device_time(who.beats), streams[0])
    stated_clock = Clock(0.0, worn.clock.offset_sd, 0.0, worn.clock.drift_sd_ppm, name=f"clock-{who.person}")
    channels = (*signals, *(("beats",) if beats is not None else ()))
    return Recording(
        Person(who.states.people[who.person], role),
        signals,
        beats,
        dict.fromkeys(channels, stated_clock) if worn.clock != RIGHT else {},
    )

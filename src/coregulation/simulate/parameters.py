"""Every number of the simulated nervous system, with its unit and where it comes from.

All of them are of a plausible size, none was fitted to people: "assumed" is most of what `source` can say. Arousal is in
arbitrary units above a person's own rest, 1 being about the edge of comfort.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from coregulation.errors import UsageError, nearest_names

ASSUMED = "assumed"
_VARIED = 0.25  # coefficient of variation between people of what is a rate or a gain (assumed: .2 to .3)
Numbers = TypeVar("Numbers", bound="AbstractNumbers")


def quantity(default: float, unit: str, source: str = ASSUMED, cv: float = 0.0, low: float = 0.0) -> Any:
    """Make a dataclass field for one number.

    Parameters
    ----------
    default
        Its value.
    unit
        In words.
    source
        Where the value comes from.
    cv
        Coefficient of variation between people.
    low
        Lower bound.

    Returns
    -------
    dataclasses.Field
        With these facts as metadata.
    """
    return dataclasses.field(default=default, metadata={"unit": unit, "source": source, "cv": cv, "low": low})


def _numbers(kind: type[Any]) -> tuple[dataclasses.Field[Any], ...]:
    return tuple(item for item in dataclasses.fields(kind) if "unit" in item.metadata)


class AbstractNumbers:
    """Numbers as a frozen dataclass: checked, varied between people and packed for the integrator."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for item in _numbers(type(self)):
            value, low = getattr(self, item.name), item.metadata["low"]
            if not (math.isfinite(value) and value >= low):
                raise UsageError(
                    "{name} must be a number of {unit} from {low:g} up; {value} came.",
                    name=item.name, unit=item.metadata["unit"], low=low, value=value,
                )  # fmt: skip

    def varied(self: Numbers, rng: np.random.Generator, amount: float = 1.0) -> Numbers:
        """Draw another person of this kind: each number times a log-normal factor of mean 1.

        Parameters
        ----------
        rng
            Random numbers.
        amount
            Factor of the stated coefficients of variation.

        Returns
        -------
        same type
            The other person.
        """
        changes = {}
        for item in _numbers(type(self)):
            spread = math.sqrt(math.log1p((amount * item.metadata["cv"]) ** 2))
            factor = math.exp(spread * rng.standard_normal() - spread**2 / 2)
            changes[item.name] = getattr(self, item.name) * factor
        return dataclasses.replace(self, **changes)  # type: ignore[type-var]


@dataclass(frozen=True, slots=True)
class HeartParameters(AbstractNumbers):
    """How arousal and vagal drive show in the heart rate; each field states its unit and source.

    Parameters
    ----------
    ceiling
        Heart rate without arousal, vagal drive and shutdown, in 1/min.
    arousal
        What arousal adds at most, in 1/min; it grows with tanh(arousal).
    vagal
        What full vagal drive takes away, in 1/min.
    shutdown
        What full shutdown takes away, in 1/min.
    rsa
        Amplitude of respiratory sinus arrhythmia at full vagal drive and very slow breathing, in 1/min.
    rsa_corner
        Breathing rate at which that amplitude is 1/√2 as large, in Hz.
    slow_wave
        Size of the wave near 0.1 Hz, in 1/min; its amplitude is this times (0.4 + vagal drive).
    slow_wave_frequency
        Mean frequency of that wave, in Hz.
    wander
        Standard deviation of the slowest changes, in 1/min.
    wander_tau
        Time constant of these changes, in s.
    jitter
        Random part of the intervals between beats, as a share of an interval.
    """

    ceiling: float = quantity(92.0, "1/min", "intrinsic rate of about 100 less a little tone; assumed", cv=0.10)
    arousal: float = quantity(24.0, "1/min, saturating", cv=_VARIED)
    vagal: float = quantity(36.0, "1/min per unit drive", cv=0.15)
    shutdown: float = quantity(16.0, "1/min per unit shutdown")
    rsa: float = quantity(
        9.0, "1/min per unit drive", "set for an RMSSD of 15 to 75 ms at rest (Nunan 2010)", cv=_VARIED
    )
    rsa_corner: float = quantity(0.20, "Hz", "roll-off with breathing rate after Hirsch & Bishop 1981; corner assumed")
    slow_wave: float = quantity(1.5, "1/min", "Mayer wave, assumed size", cv=_VARIED)
    slow_wave_frequency: float = quantity(0.095, "Hz", "about .1 Hz (Task Force 1996)", cv=0.08, low=1e-3)
    wander: float = quantity(2.0, "1/min", "slower than .04 Hz; set for an SDNN of 30 to 100 ms", cv=_VARIED)
    wander_tau: float = quantity(30.0, "s", low=1.0)
    jitter: float = quantity(0.004, "share of an interval")


@dataclass(frozen=True, slots=True)
class SkinParameters(AbstractNumbers):
    """How arousal shows in the skin; each field states its unit and source.

    Parameters
    ----------
    level
        Tonic conductance at rest, in µS.
    arousal
        What one unit of arousal adds to it, in µS.
    tau
        Time constant with which the tonic level follows arousal, in s.
    responses
        Rate of spontaneous responses at rest, in 1/s.
    responses_arousal
        What one unit of arousal adds to that rate, in 1/s.
    response_size
        Median amplitude of a response, in µS.
    rise
        Shorter time constant of a response, in s.
    fall
        Longer time constant of a response, in s.
    """

    level: float = quantity(4.0, "µS", "2 to 20 µS (Dawson, Schell & Filion)", cv=0.3)
    arousal: float = quantity(3.0, "µS per unit", cv=_VARIED)
    tau: float = quantity(20.0, "s", low=0.1)
    responses: float = quantity(0.03, "1/s", "1 to 3 a minute at rest (Dawson, Schell & Filion)", cv=_VARIED)
    responses_arousal: float = quantity(0.22, "1/s per unit", cv=_VARIED)
    response_size: float = quantity(0.4, "µS, median", cv=_VARIED)
    rise: float = quantity(0.75, "s", "Bateman, as in cvxEDA (Greco 2016)", low=0.01)
    fall: float = quantity(2.0, "s", "Bateman, as in cvxEDA (Greco 2016)", low=0.01)


@dataclass(frozen=True, slots=True)
class Profile(AbstractNumbers):
    """One person's nervous system, by default a secure adult; each field states its unit and source.

    Arousal is in arbitrary units (a.u.) above the person's own rest, felt safety runs from −1 to 1, and vagal drive,
    load and shutdown have no unit.

    Parameters
    ----------
    stress_gain
        Drive of arousal by a stressor of size 1, in a.u.
    reactivity
        Factor of every stressor.
    tau_arousal
        Time constant with which arousal returns passively, in s.
    self_regulation
        What a person inside the window adds to the rate of return, as a share of the passive rate.
    borrowed
        What full felt safety adds to the rate of return, as a share of the passive rate.
    contagion
        Drive of arousal by felt danger (negative safety), in a.u.
    contagion_alone
        Share of contagion that stays when no cue is open, 0 to 1.
    alarm
        Drive of arousal outside the window, in a.u.
    window
        Arousal up to which a person can regulate alone (the window of tolerance), in a.u.
    window_softness
        Width of the change at the window's edge, in a.u.
    arousal_diffusion
        Size of the random walk of arousal, in a.u./√min.
    tau_safety
        Time constant of felt safety, in s.
    safety_bias
        What a person feels without cues and threat: above 0 is safe, below 0 is in danger.
    receptivity
        Factor of all cues that reach the person.
    stress_threat
        Threat by a stressor of size 1.
    arousal_threat
        Threat by one a.u. of own arousal.
    separation
        Threat when nobody is there.
    conflict
        Share of the positive cues that count as negative: at 0.5 they cancel, at 1 they turn round.
    expressivity
        Factor of the cues that the person gives.
    cue_threshold
        Arousal at which the person's cues change from positive to negative, in a.u.
    cue_softness
        Width of that change, in a.u.
    vagal_rest
        Vagal drive at rest.
    vagal_safety
        What full felt safety adds to vagal drive.
    vagal_withdrawal
        What one a.u. of arousal takes from vagal drive; below 0 it adds.
    vagal_floor
        Lowest level that vagal drive heads for.
    tau_vagal
        Time constant of vagal drive, in s.
    tau_load
        Time constant with which load decays, in s.
    load_gain
        Rate at which arousal under felt danger builds up load, in 1/s.
    shutdown
        Depth of full shutdown, 0 to 1.
    shutdown_threshold
        Load at which shutdown is half as deep as it can be.
    shutdown_softness
        Width of that change, in units of load.
    tau_shutdown
        Time constant of shutdown, in s.
    breathing
        Breathing rate at rest, in Hz.
    breathing_arousal
        What one a.u. of arousal adds to it, in Hz.
    breathing_safety
        What full felt safety takes from it, in Hz.
    breathing_sd
        Standard deviation of its random changes, in Hz.
    tau_breathing
        Time constant of the breathing rate, in s.
    entrainment
        Pull of others' breath on the phase of own breath, in rad/s; it needs rhythm or touch as a cue.
    guide_following
        Pull of a breathing pacer on that phase, in rad/s.
    learning_partner
        Share of what is learned through a partner in a session that stays.
    learning_solo
        Share of what is learned alone that stays; at 0 nobody can learn alone.
    heart
        How the states show in the heart rate.
    skin
        How the states show in skin conductance.
    """

    stress_gain: float = quantity(2.6, "a.u.", cv=_VARIED)
    reactivity: float = quantity(1.0, "1")
    tau_arousal: float = quantity(60.0, "s", low=1.0, cv=0.2)
    self_regulation: float = quantity(1.0, "share of the passive rate", cv=_VARIED)
    borrowed: float = quantity(3.0, "share of the passive rate per unit safety", cv=_VARIED)
    contagion: float = quantity(0.5, "a.u. per unit danger", cv=_VARIED)
    contagion_alone: float = quantity(0.35, "share of contagion that needs no cue")
    alarm: float = quantity(0.45, "a.u. outside the window", cv=0.2)
    window: float = quantity(0.90, "a.u.", "the clinical window of tolerance (Siegel), made a number; assumed", cv=0.2)
    window_softness: float = quantity(0.12, "a.u.", low=1e-3)
    arousal_diffusion: float = quantity(0.04, "a.u./√min")
    tau_safety: float = quantity(6.0, "s", low=0.1)
    safety_bias: float = quantity(0.0, "1", low=-2.0)
    receptivity: float = quantity(1.2, "1", cv=0.2)
    stress_threat: float = quantity(0.6, "1 per unit stressor")
    arousal_threat: float = quantity(0.35, "1 per a.u.", cv=0.2)
    separation: float = quantity(0.0, "1")
    conflict: float = quantity(0.0, "share of received safety that turns")
    expressivity: float = quantity(1.0, "1")
    cue_threshold: float = quantity(0.45, "a.u.", low=-5.0)
    cue_softness: float = quantity(0.25, "a.u.", low=1e-3)
    vagal_rest: float = quantity(0.55, "1", cv=0.15)
    vagal_safety: float = quantity(0.08, "1", "calibrated: a partner moves rest by about 3 beats per minute; assumed")
    vagal_withdrawal: float = quantity(0.35, "1 per a.u.", "reciprocal; < 0 co-active (Berntson 1991)", low=-1.0)
    vagal_floor: float = quantity(0.20, "1", "keeps RSA above ln 2 ms²; assumed")
    tau_vagal: float = quantity(3.0, "s", low=0.1)
    tau_load: float = quantity(120.0, "s", low=1.0)
    load_gain: float = quantity(1 / 30, "1/s")
    shutdown: float = quantity(0.5, "1")
    shutdown_threshold: float = quantity(0.85, "1")
    shutdown_softness: float = quantity(0.10, "1", low=1e-3)
    tau_shutdown: float = quantity(30.0, "s", low=1.0)
    breathing: float = quantity(0.25, "Hz", "12 to 20 a minute at rest", cv=0.12, low=0.05)
    breathing_arousal: float = quantity(0.09, "Hz per a.u.")
    breathing_safety: float = quantity(0.015, "Hz")
    breathing_sd: float = quantity(0.01, "Hz")
    tau_breathing: float = quantity(8.0, "s", low=0.5)
    entrainment: float = quantity(0.0, "rad/s")
    guide_following: float = quantity(1.5, "rad/s")
    learning_partner: float = quantity(1.0, "share", "what is learned through the partner; assumed")
    learning_solo: float = quantity(0.15, "share", "what is learned alone; 0 makes 'healing cannot happen alone' true")
    heart: HeartParameters = HeartParameters()
    skin: SkinParameters = SkinParameters()

    def __post_init__(self) -> None:
        AbstractNumbers.__post_init__(self)

    def varied(self, rng: np.random.Generator, amount: float = 1.0) -> Profile:
        """Draw another person of this kind, heart and skin too.

        Parameters
        ----------
        rng
            Random numbers.
        amount
            Factor of the stated coefficients of variation.

        Returns
        -------
        Profile
            The other person.
        """
        numbers = AbstractNumbers.varied(self, rng, amount)
        return dataclasses.replace(numbers, heart=self.heart.varied(rng, amount), skin=self.skin.varied(rng, amount))

    def changed(self, changes: dict[str, float]) -> Profile:
        """Set some numbers.

        Parameters
        ----------
        changes
            By name; those of heart and skin by dotted names such as "heart.rsa".

        Returns
        -------
        Profile
            With these numbers.

        Raises
        ------
        UsageError
            If there is no such number, with the near ones.
        """
        unknown = [name for name in changes if name not in known_numbers()]
        if unknown:
            near = nearest_names(unknown[0], known_numbers())
            raise UsageError("A profile has no {name!r}. Did you mean {near:or}?", name=unknown[0], near=near)
        of = {part: {k.removeprefix(part): v for k, v in changes.items() if k.startswith(part)} for part in _PARTS}
        own: dict[str, Any] = {name: value for name, value in changes.items() if "." not in name}
        heart, skin = dataclasses.replace(self.heart, **of["heart."]), dataclasses.replace(self.skin, **of["skin."])
        return dataclasses.replace(self, heart=heart, skin=skin, **own)


_PARTS = {"": Profile, "heart.": HeartParameters, "skin.": SkinParameters}


@functools.cache
def known_numbers() -> dict[str, dict[str, Any]]:
    """List every parameter with unit, source and variation.

    Returns
    -------
    dict
        By dotted name.
    """
    return {prefix + item.name: dict(item.metadata) for prefix, kind in _PARTS.items() for item in _numbers(kind)}


def pack_profiles(profiles: tuple[Profile, ...]) -> npt.NDArray[np.void]:
    """Pack the numbers of some people for the integrator.

    Parameters
    ----------
    profiles
        The people.

    Returns
    -------
    ndarray, shape (people,)
        One record per person, with a field per number.
    """
    names = [item.name for item in _numbers(Profile)]
    rows = [tuple(getattr(profile, name) for name in names) for profile in profiles]
    return np.array(rows, dtype=[(name, np.float64) for name in names])

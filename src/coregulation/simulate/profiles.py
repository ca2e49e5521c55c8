"""Kinds of people in the articles' words. A profile is a set of assumptions to try out, never a finding about anybody."""

from __future__ import annotations

from dataclasses import replace

from coregulation.errors import UsageError, nearest_names
from coregulation.simulate.parameters import HeartParameters, Profile

SECURE = Profile()
_INFANT_HEART = HeartParameters(ceiling=150.0, arousal=30.0, vagal=36.0, rsa=4.0, rsa_corner=0.5, slow_wave=1.0)
_ANIMAL_HEART = HeartParameters(ceiling=110.0, rsa=8.0)

PROFILES = {
    "secure": SECURE,
    "earned-secure": replace(SECURE, self_regulation=0.85, receptivity=1.1, window=0.85),
    "grounded": replace(
        SECURE,
        self_regulation=1.6,
        window=1.5,
        receptivity=1.0,
        contagion=0.10,
        reactivity=0.35,
        cue_threshold=0.9,
        safety_bias=0.35,
        vagal_rest=0.60,
    ),
    "anxious": replace(
        SECURE, self_regulation=0.45, receptivity=1.8, borrowed=3.4, contagion=0.8, separation=0.5, window=0.75
    ),
    "avoidant": replace(
        SECURE, self_regulation=0.75, receptivity=0.35, borrowed=1.6, contagion=0.35, expressivity=0.4, window=0.75
    ),
    "disorganised": replace(
        SECURE,
        self_regulation=0.45,
        receptivity=1.3,
        conflict=0.45,
        contagion=0.8,
        window=0.6,
        shutdown=0.9,
        shutdown_threshold=0.55,
    ),
    "trauma": replace(
        SECURE, self_regulation=0.30, window=0.55, safety_bias=-0.25, receptivity=0.8, contagion=0.7, alarm=0.55
    ),
    # regulates hardly at all alone, breathes at about 35 a minute, RSA at a higher corner (Hofer; Porges: band to 1 Hz)
    "infant": replace(
        SECURE,
        self_regulation=0.10,
        receptivity=1.8,
        borrowed=4.0,
        window=0.6,
        separation=0.4,
        breathing=0.58,
        heart=_INFANT_HEART,
    ),
    # grounded, and trained not to take on what the other brings (S0): a claim, hence a setting
    "practitioner": replace(
        SECURE,
        self_regulation=1.8,
        window=1.6,
        receptivity=0.8,
        contagion=0.05,
        reactivity=0.3,
        cue_threshold=1.0,
        safety_bias=0.4,
        vagal_rest=0.60,
    ),
    # calm, near, touched; what it hears of people's state is little, what it expresses is presence and touch
    "animal": replace(
        SECURE, receptivity=0.2, contagion=0.1, reactivity=0.3, expressivity=0.8, safety_bias=0.3, heart=_ANIMAL_HEART
    ),
}


def profile(name: str) -> Profile:
    """Look up a profile.

    Parameters
    ----------
    name
        A key of `PROFILES`.

    Returns
    -------
    Profile
        A set of assumptions.

    Raises
    ------
    UsageError
        If there is none, with the near ones.
    """
    if name not in PROFILES:
        near = nearest_names(name, PROFILES)
        raise UsageError("There is no profile {name!r}. Did you mean {near:or}?", name=name, near=near)
    return PROFILES[name]


def coactive(of: Profile) -> Profile:
    """Let vagal drive rise with arousal: sympathetic and vagal co-activation.

    Parameters
    ----------
    of
        The person.

    Returns
    -------
    Profile
        The changed person.

    References
    ----------
    Berntson GG, Cacioppo JT, Quigley KS (1991), Psychol Rev 98:459, doi:10.1037/0033-295X.98.4.459
    """
    return replace(of, vagal_withdrawal=-0.15)


def uncoupled(of: Profile) -> Profile:
    """Keep vagal drive from following arousal at all.

    Parameters
    ----------
    of
        The person.

    Returns
    -------
    Profile
        The changed person.
    """
    return replace(of, vagal_withdrawal=0.0)

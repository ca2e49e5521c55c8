"""One person's raw session of known truth: ECG, breath and skin of a simulated organism, with rest, stress and recovery."""

from __future__ import annotations

import numpy as np

from coregulation.channels import CHANNELS
from coregulation.events import Block
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats, Signal, Unit

REST = Block("alone-rest", 0.0, 240.0)
TASK = Block("perturb-alone", 240.0, 480.0)


def raw_truth(seconds=480.0, stirred=240.0):
    """Beats, breaths a minute and responses that are known; from `stirred` on the heart beats 20 a minute faster."""
    rng = np.random.default_rng(7)
    times, phase, at = [0.5], 0.0, 0.5
    while at < seconds - 1:
        fast = at >= stirred
        breath = 0.22 + 0.04 * np.sin(2 * np.pi * at / 150)
        rr = (0.65 if fast else 0.9) + (0.01 if fast else 0.04) * np.sin(phase) + 0.004 * rng.standard_normal()
        phase += 2 * np.pi * breath * rr
        at += rr
        times.append(at)
    grid = np.arange(0, seconds, 0.04)
    frequency = 0.22 + 0.04 * np.sin(2 * np.pi * grid / 150)
    belt = np.sin(2 * np.pi * np.cumsum(frequency) * 0.04)
    onsets = np.concatenate([np.arange(10, stirred, 20.0), np.arange(stirred, seconds - 10, 6.0)])
    return np.array(times), belt, frequency, onsets


def ecg_of(beats, seconds, rate=250.0, lead=1.0, unit=Unit.MILLIVOLT):
    """An ECG with R at each beat."""
    grid = np.arange(0, seconds, 1 / rate)
    wave = 0.02 * np.random.default_rng(2).standard_normal(len(grid))
    for time in beats:
        near = slice(max(0, int((time - 0.1) * rate)), int((time + 0.5) * rate))
        since = grid[near] - time
        wave[near] += np.exp(-((since / 0.012) ** 2)) + 0.25 * np.exp(-(((since - 0.25) / 0.05) ** 2))
    return Signal(lead * wave, rate, 0.0, unit)


def ppg_of(beats, seconds, rate=50.0, lead=1.0):
    """A pulse wave a quarter of a second after each beat."""
    grid = np.arange(0, seconds, 1 / rate)
    wave = 0.01 * np.random.default_rng(3).standard_normal(len(grid))
    for time in beats:
        near = slice(max(0, int((time - 0.2) * rate)), int((time + 1.0) * rate))
        since = grid[near] - time
        wave[near] += np.exp(-(((since - 0.25) / 0.09) ** 2)) + 0.35 * np.exp(-(((since - 0.52) / 0.12) ** 2))
    return Signal(lead * wave, rate, 0.0, Unit.ARBITRARY)


def skin_of(onsets, seconds, rate=8.0):
    """Skin conductance with a response of 0.4 µS at each onset."""
    grid = np.arange(0, seconds, 1 / rate)
    top = np.log(2 / 0.7) * 1.4 / 1.3
    height = np.exp(-top / 2) - np.exp(-top / 0.7)
    values = 5 + 0.001 * np.random.default_rng(4).standard_normal(len(grid))
    for onset in onsets:
        since = np.maximum(grid - onset, 0)
        values += 0.4 * (np.exp(-since / 2) - np.exp(-since / 0.7)) / height
    return Signal(values, rate, 0.0, Unit.MICROSIEMENS)


def raw_recording(who="ada", **changed):
    """The recording; a channel may be replaced, or left out with None."""
    beats, belt, _, onsets = raw_truth()
    signals = {
        "ecg": ecg_of(beats, 480.0),
        "resp": Signal(belt, 25.0, 0.0, CHANNELS["resp"].unit),
        "eda": skin_of(onsets, 480.0),
        **changed,
    }
    recorded = signals.pop("beats", None)
    return Recording(Person(who), {name: signal for name, signal in signals.items() if signal is not None}, recorded)


def alone(recording, **facts):
    """A session of one."""
    return Session(facts.pop("id", "alone"), (recording,), blocks=facts.pop("blocks", (REST, TASK)), **facts)


def plain_beats(seconds=300.0, rr=0.8, seed=1):
    """A strap's beats at rest."""
    return Beats(np.cumsum(rr + 0.03 * np.random.default_rng(seed).standard_normal(round(seconds / rr))))

"""Pairs from generators that share nothing with `coregulation.simulate`: fresh kinds on which a verdict can be judged.

Three ways to return that no linear pair has (a fast and a slow pool; a hold before a clearance that saturates; a feedback that
comes late), each with noise of its own colour, and a heart and a breath made in another way. What is true follows from the
build; own and net burden are measured on runs without noise, not assumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coregulation.events import Block
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats, Signal, Unit

RATE = 2.0  # of arousal, in Hz
PAIR = ("ada", "ben")
PEAK, REST_SD, SEEN_SD = (
    0.85,
    0.075,
    0.05,
)  # a.u.: height of a lone response, wander at rest, noise of a measured arousal


@dataclass(frozen=True)
class Kind:
    """What passes between two people, and what would be right to say; index i is the one acted on.

    `helps` multiplies own return when the other is there. `net`: what a push costs both over what it costs alone; each
    one's drive on the other is solved for it (None: no drive). `shift`: of the resting level when together. `shared`: size
    of an input of the room to both. `tiring`: each further push is that much smaller, and returns that much faster.
    """

    right: tuple[str, ...] = ("self-regulating",)
    steadied: tuple[str, ...] = ()
    helps: tuple[float, float] = (1.0, 1.0)
    net: float | None = None
    shift: float = 0.0
    shared: float = 0.0
    hits_both: bool = False
    partner: str = "live"
    tiring: float = 0.0
    shuffled: bool = False


KINDS = {
    "mutual": Kind(("mutual-co-regulation",), PAIR, (2.5, 2.5)),
    "lent": Kind(("lent-regulation",), ("ada",), (2.5, 1.0)),
    "co-dysregulation": Kind(("co-dysregulation",), net=2.2),
    "linked": Kind(("linked-without-regulating",), helps=(2.0, 2.0), net=1.0),
    "nothing": Kind(),
    "unscripted-input": Kind(("in-parallel", "self-regulating"), shared=0.08),
    "both-hit-undeclared": Kind(("in-parallel", "self-regulating"), hits_both=True),
    "shifted-rest": Kind(shift=-0.25),
    "recording-helps": Kind(("one-way",), ("ada",), (2.5, 1.0), partner="recorded"),
    "habituation-shuffled": Kind(tiring=0.08, shuffled=True),
}


class TwoPools:
    """A push fills a fast and a slow pool that empty exponentially; the other is felt 6 s late; noise is pink."""

    late = 6.0

    def __init__(self, rng):
        self.fast, self.slow = _near(rng, 22.0), _near(rng, 85.0)

    def slope(self, now, then, push, speed):
        """Change a second of both pools."""
        return push - speed * now[0] / self.fast, 0.3 * push - speed * now[1] / self.slow

    def arousal(self, state):
        """What both pools hold."""
        return state[0] + state[1]

    def noise(self, n, rng):
        """1/f from .002 to .5 Hz."""
        frequency = np.fft.rfftfreq(n, 1 / RATE)
        kept = (frequency > 0.002) & (frequency < 0.5)
        height = np.where(kept, np.maximum(frequency, 0.002) ** -0.5, 0.0)
        return _unit(np.fft.irfft(height * np.exp(2j * math.pi * rng.random(len(height))), n))


class Clearance:
    """A push is held while vigilance lasts, then cleared at a speed that saturates; noise has jumps."""

    late = 0.0

    def __init__(self, rng):
        self.speed, self.hold = 1 / _near(rng, 17.0), _near(rng, 8.0)

    def slope(self, now, then, push, speed):
        """Change a second of arousal and of vigilance."""
        cleared = speed * self.speed * now[0] / (0.6 + abs(now[0])) / (1 + max(now[1], 0.0))
        return push - cleared, (30 * push - now[1]) / self.hold

    def arousal(self, state):
        """The first."""
        return state[0]

    def noise(self, n, rng):
        """First order, 15 s, driven by Student's t with three degrees of freedom."""
        return _unit(_smooth(rng.standard_t(3, n), 15.0))


class LateFeedback:
    """Regulation answers to the arousal of some seconds ago, so a fast return overshoots; noise has two time scales."""

    late = 3.0

    def __init__(self, rng):
        self.speed, self.delay = 1 / _near(rng, 45.0), round(_near(rng, 6.0) * RATE)

    def slope(self, now, then, push, speed):
        """Change a second of arousal."""
        return push - speed * self.speed * then(self.delay)[0], 0.0

    def arousal(self, state):
        """The first."""
        return state[0]

    def noise(self, n, rng):
        """First order of 4 and of 120 s, and a wave near .095 Hz whose height comes and goes."""
        wave = np.sin(2 * math.pi * 0.095 * np.arange(n) / RATE + np.cumsum(rng.normal(0, 0.1, n)))
        quick, slow, height = (_unit(_smooth(rng.standard_normal(n), tau)) for tau in (4.0, 120.0, 20.0))
        return _unit(quick + slow + 0.5 * height * wave)


GENERATORS = {"two-pools": TwoPools, "clearance": Clearance, "late-feedback": LateFeedback}


@dataclass(frozen=True)
class Lived:
    """What happens, at `RATE`: pushes and speed of return (n, 2), together (n,)."""

    pushes: np.ndarray
    together: np.ndarray
    speed: np.ndarray


@dataclass(frozen=True)
class Held:
    """What is true: right verdicts, who is steadied, ada's own burden and net (1: as alone), arousal (n, 2) at `RATE`."""

    right: tuple[str, ...]
    steadied: tuple[str, ...]
    own: float
    net: float
    arousal: np.ndarray


def other(kind, generator, seed, times=3, worn=False):
    """Return a session of a kind from a generator, and what is true of it.

    `worn` gives beats and a breath belt; otherwise the channel "arousal", measured with noise. `times`: stressors a person
    and condition.
    """
    rng = np.random.default_rng([seed, *map(ord, kind + generator)])
    choices, people = KINDS[kind], [GENERATORS[generator](rng) for _ in PAIR]
    gains = [_gain(who) for who in people]
    drive = 0.0 if choices.net is None else _bisected(lambda x: _burden(people, choices, x, gains)[1], choices.net)
    blocks, lived = _lived(choices, times, rng)
    latent = _arousal(people, lived, choices, drive, gains)
    latent += REST_SD * np.stack([who.noise(len(latent), rng) for who in people], axis=1)
    room = choices.shared * lived.together * _unit(_smooth(rng.standard_normal(len(latent)), 20.0))
    latent += room[:, None]
    recordings = tuple(_recording(name, latent[:, i], worn, rng) for i, name in enumerate(PAIR))
    session = Session(f"{kind}-{seed}", recordings, blocks=blocks, shared=(), setting="one room", simulated=True)
    return session, Held(choices.right, choices.steadied, *_burden(people, choices, drive, gains), latent)


def _arousal(people, lived, choices, drive, gains):
    """Return both people's arousal without noise, (n, 2), by Euler's steps; pools and levels begin at rest."""
    n, late = len(lived.pushes), round(people[0].late * RATE)
    ways, level, out = ([(0.0, 0.0)], [(0.0, 0.0)]), 0.0, np.empty((n, 2))
    pushes, speeds, together = lived.pushes.tolist(), lived.speed.tolist(), lived.together.tolist()
    for t in range(n):
        level += (choices.shift * together[t] - level) / (8 * RATE)
        reach = [drive * max(who.arousal(way[max(0, t - late)]), 0.0) for who, way in zip(people, ways, strict=True)]
        for i, (who, way) in enumerate(zip(people, ways, strict=True)):
            out[t, i] = who.arousal(way[t]) + level
            push = gains[i] * pushes[t][i] + (reach[1 - i] if together[t] else 0.0)
            speed = speeds[t][i] * (choices.helps[i] if together[t] else 1.0)
            slope = who.slope(way[t], lambda back, way=way, t=t: way[max(0, t - back)], push, speed)
            way.append(tuple(value + change / RATE for value, change in zip(way[t], slope, strict=True)))
    return out


def _one_push(together):
    """Ada is pushed for 40 s; then ten minutes."""
    n = round(640 * RATE)
    pushes = np.zeros((n, 2))
    pushes[: round(40 * RATE), 0] = 1.0
    return Lived(pushes, np.full(n, together), np.ones((n, 2)))


def _burden(people, choices, drive, gains):
    """Return ada's own burden and net, over what she bears alone."""
    level = Kind(helps=choices.helps)  # a shift of the resting level is no burden of a push
    alone = _arousal(people, _one_push(False), level, drive, gains)[:, 0].sum()
    own, price = _arousal(people, _one_push(True), level, drive, gains).sum(axis=0)
    return float(own / alone), float((own + price) / alone)


def _gain(who):
    """Return the arousal a second that a push gives, so that a lone response is `PEAK` high."""
    alone = _one_push(False)
    return _bisected(lambda x: _arousal([who, who], alone, Kind(), 0.0, (x, x))[:, 0].max(), PEAK)


def _bisected(rising, wanted):
    low, high = 0.0, 0.2
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return low


def _lived(choices, times, rng):
    """Return blocks and what they do: rest, then alone (both at once) and together (in turn), in an order that chance makes."""
    apart = [("alone", PAIR)] * times
    near = [("together", PAIR[:1])] * times + [("together", PAIR[1:])] * times
    order = apart + near if rng.random() < 0.5 else near + apart
    if choices.shuffled:
        order = [order[k] for k in rng.permutation(len(order))]
    spans = [("alone-rest", 180.0, ()), ("together-rest", 120.0, ())]
    for where, hit in order:
        spans += [(f"perturb-{where}", _whole(rng, 35, 45), hit), (f"recover-{where}", _whole(rng, 165, 195), ())]
    ends = np.cumsum([seconds for _, seconds, _ in spans])
    blocks = tuple(
        Block(kind, float(end - seconds), float(end), hit, 1.0 if hit else None, *_company(kind, choices))
        for (kind, seconds, hit), end in zip(spans, ends, strict=True)
    )
    return blocks, _effects(blocks, choices, rng)


def _company(kind, choices):
    """Return who is present, which cues were told, and what the partner is."""
    return (PAIR, {}, choices.partner) if "together" in kind else ((), {}, None)


def _effects(blocks, choices, rng):
    n = round(blocks[-1].end * RATE)
    lived = Lived(np.zeros((n, 2)), np.zeros(n, bool), np.ones((n, 2)))
    before = [0, 0]
    for block in blocks:
        here = slice(round(block.start * RATE), round(block.end * RATE))
        lived.together[here] = bool(block.present)
        for i, name in enumerate(PAIR):
            if name in block.perturbed or (block.perturbed and block.present and choices.hits_both):
                lived.pushes[here, i] = rng.uniform(0.85, 1.15) * (1 - choices.tiring) ** before[i]
                before[i] += 1
                lived.speed[here.start :, i] = 1 + choices.tiring * before[i]
    return lived


def _recording(name, arousal, worn, rng):
    if not worn:
        seen = arousal + SEEN_SD * rng.standard_normal(len(arousal))
        return Recording(Person(name), {"arousal": Signal(seen[:: round(RATE)], 1.0, 0.0, Unit.ARBITRARY)})
    breath, phase = _breath(arousal, rng)
    return Recording(
        Person(name), {"resp": Signal(breath, 10.0, 0.0, Unit.ARBITRARY)}, Beats(_beats(arousal, phase, rng))
    )


def _breath(arousal, rng):
    """Return a belt at 10 Hz and the breath's phase (0 to 1, whole breaths counted): breath by breath, exhaling longer."""
    seconds, at, starts, depths = len(arousal) / RATE, 0.0, [], []
    while at < seconds + 10:
        starts.append(at)
        depths.append(rng.gamma(30.0, 1 / 30))
        pace = 13.5 * (1 + 0.35 * math.tanh(max(arousal[min(len(arousal) - 1, round(at * RATE))], -0.5)))
        at += 60 / pace * rng.lognormal(0, 0.12)
    grid = np.arange(round(seconds * 10)) / 10
    phase = np.interp(grid, starts, np.arange(len(starts)))
    turn, depth = phase % 1, np.array(depths)[phase.astype(int)]
    shape = np.where(turn < 0.4, 1 - np.cos(math.pi * turn / 0.4), 1 + np.cos(math.pi * (turn - 0.4) / 0.6)) / 2
    return depth * shape + 0.03 * rng.standard_normal(len(grid)), phase


def _beats(arousal, phase, rng):
    """Return beat times: each interval from the last one's instant, arousal by a Hill curve on the interval, 4 s late."""
    slow = _smooth(np.append(np.full(40, arousal[:60].mean()), arousal), 4.0)[40:]
    drive = np.maximum(slow + 0.5, 0.0) ** 1.5
    rest, depth = rng.normal(0.88, 0.06), rng.uniform(0.03, 0.06)
    interval = rest * (1.08 - 0.8 * drive / (1.6 + drive))
    at, jitter, times = 0.3, 0.0, []
    while at < len(arousal) / RATE - 1:
        times.append(at)
        vagal = depth * math.sin(2 * math.pi * phase[int(at * 10)]) / (1 + 2 * max(slow[int(at * RATE)], 0.0))
        jitter = 0.5 * jitter + 0.012 * rng.standard_normal()
        at += interval[int(at * RATE)] * (1 - vagal + jitter)
    return np.array(times)


def _near(rng, middle):
    return middle * rng.lognormal(0, 0.2)


def _whole(rng, low, high):
    return float(rng.integers(low, high + 1))


def _smooth(values, tau):
    """First order low-pass of `tau` s."""
    from scipy.signal import lfilter

    keep = math.exp(-1 / (tau * RATE))
    return lfilter([1 - keep], [1, -keep], values)


def _unit(values):
    return (values - values.mean()) / values.std()

"""What goes wrong between a body and a file: each a value that spoils beats or signals in a known way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.errors import UsageError
from coregulation.signals import Beats, Bools, Floats, Signal

TICK = 1 / 1024  # s, the Bluetooth heart-rate service's unit of an RR interval


@dataclass(frozen=True, slots=True)
class SimulatedStrap:
    """A chest strap: ticks of 1/1024 s, lost packets, early beats, invented intervals.

    Parameters
    ----------
    loss
        Share of the one-second packets that never arrive; the interval after a loss is unknown.
    ectopics
        Early beats an hour: 35 % early, with the pause that makes up for it.
    missed
        Share of beats not detected: one long interval instead of two.
    synthesised
        The device makes its RR intervals from a smoothed heart rate in whole beats per minute.
    """

    loss: float = 0.0
    ectopics: float = 0.0
    missed: float = 0.0
    synthesised: bool = False

    def __post_init__(self) -> None:
        if not (0 <= self.loss < 1 and 0 <= self.missed < 1 and self.ectopics >= 0):
            raise UsageError("loss and missed are shares from 0 to below 1, ectopics a number from 0 up.")

    def read(self, times: Floats, rng: np.random.Generator) -> Beats:
        """Turn heart beats into what a file of this strap holds.

        Parameters
        ----------
        times
            When the heart beat, in s by the clock of the strap, shape (beats,).
        rng
            Random numbers.

        Returns
        -------
        Beats
            Quantised to ticks, with a break after each loss.
        """
        shifted = self._early(times, rng)
        detected = shifted[(rng.random(len(shifted)) >= self.missed)]
        if self.synthesised:
            detected = _from_smoothed_rate(detected)
        ticks = np.rint(np.diff(detected) / TICK) * TICK
        quantised = detected[:1].sum() + np.concatenate(([0.0], np.cumsum(ticks))) if len(detected) else detected
        received = self._kept(quantised, rng)
        broken = np.diff(np.cumsum(~received)[received], prepend=-1) > 0
        return Beats(quantised[received], breaks=broken)

    def _early(self, times: Floats, rng: np.random.Generator) -> Floats:
        interval = np.diff(times, prepend=times[:1] - 1.0)
        hit = rng.random(len(times)) < self.ectopics * interval / 3600
        hit[1:] &= ~hit[:-1]  # a couplet would overtake its neighbour's pause
        return times - np.where(hit, 0.35 * interval, 0.0)

    def _kept(self, times: Floats, rng: np.random.Generator) -> Bools:
        packet = np.floor(times).astype(np.int64)
        if not len(packet):
            return np.zeros(0, bool)
        lost = rng.random(packet[-1] - packet[0] + 1) < self.loss
        return np.asarray(~lost[packet - packet[0]])


@dataclass(frozen=True, slots=True)
class Packet:
    """One notification of a strap.

    Parameters
    ----------
    sent, arrived
        In s.
    heart_rate
        In whole 1/min.
    ticks
        RR intervals since the last packet, in 1/1024 s.
    """

    sent: float
    arrived: float
    heart_rate: int
    ticks: tuple[int, ...]


def packets(beats: Beats, rng: np.random.Generator, late: float = 0.02, straggling: float = 0.02) -> tuple[Packet, ...]:
    """Send beats as a strap does, once per second, each packet some time after it was sent.

    Parameters
    ----------
    beats
        As a file of the strap holds them.
    rng
        Random numbers.
    late
        Shortest delay, and mean of the exponential tail that is added, in s; assumed.
    straggling
        Share of packets that take an exponential 0.3 s more; assumed.

    Returns
    -------
    tuple of Packet
        In the order in which they were sent, which is that of their arrival.
    """
    if not len(beats):
        return ()
    sent, arrived, rr = [], -np.inf, beats.rr
    for second in range(int(beats.times[0]), int(beats.times[-1]) + 1):
        in_second = (beats.times >= second) & (beats.times < second + 1) & np.isfinite(rr)
        delay = late + rng.exponential(late) + (rng.exponential(0.3) if rng.random() < straggling else 0.0)
        arrived = max(arrived, second + 1 + delay)
        recent = rr[(beats.times < second + 1) & np.isfinite(rr)][-8:]
        rate = round(60 / float(recent.mean())) if len(recent) else 0
        sent.append(Packet(second + 1.0, arrived, rate, tuple(int(tick) for tick in np.rint(rr[in_second] / TICK))))
    return tuple(sent)


@dataclass(frozen=True, slots=True)
class Dropout:
    """A sensor that falls silent now and then: missing samples.

    Parameters
    ----------
    times_an_hour
        How often, per hour (Poisson).
    seconds
        Mean length (exponential), in s.
    """

    times_an_hour: float
    seconds: float = 5.0

    def __post_init__(self) -> None:
        if self.times_an_hour < 0 or self.seconds <= 0:
            raise UsageError("A dropout comes 0 or more times an hour and lasts more than 0 s.")

    def spoil(self, signal: Signal, rng: np.random.Generator) -> Signal:
        """Make spans of a signal missing.

        Parameters
        ----------
        signal
            As the sensor gave it.
        rng
            Random numbers.

        Returns
        -------
        Signal
            With NaN where the sensor was silent.
        """
        values = signal.values.copy()
        hours = len(values) / signal.rate / 3600
        for start in rng.uniform(0, len(values), rng.poisson(self.times_an_hour * hours)):
            values[int(start) : int(start + rng.exponential(self.seconds) * signal.rate) + 1] = np.nan
        return Signal(values, signal.rate, signal.start, signal.unit)


def _from_smoothed_rate(times: Floats) -> Floats:
    if len(times) < 2:
        return times
    interval = np.diff(times)
    weight = np.convolve(np.ones(len(interval)), np.ones(8))[: len(interval)]
    smooth = np.convolve(interval, np.ones(8))[: len(interval)] / weight
    invented: Floats = times[0] + np.concatenate(([0.0], np.cumsum(60 / np.rint(60 / smooth))))
    return invented

"""All channels, by name: what each is, how it is read, and how it is compared between people.

A new kind of body signal is one entry. From the registry come what the readers expect and refuse, what a body is made of, how
a signal is compared, and the names that the command line offers; its name for people is the entry "signal.NAME" of the
catalogue of sentences, or else the name itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from coregulation.errors import DataError, UsageError
from coregulation.signals import Unit


@dataclass(frozen=True, slots=True)
class ComparisonPlan:
    """How a channel is compared between people.

    Parameters
    ----------
    rate
        Of the compared signal, in Hz, at most; a slower recording stays as it is.
    window
        Length of a correlation window, in s.
    max_lag
        Largest lag to either side, in s.
    band
        Kept before comparing: lower edge, upper edge and width of the edges, in Hz; None keeps everything.
    difference
        Compare changes per second instead of levels.
    bandwidth
        Half the number of independent values per second, in Hz, of a series that is itself computed in windows: a
        correlation window holds at least ten independent values. None: the rate says it.
    """

    rate: float
    window: float
    max_lag: float
    band: tuple[float, float, float] | None = None
    difference: bool = False
    bandwidth: float | None = None


AS_IT_IS = ComparisonPlan(10.0, window=60.0, max_lag=5.0)  # for motion, ratings and whatever is not known (our choice)


@dataclass(frozen=True, slots=True)
class Channel:
    """A kind of body signal.

    Parameters
    ----------
    name
        In lower case, with underscores.
    unit
        The unit it is kept in.
    stated
        False where people write it down in more than one unit (RR in ms and s, ECG in mV and µV): it must come with its unit.
    plausible
        Lowest and highest plausible median, in `unit`; None where any is.
    min_rate
        Sampling rate (Hz) below which nothing of a body can be read from it.
    max_rate
        Sampling rate (Hz) beyond which the times of its file cannot be right.
    clips
        Whether it comes from a converter whose rails it can reach; samples there are missing.
    waveform
        Whether it is compared only after physiology has made something of it.
    body_input
        Whether a body is made of it as it is.
    comparison
        How it is compared.
    """

    name: str
    unit: Unit
    stated: bool = True
    plausible: tuple[float, float] | None = None
    min_rate: float = 0.0
    max_rate: float = 5000.0
    clips: bool = False
    waveform: bool = False
    body_input: bool = False
    comparison: ComparisonPlan = AS_IT_IS

    def is_plausible(self, median: float) -> bool:
        """Return whether a body can have this median (in `unit`).

        Parameters
        ----------
        median
            Median of a recording, in `unit`.

        Returns
        -------
        bool
            True for any where no range is stated.
        """
        return self.plausible is None or self.plausible[0] <= median <= self.plausible[1]

    def check(self, median: float) -> None:
        """Raise `DataError` if a median (in `unit`) contradicts the stated unit.

        Parameters
        ----------
        median
            Median of a recording, in `unit`.

        Raises
        ------
        DataError
            If the unit that was stated would make this body impossible.
        """
        if self.plausible is None or not math.isfinite(median) or self.is_plausible(median):
            return
        low, high = self.plausible
        raise DataError(
            "The median of {channel} is {median:.4g} {unit}; between {low:g} and {high:g} was expected. If the file holds "
            "another unit, state it with --unit (or unit = … in the manifest); if its numbers are multiplied, with --scale "
            "(0.1 for numbers ten times too large).",
            channel=self.name, median=median, unit=self.unit.symbol, low=low, high=high,
        )  # fmt: skip


class ChannelRegistry(Mapping[str, Channel]):
    """Channels by name.

    Parameters
    ----------
    *channels
        The first entries.
    """

    def __init__(self, *channels: Channel) -> None:
        self._channels = {channel.name: channel for channel in channels}

    def __getitem__(self, name: str) -> Channel:
        return self._channels[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._channels)

    def __len__(self) -> int:
        return len(self._channels)

    def register(self, channel: Channel) -> None:
        """Add a channel.

        Parameters
        ----------
        channel
            The new entry.

        Raises
        ------
        UsageError
            If its name is taken.
        """
        if channel.name in self._channels:
            raise UsageError("There is a channel {name!r} already.", name=channel.name)
        self._channels[channel.name] = channel

    @contextmanager
    def including(self, channel: Channel) -> Iterator[None]:
        """Have a channel for a while, as in a test."""
        self.register(channel)
        try:
            yield
        finally:
            del self._channels[channel.name]


# Names that code asks for; a channel that only users name needs none.
HEART_RATE = "heart_rate"
EDA = "eda"

CHANNELS = ChannelRegistry(
    Channel("rr", Unit.SECOND, stated=False, plausible=(0.25, 2.5)),  # 24 to 240 beats per minute
    Channel("beats", Unit.SECOND, stated=False),
    Channel("ecg", Unit.MILLIVOLT, stated=False, clips=True, waveform=True),
    Channel("ppg", Unit.ARBITRARY, clips=True, waveform=True),
    Channel(
        HEART_RATE, Unit.PER_MINUTE, plausible=(25.0, 250.0), max_rate=300.0, body_input=True,
        comparison=ComparisonPlan(2.0, window=30.0, max_lag=5.0),
    ),
    Channel(
        "resp", Unit.ARBITRARY, min_rate=2.0, clips=True, body_input=True,
        comparison=ComparisonPlan(4.0, window=30.0, max_lag=5.0, band=(0.05, 0.6, 0.04)),  # 3 to 36 breaths per minute
    ),
    Channel(
        EDA, Unit.MICROSIEMENS, plausible=(0.01, 100.0), min_rate=2.0, clips=True, body_input=True,
        comparison=ComparisonPlan(2.0, window=60.0, max_lag=10.0, difference=True),
    ),
    Channel("motion", Unit.ARBITRARY, max_rate=1000.0, body_input=True),
    *(Channel(f"chest_acceleration_{axis}", Unit.ARBITRARY, min_rate=10.0, waveform=True) for axis in "xyz"),
    Channel("voice", Unit.ARBITRARY, max_rate=50_000.0),
    Channel("rating", Unit.ARBITRARY, max_rate=300.0),
    # windows of 30 s and of 60 s: a value is independent of the next after that long
    Channel("rsa_series", Unit.ARBITRARY, comparison=ComparisonPlan(1.0, 300.0, 30.0, bandwidth=1 / 60)),
    Channel("rmssd_series", Unit.ARBITRARY, comparison=ComparisonPlan(1.0, 600.0, 60.0, bandwidth=1 / 120)),
    Channel("scr_rate_series", Unit.PER_MINUTE, comparison=ComparisonPlan(1.0, 600.0, 60.0, bandwidth=1 / 120)),
    Channel("arousal", Unit.ARBITRARY, max_rate=300.0),
)  # fmt: skip

"""From the numbers of a file to the unit of their channel, and what no body can have in it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from coregulation.channels import CHANNELS, HEART_RATE, Channel
from coregulation.errors import DataError, UsageError, similar_names
from coregulation.io.remarks import Note, ReadingRemark, note
from coregulation.io.saturation import only_rails
from coregulation.io.track import Track
from coregulation.signals import Floats, Unit

Convert = Callable[[Floats], Floats]
_NEGATIVE, _NEGATIVE_SHARE = -0.1, 0.05  # µS; share below it: sensors off the skin scatter around 0 by far less


def channel_of(track: Track) -> tuple[Channel, Convert]:
    """Find what a track is of, and how its numbers become values.

    Parameters
    ----------
    track
        One channel of one person.

    Returns
    -------
    tuple of Channel and callable
        The channel, and what turns the file's numbers into its unit.

    Raises
    ------
    UsageError
        If the unit must be stated, or cannot be one of the channel.
    """
    channel = CHANNELS.get(track.channel)
    scale = 1.0 if track.scale is None else track.scale
    if channel is None:
        if track.unit is None and track.scale is None:
            raise UsageError(
                "The channel {channel!r} has no unit of its own: state it, such as --unit a.u. if its numbers have none (unit = … in the "
                "manifest). Or did you mean {near:or}?",
                channel=track.channel,
                near=similar_names(track.channel, CHANNELS, 3) or tuple(CHANNELS),
            )
        return Channel(track.channel, track.unit or Unit.ARBITRARY), lambda numbers: numbers * scale
    if track.unit is None and not channel.stated:
        raise UsageError(
            "{origin}: {channel} is written down in more than one unit: state it with --unit {unit} (or "
            "whichever it is; unit = … in the manifest).",
            origin=track.origin,
            channel=channel.name,
            unit=channel.unit.symbol,
        )
    return channel, _converter(track, channel)


def _converter(track: Track, channel: Channel) -> Convert:
    """Return what turns numbers of the file into the channel's unit; a resistance becomes the conductance it is."""
    scale = 1.0 if track.scale is None else track.scale
    unit = track.unit
    if unit is not None and unit.quantity == "resistance" and channel.unit.quantity == "conductance":
        ohms, siemens = scale * unit.size, Unit.SIEMENS.factor_to(channel.unit)
        return lambda numbers: siemens / np.where(numbers > 0, numbers * ohms, np.nan)
    if unit is Unit.ARBITRARY and channel.unit is not Unit.ARBITRARY:
        raise UsageError(
            "{origin}: numbers in arbitrary units are no {quantity}, so they cannot be read as {channel} in {unit}. State the unit "
            "and what one step of the numbers is in it (--unit {unit} --scale …; the device's manual says it), or keep them "
            "under a name of their own (--signal {channel}_raw --unit a.u.), which is compared between people as it is.",
            origin=track.origin, quantity=channel.unit.quantity, channel=channel.name, unit=channel.unit.symbol,
        )  # fmt: skip
    factor = scale * (unit.factor_to(channel.unit) if unit else 1.0)
    return lambda numbers: numbers * factor


def unit_size(track: Track, channel: Channel) -> float:
    """Return how many of the channel's unit one of the file's numbers is.

    Parameters
    ----------
    track
        One channel of one person.
    channel
        What it is of.

    Returns
    -------
    float
        In the channel's unit.
    """
    return float(_converter(track, channel)(np.ones(1))[0])


def check_sign(track: Track, channel: Channel, values: Floats) -> None:
    """Refuse a conductance of which more than noise around zero is negative.

    Parameters
    ----------
    track
        One channel of one person.
    channel
        What it is of.
    values
        Shape (n,), in the channel's unit.

    Raises
    ------
    DataError
        If more than 5 % of it lie below zero.
    """
    if channel.unit.quantity != "conductance":
        return
    share = float((values[np.isfinite(values)] < _NEGATIVE).mean())
    if share > _NEGATIVE_SHARE:
        raise DataError(
            "{origin}: {percent:.0f} % of the values of {channel} lie below 0, where no skin is; they may be standardised, filtered, "
            "or in another unit. Export them as measured; or compare them under a name of their own: --signal {channel}_change "
            "--unit a.u. (channel and unit in the manifest).",
            origin=track.origin,
            percent=100 * share,
            channel=channel.name,
        )


def check_rails(track: Track, channel: Channel) -> None:
    """Refuse a signal that is at the rails of its converter all the time.

    Parameters
    ----------
    track
        One channel of one person.
    channel
        What it is of.

    Raises
    ------
    DataError
        If every number is a rail.
    """
    rails = only_rails(track.numbers)
    if rails:
        raise DataError(
            "{origin}: the {channel} of {person} is at the rails of its converter all the time (every number is {rails:or}), so "
            "nothing of the body is in it. Check the electrodes and the gain, or leave this channel out.",
            origin=track.origin, channel=channel.name, person=track.person.id, rails=tuple(f"{rail:g}" for rail in rails),
        )  # fmt: skip


def resistance_notes(unit: Unit, numbers: Floats) -> list[Note]:
    """Tell that resistances became conductances.

    Parameters
    ----------
    unit
        Of the resistances.
    numbers
        Shape (n,), as the file holds them.

    Returns
    -------
    list of Note
        With how many were left out since they are not positive.
    """
    wrong = int((numbers <= 0).sum())
    refused = [note(ReadingRemark.RESISTANCES_NOT_POSITIVE, wrong)] if wrong else []
    return [note(ReadingRemark.FROM_RESISTANCE, unit=unit.symbol), *refused]


def check_median(track: Track, channel: Channel, median: float) -> None:
    """Refuse numbers that no body has in the unit that was stated.

    Parameters
    ----------
    track
        One channel of one person.
    channel
        What it is of.
    median
        Of its values, in the channel's unit.

    Raises
    ------
    DataError
        With the unit or the signal that would fit.
    """
    try:
        channel.check(median)
    except DataError as error:
        fitting = _fitting_units(track, channel)
        as_intervals = _interval_unit(channel, median)
        if as_intervals is not None:
            raise DataError(
                "{origin}: The median of {channel} is {median:.4g} 1/min, which no heart has. RR intervals in {unit} look like this: "
                "then say --signal rr --unit {unit}. Where the file holds rates times ten, say --scale (0.1).",
                origin=track.origin,
                channel=channel.name,
                median=median,
                unit=as_intervals,
            ) from error
        if not fitting:
            raise DataError("{origin}: {problem}", origin=track.origin, problem=error) from error
        raise DataError(
            "{origin}: {problem} The numbers would fit --unit {unit}.",
            origin=track.origin,
            problem=error,
            unit=fitting[0],
        ) from error


def _interval_unit(channel: Channel, median: float) -> str | None:
    """Return the unit in which numbers that are no heart rate would be RR intervals; None where they would be none."""
    if channel.name != HEART_RATE:
        return None
    rates = {"ms": 60_000 / median, "s": 60 / median} if median > 0 else {}
    return next((unit for unit, rate in rates.items() if channel.is_plausible(rate)), None)


def _fitting_units(track: Track, channel: Channel) -> list[str]:
    """Return the units of the channel's quantity in which the numbers would be plausible."""
    median = float(np.nanmedian(track.numbers)) * (1.0 if track.scale is None else track.scale)
    units = [unit for unit in Unit if unit.quantity == channel.unit.quantity and unit is not track.unit]
    return [unit.symbol for unit in units if channel.is_plausible(median * unit.factor_to(channel.unit))]

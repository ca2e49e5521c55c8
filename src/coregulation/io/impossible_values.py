"""Single numbers that no body has: left out and counted; and numbers that lost their decimal sign: refused."""

from __future__ import annotations

import numpy as np

from coregulation.channels import HEART_RATE, Channel
from coregulation.errors import DataError
from coregulation.io.remarks import Note, ReadingRemark, note
from coregulation.signals import Floats

_SLOWEST, _FASTEST = 20.0, 300.0  # 1/min; no heart of a person who takes part beats more slowly, or so fast
_TENFOLD = 0.2  # of a power of ten, by which a step may be beside one
_JUMPS, _JUMP_SHARE = 3, 0.002  # steps of a power of ten, and their share, from which a decimal sign was lost
_SMOOTH = 0.1  # median step in powers of ten below which numbers are smooth


def without_impossible(values: Floats, channel: Channel) -> tuple[Floats, list[Note]]:
    """Leave out heart rates that no heart has, and skin conductances of exactly zero, which are those of electrodes off the skin.

    Parameters
    ----------
    values
        Shape (n,), in the channel's unit.
    channel
        What they are.

    Returns
    -------
    tuple of array and list of Note
        NaN where a value was left out, and how many were.
    """
    if channel.name == HEART_RATE:
        wrong = (values < _SLOWEST) | (values >= _FASTEST)
        remark = note(ReadingRemark.RATES_IMPOSSIBLE, int(wrong.sum()), least=_SLOWEST, most=_FASTEST)
    elif channel.unit.quantity == "conductance":
        wrong = values == 0
        remark = note(ReadingRemark.CONDUCTANCES_ZERO, int(wrong.sum()))
    else:
        return values, []
    return (np.where(wrong, np.nan, values), [remark]) if wrong.any() else (values, [])


def refuse_lost_decimals(numbers: Floats, channel: Channel, origin: str) -> None:
    """Refuse whole numbers that jump by powers of ten between rows, as where "5.1" and "5.12" became 51 and 512.

    Parameters
    ----------
    numbers
        Shape (n,), as the file holds them.
    channel
        What they are; only one whose median is known to be within bounds is looked at.
    origin
        The file as the caller named it.

    Raises
    ------
    DataError
        If a decimal sign was lost.
    """
    if channel.plausible is None or channel.waveform:
        return
    known = numbers[np.isfinite(numbers) & (numbers > 0)]
    if len(known) < _JUMPS or (known != np.round(known)).any():
        return
    steps = np.abs(np.diff(np.log10(known)))
    powers = np.round(steps)
    jumps = int(((powers > 0) & (np.abs(steps - powers) <= _TENFOLD)).sum())
    if jumps > max(_JUMPS, _JUMP_SHARE * len(known)) and float(np.median(steps)) < _SMOOTH:
        raise DataError(
            "{origin}: the numbers of {channel} jump tenfold between rows {count} times, and all of them are whole. A decimal sign was "
            "probably lost (5.1 and 5.12 became 51 and 512), so what they were cannot be told. Export the file again.",
            origin=origin,
            channel=channel.name,
            count=jumps,
        )

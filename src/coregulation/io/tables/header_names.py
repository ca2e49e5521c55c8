"""What a header word says by itself: a unit in brackets, a time, an interval. A word that says nothing is not guessed."""

from __future__ import annotations

import re

from coregulation.channels import CHANNELS
from coregulation.errors import UsageError
from coregulation.signals import Unit

_BRACKETS = re.compile(r"[\[(]\s*([^\])]+?)\s*[\])]\s*$")
_ENDING = re.compile(r"_(ms|s|sec|min|us|uS|µS|nS|mS|mV|uV|µV|bpm|kΩ|Ω|[kKM]?[oO]hms?|u?mho)$")
TIME_UNITS = {"s": 1.0, "ms": 1e-3, "min": 60.0, "us": 1e-6, "µs": 1e-6, "ns": 1e-9, "h": 3600.0}  # in s
_SPELLED = {
    "sec": "s",
    "second": "s",
    "seconds": "s",
    "msec": "ms",
    "millisecond": "ms",
    "milliseconds": "ms",
    "minute": "min",
    "minutes": "min",
    "μs": "µs",
    "hour": "h",
    "hours": "h",
}
_TIMES = frozenset(
    {
        "time", "t", "times", "timestamp", "timestamps", "time stamp", "ts", "phone timestamp", "local timestamp",
        "localtimestamp", "datetime", "date time", "seconds", "sec", "secs", "utc", "epoch", "unix time", "unixtime",
        "unix timestamp", "epoch time", "elapsed", "elapsed time", "time elapsed", "seconds elapsed", "since start",
        "time since start",
    }
)  # fmt: skip
_RR = frozenset({"rr", "rri", "ibi", "rr interval", "rr intervals", "rrinterval", "rr int"})
SAMPLE = "sample"


def unit_in(name: str) -> str | None:
    """Return the unit that a header word carries ("ECG [uV]", "rr_ms"), as it is written there."""
    found = _BRACKETS.search(name) or _ENDING.search(name)
    return found[1] if found else None


def parse_header_unit(word: str) -> Unit | None:
    """Return the unit that is written in a header; None where nothing is, or nothing that is known."""
    if not word:
        return None
    try:
        return Unit.parse(word)
    except UsageError:
        return None


def bare_name(name: str) -> str:
    """Return a header word without its unit, in small letters, with spaces for other signs."""
    word = _ENDING.sub("", _BRACKETS.sub("", name.strip()))
    return re.sub(r"[\s_\-.]+", " ", word).strip().lower()


def is_time(name: str) -> bool:
    """Say whether a header word names the time of its row."""
    word = bare_name(name)
    return word in _TIMES or "timestamp" in word


def channel_in(name: str) -> str | None:
    """Return the channel a header word names without doubt: an RR interval, or one of our own channel names."""
    word = bare_name(name)
    if word in _RR:
        return "rr"
    own = word.replace(" ", "_")
    return own if own in CHANNELS else None


def time_size(unit: str) -> float:
    """Return one of a time unit in s; `UsageError` lists those that are known."""
    word = unit.strip()
    size = TIME_UNITS.get(_SPELLED.get(word.lower(), word.lower()))
    if size is None:
        known = ", ".join([*TIME_UNITS, SAMPLE])
        raise UsageError(
            "The time unit {unit!r} is not known. Known are {known}.",
            unit=unit,
            known=known,
        )
    return size


def carried_time_unit(name: str) -> str | None:
    """Return the time unit a header word carries, if any."""
    word = unit_in(name) or _spelled_out(name)
    if word is None or _SPELLED.get(word.lower(), word.lower()) not in TIME_UNITS:
        return None
    return word


def _spelled_out(name: str) -> str | None:
    word = bare_name(name)
    return "s" if word in ("seconds", "sec", "secs", "seconds elapsed") else None

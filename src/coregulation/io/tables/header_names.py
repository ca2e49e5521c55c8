"""What a header word says by itself: a unit in brackets, a time, an interval. A word that says nothing is not guessed."""

from __future__ import annotations

import re

from coregulation.channels import CHANNELS
from coregulation.errors import UsageError, nearest_names
from coregulation.io.tables.header_units import find_unit

_REMARK = re.compile(r"[\[(\uff08][^\])\uff09]*[\])\uff09]\s*$")  # in brackets at the end, whatever it says
_BEHIND = re.compile(r"(?P<name>.+?)(?:[\s_.]+in[\s_.]+|\s*[/,:]\s*)(?P<unit>[^\s/,:]+)\s*$")
_PART = re.compile(r"(?:s ?/ ?(\d{2,6})|1/(\d{2,6}) ?s)", re.ASCII)  # such as s/256, as devices count it
_RATE = re.compile(r"(\d+(?:\.\d+)?) ?hz(?![a-z])", re.ASCII | re.IGNORECASE)
TIME_UNITS = {"s": 1.0, "ms": 1e-3, "min": 60.0, "us": 1e-6, "µs": 1e-6, "ns": 1e-9, "h": 3600.0, "d": 86400.0}  # in s
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
    "day": "d",
    "days": "d",
    "sek": "s",
    "sekunden": "s",
    "segundos": "s",
    "seg": "s",
    "secondes": "s",
    "秒": "s",
    "毫秒": "ms",
    "minuten": "min",
    "minutos": "min",
}
_TIMES = frozenset(
    {
        "time", "t", "times", "timestamp", "timestamps", "time stamp", "ts", "phone timestamp", "local timestamp",
        "localtimestamp", "datetime", "date time", "seconds", "sec", "secs", "utc", "epoch", "unix time", "unixtime",
        "unix timestamp", "epoch time", "elapsed", "elapsed time", "time elapsed", "seconds elapsed", "since start",
        "time since start", "unix", "unix ms", "unix ns", "unix us", "unixtimestamp", "zeit", "uhrzeit", "zeitstempel", "zeitpunkt",
        "second", "minute", "minutes", "sekunden", "segundos", "secondes", "minuten", "minutos",
        "time seconds", "time in seconds", "onset", "recorded at", "sample time", "temps", "heure", "horodatage", "tiempo", "hora", "marca de tiempo", "tempo", "ora", "时间", "时间戳",
    }
)  # fmt: skip
_RR = frozenset({"rr", "rri", "ibi", "rr interval", "rr intervals", "rrinterval", "rr int"})
CHANNEL_ALIASES = {
    "hr": "heart_rate", "heart rate": "heart_rate", "heartrate": "heart_rate", "bpm": "heart_rate", "pulse": "heart_rate", "pulse rate": "heart_rate",
    "gsr": "eda", "sc": "eda", "scl": "eda", "skin conductance": "eda", "ibi": "rr", "rri": "rr", "breath": "resp",
    "breathing": "resp", "respiration": "resp", "rsp": "resp", "belt": "resp", "bvp": "ppg", "ekg": "ecg",
    "puls": "heart_rate", "herzfrequenz": "heart_rate", "herzrate": "heart_rate", "fc": "heart_rate", "frecuencia cardiaca": "heart_rate",
    "frecuencia cardíaca": "heart_rate", "fréquence cardiaque": "heart_rate", "心率": "heart_rate", "hautleitwert": "eda",
    "hautleitfähigkeit": "eda", "conductancia": "eda", "conductance": "eda", "皮肤电": "eda", "atmung": "resp", "atem": "resp",
    "respiración": "resp", "respiracion": "resp", "呼吸": "resp",
}  # fmt: skip
SAMPLE = "sample"
DAY_COUNTS = {"excel": 25569.0, "matlab": 719529.0}  # days from the zero of a program's dates to 1970, in local time
_MANY_DAYS = 20_000.0  # days; a count of days that is as large is a date


def rate_in(name: str) -> float | None:
    """Find the rate that a header word says.

    Parameters
    ----------
    name
        Such as "IBI_4Hz".

    Returns
    -------
    float or None
        In Hz; None where the word says none.
    """
    match = _RATE.search(name)
    return float(match[1]) if match and float(match[1]) > 0 else None


def unit_in(name: str) -> str | None:
    """Find the unit that a header word carries, wherever in it.

    Parameters
    ----------
    name
        Such as "ECG [uV]", "rr_ms", "EDA kOhm", "GSR (kOhm) left" or "Zeit in s".

    Returns
    -------
    str or None
        As it is written there; None where the word carries none.
    """
    span = _span_of_unit(name)
    return None if span is None else name[slice(*span)]


def without_unit(name: str) -> str:
    """Take the unit out of a header word, with its brackets.

    Parameters
    ----------
    name
        Such as "GSR (kOhm) left".

    Returns
    -------
    str
        Such as "GSR left"; as it came where it is nothing but a unit, or carries none.
    """
    span = _span_of_unit(name)
    if span is None:
        return name
    first, last = span
    before = re.sub(r"([\[({<\uff08]|[\s_.]+in[\s_.]+)\s*$", " ", name[:first])
    behind = re.sub(r"^\s*[\])}>\uff09]", "", name[last:])
    rest = re.sub(r" {2,}", " ", f"{before} {behind}")
    return re.sub(r"^[\s_\-.,:/|]+|[\s_\-.,:/|]+$", "", rest) or name


def _span_of_unit(name: str) -> tuple[int, int] | None:
    """Return where in a header word its unit stands; of a time or an interval, also behind a comma, a stroke or "in"."""
    span = find_unit(name, is_time_unit)
    behind = None if span else _BEHIND.search(name)
    if behind is None or _plain(behind["name"]) not in _TIMES | _RR or not is_time_unit(behind["unit"]):
        return span
    return behind.span("unit")


def is_time_unit(word: str) -> bool:
    """Say whether a word is a unit of time.

    Parameters
    ----------
    word
        Such as "ms" or "s/256".

    Returns
    -------
    bool
        Whether `time_size` knows it.
    """
    return _PART.fullmatch(word) is not None or _SPELLED.get(word.lower(), word.lower()) in TIME_UNITS


def bare_name(name: str) -> str:
    """Take the unit off a header word, and write it in small letters with spaces for other signs.

    Parameters
    ----------
    name
        Such as "RR_interval [ms]".

    Returns
    -------
    str
        Such as "rr interval".
    """
    return _plain(_REMARK.sub("", without_unit(name.strip())))


def _plain(word: str) -> str:
    return re.sub(r"[\s_\-.]+", " ", word).strip().lower()


def is_time(name: str) -> bool:
    """Say whether a header word names the time of its row.

    Parameters
    ----------
    name
        The header word, with or without a unit.

    Returns
    -------
    bool
        True for "time", "t", "elapsed" and the like, and for any word with "timestamp" in it.
    """
    word = bare_name(name)
    return word in _TIMES or "timestamp" in word


def is_time_of_person(name: str) -> bool:
    """Say whether a header word names the time of one of several, such as "time_a" or "Ben ts".

    Parameters
    ----------
    name
        The header word.

    Returns
    -------
    bool
        False for a time that is nobody's in particular.
    """
    words = bare_name(name).split()
    return len(words) == 2 and (words[0] in _TIMES) != (words[1] in _TIMES) and bare_name(name) not in _TIMES


def channel_in(name: str) -> str | None:
    """Find the channel that a header word names without doubt: an RR interval, or one of our own channel names.

    Parameters
    ----------
    name
        The header word, with or without a unit.

    Returns
    -------
    str or None
        The channel's name; None where the word leaves a doubt.
    """
    word = bare_name(name)
    if word in _RR:
        return "rr"
    own = word.replace(" ", "_")
    return own if own in CHANNELS else None


def time_size(unit: str) -> float:
    """Return how many seconds one of a time unit lasts.

    Parameters
    ----------
    unit
        Such as "ms" or "minutes".

    Returns
    -------
    float
        In s.

    Raises
    ------
    UsageError
        If the unit is not known; the error lists those that are.
    """
    word = unit.strip()
    part = _PART.fullmatch(word)
    if part and float(part[1] or part[2]):
        return 1 / float(part[1] or part[2])
    size = TIME_UNITS.get(_SPELLED.get(word.lower(), word.lower()))
    if size is None:
        near = nearest_names(word, [*TIME_UNITS, *DAY_COUNTS, SAMPLE])
        raise UsageError("The time unit {unit!r} is not known. Did you mean {near:or}?", unit=unit, near=near)
    return size


def likely_time_unit(first: float) -> str:
    """Propose the unit of a time from the size of its first number.

    Parameters
    ----------
    first
        As it stands in the file.

    Returns
    -------
    str
        For numbers that count from 1970, or days of a spreadsheet or of MATLAB, what they are; "s" for others.
    """
    sizes = (
        (1e17, "ns"),
        (1e14, "us"),
        (1e11, "ms"),
        (1e8, "s"),
        (8e5, "s"),
        (6.9e5, "matlab"),
        (8e4, "s"),
        (_MANY_DAYS, "excel"),
    )
    return next((unit for least, unit in sizes if first >= least), "s")


def is_many_days(first: float) -> bool:
    """Say whether a count of days is so large that it is a date.

    Parameters
    ----------
    first
        Days.

    Returns
    -------
    bool
        True from 20,000 days (55 years) on.
    """
    return first >= _MANY_DAYS


def carried_time_unit(name: str) -> str | None:
    """Find the time unit that a header word carries.

    Parameters
    ----------
    name
        Such as "time [ms]" or "seconds".

    Returns
    -------
    str or None
        As it is written there; None where the word carries no unit of time.
    """
    word = unit_in(name) or _spelled_out(name)
    if word is not None and _PART.fullmatch(word):
        return word
    if word is None or _SPELLED.get(word.lower(), word.lower()) not in TIME_UNITS:
        return None
    return word


def _spelled_out(name: str) -> str | None:
    word = bare_name(name)
    if word in ("secs", "seconds elapsed", "time seconds", "time in seconds"):
        return "s"
    return _SPELLED.get(word) if word in _TIMES else None

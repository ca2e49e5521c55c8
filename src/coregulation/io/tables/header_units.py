"""Where in a header word its unit stands: in brackets, behind an underscore, or as a word of its own such as the kOhm of "EDA kOhm"."""

from __future__ import annotations

import re
from collections.abc import Callable

from coregulation.errors import UsageError
from coregulation.signals import Unit

_BRACKETS = re.compile(r"[\[({<\uff08]\s*([^\])}>\uff09]+?)\s*[\])}>\uff09]")
_ENDING = re.compile(r"_(ms|s|sec|min|us|uS|µS|nS|mS|mV|uV|µV|bpm|kΩ|Ω|[kKM]?[oO]hms?|u?mho)$")
_PARTED = re.compile(r"(nano|micro|milli|kilo|mega)[\s_-]*(siemens|ohms?|volts?|mhos?)", re.IGNORECASE)
_WORD = re.compile(r"[^\s_\-.,:/|\[\](){}<>]+")
_SURE = frozenset({"conductance", "resistance", "voltage"})  # whose units are no other words
_PLAIN = frozenset({"%", "ms", "msec", "bpm", "BPM", "Bpm", "Hz"})
_COUNT = re.compile(r"\d\s*$")  # before Hz: a rate of samples, not the unit of the values


def find_unit(name: str, is_time_unit: Callable[[str], bool]) -> tuple[int, int] | None:
    """Find where in a header word its unit stands.

    Parameters
    ----------
    name
        Such as "GSR (kOhm) left".
    is_time_unit
        Says whether a word is a unit of time.

    Returns
    -------
    tuple of int and int or None
        Its first character, and the one behind its last; of brackets that hold no unit that is known, those at the end
        count, so that they can be refused by name.
    """
    brackets = list(_BRACKETS.finditer(name))
    known = [match for match in brackets if parse_header_unit(match[1]) or is_time_unit(match[1])]
    last = [match for match in brackets if not name[match.end() :].strip()]
    match = next(iter(known or last), None) or _ENDING.search(name)
    parted = None if match else _PARTED.search(name)
    if parted is not None:
        return parted.span()
    return _word_that_is_unit(name) if match is None else match.span(1)


def _word_that_is_unit(name: str) -> tuple[int, int] | None:
    words = (match for match in _WORD.finditer(name) if match[0] != name.strip())
    return next((match.span() for match in words if _is_surely_unit(match[0], name[: match.start()])), None)


def _is_surely_unit(word: str, before: str) -> bool:
    if word in _PLAIN:
        return not (word == "Hz" and _COUNT.search(before))
    unit = parse_header_unit(word) if len(word) > 1 or word == "Ω" else None
    return unit is not None and unit.quantity in _SURE


def parse_header_unit(word: str) -> Unit | None:
    """Read the unit that is written in a header.

    Parameters
    ----------
    word
        The unit alone, such as "uV"; "" where there is none.

    Returns
    -------
    Unit or None
        None where nothing is written, or nothing that is known.
    """
    if not word:
        return None
    parted = _PARTED.fullmatch(word)
    try:
        return Unit.parse("".join(parted.groups()) if parted else word)
    except UsageError:
        return None

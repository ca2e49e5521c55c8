"""Columns that were computed from others, or are of another place on the same body: none of them is a person, nor one value per beat."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coregulation.channels import EDA
from coregulation.errors import UsageError
from coregulation.io.options import ReadOptions
from coregulation.io.tables.column_meaning import ColumnMeaning
from coregulation.io.tables.likely_channels import person_part
from coregulation.io.tables.table import Table
from coregulation.signals import Unit

_SUMMARIES = frozenset(
    {"mean", "average", "avg", "median", "sd", "std", "stdev", "sem", "var", "variance", "min", "max", "minimum", "maximum", "range"}
)  # fmt: skip
_SCALED = frozenset(
    {"norm", "normalised", "normalized", "standardised", "standardized", "z", "zscore", "zscored", "percent", "log", "ln", "rescaled"}
)  # fmt: skip
_FILTERED = frozenset(
    {
        "raw", "filtered", "filt", "unfiltered", "smooth", "smoothed", "clean", "cleaned", "corrected", "uncorrected", "detrended",
        "interpolated", "interp", "resampled", "artefact", "artifact", "quality", "confidence", "conf", "diff", "difference", "delta",
        "original", "orig", "uninterp", "uninterpolated", "edited", "unedited", "processed", "unprocessed", "ma", "ema", "rolling",
    }
)  # fmt: skip
_METHODS = frozenset(
    {
        "ecg", "ekg", "ppg", "bvp", "rppg", "bcg", "device", "sensor", "reference", "ref", "gold", "measured",
        "predicted", "estimated", "estimate", "pred", "polar", "verity", "garmin", "fitbit", "apple", "watch", "empatica", "oura", "whoop", "samsung", "withings", "biopac", "shimmer", "movesense", "faros", "bitalino", "hexoskin", "zephyr", "strap", "ring",
    }
)  # fmt: skip
_CONDITIONS = frozenset(
    {
        "pre", "post", "before", "after", "during", "baseline", "stress", "stressor", "rest", "resting", "task", "recovery", "day", "night", "visit",
        "trial", "segment", "session", "sess", "epoch", "run", "condition", "cond", "phase", "block", "week", "wave", "test", "retest", "morning", "evening", "algorithm", "algo", "method",
    }
)  # fmt: skip
_NUMBERED = re.compile(r"(?:\d+|[a-z])")  # the 2 of "trial 2", the b of "condition B"
_TIMES = frozenset({"t"})  # with a number behind it: the first and second time of measuring
_MODELS = re.compile(r"(?<![a-z0-9])(h10|h9|h7|oh1|e4|embraceplus)(?![a-z0-9])", re.IGNORECASE)
_MERGED = re.compile(r"\.[xy]$")  # how R calls what had one name in two tables
_SITES = frozenset(
    {"wrist", "chest", "finger", "arm", "ear", "forehead", "hand", "palm", "foot", "toe", "leg", "ankle"}
)
_SIDES = frozenset({"left", "right"})
_RATES = frozenset({"rate", "frequency", "frequenz", "fréquence", "frecuencia", "bpm", "brpm"})
_PARTS = frozenset({"phasic", "scr", "scrs", "onsets", "peaks"})
_NOT_MEASURED = {"rr": _SUMMARIES, EDA: _SCALED | _PARTS, "resp": _RATES, "ppg": _RATES, "ecg": _RATES}
_WINDOW = re.compile(r"\d+(s|sec|ms|min|hz)", re.ASCII)
_WORD = re.compile(r"\d+[a-z]+|[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", re.ASCII)


def words_of(name: str) -> list[str]:
    """Split a column's name into its words, in small letters.

    Parameters
    ----------
    name
        Such as "meanRR" or "hr_left-wrist".

    Returns
    -------
    list of str
        Such as ["mean", "rr"].
    """
    return [word.lower() for word in _WORD.findall(name)]


def refuse_copies(table: Table, meanings: Sequence[ColumnMeaning], columns: Sequence[int], channel: str) -> None:
    """Refuse to take for two people what is of one by its names: raw and filtered, a value and its spread, two wrists.

    Parameters
    ----------
    table
        The table.
    meanings
        What is known of each of its columns, in their order.
    columns
        The numbers of the columns that would be a person each.
    channel
        The channel of all of them.

    Raises
    ------
    UsageError
        If two of them differ in nothing but such words.
    """
    for second, first in copies([meanings[number].name for number in columns], channel).items():
        raise UsageError(
            "{origin}: columns {first} ({name!r}) and {second} ({other!r}) are of one person by their names. Say --person A={first} if "
            "they are, or --person A={first} --person B={second} if they are of two people. The columns are {columns}.",
            origin=table.origin,
            first=columns[first],
            name=meanings[columns[first]].name,
            second=columns[second],
            other=meanings[columns[second]].name,
            columns=table.listing(),
        )


def copies(names: Sequence[str], channel: str) -> dict[int, int]:
    """Find the names that differ from an earlier one in nothing but how, where or when something was measured or computed.

    Parameters
    ----------
    names
        Of columns of one channel.
    channel
        What they are of.

    Returns
    -------
    dict
        By the place of a name in `names` that of the earlier one, both from 0.
    """
    seen: dict[tuple[str, ...], int] = {}
    firsts: dict[int, int] = {}
    for place, name in enumerate(names):
        first = seen.setdefault(own_words(name, channel), place)
        if first != place and (_is_derived(name) or _is_derived(names[first])):
            firsts[place] = first
    return firsts


def refuse_derived(table: Table, meaning: ColumnMeaning, channel: str, options: ReadOptions) -> None:
    """Refuse to take means for intervals of single beats, what was standardised for a conductance, and a rate for the signal it is of.

    Parameters
    ----------
    table
        The table.
    meaning
        What is known of the column.
    channel
        What it would be.
    options
        What the caller said; an own unit or scale says what the numbers are.

    Raises
    ------
    UsageError
        If a word of its name says so.
    """
    refused = _NOT_MEASURED.get(channel, frozenset())
    bare = re.sub(r"[\[(].*", "", meaning.name)  # a unit is understood, or refused, by itself
    word = next((word for word in words_of(bare) if word in refused), None)
    if word is None or table.carried or options.scale is not None:
        return
    raise UsageError(
        "{origin}: column {column} is called {name!r}, so its numbers are not {channel} as it was measured ({word}). Export it as measured; or "
        "compare them under a name of their own: --signal {own} --unit {unit} (channel and unit in the manifest).",
        origin=table.origin,
        column=meaning.number,
        name=meaning.name,
        channel=channel,
        word=word,
        own=f"{channel}_{word}",
        unit=meaning.unit.symbol if meaning.unit else Unit.ARBITRARY.symbol,
    )


def own_words(name: str, channel: str) -> tuple[str, ...]:
    """Return what of a column's name may tell a person: neither the channel, nor how, where or when it was measured.

    Parameters
    ----------
    name
        Such as "HR_ada_trial_2".
    channel
        What it is of.

    Returns
    -------
    tuple of str
        Such as ("ada",); of two columns with the same, both are of one person.
    """
    derived = _derived(words_of(name))
    words = words_of(_MODELS.sub("", person_part(_MERGED.sub("", name), channel)))
    return tuple(word for word in _without_conditions(words) if word not in derived)


def _is_derived(name: str) -> bool:
    words = words_of(name)
    marked = _MERGED.search(name) or _MODELS.search(name)
    return bool(_derived(words)) or marked is not None or len(_without_conditions(words)) < len(words)


def _without_conditions(words: Sequence[str]) -> list[str]:
    """Take out the words of a condition, with what counts it, such as "trial" and "2", or "t" and "2"."""
    kept: list[str] = []
    before = ""
    for word in words:
        counts = before in _CONDITIONS and _NUMBERED.fullmatch(word) is not None
        if before in _TIMES and word.isdigit():
            kept.pop()
        elif word not in _CONDITIONS and not counts:
            kept.append(word)
        before = word
    return kept


def _derived(words: Sequence[str]) -> frozenset[str]:
    """Return the words of a name that tell no person, since each says how or where its numbers were measured or computed."""
    sites = frozenset(words) & _SITES
    sides = frozenset(words) & _SIDES if sites else frozenset[str]()  # alone they may be where two people sat
    windows = frozenset(word for word in words if _WINDOW.fullmatch(word))
    return frozenset(words) & (_SUMMARIES | _SCALED | _FILTERED | _METHODS) | sites | sides | windows

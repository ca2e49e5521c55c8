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
    }
)  # fmt: skip
_SITES = frozenset(
    {"wrist", "chest", "finger", "arm", "ear", "forehead", "hand", "palm", "foot", "toe", "leg", "ankle"}
)
_SIDES = frozenset({"left", "right"})
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
    seen: dict[tuple[str, ...], int] = {}
    for number in columns:
        name = meanings[number].name
        words = words_of(name)
        derived = _derived(words)
        own = tuple(word for word in words_of(person_part(name, channel)) if word not in derived)
        first = seen.setdefault(own, number)
        if first != number and (derived or _derived(words_of(meanings[first].name))):
            raise UsageError(
                "{origin}: columns {first} ({name!r}) and {second} ({other!r}) are of one person by their names. Say --person A={first} if "
                "they are, or --person A={first} --person B={second} if they are of two people. The columns are {columns}.",
                origin=table.origin,
                first=first,
                name=meanings[first].name,
                second=number,
                other=name,
                columns=table.listing(),
            )


def refuse_derived(table: Table, meaning: ColumnMeaning, channel: str, options: ReadOptions) -> None:
    """Refuse to take means for intervals of single beats, and what was standardised for a conductance.

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
    refused = {"rr": _SUMMARIES, EDA: _SCALED}.get(channel, frozenset())
    bare = re.sub(r"[\[(].*", "", meaning.name)  # a unit is understood, or refused, by itself
    word = next((word for word in words_of(bare) if word in refused), None)
    if word is None or table.carried or options.scale is not None:
        return
    raise UsageError(
        "{origin}: column {column} is called {name!r}, so its numbers are not {channel} as it was measured ({word}). Export it as measured; or "
        "compare them under a name of their own: --signal {own} --unit a.u. (channel and unit in the manifest).",
        origin=table.origin,
        column=meaning.number,
        name=meaning.name,
        channel=channel,
        word=word,
        own=f"{channel}_{word}",
    )


def _derived(words: Sequence[str]) -> frozenset[str]:
    """Return the words of a name that tell no person."""
    sites = frozenset(words) & _SITES
    sides = frozenset(words) & _SIDES if sites else frozenset[str]()
    windows = frozenset(word for word in words if _WINDOW.fullmatch(word))
    return frozenset(words) & (_SUMMARIES | _SCALED | _FILTERED) | sites | sides | windows

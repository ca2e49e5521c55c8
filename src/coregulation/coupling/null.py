"""What a null is: which question it answers, and how a methods section names it."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar


class NullQuestion(StrEnum):
    """What a p-value says that the linkage goes beyond; the values are the names of the gates."""

    OWN_DYNAMICS = "G1"
    SCRIPTED_INPUT = "G2"


class AbstractNull(abc.ABC):
    """What a pair or a group is compared with: a frozen dataclass of typed settings.

    Attributes
    ----------
    title
        The name in results.
    description
        The name in a methods section; a template over the settings, such as "segments of {length:g} s in another order".
    keeps, destroys
        What it keeps of the recording and what it undoes, for the table in the documentation.
    question
        What a small p-value goes beyond.
    papers
        Keys of `report/bibliography`.
    references
        Papers that the bibliography does not have, by key, with its fields: authors, year, title, place, use, doi.
    calibration_share
        Share of the simulated pairs on which `coregulation calibrate` tries it beside the primary null.
    """

    title: ClassVar[str]
    description: ClassVar[str]
    keeps: ClassVar[str]
    destroys: ClassVar[str]
    question: ClassVar[NullQuestion]
    papers: ClassVar[tuple[str, ...]] = ()
    references: ClassVar[Mapping[str, Mapping[str, Any]]] = MappingProxyType({})
    calibration_share: ClassVar[float] = 1.0

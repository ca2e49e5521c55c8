"""The protocol of a descriptive measure: numbers about a pair, without a p-value."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from coregulation.coupling.surface import Surface
from coregulation.signals import Signal


@dataclass(frozen=True, slots=True, eq=False)
class ComparedPair:
    """A pair as it was compared.

    Parameters
    ----------
    x, y
        Both people's signals on one grid, over the time they share.
    surface
        The primary measure by window and lag.
    """

    x: Signal
    y: Signal
    surface: Surface


class AbstractDescription(abc.ABC):
    """A descriptive measure: a frozen dataclass of typed settings. It has no null, so no p-value.

    Attributes
    ----------
    title
        The name in a methods section.
    quantities
        Names of its numbers, with their units.
    papers
        Keys of `report/bibliography`.
    references
        Papers that the bibliography does not have, by key, with its fields: authors, year, title, place, use, doi.
    """

    title: ClassVar[str]
    quantities: ClassVar[tuple[str, ...]]
    papers: ClassVar[tuple[str, ...]] = ()
    references: ClassVar[Mapping[str, Mapping[str, Any]]] = MappingProxyType({})

    @abc.abstractmethod
    def describe(self, pair: ComparedPair) -> tuple[float, ...]:
        """Compute the numbers of a pair.

        Parameters
        ----------
        pair
            Two signals and their surface.

        Returns
        -------
        tuple of float
            One number for each of `quantities`; NaN where it cannot be had.

        Raises
        ------
        DataError
            If the measure cannot be had of such signals at all.
        """

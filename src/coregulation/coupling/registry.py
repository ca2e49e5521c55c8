"""All measures, nulls and descriptive measures, by their names on the command line.

A new one is a file beside the others and a line here. From these registries come the choices of the command line, the methods
section, its references, the tables of the documentation and the rows of the calibration. Looking at the names loads nothing.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from coregulation.errors import UsageError, nearest_names

if TYPE_CHECKING:
    from coregulation.coupling.measure import AbstractMeasure
    from coregulation.coupling.null import AbstractNull
    from coregulation.coupling.nulls.surrogates import AbstractSurrogate
    from coregulation.coupling.series_measure import AbstractSeriesMeasure

EntryT = TypeVar("EntryT", covariant=True)


class Registry(Mapping[str, "type[EntryT]"], Generic[EntryT]):
    """Classes by name; a class is imported when it is first asked for.

    Parameters
    ----------
    kind
        What the entries are, for messages.
    **entries
        "module:Class" by name; the module is below `coregulation.coupling`.
    """

    def __init__(self, kind: str, /, **entries: str) -> None:
        self.kind = kind
        self._entries: dict[str, str | type[Any]] = dict(entries)

    def __getitem__(self, name: str) -> type[EntryT]:
        if name not in self._entries:
            raise UsageError(
                "There is no {kind} {name!r}. Did you mean {near:or}?",
                kind=self.kind,
                name=name,
                near=nearest_names(name, self._entries),
            )
        entry = self._entries[name]
        if isinstance(entry, str):
            module, _, attribute = entry.partition(":")
            entry = getattr(importlib.import_module(f"coregulation.coupling.{module}"), attribute)
        return cast("type[EntryT]", entry)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def register(self, name: str, entry: type[Any]) -> None:
        """Add a class of one's own.

        Parameters
        ----------
        name
            Its name on the command line.
        entry
            The class; all its settings have defaults, or it is a measure and is made `like` another.

        Raises
        ------
        UsageError
            If the name is taken.
        """
        if name in self._entries:
            raise UsageError("There is a {kind} {name!r} already.", kind=self.kind, name=name)
        self._entries[name] = entry

    @contextmanager
    def including(self, name: str, entry: type[Any]) -> Iterator[None]:
        """Add a class for a while.

        Parameters
        ----------
        name
            Its name on the command line.
        entry
            The class.

        Yields
        ------
        None
            With the class in the registry.

        Raises
        ------
        UsageError
            If the name is taken.
        """
        self.register(name, entry)
        try:
            yield
        finally:
            del self._entries[name]


MEASURES: Registry[AbstractMeasure] = Registry(
    "measure",
    correlation="measures.lagged_correlation:LaggedCorrelation",
)

SURROGATES: Registry[AbstractSurrogate] = Registry(
    "null",
    circular="nulls.surrogates:CircularShift",
    segments="nulls.surrogates:SegmentShuffle",
    phases="nulls.surrogates:PhaseRandomised",
    model="nulls.spectrum_model:SpectrumModel",
    amplitudes="nulls.surrogates:AmplitudeAdjusted",
    lively_phases="nulls.liveliness:LivelyPhases",
    lively_model="nulls.liveliness:LivelyModel",
)

SESSION_NULLS: Registry[AbstractNull] = Registry(  # they need other sessions or other people, so nobody chooses them
    "null",
    pseudo_dyads="nulls.pseudo_dyads:PseudoDyads",
    person_shifts="nulls.permutation:PersonShifts",
    session_exchange="nulls.permutation:SessionExchange",
)

SECONDARY: Registry[AbstractSeriesMeasure] = Registry(
    "secondary measure",
    coherence="measures.coherence:WelchCoherence",
    multitaper="measures.coherence:MultitaperCoherence",
    wavelet="measures.wavelet_coherence:WaveletCoherence",
    phase_locking="measures.phase:PhaseLocking",
    phase_consistency="measures.phase:PairwisePhaseConsistency",
    peaks="measures.peak_picking:PeakPicking",
    concordance="measures.concordance:Concordance",
    susy="measures.susy:Susy",
    rmea="measures.rmea:Rmea",
    events="measures.events:EventSynchronisation",
    warping="measures.warping:TimeWarping",
    recurrence="measures.recurrence:CrossRecurrence",
    granger="measures.granger:Granger",
    transfer_entropy="measures.transfer_entropy:TransferEntropy",
    inertia="measures.inertia:InertiaCoordination",
    oscillator="measures.oscillator:CoupledOscillator",
)


def all_nulls() -> dict[str, type[AbstractNull]]:
    """Return every null by name.

    Returns
    -------
    dict
        Those that can be chosen first.
    """
    return {**SURROGATES, **SESSION_NULLS}


def null_titled(title: str) -> type[AbstractNull] | None:
    """Find a null by the title that results carry.

    Parameters
    ----------
    title
        Such as "circular shift".

    Returns
    -------
    type or None
        None where no registered null has the title.
    """
    return next((null for null in all_nulls().values() if null.title == title), None)

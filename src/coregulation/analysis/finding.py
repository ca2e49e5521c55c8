"""The answer to a session, in pieces, as one value."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from coregulation.analysis.multiverse import PairMultiverse
from coregulation.analysis.natural import NaturalFinding
from coregulation.analysis.person import PersonFinding
from coregulation.analysis.results import (
    About,
    BlockContrast,
    BlockLinkage,
    GroupFinding,
    Provenance,
    Quality,
    SecondaryMeasure,
)
from coregulation.analysis.verdict import Verdict
from coregulation.coupling.family import adjust_family
from coregulation.coupling.inference import Coupling
from coregulation.coupling.surface import Surface
from coregulation.errors import UsageError, nearest_names
from coregulation.regulation.result import RegulationResult
from coregulation.signals import Signal

if TYPE_CHECKING:
    from coregulation.coupling.series_comparison import SeriesResult

_MAX_ROWS = 6  # pairs, and bodies, that are printed


_MAX_NAMED = 3  # people of a group who are printed by name; of more, how many


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """The answer to a session, in pieces; prints kinds and gates, saves as a report, tables and `result.json`.

    Parameters
    ----------
    about
        The session.
    qualities
        Of each person's channels.
    couplings
        Primary and secondary.
    blocks
        Linkage in each block.
    contrasts
        Between blocks.
    groups
        For three or more people.
    verdicts
        One for each pair.
    provenance
        To do it again.
    traces
        By person and channel, the signals as they were compared.
    surfaces
        By pair and signal, the map over windows and lags of the pairs that were kept for pictures.
    descriptions
        Secondary measures of the pairs that were kept for pictures.
    bodies
        Each person alone, if that was asked for.
    regulation
        Who steadies whom, where blocks say who was alone and together; None where they do not.
    natural
        What an ordinary hour says of a pair; None of one person or a group, and of less than half an hour.
    group_verdict
        Of everybody, where three or more people can be compared.
    map_threshold
        By pair and signal, the |r| that 5 % of the surrogates exceed anywhere in their map.
    measures
        Tests by secondary measures, where they were asked for; a family of their own.
    multiverse
        The pairs compared in other ways, where that was asked for; a description.
    """

    about: About
    qualities: tuple[Quality, ...]
    couplings: tuple[Coupling, ...]
    blocks: tuple[BlockLinkage, ...]
    contrasts: tuple[BlockContrast, ...]
    groups: tuple[GroupFinding, ...]
    verdicts: tuple[Verdict, ...]
    provenance: Provenance
    traces: Mapping[tuple[str, str], Signal] = field(default_factory=dict)
    surfaces: Mapping[tuple[str, str, str], Surface] = field(default_factory=dict)
    map_threshold: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    descriptions: tuple[SecondaryMeasure, ...] = ()
    bodies: tuple[PersonFinding, ...] = ()
    regulation: RegulationResult | None = None
    group_verdict: Verdict | None = None
    natural: NaturalFinding | None = None
    measures: tuple[SeriesResult, ...] = ()
    multiverse: tuple[PairMultiverse, ...] = ()

    def adjusted_ps(self) -> dict[int, float]:
        """Return p of each primary coupling and each group, adjusted over its family (`adjust_family`), by `id` of the owner.

        A family is what answers one question: the signals and pairs of a gate, and the groups of a gate.
        """
        out: dict[int, float] = {}
        for gate in ("G1", "G2"):
            couplings = [c for c in self.couplings if c.primary and c.gate == gate and c.p is not None]
            groups = [g for g in self.groups if g.gate == gate and g.p is not None]
            for family in (couplings, groups):
                adjusted = adjust_family([owner.statistic for owner in family], [owner.nulls for owner in family])
                out |= zip(map(id, family), adjusted, strict=True)
        return out

    def adjusted(self, owner: Coupling | GroupFinding) -> float | None:
        """Return a primary answer's p adjusted over its family; None where refused.

        Parameters
        ----------
        owner
            A primary coupling, or a group's finding.

        Returns
        -------
        float or None
            Its p, 0 to 1, adjusted over all primary answers to the same gate (`adjust_family`).
        """
        return self.adjusted_ps().get(id(owner))

    def adjusted_measures(self) -> list[float | None]:
        """Return p of each secondary measure, adjusted over all of them (`adjust_measures`).

        Returns
        -------
        list
            One for each of `measures`; None where it is refused.
        """
        if not self.measures:
            return []
        from coregulation.coupling.series_comparison import adjust_measures

        return adjust_measures(self.measures)

    def of(self, pair: tuple[str, ...], gate: str = "G1") -> tuple[Coupling, ...]:
        """Return a pair's primary couplings at one gate.

        Parameters
        ----------
        pair
            Ids of the two people, in the order of the session.
        gate
            "G1" (own dynamics) or "G2" (scripted input).

        Returns
        -------
        tuple of Coupling
            One per signal; () where the pair was not compared.
        """
        return tuple(c for c in self.couplings if c.pair == pair and c.gate == gate and c.primary)

    def verdict(self, first: str, second: str) -> Verdict:
        """Return the verdict of a pair, in either order.

        Parameters
        ----------
        first, second
            Ids of the two people.

        Returns
        -------
        Verdict
            With its gates G0 to G5.

        Raises
        ------
        UsageError
            If there is no such pair.
        """
        for verdict in self.verdicts:
            if set(verdict.people) == {first, second}:
                return verdict
        people = [person.id for person in self.about.people]
        near = nearest_names(next((who for who in (first, second) if who not in people), first), people)
        raise UsageError(
            "There is no pair {first!r} and {second!r}. Did you mean {near:or}?", first=first, second=second, near=near
        )

    @property
    def answer(self) -> Verdict | None:
        """The verdict that a report begins with: of the group where there is one, else of the pair with the smallest p."""
        if self.group_verdict is not None:
            return self.group_verdict
        return strongest_first(self, 1)[0] if self.verdicts else None

    def __str__(self) -> str:
        lines = [f"{self.about.id}{' (simulated)' if self.about.simulated else ''}"]
        lines += [f"  {name}: {kind}; {states}" for name, kind, states in self._rows()]
        more = len(self.verdicts) - _MAX_ROWS
        lines += [f"  +{more}"] * (more > 0)
        lines += [f"  {body}" for body in self.bodies[:_MAX_ROWS]]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: each pair's answer in a row, the pair with the smallest p first."""
        title = f"{self.about.id}{' (simulated)' if self.about.simulated else ''}"
        body = "".join(f"<tr>{''.join(f'<td>{html.escape(c)}</td>' for c in row)}</tr>" for row in self._rows())
        more = len(self.verdicts) - _MAX_ROWS
        left = f"<tr><td colspan='3'>+{more}</td></tr>" if more > 0 else ""
        alone = "".join(
            f"<tr><td colspan='3'>{html.escape(str(person))}</td></tr>" for person in self.bodies[:_MAX_ROWS]
        )
        return f"<table><caption>{html.escape(title)}</caption>{body}{left}{alone}</table>"

    def _rows(self) -> list[tuple[str, str, str]]:
        """Return who, which kind and each gate's state, of the group and of the pairs that stand out most."""
        group = [self.group_verdict] if self.group_verdict is not None else []
        return [
            (
                " and ".join(verdict.people) if len(verdict.people) <= _MAX_NAMED else str(len(verdict.people)),
                verdict.kind.value,
                ", ".join(f"{gate.name} {gate.state}" for gate in verdict.gates),
            )
            for verdict in (*group, *strongest_first(self, _MAX_ROWS))
        ]

    def _rank(self, verdict: Verdict) -> float:
        return min((c.p for c in self.of(verdict.people) if c.p is not None), default=2.0)


def strongest_first(finding: Finding, most: int | None = None) -> Sequence[Verdict]:
    """Sort the verdicts by the smallest p of each pair.

    Parameters
    ----------
    finding
        With one verdict per pair.
    most
        How many are returned; None: all.

    Returns
    -------
    list of Verdict
        The pair with the smallest p first. Pairs without a p come last, in the order of the session.
    """
    order = np.argsort([finding._rank(verdict) for verdict in finding.verdicts], kind="stable")
    return [finding.verdicts[i] for i in order[:most]]

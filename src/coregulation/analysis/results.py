"""What an analysis found: quality, couplings, contrasts, groups, verdicts, and where each number came from."""

from __future__ import annotations

import datetime
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coregulation.analysis.person import PersonFinding
from coregulation.coupling.inference import Coupling, false_discovery, p_value
from coregulation.coupling.surface import Surface
from coregulation.errors import UsageError
from coregulation.reasons import Reason
from coregulation.regulation.result import RegulationResult
from coregulation.regulation.verdict import Verdict
from coregulation.session import Block, Exclusion, Mark, Person
from coregulation.signals import Floats, Signal, Window

SCHEMA = "coregulation.result/2"


@dataclass(frozen=True, slots=True)
class Quality:
    """How good one channel of one person is.

    Args:
        person: who.
        channel: what is analysed; heart_rate may come from beats.
        rate: Hz of what was recorded; NaN for beats.
        seconds: length of what was recorded.
        coverage: share of it that is there, 0 to 1.
        gaps: how many spans are missing.
        longest_gap: s.
        remarks: what was left out or noticed.
        refused: why it cannot be used; None where it can.
    """

    person: str
    channel: str
    rate: float
    seconds: float
    coverage: float
    gaps: int
    longest_gap: float
    remarks: tuple[Reason, ...] = ()
    refused: Reason | None = None


@dataclass(frozen=True, slots=True)
class BlockLinkage:
    """Linkage of one pair in one block, at the lag found over the whole session; secondary."""

    pair: tuple[str, str]
    signal: str
    block: str
    window: Window
    value: float
    interval: tuple[float, float]
    windows: int


@dataclass(frozen=True, slots=True)
class Contrast:
    """How much stronger the linkage is in one block than in another, in units of Fisher's z; secondary."""

    pair: tuple[str, str]
    signal: str
    blocks: tuple[str, str]
    difference: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class SecondaryMeasure:
    """One number of a secondary measure of a pair, without a p; NaN where it cannot be had. A positive lag: the first leads."""

    pair: tuple[str, str]
    signal: str
    measure: str
    settings: Mapping[str, float]
    quantity: str
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class GroupFinding:
    """Linkage of three or more people at once.

    Args:
        signal: the channel.
        people: in the order of `matrix`.
        gate: "G1" (everybody's timing turned against everybody else's) or "G2" (people exchanged between sessions).
        statistic: mean over pairs of the pair's largest |mean z|.
        nulls: shape (k,), the same of each surrogate.
        null: by name.
        matrix: shape (people, people), each pair's statistic; NaN on the diagonal and where refused.
        without: the statistic with one person left out, and its p by the same surrogates.
        refused: why there is no p.
    """

    signal: str
    people: tuple[str, ...]
    gate: str
    statistic: float
    nulls: Floats
    null: str
    matrix: Floats
    without: Mapping[str, tuple[float, float | None]] = field(default_factory=dict)
    refused: str | None = None

    @property
    def p(self) -> float | None:
        """Share of surrogates at least as strong, by the +1 rule; None where refused."""
        if self.refused is not None or len(self.nulls) == 0:
            return None
        return p_value(self.statistic, self.nulls)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Enough to do it again: the version, the seed, every setting, what was shared and what it ran on."""

    version: str
    seed: int
    settings: Mapping[str, Any]
    libraries: Mapping[str, str]
    pseudo_sessions: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """What was said about the session, free of names from inside files and of paths."""

    id: str
    people: tuple[Person, ...]
    task: str | None
    date: datetime.date | None
    setting: str | None
    shared: tuple[str, ...] | None
    simulated: bool
    blocks: tuple[Block, ...]
    marks: tuple[Mark, ...]
    exclusions: tuple[Exclusion, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """The answer to a session, in pieces; prints in words, saves as a report, tables and `result.json`.

    Args:
        about: the session.
        qualities: of each person's channels.
        couplings: primary and secondary.
        blocks: linkage in each block.
        contrasts: between blocks.
        groups: for three or more people.
        verdicts: one for each pair.
        provenance: to do it again.
        traces: by person and channel, the signals as they were compared.
        surfaces: by pair and signal, the map over windows and lags of the pairs that were kept for pictures.
        descriptions: secondary measures of the pairs that were kept for pictures.
        bodies: each person alone, if that was asked for.
        account: who steadies whom, where blocks say who was alone and together; None where they do not.
        map_threshold: by pair and signal, the |r| that 5 % of the surrogates exceed anywhere in their map.
    """

    about: About
    qualities: tuple[Quality, ...]
    couplings: tuple[Coupling, ...]
    blocks: tuple[BlockLinkage, ...]
    contrasts: tuple[Contrast, ...]
    groups: tuple[GroupFinding, ...]
    verdicts: tuple[Verdict, ...]
    provenance: Provenance
    traces: Mapping[tuple[str, str], Signal] = field(default_factory=dict)
    surfaces: Mapping[tuple[str, str, str], Surface] = field(default_factory=dict)
    map_threshold: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    descriptions: tuple[SecondaryMeasure, ...] = ()
    bodies: tuple[PersonFinding, ...] = ()
    regulation: RegulationResult | None = None

    def adjusted_ps(self) -> dict[int, float]:
        """Return p adjusted by FDR of each primary coupling and each group, over all of its gate, by `id` of the owner."""
        out: dict[int, float] = {}
        for gate in ("G1", "G2"):
            couplings = [c for c in self.couplings if c.primary and c.gate == gate]
            for family in (couplings, [g for g in self.groups if g.gate == gate]):
                ps = {id(owner): p for owner in family if (p := owner.p) is not None}
                out |= zip(ps, false_discovery(list(ps.values())), strict=True)
        return out

    def adjusted(self, owner: Coupling | GroupFinding) -> float | None:
        """Return a primary answer's p adjusted over all primary answers to the same gate (FDR); None where refused."""
        return self.adjusted_ps().get(id(owner))

    def of(self, pair: tuple[str, str], gate: str = "G1") -> tuple[Coupling, ...]:
        """Return a pair's primary couplings at one gate."""
        return tuple(c for c in self.couplings if c.pair == pair and c.gate == gate and c.primary)

    def verdict(self, first: str, second: str) -> Verdict:
        """Return the verdict of a pair, in either order.

        Raises:
            UsageError: if there is no such pair.
        """
        for verdict in self.verdicts:
            if set(verdict.pair) == {first, second}:
                return verdict
        people = ", ".join(person.id for person in self.about.people)
        raise UsageError(f"There is no pair {first!r} and {second!r}; the people are {people}.")

    def __str__(self) -> str:
        lines = [f"{self.about.id}{' (simulated)' if self.about.simulated else ''}"]
        for group in self.groups:
            p = "refused: " + group.refused if group.refused else f"p = {group.p:.3f}"
            lines.append(f"  group, {group.signal}, {group.gate}: mean of largest |z| {group.statistic:.3f}, {p}")
        shown = sorted(self.verdicts, key=self._rank)[:6]
        lines += [f"  {verdict.sentence}" for verdict in shown]
        if len(self.verdicts) > len(shown):
            lines.append(f"  … and {len(self.verdicts) - len(shown)} more pairs")
        lines += [f"  {one}" for one in self.bodies[:6]]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: each pair's answer in a row, the pair with the smallest p first."""
        title = f"{self.about.id}{' (simulated)' if self.about.simulated else ''}"
        rows = [(" and ".join(v.pair), v.kind.value, v.plain) for v in strongest_first(self, 6)]
        groups = [
            ("group", f"{g.signal}, {g.gate}", f"refused: {g.refused}" if g.refused else f"p = {g.p:.3f}")
            for g in self.groups
        ]
        body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in groups + rows)
        more = len(self.verdicts) - len(rows)
        left = f"<tr><td colspan='3'>… and {more} more pairs</td></tr>" if more else ""
        alone = "".join(f"<tr><td colspan='3'>{html.escape(str(one))}</td></tr>" for one in self.bodies[:6])
        return f"<table><caption>{html.escape(title)}</caption>{body}{left}{alone}</table>"

    def _rank(self, verdict: Verdict) -> float:
        return min((c.p for c in self.of(verdict.pair) if c.p is not None), default=2.0)


def strongest_first(finding: Finding, most: int | None = None) -> Sequence[Verdict]:
    """Return the verdicts, the pair with the smallest p first."""
    order = np.argsort([finding._rank(verdict) for verdict in finding.verdicts], kind="stable")
    return [finding.verdicts[i] for i in order[:most]]

"""What an analysis found: quality, couplings, contrasts, groups, verdicts, and where each number came from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from coregulation.coupling.inference import p_value
from coregulation.events import Block, Exclusion, Mark, Turn
from coregulation.reasons import Reason
from coregulation.session import Person
from coregulation.signals import Floats, Window

SCHEMA = "coregulation.result/2"


@dataclass(frozen=True, slots=True)
class Quality:
    """How good one channel of one person is.

    Parameters
    ----------
    person
        Who.
    channel
        What is analysed; heart_rate may come from beats.
    rate
        Hz of what was recorded; NaN for beats.
    seconds
        Length of what was recorded.
    coverage
        Share of it that is there, 0 to 1.
    gaps
        How many spans are missing.
    longest_gap
        S.
    remarks
        What was left out or noticed.
    refused
        Why it cannot be used; None where it can.
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
    """Linkage of one pair in one block, at the lag found over the whole session; secondary.

    Parameters
    ----------
    pair
        Ids of the two people.
    signal
        Channel that was compared.
    block
        Name of the block.
    window
        Session time of the block.
    value
        Mean linkage over the windows inside the block, in the measure's own unit such as r.
    interval
        Lower and upper end of its bootstrap interval, in the same unit.
    windows
        How many valid windows lie inside the block.
    """

    pair: tuple[str, str]
    signal: str
    block: str
    window: Window
    value: float
    interval: tuple[float, float]
    windows: int


@dataclass(frozen=True, slots=True)
class BlockContrast:
    """How much stronger the linkage is in one block than in another; secondary.

    Parameters
    ----------
    pair
        Ids of the two people.
    signal
        Channel that was compared.
    blocks
        Names of the two blocks.
    difference
        Second block less first, in units of Fisher's z.
    interval
        Lower and upper end of its bootstrap interval, in the same unit.
    """

    pair: tuple[str, str]
    signal: str
    blocks: tuple[str, str]
    difference: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class SecondaryMeasure:
    """One number of a secondary measure of a pair, without a p.

    Parameters
    ----------
    pair
        Ids of the two people.
    signal
        Channel that was compared.
    measure
        Name of the measure's class.
    settings
        The measure's parameters by name.
    quantity
        Which of the measure's numbers it is.
    value
        The number; NaN where it cannot be computed from these signals. A positive lag means that the first person
        leads.
    """

    pair: tuple[str, str]
    signal: str
    measure: str
    settings: Mapping[str, float]
    quantity: str
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class GroupFinding:
    """Linkage of three or more people at once.

    Parameters
    ----------
    signal
        The channel.
    people
        In the order of `matrix`.
    gate
        "G1" (everybody's timing turned against everybody else's) or "G2" (people exchanged between sessions).
    statistic
        The largest, over lags, of the studentised |mean z over all pairs and windows|.
    nulls
        Shape (k,), the same of each surrogate.
    null
        By name.
    matrix
        Shape (people, people), each pair's statistic; NaN on the diagonal and where refused.
    without
        The statistic with one person left out, and its p by the same surrogates.
    refused
        Why there is no p.

    References
    ----------
    Phipson B, Smyth GK (2010), Statistical Applications in Genetics and Molecular Biology 9:39, doi:10.2202/1544-6115.1585
    """

    signal: str
    people: tuple[str, ...]
    gate: str
    statistic: float
    nulls: Floats
    null: str
    matrix: Floats
    without: Mapping[str, tuple[float, float | None]] = field(default_factory=dict)
    refused: Reason | None = None

    @property
    def p(self) -> float | None:
        """Share of surrogates at least as strong, by the +1 rule; None where refused."""
        if self.refused is not None or len(self.nulls) == 0:
            return None
        return p_value(self.statistic, self.nulls)


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is needed to repeat an analysis.

    Parameters
    ----------
    version
        Of this package.
    seed
        From which all random numbers come.
    settings
        Every setting that decides a number, as plain values for JSON.
    libraries
        Versions of numpy, scipy and numba.
    pseudo_sessions
        How many other sessions pseudo-dyads were made from; 0 for none.
    """

    version: str
    seed: int
    settings: Mapping[str, Any]
    libraries: Mapping[str, str]
    pseudo_sessions: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """What was said about the session, without paths and without names from inside files.

    Parameters
    ----------
    id
        Name of the session.
    people
        In the order of the session.
    task
        What they did; None where nobody said.
    date
        Day of the recording; None where nobody said.
    setting
        Where it took place; None where nobody said.
    shared
        What everybody got at once; () is "nothing", None is "nobody said".
    simulated
        Whether a simulator made the signals.
    blocks
        Labelled spans.
    marks
        Labelled instants.
    exclusions
        Spans that no analysis used, and guided blocks that were left out of the comparison.
    guides
        Pacers or other guides that people followed together in what was compared.
    turns
        Who spoke when; None where it is not known.
    """

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
    guides: tuple[str, ...] = ()
    turns: tuple[Turn, ...] | None = None


def titled_settings(items: Sequence[Any]) -> list[dict[str, Any]]:
    """List registered things by title, each with its settings.

    Parameters
    ----------
    items
        Nulls or measures.

    Returns
    -------
    list of dict
        Plain values.
    """
    return [{"name": item.title, **asdict(item)} for item in items]

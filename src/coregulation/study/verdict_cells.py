"""One simulated session and what was answered of it: a cell of the table of verdicts."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coregulation.analysis.regulation import RegulationAnalysis
from coregulation.regulation.interval import Interval
from coregulation.regulation.pair_regulation import PairRegulation
from coregulation.regulation.result import RegulationSettings
from coregulation.simulate.laws import fresh, unseen, zoo
from coregulation.simulate.laws.fresh_law import FreshLaw
from coregulation.simulate.laws.unseen_law import UnseenLaw
from coregulation.simulate.laws.zoo_law import ZooLaw

VerdictLaw = ZooLaw | FreshLaw | UnseenLaw
LAWS: tuple[VerdictLaw, ...] = (*zoo.LAWS, *fresh.LAWS, *unseen.LAWS)
QUANTITIES = ("k", "d", "p", "own", "net")
_CODE = (
    "regulation", "analysis/regulation.py", "simulate/zoo_body.py", "simulate/zoo_dynamics.py", "simulate/fresh_body.py",
    "simulate/fresh_pair.py", *(f"simulate/unseen_{part}.py" for part in ("body", "noise", "pair")),
    *(f"simulate/laws/{name}.py" for name in ("zoo", "zoo_law", "fresh", "fresh_law", "unseen", "unseen_law")),
)  # fmt: skip
_BRIEF = RegulationAnalysis(RegulationSettings(draws=1))  # the ledger is not asked here


@dataclass(frozen=True, slots=True)
class VerdictTask:
    """One session to simulate and answer.

    Parameters
    ----------
    law
        By name.
    worn
        Whether from beats and breath, else from arousal.
    seed
        Of the session.
    """

    law: str
    worn: bool
    seed: int


@dataclass(frozen=True, slots=True)
class VerdictCell:
    """What was answered of one session.

    Parameters
    ----------
    law, worn, seed
        See `VerdictTask`.
    code
        Hash of the code that answered.
    kind
        Kind of verdict.
    refused
        Code of the refusal; None where there was an answer of each direction.
    answers
        Of each direction: answer, reason code, own burden (value, low, high), half-life ratio (value, low, high) or None.
    own_burden
        True own burden of the first person; 1 = as alone.
    seconds
        Processor time of the answer.
    numbers
        Of the pair: burden, the other's rise and the extra area, each (value, low, high) or None.
    intervals
        Of the first person, `QUANTITIES` in order: (value, low, high).
    truths
        The same, true; None where the law has no such number.
    """

    law: str
    worn: bool
    seed: int
    code: str
    kind: str
    refused: str | None
    answers: tuple[tuple[str, str | None, tuple[float, ...], tuple[float, ...] | None], ...]
    own_burden: float
    seconds: float
    numbers: tuple[tuple[float, ...] | None, ...] = ()
    intervals: tuple[tuple[float, ...], ...] = ()
    truths: tuple[float | None, ...] = ()


def code_hash() -> str:
    """Compute the hash of the code that an answer depends on.

    Returns
    -------
    str
        Twelve hexadecimal digits.
    """
    root = Path(__file__).parents[1]
    files = [file for part in _CODE for file in (sorted((root / part).glob("*.py")) or [root / part])]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def answer_task(task: VerdictTask, code: str = "", times: int = 3) -> VerdictCell:
    """Simulate one session and answer it.

    Parameters
    ----------
    task
        Which.
    code
        Hash of the code.
    times
        Hard moments per person and condition.

    Returns
    -------
    VerdictCell
        The answer, with what is true.
    """
    law = law_named(task.law)
    session, _ = law.session(task.seed, times, task.worn)
    begin = time.process_time()
    result = _BRIEF(session, np.random.default_rng(task.seed))
    seconds = time.process_time() - begin
    assert result is not None
    pair = result.pairs[0]
    refused = None if pair.directions else str(pair.gates[0].reason.code)
    return VerdictCell(
        task.law, task.worn, task.seed, code, pair.kind.value, refused, _answers(pair), law.burden(task.seed)[0], seconds,
        tuple(None if interval is None else _triple(interval) for interval in (pair.pair_burden, pair.cross_rise, pair.extra_area)),
        _intervals(pair), _truths(law, task),
    )  # fmt: skip


def _triple(interval: Interval) -> tuple[float, float, float]:
    return interval.value, interval.low, interval.high


def _intervals(pair: PairRegulation) -> tuple[tuple[float, ...], ...]:
    """Return k, d, p, own burden and net effect of the first person."""
    if not pair.directions or pair.directions[0].rates is None:
        return ()
    first = pair.directions[0]
    return tuple(_triple(interval) for interval in (*pair.directions[0].rates, first.own_burden, first.net_effect))


def _truths(law: VerdictLaw, task: VerdictTask) -> tuple[float | None, ...]:
    """Return what is true of the first person; rates only where arousal itself is the index and the law has such."""
    rates = law.linear_rates(task.seed) if isinstance(law, FreshLaw) and not task.worn else None
    return *(rates or (None,) * 3), *law.burden(task.seed)


def _answers(pair: PairRegulation) -> tuple[tuple[str, str | None, tuple[float, ...], tuple[float, ...] | None], ...]:
    rows = []
    for direction in pair.directions:
        own, free = direction.own_burden, direction.model_free
        rows.append(
            (
                direction.answer.value,
                None if direction.reason is None else str(direction.reason.code),
                (own.value, own.low, own.high),
                None if free is None else (free.ratio.value, free.ratio.low, free.ratio.high),
            )
        )
    return tuple(rows)


def law_named(name: str) -> VerdictLaw:
    """Return a law by name.

    Parameters
    ----------
    name
        Of a law of the zoo, a fresh or an unseen one.

    Returns
    -------
    ZooLaw, FreshLaw or UnseenLaw
        The law.
    """
    return next(law for law in LAWS if law.name == name)

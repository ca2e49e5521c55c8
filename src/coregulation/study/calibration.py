"""How often each printed p-value rejects where it must not, how often where it should, and how often it is refused.

Every registered law of series is drawn many times and analysed with the settings that users get. A cell is one p-value under one law.
Where its own null is true, the rejection rate is its size; where it is false, its power. A null can be rejected although nobody
moves anybody (a shared input is beyond own dynamics); such a cell has the role "by design".
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

import numpy as np

from coregulation.analysis.decisions import tests_of
from coregulation.analysis.finding import Finding
from coregulation.analysis.linkage_gates import SessionContext
from coregulation.analysis.pipeline import Analysis
from coregulation.analysis.verdict import Verdict, linkage_verdict
from coregulation.channels import CHANNELS, HEART_RATE
from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.nulls.surrogates import AbstractSurrogate
from coregulation.coupling.registry import MEASURES, SURROGATES
from coregulation.coupling.settings import LINKAGE
from coregulation.errors import UsageError, nearest_names
from coregulation.regulation.gate import GateState, VerdictKind
from coregulation.session import Person, Recording, Session
from coregulation.signals import Floats, Signal
from coregulation.simulate.laws.registry import LAWS
from coregulation.simulate.laws.series import SeriesGenerator
from coregulation.study.kept_batches import Answer, KeptBatches
from coregulation.study.processes import spread

PROGRESS = "calibration"  # what the progress is about
TOLERATED = 0.06  # largest size of a p-value at .05
ALPHAS = (LINKAGE.alpha, 0.01, 0.001)  # at which rejections are counted
_BATCH = 21  # pairs of one script; each is compared with the other twenty
_RATE = 2.0  # Hz


@dataclass(frozen=True, slots=True)
class CalibrationCase:
    """A law to draw pairs from.

    Parameters
    ----------
    name
        In the table.
    linkage
        The law.
    shared
        What people say was shared; None where nobody said.
    seconds
        Length of a recording.
    stream
        Number of its random numbers; None: its place among the laws that are run.
    """

    name: str
    linkage: SeriesGenerator
    shared: tuple[str, ...] | None = ()
    seconds: float = 600.0
    stream: int | None = None


@dataclass(frozen=True, slots=True)
class CalibrationCell:
    """One p-value, or one claim, under one law.

    Parameters
    ----------
    law
        By name.
    answer
        Which p-value ("G1 circular shift", "G2 pseudo-dyads", …) or "verdict: linked".
    role
        "size" where its null is true, "power" where it is false by coupling, "by design" where it is false without.
    rejected, answered, refused
        Counts of pairs; rejected at .05.
    rejected_below
        Counts of pairs rejected at each smaller alpha of `ALPHAS`.
    """

    law: str
    answer: str
    role: str
    rejected: int
    answered: int
    refused: int
    rejected_below: tuple[int, ...] = ()

    @property
    def rate(self) -> float:
        """Share of the answered that reject."""
        return self.rejected / self.answered if self.answered else math.nan

    def bounds(self, cells: int, level: float = 0.99) -> tuple[float, float]:
        """Compute the bounds of the rate (Clopper–Pearson) that hold for all cells at once (Bonferroni).

        Parameters
        ----------
        cells
            Number of cells.
        level
            Joint confidence of all bounds.

        Returns
        -------
        tuple of float
            Lower and upper bound; 0 and 1 where nothing was answered.

        References
        ----------
        Clopper CJ, Pearson ES (1934), Biometrika 26:404, doi:10.1093/biomet/26.4.404
        """
        from scipy.stats import binomtest

        if not self.answered:
            return 0.0, 1.0
        joint = 1 - (1 - level) / max(1, cells)
        low, high = binomtest(self.rejected, self.answered).proportion_ci(joint)
        return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The table, and how it came about.

    Parameters
    ----------
    cells
        One for each answer under each law.
    pairs
        Simulated pairs of each law.
    seed
        Of the draws and the surrogates.
    """

    cells: tuple[CalibrationCell, ...]
    pairs: int
    seed: int

    @property
    def sizes(self) -> tuple[CalibrationCell, ...]:
        """The cells whose null is true."""
        return tuple(cell for cell in self.cells if cell.role == "size")

    @property
    def too_large(self) -> tuple[CalibrationCell, ...]:
        """The cells that surely reject more often than is tolerated."""
        return tuple(cell for cell in self.sizes if cell.bounds(len(self.sizes))[0] > TOLERATED)

    def markdown(self) -> str:
        """Format the table for the documentation (Markdown).

        Returns
        -------
        str
            One row for each cell.
        """
        lines = [
            "| law | answer | role | rate at .05 | simultaneous 99 % | at .01 | at .001 | answered | refused |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        for cell in self.cells:
            low, high = cell.bounds(len(self.sizes) if cell.role == "size" else 1)
            rate = f"{cell.rate:.3f} | {low:.3f}–{high:.3f}" if cell.answered else "— | —"
            below = " | ".join(f"{count / cell.answered:.4f}" for count in cell.rejected_below if cell.answered)
            counts = f"{below or '— | —'} | {cell.answered} | {cell.refused}"
            lines.append(f"| {cell.law} | {cell.answer} | {cell.role} | {rate} | {counts} |")
        return "\n".join(lines)


def calibration_cases(names: Sequence[str] = ()) -> list[CalibrationCase]:
    """List what is drawn: registered laws of series.

    Parameters
    ----------
    names
        Of laws; empty: all of them.

    Returns
    -------
    list of CalibrationCase
        Own dynamics, short recordings, shared inputs with what people say of them, three strengths of coupling, and what
        else is registered. Each has the same draws whichever others are run.

    Raises
    ------
    UsageError
        If there is no such law of series.
    """
    series = {law.name: law for law in LAWS.series()}
    for name in names:
        if name not in series:
            near = nearest_names(name, series)
            raise UsageError("There is no law of series {name!r}. Did you mean {near:or}?", name=name, near=near)
    return [
        CalibrationCase(law.title, law.generator, law.shared, law.seconds, stream)
        for stream, law in enumerate(series.values())
        if not names or law.name in names
    ]


@dataclass(slots=True)
class _Tally:
    """Counts of one answer under one law."""

    role: str
    rejected: int = 0
    answered: int = 0
    refused: int = 0
    below: list[int] = field(default_factory=lambda: [0] * len(ALPHAS[1:]))

    def add(self, p: float | None) -> None:
        if p is None:
            self.refused += 1
        else:
            self.answered += 1
            self.rejected += p <= LINKAGE.alpha
            self.below = [count + (p <= alpha) for count, alpha in zip(self.below, ALPHAS[1:], strict=True)]


def registered_nulls() -> tuple[tuple[AbstractSurrogate, float], ...]:
    """List the nulls that are printed as secondary.

    Returns
    -------
    tuple
        Every registered null, with the share of pairs on which it is tried.
    """
    return tuple((null(), null.calibration_share) for null in SURROGATES.values())


def registered_measures() -> tuple[type[AbstractMeasure], ...]:
    """List the measures that somebody can choose in place of the primary one.

    Returns
    -------
    tuple
        Every registered measure that no signal's plan has.
    """
    planned = {type(plan.measure) for plan in Analysis().plans.values()}
    return tuple(measure for measure in MEASURES.values() if measure not in planned)


@dataclass(frozen=True, slots=True)
class Calibrate:
    """What is run.

    Parameters
    ----------
    pairs
        Of each law.
    seed
        Of the draws and the surrogates.
    surrogates
        Of each primary answer; with 999 the smallest p-value is .001, the smallest alpha that is counted.
    secondary
        The nulls printed as secondary, and the share of the pairs on which each is tried (with 99 surrogates); a null that is
        slow is tried on fewer.
    laws
        What pairs are drawn from.
    measures
        Measures tried beside the primary one, each on its `calibration_share` of the pairs.
    """

    pairs: int = 200
    seed: int = 1
    surrogates: int = 999
    secondary: tuple[tuple[AbstractSurrogate, float], ...] = field(default_factory=registered_nulls)
    laws: tuple[CalibrationCase, ...] = field(default_factory=lambda: tuple(calibration_cases()))
    measures: tuple[type[AbstractMeasure], ...] = field(default_factory=registered_measures)

    def __call__(
        self,
        jobs: int = 1,
        progress: Callable[[str, int, int], None] | None = None,
        kept: KeptBatches | None = None,
    ) -> Calibration:
        """Run every law; batches go to several processes, and the result does not depend on how many.

        Parameters
        ----------
        jobs
            Processes.
        progress
            Is told the law, and how many of all batches are done.
        kept
            Batches of an earlier run with the same code and settings; those are not run again, and new ones are added.

        Returns
        -------
        Calibration
            One cell for each answer under each law.
        """
        batches = [(self, law, k) for law in self.laws for k in range(math.ceil(self.pairs / _BATCH))]
        tallies: dict[tuple[str, str], _Tally] = {}
        answers_of = {index: known for index in range(len(batches)) if (known := _kept_answers(batches[index], kept))}
        missing = [index for index in range(len(batches)) if index not in answers_of]
        with closing(spread(_one, [batches[index] for index in missing], jobs)) as running:
            for at, (_, answers) in running:
                answers_of[missing[at]] = answers
                if kept is not None:
                    kept.add(_key(batches[missing[at]], kept), answers)
                if progress is not None:
                    progress(PROGRESS, len(answers_of), len(batches))
        results = {index: (batches[index][1].name, answers) for index, answers in answers_of.items()}
        for _, (law, answers) in sorted(results.items()):
            for answer, role, p in answers:
                tallies.setdefault((law, answer), _Tally(role)).add(p)
        cells = tuple(
            CalibrationCell(law, answer, t.role, t.rejected, t.answered, t.refused, tuple(t.below))
            for (law, answer), t in tallies.items()
        )
        return Calibration(cells, self.pairs, self.seed)

    def batch(self, law: CalibrationCase, number: int) -> list[Answer]:
        """Analyse one batch: pairs of one script, each compared with the others.

        Parameters
        ----------
        law
            What pairs are drawn from.
        number
            Of the batch.

        Returns
        -------
        list
            For each answer its name, its role and its p-value (None where it is refused).
        """
        stream = self.laws.index(law) if law.stream is None else law.stream
        rng = np.random.default_rng([self.seed, stream, number])
        series = law.linkage.draw(rng, _BATCH, law.seconds, _RATE)
        sessions = [_session(law, values, k) for k, values in enumerate(series)]
        answers: list[Answer] = []
        for k in range(min(_BATCH, self.pairs - number * _BATCH)):
            nulls = tuple(null for null, share in self.secondary if rng.random() < share)
            analysis = Analysis(
                sensitivity=nulls, surrogates=self.surrogates, secondary=99, bootstrap=BlockBootstrap(draws=19), jobs=1, pictures=0, bodies=False,
                seed=int(rng.integers(2**31)),
            )  # fmt: skip
            others = sessions[:k] + sessions[k + 1 :]
            answers += _answers(analysis(sessions[k], others), law)
            for measure in self._measures_of(analysis.seed):
                finding = replace(analysis, measure=measure, sensitivity=())(sessions[k], others)
                answers += _couplings(finding, law, f", {measure.title}")
        return answers

    def _measures_of(self, seed: int) -> list[type[AbstractMeasure]]:
        """Choose the measures tried on one pair, so that no other answer depends on which there are."""
        draws = {m: np.random.default_rng([seed, zlib.crc32(m.title.encode())]).random() for m in self.measures}
        return [measure for measure, draw in draws.items() if draw < measure.calibration_share]


Batch = tuple[Calibrate, CalibrationCase, int]  # what is run, its law, and its number


def _key(batch: Batch, kept: KeptBatches) -> str:
    calibrate, law, number = batch
    return kept.key(replace(calibrate, laws=()), law, number)


def _kept_answers(batch: Batch, kept: KeptBatches | None) -> list[Answer] | None:
    """Return the answers of a batch that an earlier run made; None where it is to be run."""
    if kept is None or (key := _key(batch, kept)) not in kept:
        return None
    return kept[key]


def _one(batch: Batch) -> tuple[str, list[Answer]]:
    calibrate, law, number = batch
    return law.name, calibrate.batch(law, number)


def _session(law: CalibrationCase, values: Floats, number: int) -> Session:
    unit = CHANNELS[HEART_RATE].unit
    people = (Person(f"a{number}", "first"), Person(f"b{number}", "second"))
    recordings = tuple(
        Recording(person, {HEART_RATE: Signal(70 + 3.5 * series, _RATE, 0.0, unit)})
        for person, series in zip(people, values, strict=True)
    )
    return Session(f"pair {number}", recordings, shared=law.shared, simulated=True)


def _couplings(finding: Finding, law: CalibrationCase, measure: str = "") -> Iterator[Answer]:
    for coupling in finding.couplings:
        secondary = "" if coupling.primary else ", secondary"
        yield f"{coupling.gate} {coupling.null}{measure}{secondary}", _role(law, coupling.gate), coupling.p


def _answers(finding: Finding, law: CalibrationCase) -> Iterator[Answer]:
    yield from _couplings(finding, law)
    role = "power" if law.linkage.link.coupled else "size"
    yield "verdict: linked", role, _claims(finding.verdicts[0])
    yield "verdict: linked, without pseudo-dyads", role, _claims(_without_pseudo(finding, law))


def _without_pseudo(finding: Finding, law: CalibrationCase) -> Verdict:
    verdict = finding.verdicts[0]
    own = tests_of(finding.of(verdict.people), finding.adjusted_ps())
    return linkage_verdict(verdict.people, SessionContext(law.shared), verdict.gate("G0"), own, ())


def _claims(verdict: Verdict) -> float | None:
    """Return 0 (as a p) where the pair is called linked, 1 where it is not, None where there is no answer."""
    answered = any(verdict.gate(name).state is GateState.FAILED for name in ("G1", "G2"))
    if verdict.kind is VerdictKind.CANNOT_TELL and not answered:
        return None
    return 0.0 if verdict.kind is VerdictKind.LINKED else 1.0


def _role(law: CalibrationCase, gate: str) -> str:
    link = law.linkage.link
    truth: Mapping[str, bool] = {"G1": link.beyond_own, "G2": link.beyond_script}
    if not truth[gate]:
        return "size"
    return "power" if link.coupled else "by design"

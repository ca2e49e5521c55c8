"""From a session to who steadies whom: which index stands for arousal, on which grid, for whom."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from coregulation.analysis.beat_source import BeatSeries
from coregulation.analysis.preprocessing import beats_behind, extract_signal
from coregulation.channels import HEART_RATE
from coregulation.errors import CoregulationError, DataError
from coregulation.reasons import Reason, because
from coregulation.regulation.design import Design, UnidentifiedError, read_design
from coregulation.regulation.pair_regulation import refuse_pair
from coregulation.regulation.panel import Panel, panel_from_signals
from coregulation.regulation.reason_codes import Refusal, RegulationRemark, Settle
from coregulation.regulation.result import RegulationResult, RegulationSettings
from coregulation.regulation.settling import refusal_gate
from coregulation.regulation.thresholds import THRESHOLDS
from coregulation.session import Recording, Session
from coregulation.signals import Floats, Signal, Window

Breaths = Mapping[str, tuple[Floats, Floats]]

_HEART_RATE = 2.0  # Hz, as it is made of beats
_INDEX = {"arousal": "arousal", HEART_RATE: "heart rate"}  # what may stand for arousal, the best first
_ORDINARY = {"arousal": 0.5, HEART_RATE: 0.25}  # Hz of the model's grid: two seconds, or about a breath


@dataclass(frozen=True, slots=True)
class RegulationAnalysis:
    """How the regulation branch is answered for a session: an algorithm as a value.

    Parameters
    ----------
    settings
        How it is answered from an index.
    fine
        Hz at most of the grid that recoveries are read from.

    References
    ----------
    de Jong P (1991), Annals of Statistics 19:1073, doi:10.1214/aos/1176348139

    Reed RG, Barnard K, Butler EA (2015), Emotion 15:45, doi:10.1037/a0038561
    """

    settings: RegulationSettings = field(default_factory=RegulationSettings)
    fine: float = 1.0

    def __call__(
        self,
        session: Session,
        rng: np.random.Generator,
        hearts: Mapping[str, BeatSeries | None] | None = None,
        breaths: Breaths | None = None,
    ) -> RegulationResult | None:
        """Answer the regulation branch of a session.

        What cannot be answered is refused inside the result, with the reason: linkage may be told all the same.

        Parameters
        ----------
        session
            With blocks.
        rng
            Of the joint draws.
        hearts
            By person, where they were judged already.
        breaths
            By person, times (s) and breathing rate (1/min), where no pacer guided it.

        Returns
        -------
        RegulationResult or None
            None of one person, and where no block says who was in whose company.
        """
        if len(session.recordings) < 2:
            return None
        try:
            design = read_design(session)
            if not design.spans:
                return None
            channel, signals = arousal_signals(session, hearts or {})
            return self._account(design.only(tuple(signals)), session, channel, signals, rng, breaths)
        except CoregulationError as error:
            return _refused(session, error)

    def _account(
        self,
        design: Design,
        session: Session,
        channel: str,
        signals: dict[str, Signal],
        rng: np.random.Generator,
        breaths: Breaths | None,
    ) -> RegulationResult:
        if len(signals) > THRESHOLDS.max_people:
            raise UnidentifiedError(
                "There are {people:n person|people}; up to {most} can be told apart. Analyse fewer at once.",
                because(Refusal.TOO_MANY_PEOPLE, people=len(signals), most=THRESHOLDS.max_people),
                because(Settle.FEWER_PEOPLE),
            )
        fine = _panel(signals, self.fine)
        coarse = _panel(signals, _ORDINARY[channel])
        account = self.settings(fine, coarse, design, _INDEX[channel], channel == HEART_RATE, rng, breaths)
        analysed = {pair.people for pair in account.pairs}
        left = [pair for pair in itertools.combinations([p.id for p in session.people], 2) if pair not in analysed]
        error = UnidentifiedError(
            "One of the two has no signal that stands for arousal. Give each a chest strap.",
            because(Refusal.NO_AROUSAL_SIGNAL_OF_ONE),
            because(Settle.CHEST_STRAP),
        )
        pairs = (*account.pairs, *(refuse_pair(pair, design, error) for pair in left))
        return replace(account, pairs=pairs, notes=(*account.notes, *_unused(session, design, fine)))


def scripted_input(session: Session) -> tuple[Window, ...]:
    """List when one stressor was given to several people at once, so that the timetable alone makes them alike.

    Parameters
    ----------
    session
        With its blocks.

    Returns
    -------
    tuple of Window
        From each such stressor's beginning to the end of its recovery; () with one person, or where the blocks are no
        design.
    """
    if len(session.recordings) < 2:
        return ()
    try:
        probes = read_design(session).probes
    except DataError:
        return ()
    return tuple(Window(probe.start, probe.until) for probe in probes if len(probe.hit) > 1)


def _unused(session: Session, design: Design, panel: Panel) -> Iterator[Reason]:
    """Yield what of the manifest could not be used: kinds of block that say nothing of company, marks away from the record."""
    if design.ignored:
        yield because(RegulationRemark.BLOCKS_UNUSED, kinds=design.ignored)
    first, last = float(panel.times[0]), float(panel.times[-1])
    for mark in session.marks:
        if not first - 1.0 <= mark.time <= last + 1.0:
            yield because(RegulationRemark.MARK_OUTSIDE, label=mark.label, time=mark.time, first=first, last=last)


def _refused(session: Session, error: CoregulationError) -> RegulationResult:
    people = tuple(person.id for person in session.people)
    design = Design(people, ())
    return RegulationResult(
        design,
        "",
        tuple(refuse_pair(pair, design, error) for pair in itertools.combinations(people, 2)),
        notes=(refusal_gate(error).reason,),
    )


def arousal_signals(session: Session, hearts: Mapping[str, BeatSeries | None]) -> tuple[str, dict[str, Signal]]:
    """Choose the best signal that stands for arousal of two people or more.

    Parameters
    ----------
    session
        With exclusions.
    hearts
        By person, where beats were judged already.

    Returns
    -------
    tuple
        The channel, "arousal" or else "heart_rate", and each one's signal by person.

    Raises
    ------
    DataError
        If no such signal was recorded of two people.
    """
    for channel in _INDEX:
        signals = {
            r.person.id: s for r in session.recordings if (s := _signal(r, channel, session, hearts)) is not None
        }
        if len(signals) > 1:
            return channel, signals
    raise UnidentifiedError(
        "No signal that stands for arousal was recorded of two people. Give each a chest strap.",
        because(Refusal.NO_AROUSAL_SIGNAL),
        because(Settle.CHEST_STRAP),
    )


def _signal(
    recording: Recording, channel: str, session: Session, hearts: Mapping[str, BeatSeries | None]
) -> Signal | None:
    made_of = (
        beats_behind(recording, channel, session, hearts.get(recording.person.id)) if channel == HEART_RATE else None
    )
    if channel not in recording.signals and (made_of is None or made_of.refused):
        return None
    signal = extract_signal(recording, channel, _HEART_RATE, session, made_of)
    return signal if signal.coverage else None


def _panel(signals: dict[str, Signal], rate: float) -> Panel:
    return panel_from_signals({who: bin_means(signal, rate) for who, signal in signals.items()}, tuple(signals))


def bin_means(signal: Signal, rate: float) -> Signal:
    """Average a signal over bins of 1/rate s that lie on the session's clock.

    Parameters
    ----------
    signal
        In any unit.
    rate
        Bins per second.

    Returns
    -------
    Signal
        Stamped at the middles of the bins; NaN where less than half of a bin is known; unchanged where it is no faster than `rate`.
    """
    if signal.rate <= rate:
        return signal
    bins = np.floor(signal.times * rate + 1e-9).astype(np.int64)
    bins, first = bins - bins[0], int(bins[0])
    valid = np.isfinite(signal.values)
    counts = np.bincount(bins[valid], minlength=bins[-1] + 1)
    sums = np.bincount(bins[valid], signal.values[valid], minlength=bins[-1] + 1)
    means = np.where(counts >= 0.5 * signal.rate / rate, sums / np.maximum(counts, 1), np.nan)
    return Signal(means, rate, (first + 0.5) / rate, signal.unit)

"""The coin over several visits of a pair: whether the receiver settles sooner because the giver was asked to slow down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coregulation.analysis.person import analyze_person
from coregulation.coin_flips import CoinLog
from coregulation.coupling.settings import LINKAGE
from coregulation.errors import DataError, UsageError
from coregulation.reasons import Reason, ReasonCode, because
from coregulation.regulation.coin.betting import CLAIM, BettingEvidence, bet
from coregulation.regulation.coin.outcomes import CoinOutcomes, outcomes
from coregulation.regulation.coin.randomisation import PLANNED, CoinAnswer, ask_coin
from coregulation.session import Session
from coregulation.signals import Signal


class CoinStatement(ReasonCode):
    """Codes of what the coin says; effects are relative changes of the receiver's level in 10 s."""

    SOONER = "coin.sooner", "giver", "receiver", "flips", "cues", "effect", "low", "high", "p"
    LATER = "coin.later", "giver", "receiver", "flips", "cues", "effect", "low", "high", "p"
    CANNOT_TELL = "coin.cannot-tell", "giver", "receiver", "flips", "cues", "effect", "low", "high", "p"
    EARLY = "coin.early", "flips", "planned"
    BET = "coin.bet", "capital", "needed", "flips"


@dataclass(frozen=True, slots=True)
class CoinFinding:
    """What the coin says of one direction.

    Parameters
    ----------
    giver, receiver
        Pseudonyms.
    visits
        How many.
    answer
        Of the test that flips the coin again.
    evidence
        Of the bet, which may be looked at after every visit.
    """

    giver: str
    receiver: str
    visits: int
    answer: CoinAnswer
    evidence: BettingEvidence

    @property
    def statements(self) -> tuple[Reason, ...]:
        """What can be said, as codes."""
        a = self.answer
        facts: dict[str, Any] = {
            "giver": self.giver, "receiver": self.receiver, "flips": a.flips, "cues": a.cues, "effect": a.effect.value,
            "low": a.effect.low, "high": a.effect.high, "p": a.p,
        }  # fmt: skip
        shown = CoinStatement.SOONER if a.effect.value < 0 else CoinStatement.LATER
        first = because(shown if a.p <= LINKAGE.alpha else CoinStatement.CANNOT_TELL, **facts)
        early = (because(CoinStatement.EARLY, flips=a.flips, planned=PLANNED),) if a.flips < PLANNED else ()
        bought = because(CoinStatement.BET, capital=self.evidence.largest, needed=CLAIM, flips=self.evidence.flips)
        return (first, *early, bought)


def analyze_coin(visits: Sequence[tuple[Session, CoinLog]], *, draws: int = 9999, seed: int = 0) -> CoinFinding:
    """Answer for one direction over all visits.

    Parameters
    ----------
    visits
        Each session with its coin's log, in order of time.
    draws
        How often the coin is flipped again.
    seed
        Of everything random.

    Returns
    -------
    CoinFinding
        Analysed as assigned: skipped cues count as cues.

    Raises
    ------
    UsageError
        If there is no visit, or visits are of different people or directions.
    DataError
        If the receiver's arousal is not known, or there are too few flips.
    """
    if not visits:
        raise UsageError("Name at least one visit with a coin.")
    directions = {(log.giver, log.receiver) for _, log in visits}
    if len(directions) > 1:
        raise UsageError(
            "These visits have coins of different directions ({directions:and}); analyse each direction by itself.",
            directions=[f"{giver} to {receiver}" for giver, receiver in sorted(directions)],
        )
    ((giver, receiver),) = directions
    taken = [_outcomes(session, log, seed) for session, log in visits]
    return CoinFinding(giver, receiver, len(visits), ask_coin(taken, draws=draws, seed=seed), bet(taken))


def _outcomes(session: Session, log: CoinLog, seed: int) -> CoinOutcomes:
    return outcomes(_level(session, log.receiver, seed), log.flips)


def _level(session: Session, person: str, seed: int) -> Signal:
    """Return the receiver's arousal above their own rest."""
    if person not in {recording.person.id for recording in session.recordings}:
        raise UsageError(
            "The coin's log names {person}, who is not in this session; the session has {known:and}.",
            person=person, known=[recording.person.id for recording in session.recordings],
        )  # fmt: skip
    (recording,) = (item for item in session.recordings if item.person.id == person)
    finding = analyze_person(recording, session, seed)
    if finding.body is None or finding.body.arousal is None:
        why = finding.unknown.get("arousal") or finding.unknown.get("body")
        raise DataError(
            "{person}'s arousal is not known, so the coin has nothing to compare. {why}", person=person, why=why
        )
    return finding.body.arousal.value

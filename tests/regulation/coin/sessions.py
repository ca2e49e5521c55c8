"""Outcomes of simulated sessions with a coin."""

from __future__ import annotations

from coregulation.coin_flips import CoinFlip
from coregulation.regulation.coin.outcomes import CoinOutcomes, outcomes
from coregulation.signals import Signal, Unit
from coregulation.simulate.coin_pairs import CoinPairLaw, simulate_coin_sessions

NO_HELP = {
    "none": CoinPairLaw(),
    "fast shared input": CoinPairLaw(shared=0.03, memory=60),
    "slow shared input": CoinPairLaw(shared=0.03, memory=300),
    "shared mood": CoinPairLaw(mood=0.8),
    "giver responds": CoinPairLaw(response=0.02),
}
HELP = CoinPairLaw(damping=0.05, response=0.02)


def coin_outcomes(law: CoinPairLaw, sessions: int, seconds: float, seed: int) -> list[CoinOutcomes]:
    simulated = simulate_coin_sessions(law, sessions, seconds, seed)
    return [
        outcomes(
            Signal(level, 1.0, 0.0, Unit.ARBITRARY),
            [CoinFlip(k, *facts) for k, facts in enumerate(zip(times, cues, possible, strict=True))],
        )
        for level, times, cues, possible in zip(
            simulated.levels[:, 0], simulated.times, simulated.cues, simulated.possible, strict=True
        )
    ]

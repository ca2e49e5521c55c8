"""Scenarios as laws: what they play is in their files, and often only their design settles what is true."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coregulation.session import Session
from coregulation.simulate.laws.law import AbstractLaw, LawBody, LawClaim, LawTruth
from coregulation.simulate.observe import Wearing
from coregulation.simulate.scenarios import Scenario, simulate
from coregulation.simulate.sensor_sets import sensor_set
from coregulation.simulate.truth import Truth


@dataclass(frozen=True, slots=True)
class ScenarioLaw(AbstractLaw):
    """A scenario as a law.

    Parameters
    ----------
    scenario
        As its file has it.
    traps
        Claims that look true and are false.
    """

    scenario: Scenario
    traps: tuple[LawClaim, ...] = ()

    @property
    def name(self) -> str:  # type: ignore[override]
        """The file's name."""
        return self.scenario.name

    @property
    def title(self) -> str:  # type: ignore[override]
        """The file's title."""
        return self.scenario.title

    @property
    def about(self) -> str:  # type: ignore[override]
        """What happens, and what it does not show."""
        return " ".join(filter(None, (self.scenario.about, self.scenario.limits)))

    @property
    def truth(self) -> LawTruth:
        """The verdicts that the design alone settles."""
        return LawTruth(LawBody.NERVOUS_SYSTEM, kinds=self.scenario.kinds)

    def simulate(self, seed: int, wearing: Wearing | None = None, vary: float = 1.0) -> tuple[Session, Truth]:
        """Play it, with as much speech as the scenario has; see `AbstractLaw.simulate`."""
        worn = sensor_set("full") if wearing is None else wearing
        return simulate(self.scenario, seed, replace(worn, speech=self.scenario.speech), vary)

"""All laws of simulation by name. A new one is a file beside this one and its name in `FAMILIES`.

Append to `FAMILIES`: calibration draws its random numbers by the number of a law, so a law put between others moves theirs.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from coregulation.errors import UsageError, nearest_names
from coregulation.simulate.laws.law import AbstractLaw
from coregulation.simulate.laws.pair import PairLaw
from coregulation.simulate.laws.scenario import ScenarioLaw
from coregulation.simulate.laws.series import SeriesLaw
from coregulation.simulate.scenarios import load_scenario, scenario_names

FAMILIES = (
    "independent",
    "common_trend",
    "power_law",
    "unequal_sampling",
    "clock_drift",
    "short_recordings",
    "common_input",
    "paced_rhythm",
    "turn_taking",
    "coupled",
    "steadying",
    "no_influence",
    "shared_burden",
    "common_stressor",
    "unscripted_input",
    "recorded_partner",
    "habituation",
    "shifted_rest",
    "breath",
    "zoo",
    "gaps",
    "liveliness",
    "very_short",
    "fresh",
    "unseen",
)


class LawRegistry(Mapping[str, AbstractLaw]):
    """Laws by name: those of `FAMILIES` first, then every scenario of the package.

    A name that it does not have raises a `UsageError` with the names that are near.

    Parameters
    ----------
    *families
        Names of modules in `coregulation.simulate.laws`; each lists its laws as `LAWS`.
    """

    def __init__(self, *families: str) -> None:
        modules = (importlib.import_module(f"coregulation.simulate.laws.{family}") for family in families)
        self._laws: dict[str, AbstractLaw] = {}
        for module in modules:
            for law in module.LAWS:
                self.register(law)

    def __getitem__(self, name: str) -> AbstractLaw:
        if name in self._laws:
            return self._laws[name]
        if name in scenario_names():
            return ScenarioLaw(load_scenario(name))
        raise UsageError(
            "There is no law or scenario {name!r}. Did you mean {near:or}?", name=name, near=nearest_names(name, self)
        )

    def __contains__(self, name: object) -> bool:
        return name in self._laws or name in scenario_names()

    def __iter__(self) -> Iterator[str]:
        yield from self._laws
        yield from scenario_names()

    def __len__(self) -> int:
        return len(self._laws) + len(scenario_names())

    def register(self, law: AbstractLaw) -> None:
        """Add a law of one's own.

        Parameters
        ----------
        law
            The new entry, at the end.

        Raises
        ------
        UsageError
            If its name is taken, by a scenario too.
        """
        if law.name in self:
            raise UsageError("There is a law {name!r} already.", name=law.name)
        self._laws[law.name] = law

    @contextmanager
    def including(self, *laws: AbstractLaw) -> Iterator[None]:
        """Have some laws for a while, as in a test."""
        for law in laws:
            self.register(law)
        try:
            yield
        finally:
            for law in laws:
                del self._laws[law.name]

    def series(self) -> tuple[SeriesLaw, ...]:
        """Select the laws that draw series: the rows of the calibration table."""
        return tuple(law for law in self._laws.values() if isinstance(law, SeriesLaw))

    def pairs(self) -> dict[str, PairLaw]:
        """Select the laws of known pairs, by name: whom regulation is tried on."""
        return {name: law for name, law in self._laws.items() if isinstance(law, PairLaw)}


LAWS = LawRegistry(*FAMILIES)

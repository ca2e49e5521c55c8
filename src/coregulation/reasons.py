"""Why something is so, as a code and facts: what science returns where a person will read a sentence.

No code below the report holds that sentence; the catalogue in `coregulation.report.catalogue` has one for each code. Nothing ever
decides anything from a sentence; decisions compare codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

Fact = str | int | float | bool | None | tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a refusal, a remark, why a gate is open, what would settle it.

    Parameters
    ----------
    code
        Area and name in lower case, such as "beats.ppg-inverted"; a member of a `StrEnum` of its package.
    facts
        What the sentence names, as plain values: numbers in the unit that the code's definition states, names, tuples of them.
    """

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", str(self.code))
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))

    def __hash__(self) -> int:
        return hash((self.code, frozenset(self.facts)))

    def __reduce__(self) -> tuple[type[Reason], tuple[str, dict[str, Fact]]]:
        return Reason, (self.code, dict(self.facts))

    def as_plain(self) -> dict[str, Any]:
        """Return code and facts as values that JSON can hold."""
        return {"code": self.code, "facts": dict(self.facts)}


def because(code: str, /, **facts: Fact) -> Reason:
    """Make a reason from a code and keyword facts.

    Parameters
    ----------
    code
        A member of a `StrEnum` of reasons.
    **facts
        What its sentence names.

    Returns
    -------
    Reason
        The value.
    """
    return Reason(code, facts)

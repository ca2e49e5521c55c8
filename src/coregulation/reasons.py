"""Why something is so, as a code and facts: what science returns where a person will read a sentence.

No code below the report holds that sentence; the catalogue in `coregulation.report.catalogue` has one for each code. Nothing ever
decides anything from a sentence; decisions compare codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self, Union

from coregulation.errors import CoregulationError

Fact = Union[str, int, float, bool, None, tuple[Any, ...], "Reason"]


class ReasonCode(StrEnum):
    """Base of a package's reason codes; a member is "area.name", followed by the names of its facts.

    A comment behind a member states what its facts mean and their units:

        TOO_SHORT = "beats.too-short", "length", "needed"  # both in s
    """

    facts: tuple[str, ...]

    def __new__(cls, code: str, *facts: str) -> Self:
        """Make a member that is its code and knows its facts."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.facts = facts
        return member


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

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({facts})" if facts else self.code

    def as_plain(self) -> dict[str, Any]:
        """Return code and facts as values that JSON can hold."""
        return {"code": self.code, "facts": {name: _as_plain(fact) for name, fact in self.facts.items()}}


def _as_plain(fact: Fact) -> Any:
    if isinstance(fact, Reason):
        return fact.as_plain()
    return [_as_plain(item) for item in fact] if isinstance(fact, tuple) else fact


ERROR = "error"  # code of a reason made of an error; facts: template (the key of its translation), and what fills it


def reason_of(error: CoregulationError) -> Reason:
    """Return an error as a reason, for what goes on without the part that failed.

    Parameters
    ----------
    error
        With its template and facts.

    Returns
    -------
    Reason
        Its code is `ERROR`; the facts are the error's, and `template`.
    """
    return Reason(ERROR, {**error.facts, "template": error.template})


def because(code: str, /, **facts: Fact) -> Reason:
    """Make a reason from a code and keyword facts.

    Parameters
    ----------
    code
        A member of a `ReasonCode`.
    **facts
        What its sentence names: exactly the facts that the code states.

    Returns
    -------
    Reason
        The value.

    Raises
    ------
    TypeError
        If other facts come than the code states.
    """
    if isinstance(code, ReasonCode) and set(facts) != set(code.facts):
        raise TypeError(f"{code!r} states the facts {sorted(code.facts)}, not {sorted(facts)}")
    return Reason(code, facts)

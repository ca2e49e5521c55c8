"""What a study declares before anybody looks at its data: question, signals, lag, margin, conditions, exclusions and seed."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from coregulation.errors import UsageError, nearest_names, similar_names

SCHEMA = "coregulation.study-plan/1"
FULL_MATRIX_PAIRS = 64
"""Up to so many pairs of a stratum, everybody is compared with everybody's partner, so that permutations are exact."""


class ExcludedSession(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A session that is left out, and why.

    Parameters
    ----------
    session
        Its name.
    why
        The reason, which the report repeats.
    """

    session: str
    why: str


class Statistic(StrEnum):
    """What of a pair's linkage a study compares."""

    SIGNED = "signed"
    LARGEST = "largest"


class ReportingItem(StrEnum):
    """What readers of a study need to know of it, in the order of a methods section."""

    PARTICIPANTS = "participants"
    ELIGIBILITY = "eligibility"
    DEMOGRAPHICS = "demographics"
    INFLUENCES = "influences"
    DEVICE = "device"
    SAMPLING_RATE = "sampling-rate"
    TIME_OF_DAY = "time-of-day"
    POSTURE = "posture"
    TASK = "task"
    BREATHING = "breathing"
    LENGTH = "length"
    BEATS = "beats"
    ARTEFACTS = "artefacts"
    LOSS = "loss"
    EXCLUSIONS = "exclusions"
    FILTERING = "filtering"
    TEST = "test"
    FAMILY = "family"
    SOFTWARE = "software"


class StudyPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every choice of a study; two runs with one plan and the same data give the same bytes.

    Parameters
    ----------
    schema
        Version of this format.
    question
        In the researcher's own words, for the report.
    signals
        Channels of the primary family; empty for every channel that two people of every session share.
    statistic
        "signed": the value at `lag` with its sign; "largest": the size at whichever lag up to the signal's longest it is largest.
    lag
        At which the signed linkage is taken, s; positive: the first person leads.
    margin
        Largest difference from strangers that counts as none, Fisher's z.
    condition
        A column of the session table, "folder" or "task"; None for a study without conditions.
    table
        Path of a table with one row per session: session, pair and any conditions and covariates.
    covariates
        Columns of the session table that the linkage is correlated with.
    exclude
        Sessions that are left out.
    partners
        Stand-in partners per session where a stratum has more than 64 pairs.
    permutations
        Random permutations of partners where it has no more.
    seed
        Of everything random.
    data
        Paths, where the call names none.
    reading
        Fields of `ReadOptions`.
    reporting
        What the reporting checklist cannot know, in the researcher's own words, by item; it decides no number.

    Raises
    ------
    UsageError
        If a number cannot be used.
    """

    schema: str = SCHEMA
    question: str = ""
    signals: tuple[str, ...] = ()
    statistic: Statistic = Statistic.SIGNED
    lag: float = 0.0
    margin: float = 0.15
    condition: str | None = None
    table: str | None = None
    covariates: tuple[str, ...] = ()
    exclude: tuple[ExcludedSession, ...] = ()
    partners: int = 20
    permutations: int = 9999
    seed: int = 0
    data: tuple[str, ...] = ()
    reading: Mapping[str, Any] = {}
    reporting: Mapping[ReportingItem, str] = {}

    def __post_init__(self) -> None:
        if self.schema != SCHEMA:
            raise UsageError(
                "This plan's schema is {schema!r}; {known!r} was expected. `coregulation new-study` writes a plan.",
                schema=self.schema, known=SCHEMA,
            )  # fmt: skip
        if self.partners < 2 or self.permutations < 99 or self.seed < 0 or self.margin <= 0:
            raise UsageError(
                "A plan needs partners from 2, permutations from 99, seed from 0 and a margin above 0; partners {partners}, "
                "permutations {permutations}, seed {seed} and margin {margin:g} came.",
                partners=self.partners, permutations=self.permutations, seed=self.seed, margin=self.margin,
            )  # fmt: skip

    def key(self) -> str:
        """Return a fingerprint of every declared choice that decides a number.

        Returns
        -------
        str
            Sixteen hexadecimal digits; equal plans have equal ones.
        """
        deciding = msgspec.structs.replace(self, reporting={})
        return hashlib.sha256(msgspec.json.encode(deciding, order="sorted")).hexdigest()[:16]

    def differences(self, other: StudyPlan) -> tuple[str, ...]:
        """List the choices that decide a number in which two plans differ.

        Parameters
        ----------
        other
            Another plan.

        Returns
        -------
        tuple of str
            Such as "lag (0.0, now 2.0)".
        """
        mine, theirs = msgspec.to_builtins(self), msgspec.to_builtins(other)
        deciding = [name for name in mine if name != "reporting"]
        return tuple(
            f"{name} ({theirs[name]!r}, now {mine[name]!r})" for name in deciding if mine[name] != theirs[name]
        )


def parse_plan(text: str, origin: str) -> StudyPlan:
    """Read a plan.

    Parameters
    ----------
    text
        TOML.
    origin
        What to call it in errors.

    Returns
    -------
    StudyPlan
        Checked.

    Raises
    ------
    UsageError
        If it is no TOML, a key is not known, or a value cannot be used.
    """
    try:
        return msgspec.convert(tomllib.loads(text), StudyPlan)
    except tomllib.TOMLDecodeError as error:
        raise UsageError("{origin}: not a TOML file: {problem}.", origin=origin, problem=error) from error
    except msgspec.ValidationError as error:
        raise _unknown_key(str(error), origin) or _unknown_item(str(error), origin) or UsageError(
            "{origin}: {problem}. `coregulation new-study` writes a plan with every key explained.",
            origin=origin, problem=str(error),
        ) from error  # fmt: skip


def _unknown_item(problem: str, origin: str) -> UsageError | None:
    unknown = re.search(r"Invalid enum value '([^']*)' - at `key` in `\$\.reporting`", problem)
    if unknown is None:
        return None
    known = [str(item) for item in ReportingItem]
    return UsageError(
        "{origin}: the reporting checklist has no item {key!r}. Did you mean {near:or}?",
        origin=origin, key=unknown[1], near=nearest_names(unknown[1], known),
    )  # fmt: skip


def _unknown_key(problem: str, origin: str) -> UsageError | None:
    unknown = re.search(r"unknown field `([^`]*)`", problem)
    if unknown is None:
        return None
    known = StudyPlan.__struct_fields__
    near = similar_names(unknown[1], known) or known
    return UsageError(
        "{origin}: there is no key {key!r} in a study plan. Did you mean {near:or}?",
        origin=origin, key=unknown[1], near=near,
    )  # fmt: skip

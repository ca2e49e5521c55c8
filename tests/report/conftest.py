"""Findings to report on: a simulated pair, a group with blocks, gaps and a pseudo session, and a pair with too little."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.analysis.finding import Finding
from coregulation.analysis.pipeline import analyze
from coregulation.events import Block, Exclusion, Mark
from coregulation.reasons import because
from coregulation.report.page import render_page
from coregulation.session import Person, Recording, Remark, Session
from coregulation.signals import Signal, Unit
from coregulation.simulate.linkage import simulated_pair

AWKWARD = '<b>Zoë & "co"</b>'


def group_session(
    name: str, seed: int, people: tuple[str, ...], *, shared: tuple[str, ...] | None = ("music",)
) -> Session:
    rng = np.random.default_rng(seed)
    common = np.cumsum(rng.normal(size=1600)) * 0.05
    recordings = []
    for who in people:
        values = np.sin(np.arange(1600) / 4 * 2 * np.pi * rng.uniform(0.2, 0.3)) + common + rng.normal(size=1600) * 0.3
        values[500:540] = np.nan
        recordings.append(Recording(Person(who, "listener"), {"resp": Signal(values, 4.0, 0.0, Unit.ARBITRARY)}))
    blocks = (Block("alone-rest", 0.0, 200.0), Block("talk", 200.0, 400.0, guide="pacer 6/min"))
    return Session(
        name, tuple(recordings), blocks=blocks, marks=(Mark(100.0, "bell"),), shared=shared,
        exclusions=(Exclusion(300.0, 305.0, "cough", people[0]),), remarks=(Remark(people[1], "resp", because("read.rows-without-time"), 3),),
    )  # fmt: skip


def pair_session(seconds: float, **changes: object) -> Session:
    session, _ = simulated_pair(seconds=seconds, seed=3)
    fields = {name: getattr(session, name) for name in session.__dataclass_fields__} | changes
    return Session(**fields)


@pytest.fixture(scope="session")
def pair() -> Finding:
    return analyze(simulated_pair(seconds=400, seed=1)[0], seed=1, secondary=99, jobs=1)


@pytest.fixture(scope="session")
def group() -> Finding:
    session = group_session("evening", 1, ("ada", "ben", AWKWARD, "dan"))
    other = group_session("matinee", 2, tuple(f"guest{k}" for k in range(4)))
    return analyze(session, [other], seed=1, surrogates=199, jobs=1)


@pytest.fixture(scope="session")
def too_short() -> Finding:
    return analyze(pair_session(100.0, shared=None, blocks=(), simulated=False), seed=1, jobs=1)


@pytest.fixture(scope="session")
def pair_page(pair: Finding) -> str:
    return render_page(pair)


@pytest.fixture(scope="session")
def group_page(group: Finding) -> str:
    return render_page(group)


@pytest.fixture(scope="session")
def too_short_page(too_short: Finding) -> str:
    return render_page(too_short)

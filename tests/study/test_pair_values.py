"""What a session adds to a study: the sign of the lag, the shortest recording, and whose place is whose."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import coregulation as co
from coregulation.analysis.preprocessing import plan_for
from coregulation.study.pair_values import ChannelValues, session_values
from coregulation.study.prepared import in_order, prepare_session, write_prepared
from tests.study.folders import series


def compared(folder: Path, first: np.ndarray, second: np.ndarray, lag: float = 0.0) -> ChannelValues:
    recordings = tuple(
        co.Recording(co.Person(name), {"heart_rate": co.Signal(70 + 2 * values, 1.0, 0.0, co.Unit.PER_MINUTE)})
        for name, values in (("ada", first), ("ben", second))
    )
    session = co.Session("s", recordings, shared=())
    write_prepared(prepare_session("s", "f", session, "digest", {}), folder / "s.bin")
    return session_values("s", "k", {"s": str(folder / "s.bin")}, [], ["heart_rate"], lag).channels["heart_rate"]


def test_a_positive_lag_is_where_the_first_person_leads(tmp_path: Path):
    leader = series(np.random.default_rng(0), 303, memory=0.5)
    ahead, behind = leader[3:], leader[:-3]  # the second does three seconds later what the first does
    assert compared(tmp_path, ahead, behind, lag=3.0).own.z > 1.0
    assert abs(compared(tmp_path, ahead, behind, lag=-3.0).own.z) < 0.5


@pytest.mark.parametrize(("more", "counts"), [(-2, False), (0, True), (2, True)])
def test_one_window_of_valid_time_is_needed(tmp_path: Path, more: int, counts: bool):
    seconds = round(2 * plan_for("heart_rate").measure.window) + more  # so many windows end inside it as one is long
    rng = np.random.default_rng(1)
    channel = compared(tmp_path, series(rng, seconds), series(rng, seconds))
    assert (channel.own.windows >= 1.0) is counts
    assert np.isfinite(channel.own.z) == counts


def test_people_stand_by_role_where_everybody_has_one():
    people = [co.Recording(co.Person(name, role), {}) for name, role in (("x", "therapist"), ("y", "patient"))]
    assert [recording.person.id for recording in in_order(people)] == ["y", "x"]
    without = [co.Recording(co.Person("x", "therapist"), {}), co.Recording(co.Person("y"), {})]
    assert [recording.person.id for recording in in_order(without)] == ["x", "y"]

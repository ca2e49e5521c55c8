"""What the page of a journey is told of several visits."""

from __future__ import annotations

from coregulation.live.server.session_routes import sentences_of
from tests.report.test_journeys import printed


def test_several_visits_say_something_of_each_and_a_single_one_nothing() -> None:
    told = sentences_of([printed(k, 60.0 * 0.8**k, 20.0) for k in range(1, 7)])
    assert set(told) == {"ada", "ben"}
    assert any("ada was half-way back" in one for one in told["ada"])
    assert any("hard day" in one for one in told["ben"])
    assert sentences_of([printed(1, 40.0, 20.0)]) == {}
    assert sentences_of([]) == {}

"""Results of several visits become the journey of those who were there, in numbers and in words that judge nobody."""

from __future__ import annotations

import json
import math

import pytest

from coregulation.errors import DataError
from coregulation.regulation.interval import Interval
from coregulation.regulation.journey import Journey, Visit, analyze_journey
from coregulation.report.journeys import (
    VisitedSession,
    journey_sentences,
    make_journeys,
    over_people,
    plain,
    read_visit,
)
from tests.wording import judging


def printed(
    number: int, alone: float, together: float, *, date: str | None = "", people: tuple[str, ...] = ("ada", "ben")
) -> bytes:
    span = lambda value: {"value": value, "low": 0.8 * value, "high": 1.25 * value, "level": 0.95}  # noqa: E731
    compared = [
        {"person": who, "alone": span(alone), "together": span(together), "ratio": span(together / alone), "borrowed": span(9.0),
         "horizon": 180.0, "count_alone": 3, "count_together": 3, "censored_alone": 0, "censored_together": 0, "rise": 9.0}
        for who in people
    ]  # fmt: skip
    recovered = [
        {"person": who, "condition": "alone", "start": 0.0, "end": 40.0, "cues": [], "zero": 0.0, "rest_sd": sd, "peak": 8.0,
         "half_life": alone, "censored": never}
        for who in people for sd, never in ((1.0, False), (0.5, True), (None, False))
    ]  # fmt: skip
    about = {
        "id": f"visit-{number}",
        "task": None,
        "date": f"2026-01-{number:02d}" if date == "" else date,
        "setting": None,
    }
    return json.dumps(
        {"session": about, "people": [{"id": who, "role": None} for who in people], "more": 1,
         "regulation": {"comparisons": compared, "recoveries": recovered, "index": "arousal"}}
    ).encode()  # fmt: skip


def read(*visits: bytes) -> list[VisitedSession]:
    return [read_visit(one) for one in visits]


def test_visits_are_put_in_order_and_joined_by_who_was_there() -> None:
    found = read(
        printed(3, 40.0, 20.0),
        printed(1, 60.0, 20.0),
        printed(2, 9.0, 9.0, people=("cy", "ada")),
        printed(9, 1.0, 1.0, date=None),
    )
    first, second = make_journeys(found)
    assert first.people == ("ada", "ben")
    assert [one.id for one in first.visits] == ["visit-1", "visit-3", "visit-9"]
    assert second.people == ("ada", "cy")
    assert [math.exp(one.alone[0]) for one in first.each["ada"].visits] == pytest.approx([60.0, 40.0, 1.0])
    assert first.each["ada"].visits[0].window == 8.0, "only what was come back from"
    assert first.each["ada"].visits[0].dependence == pytest.approx(2 / 3)


def test_five_visits_have_a_trend_and_three_people_a_mean() -> None:
    both = make_journeys(read(*(printed(k, 60.0 * 0.8**k, 20.0) for k in range(1, 7))))
    ada = both[0].each["ada"]
    assert ada.alone is not None
    assert ada.alone.value == pytest.approx(math.log(0.8), abs=0.01)
    assert ada.carried
    assert over_people(both) == {}
    more = (*both, *make_journeys(read(*(printed(k, 60.0 * 0.8**k, 20.0, people=("cy",)) for k in range(1, 7)))))
    assert over_people(more)["alone"].value == pytest.approx(math.log(0.8), abs=0.01)
    told = plain(both[0])
    assert told["each"]["ada"]["slope_alone"]["high"] < 0
    assert json.loads(json.dumps(told)) == told


def test_what_is_not_known_is_null() -> None:
    other = json.loads(printed(1, 40.0, 20.0))
    for one in other["regulation"]["comparisons"]:
        one["together"] = {"value": None, "low": None, "high": None, "level": 0.95}
        one["alone"]["high"] = None
    other["regulation"]["recoveries"] = []
    (told,) = make_journeys(read(json.dumps(other).encode()))
    (seen,) = plain(told)["each"]["ada"]["visits"]
    assert seen["together"] == {"value": None, "low": None, "high": None}
    assert seen["alone"] == {"value": 40.0, "low": None, "high": None}
    assert seen["window"] is None
    assert seen["dependence"] is None
    assert not any(
        "Together it took" in text or "furthest" in text for text in journey_sentences("ada", told.each["ada"])
    )
    (nothing,) = make_journeys(read(json.dumps({**other, "regulation": None}).encode()))
    assert nothing.each == {}


def test_what_is_no_result_is_refused() -> None:
    with pytest.raises(DataError, match=r"A result\.json was expected"):
        read_visit(b"{}")


def going(count: int, alone: float, together: float) -> Journey:
    wiggle = [0.02, -0.02, 0.01, -0.01, 0.02, -0.02, 0.0, 0.01]
    return analyze_journey(
        [
            Visit(k, (4 + alone * k + wiggle[k], 0.05), (3 + together * k - wiggle[k], 0.05), 9.0 + k)
            for k in range(count)
        ]
    )


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (going(8, -0.1, 0.0), "Alone: settling comes sooner from visit to visit"),
        (going(8, -0.1, 0.0), "what carrying it along would look like"),
        (going(8, -0.1, 0.0), "What being together adds: it grows less"),
        (going(8, 0.1, 0.0), "Alone: settling takes longer"),
        (going(8, 0.1, 0.0), "What being together adds: it grows from"),
        (going(8, 0.0, 0.0), "cannot be told"),
        (going(8, 0.0, 0.0), "was not seen"),
        (going(3, -0.1, 0.0), "3 visits of the same people show no trend"),
        (going(3, -0.1, 0.0), "So few visits do not show"),
        (going(1, -0.1, 0.0), "1 visit of the same people"),
        (going(3, 0.0, 0.0), "at visit 3"),
    ],
)  # fmt: skip
def test_words_say_what_is_known_and_what_else_it_may_be(told: Journey, words: str) -> None:
    sentences = journey_sentences("ada", told)
    assert any(words in one for one in sentences)
    assert not [found for one in sentences for found in judging(one)]
    assert any("drawn by lot" in one for one in sentences)
    assert any("hard day" in one for one in sentences) == (len(told.visits) > 1)


def test_visits_that_knew_nothing_alone_say_nothing_of_it() -> None:
    blind = analyze_journey([Visit(0, (math.nan, math.inf), (3.0, 0.1), math.nan)])
    assert not any("half-way back" in one for one in journey_sentences("ada", blind))
    assert Interval(1.0, 0.5, 2.0).level == 0.95

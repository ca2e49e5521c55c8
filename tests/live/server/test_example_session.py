"""The finished session to look at is what it says: a comparison in which one steadies the other."""

from __future__ import annotations

import json

from coregulation.live.server.example_session import PAIR, example_minutes, example_report, example_session


def test_its_first_screen_shows_both_hearts_by_parts():
    found = example_minutes()
    means = {person["person"]: person["means"] for person in found["people"]}
    assert tuple(means) == PAIR
    assert means["Ada"]["return-apart"] > means["Ada"]["return-together"] + 3
    assert abs(means["Ben"]["return-apart"] - means["Ben"]["return-together"]) < 2
    assert found["simulated"] is True
    assert example_session().simulated


def test_its_report_says_that_one_steadies_the_other():
    page, result = example_report()
    (verdict,) = json.loads(result)["verdicts"]
    assert (verdict["kind"], verdict["from"], verdict["to"]) == ("lent-regulation", "Ben", "Ada")
    assert b"Simulated" in page or b"simulated" in page

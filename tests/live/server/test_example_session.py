"""The finished session to look at is what it says: a comparison in which one steadies the other."""

from __future__ import annotations

import dataclasses
import json

import pytest

from coregulation.analysis.pipeline import Analysis
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


@pytest.mark.nightly
def test_straps_that_were_swapped_between_the_two_make_no_claim():
    """Ada's tasks then stir the heart that is called Ben's; nobody is told to have steadied anybody."""
    session = example_session()
    ada, ben = session.recordings
    swapped = dataclasses.replace(
        session,
        recordings=(dataclasses.replace(ada, beats=ben.beats), dataclasses.replace(ben, beats=ada.beats)),
    )
    finding = Analysis(jobs=1, surrogates=99)(swapped)
    assert finding.verdicts[0].kind.value in ("cannot-tell", "linked-steadying-unknown", "in-parallel")

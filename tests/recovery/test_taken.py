"""Simulated sessions taken like real ones: what is truly linked is found, and what only looks like it is not claimed."""

import pytest

from coregulation.simulate.confounds import KNOWN
from coregulation.study.calibration import TOLERATED, CalibrationCell
from tests.recovery.taken import CASES, PAIR, TALK, row, taken

FOUND = (PAIR, *TALK[1:])
# truly linked, and too slowly or too rarely to be seen from beats and breath in a session; nothing is held of how often
TOO_SLOW = (
    "co-dysregulation",
    "coupling-without-regulation",
    "only-one-hit",
    "unscripted-input",
    "breaths-almost-locked",
)


def test_a_coupled_pair_is_found_with_its_lag_and_its_leader():
    found = taken(PAIR, 1)
    assert found.linked
    assert found.claimed
    assert found.lag == pytest.approx(2.0, abs=0.5)
    assert found.leader == "ada"


@pytest.mark.parametrize("case", TALK[1:])
def test_linkage_from_moment_to_moment_is_found_in_beats_and_in_breath(case):
    found = taken(case, 2)
    assert found.linked
    assert found.claimed


@pytest.mark.parametrize("case", ["common-stressor", "guide-only"])
def test_what_was_declared_as_shared_is_not_claimed_as_theirs(case):
    found = taken(case, 1)
    assert not found.linked
    assert not found.claimed


def test_the_table_has_a_row_for_each():
    assert set(KNOWN) | set(FOUND) < set(CASES)
    assert row(TALK[1], 1).startswith("| talk, moments .05 | linked | 1.00")


@pytest.mark.nightly
@pytest.mark.parametrize("case", CASES)
def test_rates(case):
    found = [taken(case, seed) for seed in range(1, 41)]
    claimed = sum(one.claimed is True for one in found)
    low, _high = CalibrationCell("", "", "", claimed, len(found), 0).bounds(len(CASES))
    if case in FOUND:
        assert low > 0.5
    elif not found[0].linked:
        assert low <= TOLERATED
    else:
        assert case in TOO_SLOW

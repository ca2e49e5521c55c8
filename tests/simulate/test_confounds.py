import pytest

from coregulation.errors import UsageError
from coregulation.simulate.confounds import KNOWN, known_answer


def test_the_issue_is_covered():
    wanted = (
        "coupling-without-regulation common-stressor unscripted-input guide-only breaths-almost-locked recording-helps "
        "recording-does-nothing only-one-hit both-hit-undeclared habituation-fixed-order habituation-random-order "
        "shifted-rest independent identical-dynamics mutual lent co-dysregulation"
    )
    assert set(wanted.split()) == set(KNOWN)


def test_more_probes_make_a_longer_session():
    assert len(known_answer("lent", 1, times=6)[0].blocks) > len(known_answer("lent", 1, times=3)[0].blocks)


def test_an_unknown_kind_names_the_near_ones():
    with pytest.raises(UsageError, match="Did you mean mutual"):
        known_answer("mutuel", 1)

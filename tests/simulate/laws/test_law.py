import pytest

from coregulation.simulate.laws.law import Body, Claim, LawTruth
from coregulation.simulate.truth import LINKED, SCRIPTED, UNLINKED


@pytest.mark.parametrize(
    ("truth", "claims"),
    [
        (LawTruth(Body.SERIES, UNLINKED), set()),
        (LawTruth(Body.SERIES, SCRIPTED), {Claim.LINKED}),
        (LawTruth(Body.SERIES, LINKED), {Claim.LINKED, Claim.BEYOND_SCRIPT}),
        (LawTruth(Body.AROUSAL, UNLINKED, ("lent-regulation",), ("ada",)), {Claim.STEADIED}),
        (LawTruth(Body.AROUSAL, UNLINKED, ("co-dysregulation",)), {Claim.STIRRED}),
        (LawTruth(Body.AROUSAL, UNLINKED, ("self-regulating", "co-dysregulation")), set()),
        (LawTruth(Body.NERVOUS_SYSTEM), set()),
    ],
)
def test_a_claim_is_right_where_the_truth_says_so(truth, claims):
    assert {claim for claim in Claim if truth.is_true(claim)} == claims

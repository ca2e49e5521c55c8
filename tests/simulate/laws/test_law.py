import pytest

from coregulation.simulate.laws.law import LawBody, LawClaim, LawTruth
from coregulation.simulate.truth import LINKED, SCRIPTED, UNLINKED


@pytest.mark.parametrize(
    ("truth", "claims"),
    [
        (LawTruth(LawBody.SERIES, UNLINKED), set()),
        (LawTruth(LawBody.SERIES, SCRIPTED), {LawClaim.LINKED}),
        (LawTruth(LawBody.SERIES, LINKED), {LawClaim.LINKED, LawClaim.BEYOND_SCRIPT}),
        (LawTruth(LawBody.AROUSAL, UNLINKED, ("lent-regulation",), ("ada",)), {LawClaim.STEADIED}),
        (LawTruth(LawBody.AROUSAL, UNLINKED, ("co-dysregulation",)), {LawClaim.STIRRED}),
        (LawTruth(LawBody.AROUSAL, UNLINKED, ("self-regulating", "co-dysregulation")), set()),
        (LawTruth(LawBody.NERVOUS_SYSTEM), set()),
    ],
)
def test_a_claim_is_right_where_the_truth_says_so(truth, claims):
    assert {claim for claim in LawClaim if truth.is_true(claim)} == claims

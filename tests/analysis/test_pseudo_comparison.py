"""One pair against pseudo-dyads from other sessions of the script."""

from dataclasses import replace

import pytest

from coregulation.analysis.verdict_reasons import (
    LinkageEvidence,
)
from coregulation.coupling.reasons import LinkageRefusal
from coregulation.events import Exclusion
from coregulation.reasons import because
from coregulation.regulation.gate import GateState, VerdictKind
from tests.sessions import QUICK, script, session


def with_(**settings):
    return replace(QUICK, **settings)


@pytest.mark.parametrize(
    ("strength", "weight", "state", "kind"),
    [
        (0.9, 0.0, GateState.PASSED, VerdictKind.LINKED),
        (0.0, 1.5, GateState.FAILED, VerdictKind.IN_PARALLEL),
    ],
)
def test_pseudo_dyads_tell_each_other_from_the_script(strength, weight, state, kind):
    others = script(13, 0.0, weight)[1:]
    first = script(1, strength, weight)[0]
    finding = QUICK(first, others)
    (g2,) = finding.of(("a0", "b0"), "G2")
    assert len(g2.nulls) == 48
    verdict = finding.verdict("a0", "b0")
    assert (verdict.gate("G2").state, verdict.kind) == (state, kind)
    assert LinkageEvidence.SCRIPT in [one.code for one in verdict.evidence]


def test_pseudo_dyads_keep_roles_and_too_few_are_refused():
    roles = {f"{side}{k}": side for side in "ab" for k in range(13)}
    pairs = script(13, roles=roles)
    (g2,) = QUICK(pairs[0], pairs[1:]).of(("a0", "b0"), "G2")
    assert len(g2.nulls) == 24
    (few,) = QUICK(pairs[0], pairs[1:10]).of(("a0", "b0"), "G2")
    assert few.p is None
    assert few.refused == because(LinkageRefusal.FEW_PSEUDO_DYADS, count=18, needed=19)
    sampled = with_(surrogates=99)(pairs[0], script(60)[1:])
    assert len(sampled.of(("a0", "b0"), "G2")[0].nulls) == 99


def test_pseudo_dyads_are_compared_over_the_valid_time_of_the_pair():
    """Gaps of the pair are laid over its pseudo-dyads; the studentised statistic is no larger by chance for being of less."""
    roles = {f"{side}{k}": side for side in "ab" for k in range(11)}
    first, *others = script(11, seconds=900.0, roles=roles)
    gap = Exclusion(100.0, 180.0, "door", "a0")
    mine = session(
        {r.person.id: r.signals["heart_rate"].values[:700] for r in first.recordings}, exclusions=(gap,), roles=roles
    )
    (g2,) = QUICK(mine, others).of(("a0", "b0"), "G2")

    def cut(one, exclusions):
        people = {r.person.id: r.signals["heart_rate"].values[:700] for r in one.recordings}
        return session(people, id=one.id, exclusions=exclusions, roles=roles)

    beside = [cut(one, (Exclusion(100.0, 180.0, "door", f"a{k}"),)) for k, one in enumerate(others, 1)]
    (same,) = QUICK(mine, beside).of(("a0", "b0"), "G2")
    assert g2.nulls == pytest.approx(same.nulls, abs=1e-9)
    (full,) = QUICK(first, others).of(("a0", "b0"), "G2")
    assert g2.nulls != pytest.approx(full.nulls, abs=1e-9)
    assert (
        0.8 < g2.nulls.mean() / full.nulls.mean() < 1.25
    )  # the plain mean over windows was more than 1.15 times as large

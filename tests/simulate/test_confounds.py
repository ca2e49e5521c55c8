import numpy as np
import pytest

from coregulation.errors import UsageError
from coregulation.simulate.confounds import KNOWN, PAIR, known_answer
from coregulation.simulate.nervous_system import states
from coregulation.simulate.observe import Wearing
from coregulation.simulate.random_streams import random_generator

VERDICTS = {
    "mutual-co-regulation",
    "lent-regulation",
    "co-dysregulation",
    "linked-without-regulating",
    "linked-steadying-unknown",
    "in-parallel",
    "self-regulating",
    "one-way",
    "cannot-tell",
}  # SESSION.md 3
STEADYING = {"mutual-co-regulation", "lent-regulation", "one-way"}


def test_the_issue_is_covered():
    wanted = (
        "coupling-without-regulation common-stressor unscripted-input guide-only breaths-almost-locked recording-helps "
        "recording-does-nothing only-one-hit both-hit-undeclared habituation-fixed-order habituation-random-order "
        "shifted-rest independent identical-dynamics mutual lent co-dysregulation"
    )
    assert set(wanted.split()) == set(KNOWN)


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_pair_is_a_session_and_its_words_agree_with_its_numbers(name):
    session, truth = known_answer(name, 3)
    again, _ = known_answer(name, 3)
    kind = KNOWN[name]
    assert session.simulated
    assert [person.id for person in session.people] == list(PAIR)
    assert set(truth.kinds) <= VERDICTS
    assert bool(truth.steadied) == (truth.kinds[0] in STEADYING)
    channel = "arousal" if kind.members is None else "resp"
    values = [s.of("ada").signals[channel].values for s in (session, again)]
    assert np.array_equal(*values)
    assert not np.array_equal(values[0], known_answer(name, 4)[0].of("ada").signals[channel].values)
    if truth.burden is not None:
        helped = tuple(
            who
            for who, own, net in zip(PAIR, truth.burden.own_burden, truth.burden.net_effect, strict=True)
            if own < 0.9 > net
        )
        assert helped == truth.steadied
        assert (truth.burden.pair_burden > 1.01) == (name == "co-dysregulation")


def test_beats_and_breath_of_a_known_pair():
    session, truth = known_answer("mutual", 3, wearing=Wearing())
    assert set(session.of("ben").channels) == {"resp", "eda", "beats"}
    assert np.abs(truth.arousal["ada"].values[::5] - known_answer("mutual", 3)[1].arousal["ada"].values).max() < 1e-9


def test_what_was_hidden_stays_hidden_and_what_was_recorded_is_said():
    session, truth = known_answer("both-hit-undeclared", 1)
    hidden = [
        (span, block)
        for span, block in zip(truth.plan.spans, session.blocks, strict=True)
        if span.dose and span.together
    ]
    assert all(len(span.dose) == 2 and len(block.perturbed) == 1 for span, block in hidden)
    session, _ = known_answer("common-stressor", 1)
    assert all(len(b.perturbed) == 2 for b in session.blocks if b.kind.startswith("perturb"))
    session, _ = known_answer("recording-helps", 1)
    assert {b.partner for b in session.blocks} == {None, "recorded"}
    session, _ = known_answer("only-one-hit", 1)
    assert {who for b in session.blocks for who in b.perturbed} == {"ada"}


def test_a_guide_is_declared_and_locks_breaths_and_nearly_so_does_a_pull_without_one():
    def locked(name):
        session, _ = known_answer(name, 5)
        together = [b for b in session.blocks if b.present]
        phases = []
        for who in PAIR:
            breath = session.of(who).signals["resp"]
            values = np.concatenate([breath.within(b.window).values for b in together])
            spectrum = np.fft.fft(values - values.mean())
            spectrum[len(values) // 2 :] = 0
            phases.append(np.angle(np.fft.ifft(spectrum)))
        return abs(np.exp(1j * (phases[0] - phases[1])).mean())

    guided, _ = known_answer("guide-only", 5)
    assert guided.shared == ("pacer",)
    assert any(b.guide == "pacer 6/min" for b in guided.blocks)
    assert known_answer("breaths-almost-locked", 5)[0].shared == ()
    assert locked("guide-only") > 0.8


def test_almost_locked_is_not_locked():
    kind, shares = KNOWN["breaths-almost-locked"], []
    for seed in range(8):
        run = states(kind.members, kind.design(3, random_generator(seed)), seed, vary=1.0)
        turn = np.exp(1j * np.diff(run.phase, axis=1)[run.openness[:, 0] > 0, 0])
        shares.append(np.mean([abs(turn[k : k + 300].mean()) for k in range(0, len(turn) - 300, 300)]))
    assert 0.7 < np.median(shares) < 0.95


def test_both_orders_occur_where_order_is_crossed():
    firsts = {known_answer("independent", seed)[0].blocks[1].kind for seed in range(8)}
    assert firsts == {"perturb-alone", "together-rest"}
    assert known_answer("habituation-fixed-order", 1)[0].blocks[1].kind == "perturb-alone"


def test_more_probes_make_a_longer_session():
    assert len(known_answer("lent", 1, times=6)[0].blocks) > len(known_answer("lent", 1, times=3)[0].blocks)


def test_an_unknown_kind_names_the_near_ones():
    with pytest.raises(UsageError, match="Did you mean mutual"):
        known_answer("mutuel", 1)

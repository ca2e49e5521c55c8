import numpy as np
import pytest

from coregulation.simulate.confounds import KNOWN, known_answer
from coregulation.simulate.designs import PAIR
from coregulation.simulate.observe import Wearing

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
}
STEADYING = {"mutual-co-regulation", "lent-regulation", "one-way"}


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


def test_pairs_without_variation_are_alike_from_seed_to_seed():
    law = KNOWN["mutual"]
    models = [law.simulate(seed, vary=0.0)[1].model for seed in (1, 2)]
    assert models[0] == models[1] == law.model
    assert law.simulate(1)[1].model != law.simulate(2)[1].model

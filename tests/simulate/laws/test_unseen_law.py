"""What an unseen law makes of its settings: order, sizes, shapes and inputs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coregulation.simulate.laws.unseen import LAWS
from coregulation.simulate.laws.unseen_law import UnseenInput, UnseenMoments, stressor_shape

NAMES = {law.name: law for law in LAWS}
PLAIN = replace(
    NAMES["unseen-nothing"], unscripted=UnseenInput(lived=0.0), moments=UnseenMoments(size_sd=0.0, length=(40, 40), recovery=(200, 200))
)  # fmt: skip


def arousal(law, seed=1, times=3):
    session, truth = law.session(seed, times)
    return session.blocks, np.column_stack([signal.values for signal in truth.arousal.values()])


def heights(law, kind, seed=1):
    """Return how high Ada gets in the recordings' blocks of a kind that hit her, in order."""
    blocks, values = arousal(law, seed)
    return [
        values[round(2 * block.start) : round(2 * block.end) + 20, 0].max()
        for block in blocks
        if block.kind == kind and "ada" in block.perturbed
    ]


def test_a_seed_is_a_session_and_another_seed_is_another():
    first, again, other = (
        NAMES["unseen-lent"].session(seed)[0].recordings[0].signals["arousal"].values for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again)
    assert len(first) != len(other) or not np.array_equal(first, other)


def test_anything_worn_gives_a_belt_and_beats():
    assert PLAIN.simulate(1)[0].recordings[0].channels == ("arousal",)
    assert PLAIN.simulate(1, object())[0].recordings[0].channels == ("resp", "beats")


def test_a_lone_response_is_as_high_as_stated():
    plain = replace(PLAIN, peak=(1.2, 0.5), form="late recruitment")
    assert np.median(heights(plain, "perturb-alone")) == pytest.approx(1.2, abs=0.25)


@pytest.mark.parametrize("name", ["even", "ramp and hold", "gamma", "anticipated"])
def test_a_shape_has_mean_one(name):
    shape = stressor_shape(name, 80)
    assert shape.shape == (80,)
    assert shape.mean() == pytest.approx(1)
    assert (shape[0] < 0.2) == (name in ("ramp and hold", "gamma"))
    assert (shape[-1] < 0.3) == (name == "gamma")


def test_the_order_is_by_lot_or_alone_first():
    def order(law, seed):
        return ["alone" in block.kind for block in law.session(seed)[0].blocks if block.kind.startswith("perturb")]

    assert all(order(NAMES["unseen-tiring-alone-first"], seed) == [True] * 3 + [False] * 6 for seed in range(3))
    assert len({tuple(order(PLAIN, seed)) for seed in range(5)}) > 2


def test_one_at_a_time_both_and_a_recording():
    apart, both = (NAMES[name].session(1)[0].blocks for name in ("unseen-lent", "unseen-both-hit-declared"))
    assert {len(block.perturbed) for block in apart if block.kind == "perturb-alone"} == {1}
    assert {len(block.perturbed) for block in both if block.kind.startswith("perturb")} == {2}
    played = [block for block in NAMES["unseen-recording"].session(1)[0].blocks if block.present]
    assert {block.partner for block in played} == {"recorded"}
    assert {block.perturbed for block in played} == {(), ("ada",)}


def test_an_undeclared_stressor_reaches_the_other():
    blocks, values = arousal(replace(PLAIN, moments=replace(PLAIN.moments, hits_both=True)))
    hit = [block for block in blocks if block.kind == "perturb-together" and block.perturbed == ("ben",)]
    assert min(values[round(2 * block.start) : round(2 * block.end), 0].max() for block in hit) > 0.5


def test_stressors_tire_and_are_smaller_together():
    tiring = replace(PLAIN, form="leaky integral", moments=replace(PLAIN.moments, tiring=0.3, alone_first=True))
    first, *_, last = heights(tiring, "perturb-alone")
    assert last < 0.75 * first
    smaller = replace(PLAIN, form="leaky integral", moments=replace(PLAIN.moments, together_size=0.4))
    assert np.mean(heights(smaller, "perturb-together")) < 0.65 * np.mean(heights(smaller, "perturb-alone"))


def test_a_stressor_is_anticipated_and_comes_back_in_thought():
    def around(moments):
        blocks, values = arousal(replace(PLAIN, form="leaky integral", moments=moments))
        block = next(block for block in blocks if block.kind == "perturb-alone")
        start, end = round(2 * block.start), round(2 * block.end)
        return values[start, 0], values[end + 100 : end + 200, 0].max()

    plain = around(PLAIN.moments)
    assert around(replace(PLAIN.moments, shape="anticipated"))[0] > plain[0] + 0.08
    assert around(replace(PLAIN.moments, ruminated=0.8))[1] > plain[1] + 0.15


def test_what_moves_both_without_a_script():
    def rest(unscripted, kind="together-rest"):
        blocks, values = arousal(replace(PLAIN, unscripted=unscripted), seed=2)
        block = next(block for block in blocks if block.kind == kind)
        return values[round(2 * block.start) + 60 : round(2 * block.end)]

    def alike(values):
        return np.corrcoef(values.T)[0, 1]

    assert alike(rest(UnseenInput(room=0.3))) > 0.7
    assert abs(alike(rest(UnseenInput(room=0.3), "alone-rest"))) < 0.4
    assert alike(rest(UnseenInput(mood=0.5), "alone-rest")) > 0.7
    assert rest(UnseenInput(level=-0.5)).mean() < rest(UnseenInput()).mean() - 0.35
    assert rest(UnseenInput(lived=0.5)).std() == pytest.approx(0.07, abs=0.03)

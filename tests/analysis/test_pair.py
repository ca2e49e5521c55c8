"""Each threshold of a pair's answer: just below, at, and just above it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coregulation.analysis import pipeline
from coregulation.analysis.pair import PairResult, draws_per_pair
from coregulation.coupling.nulls.surrogates import CircularShift, PhaseRandomised, SegmentShuffle
from tests.sessions import QUICK, linked, script, session, wander

ROLES = {f"{side}{k}": side for side in "ab" for k in range(12)}


def short(samples, missing=0, **settings):
    ada, ben = wander(1)[:samples].copy(), wander(2)[:samples]
    ada[:missing] = np.nan
    (coupling,) = replace(QUICK, **settings)(session({"ada": ada, "ben": ben})).couplings
    return coupling


@pytest.mark.parametrize(("missing", "windows", "answered"), [(3, 89, False), (1, 90, True), (0, 91, True)])
def test_three_windows_of_common_valid_time_are_compared(missing, windows, answered):
    coupling = short(240, missing)
    assert coupling.windows == pytest.approx(windows / 30)
    assert (coupling.estimate is not None) is answered


def test_the_length_that_a_refusal_asks_for_is_enough():
    refused = short(200).refused
    assert refused.facts["seconds"] == 120.0
    assert short(round(2 * refused.facts["seconds"])).p is not None


@pytest.mark.parametrize(("samples", "places"), [(2430, 98), (2432, 99), (2456, 100)])
def test_a_p_value_needs_99_surrogates(samples, places):
    ada, ben = (wander(seed, 1300.0)[:samples] for seed in (1, 2))
    (coupling,) = replace(QUICK, null=CircularShift())(session({"ada": ada, "ben": ben})).couplings
    assert len(coupling.nulls) == places
    assert (coupling.p is not None) is (places >= 99)
    assert coupling.estimate is not None


@pytest.mark.parametrize(("sessions", "single", "dyads"), [(9, False, 18), (9, True, 19), (10, False, 20)])
def test_a_p_value_needs_19_pseudo_dyads(sessions, single, dyads):
    first, *others = script(sessions + 1, roles=ROLES)
    if single:
        others.append(session({"a11": wander(99)}, roles=ROLES))
    (g2,) = QUICK(first, others).of(("a0", "b0"), "G2")
    assert len(g2.nulls) == dyads
    assert (g2.p is not None) is (dyads >= 19)


@pytest.mark.parametrize(("people", "couplings"), [(4, 12), (5, 10)])
def test_up_to_six_pairs_are_tested_against_secondary_nulls(people, couplings):
    made = session({f"p{k}": wander(k) for k in range(people)})
    assert len(replace(QUICK, sensitivity=(SegmentShuffle(),))(made).couplings) == couplings


def test_the_threshold_of_a_map_is_the_95th_percentile_of_its_surrogates(monkeypatch):
    seen = []
    profiles = PhaseRandomised.profiles

    def spied(self, *arguments):
        seen.append(profiles(self, *arguments))
        return seen[-1]

    monkeypatch.setattr(PhaseRandomised, "profiles", spied)
    finding = QUICK(linked())
    largest = np.sort(seen[0].largest)
    threshold = finding.map_threshold["ada", "ben", "heart_rate"]
    assert threshold == np.quantile(largest, 0.95)
    assert 0.03 < np.mean(largest > threshold) <= 10 / 199


@pytest.mark.parametrize(("people", "kept"), [(8, True), (9, True), (10, False)])  # 28, 36 and 45 pairs
def test_up_to_forty_pairs_keep_their_surfaces_in_memory(monkeypatch, people, kept):
    surface = object()
    monkeypatch.setattr(
        pipeline, "analyze_pair",
        lambda session, channel, pair, *rest: PairResult(pair, channel.name, (), surface=surface),  # type: ignore[arg-type]
    )  # fmt: skip
    monkeypatch.setattr(PairResult, "with_sensitivity", lambda self, *rest: self)
    together = session({f"p{k}": wander(k) for k in range(people)})
    channel = QUICK._channel(together, (), "heart_rate", {})
    answers = list(QUICK._pairs(together, channel, lambda *progress: None))
    assert len(answers) == people * (people - 1) // 2
    assert all((answer.surface is surface) is kept for answer in answers)


@pytest.mark.parametrize(("pairs", "draws"), [(0, 1999), (50, 1999), (51, 1960), (502, 199), (503, 199), (4950, 199)])
def test_many_pairs_have_fewer_surrogates_each(pairs, draws):
    assert draws_per_pair(1999, pairs) == draws
    assert draws_per_pair(99, pairs) == 99

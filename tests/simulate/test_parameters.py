import math
from dataclasses import replace

import numpy as np
import pytest

from coregulation.errors import UsageError
from coregulation.simulate.cues import CUES, cue_weights
from coregulation.simulate.parameters import HeartParameters, Profile, SkinParameters, known_numbers, pack_profiles


def test_every_number_says_its_unit_and_its_source():
    numbers = known_numbers()
    assert {"borrowed", "heart.rsa", "skin.fall"} <= numbers.keys()
    assert all(item["unit"] and item["source"] for item in numbers.values())


def test_cues_share_what_is_received():
    assert cue_weights().sum() == pytest.approx(1.0)
    assert all(cue.delay > 0 for cue in CUES.values())


def test_people_differ_about_the_profile_as_stated():
    rng = np.random.default_rng(1)
    people = [Profile(safety_bias=-0.25).varied(rng) for _ in range(3000)]
    borrowed = np.array([who.borrowed for who in people])
    assert borrowed.mean() == pytest.approx(3.0, rel=0.02)
    assert borrowed.std() / borrowed.mean() == pytest.approx(0.25, abs=0.02)
    assert {who.safety_bias for who in people} == {-0.25}
    rsa = np.array([who.heart.rsa for who in people])
    assert 0.2 < rsa.std() / rsa.mean() < 0.3
    assert len({who.skin.level for who in people}) == 3000


def test_no_variation_is_no_change():
    assert Profile().varied(np.random.default_rng(1), 0.0) == Profile()


def test_changes_reach_the_person_the_heart_and_the_skin():
    changed = Profile().changed({"borrowed": 0.0, "heart.rsa": 1.5, "skin.level": 9.0})
    assert changed == replace(Profile(), borrowed=0.0, heart=HeartParameters(rsa=1.5), skin=SkinParameters(level=9.0))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Profile().changed({"borowed": 1.0}), "Did you mean borrowed"),
        (lambda: Profile(tau_safety=0.0), "from 0.1 up"),
        (lambda: Profile(contagion=-1.0), "contagion must be"),
        (lambda: HeartParameters(rsa=math.nan), "rsa must be"),
        (lambda: Profile(shutdown=math.inf), "shutdown must be"),
    ],
)
def test_what_cannot_be_meant_is_refused(call, said):
    with pytest.raises(UsageError, match=said):
        call()


def test_packing_keeps_every_number():
    row = pack_profiles((Profile(), Profile(borrowed=7.0)))
    assert row["borrowed"].tolist() == [3.0, 7.0]
    assert set(row.dtype.names) == {name for name in known_numbers() if "." not in name}

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.errors import UsageError
from coregulation.simulate.dynamics import HeartRateLike
from coregulation.simulate.linkage import (
    CommonInput,
    CommonTrend,
    Coupled,
    Drifting,
    Independent,
    PacedRhythm,
    TurnTaking,
    UnequallySampled,
    own_dynamics_nulls,
    script_nulls,
    simulated_pair,
)

LAWS = [
    *script_nulls().values(),
    CommonInput(shared=False),
    TurnTaking(),
    Coupled(0.6, 2.0),
    Drifting(Coupled(0.5, 1.0), ppm=-500, offset=-3.25),
    Drifting(Independent(), ppm=50, offset=7.1),
]


def correlation(x, y):
    return np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(x, y, strict=True)])


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_a_law_gives_its_shape_and_the_same_again_from_the_same_seed(law):
    first = law.draw(np.random.default_rng(3), 4, 60, 2.0)
    again = law.draw(np.random.default_rng(3), 4, 60, 2.0)
    assert first.shape == (4, 2, 120)
    assert np.isfinite(first).all()
    assert np.array_equal(first, again)


def test_the_nulls_of_each_gate_are_false_claims():
    assert not any(law.link.beyond_own for law in own_dynamics_nulls().values())
    assert not any(law.link.beyond_script or law.link.coupled for law in script_nulls().values())


@settings(deadline=None)  # the first call loads scipy
@given(st.floats(-1, 1), st.integers(0, 8))
def test_coupling_keeps_the_variance_and_shows_at_its_lag(strength, half_seconds):
    law = Coupled(strength, half_seconds / 2)
    x = law.draw(np.random.default_rng(2), 3000, 10, 2.0)
    assert x[:, 1].var() == pytest.approx(1.4, abs=0.1)
    a, b = x[:, 0, 3], x[:, 1, 3 + half_seconds]
    assert np.corrcoef(a, b)[0, 1] == pytest.approx(strength, abs=0.08)


def test_a_shared_input_is_shared_by_all_pairs_and_a_private_one_by_two():
    shared = CommonInput(weight=3.0).draw(np.random.default_rng(1), 60, 300, 2.0)
    private = CommonInput(weight=3.0, shared=False).draw(np.random.default_rng(1), 60, 300, 2.0)
    for x, strangers in ((shared, 0.8), (private, 0.0)):
        assert correlation(x[:, 0], x[:, 1]).mean() > 0.8
        assert correlation(x[:-1, 0], x[1:, 1]).mean() == pytest.approx(strangers, abs=0.12)


def test_turns_make_opposites():
    turns = TurnTaking(rise=4.0).draw(np.random.default_rng(1), 50, 600, 2.0)
    assert correlation(turns[:, 0], turns[:, 1]).mean() < -0.3
    assert TurnTaking(shared=True).link.beyond_script is False
    assert TurnTaking().link.beyond_script is True


def test_a_pacer_is_followed_in_step_and_a_trend_settles():
    paced = PacedRhythm(height=5.0, phase_sd=0.0).draw(np.random.default_rng(1), 20, 200, 2.0)
    assert correlation(paced[:, 0], paced[:, 1]).mean() > 0.8
    settling = CommonTrend(height=3.0).draw(np.random.default_rng(1), 500, 600, 2.0)
    assert settling[..., 0].mean() == pytest.approx(3.0, abs=0.15)
    assert settling[..., -1].mean() == pytest.approx(3.0 * math.exp(-4), abs=0.15)


def test_a_drifting_clock_moves_the_second_series_alone():
    ahead = Drifting(Coupled(1.0), ppm=0.0, offset=2.0).draw(np.random.default_rng(1), 3, 50, 2.0)
    assert np.allclose(ahead[:, 1, :-4], ahead[:, 0, 4:])
    behind = Drifting(Coupled(1.0), ppm=0.0, offset=-2.0).draw(np.random.default_rng(1), 3, 50, 2.0)
    assert np.allclose(behind[:, 0, :-4], behind[:, 1, 4:])


def test_uneven_readings_lose_detail_only():
    even = Coupled(1.0, own=HeartRateLike(noise=0.0))
    x = UnequallySampled(even, rates=(2.0, 0.5), jitter=0.0).draw(np.random.default_rng(1), 20, 300, 2.0)
    assert 0.85 < correlation(x[:, 0], x[:, 1]).mean() < 0.999


def test_the_demo_pair_is_a_session_like_any_other():
    session, truth = simulated_pair(seed=5)
    a, b = (recording.signals["heart_rate"] for recording in session.recordings)
    assert session.simulated
    assert [person.id for person in session.people] == ["ada", "ben"]
    assert len(a) == len(b) == 2400
    assert 55 < a.values.mean() < 90
    assert (truth.seed, truth.link.lag, truth.link.leader) == (5, 2.0, 0)
    lags = [np.corrcoef(a.values[:2300], b.values[k : k + 2300])[0, 1] for k in range(24)]
    assert np.argmax(lags) == 8


def test_no_coupling_is_no_link():
    assert Coupled(0.0).link == Independent().link


@pytest.mark.parametrize(
    "call",
    [
        lambda: Coupled(1.2),
        lambda: Coupled(0.5, -1.0),
        lambda: Coupled(0.5, math.nan),
        lambda: Coupled(0.5, 0.3).draw(np.random.default_rng(1), 1, 60, 2.0),
        lambda: Independent().draw(np.random.default_rng(1), 1, 60, -1.0),
        lambda: Independent().draw(np.random.default_rng(1), 1, math.nan, 1.0),
        lambda: UnequallySampled(Independent(), rates=(1.0, 0.0)),
    ],
)
def test_what_cannot_be_meant_is_refused(call):
    with pytest.raises(UsageError):
        call()

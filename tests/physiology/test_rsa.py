"""RSA: closed forms, what it does not depend on, and what is adjusted, uncontrolled or refused."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.errors import UsageError
from coregulation.physiology import Breath, adjusted_rsa, peak_to_trough, porges_bohrer, rsa_porges_bohrer
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.rsa import RsaControl
from coregulation.reasons import because
from coregulation.signals import Beats
from coregulation.stage import Piece
from tests.laws.beats import cut_beats, some_beats
from tests.laws.stages import check_bound, check_stage
from tests.physiology.made import modulated_beats


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), at=st.lists(st.floats(-10, 400), max_size=20))
def test_laws(seed, at):
    beats = some_beats(seed, 400)
    check_stage(porges_bohrer(), Piece(beats, float(beats.times[-1])), cut_beats(beats, at))


def test_the_state_does_not_grow():
    beats = modulated_beats({0.25: 40.0}, seconds=1200)
    pieces = cut_beats(beats, range(1200))
    check_bound(porges_bohrer(), pieces[:150], pieces)


@pytest.mark.parametrize("frequency", [0.18, 0.2, 0.22, 0.25, 0.28])
@pytest.mark.parametrize("amplitude", [5.0, 40.0, 100.0])
def test_a_rhythm_of_known_amplitude(frequency, amplitude):
    found = rsa_porges_bohrer(modulated_beats({frequency: amplitude}, mean=850))
    assert found.value == pytest.approx(math.log(amplitude**2 / 2), abs=0.05)


@pytest.mark.parametrize("mean", [600, 750, 900, 1000])
def test_it_does_not_depend_on_the_mean_heart_rate(mean):
    assert rsa_porges_bohrer(modulated_beats({0.22: 40.0}, mean=mean)).value == pytest.approx(6.6846, abs=0.05)


def test_slow_rhythms_and_trends_do_not_enter():
    plain = rsa_porges_bohrer(modulated_beats({0.25: 40.0}))
    slow = rsa_porges_bohrer(modulated_beats({0.25: 40.0, 0.05: 60.0, 0.003: 60.0}))
    assert slow.value == pytest.approx(plain.value, abs=0.06)


def test_too_many_artefacts_or_too_little_time_give_no_number():
    beats = modulated_beats({0.25: 40.0})
    ok = np.ones(len(beats), bool)
    ok[::4] = False
    assert rsa_porges_bohrer(Beats(beats.times, ok)).why.code == PhysiologyReason.TOO_MANY_ARTEFACTS
    assert rsa_porges_bohrer(modulated_beats({0.25: 40.0}, seconds=20)).value is None
    assert rsa_porges_bohrer(Beats(np.empty(0))).value is None


def test_a_heart_without_variability_has_no_logarithm():
    assert rsa_porges_bohrer(Beats(np.arange(500) * 0.75)).value is None


def paced(frequency: float, seconds: float = 580) -> list[Breath]:
    """Breaths whose inspiration ends where RR is shortest."""
    return [
        Breath((k + 0.3) / frequency, (k + 0.75) / frequency, (k + 1.3) / frequency, 1.0)
        for k in range(1, int(seconds * frequency))
    ]


@pytest.mark.parametrize("frequency", [0.1, 0.15, 0.2])
def test_peak_to_trough_of_a_known_rhythm(frequency):
    found = peak_to_trough(modulated_beats({frequency: 40.0}), paced(frequency))
    # the intervals sample the rhythm every 0.9 s: on average they miss its tips by a known share
    step = np.pi * frequency * 0.9
    assert found.mean.value == pytest.approx(80 * np.sin(step) / step, rel=0.06)
    assert found.missing < 0.05
    assert found.mean.interval[0] < found.mean.value < found.mean.interval[1]


def test_a_breath_without_beats_or_with_a_negative_swing_is_missing_not_zero():
    beats = modulated_beats({0.2: 40.0}, seconds=300)
    assert peak_to_trough(Beats(beats.times[:100]), paced(0.2, 280)).missing > 0.5
    speeding = Beats(np.cumsum(np.linspace(1.2, 0.5, 350)))
    assert peak_to_trough(speeding, paced(0.2, 280)).missing == 1.0
    nothing = peak_to_trough(beats, [])
    assert (nothing.missing, nothing.mean.value) == (1.0, None)
    speaking = [Breath(b.start, b.peak, b.end, 1.0, speaking=True) for b in paced(0.2, 280)]
    assert len(peak_to_trough(beats, speaking).values) == 0


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), per_rate=st.floats(-0.5, 0.1), per_depth=st.floats(0, 3))
def test_what_breathing_explains_is_taken_out(seed, per_rate, per_depth):
    rng = np.random.default_rng(seed)
    rate, depth = rng.uniform(8, 20, 60), rng.uniform(0.5, 2, 60)
    vagal = 6 + 0.1 * rng.standard_normal(60)
    found = adjusted_rsa(vagal + per_rate * (rate - 14) + per_depth * np.log(depth), rate, depth)
    assert (found.control, found.why) == (RsaControl.ADJUSTED, None)
    assert found.per_rate == pytest.approx(per_rate, abs=0.03)
    assert found.per_depth == pytest.approx(per_depth, abs=0.2)
    assert abs(np.corrcoef(found.epochs, rate)[0, 1]) < 1e-6
    assert found.epochs.std() <= vagal.std() * (1 + 1e-9)  # what breathing does not explain is at most what was put in


def test_a_depth_that_does_not_vary_explains_nothing():
    """Its last digits do vary, and would get an effect of any size."""
    rng = np.random.default_rng(1)
    rate, noise = rng.uniform(8, 20, 40), rng.standard_normal(40)
    rsa = 6.0 - 0.1 * (rate - 14) + 0.1 * noise
    for digits in (0.0, 1e-13, 1e-11):
        found = adjusted_rsa(rsa, rate, 3.0 * (1 + digits * noise))
        assert found.per_depth == pytest.approx(0.0, abs=1e-6)
        assert found.per_rate == pytest.approx(-0.1, abs=0.02)


def test_without_enough_breath_it_is_uncontrolled():
    rsa = np.full(20, 6.0)
    few = adjusted_rsa(rsa, np.where(np.arange(20) < 5, 12.0, np.nan), np.ones(20))
    assert few.why == because(PhysiologyReason.BREATH_KNOWN_TOO_SHORT, known=5, needed=12, epoch=30.0)
    narrow = adjusted_rsa(rsa, np.full(20, 12.0), np.ones(20))
    assert narrow.why == because(PhysiologyReason.BREATH_TOO_EVEN, spread=0.0, needed=4.0)
    assert few.control is narrow.control is RsaControl.UNCONTROLLED
    assert narrow.value.value == 6.0
    with pytest.raises(UsageError, match="one value an epoch"):
        adjusted_rsa(rsa, rsa[:3], rsa)

import math

import numpy as np
import pytest

from coregulation.errors import UsageError
from coregulation.simulate.laws.clock_drift import Drifting
from coregulation.simulate.laws.common_input import CommonInput
from coregulation.simulate.laws.coupled import Coupled
from coregulation.simulate.laws.gaps import Gappy
from coregulation.simulate.laws.independent import Independent
from coregulation.simulate.laws.registry import LAWS
from coregulation.simulate.laws.series import SWING, SeriesLaw, sample_count
from coregulation.simulate.laws.turn_taking import TurnTaking

GENERATORS = [
    *(law.generator for law in LAWS.series()),
    CommonInput(shared=False),
    TurnTaking(),
    Coupled(0.6, 2.0),
    Drifting(Coupled(0.5, 1.0), ppm=-500, offset=-3.25),
    Drifting(Independent(), ppm=50, offset=7.1),
]


def missing_of(law):
    """Which samples of four pairs a law leaves out with this seed; only laws with gaps leave any out."""
    missing = np.zeros((4, 2, 120), bool)
    if isinstance(law, Gappy):
        rng = np.random.default_rng(3)
        law.of.draw(rng, 4, 60, 2.0)
        for pair in missing:
            pair[:] = law.pattern.missing(rng, 120, 2.0)
    return missing


@pytest.mark.parametrize("law", GENERATORS, ids=str)
def test_a_law_gives_its_shape_and_the_same_again_from_the_same_seed(law):
    first = law.draw(np.random.default_rng(3), 4, 60, 2.0)
    again = law.draw(np.random.default_rng(3), 4, 60, 2.0)
    assert first.shape == (4, 2, 120)
    missing = missing_of(law)
    assert np.array_equal(np.isnan(first), missing)  # gaps where the pattern has them, and nowhere else
    assert np.isfinite(first[~missing]).all()
    assert np.array_equal(first, again, equal_nan=True)


def test_a_session_is_the_series_around_each_ones_resting_heart_rate():
    law = SeriesLaw("two", "two", "Two.", Coupled(0.5, 1.0), ("film",), 120.0)
    session, truth = law.simulate(7)
    series = law.generator.draw(np.random.default_rng(7), 1, 120.0, 4.0)[0]
    for person, level, values in zip(("ada", "ben"), (72.0, 66.0), series, strict=True):
        assert np.array_equal(session.of(person).signals["heart_rate"].values, level + SWING * values)
    assert (session.id, session.shared, truth.link) == ("two-7", ("film",), Coupled(0.5, 1.0).link)
    assert [(b.start, b.end, b.present) for b in session.blocks] == [(0.0, 120.0, ("ada", "ben"))]


@pytest.mark.parametrize(("seconds", "rate", "count"), [(10.0, 2.0, 20), (0.1, 2.0, 2), (1.0, 3.4, 3)])
def test_a_recording_has_so_many_samples(seconds, rate, count):
    assert sample_count(seconds, rate) == count


@pytest.mark.parametrize(
    ("seconds", "rate"), [(60.0, -1.0), (60.0, 0.0), (0.0, 1.0), (math.nan, 1.0), (60.0, math.inf)]
)
def test_a_length_or_a_rate_that_is_no_positive_number_is_refused(seconds, rate):
    with pytest.raises(UsageError, match="must be positive numbers"):
        Independent().draw(np.random.default_rng(1), 1, seconds, rate)


def test_a_negative_seed_is_refused():
    with pytest.raises(UsageError, match="A seed is a whole number from 0 up"):
        LAWS["common-trend"].simulate(-1)

import numpy as np

from coregulation.simulate.linkage import simulated_pair


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

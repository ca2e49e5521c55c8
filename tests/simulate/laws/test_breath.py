import numpy as np

from coregulation.simulate.confounds import KNOWN, known_answer
from coregulation.simulate.designs import PAIR
from coregulation.simulate.nervous_system import states
from coregulation.simulate.random_streams import random_generator


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

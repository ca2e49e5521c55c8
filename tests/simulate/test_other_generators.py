import ast
import pathlib

import numpy as np
import pytest

from tests.simulate import other_generators
from tests.simulate.other_generators import GENERATORS, KINDS, PAIR, RATE, other

EVERY = [(kind, generator) for generator in GENERATORS for kind in KINDS]
SOME = [(kind, list(GENERATORS)[k % len(GENERATORS)]) for k, kind in enumerate(KINDS)]


def test_nothing_of_the_simulator_is_used():
    tree = ast.parse(pathlib.Path(other_generators.__file__).read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name for name in modules if name.startswith("coregulation")} == {
        "coregulation.events",
        "coregulation.session",
        "coregulation.signals",
    }


@pytest.mark.parametrize(
    ("kind", "generator"), [pytest.param(*each, marks=() if each in SOME else pytest.mark.nightly) for each in EVERY]
)
def test_what_is_said_to_be_true_is(kind, generator):
    _, held = other(kind, generator, 1)
    if held.steadied:
        assert max(held.own, held.net) < 0.5
    elif kind == "co-dysregulation":
        assert held.own > 1.2
        assert held.net == pytest.approx(2.2, abs=0.05)
    elif kind == "linked":
        assert held.own < 0.8
        assert held.net == pytest.approx(1.0, abs=0.02)
    else:
        assert (held.own, held.net) == pytest.approx((1.0, 1.0))


@pytest.mark.parametrize("generator", GENERATORS)
def test_a_session_comes_again_and_a_lone_response_is_as_high_as_asked(generator):
    (first, held), (again, _), (another, _) = (other("nothing", generator, seed) for seed in (1, 1, 2))
    seen = [session.of("ada").signals["arousal"].values for session in (first, again, another)]
    assert np.array_equal(seen[0], seen[1])
    assert not np.array_equal(seen[0][:900], seen[2][:900])
    tops = [
        held.arousal[round(b.start * RATE) : round((b.end + 20) * RATE), 0].max() for b in first.blocks if "ada" in b.perturbed
    ]  # fmt: skip
    assert np.median(tops) == pytest.approx(0.95, abs=0.25)
    rest = held.arousal[: round(180 * RATE)]
    assert 0.02 < rest.std() < 0.15


def test_bodies_beat_and_breathe_and_follow_arousal():
    session, held = other("mutual", "clearance", 3, worn=True)
    for i, name in enumerate(PAIR):
        recording = session.of(name)
        heart = 60 / np.diff(recording.beats.times)
        arousal = np.interp(recording.beats.times[1:] - 4, np.arange(len(held.arousal)) / RATE, held.arousal[:, i])
        assert 50 < heart.mean() < 100
        assert heart.max() < 160
        assert np.corrcoef(heart, arousal)[0, 1] > 0.6
        spectrum = np.abs(np.fft.rfft(recording.signals["resp"].values - recording.signals["resp"].values.mean()))
        assert 0.15 < np.fft.rfftfreq(len(recording.signals["resp"].values), 0.1)[spectrum.argmax()] < 0.4


def test_what_the_session_says_is_what_a_session_would_say():
    said = {kind: other(kind, "late-feedback", 5)[0] for kind in ("recording-helps", "both-hit-undeclared", "nothing")}
    assert {b.partner for b in said["recording-helps"].blocks if b.present} == {"recorded"}
    assert all(len(b.perturbed) < 2 for b in said["both-hit-undeclared"].blocks if b.present)
    for session in said.values():
        assert {b.present for b in session.blocks} == {(), PAIR}
        assert all(session.simulated and r.channels == ("arousal",) for r in session.recordings)

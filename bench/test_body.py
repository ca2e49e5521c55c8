"""Two people's hour to two complete bodies, and one person's body live, a second at a time."""

import numpy as np
import pytest
from tests.bodies import ecg_of
from tests.physiology.made import made_breath, made_skin, modulated_beats

from coregulation.analysis.person import analyze_person
from coregulation.events import Block
from coregulation.physiology import BodyStage, compute_body, compute_hrv, rsa_porges_bohrer
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats, Signal
from coregulation.stage import Piece

HOUR = 3600


@pytest.fixture(scope="module")
def pair():
    return [
        {
            "beats": modulated_beats({0.1: 20.0, 0.25: 40.0}, mean=mean, seconds=HOUR),
            "resp": made_breath(seed, HOUR)[0],
            "eda": made_skin(seed, HOUR)[0],
        }
        for seed, mean in ((1, 800.0), (2, 950.0))
    ]


def test_two_bodies_of_an_hour(benchmark, pair):
    bodies = benchmark.pedantic(lambda: [compute_body(given) for given in pair], rounds=5, warmup_rounds=1)
    assert all(found.heart_rate.coverage > 0.99 for found in bodies)


def test_two_people_from_raw_ecg_breath_and_skin(benchmark, pair):
    """Beats found and judged, body, arousal, states, numbers with intervals: all that the page of a person needs."""
    people = [_raw(f"person {k}", given) for k, given in enumerate(pair)]
    session = Session("hour", tuple(people), blocks=(Block("alone-rest", 0.0, 300.0),))
    found = benchmark.pedantic(lambda: [analyze_person(one, session) for one in people], rounds=3, warmup_rounds=1)
    assert all(one.everything["rmssd"].value is not None and one.states for one in found)


def _raw(who, given):
    ecg = ecg_of(given["beats"].times, HOUR, rate=500.0)
    return Recording(Person(who), {"ecg": ecg, "resp": given["resp"], "eda": given["eda"]})


def test_memory_of_two_bodies(pair):
    import tracemalloc

    raw = sum(
        len(data) * 8 if isinstance(data, Beats) else data.values.nbytes for given in pair for data in given.values()
    )
    [compute_body(given) for given in pair]
    tracemalloc.start()
    kept = [compute_body(given) for given in pair]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * raw, f"raw {raw / 1e6:.1f} MB, peak {peak / 1e6:.1f} MB ({peak / raw:.1f} times)"
    assert kept


def seconds_of(given, n):
    edges = np.arange(n + 1.0)
    cuts = np.searchsorted(given["beats"].times, edges)
    for k in range(n):
        part = slice(cuts[k], cuts[k + 1])
        beats = given["beats"]
        piece = {"beats": Piece(Beats(beats.times[part], beats.ok[part], beats.breaks[part]), k + 1.0)}
        for name in ("resp", "eda"):
            signal = given[name]
            values = signal.values[round(k * signal.rate) : round((k + 1) * signal.rate)]
            piece[name] = Piece(Signal(values, signal.rate, float(k), signal.unit), k + 1.0)
        yield Piece(piece, k + 1.0)


def test_a_minute_live_a_second_at_a_time(benchmark, pair):
    stage = BodyStage(("beats", "resp", "eda"))
    pieces = list(seconds_of(pair[0], 180))
    state = stage.start()
    for piece in pieces[:120]:
        state, _ = stage.step(state, piece)

    def minute():
        held = state
        for piece in pieces[120:]:
            held, _ = stage.step(held, piece)

    benchmark.pedantic(minute, rounds=5, warmup_rounds=1)


def test_porges_bohrer_of_an_hour(benchmark, pair):
    benchmark(rsa_porges_bohrer, pair[0]["beats"])


def test_hrv_of_an_hour(benchmark, pair):
    benchmark(compute_hrv, pair[0]["beats"])

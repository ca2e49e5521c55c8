"""The whole body: laws over all its signals, what reaches the grid, and what is not known."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.errors import DataError, UsageError
from coregulation.physiology import BodyStage, baseline, compute_body, compute_heart_rate
from coregulation.physiology.body import BreathSource, assemble_body
from coregulation.signals import Beats, Signal, Unit, Window
from coregulation.stage import Piece
from tests.laws.beats import cut_beats, some_beats
from tests.laws.rows import flat_told
from tests.laws.stages import check_bound, check_stage
from tests.physiology.made import made_breath, made_skin, modulated_beats

SECONDS = 150


def given_of(seed: int, channels) -> dict:
    rng = np.random.default_rng(seed)
    breath, _ = made_breath(seed, SECONDS, rate=25.0, noise=0.05)
    values = breath.values.copy()
    values[500 : 500 + int(rng.integers(1, 400))] = np.nan
    skin, _ = made_skin(seed, SECONDS, rate=10.0)
    data = {
        "beats": some_beats(seed, 150, start=0.0),
        "resp": Signal(values, 25.0, -3.3, breath.unit),
        "eda": skin,
        "motion": Signal(rng.random(SECONDS * 10), 10.0, 0.4, Unit.ARBITRARY),
        "heart_rate": Signal(70 + rng.random(SECONDS), 1.0, 0.7, Unit.PER_MINUTE),
    }
    return {name: data[name] for name in channels}


def cut_given(given: dict, at) -> list[Piece]:
    """Cut every channel at the same session times; a channel without news in between may be absent."""
    edges = [-np.inf, *sorted(set(at)), np.inf]
    parts = {name: [] for name in given}
    if "beats" in given:
        parts["beats"] = cut_all_beats(given["beats"], edges)
    for name in set(given) - {"beats"}:
        signal, times = given[name], given[name].times
        for low, high in itertools.pairwise(edges):
            first, last = np.searchsorted(times, [low, high])
            part = Signal(
                signal.values[first:last], signal.rate, float(times[first]) if first < len(times) else 0.0, signal.unit
            )
            parts[name].append(Piece(part, part.window.end if len(part) else -np.inf) if len(part) else None)
    pieces = [{n: parts[n][i] for n in given if parts[n][i] is not None} for i in range(len(edges) - 1)]
    return [Piece(piece, float(i)) for i, piece in enumerate(pieces)]


def cut_all_beats(beats: Beats, edges) -> list[Piece]:
    last = float(beats.times[-1])
    out = []
    for low, high in itertools.pairwise(edges):
        inside = (beats.times >= low) & (beats.times < high)
        out.append(Piece(Beats(beats.times[inside], beats.ok[inside], beats.breaks[inside]), min(high, last)))
    return out


def whole_of(given: dict) -> Piece:
    return Piece({name: Piece(data, data.window.end) for name, data in given.items()}, 0.0)


@pytest.mark.parametrize(
    "channels",
    [("beats", "resp", "eda", "motion"), ("beats",), ("resp",), ("eda",), ("heart_rate", "eda")],
    ids=lambda c: "+".join(c),
)
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), at=st.lists(st.floats(0, 150), max_size=12))
def test_laws(channels, seed, at):
    given = given_of(seed, channels)
    check_stage(BodyStage(channels), whole_of(given), cut_given(given, at), flat_told)


def test_the_state_does_not_grow():
    breath, _ = made_breath(1, 600, rate=25.0)
    given = {
        "beats": modulated_beats({0.25: 40.0}, seconds=600),
        "resp": breath,
        "eda": made_skin(1, 600, rate=10.0)[0],
    }
    pieces = cut_given(given, range(1, 600))
    check_bound(BodyStage(tuple(given)), pieces[:150], pieces)


def linked(seconds: float = 600) -> dict:
    """A person who breathes at 0.2 Hz with an RSA of 40 ms."""
    times = np.arange(0, seconds, 1 / 25)
    resp = Signal(-np.sin(2 * np.pi * 0.2 * times), 25.0, 0.0, Unit.ARBITRARY)
    return {
        "beats": modulated_beats({0.2: 40.0}, seconds=seconds),
        "resp": resp,
        "eda": made_skin(2, seconds, rate=10.0)[0],
    }


def test_everything_reaches_one_grid():
    found = compute_body(linked())
    middle = Window(60, 540)
    assert len({(len(s), s.start) for s in (found.heart_rate, found.rsa, found.scl, found.motion)}) == 1
    assert np.median(found.rsa.within(middle).values) == pytest.approx(np.log(800), abs=0.05)
    assert np.median(found.rsa_adjusted.within(middle).values) == pytest.approx(np.log(40**2), abs=0.1)
    np.testing.assert_allclose(found.breathing_rate.within(middle).values, 12.0, atol=0.1)
    assert found.breath_source is BreathSource.MEASURED
    assert found.motion.coverage == 0.0
    assert set(found.inputs) == {"heart_rate", "rsa", "scr_rate", "breathing_rate"}
    assert found.inputs["rsa"] is found.rsa_adjusted
    assert found.window.start <= 0.5


def test_heart_rate_is_the_same_number_on_its_own():
    given = linked(200)
    alone, found = compute_heart_rate(given["beats"]), compute_body(given).heart_rate
    np.testing.assert_array_equal(found.within(alone.window).values, alone.values)


def test_without_a_belt_rsa_is_uncontrolled_and_breath_derived():
    given = linked()
    found = compute_body({"beats": given["beats"]})
    assert found.breath_source is BreathSource.BEATS
    assert found.rsa_adjusted.coverage == 0.0
    assert np.median(found.rsa.within(Window(60, 540)).values) == pytest.approx(np.log(800), abs=0.05)
    assert np.nanmedian(found.breathing_rate.values) == pytest.approx(12, abs=0.2)
    assert set(found.inputs) == {"heart_rate", "rsa"}
    assert compute_body({"eda": given["eda"]}).breath_source is BreathSource.NONE


def test_a_heart_rate_that_a_device_told_stands_in_for_beats():
    told = Signal(np.full(200, 70.0) + np.arange(200) / 100, 1.0, 0.0, Unit.PER_MINUTE)
    found = compute_body({"heart_rate": told})
    assert found.heart_rate.within(Window(50, 150)).values == pytest.approx(
        70 + np.arange(50, 150, 0.5) / 100, abs=0.01
    )
    assert found.breath_source is BreathSource.NONE
    assert set(found.inputs) == {"heart_rate"}
    given = linked(100)
    both = compute_body({"beats": given["beats"], "heart_rate": told})
    np.testing.assert_array_equal(both.heart_rate.values, compute_body({"beats": given["beats"]}).heart_rate.values)


def test_quality_falls_where_nothing_is_known_or_somebody_moves():
    given = linked(200)
    beats = given["beats"]
    gone = (beats.times > 80) & (beats.times < 120)
    breaks = np.diff(np.cumsum(gone), prepend=0) > 0
    breaks = np.concatenate([[True], gone[:-1] & ~gone[1:]])[~gone]
    given["beats"] = Beats(beats.times[~gone], None, breaks)
    given["motion"] = Signal(np.where(np.arange(2000) < 400, 5.0, 0.1), 10.0, 0.0, Unit.ARBITRARY)
    found = compute_body(given, moving=1.0)
    heart = found.quality["heart"]
    assert np.nanmax(heart.within(Window(95, 119)).values) == 0.0
    assert heart.within(Window(60, 75)).values.min() == 1.0
    assert heart.within(Window(20, 35)).values.max() < 0.05
    assert compute_body(given).quality["skin"].within(Window(20, 35)).values.min() == 1.0


def test_arousal_comes_with_a_baseline():
    found = compute_body(linked())
    own = baseline(found.inputs, Window(60, 300))
    with_it = found.with_arousal(own)
    assert found.arousal is None
    assert len(with_it.arousal.value) == len(found.heart_rate)
    assert "rsa" not in found.with_arousal(own, paced=True).arousal.inputs


def test_pieces_may_come_one_channel_at_a_time():
    given = linked(100)
    stage = BodyStage(tuple(given))
    state, told = stage.start(), []
    for name, data in given.items():
        state, out = stage.step(state, Piece({name: Piece(data, data.window.end)}, 100.0))
        told.append(out.data)
    one = assemble_body([*told, stage.finish(state).data], stage.channels)
    other = compute_body(given)
    for name in ("heart_rate", "rsa", "breathing_rate", "scl"):
        np.testing.assert_array_equal(getattr(one, name).values, getattr(other, name).values)


@pytest.mark.parametrize("channels", [(), ("ecg",), ("beats", "voice")])
def test_a_body_is_made_of_known_channels(channels):
    with pytest.raises(UsageError, match="A body is made of"):
        BodyStage(channels)


def test_nothing_recorded_is_an_error():
    with pytest.raises(DataError, match="Nothing of this body"):
        compute_body({"beats": Beats(np.empty(0))})


def test_twenty_seconds_tell_little():
    found = compute_body(linked(20))
    assert found.scr_rate.coverage == 0.0
    assert found.rsa_adjusted.coverage == 0.0
    assert found.heart_rate.coverage > 0.9


def test_the_latest_signal_comes_within_a_minute():
    assert BodyStage().delay == 50.5
    assert len(cut_beats(linked(20)["beats"], [5.0])) == 2

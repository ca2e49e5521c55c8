import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.errors import UsageError
from coregulation.signals import Beats, Signal, Unit
from coregulation.simulate.faults import TICK, Dropout, SimulatedStrap, packets

TIMES = np.cumsum(0.8 + 0.05 * np.sin(np.arange(3000) / 3))


def rng(seed=1):
    return np.random.default_rng(seed)


@given(st.floats(0, 0.5), st.floats(0, 600), st.floats(0, 0.2), st.booleans(), st.integers(0, 99))
def test_whatever_a_strap_does_its_intervals_are_whole_ticks(loss, ectopics, missed, synthesised, seed):
    beats = SimulatedStrap(loss, ectopics, missed, synthesised).read(TIMES[:200], rng(seed))
    ticks = beats.rr[np.isfinite(beats.rr)] / TICK
    assert np.allclose(ticks, np.rint(ticks), atol=1e-6)
    assert len(beats) <= 200


def test_a_good_strap_is_half_a_tick_off():
    beats = SimulatedStrap().read(TIMES, rng())
    assert np.abs(beats.rr[1:] - np.diff(TIMES)).max() <= TICK / 2 + 1e-9
    assert np.abs(beats.times - TIMES).max() < 0.1
    assert beats.breaks.sum() == 1


def test_after_a_lost_packet_the_interval_is_unknown():
    whole, torn = SimulatedStrap().read(TIMES, rng()), SimulatedStrap(loss=0.05).read(TIMES, rng())
    assert np.isin(torn.times, whole.times).all()
    assert len(torn) == pytest.approx(0.95 * len(whole), rel=0.02)
    gaps = np.flatnonzero(np.diff(torn.times) > 1.0) + 1
    assert torn.breaks[gaps].all()
    assert np.nanmax(torn.rr) < 1.0


def test_an_early_beat_is_made_up_for():
    beats = SimulatedStrap(ectopics=120.0).read(TIMES, rng())
    shift = TIMES - beats.times
    early = shift > 0.2
    assert early.sum() == pytest.approx(120 * TIMES[-1] / 3600, rel=0.35)
    assert not (early[1:] & early[:-1]).any()
    assert shift[early] == pytest.approx(0.35 * np.diff(TIMES, prepend=0)[early], abs=0.1)
    assert np.abs(shift[~early]).max() < 0.1


def test_a_missed_beat_makes_one_long_interval():
    beats = SimulatedStrap(missed=0.1).read(TIMES, rng())
    assert len(beats) == pytest.approx(2700, rel=0.03)
    assert np.nanmax(beats.rr) > 1.4


def test_invented_intervals_lose_the_variation_that_was_there():
    uneven = np.cumsum(np.tile([0.75, 0.85, 0.95, 0.85], 200))
    beats = SimulatedStrap(synthesised=True).read(uneven, rng())
    assert np.allclose(60 / beats.rr[20:], np.rint(60 / beats.rr[20:]), atol=0.2)
    assert np.nanstd(beats.rr[20:]) < 0.2 * np.diff(uneven).std()


def test_no_beats_give_no_beats():
    for strap in (SimulatedStrap(), SimulatedStrap(0.5, 60.0, 0.1, synthesised=True)):
        assert len(strap.read(np.empty(0), rng())) == 0
    assert packets(Beats(np.empty(0)), rng()) == ()
    assert len(SimulatedStrap(synthesised=True).read(TIMES[:1], rng())) == 1


def test_packets_carry_every_interval_once_and_arrive_in_order():
    beats = SimulatedStrap(loss=0.02).read(TIMES, rng())
    sent = packets(beats, rng())
    assert sum((p.ticks for p in sent), ()) == tuple(np.rint(beats.rr[np.isfinite(beats.rr)] / TICK).astype(int))
    arrivals = np.array([p.arrived for p in sent])
    assert (np.diff(arrivals) >= 0).all()
    late = arrivals - [p.sent for p in sent]
    assert 0.02 <= late.min() < np.median(late) < 0.06
    assert late.max() > 0.2
    assert sent[20].heart_rate == pytest.approx(75, abs=4)
    assert sent[0].heart_rate >= 0


def test_dropouts_leave_gaps_and_touch_nothing_else():
    signal = Signal(np.arange(40_000.0), 10.0, 3.0, Unit.ARBITRARY)
    spoilt = Dropout(60, 5).spoil(signal, rng())
    gone = np.isnan(spoilt.values)
    assert gone.mean() == pytest.approx(60 * 5 / 3600, rel=0.5)
    assert np.array_equal(spoilt.values[~gone], signal.values[~gone])
    assert Dropout(0).spoil(signal, rng()).coverage == 1.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: SimulatedStrap(loss=1.0),
        lambda: SimulatedStrap(missed=-0.1),
        lambda: SimulatedStrap(ectopics=-1),
        lambda: Dropout(-1),
        lambda: Dropout(1, 0),
    ],
)
def test_what_cannot_be_meant_is_refused(call):
    with pytest.raises(UsageError):
        call()

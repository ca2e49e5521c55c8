"""Beat times from intervals: how exact, that a loss is a break, and that no interval is ever bent."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from coregulation.packet_clock import SLEW, ArrivedIntervals, PacketClock
from coregulation.stage import Piece, run
from tests.laws.stages import check_bound, check_stage


def strap(seed, loss=0.0, beats=900, mean=0.85):
    """True beat times, the packets of a strap (1 s packing, late by 20 ms + exp(20 ms), 2 % by exp(300 ms)), how many were lost."""
    rng = np.random.default_rng(seed)
    rr = np.round((mean + 0.05 * np.sin(np.arange(beats) * 0.4) + 0.02 * rng.standard_normal(beats)) * 1024) / 1024
    times, packets, lost, k, last = np.cumsum(rr), [], 0, 0, 0.0
    for second in range(1, int(times[-1])):
        held = []
        while times[k] <= second:
            held.append(float(rr[k]))
            k += 1
        late = 0.02 + rng.exponential(0.02) + (rng.exponential(0.3) if rng.random() < 0.02 else 0.0)
        last = max(last, second + late)
        if rng.random() >= loss:
            packets.append(ArrivedIntervals(last, tuple(held)))
        else:
            lost += 1
    return times, packets, lost


def placed(packets):
    return [beat for piece in run(PacketClock(), [Piece([one], one.at) for one in packets]) for beat in piece.data]


def errors(times, beats):
    found = np.array([beat.time for beat in beats])
    after = np.clip(np.searchsorted(times, found), 1, len(times) - 1)
    near = np.where(np.abs(found - times[after]) < np.abs(found - times[after - 1]), times[after], times[after - 1])
    return (found - near)[15:]


@pytest.mark.parametrize(("loss", "most"), [(0.0, 0.030), (0.01, 0.060)])
def test_beats_are_as_exact_as_promised(loss, most):
    spread = [errors(times, placed(packets)).std() for times, packets, _ in (strap(seed, loss) for seed in range(12))]
    arrival = []
    for seed in range(12):
        _, packets, _ = strap(seed, loss)
        arrival.append(np.std([one.at - sum(one.rr) for one in packets if one.rr]))
    assert np.median(spread) < most
    assert np.median(spread) < 0.3 * np.median(arrival)


def test_every_lost_packet_breaks_the_chain_and_hardly_anything_else():
    broken = lost = 0
    for seed in range(12):
        _, packets, gone = strap(seed, 0.02)
        broken += sum(beat.breaks for beat in placed(packets)) - 1
        lost += gone
    assert 0.8 * lost < broken < 1.3 * lost


def test_no_interval_is_bent_by_more_than_the_straps_own_step():
    _, packets, _ = strap(1)
    beats = placed(packets)
    told = [rr for one in packets for rr in one.rr]
    found = [b.time - a.time for a, b in itertools.pairwise(beats) if not b.breaks]
    for rr, one in zip(told, found, strict=False):
        assert abs(rr - one) <= SLEW * rr + 1e-9


def test_a_minute_without_the_strap_is_a_break_and_is_not_filled():
    _, packets, _ = strap(2, beats=400)
    kept = [one for one in packets if not 100 < one.at < 160]
    beats = placed(kept)
    (after,) = [b for a, b in itertools.pairwise(beats) if b.time - a.time > 10]
    assert after.breaks
    assert after.time > 158


def test_intervals_that_come_twice_break_the_chain():
    _, packets, _ = strap(3, beats=300)
    twice = [one for k, one in enumerate(packets) for _ in range(2 if k == 100 else 1)]
    assert sum(beat.breaks for beat in placed(twice)) >= 2


@pytest.mark.parametrize("loss", [0.0, 0.05])
def test_the_laws_of_a_stage(loss):
    _, packets, _ = strap(4, loss, beats=300)
    whole = Piece(packets, math.inf)
    parts = [Piece(packets[a:b], packets[a].at) for a, b in itertools.pairwise([0, 1, 2, 40, 41, 150, len(packets)])]
    check_stage(PacketClock(), whole, parts)


def test_its_state_does_not_grow():
    _, packets, _ = strap(5, beats=2000)
    pieces = [Piece([one], one.at) for one in packets]
    check_bound(PacketClock(), pieces[:150], pieces)


def test_packets_without_intervals_give_no_beats():
    assert placed([ArrivedIntervals(float(k), ()) for k in range(50)]) == []

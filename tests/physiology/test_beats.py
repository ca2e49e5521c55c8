"""Beats one by one and as arrays."""

import numpy as np

from coregulation.physiology.beats import Beat, beat_stream, collect_beats
from coregulation.signals import Beats, Window
from coregulation.stage import Piece


def test_beats_survive_being_taken_one_by_one():
    beats = Beats(np.array([1.0, 2.0, 4.0]), np.array([True, False, True]), np.array([False, False, True]))
    back = collect_beats([Piece(beat_stream(beats)[:1], 1.5), Piece(beat_stream(beats)[1:], 5.0)])
    for name in ("times", "ok", "breaks"):
        np.testing.assert_array_equal(getattr(back.beats, name), getattr(beats, name))
    assert back.lost == ()


def test_lost_spans_and_confidence_are_told():
    found = (Beat(1.0, 0.5), Beat(9.0, 0.25, breaks=True, lost=Window(2.0, 8.0)))
    detected = collect_beats([Piece(found, 10.0)])
    assert detected.lost == (Window(2.0, 8.0),)
    np.testing.assert_array_equal(detected.confidence, [0.5, 0.25])
    assert len(collect_beats([]).beats) == 0

"""Where a signal is lost, and where it only stands still."""

import numpy as np
import pytest

from coregulation.physiology import signal_loss

RATE = 200.0


def spans(values: np.ndarray) -> list[tuple[float, float]]:
    watch = signal_loss.signal_watch()
    signal_loss.fill_lost(values, 0, RATE, watch)
    return [(float(span["start"]), float(span["end"])) for span in watch["spans"][0][: watch["count"][0]]]


def noise(n: int = 2000) -> np.ndarray:
    return np.random.default_rng(1).standard_normal(n)


@pytest.mark.parametrize(
    ("length", "value", "found"),
    [
        (0.05, np.nan, False),
        (0.06, np.nan, True),
        (0.9, 0.0, False),
        (1.1, 0.0, True),
        (0.1, 9.0, False),
        (0.2, 9.0, True),
    ],
)
def test_what_is_lost(length, value, found):
    values = noise()
    end = 1000 + round(length * RATE)
    values[1000:end] = value
    expected = [(pytest.approx(5.0, abs=0.01), end / RATE)] if found else []
    assert spans(values) == expected


def test_missing_samples_are_held():
    values = noise(20)
    values[5:8] = np.nan
    out = signal_loss.fill_lost(values, 0, RATE, signal_loss.signal_watch())
    np.testing.assert_array_equal(out[5:8], values[4])
    assert np.isfinite(out).all()


def test_the_oldest_spans_are_forgotten():
    values = noise(200 * 40)
    for at in range(0, len(values), 40):
        values[at : at + 20] = np.nan
    found = spans(values)
    assert len(found) == signal_loss.SPANS
    assert found[-1][0] == pytest.approx((len(values) - 40) / RATE)


def test_a_still_line_between_beats_is_no_rail():
    values = np.zeros(2000)
    for k, height in enumerate((0.02, 0.5, 1.0, 0.5, 0.02)):
        values[k::160] = height
    assert spans(values) == []

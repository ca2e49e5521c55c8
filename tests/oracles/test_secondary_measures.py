"""Each secondary measure against another library, a closed form, or its definition written out slowly."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import signal
from scipy.signal.windows import dpss

from coregulation.coupling.measures.band import analytic
from coregulation.coupling.measures.coherence import MultitaperCoherence, WelchCoherence
from coregulation.coupling.measures.concordance import Concordance
from coregulation.coupling.measures.events import EventSynchronisation
from coregulation.coupling.measures.granger import Granger
from coregulation.coupling.measures.inertia import InertiaCoordination, InertiaLag, inertia_coordination
from coregulation.coupling.measures.oscillator import CoupledOscillator, Embedding, InSample, coupled_oscillator
from coregulation.coupling.measures.phase import PairwisePhaseConsistency, PhaseLocking
from coregulation.coupling.measures.recurrence import CrossRecurrence
from coregulation.coupling.measures.rmea import Rmea
from coregulation.coupling.measures.susy import Susy
from coregulation.coupling.measures.transfer_entropy import TransferEntropy, ordinal_patterns
from coregulation.coupling.measures.warping import TimeWarping
from coregulation.coupling.measures.wavelet_coherence import CONE, OMEGA, SMOOTHED, WaveletCoherence, WaveletGrid
from coregulation.coupling.series_tools import bridged, standardised, without_slow
from coregulation.signals import Signal, Unit
from tests.sessions import follower, wander

RATE = 2.0


def pair(seconds=400.0, seed=5):
    ada = wander(seed, seconds)
    return ada, follower(ada, seed + 1, 0.6)


def value(measure, x, y, rate=RATE):
    return measure.compare_with(x, np.isfinite(x) & np.isfinite(y), rate)(y[None])[0]


@pytest.mark.parametrize(("segment", "rate"), [(60.0, 2.0), (25.0, 4.0), (33.3, 3.0)])
def test_welch_coherence_is_that_of_scipy(segment, rate):
    x, y = pair(600.0)
    measure = WelchCoherence(0.05, 0.15, segment)
    size = round(segment * rate)
    step = round(size / 2)
    f, coherence = signal.coherence(
        x, y, rate, window="hann", nperseg=size, noverlap=size - step, detrend="linear"
    )  # fmt: skip
    band = (f >= 0.05 - 1e-9) & (f <= 0.15 + 1e-9)
    assert value(measure, x, y, rate)[0] == pytest.approx(coherence[band].mean(), rel=1e-9)


def test_multitaper_coherence_is_that_of_its_definition():
    x, y = pair()
    measure = MultitaperCoherence(0.05, 0.15, 60.0, 2.0)
    tapers = dpss(120, 2.0, 3)
    f = np.fft.rfftfreq(120, 1 / RATE)
    cross, powers = np.zeros(len(f), complex), np.zeros((2, len(f)))
    for start in range(0, len(x) - 119, 120):
        a, b = (signal.detrend(v[start : start + 120]) for v in (x, y))
        for taper in tapers:
            p, q = np.fft.rfft(a * taper), np.fft.rfft(b * taper)
            cross += p.conj() * q
            powers += [np.abs(p) ** 2, np.abs(q) ** 2]
    coherence = np.abs(cross) ** 2 / powers.prod(axis=0)
    band = (f >= 0.05 - 1e-9) & (f <= 0.15 + 1e-9)
    assert value(measure, x, y)[0] == pytest.approx(coherence[band].mean(), rel=1e-9)


def test_one_segment_without_smoothing_is_always_coherent():
    x, y = wander(1, 60.0), wander(2, 60.0)
    assert value(WelchCoherence(0.05, 0.15, 60.0), x, y)[0] == pytest.approx(1.0)


@pytest.mark.parametrize("phase", [0.0, 0.7, 2.0])
def test_two_sines_of_one_frequency_are_locked_at_any_phase(phase):
    t = np.arange(0, 600, 1 / RATE)
    x, y = np.sin(2 * np.pi * 0.1 * t), np.sin(2 * np.pi * 0.1 * t + phase)
    assert value(PhaseLocking(), x, y)[0] == pytest.approx(1.0, abs=1e-3)
    assert value(PairwisePhaseConsistency(), x, y)[0] == pytest.approx(1.0, abs=3e-3)


def test_two_sines_whose_phases_run_round_evenly_are_not_locked():
    t = np.arange(0, 640, 1 / RATE)  # 600 s are left without the ends: the phases run round six times
    x, y = np.sin(2 * np.pi * 0.09 * t), np.sin(2 * np.pi * 0.1 * t)
    assert value(PhaseLocking(), x, y)[0] == pytest.approx(0.0, abs=0.01)
    count = 52  # swings of the middle of the band in 600 s
    assert value(PairwisePhaseConsistency(), x, y)[0] == pytest.approx(-1 / (count - 1), abs=0.01)


def test_pairwise_phase_consistency_is_the_mean_cosine_over_all_pairs():
    x, y = pair()
    measure, valid = PairwisePhaseConsistency(), np.ones(len(pair()[0]), bool)
    places = measure.places(measure._clear(valid, RATE), RATE)
    apart = [np.angle(analytic(v[None], valid, RATE, 0.05, 0.15)[0, places]) for v in (x, y)]
    cosines = [math.cos(a - b) for a, b in itertools.combinations(apart[1] - apart[0], 2)]
    assert value(measure, x, y)[0] == pytest.approx(np.mean(cosines), abs=1e-9)


def test_a_band_keeps_what_is_inside_and_drops_the_rest():
    t = np.arange(0, 800, 1 / RATE)
    inside, outside = np.cos(2 * np.pi * 0.1 * t), np.cos(2 * np.pi * 0.3 * t)
    swings = analytic((inside + outside)[None], np.ones(len(t), bool), RATE, 0.05, 0.15)[0, 100:-100]
    np.testing.assert_allclose(swings, np.exp(2j * np.pi * 0.1 * t)[100:-100], atol=2e-3)


def transform(values, scale, rate):
    """The Morlet transform by its sum over time, at every sample."""
    n = len(values)
    t = np.arange(-n, n + 1) / rate / scale
    wavelet = np.exp(1j * OMEGA * t - 0.5 * t**2) / math.sqrt(2 * math.pi) / (scale * rate)
    return np.array([np.sum(values * np.conj(wavelet[n - i : 2 * n - i])) for i in range(n)])


def test_wavelet_coefficients_are_those_of_the_full_transform():
    x = bridged(pair(200.0)[0][None], np.ones(400, bool))
    scales = WaveletCoherence().scales
    grid = WaveletGrid.of(400, RATE, scales)
    fast = grid.coefficients(x)[0]
    for k in (0, 10, len(scales) - 1):
        slow = transform(x[0], scales[k], RATE)[:: grid.hop]
        np.testing.assert_allclose(fast[k, : len(slow)], slow, atol=1e-4 * np.abs(slow).max())


def test_wavelet_coherence_is_that_of_the_definition():
    x, y = pair(260.0)
    n, measure = len(x), WaveletCoherence()
    valid, scales = np.ones(n, bool), WaveletCoherence().scales
    a, b = (bridged(v[None], valid)[0] for v in (x, y))
    pad = round(8 * scales[0] * RATE)
    first, second = (np.array([transform(np.pad(v, pad), s, RATE) for s in scales]) for v in (a, b))

    def smooth(values):
        times = np.arange(-pad, pad + 1) / RATE
        in_time = []
        for row, s in zip(values, scales, strict=True):
            weights = np.exp(-0.5 * (times / s) ** 2)
            in_time.append(np.convolve(row, weights / weights.sum(), mode="same"))
        in_time = np.array(in_time)
        middle = range(SMOOTHED, len(scales) - SMOOTHED)
        return np.array([in_time[k - SMOOTHED : k + SMOOTHED + 1].mean(axis=0) for k in middle])[:, pad : pad + n]

    cross = np.abs(smooth(first * second.conj())) ** 2
    coherence = cross / (smooth(np.abs(first) ** 2) * smooth(np.abs(second) ** 2)).real
    hop = WaveletGrid.of(n, RATE, scales).hop
    cells = []
    for row, s in zip(coherence, scales[SMOOTHED:-SMOOTHED], strict=True):
        reach = math.ceil(CONE * s * RATE)
        cells += [row[i] for i in range(0, n, hop) if reach <= i < n - reach]
    assert value(measure, x, y)[0] == pytest.approx(np.mean(cells), abs=2e-3)


def test_susy_and_rmea_and_concordance_are_those_that_are_described():
    x, y = pair()
    assert value(Susy(), x, y)[0] == pytest.approx(Susy()(x, y, RATE).z, rel=1e-9)
    assert value(Rmea(), x, y)[0] == pytest.approx(Rmea()(x, y, RATE).grand_mean, rel=1e-9)
    signals = (Signal(v, RATE, 0.0, Unit.PER_MINUTE) for v in (x, y))
    assert value(Concordance(), x, y)[0] == pytest.approx(Concordance()(*signals).index, rel=1e-9)


def test_rmea_with_gaps_is_that_of_the_table():
    x, y = pair()
    x[50:110], y[300:330] = np.nan, np.nan
    x[500:520] = y[504:524]  # pieces that are the same at one lag
    assert value(Rmea(), x, y)[0] == pytest.approx(Rmea()(x, y, RATE).grand_mean, rel=1e-9)


def test_events_are_matched_one_by_one():
    x, y = pair()
    measure = EventSynchronisation(2.0, 5.0, 0.5)
    times = []
    for values in (x, y):
        level = standardised(without_slow(values[None], np.ones(800, bool), 60), np.ones(800, bool))[0]
        tops = [i for i in range(800) if level[i] == level[max(0, i - 10) : i + 11].max() and level[i] >= 0.5]
        times.append(np.array(tops) / RATE)
    matched = sum(any(abs(a - b) <= 2.0 for b in times[1]) for a in times[0])
    assert value(measure, x, y)[0] == pytest.approx(matched / math.sqrt(len(times[0]) * len(times[1])))


def test_warping_is_the_best_path_of_all():
    rng = np.random.default_rng(1)
    for _ in range(5):
        x, y = rng.standard_normal((2, 40))
        measure = TimeWarping(max_lag=3.0, slow=1000.0)
        a, b = (standardised(without_slow(v[None], np.ones(40, bool), 500), np.ones(40, bool))[0] for v in (x, y))
        cost = {(-1, -1): 0.0}
        for i, j in itertools.product(range(40), range(40)):
            if abs(i - j) <= 3:
                d = abs(a[i] - b[j])
                ways = [((i - 1, j - 1), 2 * d), ((i - 1, j), d), ((i, j - 1), d)]
                cost[i, j] = min((cost[at] + step for at, step in ways if at in cost), default=math.inf)
        assert value(measure, x, y, 1.0)[0] == pytest.approx(cost[39, 39] / 80, rel=1e-9)


def test_a_series_and_itself_need_no_warping():
    x = wander(1, 300.0)
    assert value(TimeWarping(), x, 3 * x + 1)[0] == pytest.approx(0.0, abs=1e-9)


def test_recurrence_is_that_of_the_plot():
    x, y = pair(120.0)
    x[100] = np.nan
    measure = CrossRecurrence(max_lag=2.0, delay=1.0, dimension=3, share=0.1, slow=1000.0)
    valid = np.isfinite(x)
    a, b = (standardised(without_slow(np.nan_to_num(v)[None], valid, 1000), valid)[0] for v in (x, y))
    whole = [i for i in range(len(x) - 4) if valid[[i, i + 2, i + 4]].all()]
    states = [[np.array([v[i], v[i + 2], v[i + 4]]) for i in range(len(x) - 4)] for v in (a, b)]
    apart = {(i, j): np.abs(states[0][i] - states[1][j]).max() for i in whole for j in whole if abs(i - j) <= 4}
    radius = sorted(apart.values())[math.ceil(0.1 * len(apart)) - 1]
    rates = []
    for lag in range(-4, 5):
        near = [d <= radius for (i, j), d in apart.items() if j - i == lag]
        rates.append(sum(near) / len(near))
    assert value(measure, x, y)[0] == pytest.approx(max(rates), rel=1e-12)


@pytest.mark.parametrize("order", [1, 4, 10])
def test_granger_is_that_of_statsmodels(order):
    from statsmodels.tsa.stattools import grangercausalitytests

    x, y = pair()
    found = value(Granger(order / RATE), x, y)
    for at, columns in enumerate(([y, x], [x, y])):  # the second column's past for the first
        test = grangercausalitytests(np.column_stack(columns), [order])[order][1]
        assert found[at] == pytest.approx(math.log(test[0].ssr / test[1].ssr), rel=1e-6)


def test_granger_of_a_known_autoregression_is_its_closed_form():
    rng = np.random.default_rng(3)
    x, noise = rng.standard_normal((2, 60_000))
    y = 0.5 * np.concatenate([[0.0], x[:-1]]) + noise  # var of y 1.25 without x, 1 with it
    assert value(Granger(0.5), x, y) == pytest.approx([math.log(1.25), 0.0], abs=0.01)


def test_transfer_entropy_is_that_of_counted_patterns():
    x, y = pair()
    measure = TransferEntropy(1.0)

    def rank(values, i):
        return tuple(np.argsort(values[[i - 4, i - 2, i]], kind="stable"))

    ends = range(6, len(x))
    rows = [(rank(x, i - 2), rank(y, i - 2), rank(y, i)) for i in ends]

    def entropy(items):
        counts = np.unique([hash(item) for item in items], return_counts=True)[1] / len(items)
        return float(-(counts * np.log2(counts)).sum())

    slow = (
        entropy([(a, b) for a, b, _ in rows]) + entropy([(b, c) for _, b, c in rows])
        - entropy([b for _, b, _ in rows]) - entropy(rows)
    )  # fmt: skip
    assert value(measure, x, y)[0] == pytest.approx(slow, abs=1e-9)


def test_each_order_of_three_values_has_a_number_of_its_own():
    orders = np.array([[*order] for order in itertools.permutations((1.0, 2.0, 3.0))])
    numbers = ordinal_patterns(orders, np.array([2]), 1)[:, 0]
    assert sorted(numbers) == [0, 1, 2, 3, 4, 5]


def test_a_series_that_repeats_the_other_takes_over_all_of_it():
    """y(t) = x(t - 1) without noise: all that is left to know of a pattern of white noise, counted over the orders of four values."""
    x = np.random.default_rng(2).standard_normal(40_000)
    y = np.concatenate([[0.0], x[:-1]])
    forward = value(TransferEntropy(1.0), x, y, 1.0)[0]
    after = {}
    for order in itertools.permutations(range(4)):
        now, later = (tuple(np.argsort(order[a : a + 3])) for a in (0, 1))
        after.setdefault(now, []).append(later)
    left = np.mean([-sum(p * math.log2(p) for p in np.unique([hash(i) for i in later], return_counts=True)[1] / 4) for later in after.values()])  # fmt: skip
    assert forward == pytest.approx(left, abs=0.01)


def gain(r2_full, r2_alone, rows, full, alone):
    """The difference of plain R² from adjusted ones."""
    plain = [1 - (1 - r2) * (rows - terms) / rows for r2, terms in ((r2_full, full), (r2_alone, alone))]
    return plain[0] - plain[1]


def test_the_gain_of_coordination_is_that_of_the_published_fit():
    x, y = pair()
    x, y = (standardised(bridged(v[None], np.ones(800, bool)), np.ones(800, bool))[0] for v in (x, y))
    fit = inertia_coordination(x, y, InertiaLag(4))
    rows = 2 * (len(x) - 4)
    whole = value(InertiaCoordination(2.0), x, y)[0]
    assert whole == pytest.approx(
        gain(fit.r2, fit.r2_inertia, rows, 6, 4), rel=0.02
    )  # there both people's variances are pooled


def test_the_gain_of_the_partner_in_the_oscillator_is_that_of_the_published_fit():
    x, y = pair()
    x, y = (standardised(bridged(v[None], np.ones(800, bool)), np.ones(800, bool))[0] for v in (x, y))
    fit = coupled_oscillator(x, y, (Embedding(2, 5),), InSample())
    rows = 2 * (len(x) - 8)
    whole = value(CoupledOscillator(), x, y)[0]
    assert whole == pytest.approx(gain(fit.r2, fit.r2_uncoupled, rows, 8, 4), rel=0.02)

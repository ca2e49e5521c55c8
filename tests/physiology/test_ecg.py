"""ECG to beats: the laws, known truth, what must not be found, and annotated records."""

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coregulation.errors import DataError, UsageError
from coregulation.physiology.beats import Detected, collect_beats
from coregulation.physiology.ecg import EarlyEcg, EcgBeats
from coregulation.signals import Signal, Unit
from coregulation.stage import Piece, run
from tests.laws.stages import check_bound, check_stage, cut
from tests.physiology import hearts, mitdb

RATE = 250.0


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def detect(values: np.ndarray, rate: float = RATE, start: float = 0.0) -> Detected:
    signal = hearts.signal(values, rate, start)
    return collect_beats(run(EcgBeats(), [Piece(signal, signal.window.end)]))


def recorded(heart: hearts.Heart, seconds: float, rate: float = RATE) -> np.ndarray:
    return heart.ecg(seconds, rate) + 0.01 * rng(9).standard_normal(round(seconds * rate))


def errors(heart: hearts.Heart, found: Detected) -> tuple[int, int, np.ndarray]:
    """Return the beats missed, those invented, and how late the others are, in s."""
    one, other = hearts.matched(heart.times, found.beats.times)
    late = found.beats.times[other] - heart.times[one]
    return len(heart.times) - len(one), len(found.beats) - len(one), late


@pytest.mark.parametrize("stage", [EcgBeats(), EarlyEcg()], ids=lambda stage: type(stage).__name__)
@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    at=st.lists(st.integers(1, 2999), max_size=30),
    rate=st.sampled_from([100.0, 130.0, 360.0]),
)
@example(seed=413, at=[65], rate=100.0)  # the envelope's cap once followed decisions that a cut brought forward
@example(seed=4_176_236_439, at=[1], rate=100.0)  # spoiled at its first candidate, and learned from the next too early
def test_laws(stage, seed, at, rate):
    random = rng(seed)
    seconds = 3000 / rate
    values = hearts.muscle(hearts.with_ventricular(seconds, random, 0.3, 3.0).ecg(seconds, rate), rate, random, 6.0)
    values[1000 : 1000 + int(random.integers(1, 300))] = random.choice([np.nan, 0.0, 9.0])
    signal = hearts.signal(values, rate, -15.013)
    check_stage(stage, Piece(signal, signal.window.end), cut(signal, at))


@pytest.mark.parametrize("stage", [EcgBeats(), EarlyEcg()], ids=lambda stage: type(stage).__name__)
def test_laws_at_pieces_of_forty_milliseconds(stage):
    signal = hearts.signal(recorded(hearts.sinus(40, rng()), 40), RATE, 3.7)
    check_stage(stage, Piece(signal, signal.window.end), cut(signal, range(0, len(signal), 10)))


def test_state_does_not_grow():
    pieces = cut(hearts.signal(recorded(hearts.sinus(120, rng()), 120), RATE), range(0, 30000, 50))
    check_bound(EcgBeats(), pieces[:100], pieces)


HEARTS = {
    "sinus": hearts.sinus(120, rng()),
    "small P": hearts.sinus(120, rng(), shape=hearts.SMALL_P),
    "tall T": hearts.sinus(120, rng(), shape=hearts.TALL_T),
    "fibrillation": hearts.fibrillation(120, rng(2)),
    "ventricular, 3 times": hearts.with_ventricular(120, rng(3), 0.1, 3.0),
    "many ventricular, 3 times": hearts.with_ventricular(120, rng(3), 0.3, 3.0),
    "bigeminy": hearts.with_ventricular(120, rng(3), 0.5, 1.0),
    "bigeminy, 3 times": hearts.with_ventricular(120, rng(3), 0.5, 3.0),
    "pauses with P waves": hearts.with_pauses(300, rng(4)),
    "20 a minute": hearts.sinus(300, rng(), 20.0),
    "200 a minute": hearts.sinus(60, rng(), 200.0, hearts.NORMAL[1:4]),
    "300 a minute": hearts.sinus(60, rng(), 300.0, hearts.NORMAL[1:4]),
    "20 seconds": hearts.sinus(20, rng()),
}


@pytest.mark.parametrize("sign", [1.0, -1.0], ids=["upright", "inverted"])
@pytest.mark.parametrize("name", HEARTS)
def test_every_beat_is_found_and_none_invented(name, sign):
    heart = HEARTS[name]
    found = detect(sign * recorded(heart, heart.times[-1] + 1.0))
    missed, invented, late = errors(heart, found)
    assert (missed, invented) == (0, 0)
    assert abs(np.median(late)) < 0.001
    assert late.std() < 0.0015
    long = np.append(True, np.diff(found.beats.times) > 3.0)  # a longer span without a beat is told as lost
    np.testing.assert_array_equal(found.beats.breaks, long)
    assert len(found.lost) == long.sum() - 1
    assert np.median(found.confidence) > 0.6


def test_inverted_is_upright_to_the_last_digit():
    values = recorded(HEARTS["ventricular, 3 times"], 120)
    one, other = detect(values), detect(-values)
    np.testing.assert_allclose(one.beats.times, other.beats.times, atol=1e-9)
    np.testing.assert_allclose(one.confidence, other.confidence, atol=1e-9)


@pytest.mark.parametrize("gain", [1e-6, 1e3])
def test_the_unit_does_not_matter(gain):
    values = recorded(HEARTS["sinus"], 120)
    np.testing.assert_allclose(detect(values).beats.times, detect(gain * values + 40 * gain).beats.times, atol=1e-6)


@pytest.mark.parametrize("rate", [100.0, 130.0, 200.0, 256.0, 500.0, 1000.0, 2000.0])
def test_the_sampling_rate_does_not_matter(rate):
    heart = HEARTS["sinus"]
    missed, invented, late = errors(heart, detect(recorded(heart, 120, rate), rate))
    assert (missed, invented) == (0, 0)
    assert abs(np.median(late)) < 0.001
    assert late.std() < 0.0005


def test_the_paced_beat_is_the_beat_and_the_spike_is_not():
    paced = hearts.Heart(HEARTS["sinus"].times, HEARTS["sinus"].which, (hearts.WIDE,))
    values = recorded(paced, 120, 1000.0)
    spikes = np.rint((paced.times - 0.1) * 1000).astype(int)
    for k in range(2):
        values[spikes + k] += 5.0
    missed, invented, late = errors(paced, detect(values, 1000.0))
    assert missed <= 1
    assert invented == 0
    assert late.std() < 0.002


# what is added, and the most that may be missed and invented of 350 beats, and the spread in s
BAD = {
    "muscle 6 dB": (lambda v, r: hearts.muscle(v, RATE, r, 6.0), 0, 0, 0.001),
    "muscle 0 dB": (lambda v, r: hearts.muscle(v, RATE, r, 0.0), 2, 1, 0.0015),
    "muscle -6 dB": (lambda v, r: hearts.muscle(v, RATE, r, -6.0), 9, 8, 0.003),
    "movement 0 dB": (lambda v, r: hearts.movement(v, RATE, r, 0.0), 2, 1, 0.001),
    "movement -6 dB": (lambda v, r: hearts.movement(v, RATE, r, -6.0), 4, 2, 0.0015),
    "wander 5 mV": (lambda v, r: hearts.wander(v, RATE, r, 5.0), 5, 0, 0.004),
    "hum 1 mV": (lambda v, r: hearts.hum(v, RATE, 1.0), 1, 2, 0.003),
    "hum 1 mV, 60 Hz": (lambda v, r: hearts.hum(v, RATE, 1.0, 60.0), 1, 2, 0.003),
    "a quarter of the height, at once": (lambda v, r: np.where(np.arange(len(v)) < 20000, v, 0.25 * v), 3, 0, 0.001),
    "four times the height, at once": (lambda v, r: np.where(np.arange(len(v)) < 20000, v, 4.0 * v), 0, 0, 0.001),
    "islands of missing samples": (lambda v, r: islands(v, r), 0, 0, 0.001),
}


def islands(values: np.ndarray, random: np.random.Generator) -> np.ndarray:
    out = values.copy()
    for at in random.integers(0, len(values) - 10, 60):
        out[at : at + random.integers(1, 4)] = np.nan
    return out


@pytest.mark.parametrize("name", BAD)
def test_what_is_bad_does_little(name):
    change, most_missed, most_invented, spread = BAD[name]
    heart = hearts.sinus(300, rng())
    missed, invented, late = errors(heart, detect(change(recorded(heart, 300), rng(7))))
    assert missed <= most_missed
    assert invented <= most_invented
    assert late.std() < spread


N = 30000
NO_HEART = {
    "flat": np.zeros(N),
    "rail": np.full(N, 3.3),
    "missing": np.full(N, np.nan),
    "white": rng(1).standard_normal(N),
    "least bit": rng(1).integers(0, 2, N).astype(float),
    "muscle": hearts.muscle(1e-9 * rng(2).standard_normal(N), RATE, rng(3), -80.0),
    "random walk": np.cumsum(rng(3).standard_normal(N)),
    "movement": hearts.movement(1e-9 * rng(2).standard_normal(N), RATE, rng(1), -80.0),
    "hum": hearts.hum(np.zeros(N), RATE, 1.0),
    "hum in noise": hearts.hum(0.1 * rng(1).standard_normal(N), RATE, 1.0),
    "slow sine": np.sin(2 * np.pi * np.arange(N) / RATE),
    "square": np.sign(np.sin(2 * np.pi * np.arange(N) / RATE)),
    "far apart": np.where(np.arange(N) % (30 * 250) == 100, 1e-12, 0.0),
}


def smooth(values: np.ndarray, share: np.ndarray) -> np.ndarray:
    return np.fft.irfft(np.fft.rfft(values) * share, len(values))


def bursts(rate: float, n: int, seed: int, low: float, high: float, length: float) -> np.ndarray:
    """Return noise of a band that comes in bursts at random, as muscles do."""
    random, f = rng(seed), np.fft.rfftfreq(n, 1 / rate)
    noise = smooth(random.standard_normal(n), ((f >= low) & (f <= high)).astype(float))
    on, at = np.full(n, 0.03), 0.0
    while at < n / rate:
        at += random.exponential(1.0)
        end = at + random.exponential(length)
        on[int(at * rate) : int(end * rate)] = 1.0
        at = end
    return noise / noise.std() * on


def noises(rate: float, n: int, seed: int):
    """Yield heart-less noise of every kind: white, pink, brown, heavy-tailed, bursting, hum, muscle."""
    random, f = rng(seed), np.fft.rfftfreq(n, 1 / rate)
    f[0] = np.inf
    yield "white", random.standard_normal(n)
    yield "pink", smooth(random.standard_normal(n), f**-0.5)
    yield "brown", smooth(random.standard_normal(n), 1 / f)
    for freedom in (1.0, 1.5, 2.0, 3.0):
        tails = random.standard_t(freedom, n)
        yield f"heavy tails {freedom}", tails
        yield f"heavy tails {freedom}, pink", smooth(tails, f**-0.5)
        yield f"heavy tails {freedom}, smooth", smooth(tails, 1 / (1 + (f / 20) ** 4))
    for tau in (0.1, 0.3, 1.0, 3.0):
        slow = smooth(random.standard_normal(n), 1 / (1 + (2 * np.pi * tau * f) ** 2) ** 0.5)
        for depth in (1.0, 2.0):
            yield f"bursting {tau} s by {depth}", random.standard_normal(n) * np.exp(depth * slow / slow.std())
    for length in (0.06, 0.1, 0.2, 0.5, 2.0):
        yield f"muscle in bursts of {length} s", bursts(rate, n, seed, 20.0, 120.0, length)
        yield f"movement in bursts of {length} s", bursts(rate, n, seed + 1, 3.0, 30.0, length)
    for mains in (50.0, 60.0):
        yield f"hum {mains}", hearts.hum(0.1 * random.standard_normal(n), rate, 1.0, mains)


def invented(rate: float, seconds: float, seed: int) -> dict[str, int]:
    """Return the beats that are told in each kind of noise, where there are any."""
    counts = {name: len(detect(values, rate).beats) for name, values in noises(rate, round(seconds * rate), seed)}
    return {name: count for name, count in counts.items() if count}


@pytest.mark.parametrize("rate", [130.0, 250.0, 500.0])
def test_no_kind_of_noise_has_beats(rate):
    assert invented(rate, 120.0, 11) == {}


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(20, 26))
@pytest.mark.parametrize("rate", [130.0, 250.0, 360.0, 500.0, 1000.0])
def test_no_kind_of_noise_has_beats_for_long(rate, seed):
    assert invented(rate, 600.0, seed) == {}


@pytest.mark.parametrize("name", NO_HEART)
def test_no_beat_is_invented_where_there_is_no_heart(name):
    assert len(detect(NO_HEART[name]).beats) == 0


@pytest.mark.parametrize("value", [np.nan, 0.0, 5.0, -5.0], ids=["missing", "flat", "upper rail", "lower rail"])
def test_a_lost_span_is_told_and_breaks_the_chain(value):
    heart = hearts.sinus(60, rng())
    values = recorded(heart, 60)
    values[5000:7500] = value
    found = detect(values, start=100.0)
    times = found.beats.times - 100.0
    assert not ((times > 20.0) & (times < 30.0)).any()
    after = np.flatnonzero(times >= 30.0)[0]
    assert list(np.flatnonzero(found.beats.breaks)) == [0, after]
    assert np.isnan(found.beats.rr[after])
    (lost,) = found.lost
    assert lost.start == pytest.approx(120.0, abs=0.01)
    assert lost.end == pytest.approx(130.0, abs=0.01)
    one, _ = hearts.matched(heart.times, times)
    gone = heart.times[np.setdiff1d(np.arange(len(heart.times)), one)]
    assert ((gone > 19.85) & (gone < 30.15)).all()


def test_a_heart_beside_noise_is_not_told_on_into_it():
    heart = hearts.sinus(60, rng())
    values = np.concatenate([recorded(heart, 60), rng(5).standard_normal(15000)])
    times = detect(values).beats.times
    assert (times > 62.0).sum() <= 8


def test_the_early_signal_is_early_and_close():
    signal = hearts.signal(recorded(hearts.sinus(60, rng()), 60), RATE)
    stage, state, waits, shown = EarlyEcg(), EarlyEcg().start(), [], []
    for piece in cut(signal, range(0, len(signal), 10)):
        state, out = stage.step(state, piece)
        waits += [piece.until - beat.time for beat in out.data]
        shown += [beat.time for beat in out.data]
    assert stage.finish(state).data == ()
    assert max(waits[3:]) < 0.5
    final = detect(signal.values).beats.times
    one, _ = hearts.matched(final, np.array(shown), 0.02)
    assert len(one) >= len(final) - 3
    assert len(shown) <= len(final) + 2


LEARNED = 10.0  # s after which this heart is proven


def test_a_beat_is_final_within_the_stated_delay_once_the_heart_is_known():
    signal = hearts.signal(recorded(hearts.sinus(60, rng()), 60), RATE)
    stage, state = EcgBeats(), None
    for piece in cut(signal, range(0, len(signal), 10)):
        state, out = stage.step(state, piece)
        if piece.until > LEARNED:
            assert all(piece.until - stage.delay - 0.04 <= beat.time for beat in out.data)
            assert out.until == pytest.approx(piece.until - stage.delay)
        assert out.until <= piece.until - stage.delay + 1e-9


def test_nothing_in_nothing_out():
    empty = Signal(np.empty(0), RATE, 0.0, Unit.MILLIVOLT)
    for stage in (EcgBeats(), EarlyEcg()):
        assert [piece.data for piece in run(stage, [Piece(empty, 0.0)])] == [(), ()]


@pytest.mark.parametrize("rate", [50.0, 4000.0])
def test_other_rates_are_refused(rate):
    with pytest.raises(DataError, match="100 and 2000 Hz"):
        detect(np.zeros(100), rate)


@pytest.mark.parametrize(("rate", "start"), [(RATE, 5.0), (500.0, 4.0)])
def test_pieces_must_follow(rate, start):
    stage = EcgBeats()
    state, _ = stage.step(None, Piece(hearts.signal(np.zeros(1000), RATE), 4.0))
    with pytest.raises(UsageError, match="follow each other"):
        stage.step(state, Piece(hearts.signal(np.zeros(1000), rate, start), 8.0))


# a little under what was measured (bench/ecg_accuracy.py): most missed and invented at 50 ms, spread in ms
FLOORS = {"100": (2, 1, 1.2), "104": (28, 19, 3.2), "106": (13, 3, 5.0), "113": (1, 1, 1.2), "223": (8, 6, 4.0)}


MISSES = {
    "104": "21 of 2,229 (19 were allowed): all but one are within 150 ms, at the other deflection of a fusion beat"
}
RECORDS = [
    pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=MISSES[name])) if name in MISSES else name
    for name in FLOORS
]


@mitdb.needs_records
@pytest.mark.parametrize("name", RECORDS)
def test_records_do_not_become_worse(name):
    signal, truth, _ = mitdb.record(name)
    found = detect(signal.values, mitdb.RATE).beats.times
    one, other = hearts.matched(truth, found)
    late = 1000 * (found[other] - truth[one])
    missed, invented, spread = FLOORS[name]
    assert len(truth) - len(one) <= missed
    assert len(found) - len(one) <= invented
    assert abs(np.median(late)) < 5.0
    assert late.std() < spread


def scores(lead: int, within: float) -> tuple[float, list[float]]:
    """Return F1 (percent) of all records together, and of each."""
    hits, both = [], []
    for name in mitdb.RECORDS:
        truth = mitdb.record(name)[1]
        times = detect(mitdb.leads(name)[lead], mitdb.RATE).beats.times
        hits.append(len(hearts.matched(truth, times, within)[0]))
        both.append(len(truth) + len(times))
    return 200 * sum(hits) / sum(both), [200 * hit / count for hit, count in zip(hits, both, strict=True)]


# the numbers, set before the detector was changed
@mitdb.needs_records
@pytest.mark.parametrize(("within", "least"), [(0.05, 99.6), (0.15, 99.7)])
def test_first_leads_together_and_each(within, least):
    pooled, each = scores(0, within)
    assert pooled >= least
    assert min(each) >= 98.0


@mitdb.needs_records
def test_second_leads_together():
    assert scores(1, 0.15)[0] >= 98.5


def test_the_side_that_stands_out_is_the_apex_not_the_sharper_one():
    small_first = ((-0.045, 0.008, 0.45), (0.0, 0.02, -1.3))
    heart = hearts.sinus(120, rng(), shape=(*small_first, (0.26, 0.05, 0.3)))
    missed, invented, late = errors(heart, detect(recorded(heart, 120)))
    assert (missed, invented) == (0, 0)
    assert abs(np.median(late)) < 0.004
    assert late.std() < 0.002


def between(heart: hearts.Heart, values: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Add a quarter of a second of muscle noise between beats, in three of ten intervals once the heart is known."""
    t = np.arange(len(values)) / RATE
    smoothing = np.hanning(7) / np.linalg.norm(np.hanning(7))
    for before, after in itertools.pairwise(heart.times[12:]):
        if random.random() < 0.3:
            centre = before + random.uniform(0.3, 0.55) * (after - before)
            window = np.where(abs(t - centre) < 0.4, np.exp(-0.5 * ((t - centre) / 0.125) ** 2), 0.0)
            values = values + 0.35 * window * np.convolve(random.standard_normal(len(t)), smoothing, "same")
    return values


def test_noise_between_beats_that_come_on_time_is_rarely_a_beat():
    heart = hearts.sinus(300, rng(1))
    missed, invented, _ = errors(heart, detect(between(heart, recorded(heart, 300), rng(3))))
    assert missed == 0
    assert invented <= 40  # of about 100 bursts; 48 before what is unlike a beat had to move one


@pytest.mark.parametrize("noise", [40.0, 12.0, 6.0], ids=lambda db: f"muscle {db:g} dB")
def test_a_ventricular_beat_between_two_that_come_on_time_is_found(noise):
    heart = hearts.sinus(300, rng(1))
    early = np.array([a + 0.55 * (b - a) for a, b in itertools.pairwise(heart.times[10:])][::12])
    times = np.sort(np.append(heart.times, early))
    wide = tuple((centre, width, 2.0 * height) for centre, width, height in hearts.WIDE)
    both = hearts.Heart(times, np.isin(times, early).astype(int), (hearts.NORMAL, wide))
    missed, invented, _ = errors(both, detect(hearts.muscle(recorded(both, 300), RATE, rng(7), noise)))
    assert (missed, invented) == (0, 0)


def test_beats_never_come_closer_than_a_heart_can():
    values = hearts.muscle(recorded(HEARTS["sinus"], 120), RATE, rng(5), -6.0)
    times = detect(values).beats.times
    assert all(b - a > 0.05 for a, b in itertools.pairwise(times))


# ---- transients: what an electrode does, at any height ------------------------------------------------------------------

TRANSIENT = 60.3  # s
TRANSIENTS = {
    "step": lambda t, height: np.where(t >= TRANSIENT, height, 0.0),
    "decay": lambda t, height: np.where(t >= TRANSIENT, height * np.exp(-np.maximum(t - TRANSIENT, 0) / 0.5), 0.0),
    "two seconds of pulses": lambda t, height: np.where(
        (t >= TRANSIENT) & (t < TRANSIENT + 2), height * np.sin(2 * np.pi * 1.3 * (t - TRANSIENT)) * rng(5).normal(1, 0.3, len(t)), 0.0
    ),
}  # fmt: skip
OVER = {
    "step": lambda height: 0.0,
    "decay": lambda height: 0.5 * np.log(height / 0.2),
    "two seconds of pulses": lambda height: 2.0,
}


@pytest.mark.parametrize("height", [5.0, 30.0, 200.0, 1000.0])
@pytest.mark.parametrize("kind", TRANSIENTS)
def test_two_seconds_after_a_transient_of_any_height_every_beat_is_found(kind, height):
    heart = hearts.sinus(120, rng(1))
    clean = recorded(heart, 120)
    t = np.arange(len(clean)) / 250.0
    found = detect(clean + TRANSIENTS[kind](t, height)).beats.times
    until = TRANSIENT + OVER[kind](height) + 2.0
    for part in (
        (found[found < TRANSIENT - 0.3], heart.times[heart.times < TRANSIENT - 0.3]),
        (found[found > until], heart.times[heart.times > until]),
    ):
        one, other = hearts.matched(part[1], part[0], 0.05)
        assert len(one) >= len(part[1]) - 1
        assert len(other) == len(part[0])


@pytest.mark.parametrize("change", [0.08, 0.3, 3.0, 30.0])
def test_a_heart_that_stays_larger_or_smaller_is_found_again_within_fifteen_seconds_and_the_loss_is_told(change):
    heart = hearts.sinus(120, rng(2))
    values = recorded(heart, 120)
    values[(60 * 250) :] *= change
    found = detect(values)
    late = heart.times[heart.times > 75]
    one, _ = hearts.matched(late, found.beats.times, 0.05)
    assert len(one) == len(late)
    gaps = np.diff(found.beats.times)
    assert found.beats.breaks[1:][gaps > 3.0].all()


def test_p_waves_as_tall_as_a_third_of_the_r_wave_are_no_beats():
    tall = ((-0.2, 0.022, 0.5), *hearts.NORMAL[1:])
    heart = hearts.sinus(300, rng(3), shape=tall)
    missed, invented, _ = errors(heart, detect(recorded(heart, 301)))
    assert (missed, invented) == (0, 0)


@pytest.mark.parametrize(("pause", "broken"), [(2.9, False), (3.1, True)])
def test_three_seconds_without_a_beat_are_told_as_lost(pause, broken):
    times = np.concatenate([0.5 + 0.8 * np.arange(30), 0.5 + 0.8 * 29 + pause + 0.8 * np.arange(30)])
    found = detect(recorded(hearts.Heart(times, np.zeros(60, int)), times[-1] + 1.0))
    assert len(found.beats) == 60
    assert bool(found.beats.breaks[30]) is broken
    assert [round(span.length, 1) for span in found.lost] == ([pause] if broken else [])

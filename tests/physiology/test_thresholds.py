"""Each number that a measure of one body hangs on: just below it, at it, and just above."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.physiology import (
    breath,
    breath_band,
    eda,
    eda_decomposition,
    mean_interval,
    memory,
    rsa,
    span_measures,
    voice,
)
from coregulation.physiology.arousal import Arousal, baseline
from coregulation.physiology.beats import beat_stream
from coregulation.physiology.cleaned_beats import CleanedBeats, _corrected
from coregulation.physiology.hrv import artefact_share, compute_hrv
from coregulation.physiology.judged_beats import Artefact, BeatClass, JudgedBeat
from coregulation.physiology.motion import _still, chest_tilt
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.rr_cleaning import FIRST, RrCleaning, _Chain, _ChainState
from coregulation.physiology.rr_explanation import Neighbourhood, _has_changed
from coregulation.physiology.signal_loss import fill_lost, signal_watch
from coregulation.physiology.sliding_rmssd import LENGTH, sliding_rmssd
from coregulation.physiology.state_spans import _by_model, _Seen
from coregulation.physiology.states import STATE_NAMES, State, StateEvidence, most_likely
from coregulation.signals import Beats, Signal, Unit, Window
from coregulation.sliding_stage import Buffered
from coregulation.stage import Piece, apply_stage


def evenly(count: int, interval: float = 0.8, marked: int = 0) -> Beats:
    """Beats with a rhythm that varies, so that its measures are defined; the first `marked` are artefacts."""
    times = np.cumsum(interval + 0.03 * np.sin(np.arange(count)))
    return Beats(times, np.arange(count) >= marked)


def signal(values, rate: float = 4.0, unit: Unit = Unit.ARBITRARY) -> Signal:
    return Signal(np.asarray(values, float), rate, 0.0, unit)


class TestArousal:
    @pytest.mark.parametrize(("known", "taken"), [(479, False), (480, True), (481, True)])  # at 4 Hz: 120 s
    def test_an_input_is_known_for_two_minutes_of_a_rest(self, known, taken):
        values = 70.0 + np.arange(721) % 3
        values[known:] = np.nan
        rest = Window(0.0, 180.0)
        if not taken:
            with pytest.raises(DataError, match="known for 120 s"):
                baseline({"heart_rate": signal(values)}, rest)
        else:
            assert "heart_rate" in baseline({"heart_rate": signal(values)}, rest).rests


class TestMeanInterval:
    @pytest.mark.parametrize(("n", "known"), [(11, False), (12, True), (13, True)])
    def test_twelve_values_have_a_memory(self, n, known):
        values = np.random.default_rng(1).standard_normal(n)
        assert (memory.mean_uncertainty(values).effective > 0) == known
        assert math.isfinite(memory.surrounding_half_width(values)) is known

    @pytest.mark.parametrize(("effective", "bounded"), [(4.89, False), (math.sqrt(24.0), True), (4.91, True)])
    def test_an_interval_needs_the_middle_between_three_and_eight_effective_samples(
        self, monkeypatch, effective, bounded
    ):
        worth = memory.MeanUncertainty(0.1, effective, 0.05)
        monkeypatch.setattr(mean_interval, "mean_uncertainty", lambda values, others=(): worth)
        for interval in (mean_interval.interval_of_mean, mean_interval.interval_of_power):
            assert (interval(np.ones(20)) is not None) is bounded

    @pytest.mark.parametrize(("effective", "resolved"), [(1.49, False), (1.5, True), (1.51, True)])
    def test_a_memory_of_fewer_than_one_and_a_half_effective_values_holds_no_interval(
        self, monkeypatch, effective, resolved
    ):
        fit = SimpleNamespace(likelihood=np.zeros(1), scale=np.ones(1))
        model = SimpleNamespace(fit=lambda series: fit, effective=np.array([effective]), freedom=np.full(1, 10.0))
        monkeypatch.setattr(memory, "_model", lambda n, base: model)
        monkeypatch.setattr(memory, "_posterior", lambda likelihood, model: np.ones(1))
        monkeypatch.setattr(memory, "_half_width", lambda weights, scale, freedom: 1.0)
        assert math.isfinite(memory.mean_uncertainty(np.arange(20.0) % 3).half_width) is resolved


class TestBreath:
    @pytest.mark.parametrize(
        ("length", "whole"), [(1.19, False), (1.2, True), (1.21, True), (19.99, True), (20.0, True), (20.01, False)]
    )
    def test_a_breath_takes_from_one_and_a_fifth_to_twenty_seconds(self, length, whole):
        seen = breath._Seen(Buffered(np.empty(0), 0.0, 10.0, Unit.ARBITRARY), trough=(0.0, 0.0), peak=(0.5, 1.0))
        assert (breath._between(seen, (length, 0.0)) is not None) is whole

    @pytest.mark.parametrize(("depth", "sigh"), [(1.99, False), (2.0, False), (2.01, True)])
    def test_a_sigh_is_over_twice_as_deep_as_the_median(self, depth, sigh):
        buffer = Buffered(np.empty(0), 0.0, 10.0, Unit.ARBITRARY)
        seen = breath._Seen(buffer, trough=(0.0, 0.0), peak=(2.0, depth), depths=(0.5, 1.0, 1.0, 1.5))
        assert breath._between(seen, (4.0, 0.0)).sigh is sigh

    @pytest.mark.parametrize(("known", "enough"), [(79, False), (80, True), (81, True)])  # at 10 Hz: 8 s
    def test_eight_seconds_tell_the_amplitude(self, known, enough):
        held = Buffered(np.sin(np.arange(200.0)), 0.0, 10.0, Unit.ARBITRARY)
        held.values[known:] = np.nan
        assert math.isfinite(breath._thresholds(held)[20]) is enough

    @pytest.mark.parametrize(("known", "enough"), [(7, False), (8, True), (9, True)])
    def test_four_fifths_of_a_window_must_be_known(self, known, enough):
        rows = np.sin(np.arange(10.0))[None]
        rows[0, known:] = np.nan
        assert np.isfinite(breath_band._level(rows, np.ones(10))).all() == enough

    @pytest.mark.parametrize("seed", [0, 1, 2])
    def test_the_gain_is_known_where_breath_and_heart_cohere_by_half(self, seed):
        """Mix noise into a swing; the gain ends where the coherence, computed anew from sine tapers, goes below .5."""
        rng = np.random.default_rng(seed)
        n, rate, frequency = 120, breath_band.RATE, 0.25
        swing, noise = np.sin(2 * np.pi * frequency * np.arange(n) / rate), rng.standard_normal(n)

        def coherence(mixed):
            t = np.arange(n)
            k = round(frequency * 2 * (n + 1) / rate)
            wave = np.exp(-2j * np.pi * k * t / (2 * (n + 1)))
            tapers = np.sin(np.pi * np.outer(np.arange(1, breath_band._TAPERS + 1), t) / (n + 1))
            level = breath_band._level(np.stack([mixed, swing]), np.ones(n))
            x, y = (tapers * level[0]) @ wave, (tapers * level[1]) @ wave
            return abs((x * y.conj()).mean()) ** 2 / ((abs(x) ** 2).mean() * (abs(y) ** 2).mean())

        weights = np.linspace(0.0, 6.0, 241)
        mixed = [swing + weight * noise for weight in weights]
        known = [
            bool(np.isfinite(breath_band._gain(np.stack([row, swing])[None], np.array([frequency]))[0]))
            for row in mixed
        ]
        each = np.array([coherence(row) for row in mixed])
        assert known == (each >= 0.5).tolist()
        assert each.max() > 0.5 > each.min()


class TestSkin:
    @pytest.mark.parametrize(("size", "counts"), [(0.0499, False), (0.0500001, True), (0.0501, True)])
    def test_a_response_is_a_twentieth_of_a_microsiemens(self, size, counts):
        rate = eda.RATE
        half = math.ceil(eda._SIDE * rate)
        bump = np.exp(-0.5 * (np.arange(-half, half + 1) / rate / eda._SPREAD) ** 2)[None]
        (unit,) = eda._amplitudes(bump, rate)
        (found,) = eda._amplitudes(bump * size / unit, rate)
        assert (found > 0) is np.bool_(counts)

    @pytest.mark.parametrize(("count", "responds"), [(1, False), (2, True), (3, True)])  # in six minutes
    def test_a_third_of_a_response_per_minute_makes_a_responder(self, monkeypatch, count, responds):
        flat = signal(np.zeros(round(6 * 60 * eda.RATE)), eda.RATE, Unit.MICROSIEMENS)
        monkeypatch.setattr(eda, "apply_stage", lambda stage, data: flat)
        monkeypatch.setattr(eda, "scrs_of", lambda found: (None,) * count)
        assert eda.analyze_skin(flat).responder is responds

    @pytest.mark.parametrize(("step", "skin"), [(1.99, True), (2.0, True), (2.01, False)])  # at 4 Hz: 8 µS/s
    def test_skin_changes_by_eight_microsiemens_per_second_at_most(self, step, skin):
        rows = np.array([[4.0, 4.0, 4.0, 4.0 + step, 4.0 + step]])
        assert np.isfinite(eda._without_artefacts(rows, 4.0)).all() == skin

    @pytest.mark.parametrize(("value", "skin"), [(0.0499, False), (0.05, True), (0.0501, True)])
    def test_skin_conducts_a_twentieth_of_a_microsiemens_at_least(self, value, skin):
        assert np.isfinite(eda._without_artefacts(np.full((1, 5), value), 4.0)).all() == skin

    @pytest.mark.parametrize(("known", "enough"), [(119, False), (120, True), (121, True)])  # at 2 Hz: 60 s
    def test_a_minute_is_decomposed(self, known, enough):
        def skin(n):
            return Signal(4.0 + 0.1 * np.sin(np.arange(n) / 9), 4.0, 0.0, Unit.MICROSIEMENS)

        def level(data):
            return int(np.isfinite(apply_stage(eda.tonic_level(), apply_stage(eda.skin_driver(), data)).values).sum())

        n = next(n for n in range(200, 400) if level(skin(n)) == known)
        if enough:
            assert len(eda_decomposition.decompose_recording(skin(n)).driver) > 0
        else:
            with pytest.raises(DataError, match="60 s are needed"):
                eda_decomposition.decompose_recording(skin(n))


class TestHrv:
    @pytest.mark.parametrize(("marked", "computed"), [(39, True), (40, True), (41, False)])
    def test_a_fifth_of_the_beats_may_be_artefacts(self, marked, computed):
        beats = evenly(200, marked=marked)
        assert (compute_hrv(beats).rmssd.value is not None) is computed
        assert (rsa.rsa_porges_bohrer(beats).why is None) is computed
        cleaned = CleanedBeats(
            beats,
            (Artefact.EXTRA,) * marked + (None,) * (200 - marked),
            np.full(200, 0.8),
            (BeatClass.NORMAL,) * 200,
            (),
        )
        assert (cleaned.refusal is None) is computed

    @pytest.mark.parametrize(("marked", "warned"), [(9, False), (10, False), (11, True)])
    def test_over_a_twentieth_of_artefacts_is_warned_of(self, marked, warned):
        beats = evenly(200, marked=marked)
        assert bool(compute_hrv(beats).warnings) is warned
        cleaned = CleanedBeats(
            beats,
            (Artefact.EXTRA,) * marked + (None,) * (200 - marked),
            np.full(200, 0.8),
            (BeatClass.NORMAL,) * 200,
            (),
        )
        assert (cleaned.warning is not None) is warned

    @pytest.mark.parametrize(
        ("interval", "plausible"), [(0.2499, False), (0.25, True), (0.2501, True), (2.4999, True), (2.5, True), (2.5001, False)]
    )  # fmt: skip
    def test_an_interval_lasts_a_quarter_to_two_and_a_half_seconds(self, interval, plausible):
        assert artefact_share(Beats([0.0, interval])) == (0.0 if plausible else 0.5)

    @pytest.mark.parametrize(("count", "computed"), [(60, False), (61, True), (62, True)])  # 59, 60 or 61 half seconds
    def test_half_a_minute_of_intervals_gives_time_domain_measures(self, count, computed):
        assert (compute_hrv(Beats(0.5 * np.arange(count))).rmssd.value is not None) is computed

    @pytest.mark.parametrize(("share", "known"), [(0.48, False), (0.5, True), (0.52, True)])
    def test_half_of_a_sliding_window_must_be_known(self, share, known):
        """Intervals of 7/16 and 9/16 s in turn, so that two last a second; after a share of the window none is known."""
        pairs = round(LENGTH)
        times = np.concatenate([[0.0], np.cumsum(np.tile([0.4375, 0.5625], 2 * pairs))])
        middle = float(pairs)
        unknown = times >= middle - LENGTH / 2 + round(share * pairs) - 1e-9
        series = sliding_rmssd(Beats(times, np.ones(len(times), bool), unknown))
        assert np.isfinite(series.values[np.flatnonzero(series.times == middle)[0]]) == known


class TestRsa:
    @pytest.mark.parametrize(("epochs", "controlled"), [(11, False), (12, True), (13, True)])
    def test_twelve_epochs_take_breathing_out(self, epochs, controlled):
        assert (rsa._uncontrolled(np.linspace(8.0, 20.0, epochs)) is None) is controlled

    @pytest.mark.parametrize(("spread", "controlled"), [(3.99, False), (4.0, True), (4.01, True)])
    def test_breathing_rates_lie_four_per_minute_apart(self, spread, controlled):
        rate = 10.0 + spread * np.linspace(-1.0 / 18, 1 + 1.0 / 18, 21)  # the 5 and 95 % points are `spread` apart
        assert (rsa._uncontrolled(rate) is None) is controlled

    @pytest.mark.parametrize(("missing", "told"), [(0.49, True), (0.5, True), (0.51, False)])
    def test_half_of_the_breaths_may_lack_a_swing(self, monkeypatch, missing, told):
        values = np.full(100, 40.0)
        values[: round(100 * missing)] = np.nan
        found = SimpleNamespace(missing=missing, times=np.arange(100.0) * 4, values=values)
        monkeypatch.setattr(span_measures, "peak_to_trough", lambda beats, breaths: found)
        why = span_measures._swing(evenly(9), (), Window(0.0, 400.0), None).why
        assert (why is None or why.code != PhysiologyReason.BREATHS_WITHOUT_SWING) is told


class TestMotion:
    @pytest.mark.parametrize(("share", "breathes"), [(0.49, False), (0.495, False), (0.505, True), (0.51, True)])
    def test_half_of_what_changes_lies_in_one_direction(self, share, breathes):
        """Three waves of one frequency band that never go together; the first has this share of all variance."""
        t = np.arange(0, 240, 0.1)
        rest = math.sqrt((1 - share) / 2)
        waves = (math.sqrt(share), 0.25), (rest, 0.3), (rest, 0.35)
        axes = tuple(signal(size * np.sin(2 * np.pi * frequency * t), 10.0) for size, frequency in waves)
        if breathes:
            assert len(chest_tilt(axes))
        else:
            with pytest.raises(DataError, match="one direction"):
                chest_tilt(axes)

    @pytest.mark.parametrize(("movement", "still"), [(0.0499, True), (0.05, True), (0.0501, False)])
    def test_over_a_twentieth_of_gravity_is_movement(self, movement, still):
        axis = _still(signal([1.0, 1.0]), signal([movement, movement]))
        assert np.isfinite(axis.values).all() == still


class TestRrCleaning:
    @pytest.mark.parametrize(("gap", "filled"), [(2.99, True), (3.0, True), (3.01, False)])
    def test_a_missed_beat_is_put_into_a_gap_of_three_seconds_at_most(self, gap, filled):
        beats = [JudgedBeat(0.0, 1.0), JudgedBeat(gap, 1.0, breaks=True, artefact=Artefact.MISSED, median=1.0)]
        assert (len(_corrected(beats)) > 2) is filled

    @pytest.mark.parametrize(("count", "judged"), [(29, 0), (30, 28), (31, 29)])
    def test_the_first_thirty_beats_are_judged_together(self, count, judged):
        assert FIRST == 30
        _, piece = RrCleaning().step(RrCleaning().start(), Piece(tuple(beat_stream(evenly(count))), 100.0))
        assert len(piece.data) == judged

    @pytest.mark.parametrize(
        ("ratio", "changed"), [(0.599, False), (0.6, False), (0.601, True), (1.599, True), (1.6, False), (1.601, False)]
    )
    def test_a_heart_changes_at_once_to_three_fifths_or_eight_fifths(self, ratio, changed):
        assert _has_changed(Neighbourhood(1.0, ratio, ratio, ratio, 1.0, 0.1, 1.0)) is changed

    @pytest.mark.parametrize(("faults", "kept"), [(4, True), (5, True), (6, False)])
    def test_over_five_faults_of_twelve_are_another_rhythm(self, faults, kept):
        assert (self._usual(faults=(True,) * faults + (False,) * (12 - faults)) == 1.2) is kept

    @pytest.mark.parametrize(("gap", "kept"), [(29.99, True), (30.0, True), (30.01, False)])
    def test_half_a_minute_of_gap_forgets_what_was_usual(self, gap, kept):
        assert (self._usual(gap=gap) == 1.2) is kept

    @pytest.mark.parametrize(("sound", "kept"), [(2, False), (3, True), (4, True)])
    def test_three_sound_intervals_tell_what_is_usual(self, sound, kept):
        assert (self._usual(sound=sound) == 1.2) is kept

    @staticmethod
    def _usual(sound: int = 5, faults: tuple[bool, ...] = (), gap: float = 0.0) -> float:
        """Return what counts as the usual interval: 1.2 s of the sound ones, or 0.8 s of all."""
        chain = _Chain(_ChainState(100.0, 1.2, (1.2,) * sound, faults))
        beat = JudgedBeat(100.0 + (gap or 1.2), 1.0, breaks=gap > 0)
        return chain.judge(beat, 1.2, 1.2, 0.8, 0.3).median


class TestSignalLoss:
    """At 100 Hz; the signal swings between -1 and 1 before and after."""

    @staticmethod
    def _lost(values) -> bool:
        swing = np.sin(np.arange(300) / 7)
        memory = signal_watch()
        fill_lost(np.concatenate([swing, values, swing]), 0, 100.0, memory)
        return bool(memory["count"][0])

    @pytest.mark.parametrize(("samples", "lost"), [(4, False), (5, False), (6, True)])
    def test_over_a_twentieth_of_a_second_of_missing_samples_is_lost(self, samples, lost):
        assert self._lost(np.full(samples, np.nan)) is lost

    @pytest.mark.parametrize(("samples", "lost"), [(11, False), (12, False), (13, False), (14, True)])
    def test_a_rail_lasts_over_a_bit_more_than_a_tenth_of_a_second(self, samples, lost):
        assert self._lost(np.full(samples, 3.0)) is lost

    @pytest.mark.parametrize(("samples", "lost"), [(99, False), (100, False), (101, False), (102, True)])
    def test_a_value_that_was_met_before_may_stand_a_second(self, samples, lost):
        assert self._lost(np.full(samples, 0.5)) is lost


class TestStates:
    @pytest.mark.parametrize(("quality", "named"), [(0.69, False), (0.7, True), (0.71, True)])
    def test_seven_tenths_of_a_span_must_be_known(self, quality, named):
        assert (most_likely(np.array([0.9, 0.1, 0.0, 0.0]), quality) is not State.UNCLEAR) is named

    @pytest.mark.parametrize(("probability", "named"), [(0.59, False), (0.6, True), (0.61, True)])
    def test_a_state_is_named_from_a_probability_of_six_tenths(self, probability, named):
        rest = 1 - probability
        assert (most_likely(np.array([probability, rest, 0.0, 0.0])) is not State.UNCLEAR) is named

    @pytest.mark.parametrize(("numb", "named"), [(5.9, False), (6.0, True), (6.1, True)])
    def test_shut_down_needs_a_report_of_six_of_ten(self, numb, named):
        probability = np.array([float(name is State.SHUT_DOWN) for name in STATE_NAMES] + [0.0])
        state = _by_model(probability, StateEvidence(0.0, 0.0, quality=1.0, numb=numb))
        assert (state is State.SHUT_DOWN) is named

    @pytest.mark.parametrize(("value", "engaged"), [(4.9, False), (5.0, True), (5.1, True)])
    def test_engaged_is_five_of_ten(self, value, engaged):
        assert self._seen({"engaged": ((15.0, value),)}).engaged(Window(0.0, 30.0)) is engaged

    @pytest.mark.parametrize(("time", "holds"), [(89.9, True), (90.0, True), (90.1, False)])
    def test_a_report_holds_for_a_minute_around_it(self, time, holds):
        engaged = self._seen({"engaged": ((time, 9.0),)}).engaged(Window(0.0, 30.0))
        assert (engaged is True) is holds

    @pytest.mark.parametrize(("movement", "still"), [(0.99, True), (1.0, True), (1.01, False)])
    def test_still_is_up_to_one_spread_of_the_movement_at_rest(self, movement, still):
        seen = self._seen({}, signal(np.full(120, movement)))
        assert seen.evidence(Window(0.0, 30.0)).still is still

    @staticmethod
    def _seen(reports, moved=None) -> _Seen:
        flat = signal(np.zeros(120))
        return _Seen(Arousal(flat, flat, flat, ("heart_rate",)), None, moved, reports)


class TestSpeech:
    @pytest.mark.parametrize(("share", "wider"), [(0.49, False), (0.5, False), (0.51, True)])
    def test_over_half_of_a_span_makes_the_variability_less_certain(self, share, wider):
        beats, span = evenly(200), Window(0.0, 160.0)
        measures = {name: getattr(compute_hrv(beats), name) for name in span_measures.VARIABILITY}
        changed = span_measures._while_speaking(measures, beats, (Window(0.0, 160.0 * share),), span)
        assert (len(changed) > 1) is wider

    @pytest.mark.parametrize(("share", "counted"), [(0.19, 2), (0.2, 2), (0.21, 0)])
    def test_a_fifth_of_an_epoch_may_be_speech(self, share, counted):
        starts, epochs = np.array([0.0, 30.0]), np.array([1.0, 2.0])
        speech = tuple(Window(start, start + 30.0 * share) for start in starts)
        of = SimpleNamespace(why_not=None, rsa=(SimpleNamespace(epochs=epochs), starts), speech=speech)
        assert (span_measures._rsa(of, Window(0.0, 60.0)).value is not None) is (counted == 2)


class TestVoice:
    """A level at 10 Hz, 0 dB in silence; somebody speaks in the middle."""

    @staticmethod
    def _turns(loud=20.0, length=2.0, other=None):
        values = np.zeros(100)
        values[30 : 30 + round(10 * length)] = loud
        rest = [signal(np.where(values > 0, loud + other, 0.0), 10.0)] if other is not None else []
        return voice._turns(signal(values, 10.0), (0.0, loud), rest)

    @pytest.mark.parametrize(("loud", "separate"), [(9.9, False), (10.0, True), (10.1, True)])
    def test_speech_stands_ten_decibels_above_the_background(self, loud, separate):
        assert (self._turns(loud) is not None) is separate

    @pytest.mark.parametrize(("other", "speaks"), [(5.9, True), (6.0, True), (6.1, False)])
    def test_another_voice_may_be_six_decibels_louder(self, other, speaks):
        assert bool(self._turns(other=other)) is speaks

    @pytest.mark.parametrize(("length", "turn"), [(0.2, False), (0.3, True), (0.4, True)])
    def test_a_turn_lasts_a_third_of_a_second(self, length, turn):
        assert bool(self._turns(length=length)) is turn

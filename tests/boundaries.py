"""Every threshold that decides an answer, with the tests that hold it just below, at, and just above its value.

`tests/test_boundaries.py` finds the thresholds in the code and fails where one is missing here, or a test is missing there.
`python tools/thresholds.py` moves each threshold a little in a copy of the checkout and runs the tests that are named here.
"""

from __future__ import annotations

from tests.paths import ROOT

A, C, L = "tests/analysis/test_", "tests/coupling/test_", "tests/live/signals/test_"
P, R = "tests/physiology/test_thresholds.py::", "tests/regulation/test_"
LIMITS, MINIMUMS = R + "thresholds.py::test_", R + "minimums.py::test_"
COIN = "tests/regulation/coin/test_minimums.py::"
RECOVERY, LIVE = R + "recovery.py::test_", L + "thresholds.py::"

LINKAGE = {
    "alpha": A + "linkage_gates.py::test_an_adjusted_p_up_to_alpha_passes",
    "live_looks": L + "linkage.py::test_four_looks_are_due_at_fixed_times",
    "many_shifts": "tests/coupling/nulls/test_choice.py::test_circular_shifts_are_taken_where_p_of_one_in_a_thousand_can_be_reached",
    "max_bridged": "tests/coupling/nulls/test_choice.py::test_more_than_a_twentieth_missing_is_answered_by_a_model",
    "equivalence_margin": A + "linkage_gates.py::test_what_was_shared_explains_only_what_is_shown_to_be_alike",
    "equivalence_level": C + "inference.py::test_the_signed_value_at_a_fixed_lag_has_intervals_of_both_levels",
    "max_pair_draws": A + "pair.py::test_many_pairs_have_fewer_surrogates_each",
    "min_pair_draws": A + "pair.py::test_many_pairs_have_fewer_surrogates_each",
    "min_nulls": A + "pair.py::test_a_p_value_needs_99_surrogates",
    "min_windows": A + "pair.py::test_three_windows_of_common_valid_time_are_compared",
    "min_pseudo_dyads": A + "pair.py::test_a_p_value_needs_19_pseudo_dyads",
    "min_span_windows": A + "blocks.py::test_a_span_holds_four_windows",
    "min_span_share": A + "blocks.py::test_long_spans_make_up_half_of_the_session",
    "min_blocks_of_windows": A + "blocks.py::test_a_block_has_linkage_where_two_blocks_of_the_bootstrap_fit",
    "min_group_pairs": A + "group.py::test_a_group_needs_three_comparable_pairs",
    "min_movable": A + "group.py::test_three_people_must_be_able_to_change_places",
    "min_comparable_share": A + "group.py::test_half_of_the_pairings_across_sessions_must_be_comparable",
    "min_live_coverage": L + "linkage.py::test_half_of_the_common_time_must_be_valid",
    "max_sensitivity_pairs": A + "pair.py::test_up_to_six_pairs_are_tested_against_secondary_nulls",
    "max_surfaces": A + "pair.py::test_up_to_forty_pairs_keep_their_surfaces_in_memory",
    "map_level": A + "pair.py::test_the_threshold_of_a_map_is_the_95th_percentile_of_its_surrogates",
    "max_lag_width": A + "linkage_gates.py::test_who_leads",
}
REGULATION = {
    "min_rise": LIMITS + "a_clear_rise_and_two_recoveries_of_each_are_needed",
    "min_recoveries": LIMITS + "a_clear_rise_and_two_recoveries_of_each_are_needed",
    "max_own_burden": LIMITS + "settles_sooner",
    "max_net_effect": LIMITS + "settles_sooner",
    "max_if_alone_first": LIMITS + "settles_sooner",
    "max_if_shared": LIMITS + "settles_sooner",
    "max_ratio": LIMITS + "settles_sooner",
    "margin": LIMITS + "no_different",
    "slight": R + "settling.py::test_half_lives_differ_only_beyond_a_slight_factor",
    "min_cost": LIMITS + "a_partner_rises_above_the_least_cost",
    "direction_level": MINIMUMS + "each_interval_is_read_at_its_own_level",
    "equivalence_level": MINIMUMS + "each_interval_is_read_at_its_own_level",
    "small_cost": MINIMUMS + "a_cost_wholly_below_a_quarter_is_little",
    "max_pair_burden": LIMITS + "what_one_sheds_the_other_carries",
    "min_common": MINIMUMS + "a_shared_input_is_seen_from_a_tenth_fast_and_from_a_seventh_slow",
    "min_slow_share": MINIMUMS + "a_shared_input_is_seen_from_a_tenth_fast_and_from_a_seventh_slow",
    "sooner_level": MINIMUMS + "each_interval_is_read_at_its_own_level",
    "ratio_level": LIMITS + "half_lives_are_read_at_their_own_level",
    "ratio_level_if_doubted": LIMITS + "half_lives_are_read_at_their_own_level",
    "min_rise_together": LIMITS + "half_lives_are_compared_from_one_resting_deviation",
    "min_rise_share": LIMITS + "half_lives_are_compared_from_a_third_of_the_rise_alone",
    "harm_level": LIMITS + "the_other_rises_at_the_level_of_harm",
    "min_harm_score": LIMITS + "harm_needs_the_model_and_the_areas",
    "kept_level": R + "leaving_out.py::test_a_claim_is_kept_at_its_own_level",
    "left_out": R + "leaving_out.py::test_stretches_are_twenty_seconds_long",
    "min_cross_exposure": MINIMUMS + "a_stressor_reaches_both_from_a_quarter_of_its_size",
    "smoothing": MINIMUMS + "a_recovery_is_known_within_the_length_of_the_running_mean",
    "stay_below": RECOVERY + "it_counts_as_settled_after_ten_seconds_below_half",
    "max_missing": RECOVERY + "half_of_a_recovery_may_be_missing",
    "min_half_life": MINIMUMS + "half_lives_under_a_second_are_not_resolved",
    "max_unequal": RECOVERY + "spreads_are_pooled_up_to_a_factor_of_three",
    "min_rest": RECOVERY + "half_a_minute_of_rest_alone_gives_a_resting_level",
    "min_rest_values": MINIMUMS + "ten_values_of_rest_give_a_level",
    "min_values": MINIMUMS + "thirty_values_make_a_person",
    "min_composure_values": MINIMUMS + "ten_values_of_rest_and_of_a_moment_tell_composure",
    "composure_before": MINIMUMS + "composure_compares_with_the_thirty_seconds_before",
    "min_visits": MINIMUMS + "five_visits_make_a_trend",
    "max_people": MINIMUMS + "six_people_can_be_told_apart",
}
BOUNDARIES = {
    **{f"coupling/settings.py:{name}": test for name, test in LINKAGE.items()},
    **{f"regulation/thresholds.py:{name}": test for name, test in REGULATION.items()},
    "settings.py:MIN_BASELINE_REST": "tests/test_settings.py::test_a_baseline_needs_its_rest_wherever_it_starts",
    "settings.py:MIN_RESTING_LEVEL": RECOVERY + "half_a_minute_of_rest_alone_gives_a_resting_level",
    "regulation/fit.py:_FAR": R + "fit.py::test_an_innovation_is_doubted_from_three_deviations",
    "regulation/fit.py:_SPIKE": R + "fit.py::test_a_value_is_doubted_from_eight_deviations_of_its_neighbours",
    "regulation/responses.py:_LEAST": R + "responses.py::test_five_values_make_a_height",
    "regulation/statespace.py:_LEAST_MOMENTS": R + "fit.py::test_four_moments_have_rates_of_their_own",
    "coupling/measures/kernels.py:MIN_VARIANCE": "tests/coupling/measures/test_lagged_correlation.py::test_a_window_counts_where_it_varies_by_a_hundred_thousandth_of_the_series_sd",
    "coupling/nulls/surrogates.py:_MAX_MISSING": "tests/coupling/nulls/test_surrogates.py::test_a_spectrum_needs_four_fifths_of_the_samples",
    "coupling/nulls/surrogates.py:_MIN_SEGMENTS": "tests/coupling/nulls/test_surrogates.py::test_four_segments_can_be_shuffled",
    "live/signals/beat_streams.py:SILENT": L + "beat_streams.py::test_which_of_two_streams_counts",
    "live/signals/clock_sync.py:STEP": LIVE + "TestClockSync::test_a_clock_was_set_beyond_half_a_second_and_the_round_trip",
    "live/signals/engine.py:STIRRED": LIVE + "TestEngine::test_a_heart_over_two_spreads_above_its_rest_is_stirred",
    "live/signals/finger_beats.py:MAX_GAP": LIVE + "TestFinger::test_a_chain_of_readings_ends_after_three_seconds",
    "live/signals/finger_beats.py:GAP": LIVE + "TestFinger::test_a_fifth_of_a_second_is_bridged",
    "live/signals/frame_beats.py:HOLE": LIVE + "TestFrames::test_samples_are_missing_from_a_fiftieth_of_a_second",
    "live/signals/frame_beats.py:MAX_GAP": LIVE + "TestFrames::test_a_chain_ends_after_ten_seconds_or_where_the_clock_goes_back",
    "live/signals/packets.py:EARLIEST": LIVE + "TestPackets::test_samples_lie_from_a_minute_before_to_a_day_after_the_beginning",
    "live/signals/packets.py:LATEST": LIVE + "TestPackets::test_samples_lie_from_a_minute_before_to_a_day_after_the_beginning",
    "live/signals/packets.py:JUMP": LIVE + "TestPackets::test_a_clock_was_set_beyond_half_a_minute",
    "live/signals/packets.py:GRID": LIVE + "TestPackets::test_half_a_second_off_its_count_is_a_gap",
    "live/signals/sensor_status.py:SILENT": LIVE + "TestSensorStatus::test_a_signal_is_lost_after_five_silent_seconds",
    "live/signals/sensor_status.py:CLEAN": LIVE + "TestSensorStatus::test_ten_seconds_without_a_break_are_clean",
    "live/signals/sensor_status.py:SYNTHETIC": LIVE + "TestSensorStatus::test_intervals_within_a_millisecond_and_a_half_of_the_rate_are_made_from_it",
    "packet_clock.py:ANCHOR": LIVE + "TestFrames::test_twelve_frames_tell_how_far_the_clocks_are_apart",
    "physiology/arousal.py:_KNOWN": P + "TestArousal::test_an_input_is_known_for_two_minutes_of_a_rest",
    "physiology/mean_interval.py:MIN_EFFECTIVE": P + "TestMeanInterval::test_an_interval_needs_the_middle_between_three_and_eight_effective_samples",
    "physiology/memory.py:FEWEST": P + "TestMeanInterval::test_twelve_values_have_a_memory",
    "physiology/memory.py:LEAST": P + "TestMeanInterval::test_a_memory_of_fewer_than_one_and_a_half_effective_values_holds_no_interval",
    "physiology/breath.py:MIN_BREATH": P + "TestBreath::test_a_breath_takes_from_one_and_a_fifth_to_twenty_seconds",
    "physiology/breath.py:MAX_BREATH": P + "TestBreath::test_a_breath_takes_from_one_and_a_fifth_to_twenty_seconds",
    "physiology/breath.py:_SIGH": P + "TestBreath::test_a_sigh_is_over_twice_as_deep_as_the_median",
    "physiology/breath.py:_MIN_KNOWN": P + "TestBreath::test_eight_seconds_tell_the_amplitude",
    "physiology/breath_band.py:_MIN_KNOWN": P + "TestBreath::test_four_fifths_of_a_window_must_be_known",
    "physiology/breath_band.py:_COHERENCE": P + "TestBreath::test_the_gain_is_known_where_breath_and_heart_cohere_by_half",
    "physiology/eda.py:MIN_AMPLITUDE": P + "TestSkin::test_a_response_is_a_twentieth_of_a_microsiemens",
    "physiology/eda.py:NON_RESPONDER": P + "TestSkin::test_a_third_of_a_response_per_minute_makes_a_responder",
    "physiology/eda.py:STEEPEST": P + "TestSkin::test_skin_changes_by_eight_microsiemens_per_second_at_most",
    "physiology/eda.py:LOWEST": P + "TestSkin::test_skin_conducts_a_twentieth_of_a_microsiemens_at_least",
    "physiology/eda_decomposition.py:_MIN_SECONDS": P + "TestSkin::test_a_minute_is_decomposed",
    "physiology/hrv.py:_SHORTEST": P + "TestHrv::test_half_a_minute_of_intervals_gives_time_domain_measures",
    "physiology/tachogram.py:PLAUSIBLE_RR": P + "TestHrv::test_an_interval_lasts_a_quarter_to_two_and_a_half_seconds",
    "physiology/rr_cleaning.py:REFUSES": P + "TestHrv::test_a_fifth_of_the_beats_may_be_artefacts",
    "physiology/rr_cleaning.py:WARNS": P + "TestHrv::test_over_a_twentieth_of_artefacts_is_warned_of",
    "physiology/cleaned_beats.py:_MAX_GAP": P + "TestRrCleaning::test_a_missed_beat_is_put_into_a_gap_of_three_seconds_at_most",
    "physiology/rr_cleaning.py:FIRST": P + "TestRrCleaning::test_the_first_thirty_beats_are_judged_together",
    "physiology/rr_explanation.py:_CHANGED": P + "TestRrCleaning::test_a_heart_changes_at_once_to_three_fifths_or_eight_fifths",
    "physiology/rr_cleaning.py:_MAX_FAULTS": P + "TestRrCleaning::test_over_five_faults_of_twelve_are_another_rhythm",
    "physiology/rr_cleaning.py:_FORGETS": P + "TestRrCleaning::test_half_a_minute_of_gap_forgets_what_was_usual",
    "physiology/rr_cleaning.py:_MIN_SOUND": P + "TestRrCleaning::test_three_sound_intervals_tell_what_is_usual",
    "physiology/voice.py:SEPARATION": P + "TestVoice::test_speech_stands_ten_decibels_above_the_background",
    "physiology/voice.py:OTHER": P + "TestVoice::test_another_voice_may_be_six_decibels_louder",
    "physiology/voice.py:SHORTEST": P + "TestVoice::test_a_turn_lasts_a_third_of_a_second",
    "physiology/speech.py:MANY": P + "TestSpeech::test_over_half_of_a_span_makes_the_variability_less_certain",
    "physiology/span_measures.py:_MAX_SPEECH": P + "TestSpeech::test_a_fifth_of_an_epoch_may_be_speech",
    "analysis/guides.py:MIN_UNGUIDED": A + "guides.py::test_five_minutes_without_a_guide_are_enough",
    "regulation/coin/randomisation.py:MIN_OF_EACH": COIN + "test_four_flips_of_each_kind_are_needed",
    "regulation/coin/outcomes.py:MIN_VALID": COIN + "test_half_of_a_span_must_be_valid",
    "physiology/sliding_rmssd.py:_KNOWN": P + "TestHrv::test_half_of_a_sliding_window_must_be_known",
    "physiology/motion.py:_ONE_WAY": P + "TestMotion::test_half_of_what_changes_lies_in_one_direction",
    "physiology/motion.py:MOVING": P + "TestMotion::test_over_a_twentieth_of_gravity_is_movement",
    "physiology/rsa.py:_MIN_EPOCHS": P + "TestRsa::test_twelve_epochs_take_breathing_out",
    "physiology/rsa.py:_SPREAD": P + "TestRsa::test_breathing_rates_lie_four_per_minute_apart",
    "physiology/span_measures.py:_MAX_MISSING": P + "TestRsa::test_half_of_the_breaths_may_lack_a_swing",
    "physiology/signal_loss.py:MISSING": P + "TestSignalLoss::test_over_a_twentieth_of_a_second_of_missing_samples_is_lost",
    "physiology/signal_loss.py:RAIL": P + "TestSignalLoss::test_a_rail_lasts_over_a_bit_more_than_a_tenth_of_a_second",
    "physiology/signal_loss.py:FLAT": P + "TestSignalLoss::test_a_value_that_was_met_before_may_stand_a_second",
    "physiology/states.py:_GOOD": P + "TestStates::test_seven_tenths_of_a_span_must_be_known",
    "physiology/states.py:_CLEAR": P + "TestStates::test_a_state_is_named_from_a_probability_of_six_tenths",
    "physiology/state_spans.py:_NUMB": P + "TestStates::test_shut_down_needs_a_report_of_six_of_ten",
    "physiology/state_spans.py:_ENGAGED": P + "TestStates::test_engaged_is_five_of_ten",
    "physiology/state_spans.py:_HOLDS": P + "TestStates::test_a_report_holds_for_a_minute_around_it",
    "physiology/state_spans.py:_STILL": P + "TestStates::test_still_is_up_to_one_spread_of_the_movement_at_rest",
}  # fmt: skip

NO_DECISION = {
    "regulation/fit.py:_NEAR": "where a search takes other steps to the same maximum",
    "analysis/finding.py:_MAX_NAMED": "how many names are printed",
    "physiology/motion.py:CHEST": "a list of channels, counted",
    "coupling/inference.py:ROUNDING": "last digits of equal numbers",
    "coupling/measure.py:_STATISTIC": "a list of methods",
    "coupling/measures/peak_picking.py:_ROUNDING": "last digits of equal numbers",
    "coupling/measures/regression.py:_ROUNDING": "last digits of equal numbers",
    "live/signals/engine.py:SLOW": "how often something is computed",
    "live/signals/linkage.py:EVERY": "how often something is asked",
    "live/signals/growing_signal.py:GRID": "a sampling rate",
    "live/signals/frame_beats.py:RATE": "a sampling rate",
    "live/signals/linkage.py:MEASURE": "a measure, whose settings are thresholds of linkage",
    "physiology/body.py:_GATHERED": "how much is worked on at once",
    "physiology/eda.py:AMPLITUDE": "a factor between units",
    "physiology/eda.py:_SPREAD": "a width of a filter",
    "physiology/sliding_rmssd.py:LENGTH": "a length of windows",
    "physiology/rsa.py:EPOCH": "a length of epochs",
    "regulation/coin/randomisation.py:PLANNED": "how many flips a plan fixes; fewer are told as early",
    "physiology/memory.py:_NEGLIGIBLE": "a weight that no digit shows",
    "settings.py:TAIL": "the tail of the shared level of intervals",
    "regulation/fit.py:_PATIENCE": "how long a search goes on",
    "settings.py:_ROUNDING": "last digits of equal numbers",
}
"""What stands in a comparison and decides no answer, with what it is."""

BY_VALUE = {f"regulation/thresholds.py:{name}" for name in (
    "direction_level", "equivalence_level", "sooner_level", "ratio_level", "ratio_level_if_doubted", "harm_level", "kept_level", "left_out"
)} | {
    "coupling/settings.py:map_level", "coupling/settings.py:equivalence_level", "settings.py:MIN_BASELINE_REST",
}  # fmt: skip
"""Held by a test that asks for the value itself, not for what happens beside it."""

ELSEWHERE = (
    "physiology/beat_decision.py", "physiology/candidates.py", "physiology/beat_memory.py", "physiology/beat_shapes.py",
    "physiology/beat_evidence.py", "physiology/beat_class.py", "physiology/fault_clusters.py", "filters.py",
)  # fmt: skip
"""Compiled detectors: their numbers work together and are held by beats of known recordings, not one by one."""


def boundary_test(threshold: str) -> tuple[str, list[str]]:
    """Split the test of a threshold into its file and the names inside it."""
    file, *names = BOUNDARIES[threshold].split("::")
    return str(ROOT / file), names

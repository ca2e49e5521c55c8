"""Every number that an answer of the regulation branch depends on, in one value."""

from __future__ import annotations

from dataclasses import dataclass

from coregulation.settings import MIN_RESTING_LEVEL


@dataclass(frozen=True, slots=True)
class RegulationThresholds:
    """Margins, levels and minimum lengths; set on the public simulator, then frozen and tested on fresh seeds.

    Burdens are ratios, 1 is as alone. Heights and rises are in standard deviations of the person's own alone-rest (rest SDs).

    Parameters
    ----------
    min_rise
        Rest SDs by which the stressor must raise arousal, alone; more than this.
    min_recoveries
        Recoveries of each kind, alone and together.
    max_own_burden
        The interval of the own burden at `sooner_level` must lie below this for "settles sooner"; that at `direction_level` where
        both directions are.
    sooner_level
        Level of that interval, 0 to 1: two directions at one-sided .5 % each are 1 % of sessions.
    max_net_effect
        The 90 % interval of the net effect must lie below this for "settles sooner".
    max_if_alone_first
        Both of these where alone always came first, since habituation has the same effect.
    max_if_shared
        Both of these where unscripted shared input was seen; the second also where the partner rises.
    max_ratio
        The model-free half-life ratio, together over alone, must be below this.
    ratio_level
        Level at which its whole interval must lie below 1, 0 to 1.
    ratio_level_if_doubted
        The same where shared input was seen or alone came first.
    ratio_level_if_less
        The same of half-lives from equal heights, where the rise together is less than `min_rise_share`; then they decide alone.
    min_rise_if_less
        Rest SDs by which the stressors must raise arousal together for that.
    min_rise_together
        Rest SDs by which the stressors must raise arousal together, on average, for half-lives to be compared.
    min_rise_share
        The same as a share of the rise alone.
    harm_level
        Level at which the other's rise must lie above nothing, without a model, 0 to 1.
    leaning_level
        Level at which the other's rise above nothing calls for areas that show a gain before "settles sooner" is said, 0 to 1.
    min_harm_score
        Standard errors, of the model's burden and of the areas together, by which both must bear more.
    kept_level
        Level at which a claim must still hold with any one hard moment, or any 20 s, left out, 0 to 1.
    left_out
        Length of the stretches that are left out, s.
    margin
        "No different" is a 90 % interval within 1/margin to margin that shows no difference, or one within the next.
    slight
        1/slight to slight is a factor that nobody would call a difference.
    min_cost
        A cost to the partner above this is called rising with the other, where the areas show a rise as well.
    direction_level
        Level at which a difference in either of two directions is read, 0 to 1: two looks at 95 % each.
    equivalence_level
        Level of the intervals that show "no different": two one-sided tests at 5 % each.
    small_cost
        A cost whose whole interval lies below this, in the receiver's burdens alone, is little or nothing.
    max_pair_burden
        Where the partner rises and the upper end of the pair burden (90 %) is not below this, what burdens one less burdens the other more.
    min_common
        A fast shared correlation whose interval lies above this calls for the slow input.
    min_slow_share
        Share of the slow shared input in what moves both, whose 90 % interval lies above this, is seen.
    min_cross_exposure
        Share of a stressor's size that reaching the other directly makes it a shared one.
    smoothing
        Length of the running mean that recoveries are read from, s.
    stay_below
        How long arousal must stay below half its height to count as settled, s.
    max_missing
        Share of a recovery that may be missing, 0 to 1.
    min_half_life
        Shorter half-lives are not resolved, s.
    max_unequal
        Ratio of two people's standard deviations beyond which theirs are not pooled.
    min_rest
        Length of alone-rest for a resting level, s.
    min_rest_values
        Values in it.
    min_values
        Values that a person must have at all, and inside the blocks.
    min_composure_values
        Values in a hard moment of another, in the time before it, and at rest.
    composure_before
        Length of the time before such a moment that it is compared with, s.
    min_visits
        Visits for a trend.
    max_people
        A model of more people has more paths between them than a session can tell apart.
    """

    min_rise: float = 3.0
    min_recoveries: int = 2
    max_own_burden: float = 1.0
    sooner_level: float = 0.99
    max_net_effect: float = 1.0
    max_if_alone_first: tuple[float, float] = (0.75, 0.95)
    max_if_shared: tuple[float, float] = (0.8, 0.8)
    max_ratio: float = 0.9
    ratio_level: float = 0.8
    ratio_level_if_doubted: float = 0.9
    ratio_level_if_less: float = 0.95
    min_rise_if_less: float = 2.0
    min_rise_together: float = 1.0
    min_rise_share: float = 1 / 3
    harm_level: float = 0.9
    leaning_level: float = 0.7
    min_harm_score: float = 3.0
    kept_level: float = 0.7
    left_out: float = 20.0
    margin: float = 2.5
    slight: float = 1.5
    min_cost: float = 0.05
    direction_level: float = 0.975
    equivalence_level: float = 0.9
    small_cost: float = 0.25
    max_pair_burden: float = 1.0
    min_common: float = 0.1
    min_slow_share: float = 0.15
    min_cross_exposure: float = 0.25
    smoothing: float = 5.0
    stay_below: float = 10.0
    max_missing: float = 0.5
    min_half_life: float = 1.0
    max_unequal: float = 3.0
    min_rest: float = MIN_RESTING_LEVEL
    min_rest_values: int = 10
    min_values: int = 30
    min_composure_values: int = 10
    composure_before: float = 30.0
    min_visits: int = 5
    max_people: int = 6


THRESHOLDS = RegulationThresholds()

"""Why a question about regulation was answered as it was, what would settle it, and what is said of the people: as codes.

Facts that are intervals are triples (value, low, high); an open end is infinite. `person`, `giver`, `receiver`, `first` and
`second` are people's names. A fact that names another reason is rendered in the same voice.
"""

from __future__ import annotations

from coregulation.reasons import ReasonCode
from coregulation.regulation.interval import Interval


def triple(interval: Interval) -> tuple[float, float, float]:
    """Turn an interval into a fact of a reason.

    Parameters
    ----------
    interval
        Its level is left out.

    Returns
    -------
    tuple of float
        Value, lower end and upper end.
    """
    return interval.value, interval.low, interval.high


class Refusal(ReasonCode):
    """Why the design or the fit allows no answer at all."""

    NOBODY_ALONE = "refusal.nobody-alone"
    NOBODY_TOGETHER = "refusal.nobody-together"
    NO_ALONE_REST = "refusal.no-alone-rest"
    NO_MOMENT_ALONE = "refusal.no-moment-alone"
    NO_MOMENT_TOGETHER = "refusal.no-moment-together"
    TOO_MANY_PEOPLE = "refusal.too-many-people", "people", "most"  # both are counts
    NO_AROUSAL_SIGNAL = "refusal.no-arousal-signal"
    NO_AROUSAL_SIGNAL_OF_ONE = "refusal.no-arousal-signal-of-one"
    NO_BLOCKS = "refusal.no-blocks"
    NEVER_BACK = "refusal.never-back"
    NO_START = "refusal.no-start"
    NO_DESCENT = "refusal.no-descent"
    NO_MAXIMUM = "refusal.no-maximum", "steps"  # how many the search took
    NO_SPREAD = "refusal.no-spread"


class Settle(ReasonCode):
    """What would settle an open question."""

    CORRECT_RECORDING = "settle.correct-recording"
    REST_APART_FIRST = "settle.rest-apart-first"
    REST_APART_AND_MOMENTS = "settle.rest-apart-and-moments"
    TIME_APART = "settle.time-apart"
    TIME_TOGETHER = "settle.time-together"
    MOMENTS_OF_EACH = "settle.moments-of-each"
    MOMENTS_OF_ONE = "settle.moments-of-one", "person"
    MORE_MOMENTS = "settle.more-moments"
    MOMENTS_TO_NARROW = "settle.moments-to-narrow", "moments"  # of each kind
    MOMENTS_FOR_COST = "settle.moments-for-cost", "moments", "giver"  # whether the giver carries a part
    MOMENTS_FOR_COST_SIZE = "settle.moments-for-cost-size", "moments", "giver"  # how much the giver carries
    MIXED_ORDER = "settle.mixed-order"
    ONE_AT_A_TIME = "settle.one-at-a-time"
    BETTER_SENSOR = "settle.better-sensor"
    CHEST_STRAP = "settle.chest-strap"
    STRONGER_MOMENT = "settle.stronger-moment"
    FEWER_PEOPLE = "settle.fewer-people"
    MORE_VISITS = "settle.more-visits"


class Recovered(ReasonCode):
    """Gate G4, one direction: how the receiver settled with the giver there, and why nothing else can be said.

    `numbers` is a reason of `Numbers`; `company` one of `Company`. `margin` is the factor of "no different".
    """

    SOONER = "recovery.sooner", "receiver", "giver", "company", "numbers"
    SOONER_WITH_STAND_IN = "recovery.sooner-with-stand-in", "receiver", "company", "numbers"
    CARRIED = "recovery.carried", "receiver", "giver", "numbers"
    LATER = "recovery.later", "receiver", "giver", "numbers"
    PARTNER_STIRRED = "recovery.partner-stirred", "receiver", "giver", "numbers"
    NO_DIFFERENT = "recovery.no-different", "receiver", "giver", "margin", "numbers"
    NO_DIFFERENT_DISPUTED = "recovery.no-different-disputed", "receiver", "giver", "margin", "numbers"
    SOONER_COST_OPEN = "recovery.sooner-cost-open", "receiver", "giver", "numbers"
    SOONER_COST_SIZE_OPEN = "recovery.sooner-cost-size-open", "receiver", "giver", "numbers"
    DISAGREE_SOONER = "recovery.disagree-sooner", "receiver", "giver", "numbers"
    DISAGREE_LATER = "recovery.disagree-later", "receiver", "giver", "numbers"
    LATER_PAIR_OPEN = "recovery.later-pair-open", "receiver", "giver", "numbers"
    PARTNER_STIRRED_REST_OPEN = "recovery.partner-stirred-rest-open", "receiver", "giver", "numbers"
    EITHER_WAY = "recovery.either-way", "receiver", "giver", "numbers"
    ROSE_LESS = "recovery.rose-less", "receiver", "giver", "rise_ratio"  # a triple
    HARDLY_ROSE = "recovery.hardly-rose", "receiver", "giver", "rise", "rise_together"  # in resting standard deviations
    HANGS_ON_STRETCH = "recovery.hangs-on-stretch", "receiver", "giver", "start", "end"  # s on the session clock
    SHARED_INPUT_COULD = "recovery.shared-input-could", "receiver", "giver", "numbers"
    HABITUATION_COULD = "recovery.habituation-could", "receiver", "giver", "numbers"
    SMALLER_RISE_COULD = "recovery.smaller-rise-could", "receiver", "giver", "numbers"
    TOO_LITTLE_SOONER = "recovery.too-little-sooner", "receiver", "giver", "numbers"
    NO_LIVE_PARTNER = "recovery.no-live-partner", "person", "partner"  # partner: the kind of stand-in
    NO_MOMENTS = "recovery.no-moments", "person"
    TOO_FEW_MOMENTS = "recovery.too-few-moments", "person", "alone", "together", "needed"  # counts
    NOT_FOLLOWED = "recovery.not-followed", "person"
    NOT_RAISED = "recovery.not-raised", "person", "rise", "needed"  # in resting standard deviations


class Numbers(ReasonCode):
    """The numbers behind an answer; intervals as triples."""

    BURDENS = "numbers.burdens", "own_burden", "ratio", "net_effect"
    JOINT_BURDENS = "numbers.joint-burdens", "own_burden", "ratio", "net_effect"
    PAIR_BURDEN = "numbers.pair-burden", "pair_burden"
    COST = "numbers.cost", "giver", "cost_to_partner", "net_effect"
    NONE = "numbers.none"


class Company(ReasonCode):
    """In whose company, and what kind of company it was."""

    LIVE = "company.live", "giver"
    RECORDED = "company.recorded", "giver"
    DELAYED = "company.delayed", "giver"
    IMAGINED = "company.imagined", "giver"
    EARNED = "company.earned", "giver"  # the live partner mattered, not only that somebody was there


class Reciprocity(ReasonCode):
    """Gate G5: whether it goes both ways. `numbers` is a tuple of `Numbers`."""

    BOTH_WAYS = "reciprocity.both-ways", "first", "second", "numbers"
    ONE_DIRECTION = "reciprocity.one-direction", "giver", "receiver", "numbers"
    ONE_DIRECTION_OTHER_OPEN = "reciprocity.one-direction-other-open", "giver", "receiver", "numbers"
    ONE_WAY = "reciprocity.one-way", "numbers"
    MORE_TOGETHER = "reciprocity.more-together", "numbers"
    AS_MUCH_TOGETHER = "reciprocity.as-much-together", "numbers"
    BOTH_AT_ONCE = "reciprocity.both-at-once", "numbers"
    NOTHING_SEEN = "reciprocity.nothing-seen", "first", "second", "numbers"
    UNKNOWN = "reciprocity.unknown", "numbers"


class CarryOver(ReasonCode):
    """Gate G6."""

    ONE_VISIT = "carry-over.one-visit"


class Cost(ReasonCode):
    """What a direction cost the giver."""

    LITTLE = "cost.little", "giver"
    PART_OF_IT = "cost.part-of-it", "giver"
    PART_OF_SHED = "cost.part-of-shed", "giver", "receiver"
    ROSE_TOO = "cost.rose-too", "giver", "receiver"
    BOTH_ROSE = "cost.both-rose"


class Statement(ReasonCode):
    """What the people are told of the regulation branch, a sentence each. `link` is a `Company`, `seconds` a `HalfWay`."""

    SETTLED_SOONER = "told.settled-sooner", "receiver", "link"
    SETTLED_SOONER_BY = "told.settled-sooner-by", "receiver", "link", "seconds"
    NOBODY_ANSWERED = "told.nobody-answered"
    TOOK_LONGER = "told.took-longer", "receiver"
    BOTH_TOOK_LONGER = "told.both-took-longer"
    MORE_TOGETHER = "told.more-together"
    AS_MUCH_TOGETHER = "told.as-much-together"
    MOVED_AT_ONCE = "told.moved-at-once", "people"
    OWN_TIME = "told.own-time", "people"
    SAME_SPEED = "told.same-speed"
    NOT_QUITE_SAME_SPEED = "told.not-quite-same-speed"
    CANNOT_TELL = "told.cannot-tell", "people"
    REFUSED = "told.refused"
    TWO_THINGS = "told.two-things"
    BOTH_HIT = "told.both-hit"
    ALONE_FIRST = "told.alone-first"
    TOGETHER_FIRST = "told.together-first"
    ONE_VISIT = "told.one-visit"


class HalfWay(ReasonCode):
    """Half-lives together and alone, in s."""

    KNOWN = "half-way.known", "together", "alone"
    OR_MORE = "half-way.or-more", "together", "alone"  # alone has no upper end


class Evidence(ReasonCode):
    """What a methods section is told of the regulation branch. Intervals as triples; half-lives in s."""

    KIND = "evidence.kind", "people", "kind"
    DIRECTION = (
        "evidence.direction", "giver", "receiver", "answer", "own_burden", "net_effect", "cost_to_partner", "half_lives", "link",
    )  # fmt: skip
    DIRECTION_JOINT = (
        "evidence.direction-joint", "giver", "receiver", "answer", "own_burden", "net_effect", "half_lives", "link",
    )  # fmt: skip
    NOT_ANSWERED = "evidence.not-answered", "giver", "receiver", "why"
    HALF_LIVES = "evidence.half-lives", "together", "alone", "ratio", "count_alone", "count_together"
    HALF_LIVES_POOLED = "evidence.half-lives-pooled", "together", "alone", "ratio", "count_alone", "count_together"
    PAIR_BURDEN = "evidence.pair-burden", "pair_burden"
    ORDER = "evidence.order", "order"
    SHARED_SEEN = "evidence.shared-seen"
    ALL_JOINT = "evidence.all-joint"
    REFUSED = "evidence.refused", "why"


class RegulationRemark(ReasonCode):
    """What of a session's blocks and marks was not used, and why."""

    BLOCKS_UNUSED = "remark.blocks-unused", "kinds"
    MARK_OUTSIDE = "remark.mark-outside", "label", "time", "first", "last"  # times in s on the session clock

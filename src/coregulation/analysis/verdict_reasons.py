"""Why the linkage branch was answered as it was, what would settle it, and what is said of the people: as codes.

`people` are names, `signal` is a channel; intervals are triples (value, low, high); p-values are adjusted over all primary answers
to the same question unless a fact says otherwise. `why` is a reason, or the text of one.
"""

from __future__ import annotations

from coregulation.reasons import ReasonCode


class QualityGate(ReasonCode):
    """Gate G0."""

    GOOD = "quality.good", "coverage"  # the least share of the common time that is there in both
    GOOD_GROUP = "quality.good-group", "compared", "left_out"  # people compared; recordings left out
    LACKING = "quality.lacking", "reasons"
    GROUP_REFUSED = "quality.group-refused", "signal", "why"
    NO_COMMON_SIGNAL = "quality.no-common-signal", "each"  # what each person has
    HAS_SIGNALS = "quality.has-signals", "person", "signals"
    HAS_NOTHING = "quality.has-nothing", "person"


class Linked(ReasonCode):
    """Gate G1: alike beyond each person's own dynamics? `nulls` is how many surrogates there were."""

    PASSED = "linked.passed", "signal", "nulls", "p"
    FAILED = "linked.failed", "p"  # the smallest of all signals
    GROUP_PASSED = "linked.group-passed", "signal", "nulls", "p"
    GROUP_FAILED = "linked.group-failed", "signal", "nulls", "p"
    REFUSED = "linked.refused", "why"
    NO_SIGNAL = "linked.no-signal"
    TOO_LITTLE_OF_ALL = "linked.too-little-of-all"


class Script(ReasonCode):
    """Gate G2: alike beyond what everybody got at once? `nulls` is how many pairings or groups there were."""

    APART = "script.apart"
    GUIDED = "script.guided", "guides"
    PASSED = "script.passed", "signal", "nulls", "p"
    FAILED = (
        "script.failed",
        "signal",
        "nulls",
        "difference",
        "margin",
    )  # difference in Fisher's z, with its 90 % interval
    OPEN = "script.open", "signal", "nulls", "p"
    GROUP_PASSED = "script.group-passed", "signal", "nulls", "p"
    GROUP_OPEN = "script.group-open", "signal", "nulls", "p"
    NOTHING_SHARED = "script.nothing-shared"
    CANNOT_SEPARATE = "script.cannot-separate", "came", "why"
    NOT_STATED = "script.not-stated"
    SHARED = "script.shared", "shared"
    NOBODY_TO_COMPARE = "script.nobody-to-compare"


class Lead(ReasonCode):
    """Gate G3: does one come first? Lags in s."""

    NOT_LINKED = "lead.not-linked"
    CLOCKS_NOT_STATED = "lead.clocks-not-stated"
    FIRST = "lead.first", "leader", "lag"
    FIRST_OR_SHARED_EVENT = "lead.first-or-shared-event", "leader", "lag"
    NEITHER = "lead.neither", "low", "high"
    LAG_OPEN = "lead.lag-open", "low", "high"
    GROUP = "lead.group"


class SettleLinkage(ReasonCode):
    """What would settle an open question about linkage."""

    RECORD_CLEANLY = "settle.record-cleanly"
    RECORD_ENOUGH = "settle.record-enough"
    RECORD_LONGER = "settle.record-longer"
    MORE_OTHERS = "settle.more-others"
    OTHERS_OR_SAY = "settle.others-or-say"
    WITHOUT_GUIDE = "settle.without-guide"
    STATE_CLOCKS = "settle.state-clocks"
    LONGER_OR_ONE_CLOCK = "settle.longer-or-one-clock"


class LinkageStatement(ReasonCode):
    """What the people are told of linkage, a sentence each. `count` is how many people there are."""

    NOT_ENOUGH_CLEAN = "linkage.not-enough-clean", "people"
    NOT_ENOUGH_CLEAN_GROUP = "linkage.not-enough-clean-group"
    TOO_LITTLE = "linkage.too-little", "people"
    GUIDED = "linkage.guided", "people", "guides"
    NOT_LINKED = "linkage.not-linked", "people", "signals", "p"  # every signal that was tested; the smallest p
    NOT_LINKED_GROUP = "linkage.not-linked-group", "people", "signals", "p"
    PAIRS_BEYOND = "linkage.pairs-beyond", "count", "pairs", "people"  # the strongest pair of `count` that pass G1
    PAIRS_NONE = "linkage.pairs-none", "pairs"
    LINKED = "linkage.linked", "people", "signal"
    LINKED_GROUP = "linkage.linked-group", "people", "signal"
    APART = "linkage.apart", "people"
    SHARED_EXPLAINS = "linkage.shared-explains"
    SHARED_MAY_EXPLAIN = "linkage.shared-may-explain"
    STEADYING_NOT_ASKED = "linkage.steadying-not-asked"
    STEADYING_NEEDS_ALONE = "linkage.steadying-needs-alone"
    STEADYING_UNKNOWN_GROUP = "linkage.steadying-unknown-group"


class LinkageEvidence(ReasonCode):
    """What a methods section is told of linkage, a sentence each. `lag` in s."""

    NO_COMMON_TIME = "linkage-evidence.no-common-time", "people"
    STRENGTH = "linkage-evidence.strength", "people", "signal", "measure", "value", "lag"
    STRENGTH_LEADER = "linkage-evidence.strength-leader", "people", "signal", "measure", "value", "lag", "leader"
    OWN = "linkage-evidence.own", "p", "adjusted"
    OWN_REFUSED = "linkage-evidence.own-refused", "why"
    SCRIPT = "linkage-evidence.script", "p", "nulls"
    GROUP = "linkage-evidence.group", "count"
    GROUP_OWN = "linkage-evidence.group-own", "signal", "statistic", "p", "adjusted", "nulls"
    GROUP_SCRIPT = "linkage-evidence.group-script", "signal", "statistic", "p", "adjusted", "nulls"
    GROUP_OWN_REFUSED = "linkage-evidence.group-own-refused", "signal", "why"
    GROUP_SCRIPT_REFUSED = "linkage-evidence.group-script-refused", "signal", "why"
    KIND = "linkage-evidence.kind", "kind"
    STEADYING_NOT_TESTED = "linkage-evidence.steadying-not-tested"

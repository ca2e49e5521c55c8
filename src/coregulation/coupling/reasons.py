"""Why there is no p-value of linkage, as codes; each comment names its facts and units."""

from __future__ import annotations

from coregulation.reasons import ReasonCode


class LinkageRefusal(ReasonCode):
    """Codes of why a pair or a group has no p-value."""

    TOO_SHORT = (
        "refusal.too-short",
        "signal",
        "valid",
        "windows",
        "window",
        "needed",
        "seconds",
    )  # s; windows; s; windows; s
    FEW_SURROGATES = "refusal.few-surrogates", "count", "needed"
    FEW_PSEUDO_DYADS = "refusal.few-pseudo-dyads", "count", "needed"
    FEW_PAIRS = "refusal.few-pairs", "needed"
    FEW_MOVABLE = (
        "refusal.few-movable",
        "count",
        "needed",
    )  # people who can change places with somebody of another session
    FEW_COMPARABLE = "refusal.few-comparable"
    FEW_UNITS = (
        "refusal.few-units",
        "unit",
        "count",
        "needed",
        "seconds",
        "valid",
    )  # what is counted; how many there are and must be; s of a recording without gaps that has them; s of common valid time
    UNDEFINED = "refusal.undefined"  # the statistic of these series is no number
    NO_SIZE = "refusal.no-size"  # a value without a p
    RATE_TOO_SLOW = "refusal.rate-too-slow", "rate", "needed"  # Hz
    NO_COVARIATE = "refusal.no-covariate", "covariate", "people"  # who has none
    FEW_FOR_COVARIATES = "refusal.few-for-covariates", "valid", "needed"  # s; s

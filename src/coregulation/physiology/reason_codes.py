"""Why a number about one body is missing or has to be read with care, as codes; each comment names its facts and their units."""

from __future__ import annotations

from coregulation.reasons import ReasonCode


class PhysiologyReason(ReasonCode):
    """Codes of the reasons that this package gives."""

    # estimates: too little is known
    TOO_FEW_VALUES = "estimate.too-few-values", "count", "needed"  # values
    TOO_FEW_EPOCHS = "estimate.too-few-epochs", "known", "needed", "epoch"  # epochs; s
    SPAN_TOO_SHORT = "estimate.span-too-short", "length", "epoch"  # s

    SPEECH = "estimate.speech", "share"  # of the span that is speech, 0 to 1

    # beats and the intervals between them
    MANY_ARTEFACTS = "beats.many-artefacts", "share"  # 0 to 1; a warning beside the numbers
    TOO_MANY_ARTEFACTS = "beats.too-many-artefacts", "share", "allowed", "count"  # 0 to 1; beats
    INTERVALS_TOO_SHORT = "beats.intervals-too-short", "known", "needed"  # s
    NO_GAPLESS_STRETCH = "beats.no-gapless-stretch", "needed"  # s

    # breathing and RSA
    NO_BREATH = "rsa.no-breath-measured"
    BREATH_KNOWN_TOO_SHORT = "rsa.breath-known-too-short", "known", "needed", "epoch"  # epochs; s
    BREATH_TOO_EVEN = "rsa.breath-too-even", "spread", "needed"  # 1/min
    BREATHS_WITHOUT_SWING = "rsa.breaths-without-swing", "share", "allowed", "count"  # 0 to 1; breaths

    # skin
    SKIN_TOO_SHORT = "skin.too-short", "known", "needed"  # s

    # arousal
    AROUSAL_WINDOW_UNKNOWN = "arousal.window-unknown", "share", "needed"  # 0 to 1
    AROUSAL_ONE_INPUT = "arousal.one-input", "input"  # name of a signal in `Body.inputs`
    AROUSAL_PACED = "arousal.paced"

    # states
    STATE_QUALITY = "state.quality-too-low"
    STATE_ABOVE_REST = "state.above-rest"
    STATE_NEAR_REST_ENGAGED = "state.near-rest-engaged"
    STATE_NEAR_REST = "state.near-rest"
    STATE_LOW_STILL_NUMB = "state.low-still-numb"
    STATE_LOW = "state.low-cause-unknown"
    STATE_BETWEEN = "state.between-patterns"
    STATE_DISAGREE = "state.rule-and-model-disagree", "rule", "model"  # names of states

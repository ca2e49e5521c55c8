"""Why something about one person is missing or has to be read with care, as codes; each comment names its facts and units."""

from __future__ import annotations

from coregulation.reasons import ReasonCode


class PersonReason(ReasonCode):
    """Codes of the reasons that the analysis of one person gives, beside those of physiology."""

    # where beats come from, and what is wrong with them
    BEATS_FOUND_IN = "beats.found-in", "source"  # "ecg" or "ppg"
    PULSE = "beats.pulse"
    PULSES_MOVED = "beats.pulses-moved", "count", "total"  # pulses
    PPG_INVERTED = "beats.ppg-inverted"
    SYNTHETIC_RR = "beats.synthetic-rr", "count"  # minutes
    ARTEFACTS = "beats.artefacts", "share", "count", "kinds"  # 0 to 1; beats; a reason of the five below for each kind
    ARTEFACT_MISSED = "artefact.missed", "count"  # beats, as in the next four
    ARTEFACT_EXTRA = "artefact.extra", "count"
    ARTEFACT_ECTOPIC = "artefact.ectopic", "count"
    ARTEFACT_LONG = "artefact.long", "count"
    ARTEFACT_SHORT = "artefact.short", "count"
    NOT_NORMAL = "beats.not-normal", "count", "kinds"  # beats; a reason of the four below for each kind
    CLASS_VENTRICULAR = "class.ventricular", "count"  # beats, as in the next three
    CLASS_SUPRAVENTRICULAR = "class.supraventricular", "count"
    CLASS_PACED = "class.paced", "count"
    CLASS_UNKNOWN = "class.unknown", "count"
    BREAKS_BRIDGED = "beats.breaks-bridged", "count", "longest"  # breaks; s
    NO_BEAT_FOUND = "beats.none-found"
    NO_BEATS = "beats.none-recorded"

    # input channels that a body cannot be made of
    BEATS_NOT_USED = "input.beats-not-used", "why"  # a reason
    EMPTY = "input.empty", "channel"
    CONSTANT = "input.constant", "channel"
    TOO_SLOW = "input.too-slow", "channel", "rate", "needed"  # Hz
    OTHER_UNIT = "input.other-unit", "channel", "unit", "expected"  # symbols
    IMPLAUSIBLE = "input.implausible", "channel", "median", "low", "high", "unit"  # in unit; symbol
    AXES_MISSING = "input.axes-missing", "axes"  # names of channels that came
    NO_CHEST = "input.no-chest", "why"  # a reason
    NO_BREATH_IN_TILT = "input.no-breath-in-tilt", "why"  # a reason
    BREATH_FROM_TILT = "input.breath-from-tilt"

    # the person
    MOVED = "person.moved", "share"  # of time, 0 to 1
    SPOKE = "person.spoke", "share", "count"  # of the recording, 0 to 1; turns
    SPEECH_UNKNOWN = "person.speech-unknown"
    BREATHS_WITHOUT_SWING = "person.breaths-without-swing", "share", "count"  # 0 to 1; breaths
    NON_RESPONDER = "person.non-responder"
    NO_BODY = "person.no-body"
    NO_BODY_BEATS_REFUSED = "person.no-body-beats-refused", "why"  # a reason
    NO_REST_MARKED = "person.no-rest-marked", "needed"  # s
    NO_AROUSAL = "person.no-arousal"


class QualityReason(ReasonCode):
    """Codes of what is remarked on one channel, and why it cannot be compared."""

    REFUSED = "quality.refused", "person", "channel", "why"  # a reason
    EMPTY = "quality.empty"
    CONSTANT = "quality.constant", "value"  # in the channel's unit
    SPANS_TOO_SHORT = "quality.spans-too-short", "windows", "seconds"  # least length of a span between edges of blocks
    SPANS_LEFT_OUT = "quality.spans-left-out", "count", "total", "windows", "seconds"  # spans; s in all; as above
    TOO_SLOW = "quality.too-slow", "rate", "low", "high", "needed"  # Hz

"""Codes of what a reader did or noticed; the sentences are in the report's catalogue."""

from __future__ import annotations

from coregulation.reasons import Fact, Reason, ReasonCode

Note = tuple[Reason, int]
"""What was noticed, and how often."""


class ReadingRemark(ReasonCode):
    """Codes of remarks on reading; `count` is how often, in rows unless another unit stands behind the code."""

    LINES_AFTER_LEFT_OUT = "read.lines-after-left-out", "count"
    LINES_NO_ROWS = "read.lines-no-rows", "count"  # lines
    OTHER_LENGTH = "read.other-length", "stated", "found"  # s
    LAST_LINE_CUT = "read.last-line-cut"
    LAST_LINE_OPEN = "read.last-line-open"
    ZEROS_AT_END = "read.zeros-at-end"
    ROWS_WITHOUT_TIME = "read.rows-without-time", "count"
    REPEATED_STAMPS = "read.repeated-stamps", "count"
    RATE_FOUND = "read.rate-found", "rate"  # Hz
    PUT_ON_GRID = "read.put-on-grid", "rate", "count"  # Hz
    GAPS_KEPT = "read.gaps-kept", "count"  # gaps of more than 3 s
    BEAT_GAPS = "read.beat-gaps", "count"  # gaps
    SATURATED = "read.saturated", "count"  # samples
    MISSING_CODES = "read.missing-codes", "number", "count"  # the number that stands for "missing"; samples
    RATES_IMPOSSIBLE = "read.rates-impossible", "least", "most", "count"  # 1/min; samples of heart rate
    CONDUCTANCES_ZERO = "read.conductances-zero", "count"  # samples
    INTERVALS_LEFT_OUT = "read.intervals-left-out", "count"  # intervals
    BEATS_CLOSE = "read.beats-close", "least", "count"  # s; beats
    SUM_AT_END = "read.sum-at-end"
    MAYBE_RESAMPLED = "read.maybe-resampled", "count"  # intervals
    ROWS_REVERSED = "read.rows-reversed", "count"
    LOW_CONFIDENCE = "read.low-confidence", "least", "count"  # the confidence that was asked for
    KUBIOS_CORRECTED = "read.kubios-corrected", "count"  # intervals
    STAMPS_EVENED = "read.stamps-evened", "moved", "count"  # ms, root mean square
    CLOCK_BEGINS = "read.clock-begins", "anchor"  # how its files tell time: zoned, local or day
    START_REPLACED = "read.start-replaced"
    EVEN_INTERVALS = "read.even-intervals", "rate", "length", "count"  # Hz; s
    DELIVERY_STAMPS = "read.delivery-stamps", "jitter", "count"  # s
    COARSE_STAMPS = "read.coarse-stamps", "step", "count"  # s
    LAST_INTERVAL = "read.last-interval-left-out", "count"  # intervals
    FROM_RESISTANCE = "read.from-resistance", "unit"
    RESISTANCES_NOT_POSITIVE = "read.resistances-not-positive", "count"  # samples
    PART_LEFT_OUT = "read.part-left-out", "part"
    STEPS_BACK = "read.steps-back", "most", "count"  # ms
    EVENTS_LEFT_OUT = "read.events-left-out", "count"  # events
    CLOCK_FORWARD = "read.clock-forward", "count"  # jumps of an hour
    COUNTER_JUMPS = "read.counter-jumps", "count"  # jumps of a count of rows
    UNEQUAL_ROWS = "read.unequal-rows", "least", "most"  # rows of the people of one session
    MARKS_OUTSIDE = "read.marks-outside", "first", "start", "end", "count"  # s; marks
    EXCLUSIONS_OUTSIDE = "read.exclusions-outside", "first", "start", "end", "count"  # s; spans
    KNOCKS = "read.knocks", "shift", "sd", "drift", "drift_sd", "count"  # s; ms; ppm; ppm; knocks
    ONE_KNOCK = "read.one-knock", "shift", "sd", "drift_sd", "count"  # s; ms; ppm; knocks
    BLOCK_OUTSIDE = "read.block-outside", "kind", "start", "end"  # s
    BLOCK_BEYOND = "read.block-beyond", "kind", "end", "recorded"  # s
    BLOCK_SHORT = "read.block-short", "kind", "length", "needed"  # s
    BLOCK_KIND = "read.block-kind", "kind", "near"  # the kind with a meaning of its own that it may be
    SPEECH_CLIPPED = "read.speech-clipped", "length"  # s of turns outside what was recorded
    SPEECH_NONE = "read.speech-none"
    BEATS_ADDED = "corrected.beats-added", "count"  # beats, as in the next two
    BEATS_REMOVED = "corrected.beats-removed", "count"
    BEATS_MOVED = "corrected.beats-moved", "count"
    SPANS_LEFT_OUT = "corrected.spans-left-out", "count"  # spans


def note(code: ReadingRemark, count: int = 1, **facts: Fact) -> Note:
    """Make a note of one code.

    Parameters
    ----------
    code
        What was noticed.
    count
        How often.
    **facts
        The other facts that the code states.

    Returns
    -------
    Note
        Reason and count.

    Raises
    ------
    TypeError
        If other facts come than the code states.
    """
    if set(facts) | {"count"} != set(code.facts) | {"count"}:
        raise TypeError(f"{code!r} states the facts {sorted(code.facts)}, not {sorted(facts)}")
    return Reason(code, facts), count

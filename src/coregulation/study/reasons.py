"""Why a session takes no part in a study, or a question of the study has no answer, as codes."""

from __future__ import annotations

from coregulation.reasons import ReasonCode


class StudyReason(ReasonCode):
    """Codes of what was left out; each comment names facts and units."""

    EXCLUDED = "study.excluded", "why"
    NOT_TWO = "study.not-two", "people"
    COPIED = "study.copied", "person", "channel", "session"
    ONE_SIGNAL_MISSING = "study.signal-missing", "channel"
    TOO_SHORT = "study.too-short", "channel", "windows", "needed"  # windows' lengths of common valid time
    KILLED_WORKERS = "study.killed-workers", "times"
    FEW_PAIRS = "study.few-pairs", "count", "needed"
    NO_CONDITION = "study.no-condition", "column"
    NOT_ASKED = "study.not-asked"


class StudyPreparation(ReasonCode):
    """Codes of how signals were prepared and tested, for the reporting checklist."""

    BAND = "preparation.band", "low", "high"  # Hz
    CHANGES = "preparation.changes"
    LEVELS = "preparation.levels"
    PERMUTED = "preparation.permuted", "draws"
    STUDENT = "preparation.student"


class StudyStatement(ReasonCode):
    """Codes of what a study says; differences and margins in Fisher's z."""

    ALIKE = "study.alike", "signal", "where", "pairs", "difference", "low", "high", "p"
    OPPOSITE = "study.opposite", "signal", "where", "pairs", "difference", "low", "high", "p"
    NO_MORE = "study.no-more", "signal", "where", "pairs", "difference", "low", "high", "margin", "p"
    CANNOT_TELL = "study.cannot-tell", "signal", "where", "pairs", "difference", "low", "high", "p"
    REFUSED = "study.refused", "signal", "where", "why"
    CONTRAST = "study.contrast", "signal", "first", "second", "difference", "low", "high", "p"
    NO_CONTRAST = "study.no-contrast", "signal", "first", "second", "difference", "low", "high", "p"
    ASSOCIATION = "study.association", "signal", "covariate", "pairs", "rho", "p"
    NO_ASSOCIATION = "study.no-association", "signal", "covariate", "pairs", "rho", "p"
    IN_CONDITION = "study.in-condition", "condition"
    CONTRAST_REFUSED = "study.contrast-refused", "signal", "first", "second", "needed"
    ASSOCIATION_REFUSED = "study.association-refused", "signal", "covariate", "needed"

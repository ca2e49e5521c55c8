"""Who spoke when: turns of speech from tables, transcripts and annotations, matched to the people of a session."""

from coregulation.io.turns.matching import with_turns
from coregulation.io.turns.registry import TURN_FORMATS, read_turns
from coregulation.io.turns.turn_format import SpokenSpan, TurnFormat

__all__ = ["TURN_FORMATS", "SpokenSpan", "TurnFormat", "read_turns", "with_turns"]

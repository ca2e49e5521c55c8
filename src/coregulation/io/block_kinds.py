"""Kinds of blocks that have a meaning of their own, and which of them another word may have meant."""

from __future__ import annotations

import difflib

KINDS = (
    "alone-rest", "together-rest", "perturb-alone", "recover-alone", "perturb-together", "recover-together", "practice", "settle",
    "talk",
)  # fmt: skip
_MEANT = {
    "alone": "alone-rest", "rest": "alone-rest", "baseline": "alone-rest", "resting": "alone-rest", "together": "together-rest",
    "hard moment": "perturb-alone", "stress": "perturb-alone", "stressor": "perturb-alone", "task": "perturb-alone",
    "recovery": "recover-alone", "conversation": "talk", "talking": "talk",
}  # fmt: skip


def near_kind(kind: str) -> str | None:
    """Return the kind with a meaning of its own that a word may have meant; None where it is one, or is like none.

    Parameters
    ----------
    kind
        As it was written.

    Returns
    -------
    str or None
        One of `KINDS`.
    """
    word = " ".join(kind.replace("-", " ").replace("_", " ").lower().split())
    if kind in KINDS:
        return None
    known = {name.replace("-", " "): name for name in KINDS}
    if word in known or word in _MEANT:
        return known.get(word) or _MEANT[word]
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.8)
    return known[close[0]] if close else None

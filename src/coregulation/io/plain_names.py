"""Names from files as one line of text: of people, channels and marks, which stand in tables, reports and on terminals."""

from __future__ import annotations


def plain_name(text: str) -> str:
    """Write a name without line breaks, control characters and characters that turn the direction of writing.

    Parameters
    ----------
    text
        As a file holds it.

    Returns
    -------
    str
        With one space for each run of such characters and spaces, none at its ends.
    """
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())

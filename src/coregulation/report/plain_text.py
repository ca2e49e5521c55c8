"""Text from files as text: what a spreadsheet would take for a formula, or a terminal for a command, is neither."""

from __future__ import annotations

import re
from typing import Any

FORMULA = re.compile(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")  # also in full width, which some programs read alike
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(inf|nan)")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def spreadsheet_cell(value: Any) -> Any:
    """Return a cell that no spreadsheet computes.

    Parameters
    ----------
    value
        Of a table; numbers and what reads as one stay as they are.

    Returns
    -------
    Any
        The value; a text that a spreadsheet would take for a formula begins with an apostrophe, and control characters are gone.

    References
    ----------
    OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection
    """
    if not isinstance(value, str):
        return value
    text = CONTROL.sub("", value)
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def terminal_text(text: str) -> str:
    r"""Return text in which control characters, which a terminal obeys, stand as their numbers.

    Parameters
    ----------
    text
        To be printed; line ends and tabs stay.

    Returns
    -------
    str
        Such as "\x1b[2J" in place of an escape that clears the screen.
    """
    return CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)

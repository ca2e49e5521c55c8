"""The parser of every command: wrong words get the nearest known one, and the way to the help."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from typing import NoReturn

from coregulation.errors import similar_names

_CHOICE = re.compile(r"invalid choice: '(?P<word>[^']*)'")
_COMMAND = re.compile(r"argument COMMAND: invalid choice: '(?P<word>[^']*)'")
_UNKNOWN = re.compile(r"unrecognized arguments: (?P<word>--?[^\s=]+)")


class CommandParser(argparse.ArgumentParser):
    """An argument parser that suggests what was meant.

    Subparsers made from it are of the same kind.
    """

    def __init__(self, *args: object, **settings: object) -> None:
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        settings.setdefault("allow_abbrev", False)
        super().__init__(*args, **settings)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and the nearest known word; exit with code 2."""
        near = nearest_word(message, self._words())
        meant = f" Did you mean {near}?" if near else ""
        command = _COMMAND.search(message)
        wrong = f"There is no command {command['word']!r}" if command else message[:1].upper() + message[1:]
        self.exit(2, f"coregulation: {wrong}.{meant}\nHelp: {self.prog} --help\n")

    def _words(self) -> list[str]:
        words = list(self._option_string_actions)
        for action in self._actions:
            words += [str(word) for word in action.choices or ()]
            if isinstance(action, argparse._SubParsersAction):
                words += [word for parser in action.choices.values() for word in parser._option_string_actions]
        return words


def nearest_word(message: str, known: Iterable[str]) -> str | None:
    """Find the known word that is nearest to the wrong one in a message of argparse.

    Parameters
    ----------
    message
        What argparse says of a wrong choice or an unknown option.
    known
        Commands, choices and options.

    Returns
    -------
    str or None
        The nearest word; None where no wrong word is named or nothing is near.
    """
    found = _CHOICE.search(message) or _UNKNOWN.search(message)
    if found is None:
        return None
    near = similar_names(found["word"], known)
    return near[0] if near else None

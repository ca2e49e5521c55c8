"""The parser of every command: its words come from the catalogue, and a wrong word gets the nearest known one."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from coregulation.cli.words import option, text
from coregulation.errors import similar_names
from coregulation.report.text_table import MAX_WIDTH, wrap_prose

_MAX_OPTIONS = 8  # in the line of the usage
_OF_ARGPARSE = (
    (re.compile(r"the following arguments are required: (?P<names>.+)"), "usage.missing"),
    (re.compile(r"argument (?P<option>.+?): expected (?:one|at least one) argument"), "usage.no-value"),
    (re.compile(r"argument (?P<option>.+?): not allowed with argument (?P<other>.+)"), "usage.not-together"),
    (re.compile(r"argument (?P<option>.+?): ignored explicit argument (?P<value>.+)"), "usage.takes-no-value"),
)  # what argparse says in English and only there, as patterns; none is printed as it stands


class HelpFormatter(argparse.HelpFormatter):
    """Help in which prose is wrapped to the terminal, and examples stay as they are."""

    def __init__(self, prog: str, **settings: Any) -> None:
        super().__init__(prog, **settings)
        self._width = min(self._width, MAX_WIDTH)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return wrap_prose(text, width)

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Add the line of the usage; more than a few options are listed below alone."""
        options = [action for action in actions if action.option_strings]
        if usage is None and len(options) > _MAX_OPTIONS:
            words = [_usage_word(action) for action in actions if not action.option_strings]
            usage = " ".join(["%(prog)s", f"[{text('help.options')}]", *words])
        super().add_usage(usage, actions, groups, text("help.usage") if prefix is None else prefix)


def _usage_word(action: argparse.Action) -> str:
    name = str(action.metavar or action.dest)
    return {"+": f"{name} [{name} ...]", "*": f"[{name} ...]", "?": f"[{name}]"}.get(str(action.nargs), name)


class CommandParser(argparse.ArgumentParser):
    """An argument parser that suggests what was meant and names the help to read.

    Subparsers made from it are of the same kind.
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings.setdefault("formatter_class", HelpFormatter)
        super().__init__(*args, **{**settings, "allow_abbrev": False, "add_help": False})
        self._positionals.title, self._optionals.title = text("help.arguments"), text("help.options")
        self.add_argument("-h", "--help", action="help", help=option("help"))

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """Parse; a word that no argument takes is an error here, where the command is known."""
        parsed, rest = super().parse_known_args(args, namespace)
        if rest:
            self._refuse_word(rest)
        return parsed, rest

    def error(self, message: str) -> NoReturn:
        """Print what is wrong, in the reader's language; exit with code 2."""
        for pattern, key in _OF_ARGPARSE:
            match = pattern.fullmatch(message)
            if match is not None:
                self._refuse(text(key, **match.groupdict()))
        self._refuse(text("usage.other", message=message))

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        names = [str(name) for name in action.choices]
        if isinstance(action, argparse._SubParsersAction):
            self._refuse(text("usage.no-command", command=value), _near(value, names))
        self._refuse(text("usage.choice", option=_named(action), value=value, known=names), _near(value, names))

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        try:
            return super()._get_value(action, arg_string)
        except argparse.ArgumentError:
            key = "usage.whole-number" if action.type is int else "usage.number"
            self._refuse(text(key, option=_named(action), value=arg_string))

    def _refuse_word(self, rest: Sequence[str]) -> NoReturn:
        wrong = next((word for word in rest if word.startswith("-")), rest[0]).partition("=")[0]
        if wrong.startswith("-"):
            self._refuse(
                text("usage.no-option", prog=self.prog, option=wrong), _near(wrong, self._option_string_actions)
            )
        self._refuse(text("usage.extra-word", prog=self.prog, word=wrong))

    def _refuse(self, wrong: str, near: str | None = None) -> NoReturn:
        meant = " " + text("usage.did-you-mean", near=near) if near else ""
        self.exit(2, f"coregulation: {wrong}{meant}\n{text('usage.help', prog=self.prog)}\n")


def add_command(subparsers: Any, name: str, **facts: Any) -> CommandParser:
    """Add a command, with its help, description and examples from the catalogue.

    Parameters
    ----------
    subparsers
        Of the whole command line.
    name
        Of the command, as it is typed.
    **facts
        What fills its texts.

    Returns
    -------
    CommandParser
        For its arguments.
    """
    parser: CommandParser = subparsers.add_parser(
        name,
        help=text(f"command.{name}", **facts).replace("%", "%%"),
        description=text(f"about.{name}", **facts),
        epilog=text(f"examples.{name}", **facts),
    )
    return parser


def _named(action: argparse.Action) -> str:
    return "/".join(action.option_strings) or str(action.metavar or action.dest)


def _near(word: str, known: Iterable[str]) -> str | None:
    return next(iter(similar_names(word, known)), None)

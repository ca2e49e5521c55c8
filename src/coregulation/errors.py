"""What can go wrong, in three kinds: the recording is bad, the call is, or the peer is.

A message says what came, what was expected and what to do. It never repeats a name or a path from inside a file, since it may be
shown to somebody else than the person it names.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from typing import Any

_SIMILAR = 0.6  # ratio of `difflib` (0 to 1) from which two names count as similar: its default


class MessageFormatter(string.Formatter):
    """Fill a message template.

    `{names:and}` and `{names:or}` list several items. `{rows:n row|rows}` is a number with its noun in the right plural form;
    between `n` and the blank stands how the number is written, such as `n,d` or `n.3g`.

    Parameters
    ----------
    conjunctions
        The words for "and" and "or" in the language of the template.
    """

    def __init__(self, conjunctions: dict[str, str] | None = None) -> None:
        self.conjunctions = conjunctions or {"and": "and", "or": "or"}

    def format_field(self, value: Any, format_spec: str) -> str:
        """Format one fact; a sequence with the specification "and" or "or" becomes a list in words."""
        if format_spec.startswith("n") and "|" in format_spec:
            return self.counted(value, format_spec[1:])
        if format_spec in self.conjunctions and isinstance(value, Sequence) and not isinstance(value, str):
            return self._listed([str(item) for item in value], self.conjunctions[format_spec])
        return str(super().format_field(value, format_spec))

    def counted(self, value: Any, specification: str) -> str:
        """Format a number with the noun that follows it: how it is written, a blank, and the plural forms with bars between."""
        written, _, forms = specification.partition(" ")
        digits = self.format_field(value, written)
        return f"{digits} {self._form(_whole(digits), forms.split('|'))}"

    def _form(self, number: int | None, forms: Sequence[str]) -> str:
        """Choose the plural form; what is no whole number takes the last one."""
        return forms[-1] if number is None else forms[min(self.plural_form(number), len(forms) - 1)]

    def plural_form(self, number: int) -> int:
        """Return the index of the plural form by the rule of the template's language; here English."""
        return int(number != 1)

    @staticmethod
    def _listed(items: list[str], conjunction: str) -> str:
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


def _whole(digits: str) -> int | None:
    """Return the whole number that stands there, if it is one."""
    plain = digits.replace(",", "")
    return int(plain) if plain.isascii() and plain.isdigit() else None


class CoregulationError(Exception):
    """Any error this package raises on purpose.

    Parameters
    ----------
    template
        The message in English, with `{fact}` where a fact belongs; it is also the key of its translation.
    **facts
        What fills the template. Without any, the template is the message as it stands.
    """

    def __init__(self, template: str, /, **facts: Any) -> None:
        super().__init__(MessageFormatter().vformat(template, (), facts) if facts else template)
        self.template = template
        self.facts = facts

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt_error, (type(self), self.template, self.facts)


def _rebuilt_error(kind: type[CoregulationError], template: str, facts: dict[str, Any]) -> CoregulationError:
    return kind(template, **facts)


class DataError(CoregulationError):
    """The recording cannot be used as it is."""


class FileFaultError(DataError, ValueError):
    """What is wrong with the bytes of a file, where the file has no name yet: a reader adds it."""


class UsageError(CoregulationError):
    """The call is wrong: an option, a setting or a name that cannot be used."""


class ProtocolError(CoregulationError):
    """The other side of a connection broke the protocol."""


def nearest_names(name: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Find what somebody may have meant by a name that is not known.

    Parameters
    ----------
    name
        As it came.
    known
        The names that are known.
    most
        How many to suggest.

    Returns
    -------
    tuple of str
        The most similar names, the best first; where none is similar, all known names, sorted. The fact `near` of a
        template such as "There is no cue {name!r}. Did you mean {near:or}?".
    """
    names = sorted(set(known))
    return similar_names(name, names, most) or tuple(names)


def similar_names(name: str, known: Iterable[str], most: int = 1) -> tuple[str, ...]:
    """Find the names that are similar to one that is not known.

    Parameters
    ----------
    name
        As it came.
    known
        The names that are known.
    most
        How many to suggest.

    Returns
    -------
    tuple of str
        The best first; empty where none is similar.
    """
    import difflib

    return tuple(difflib.get_close_matches(name, sorted(set(known)), n=most, cutoff=_SIMILAR))

"""Fill a template: lists, numbers, p-values, durations, terms and nested reasons, all in the catalogue's language.

A placeholder is `{fact}` or `{fact:specification}`. Besides Python's own specifications (`.2f`, `+.1f`) there are:

    term AREA       the catalogue's word for a code: {signal:term signal} looks up "signal.heart_rate"
    and, or         a list in words; each item by what follows: {signals:and term signal}
    count KEY       a count with its noun in the right plural form, from another entry: {pairs:count noun.pair}
    n FORMS         a number with its noun: {rows:n row|rows}, with as many forms as the language has, in gettext's order; between n
                    and the blank stands how the number is written: {copies:n,d copy|copies}, {minutes:n.3g minute|minutes}
    cap             the first letter large; more may follow: {signal:cap term signal}
    owner           "Ada's": {names:and owner} {signal:term signals}
    people          up to three names in words, else "the 16 people"; `People` begins a sentence; `people owner` is "Ada's and Ben's"
    odds            a p-value as how often coincidence does as well: "about 1 of 20 tries", "most tries"
    clause          a sentence without its full stop
    number UNIT     three significant digits and the unit: {rate:number Hz}
    interval UNIT   a triple (value, low, high): 12 (9 to 16) s
    range           a pair (low, high): 9 to 16
    percent         a share from 0 to 1: 25 %
    change          a triple (value, low, high) of shares: 22 % less (95 % interval 34 % less to 8 % less)
    duration        seconds in words: 45 seconds, 3 minutes
    p, pvalue       a p-value as "p = .004" or ".004"; below .001 as "p < .001" or "< .001"
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from coregulation.errors import CoregulationError, MessageFormatter
from coregulation.reasons import Reason

MISSING = "—"  # printed for a number that is not known
_MAX_NAMED = 3  # people named in a sentence
_MINUTE, _HOUR = 60.0, 3600.0
_LEAST_IN_MINUTES = 120.0  # a duration (s) below this is told in seconds
_LEAST_IN_HOURS = 7200.0  # and below this (s) in minutes


class Sentences(Protocol):
    """What a formatter asks a catalogue for."""

    def sentence(self, reason: Reason, voice: str = ...) -> str:
        """Render a reason."""

    def text(self, key: str, /, voice: str = ..., **facts: Any) -> str:
        """Render an entry."""

    def plural(self, key: str, count: int, /, **facts: Any) -> str:
        """Render an entry with a count."""

    def plural_form(self, number: int) -> int:
        """Return which of the language's forms a count takes."""

    def error(self, error: CoregulationError) -> str:
        """Render an error."""

    def has(self, key: str) -> bool:
        """Return whether an entry is there."""


class CatalogueFormatter(MessageFormatter):
    """Format the facts of one template.

    Parameters
    ----------
    catalogue
        Where words and nested reasons are looked up.
    voice
        For whom nested reasons are rendered.
    """

    def __init__(self, catalogue: Sentences, voice: str) -> None:
        super().__init__()
        self.catalogue = catalogue
        self.voice = voice

    def format_field(self, value: Any, format_spec: str) -> str:
        """Format one fact by its specification."""
        if isinstance(value, Reason):
            value = self.catalogue.sentence(value, self.voice)
        if isinstance(value, CoregulationError):
            value = self.catalogue.error(value)
        if format_spec.startswith("n") and "|" in format_spec:
            return self.counted(value, format_spec[1:])
        name, _, rest = format_spec.partition(" ")
        handler = _SPECIFICATIONS.get(name)
        if handler is not None:
            return handler(self, value, rest)
        return self._plain(value, format_spec)

    def plural_form(self, number: int) -> int:
        """Return the index of the plural form by the catalogue's rule."""
        return self.catalogue.plural_form(number)

    def _plain(self, value: Any, format_spec: str) -> str:
        if isinstance(value, float | int) and not isinstance(value, bool):
            return (
                self._decimal(format(value, format_spec or ("d" if isinstance(value, int) else "g")))
                if math.isfinite(value)
                else MISSING
            )
        return MISSING if value is None else str(value) if not format_spec else format(value, format_spec)

    def _decimal(self, digits: str) -> str:
        return digits.replace("-", "−").replace(".", self.catalogue.text("format.decimal"))

    def _term(self, value: Any, area: str) -> str:
        key = f"{area}.{value}"
        return self.catalogue.text(key) if self.catalogue.has(key) else str(value).replace("_", " ")

    def _list(self, items: Any, rest: str, conjunction: str) -> str:
        texts = [self.format_field(item, rest) for item in ([items] if isinstance(items, str) else items)]
        if len(texts) < 2:
            return "".join(texts)
        first = self.catalogue.text("list.separator").join(texts[:-1])
        return self.catalogue.text(conjunction, first=first, last=texts[-1])

    def _count(self, value: Any, key: str) -> str:
        return self.catalogue.plural(key, int(value))

    def _cap(self, value: Any, rest: str) -> str:
        text = self.format_field(value, rest)
        return text[:1].upper() + text[1:]

    def _owner(self, value: Any, rest: str) -> str:
        return self.catalogue.text("format.owner", name=value)

    def _people(self, value: Any, rest: str, key: str = "format.people") -> str:
        if len(value) <= _MAX_NAMED:
            return self._list(value, rest, "list.and")
        text = self.catalogue.text(key, count=len(value))
        return self._owner(text, "") if rest == "owner" else text

    def _odds(self, value: Any, rest: str) -> str:
        if value is None or math.isnan(value):
            return MISSING
        if value > 0.5:
            return self.catalogue.text("format.most-tries")
        return self.catalogue.text("format.one-of-tries", tries=round(1 / value))

    def _clause(self, value: Any, rest: str) -> str:
        return self.format_field(value, rest).removesuffix(".")

    def _number(self, value: Any, unit: str) -> str:
        if value is None or not math.isfinite(value):
            return MISSING
        digits = self._decimal(f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}")
        return f"{digits} {unit}".rstrip()

    def _interval(self, value: Any, unit: str) -> str:
        middle, *ends = value
        return f"{self._number(middle, '')} ({self._range(ends, '')}) {unit}".rstrip()

    def _range(self, value: Any, rest: str) -> str:
        low, high = (self._number(end, "") for end in value)
        return self.catalogue.text("format.range", low=low, high=high)

    def _percent(self, value: Any, rest: str) -> str:
        digits = MISSING if value is None else self._number(100 * value, "")
        return self.catalogue.text("format.percent", number=digits)

    def _change(self, value: Any, rest: str) -> str:
        middle, low, high = (
            self.catalogue.text(
                "format.less" if end < 0 else "format.more", number=self._percent(round(abs(end), 2), "")
            )
            for end in value
        )
        return self.catalogue.text("format.change", value=middle, low=low, high=high)

    def _duration(self, value: Any, rest: str) -> str:
        if value is None or not math.isfinite(value):
            return MISSING
        if value < _LEAST_IN_MINUTES:
            return self._count(round(value), "duration.seconds")
        if value < _LEAST_IN_HOURS:
            return self._count(round(value / _MINUTE), "duration.minutes")
        return self._count(round(value / _HOUR), "duration.hours")

    def _p(self, value: Any, rest: str) -> str:
        digits = self._p_digits(value)
        return self.catalogue.text("format.p", p=digits if digits.startswith("<") else f"= {digits}")

    def _p_digits(self, value: Any, rest: str = "") -> str:
        if value is None or math.isnan(value):
            return MISSING
        point = self.catalogue.text("format.decimal")
        if value < 0.001:
            return f"< {point}001"
        return f"{value:.3f}".removeprefix("0").replace(".", point)


_SPECIFICATIONS: Mapping[str, Callable[[CatalogueFormatter, Any, str], str]] = MappingProxyType(
    {
        "term": CatalogueFormatter._term,
        "and": lambda f, value, rest: f._list(value, rest, "list.and"),
        "or": lambda f, value, rest: f._list(value, rest, "list.or"),
        "count": CatalogueFormatter._count,
        "cap": CatalogueFormatter._cap,
        "owner": CatalogueFormatter._owner,
        "people": CatalogueFormatter._people,
        "People": lambda f, value, rest: f._people(value, rest, "format.people-first"),
        "odds": CatalogueFormatter._odds,
        "clause": CatalogueFormatter._clause,
        "number": CatalogueFormatter._number,
        "interval": CatalogueFormatter._interval,
        "range": CatalogueFormatter._range,
        "percent": CatalogueFormatter._percent,
        "change": CatalogueFormatter._change,
        "duration": CatalogueFormatter._duration,
        "p": CatalogueFormatter._p,
        "pvalue": CatalogueFormatter._p_digits,
    }
)

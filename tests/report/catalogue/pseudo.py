"""A language in which every output of the catalogue stands in ⟦brackets⟧, and one made of a few templates."""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping

import pytest

from coregulation.report.catalogue import Catalogue, load_translations

MARKED = re.compile(r"⟦[^⟦⟧]*[⟧…]")  # a label of a picture may have been shortened
LANGUAGE_FREE = re.compile(r"list\.separator|format\.\w+")  # marks around these would sit inside numbers


class _Pseudo(gettext.NullTranslations):
    def __init__(self, source: gettext.NullTranslations) -> None:
        super().__init__()
        self.source = source

    def gettext(self, message: str) -> str:
        return self._mark(message, self.source.gettext(message))

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self._mark(one, self.source.ngettext(one, many, n))

    def pgettext(self, context: str, message: str) -> str:
        return self._mark(message, self.source.pgettext(context, message))

    def npgettext(self, context: str, one: str, many: str, n: int) -> str:
        return self._mark(one, self.source.npgettext(context, one, many, n))

    @staticmethod
    def _mark(key: str, template: str) -> str:
        is_template_of_error = " " in key
        missing = template == key and not is_template_of_error
        return template if missing or LANGUAGE_FREE.fullmatch(key) else f"⟦{template}⟧"


def pseudo_catalogue() -> Catalogue:
    """Return the pseudo-language's catalogue."""
    return Catalogue("qps", translations=_Pseudo(load_translations("en")))


def speak_pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every catalogue of the program be the pseudo-language's, whoever asks for it."""
    pseudo = _Pseudo(load_translations("en"))
    monkeypatch.setattr("coregulation.report.catalogue.catalogue.load_translations", lambda _language: pseudo)


def outside(text: str) -> str:
    """Return what of a text is outside every bracket: what did not come from the catalogue."""
    before = None
    while before != text:
        before, text = text, MARKED.sub("", text)
    return text


class _Templates(gettext.NullTranslations):
    def __init__(self, entries: Mapping[str | tuple[str, str], str]) -> None:
        super().__init__()
        self.entries = entries

    def gettext(self, message: str) -> str:
        return self.entries.get(message, message)

    def pgettext(self, context: str, message: str) -> str:
        return self.entries.get((context, message), message)


def templates(entries: Mapping[str | tuple[str, str], str]) -> gettext.NullTranslations:
    """Return a catalogue's source with these templates, by key or by (voice, key), and the words of lists and numbers."""
    words = {
        key: load_translations("en").gettext(key) for key in ("list.and", "list.or", "list.separator", "format.decimal")
    }
    return _Templates(words | dict(entries))

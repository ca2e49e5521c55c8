"""Look sentences up in one language's catalogue (gettext) and fill them with facts."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from coregulation.errors import CoregulationError
from coregulation.reasons import ERROR, Reason
from coregulation.report.catalogue.formatter import CatalogueFormatter

DOMAIN = "coregulation"
LOCALES = Path(__file__).with_name("locales")


class Voice(StrEnum):
    """For whom a sentence is written; the gettext context of its entry."""

    PLAIN = "plain"  # for the people who were there
    METHODS = "methods"  # for a methods section


@cache
def load_translations(language: str) -> gettext.NullTranslations:
    """Read a language's compiled catalogue; what it lacks is taken from the English one.

    Parameters
    ----------
    language
        Language tag such as "en".

    Returns
    -------
    gettext.NullTranslations
        The catalogue.
    """
    translations = gettext.translation(DOMAIN, LOCALES, [language])
    if language != "en":
        translations.add_fallback(load_translations("en"))
    return translations


class Catalogue:
    """One language's sentences.

    Parameters
    ----------
    language
        Language tag such as "en"; its catalogue is in `locales/`.
    translations
        Another source of templates, in place of the compiled catalogue.
    """

    def __init__(self, language: str = "en", *, translations: gettext.NullTranslations | None = None) -> None:
        self.language = language
        self._translations = translations if translations is not None else load_translations(language)

    def sentence(self, reason: Reason, voice: Voice | str = Voice.PLAIN) -> str:
        """Render a reason.

        The entry for the voice is taken, else the one for both voices. An entry with plural forms needs a fact `count`.

        Parameters
        ----------
        reason
            Code and facts.
        voice
            For whom.

        Returns
        -------
        str
            The sentence.

        Raises
        ------
        KeyError
            If the catalogue has no such code.
        """
        facts = dict(reason.facts)
        if reason.code == ERROR:
            return self._error(str(facts.pop("template")), facts)
        return self._render(reason.code, Voice(voice), facts)

    def text(self, key: str, /, voice: Voice | str = Voice.PLAIN, **facts: Any) -> str:
        """Render the entry with this key, as `sentence` does.

        Parameters
        ----------
        key
            Key of an entry, such as "page.answer".
        voice
            For whom, where an entry has two.
        **facts
            What fills its placeholders.
        """
        return self._render(key, Voice(voice), facts)

    def plural(self, key: str, count: int, /, **facts: Any) -> str:
        """Render an entry with plural forms for a count, which is also its fact `count`."""
        return self._render(key, Voice.PLAIN, {**facts, "count": count})

    def plural_form(self, number: int) -> int:
        """Return which plural form a number takes, by the rule in the catalogue's header."""
        rule = getattr(self._translations, "plural", None)
        return int(rule(number)) if rule is not None else int(number != 1)

    def translate(self, english: str, **facts: Any) -> str:
        """Translate a text whose English template is its key, and fill it.

        Parameters
        ----------
        english
            What something registered says of itself, such as a measure's title; it stands where there is no translation.
        **facts
            What fills its placeholders.
        """
        return self._error(english, facts)

    def error(self, error: CoregulationError) -> str:
        """Render an error; its English template is the key, and stands where there is no translation."""
        return self._error(error.template, error.facts)

    def _error(self, template: str, facts: Mapping[str, Any]) -> str:
        translated = self._translations.gettext(template)
        return CatalogueFormatter(self, Voice.PLAIN).vformat(translated, (), facts) if facts else translated

    def has(self, key: str) -> bool:
        """Whether there is an entry with this key, for any voice."""
        return any(self._template(key, voice, {"count": 1}) is not None for voice in Voice)

    def _render(self, key: str, voice: Voice, facts: dict[str, Any]) -> str:
        template = self._template(key, voice, facts)
        if template is None:
            raise KeyError(key)
        return CatalogueFormatter(self, voice).vformat(template, (), facts)

    def _template(self, key: str, voice: Voice, facts: dict[str, Any]) -> str | None:
        t, count = self._translations, facts.get("count")
        templates = [t.pgettext(voice, key), t.gettext(key)]
        if isinstance(count, int):
            templates = [t.npgettext(voice, key, key, count), t.ngettext(key, key, count), *templates]
        return next((template for template in templates if template != key), None)

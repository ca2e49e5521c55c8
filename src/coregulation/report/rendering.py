"""Fill the templates of a page, with everything escaped that is not markup."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jinja2

from coregulation.reasons import Reason
from coregulation.report.catalogue import Catalogue, Voice


def render(template: str, catalogue: Catalogue, **values: Any) -> str:
    """Fill a template of `templates/`.

    In a template `t(key, fact=…)` is the catalogue's text, and `reason | say(voice)` a reason's sentence.

    Parameters
    ----------
    template
        Name of the file.
    catalogue
        The reader's language.
    **values
        What the template names.
    """
    return _environment(catalogue).get_template(template).render(**values)


def say(reason: Reason | str, catalogue: Catalogue, voice: Voice | str = Voice.PLAIN) -> str:
    """Render a reason in a voice; what is already a sentence is left as it is."""
    return reason if isinstance(reason, str) else catalogue.sentence(reason, voice)


def say_all(reasons: Iterable[Reason], catalogue: Catalogue, voice: Voice | str = Voice.PLAIN) -> str:
    """Render several reasons in a voice, one after the other."""
    return " ".join(catalogue.sentence(reason, voice) for reason in reasons)


def _environment(catalogue: Catalogue) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("coregulation.report"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.globals["t"] = catalogue.text
    environment.globals["language"] = catalogue.language
    environment.filters["say"] = lambda reason, voice=Voice.PLAIN: say(reason, catalogue, voice)
    return environment


def sentence(reason: Reason) -> str:
    """Render a reason as `result.json` and the tables have it: in English, for a methods section."""
    return Catalogue().sentence(reason, Voice.METHODS)

"""Dates and times as languages and programs write them, written anew in the few forms that are read: months in words of ten languages, a time
with dots, a time before its date, a weekday before both.

What is ambiguous stays as ambiguous: 05/04/2026 keeps its strokes, so that the order of day and month is still asked for.
"""

from __future__ import annotations

import re
import unicodedata

_MONTHS = {
    1: ("jan", "ene", "gen"), 2: ("feb", "fev"), 3: ("mar", "mrz", "maa", "mrt"), 4: ("apr", "avr", "abr"), 5: ("may", "mai", "maj", "mei", "mag"),
    6: ("jun", "giu"), 7: ("jul", "lug"), 8: ("aug", "aou", "ago"), 9: ("sep", "set"), 10: ("oct", "okt", "ott", "out"), 11: ("nov",),
    12: ("dec", "dez", "dic"),
}  # fmt: skip
_NUMBER_OF = {word: number for number, words in _MONTHS.items() for word in words}
_LONGEST = 48  # characters
_WEEKDAY = re.compile(r"^[a-z]{2,10}\.?,?\s+(?=\d)")
_CLOCK = (
    r"(?P<h>\d{1,2})(?P<sign>[:.h-])(?P<m>\d\d)((?P=sign)(?P<s>\d\d)([.,:](?P<part>\d{1,9}))?)?"
    r"(?P<half>\s*[ap]\.?\s?m\.?)?"
)
_DIGITS = r"(?P<hms>\d{6})"
_DATE = (
    r"(?:(?P<a>\d{1,4})(?P<stroke>[./-])(?P<b>\d{1,2})(?P=stroke)(?P<c>\d{2,4})|(?P<ymd>\d{8})|"
    r"(?P<day>\d{1,2})\.?[ /-](?:de )?(?P<month>[a-z]{3,10})\.?[ /-](?:de )?(?P<year>\d{4}|\d{2})|"
    r"(?P<first>[a-z]{3,10})\.? (?P<second>\d{1,2}),? (?P<last>\d{4}))"
)
_ZONE = r"(?P<zone>\s*(?:z|utc|gmt|(?:utc|gmt)?[+-]\d\d:?\d\d))?"
_BETWEEN = r"(?:,?\s*(?:-|_|:|t|at|a las|as|a|um|kl\.?)?\s*)"
_FORMS = tuple(
    re.compile(form + _ZONE) for form in (_DATE + _BETWEEN + f"(?:{_CLOCK}|{_DIGITS})", f"{_CLOCK}[ ,]+{_DATE}")
)
_DOTTED = re.compile(r"(?P<h>[01]?\d|2[0-3])(?P<sign>\.)(?P<m>[0-5]\d)\.(?P<s>[0-5]\d)(?:,(?P<part>\d{1,9}))?")


def month_number(word: str) -> int | None:
    """Return the number of a month that is written as a word.

    Parameters
    ----------
    word
        In small letters without accents, whole or shortened, such as "mai" or "dez".

    Returns
    -------
    int or None
        From 1; None where it is no month.
    """
    if word.startswith("jui"):  # juin and juillet
        return 7 if word.startswith("juil") else 6
    return _NUMBER_OF.get(word[:3])


def is_dotted_time(text: str) -> bool:
    """Say whether a text is a time of day with dots, such as 13.58.30, which may be a date of two digits as well.

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    bool
        Whether its parts could be hours, minutes and seconds.
    """
    return _DOTTED.fullmatch(text) is not None


def rewritten(text: str) -> str | None:
    """Write a date with its time, or a time with dots, in a form that is read.

    Parameters
    ----------
    text
        Such as "So., 24. Mai 2026, 13:58:30 Uhr", "13:58:30 24/05/2026" or "13.58.30,5".

    Returns
    -------
    str or None
        Such as "2026-05-24 13:58:30"; None where it is no such text.
    """
    if not 7 <= len(text) <= _LONGEST or not any(sign.isdigit() for sign in text):
        return None
    dotted = _DOTTED.fullmatch(text)
    if dotted:
        return _clock(dotted)
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).removesuffix(" uhr")
    for form in (plain, _WEEKDAY.sub("", plain)):
        match = next((match for pattern in _FORMS if (match := pattern.fullmatch(form))), None)
        date = None if match is None else _date(match)
        if match is not None and date is not None:
            zone = (match["zone"] or "").strip().upper()
            return f"{date} {_clock(match)}{' ' + zone if zone else ''}"
    return None


def _clock(match: re.Match[str]) -> str:
    words = match.groupdict()
    if words.get("hms"):
        return f"{words['hms'][:2]}:{words['hms'][2:4]}:{words['hms'][4:]}"
    part = f".{words['part']}" if words.get("part") else ""
    return f"{words['h']}:{words['m']}" + (f":{words['s']}{part}" if words["s"] else "") + (words.get("half") or "")


def _date(match: re.Match[str]) -> str | None:
    """Return the date: with its year first where that is certain, else as it stands."""
    if match["ymd"]:
        return f"{match['ymd'][:4]}-{match['ymd'][4:6]}-{match['ymd'][6:]}"
    if match["a"] is None:
        month = month_number(match["month"] or match["first"])
        day, year = int(match["day"] or match["second"]), int(match["year"] or match["last"])
        return None if month is None else f"{year if year > 99 else 2000 + year}-{month:02d}-{day:02d}"
    if len(match["a"]) == 4:
        return f"{match['a']}-{int(match['b']):02d}-{int(match['c']):02d}" if len(match["c"]) < 3 else None
    numbers = (match["a"], match["b"], match["c"])
    return match["stroke"].join(numbers) if len(match["a"]) < 3 and len(match["c"]) != 3 else None

"""Tell two recordings apart: values to the last digit, what is missing, what is new; under a map of renamed names."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Recording = Mapping[str, Mapping[str, Mapping[str, str]]]  # run, file, path
Rule = tuple[re.Pattern[str], str]
Flat = dict[str, str]


@dataclass(frozen=True)
class Names:
    """What was renamed between two versions, as regular expressions of the old name and templates of the new.

    Attributes
    ----------
    files
        Of a file inside a run (`tables/ledger\\.csv`), matched in full.
    keys
        Of one key or column, matched in full.
    paths
        Of a whole path with its run and file (`two-rr/result.json:/exchange/price`), found anywhere, after the others.
    values
        Of a code, matched in full.
    ignore
        Whole paths, old or new, that are not compared; found anywhere.
    """

    files: tuple[Rule, ...] = ()
    keys: tuple[Rule, ...] = ()
    paths: tuple[Rule, ...] = ()
    values: tuple[Rule, ...] = ()
    ignore: tuple[re.Pattern[str], ...] = ()

    @classmethod
    def read(cls, path: Path) -> Names:
        """Read a TOML file with tables `files`, `keys`, `paths` and `values`, and a list `ignore`."""
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        rules = {name: _rules(tables.pop(name, {})) for name in ("files", "keys", "paths", "values")}
        ignore = tuple(map(re.compile, tables.pop("ignore", ())))
        tables.pop("because", None)  # read by `told`
        if tables:
            raise ValueError(f"{path}: files, keys, paths, values and ignore are known, not {', '.join(tables)}.")
        return cls(**rules, ignore=ignore)


@dataclass(frozen=True)
class Difference:
    """One place at which two recordings differ; None where one of them has nothing there."""

    place: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        if self.old is None:
            return f"extra    {self.place} = {_shown(self.new)}"
        if self.new is None:
            return f"missing  {self.place} = {_shown(self.old)}"
        return f"differs  {self.place}: {_shown(self.old)} -> {_shown(self.new)}"


@dataclass
class Comparison:
    """What came out.

    Attributes
    ----------
    compared
        How many values stand in both.
    differences
        Of numbers, codes and places.
    words
        Of sentences that stand in both.
    lost
        Of each run: numbers of the old recording that stand nowhere in the new run, whatever their name, with how often.
    """

    compared: int = 0
    differences: list[Difference] = field(default_factory=list)
    words: list[Difference] = field(default_factory=list)
    lost: dict[str, Counter[str]] = field(default_factory=dict)


def compared(old: Recording, new: Recording, names: Names | None = None) -> Comparison:
    """Compare two recordings.

    Parameters
    ----------
    old, new
        Run to file to path to value, as `record` writes them.
    names
        What was renamed between them.

    Returns
    -------
    Comparison
        Differences in the order of the old recording, then what is only in the new one.
    """
    names = names or Names()
    before, after = renamed(old, names), _flat(new)
    out = Comparison(lost=_lost(old, new))
    for place in dict.fromkeys([*before, *after]):
        if not any(rule.search(place) for rule in names.ignore):
            _place(Difference(place, before.get(place), after.get(place)), out)
    return out


def renamed(recording: Recording, names: Names) -> Flat:
    """Return an old recording under its new names.

    Raises
    ------
    ValueError
        If two places become one.
    """
    out: Flat = {}
    for run, files in recording.items():
        for file, entries in files.items():
            place = f"{run}/{_full(file, names.files)}:"
            for path, value in entries.items():
                target = _anywhere(place + _keys(path, names.keys), names.paths)
                if target in out:
                    raise ValueError(
                        f"{target}: two old places have this one new name; the last is {run}/{file}:{path}."
                    )
                out[target] = _value(value, names.values)
    return out


def _place(difference: Difference, out: Comparison) -> None:
    if difference.old is not None and difference.new is not None:
        out.compared += 1
    if difference.old == difference.new:
        return
    (out.words if _is_wording(difference.old, difference.new) else out.differences).append(difference)


def _is_wording(old: str | None, new: str | None) -> bool:
    """Return whether a sentence became another text; one that came or went is a difference."""
    texts = [value[0] for value in (old, new) if value is not None and value != "nnull"]
    return len(texts) == 2 and "w" in texts and "n" not in texts


def _lost(old: Recording, new: Recording) -> dict[str, Counter[str]]:
    lost = {run: _numbers(files) - _numbers(new.get(run, {})) for run, files in old.items()}
    return {run: numbers for run, numbers in lost.items() if numbers}


def _numbers(files: Mapping[str, Mapping[str, str]]) -> Counter[str]:
    return Counter(v for entries in files.values() for v in entries.values() if v[0] == "n" and v != "nnull")


def _flat(recording: Recording) -> Flat:
    return dict(_places(recording))


def _places(recording: Recording) -> Iterator[tuple[str, str]]:
    for run, files in recording.items():
        for file, entries in files.items():
            yield from ((f"{run}/{file}:{path}", value) for path, value in entries.items())


def _rules(table: Mapping[str, str]) -> tuple[Rule, ...]:
    return tuple((re.compile(old), new) for old, new in table.items())


def _full(text: str, rules: Iterable[Rule]) -> str:
    return next((match.expand(new) for old, new in rules if (match := old.fullmatch(text))), text)


def _anywhere(text: str, rules: Iterable[Rule]) -> str:
    for old, new in rules:
        text = old.sub(new, text)
    return text


def _keys(path: str, rules: tuple[Rule, ...]) -> str:
    return "/".join(_full(key, rules) for key in path.split("/")) if rules else path


def _value(value: str, rules: tuple[Rule, ...]) -> str:
    return "c" + _full(value[1:], rules) if value[0] == "c" else value


def _shown(value: str | None) -> str:
    return "" if value is None else value[1:] if value[0] == "n" else repr(value[1:])


def report(comparison: Comparison, words: bool, limit: int, say: Callable[[str], Any]) -> bool:
    """Tell what differs, and return whether nothing does.

    Parameters
    ----------
    comparison
        What `compared` returned.
    words
        Whether sentences count.
    limit
        How many differences are told.
    say
        Takes a line.
    """
    shown = [*comparison.differences, *(comparison.words if words else ())]
    for difference in shown[:limit]:
        say(str(difference))
    if len(shown) > limit:
        say(f"... and {len(shown) - limit} more (--limit)")
    for run, numbers in list(comparison.lost.items())[:limit]:
        some = ", ".join(value[1:] for value in list(numbers)[:5])
        say(f"lost     {run}: {numbers.total()} numbers stand nowhere in the new run, whatever their name: {some}")
    kinds = Counter(str(difference).split()[0] for difference in comparison.differences)
    counts = ", ".join(f"{kinds[kind]} {kind}" for kind in ("differs", "missing", "extra"))
    counted = "counted" if words else "not counted; --words"
    say(
        f"{comparison.compared} values stand in both. Numbers and codes: {counts}. Sentences: {len(comparison.words)} differ ({counted})."
    )
    return not shown

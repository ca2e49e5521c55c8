"""How a text table is written: its separator and its decimal sign, found where certain and asked for where not."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from coregulation.errors import DataError, UsageError
from coregulation.io.tables.cell_parsing import CellKind, cell_kind

_PARTED = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
_SEPARATORS = ("\t", ";", "|", ",", " ")
_AGREES = 0.5  # added to the share of values where the first line is parted as the rows are
_NAMES = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma", " ": "space"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the lines of a text table are parted into cells.

    Parameters
    ----------
    separator
        One character; "" for a single column.
    decimal
        "." or ",".
    width
        How many columns there are.
    """

    separator: str
    decimal: str
    width: int

    def rows(self, lines: Iterable[str]) -> list[list[str]]:
        """Split lines into cells."""
        return list(self.each_row(lines))

    def each_row(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Split lines into cells, one after the other."""
        if not self.separator:
            return ([line.strip().strip('"')] for line in lines)
        if self.separator == " ":
            lines = map(str.strip, lines)
        return csv.reader(lines, delimiter=self.separator, skipinitialspace=True)


def detect_dialect(lines: Sequence[str], separator: str | None = None, decimal: str | None = None) -> Dialect:
    """Find how a table is written from its middle, where rows are least likely to be anything else.

    Parameters
    ----------
    lines
        The table with its header, without lines that were said to be no part of it.
    separator
        One character, where the caller said it; None is found.
    decimal
        "." or ",", where the caller said it; None is found.

    Returns
    -------
    Dialect
        The one reading that fits.

    Raises
    ------
    DataError
        If its lines are no table at all.
    UsageError
        If two readings are possible ("0,812" is one number or two); it names the words that decide.
    """
    body = _middle(lines)
    try:
        scored = [_scored(body, sign) for sign in ((separator,) if separator else (*_SEPARATORS, ""))]
    except csv.Error as error:
        raise DataError("Its lines are not a table (a quotation mark may be missing).") from error
    scored = [_with_header(entry, lines[0]) for entry in scored]
    scored = [entry for entry in scored if not (decimal == "," and entry[1] == "," and separator is None)]
    _score, sign, width = max(scored, key=lambda entry: entry[0])
    chosen = Dialect(sign, decimal or ".", width)
    if sign == "," and separator is None and decimal is None and _one_or_two(lines[0], body, chosen):
        return Dialect("", ",", 1)
    return (
        chosen
        if decimal or (sign == "," and not any('"' in line for line in body))
        else Dialect(sign, _decimal(lines, chosen), width)
    )


def _middle(lines: Sequence[str]) -> Sequence[str]:
    half = len(lines) // 2
    rows = [line for line in lines[half : half + 120] if line.strip()][:60]
    return rows or lines[half : half + 60]


def _scored(body: Sequence[str], separator: str) -> tuple[float, str, int]:
    """Return how well a separator explains the lines: the share of cells that are values, if most rows have one width."""
    rows = Dialect(separator, ".", 0).rows(body)
    width, count = Counter(map(len, rows)).most_common(1)[0]
    if separator and width < 2:
        return (-1.0, separator, width)
    cells = [cell for row in rows if len(row) == width for cell in row]
    values = sum(cell_kind(cell) is not CellKind.TEXT for cell in cells)
    return (values / len(cells) if 2 * count > len(rows) else -1.0, separator, width)


def _with_header(entry: tuple[float, str, int], first: str) -> tuple[float, str, int]:
    """Prefer a separator by which the first line, too, has as many cells as the rows."""
    score, separator, width = entry
    header = next(iter(Dialect(separator, ".", 0).rows([first])), [])
    agrees = bool(separator) and score >= 0 and len(header) == width
    return (score + _AGREES if agrees else score, separator, width)


def _one_or_two(first: str, body: Sequence[str], chosen: Dialect) -> bool:
    """Say whether lines such as "0,812" are one number each; only a header or a "0,05" among them can tell."""
    rows = [row for row in chosen.rows(body) if len(row) == chosen.width]
    if chosen.width != 2 or not all(cell.strip().isdigit() for row in rows for cell in row):
        return False
    if any(row[1].startswith("0") and len(row[1]) > 1 for row in rows):
        return True  # no count is written as 05
    header = chosen.rows([first])[0]
    if all(cell_kind(cell) is CellKind.NUMBER for cell in header):
        raise UsageError(
            'A line such as "{line}" is one number with a decimal comma or two columns: say --decimal , or '
            "--separator , (decimal = … or separator = … in the manifest).",
            line=body[0].strip()[:20],
        )
    return len(header) == 1 and not first.startswith("{")


def _decimal(lines: Sequence[str], dialect: Dialect) -> str:
    head = _middle(lines)
    signs = _signs(dialect, head) or _signs(dialect, lines)
    if len(signs) == 2 and (dialect.separator != "," or _mixed_in_a_column(dialect, lines)):
        name = _NAMES.get(dialect.separator, "line")
        raise UsageError(
            "Between its {name}s the file has numbers with a decimal comma and with a decimal point: say --decimal . or --decimal , "
            "(decimal = … in the manifest), whichever is the decimal sign; the other one parts thousands.",
            name=name,
        )
    if signs == {","} and _may_be_thousands(dialect, lines):
        raise UsageError(
            "Numbers such as {number} stand beside whole numbers without a comma: is the comma a decimal sign or does it part "
            "thousands? Say --decimal , if {number} is {small}, or --decimal . if it is {large} (decimal in the manifest).",
            number=_first_with_comma(dialect, lines),
            small=_first_with_comma(dialect, lines).replace(",", "."),
            large=_first_with_comma(dialect, lines).replace(",", ""),
        )
    return signs.pop() if signs else "."


def _may_be_thousands(dialect: Dialect, lines: Sequence[str]) -> bool:
    """Say whether some column has numbers whose comma is followed by three digits, and whole ones of up to three digits."""
    head = [cell.strip() for row in dialect.rows(_middle(lines)) for cell in row]
    if not any(_PARTED.fullmatch(cell) for cell in head) and any("," in cell for cell in head):
        return False  # the whole table is only asked where its middle leaves it open
    parted, unparted, ruled_out = Counter[int](), Counter[int](), set[int]()
    for row in dialect.each_row(lines):
        for number, cell in enumerate(row if len(row) == dialect.width else ()):
            if number in ruled_out:
                continue
            if "," in cell and cell_kind(cell) is CellKind.NUMBER:
                parted[number] += 1
                if not _PARTED.fullmatch(cell.strip()):
                    ruled_out.add(number)
            elif cell.strip().lstrip("+-").isdigit():
                unparted[number] += 1
    return any(unparted[number] > 1 for number in parted if number not in ruled_out)


def _first_with_comma(dialect: Dialect, lines: Sequence[str]) -> str:
    cells = (cell.strip() for row in dialect.each_row(lines) for cell in row)
    return next(cell for cell in cells if _PARTED.fullmatch(cell))


def _mixed_in_a_column(dialect: Dialect, lines: Sequence[str]) -> bool:
    """Say whether one column has both decimal signs; between commas a cell with one was quoted on purpose."""
    columns: dict[int, set[str]] = {}
    for row in dialect.each_row(lines):
        for at, cell in enumerate(row):
            columns.setdefault(at, set()).update(_signs_of(cell))
    return any(len(signs) == 2 for signs in columns.values())


def _signs(dialect: Dialect, lines: Sequence[str]) -> set[str]:
    if not any("," in line for line in lines):
        return set()
    return {sign for row in dialect.each_row(lines) for cell in row for sign in _signs_of(cell)}


def _signs_of(cell: str) -> set[str]:
    """Return the decimal sign of a number, if it has one."""
    if cell_kind(cell) is not CellKind.NUMBER:
        return set()
    sign = ".,"[cell.rfind(",") > cell.rfind(".")]
    return {sign} if sign in cell else set()

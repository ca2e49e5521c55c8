"""Headers and markers of BrainVision recordings as text: sections of keys and values."""

from __future__ import annotations

from pathlib import Path

from coregulation.errors import DataError
from coregulation.io.text_lines import read_lines

_COMMENT = "comment"  # a section of free text, the last one


def read_sections(path: Path) -> dict[str, dict[str, str]]:
    """Read keys and values by section, both in small letters but for the values; free text at the end is left out.

    Parameters
    ----------
    path
        A header or a file of markers.

    Returns
    -------
    dict
        For each section, its values by key.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it does not begin as one, or a key comes twice.
    """
    lines = read_lines(path)
    if not lines[0].lower().replace(" ", "").startswith(("brainvisiondataexchange", "brainvisionv-amp")):
        raise DataError("{path}: its first line is not that of a BrainVision file.", path=str(path))
    sections: dict[str, dict[str, str]] = {}
    own: dict[str, str] = {}
    for line in (line.strip() for line in lines[1:]):
        if line.startswith("[") and line.endswith("]"):
            if line[1:-1].lower() == _COMMENT:
                break
            own = sections.setdefault(line[1:-1].lower(), {})
        elif "=" in line and not line.startswith(";"):
            key, _, value = line.partition("=")
            if own.get(key.strip().lower(), value.strip()) != value.strip():
                raise DataError(
                    "{path}: {key} comes twice, as {first!r} and as {second!r}. Export the recording again.",
                    path=str(path),
                    key=key.strip(),
                    first=own[key.strip().lower()],
                    second=value.strip(),
                )
            own[key.strip().lower()] = value.strip()
    return sections

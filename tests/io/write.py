"""Small files for the tests of the readers."""

from __future__ import annotations

import math


def wave(n, step=1.0, level=70.0, phase=0.0):
    """A heart rate that is nobody else's."""
    return [level + 5 * math.sin(0.3 * i * step + phase) + 0.01 * i for i in range(n)]


def text(path, *lines):
    path.write_text("\n".join(str(line) for line in lines) + "\n", encoding="utf-8")
    return path


def rows(path, header, *columns, separator=","):
    body = [separator.join(map(str, row)) for row in zip(*columns, strict=True)]
    return text(path, *([header] if header else []), *body)

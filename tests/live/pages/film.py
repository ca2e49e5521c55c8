"""A fingertip on a camera without either: a film of a red field whose brightness beats 72 times a minute."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from tests.conftest import CHROMIUM
from tests.live.pages.conftest import FLAGS

WIDTH, HEIGHT, RATE = 64, 48, 30
BEATS = 1.2  # Hz


def filmed(playwright: Any, folder: Path) -> Any:
    """Return a browser whose camera shows the film, again and again."""
    film = folder / "finger.y4m"
    size = WIDTH * HEIGHT
    frames = [b"FRAME\n" + bytes([round(110 + 6 * math.sin(2 * math.pi * BEATS * k / RATE))]) * size + bytes([100]) * (size // 4) + bytes([190]) * (size // 4) for k in range(10 * RATE)]  # fmt: skip
    film.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg\n".encode() + b"".join(frames))
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, f"--use-file-for-fake-video-capture={film}"])  # fmt: skip

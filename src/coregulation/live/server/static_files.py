"""The files of the pages, and the worker in the browser that keeps them: told which they are, under a name made of what is in them."""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path

STATIC = Path(__file__).parents[1] / "static"
WORKER = "sw.js"


@functools.cache
def pages() -> dict[str, Path]:
    """Return the files there are, by address: what is not among them cannot be asked for."""
    return {path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*") if path.is_file()}


@functools.cache
def worker() -> str:
    """Return the service worker's text: it changes with any file, so that a browser keeps no file that is no more."""
    files = {name: path.read_bytes() for name, path in sorted(pages().items())}
    content = hashlib.sha256(b"\0".join(name.encode() + b"\0" + body for name, body in files.items())).hexdigest()
    addresses = ["/", *(f"/{name}" for name in files if name not in (WORKER, "index.html"))]
    constants = f"const SHELL = 'shell-{content[:16]}';\nconst FILES = {json.dumps(addresses)};\n"
    return constants + files[WORKER].decode()

"""Messages and requests as nobody should send them, drawn quickly from a seed: whole ones, wrong ones, cut ones, noise.

Hypothesis draws some hundred of these a second; a night of a hundred thousand needs thousands. What is drawn here is close to
what is legal (right tags, right people, right streams), since noise alone never gets past the door.
"""

from __future__ import annotations

import base64
import json
import random
from typing import Any

from coregulation.live.signals.heart_packets import HeartPacket, encode_heart_packet

PEOPLE = ("ada", "ben", "eve")
STREAMS = ("hr-ada", "hr-ben", "pmd", "cam")
WORDS = ("", "x", "ä" * 40, "a" * 5000, "../..", "%00", "\x00", "<script>", "null", "ada", "ben", "constructor")
NUMBERS = (0, 1, -1, 0.5, -0.0, 2**31, 2**53 + 1, -(2**70), 1e300, -1e300, 5e-324, True, None)


def value(rng: random.Random, depth: int = 0) -> Any:
    """Return any JSON value."""
    kind = rng.randrange(6 if depth < 3 else 4)
    if kind == 0:
        return rng.choice(NUMBERS)
    if kind == 1:
        return rng.choice(WORDS)
    if kind == 2:
        return rng.randrange(-50, 5000)
    if kind == 3:
        return rng.random() * 10 ** rng.randrange(-3, 12)
    if kind == 4:
        return [value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice((*WORDS[:4], "type", "person", "seq")): value(rng, depth + 1) for _ in range(rng.randrange(4))}


def packet(rng: random.Random) -> str:
    """Return a sensor's bytes: a good packet, a cut one, or noise; base64, sometimes not."""
    data = encode_heart_packet(
        HeartPacket(rng.randrange(300), tuple(rng.randrange(4000) for _ in range(rng.randrange(4))))
    )
    if rng.random() < 0.5:
        data = rng.randbytes(rng.randrange(40)) if rng.random() < 0.5 else data[: rng.randrange(len(data))]
    text = base64.b64encode(data).decode()
    return text if rng.random() < 0.95 else text + "?"


def whole(rng: random.Random) -> dict[str, Any]:
    """Return a message as a page might send it; most are legal in some phase of a room."""
    who, stream = rng.choice(PEOPLE), rng.choice(STREAMS)
    count = rng.randrange(1, 4)
    return {
        "hello": lambda: {"role": rng.choice(["participant", "facilitator", "viewer"]), "people": [who]},
        "ping": lambda: {"sent": rng.random() * 100},
        "clock": lambda: {"offset": rng.choice([0.0, 1e6, -1e11]), "round_trip": rng.random()},
        "stream": lambda: {"stream": stream, "person": who, "kind": rng.choice(["hr", "pmd", "finger", "wave"]), "rate": rng.choice([None, 4.0])},
        "samples": lambda: {
            "stream": stream, "seq": rng.choice([0, 1, 2, rng.randrange(60)]), "at": [rng.random() * 100 for _ in range(count)],
            "data": [packet(rng) for _ in range(count if rng.random() < 0.9 else 1)],
        },
        "end-stream": lambda: {"stream": stream, "why": rng.choice(["done", "lost", "battery"])},
        "consent": lambda: {"person": who, "purposes": rng.sample(["show-partner", "show-facilitator", "keep", "research"], rng.randrange(4)), "text_version": "1"},
        "withdraw": lambda: {"person": who, "purpose": rng.choice(["show-partner", "keep"])},
        "choose": lambda: {"practice": rng.choice(["silent-sitting", "notice", "none"]), "minutes": rng.choice([1, 5, 60])},
        "ready": lambda: {"person": who},
        "skip": lambda: {"person": rng.choice([None, who])},
        "pick": lambda: {"person": who, "step": rng.choice(["settle", "sit"]), "choice": rng.choice(["sound", "chair"])},
        "pause": dict, "resume": dict,
        "mark": lambda: {"label": rng.choice(WORDS), "person": rng.choice([None, who])},
        "words": lambda: {"person": who, "text": rng.choice(WORDS), "ratings": {"calm": rng.randrange(12)}, "share": rng.random() < 0.5},
        "admit": lambda: {"ticket": rng.choice(WORDS), "yes": rng.random() < 0.5},
    }[kind := rng.choice(KINDS)]() | {"type": kind}  # fmt: skip


KINDS = (
    "hello", "ping", "clock", "stream", *["samples"] * 6, "end-stream", "consent", "withdraw", "choose", *["ready"] * 4, "skip",
    "pick", "pause", "resume", "mark", "words", "admit",
)  # fmt: skip
ENDING = ("stop", "leave")  # rare, since nothing follows them


def wrong(rng: random.Random) -> dict[str, Any]:
    """Return a message with something in it that is not as it should be."""
    body = whole(rng)
    key = rng.choice(list(body))
    change = rng.randrange(4)
    if change == 0:
        del body[key]
    elif change == 1:
        body[rng.choice(WORDS)] = value(rng)
    else:
        body[key] = value(rng)
    return body


def message(rng: random.Random) -> str | bytes:
    """Return what may come over a room's socket."""
    kind = rng.random()
    if kind < 0.45:
        return json.dumps(whole(rng))
    if kind < 0.8:
        return json.dumps(wrong(rng))
    if kind < 0.86:
        return json.dumps(value(rng))
    if kind < 0.94:
        text = json.dumps(whole(rng))
        return text[: rng.randrange(len(text))]
    if kind < 0.998:
        return rng.randbytes(rng.randrange(80))
    return json.dumps({"type": rng.choice(ENDING)})


def body(rng: random.Random) -> bytes:
    """Return what may come as a request's body."""
    kind = rng.random()
    if kind < 0.2:
        return rng.randbytes(rng.randrange(200))
    if kind < 0.5:
        return json.dumps(value(rng)).encode()
    asked = {
        "people": rng.choice([[{"person": "x"}], [{"person": "x"}, {"person": "y", "child": True}], value(rng)]),
        "practice": rng.choice(["silent-sitting", "none", None]),
        "source": rng.choice(["straps", "replay:none", "lsl", "nowhere"]),
        "token": rng.choice(WORDS), "code": rng.choice(WORDS), "role": rng.choice(["participant", "king"]),
        "feedback": rng.choice(["both", "own", 3]), "minutes": rng.choice(NUMBERS), "seed": value(rng), "person": rng.choice(PEOPLE),
    }  # fmt: skip
    keys = rng.sample(list(asked), rng.randrange(len(asked)))
    return json.dumps({key: asked[key] for key in keys} | ({"more": 1} if rng.random() < 0.2 else {})).encode()

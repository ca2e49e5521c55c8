"""The collected cases of files, before and now: `python -m bench.cases OLD_CHECKOUT` writes docs/generated/cases.md.

OLD_CHECKOUT is a checkout of 588f064 (version 0.1). Both versions are asked the same through `open_session`, each in a process of its own;
the cases lie in a folder beside the checkout that may not ship, and the right values are those of an independent computation.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.io.test_cases import CASES, READ, REFUSED
from tests.paths import ROOT

from bench.tables import written

RIGHT = {
    "A0 resampled intervals": "a heart rate of 600 s at 4 Hz", "A0 with their times": "600 s at 2 Hz", "A0 single beats": "714.5 s, 1 gap",
    "A0 a rate beside a gap": "690 s, 87 % there", "A0 the same in a manifest": "690 s, 87 % there",
    "A1 HRV Logger by its dates": "1 gap of ben's", "A1 HRV Logger as it is": "1 gap of ben's", "A1 a header with its unit": "360 s, 1 gap",
    "A1 a header without": "360 s, 1 gap", "A1 a manifest without time": "714.5 s, 1 gap", "A2 resistance": "converted to µS, below 100",
    "A2 one in each": "r > .9", "A3 packets": "no gap; delay in the uncertainty", "A4 smart recording": "301 beats, 254.8 s, no gap",
    "A4 after the timer stopped": "301 beats, 254.8 s, no gap", "A4 a record per second": "301 beats, 254.8 s, no gap",
    "A5 an empty last cell": "120 rows", "A5 a missing last value": "120 rows, last missing", "A6 both straps": "501 beats each",
    "A6 an empty stream": "501 beats each", "A6 packets that step back": "130 ± .02 Hz, no gap", "A6 no beats found": "all but RR",
    "A7 a zone": "ada 10 s after ben", "A9 one column": "person ada", "A9 one file": "person ada", "A10 the day first": "600 s at 1 Hz",
    "A10 the month first": "600 s at 1 Hz", "A10 midnight": "600 s at 1 Hz", "A10 blocks in m:ss": "blocks 0–120 and 120–360 s",
    "A11 LabChart": "20 s at 1,000 Hz, comments as marks", "A11 AcqKnowledge": "20 s at 1,000 Hz", "A11 Shimmer": "128 Hz",
    "A11 two headers": "600 s at 1 Hz", "A12 tags": "2 marks", "A12 annotations": "2 marks", "A12 a zero at the end": "101 beats",
    "A12 sample numbers": "400 beats", "A12 blocks in minutes": "told that blocks are short", "A12 a belt at its rails": "told",
}  # fmt: skip
WORK = """
from tests_cases import TABLE, asked
import coregulation as co
def said_of(name):
    files, said = asked(name)
    try:
        session = co.open_session(*files, **said)
    except Exception as error:
        known = type(error).__name__.endswith(("DataError", "UsageError", "ChannelError"))
        return ("refused: " if known else "crashed: ") + " ".join(str(error).split())[:170]
    parts = []
    for recording in session.recordings[:2]:
        signals = list(recording.signals.items())[:2]
        own = [f"{name} {signal.window.length:.4g} s at {signal.rate:g} Hz, {100 * signal.coverage:.0f} %" for name, signal in signals]
        if recording.beats is not None:
            beats = recording.beats
            own.append(f"{len(beats)} beats in {beats.times[-1] - beats.times[0]:.1f} s, {int(beats.breaks.sum()) - 1} gaps")
        parts.append(f"{recording.person.id}: " + "; ".join(own))
    return ". ".join(parts) + f"; {len(session.marks)} marks, {len(session.remarks)} remarks"
for name in TABLE:
    print(said_of(name), flush=True)
"""
ASK = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
CASES = Path({cases!r})
TABLE = {table!r}
def asked(name):
    files, said = TABLE[name]
    said = {{key: (CASES / value[1] if isinstance(value, tuple) and value[:1] == ("path",) else value) for key, value in said.items()}}
    return [CASES / file for file in files], said
"""


def _table_of_questions() -> dict[str, tuple[tuple[str, ...], dict[str, object]]]:
    questions = {}
    for name, (files, said, _) in {**READ, **REFUSED}.items():
        plain = {key: ("path", value.name) if isinstance(value, Path) else value for key, value in said.items()}
        questions[name] = (files, plain)
    return questions


def answers(source: Path, folder: Path) -> list[str]:
    """Return what one version says of each case."""
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WORK], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": f"{source}{os.pathsep}{folder}", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    return [line.replace("|", "¦").replace(f"{CASES}/", "") for line in found.stdout.splitlines()]


def table(old: Path) -> Iterator[str]:
    yield "| case | right | version 0.1 | now |"
    yield "|---|---|---|---|"
    with tempfile.TemporaryDirectory() as folder:
        ask = ASK.format(root=folder, cases=str(CASES), table=_table_of_questions())
        (Path(folder) / "tests_cases.py").write_text(ask, encoding="utf-8")
        both = [answers(source / "src", Path(folder)) for source in (old, ROOT)]
    for name, before, now in zip({**READ, **REFUSED}, *both, strict=True):
        yield f"| {name} | {RIGHT.get(name) or 'refused with the way on'} | {before} | {now} |"


def main(old: str) -> None:
    written("cases", "python -m bench.cases OLD_CHECKOUT", table(Path(old)), "version 0.1 is 588f064")


if __name__ == "__main__":
    main(*sys.argv[1:])

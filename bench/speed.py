"""How long one body takes, offline and live, beside others: `python -m bench.speed` writes docs/generated/speed.md.

Timed by the processor's clock, the least of several rounds: the wall's says more about who else is at work.
"""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator

import numpy as np
from tests.laws.stages import cut
from tests.physiology import hearts
from tests.physiology.made import made_breath, made_skin, modulated_beats

from bench.elsewhere import ABSENT, answers
from bench.tables import machine, written
from bench.test_body import seconds_of
from coregulation.physiology import Body, BodyStage, EarlyEcg, EcgBeats, clean_beats, collect_beats, compute_body
from coregulation.signals import Signal, Unit, Window
from coregulation.stage import Piece, run

HOUR, RATE, PIECE = 3600, 500.0, 0.04
PEERS = ("sleepecg", "NeuroKit2 (default)", "wfdb xqrs", "wfdb gqrs")
Given = dict[str, Signal]


def least(task: Callable[[], object], rounds: int = 7) -> float:
    """Return the least of the processor's seconds; the first call, which may compile, is not counted."""
    task()
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        task()
        times.append(time.process_time() - begun)
    return min(times)


def recorded(seed: int) -> Given:
    """Return an hour of ECG at 500 Hz, breath and skin conductance at 50 Hz."""
    rng = np.random.default_rng(seed)
    values = hearts.sinus(HOUR, rng, 60 + 8 * seed).ecg(HOUR, RATE)
    ecg = Signal(values + 0.01 * rng.standard_normal(len(values)), RATE, 0.0, Unit.MILLIVOLT)
    return {"ecg": ecg, "resp": made_breath(seed, HOUR)[0], "eda": made_skin(seed, HOUR)[0]}


def complete(given: Given) -> Body:
    """Return the body behind raw signals: beats found, cleaned, and all of it on one grid."""
    found = collect_beats(run(EcgBeats(), [Piece(given["ecg"], given["ecg"].window.end)])).beats
    return compute_body({"beats": clean_beats(found).beats, "resp": given["resp"], "eda": given["eda"]})


def filter_pass(ecg: Signal) -> Callable[[], object]:
    from scipy.signal import butter, sosfilt

    sections = butter(2, [5, 25], "bandpass", fs=RATE, output="sos")
    return lambda: sosfilt(sections, ecg.values)


def offline(ada: Given, ben: Given) -> Iterator[str]:
    ecg = ada["ecg"]
    whole = [Piece(ecg, ecg.window.end)]
    yield f"| one causal filter pass (scipy, two biquads): the limit | {ms(least(filter_pass(ecg)))} | |"
    yield f"| **ECG of an hour to final beats** | {ms(least(lambda: list(run(EcgBeats(), whole))))} | 60 ms |"
    for who, answer in answers([(ecg.values, RATE)], *PEERS).items():
        yield f"| the same, {who} | {ms(answer.seconds) if answer else ABSENT} | |"
    beats = collect_beats(run(EcgBeats(), whole)).beats
    yield f"| cleaning an hour's intervals | {ms(least(lambda: clean_beats(beats), 3))} | |"
    pair = [ada, ben]
    yield f"| **two people's hour to two complete bodies** | {ms(least(lambda: list(map(complete, pair)), 3))} | 1 s |"
    raw = sum(signal.values.nbytes for given in pair for signal in given.values())
    tracemalloc.start()
    kept = [complete(given) for given in pair]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    told = f"{peak / 1e6:.0f} MB, {peak / raw:.1f} × the raw {raw / 1e6:.0f} MB"
    yield f"| its memory at most, beside the raw signals ({len(kept)} bodies kept) | {told} | 3 × |"


def ms(seconds: float) -> str:
    return f"{1000 * seconds:,.0f} ms"


def live(ada: Given) -> Iterator[str]:
    minute = ada["ecg"].within(Window(0.0, 60.0))
    for stage, what in ((EcgBeats(), "final beats"), (EarlyEcg(), "the early beat for the screen")):
        pieces = cut(minute, range(0, len(minute), round(PIECE * RATE)))
        yield f"| live: {what}, 40 ms pieces of ECG at 500 Hz | {share(stage, pieces, 0)} | 0.2 % |"
    beats = modulated_beats({0.1: 20.0, 0.25: 40.0}, mean=800.0, seconds=200)
    given = {"beats": beats, "resp": made_breath(1, 200)[0], "eda": made_skin(1, 200)[0]}
    told = share(BodyStage(("beats", "resp", "eda")), list(seconds_of(given, 180)), 120)
    yield f"| live: a whole body from beats, breath and skin, 1 s pieces | {told} | 0.2 % |"


def share(stage: BodyStage | EcgBeats | EarlyEcg, pieces: list[Piece], first: int) -> str:
    """Return the share of one core that a minute takes, after `first` pieces have been taken."""
    state = stage.start()
    for piece in pieces[:first]:
        state, _ = stage.step(state, piece)

    def minute() -> None:
        held = state
        for piece in pieces[first:]:
            held, _ = stage.step(held, piece)

    return f"{100 * least(minute) / 60:.2f} % of a core"


def starting() -> Iterator[str]:
    call = [sys.executable, "-c", "import time, coregulation; print(time.process_time())"]
    took = [float(subprocess.run(call, check=True, capture_output=True).stdout) for _ in range(7)]
    yield f"| starting Python and `import coregulation` | {ms(min(took))} | 150 ms |"


def table() -> Iterator[str]:
    ada, ben = recorded(1), recorded(2)
    yield "| what | processor time | asked |"
    yield "|---|---|---|"
    yield from offline(ada, ben)
    yield from live(ada)
    yield from starting()


def main() -> None:
    written("speed", "python -m bench.speed", table(), machine())


if __name__ == "__main__":
    main()

"""How often natural mode claims under each law: `python -m bench.natural_sizes CELLS [sessions] [sessions from beats]`.

Each session of 90 minutes is answered after 30, 60 and 90 minutes. What a session gave is kept in CELLS (JSON lines), so that a run that was
stopped goes on; the tables are written from all cells that are there. Development runs take another seed (`--seed`) and write nothing.
"""

from __future__ import annotations

import argparse
import json
import pathlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bench.tables import written
from coregulation.analysis.natural import pair_levels
from coregulation.analysis.regulation import arousal_signals
from coregulation.events import Turn
from coregulation.regulation.natural.answer import NaturalDirection, NaturalState, ask_natural
from coregulation.regulation.natural.common_input import InnovationCorrelation
from coregulation.regulation.natural.controls import CLOSED
from coregulation.regulation.natural.levels import PairLevels
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats, Signal, Unit, Window
from coregulation.simulate.natural_pairs import NATURAL_LAWS, NaturalPairLaw, beats_of_level, simulate_natural_sessions

SEED, MINUTES, SHIFTS, POOLED = 20261130, (30, 60, 90), 399, 4
PEOPLE = ("first", "second")
UNHEARD = "speech, turns not known"
LAWS: Mapping[str, NaturalPairLaw] = {**NATURAL_LAWS, UNHEARD: NATURAL_LAWS["speech"]}
WITH_EFFECT = ("contagion", "giver responds", "help", "help, giver responds")
INDICES = ("arousal", "beats")
POWER = pathlib.Path(__file__).parents[1] / "src" / "coregulation" / "data" / "natural_power.toml"
Cell = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("cells", type=pathlib.Path)
    parser.add_argument("sessions", type=int, nargs="?", default=200)
    parser.add_argument("from_beats", type=int, nargs="?", default=120)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--laws", nargs="*", default=list(LAWS))
    parser.add_argument("--indices", nargs="*", default=list(INDICES))
    args = parser.parse_args()
    cells = _kept(args.cells)
    for index in args.indices:
        count = args.sessions if index == "arousal" else args.from_beats
        for law in args.laws:
            if f"{args.seed} {index} {law} {count}" not in cells:
                cell = _answered(law, index, count, args.seed)
                cells[f"{args.seed} {index} {law} {count}"] = cell
                with args.cells.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"key": f"{args.seed} {index} {law} {count}", "cell": cell}) + "\n")
                print(index, law, _summary(cell), flush=True)  # noqa: T201
    if args.seed == SEED:
        kept: dict[str, Mapping[str, Cell]] = {}
        for index in INDICES:
            count = args.sessions if index == "arousal" else args.from_beats
            whole = {law: cells[key] for law in LAWS if (key := f"{SEED} {index} {law} {count}") in cells}
            if len(whole) < len(LAWS):
                continue
            kept[index] = whole
            command = "python -m bench.natural_sizes"
            facts = (f"{count} sessions per law", f"{SHIFTS} shifts", f"seed {SEED}")
            written(f"natural-sizes-{index}", command, _sizes(whole), *facts)
            written(f"natural-power-{index}", command, _powers(whole), *facts)
        POWER.write_text(_kept_power(kept), encoding="utf-8")


def _kept_power(cells: Mapping[str, Mapping[str, Cell]]) -> str:
    """Return the table that `coregulation power --natural` reads."""
    rows = ["# Made by python -m bench.natural_sizes; see coregulation.study.natural_power.", ""]
    for index, laws in cells.items():
        for pairs, law in (("help", "help"), ("help-responds", "help, giver responds"), ("nothing", "none")):
            for length, hours in (("60", 1.0), ("90", 1.5), ("pooled", 6.0)):
                if law in laws:
                    rows += _toml_row(index, pairs, hours, laws[law][length])
    return "\n".join(rows)


def _toml_row(index: str, pairs: str, hours: float, answers: Sequence[Any]) -> list[str]:
    hits = [
        any(map(_told, pair)) if pairs == "nothing" else pair[0][0] == NaturalState.SOONER.value for pair in answers
    ]
    share, low, high = _share(hits)
    facts = {
        "index": f'"{index}"',
        "pairs": f'"{pairs}"',
        "hours": hours,
        "share": f"{share:.3f}",
        "low": f"{low:.3f}",
        "high": f"{high:.3f}",
    }
    return ["[[row]]", *(f"{key} = {value}" for key, value in facts.items()), f"draws = {len(hits)}", ""]


def _kept(path: pathlib.Path) -> dict[str, Cell]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {row["key"]: row["cell"] for row in map(json.loads, lines)}


def _answered(name: str, index: str, count: int, seed: int) -> Cell:
    """Return of each session and length, and of each four sessions, what both directions gave."""
    number = list(LAWS).index(name)
    simulated = simulate_natural_sessions(LAWS[name], count, 60.0 * MINUTES[-1], seed + 100 * number)
    cell: Cell = {str(minutes): [] for minutes in MINUTES} | {"pooled": []}
    evenings = []
    for k in range(count):
        session = _session(simulated.levels[k], simulated.speaking[k], index, name, seed + 1000 * number + k)
        for minutes in MINUTES:
            levels = _first(session, 60.0 * minutes)
            cell[str(minutes)].append(_plain(ask_natural([levels], _rng(seed, k), shifts=SHIFTS)))
        evenings.append(levels)
    for k in range(0, count - POOLED + 1, POOLED):
        cell["pooled"].append(_plain(ask_natural(evenings[k : k + POOLED], _rng(seed, k), shifts=SHIFTS)))
    return cell


def _rng(seed: int, k: int) -> np.random.Generator:
    return np.random.default_rng([seed, k])


def _session(levels: np.ndarray, speaking: np.ndarray, index: str, law: str, seed: int) -> Session:
    recordings = []
    for who, (name, level) in enumerate(zip(PEOPLE, levels, strict=True)):
        if index == "arousal":
            signals = {"arousal": Signal(level, 1.0, 0.0, Unit.ARBITRARY)}
            recordings.append(Recording(Person(name), signals))
        else:
            recordings.append(Recording(Person(name), beats=Beats(beats_of_level(level, 2 * seed + who))))
    turns = None if law == UNHEARD or not speaking.any() else tuple(_turns(speaking))
    session = Session(law, tuple(recordings), shared=(), simulated=True, turns=turns)
    channel, signals = arousal_signals(session, {})  # beats are cleaned once, not again for every length
    made = tuple(Recording(r.person, {channel: signals[r.person.id]}) for r in session.recordings)
    return replace(session, recordings=made)


def _turns(speaking: np.ndarray) -> Iterator[Turn]:
    for name, talks in zip(PEOPLE, speaking, strict=True):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], talks.astype(int), [0]])))
        yield from (Turn(name, float(a), float(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))


def _first(session: Session, seconds: float) -> PairLevels:
    """Return the levels of the first minutes, as if no more had been recorded."""
    recordings = []
    for r in session.recordings:
        signals = {name: signal.within(Window(0.0, seconds)) for name, signal in r.signals.items()}
        recordings.append(Recording(r.person, signals))
    turns = None if session.turns is None else tuple(turn for turn in session.turns if turn.end <= seconds)
    cut = Session(session.id, tuple(recordings), shared=(), simulated=True, turns=turns)
    return pair_levels(cut, PEOPLE)[1]


def _plain(directions: Sequence[NaturalDirection]) -> list[list[Any]]:
    return [
        [d.state.value, d.rises, d.settled, _number(d.effect.value), _number(d.p), _number(d.adjusted), _number(d.common.p), _number(d.controls)]
        for d in directions
    ]  # fmt: skip


def _number(value: float) -> float | None:
    return None if value != value else round(value, 6)


def _would(answer: Sequence[Any], sign: int = 0) -> bool:
    """Return whether the gates and the test allow a claim, whatever the length; `sign` asks for a direction of the effect."""
    _, _, _, effect, p, adjusted, common, controls = answer
    if p is None or controls is None or common is None:
        return False
    right = sign == 0 or effect * sign > 0
    return InnovationCorrelation(0.0, common).is_open and controls >= CLOSED and adjusted <= 0.05 and right


def _rate(hits: Sequence[bool]) -> str:
    if not hits:
        return "–"
    share, low, high = _share(hits)
    return f"{share:.3f} ({low:.2f}–{high:.2f})"


def _share(hits: Sequence[bool]) -> tuple[float, float, float]:
    """Return a share with its 95 % Clopper–Pearson interval."""
    from scipy.stats import beta

    n, k = len(hits), int(np.sum(hits))
    low = 0.0 if k == 0 else float(beta.ppf(0.025, k, n - k + 1))
    high = 1.0 if k == n else float(beta.ppf(0.975, k + 1, n - k))
    return k / n, low, high


def _told(answer: Sequence[Any]) -> bool:
    return answer[0] in (NaturalState.SOONER.value, NaturalState.LATER.value)


def _sizes(cells: Mapping[str, Cell]) -> Iterator[str]:
    yield "| law without help | told after 90 min, either direction | upper bound | told, four evenings | gates and test pass at 30 min | at 60 min | test alone p ≤ .05, both directions | common-input gate open | controls close |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for law, cell in cells.items():
        if law in WITH_EFFECT:
            continue
        hits = [any(map(_told, pair)) for pair in cell["90"]]
        single = [answer for pair in cell["90"] for answer in pair]
        computed = [answer for answer in single if answer[4] is not None]
        yield " | ".join([
            f"| {law}", _rate(hits), f"{_upper(hits):.3f}", _rate([any(map(_told, pair)) for pair in cell["pooled"]]),
            *(_rate([any(map(_would, pair)) for pair in cell[length]]) for length in ("30", "60")),
            _rate([answer[4] <= 0.05 for answer in computed]),
            _rate([(answer[6] or 0) >= 0.2 for answer in computed]),
            _rate([answer[7] is not None and answer[7] < CLOSED for answer in computed]) + " |",
        ])  # fmt: skip


def _upper(hits: Sequence[bool]) -> float:
    """Return the one-sided upper 95 % bound of a share."""
    from scipy.stats import beta

    n, k = len(hits), int(np.sum(hits))
    return 1.0 if k == n else float(beta.ppf(0.95, k + 1, n - k))


def _powers(cells: Mapping[str, Cell]) -> Iterator[str]:
    yield "| law | direction | rises in 90 min | sooner: told after 60 min | after 90 min | four evenings | later: told after 90 min | test alone p ≤ .05 | gate open | controls close | effect (median share) |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for law in WITH_EFFECT:
        if law not in cells:
            continue
        for k, direction in enumerate(("second → first", "first → second")):
            answers = {length: [pair[k] for pair in cells[law][length]] for length in ("60", "90", "pooled")}
            effects = [answer[3] for answer in answers["90"] if answer[3] is not None]
            computed = [answer for answer in answers["90"] if answer[4] is not None]
            sooner = [_rate([a[0] == NaturalState.SOONER.value for a in answers[length]]) for length in answers]
            yield " | ".join([
                f"| {law}", direction, f"{np.median([a[1] for a in answers['90']]):.0f}", *sooner,
                _rate([a[0] == NaturalState.LATER.value for a in answers["90"]]), _rate([a[4] <= 0.05 for a in computed]),
                _rate([(a[6] or 0) >= 0.2 for a in computed]), _rate([a[7] is not None and a[7] < CLOSED for a in computed]),
                f"{100 * np.expm1(np.median(effects)):+.0f} % |",
            ])  # fmt: skip


def _summary(cell: Cell) -> str:
    first = [pair[0] for pair in cell["90"]]
    return (
        f"told {np.mean([any(map(_told, pair)) for pair in cell['90']]):.3f} first sooner {np.mean([a[0] == 'sooner' for a in first]):.3f} "
        f"pooled sooner {np.mean([pair[0][0] == 'sooner' for pair in cell['pooled']]):.3f} rises {np.mean([a[1] for a in first]):.0f} "
        f"would 30/60 {np.mean([any(map(_would, p)) for p in cell['30']]):.3f} {np.mean([any(map(_would, p)) for p in cell['60']]):.3f}"
    )


if __name__ == "__main__":
    main()

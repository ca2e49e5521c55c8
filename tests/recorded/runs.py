"""Every kind of input, as calls of the command line; a later call may read what an earlier one wrote."""

from __future__ import annotations

from dataclasses import dataclass

FEW = ("--surrogates", "199", "--jobs", "1")
NULLS = ("segments", "phases", "amplitudes")


@dataclass(frozen=True)
class Run:
    """One call.

    Attributes
    ----------
    name
        Of the run, and of the folder or file that it writes.
    words
        What follows `coregulation`, or the module if there is one.
    module
        What `python -m` runs.
    """

    name: str
    words: tuple[str, ...]
    module: str = "coregulation"


def analyze(name: str, *words: str) -> Run:
    return Run(name, ("analyze", *words, *FEW, "--out", name))


def simulate(name: str, scenario: str, wearing: str, *words: str) -> Run:
    return Run(name, ("simulate", scenario, "--wearing", wearing, "--jobs", "1", "--out", name, *words))


def people(*names: str) -> tuple[str, ...]:
    return tuple(word for name in names for word in ("--person", name))


PAIR = people("ada", "ben")
RR = ("in/ada_rr.txt", "in/ben_rr.txt", *PAIR, "--signal", "rr")
CLOCK = ("--time-column", "time", "--time-unit", "s")
HEART_RATE = ("--signal", "heart_rate", *CLOCK, "--shared", "none")
HAPPENED = ("--blocks", "in/blocks.csv", "--marks", "in/marks.csv", "--exclude", "in/exclude.csv")
THREE = ("in/three.csv", *people("a", "b", "c"), *HEART_RATE)
ECG = ("in/ecg.csv", "--person", "ada=ecg", "--signal", "ecg", "--unit", "mV", "--rate", "250")
DIAL = ("in/dial.csv", "--long", "--pair-column", "couple", "--person-column", "who", "--value-column", "dial")
PAIRS = ("co-dysregulation", "independent", "recording-helps", "breaths-almost-locked")
VISITS = tuple(f"visit-{seed}" for seed in range(1, 6))

RECORDINGS = (
    analyze("two-rr", *RR, "--unit", "ms", "--shared", "none"),
    analyze("heart-rates", "in/pair.csv", *PAIR, *HEART_RATE, *HAPPENED),
    analyze("workbook", "in/pair.xlsx", *PAIR, *HEART_RATE),
    *(analyze(f"null-{null}", "in/pair.csv", *PAIR, *HEART_RATE, "--null", null) for null in NULLS),
    analyze("three-guided", *THREE, "--blocks", "in/guided.csv"),
    analyze("three-blocks", *THREE, "--blocks", "in/blocks_of_three.csv", "--setting", "remote", "--seed", "5"),
    analyze("ecg-alone", *ECG),
    analyze("ppg", "in/ppg.csv", *PAIR, "--signal", "ppg", "--rate", "64", "--shared", "none"),
    analyze("eda", "in/eda.csv", *PAIR, "--signal", "eda", "--rate", "8", "--shared", "none"),
    analyze("faulty-rr-alone", "in/faulty_rr.txt", "--person", "ada=0", "--signal", "rr", "--unit", "ms"),
    analyze(
        "corrected-beats", "in/beats.csv", "--person", "ada=beat", "--signal", "beats", "--unit", "s",
        "--corrections", "in/corrections.csv",
    ),
    analyze("long-table", *DIAL, "--signal", "rating", "--rate", "0.5", "--only", "2", "--shared", "film"),
    analyze("manifest", "in/sessions/s0/session.toml"),
    analyze("lost-packets", "in/lost/session.toml"),
    analyze("pseudo-from", "in/sessions/s1", "--pseudo-from", "in/sessions"),
    analyze("too-short", "in/short_rr.txt", "in/ben_rr.txt", *PAIR, "--signal", "rr", "--unit", "ms"),
)  # fmt: skip

OF_THE_PACKAGE = (
    Run("demo", ("demo", "--jobs", "1", "--out", "demo")),  # the concert's two playings, and a simulated pair
    simulate("steadied", "hand-on-the-back", "full"),
    simulate("crossed", "protocol-crossed", "strap-and-belt"),
    simulate("no-different", "protocol-crossed", "strap-and-belt", "--seed", "3"),
    simulate("both-ways", "protocol-crossed", "full", "--seed", "4"),
    simulate("one-way", "delayed-partner", "strap-and-belt"),
    simulate("taken-along", "therapist-taken-along", "strap-and-belt", "--seed", "2"),
    simulate("both-stirred", "both-overwhelmed", "strap-and-belt"),
    simulate("film", "same-film", "strap"),
    simulate("paced", "guided-breathing-together", "strap-and-belt"),
    simulate("placebo", "protocol-placebo-partner", "strap-and-belt"),
    simulate("repair", "rupture-and-repair", "arousal"),
    simulate("five", "group", "arousal"),
    simulate("electrodes", "silent-sitting", "electrodes"),
    simulate("breathing-alone", "deep-breathing-alone", "full"),
    simulate("own-scenario", "in/scenario.toml", "strap", "--vary", "0", "--seed", "3"),
    *(simulate(name, "hand-on-the-back", "arousal", "--seed", name[-1]) for name in VISITS),
)

OTHER_COMMANDS = (
    Run("journey", ("journey", *VISITS, "--json")),
    Run("power-linkage", ("power", "in/linkage.toml", "--jobs", "1", "--out", "power-linkage")),
    Run("power-steadying", ("power", "in/steadying.toml", "--jobs", "1", "--out", "power-steadying")),
    Run("calibration", ("calibrate", "--pairs", "3", "--jobs", "1", "--out", "calibration.md")),
    Run("beats", ("beats", *ECG, "--out", "beats")),
    Run("bids", ("convert", "in/sessions/s0", "--to", "bids", "--out", "bids")),
    Run("edf", ("convert", "in/sessions/s0", "--to", "edf", "--out", "edf")),
    analyze("edf-again", "edf/person-1.edf", "edf/person-2.edf", *PAIR, "--shared", "none"),
    Run("inspect", ("inspect", "in/sessions/s0")),
    Run("first-manifest", ("new-manifest", "in/pair.csv", "--out", "first-manifest.toml")),
    Run("claims", ("claims", "--table")),
    Run("no-unit", ("analyze", *RR, "--out", "no-unit")),
    Run("no-such-column", ("analyze", "in/pair.csv", "--person", "cem", *HEART_RATE, "--out", "no-such-column")),
)

KNOWN_PAIRS = (
    Run("known", ("known",), "tests.recorded.known_pairs"),
    *(analyze(f"known-{name}", f"known/{name}", "--seed", "1") for name in PAIRS),
)

LIVE = (
    Run("live", ("live",), "tests.recorded.live_visit"),
    analyze("live-analyzed", "live/session"),
)

RUNS = (*RECORDINGS, *OF_THE_PACKAGE, *OTHER_COMMANDS, *KNOWN_PAIRS, *LIVE)

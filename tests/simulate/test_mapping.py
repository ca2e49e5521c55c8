"""Each practice, example and cue of the claims, and each protocol, is what its name says."""

import pytest

from coregulation.errors import UsageError
from coregulation.regulation.design import read_design
from coregulation.simulate.scenarios import load_scenario, scenario_names, simulate
from coregulation.simulate.sensor_sets import sensor_set


class Played:
    """A scenario as a plan of seed 0: what is asked of it below."""

    def __init__(self, name):
        self.of = load_scenario(name)
        self.plan = self.of.plan(0)
        self.near = [span for span in self.plan.spans if span.together]
        self.profiles = {who.profile for who in self.of.person}
        self.partners = {span.partner for span in self.near}
        self.guides = {span.guide for span in self.plan.spans if span.guide}
        self.labels = {span.label for span in self.plan.spans}
        self.hit = {tuple(span.dose) for span in self.plan.spans if span.dose}
        self.cues = {cue for span in self.near for cue, much in (span.cues or {}).items() if much}
        self.alone = len(self.of.person) == 1


# ledger row, scenario, what makes it that row
ROWS = {
    (40, "calm-tone-after-panic"): lambda p: p.cues == {"voice"},
    (40, "mindful-communication"): lambda p: p.cues == {"voice", "face"} and p.of.speech > 0,
    (41, "soft-eyes"): lambda p: p.cues == {"face"},
    (42, "open-posture"): lambda p: p.cues == {"posture", "presence"},
    (43, "hand-on-the-back"): lambda p: p.cues == {"touch", "presence"} and p.of.speech == 0,
    (43, "rocking"): lambda p: {"touch", "rhythm"} <= p.cues and "infant" in p.profiles,
    (44, "rocking"): lambda p: "rhythm" in p.cues,
    (44, "breathing-in-rhythm"): lambda p: "rhythm" in p.cues and not p.guides,
    (44, "guided-breathing-together"): lambda p: p.guides and p.of.shared == ("pacer",),
    (45, "silent-sitting"): lambda p: "presence" in p.cues and "voice" not in p.cues and p.of.speech == 0,
    (46, "attunement"): lambda p: all(span.cues is None for span in p.near),
    (47, "listening"): lambda p: "voice" in p.cues and p.of.speech > 0,
    (48, "consistency"): lambda p: {("ada",), ("ada", "ben")} <= p.hit,
    (49, "heat-pad"): lambda p: p.of.person[1].emits == {"touch": 0.7} and p.partners == {"recorded"},
    (50, "rupture-and-repair"): lambda p: {"rupture", "repair"} <= p.labels,
    (59, "deep-breathing-alone"): lambda p: p.alone and p.guides == {6.0},
    (59, "guided-breathing-together"): lambda p: not p.alone and p.of.kinds == ("in-parallel",),
    (60, "body-check-in"): lambda p: "chair, floor" in p.labels,
    (61, "car-crash-steady"): lambda p: "grounded" in p.profiles and p.hit == {("ada",)},
    (62, "conflict"): lambda p: p.hit == {("ada", "ben")},
    (62, "conflict-pause"): lambda p: "pause" in p.labels and p.hit == {("ada", "ben")},
    (63, "tantrum-grounded-parent"): lambda p: p.profiles == {"infant", "grounded"} and p.hit == {("child",)},
    (63, "tantrum-stirred-parent"): lambda p: ("child", "parent") in p.hit,
    (64, "hand-on-the-back"): lambda p: "grounded" in p.profiles,
    (64, "calm-tone-after-panic"): lambda p: "grounded" in p.profiles,
    (64, "silent-sitting"): lambda p: "grounded" in p.profiles,
    (65, "therapist-and-client"): lambda p: p.profiles == {"trauma", "practitioner"},
    (66, "pet"): lambda p: "animal" in p.profiles and p.partners == {"animal"},
    (67, "recorded-voice"): lambda p: set(p.of.person[1].emits) == {"voice"} and p.of.person[1].hears == (),
    (68, "nature"): lambda p: p.alone,
    (69, "remembered-person"): lambda p: p.partners == {"imagined"} and p.of.person[1].hears == (),
    (70, "group"): lambda p: len(p.of.person) == 5 and all(who.worn for who in p.of.person),
    (71, "seek-safe-people"): lambda p: len(p.of.person) == 3 and "grounded" in p.profiles,
    (71, "mindful-communication"): lambda p: p.cues == {"voice", "face"},
    (71, "model-regulation"): lambda p: p.hit == {("ada", "ben")} and "grounded" in p.profiles,
    (71, "notice-cues"): lambda p: {"face", "posture", "voice"} <= p.cues,
    (72, "self-compassion"): lambda p: p.alone,
    (73, "self-compassion"): lambda p: p.alone,
    (73, "tools-alone-or-together"): lambda p: not p.alone and len(p.near) < len(p.plan.spans),
}
UNTOLD = {74, 75, 76}  # wording of a page and a metaphor: nothing to play
BYSTANDERS = ("car-crash-steady", "car-crash-panicking")


@pytest.mark.parametrize(("row", "name"), ROWS)
def test_a_scenario_is_what_its_row_says(row, name):
    played = Played(name)
    assert row in played.of.claims
    assert ROWS[row, name](played)


def test_no_practice_no_example_and_no_cue_is_left_out():
    told = {row for row, _ in ROWS}
    assert told == ({*range(40, 51)} | {*range(59, 77)}) - UNTOLD
    claimed = {(row, name) for name in scenario_names() for row in load_scenario(name).claims if row in told}
    protocols = {(row, name) for row, name in claimed if name.startswith("protocol-")}
    assert claimed - protocols == set(ROWS)


def test_the_crash_has_its_two_bystanders():
    steady, panicking = (
        simulate(name, 2, sensor_set("arousal"), vary=0.0)[1].arousal["ben"].values for name in BYSTANDERS
    )
    assert steady.max() < 0.3
    assert abs(panicking[: 180 * 5].mean()) < 0.2  # he too is at rest before the crash
    assert panicking.max() > 1.0


def designed(name, seed=0):
    return read_design(simulate(name, seed, sensor_set("strap"))[0])


@pytest.mark.parametrize(
    ("name", "hit", "orders"),
    [
        ("protocol-one-probed", {("ada",)}, 1),
        ("protocol-both-probed", {("ada",), ("ben",)}, 1),
        ("protocol-crossed", {("ada",), ("ben",)}, 2),
        ("protocol-random-order", {("ada",), ("ben",)}, 6),
        ("protocol-partner-varied", {("ada",), ("ada", "ben")}, 2),
        ("protocol-placebo-partner", {("ada",)}, 2),
        ("protocol-together-only", {("ada",), ("ben",)}, 1),
    ],
)
def test_a_protocol_is_the_design_that_its_row_asks_for(name, hit, orders):
    found = designed(name)
    assert {tuple(sorted(probe.hit)) for probe in found.probes if probe.together} == hit
    alone = {who for probe in found.probes if not probe.together for who in probe.hit}
    assert alone == (
        set() if name == "protocol-together-only" else {who for who_s in hit for who in who_s} - not_alone(name)
    )
    ways = {tuple((probe.hit, probe.together) for probe in designed(name, seed).probes) for seed in range(6)}
    assert len(ways) == orders
    partners = {span.partner for span in load_scenario(name).plan(0).spans if span.together}
    assert partners == ({"live", "recorded"} if name == "protocol-placebo-partner" else {"live"})


def not_alone(name):
    """In `partner-varied` ben is only ever stirred so that his state varies."""
    return {"ben"} if name == "protocol-partner-varied" else set()


def test_without_an_alone_block_borrowed_regulation_cannot_even_be_asked():
    assert load_scenario("protocol-together-only").asks == "linkage"
    with pytest.raises(UsageError, match="no alone block"):
        load_scenario("protocol-together-only").plan(0).require_alone()

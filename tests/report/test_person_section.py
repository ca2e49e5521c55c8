"""The page, result and tables of each person: alone, beside others, corrected by hand, and with next to nothing."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pandas
import pytest

from coregulation.analysis.finding import Finding
from coregulation.analysis.person import EVERYTHING, PersonFinding
from coregulation.analysis.person_reasons import PersonReason
from coregulation.analysis.pipeline import analyze
from coregulation.events import Block
from coregulation.io.corrections import Correction, CorrectionKind, apply_corrections
from coregulation.physiology.judged_beats import Artefact
from coregulation.physiology.states import State
from coregulation.reasons import because
from coregulation.report import person_words, save
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.page import render_page
from coregulation.report.person_figure import runs, smooth_for_drawing, thinned
from coregulation.report.person_section import MAX_PORTRAITS, shared_unknowns
from coregulation.report.result import json_schema, result_of, to_json
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats, Signal, Unit
from tests.bodies import REST, TASK, alone, plain_beats, raw_recording, raw_truth
from tests.report.test_page import Walk

WORDS = Catalogue()


@pytest.fixture(scope="module")
def one() -> Finding:
    return analyze(alone(raw_recording()))


@pytest.fixture(scope="module")
def one_page(one: Finding) -> str:
    return render_page(one)


@pytest.fixture(scope="module")
def by_hand() -> Finding:
    times = plain_beats(400.0).times
    strap = Recording(Person("ada"), {}, Beats(np.delete(times, 200)))
    done = [
        Correction(CorrectionKind.ADD, float(times[200]), person="ada", why="seen in the ECG"),
        Correction(CorrectionKind.MOVE, float(times[50]), float(times[50]) + 0.01, person="ada"),
        Correction(CorrectionKind.EXCLUDE, 300.0, 320.0, person="ada", why="cough"),
    ]
    return analyze(apply_corrections(Session("strap", (strap,)), done))


def test_the_questions_are_the_same_as_of_two(one_page: str):
    headings = re.findall(r"<h2>(.*?)</h2>", one_page)
    assert headings == [
        "The answer", "What the answer rests on", "What else could explain it?", "What no recording of this kind can say",
        "Methods, ready to paste", "What was recorded", "Every setting",
    ]  # fmt: skip
    assert "<h1>ada, alone</h1>" in one_page


def test_a_page_of_one_says_nothing_about_two(one_page: str):
    text = Walk(one_page).text
    for word in ("Cannot separate", "coupling", " lag", "surrogate", "pairs"):
        assert word not in text.replace("every setting", "").split("Every setting")[0], word


def test_a_page_of_one_is_well_formed_small_and_has_words_and_numbers(one_page: str):
    walk = Walk(one_page)
    assert len(one_page.encode()) < 250_000
    (figure,) = re.findall(r"<figure>.*?</figure>", one_page, flags=re.S)
    assert "<figcaption>" in figure
    assert "<td" in figure
    assert not re.search(r"#0[12]00[0-9a-f]{2}", one_page)
    assert "nan" not in re.findall(r"[a-z]+", walk.text)
    ids = [attributes["id"] for _, attributes, _ in walk.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_both_voices_tell_of_one_person(one: Finding, one_page: str):
    text = Walk(one_page).text
    assert "ada's heart beat about 80 times per minute" in text
    assert "During the hard moments alone, ada was more activated than during rest alone." in text
    assert "mobilised for 4 min" in text
    assert "These labels are disputed." in text
    assert "They measure no nerve" in text
    assert "RSA is respiration-adjusted" in text
    assert "95 % band" in text
    assert "Lipponen, J. A." in text


def test_lanes_are_named_beside_themselves(one_page: str):
    wide, narrow = re.findall(r'<svg class="\w+" viewBox[^>]*role="img".*?</svg>', one_page, flags=re.S)
    for lane in ("between beats", "breaths", "RSA", "skin", "arousal", "labels (disputed)", "mobilised", "0: own rest"):
        assert f">{lane}</text>" in wide, lane
        assert f">{lane}</text>" in narrow, lane


def test_what_was_done_by_hand_is_shown_counted_and_listed(by_hand: Finding):
    text = render_page(by_hand)
    said = Walk(text).text
    assert "2 beats were corrected by hand (◇). 1 stretch was left out (hatched)." in said
    assert "◇: corrected by hand." in said
    assert "beat added by hand: seen in the ECG" in said
    assert "left out to 320.0 s: cough" in said
    assert result_of(by_hand).bodies[0].beats.by_hand == 2
    assert result_of(by_hand).bodies[0].excluded == [(300.0, 320.0)]


def test_a_pair_has_a_part_for_each(one: Finding, pair: Finding):
    assert [found.person for found in pair.bodies] == ["ada", "ben"]
    text = render_page(pair)
    assert text.count("body over time, one lane per signal.") == 8  # label and title of two pictures, each drawn twice
    assert len(text.encode()) < 600_000


def test_many_people_have_numbers_and_no_pictures(one: Finding, pair: Finding):
    many = tuple(replace(one.bodies[0], person=f"p{k}") for k in range(MAX_PORTRAITS + 1))
    people = tuple(Person(found.person) for found in many)
    text = render_page(replace(pair, about=replace(pair.about, people=people), bodies=many, traces={}))
    assert "one lane per signal." not in text
    assert text.count("Every number of p") == MAX_PORTRAITS + 1


def test_the_result_keeps_the_schema_and_every_reason(one: Finding):
    text = json.loads(to_json(result_of(one)))
    jsonschema.validate(text, json.loads(json_schema()))
    assert text["answer"] is None
    (body,) = text["bodies"]
    assert (body["control"], body["beats"]["source"], body["beats"]["variability"]) == (
        "respiration-adjusted",
        "ecg",
        "HRV",
    )
    assert body["arousal"]["zero"] == {"start": 0.0, "end": 240.0, "kind": "alone-rest", "marked": True}
    assert {m["span"] for m in body["measures"]} == {EVERYTHING, REST.kind, TASK.kind}
    assert all((m["value"] is None) == bool(m["why"]) for m in body["measures"])
    assert len(body["states"]) == 16
    assert sum(body["states"][0]["probability"].values()) == pytest.approx(1)


def test_tables_open_in_pandas_and_with_csv(one: Finding, tmp_path: Path):
    save(one, tmp_path)
    beats = pandas.read_csv(tmp_path / "tables" / "beats.csv")
    assert list(beats.columns) == ["person", "time", "ok", "kind"]
    truth, *_ = raw_truth()
    assert len(beats) == pytest.approx(len(truth), abs=2)
    assert beats.ok.dtype == bool
    bodies = pandas.read_csv(tmp_path / "tables" / "bodies.csv")
    rmssd = bodies[(bodies.span == EVERYTHING) & (bodies.measure == "rmssd")]
    assert rmssd.value.item() == pytest.approx(one.bodies[0].everything["rmssd"].value)
    signals = pandas.read_csv(tmp_path / "tables" / "body_signals.csv")
    assert np.diff(signals.time) == pytest.approx(0.5)
    assert len(pandas.read_csv(tmp_path / "tables" / "states.csv")) == 16
    with (tmp_path / "tables" / "beats.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == ["person", "time", "ok", "kind"]


def test_next_to_nothing_is_said_in_words():
    short = Recording(Person("ada"), {}, plain_beats(20.0))
    finding = analyze(alone(short, blocks=()))
    text = Walk(render_page(finding)).text
    assert "ada: no curve of arousal. A baseline needs 180 s of rest" in text
    assert "s of intervals between beats are known; 30 s are needed" in text


def test_a_refused_heart_and_a_body_of_nothing_are_said_beside_another(pair: Finding, one: Finding):
    nothing = PersonFinding("ben", unknown={"body": because(PersonReason.NO_BODY)})
    text = Walk(render_page(replace(pair, bodies=(one.bodies[0], nothing)))).text
    assert "ben: no body signals. No heart, breath, skin or movement was recorded" in text
    heart = replace(one.bodies[0].heart, refused=because(PersonReason.NO_BEAT_FOUND))
    refused = replace(one.bodies[0], heart=heart)
    text = Walk(render_page(replace(pair, bodies=(refused,)))).text
    assert "ada's heart beats cannot be used. No beat was found" in text


def words_of(found: PersonFinding) -> str:
    each = [person_words.plain_sentences(found, WORDS), person_words.methods_sentences(found, WORDS)]
    return " ".join([*each[0], *each[1], person_words.quality_sentence(found, WORDS)])


def test_many_marks_ask_for_care_and_become_ticks(one: Finding):
    (found,) = one.bodies
    beats = found.heart.cleaned
    assert "take the numbers with care" not in words_of(found)
    nothing = replace(beats, artefacts=(None,) * len(beats.beats))
    clean = replace(found, heart=replace(found.heart, cleaned=nothing))
    assert person_words.quality_sentence(clean, WORDS).startswith(
        f"None of ada's {len(beats.beats)} heart beats was set aside"
    )
    single = replace(beats, artefacts=(Artefact.LONG, *nothing.artefacts[1:]))
    few = person_words.quality_sentence(replace(found, heart=replace(found.heart, cleaned=single)), WORDS)
    assert few.startswith(f"Set aside as artefacts: 1 of ada's {len(beats.beats)} heart beats.")
    every_third = tuple(Artefact.LONG if i % 3 == 0 else None for i in range(len(beats.beats)))
    crowd = replace(found, heart=replace(found.heart, cleaned=replace(beats, artefacts=every_third)))
    assert "take the numbers with care" in words_of(crowd)
    assert "a tick for each that was set aside" in person_words.caption(crowd, one.about, WORDS)
    assert render_page(replace(one, bodies=(crowd,)))


def test_a_skin_that_hardly_answers_is_said_so(one: Finding):
    (found,) = one.bodies
    dry = replace(found, skin=replace(found.skin, responder=False))
    assert "The skin hardly responded" in words_of(dry)


def test_blocks_that_came_out_alike_are_told_at_once(one: Finding):
    (found,) = one.bodies
    stirred = found.spans[2]
    repeated = replace(found, spans=(*found.spans, stirred))
    (text,) = [text for text in person_words.plain_sentences(repeated, WORDS) if "activated than" in text]
    assert text.startswith("During the hard moments alone (2 times), ada")


def test_without_blocks_the_whole_recording_is_held_against_the_beginning():
    (found,) = analyze(alone(raw_recording(), blocks=())).bodies
    (everything,) = found.spans
    assert everything.measures["arousal"].interval is None  # it rises once: too few effective samples for an interval
    told = replace(everything.measures["arousal"], interval=(0.5, 1.5))
    measures = {**everything.measures, "arousal": told}
    found = replace(found, spans=(replace(everything, measures=measures),))
    said = " ".join(person_words.plain_sentences(found, WORDS))
    assert "During the whole recording, ada was more activated than during the beginning." in said


def test_motion_and_all_states_have_a_lane_and_a_form(one: Finding):
    (found,) = one.bodies
    every = [State.SETTLED, State.SHUT_DOWN, State.MOBILISED, State.UNCLEAR] * 4
    spans = tuple(
        replace(span, by_model=state, by_rule=replace(span.by_rule, state=state))
        for span, state in zip(found.states, every, strict=True)
    )
    motion = replace(found.body.motion, values=np.random.default_rng(1).random(len(found.body.motion)))
    moved = replace(found, states=spans, body=replace(found.body, motion=motion))
    assert [state for state, _, _ in runs(moved)] == every
    text = render_page(replace(one, bodies=(moved,)))
    assert ">movement</text>" in text
    assert "settled and engaged for 2 min, mobilised for 2 min, shut down? for 2 min and unclear for 2 min" in text


def test_a_recorded_heart_rate_has_a_lane_of_its_own():
    rate = Signal(70 + np.sin(np.arange(480) / 9), 1.0, 0.0, Unit.PER_MINUTE)
    text = render_page(analyze(alone(Recording(Person("ada"), {"heart_rate": rate}))))
    assert ">heart rate</text>" in text
    assert "between beats" not in text
    assert "no variability of the heart." in text


def test_names_of_blocks_that_are_too_short_for_one_are_left_out(one: Finding):
    blocks = (*(Block(f"short {k}", 10.0 * k, 10.0 * k + 10) for k in range(4)), replace(TASK, kind="a long one"))
    text = render_page(replace(one, about=replace(one.about, blocks=blocks)))
    assert ">a long one</text>" in text
    assert ">short 0</text>" not in text


def test_a_long_series_keeps_its_extremes():
    times, values = np.arange(10_000.0), np.sin(np.arange(10_000) / 50)
    values[5000] = 9.0
    values[7000:7400] = np.nan
    at, kept = thinned(times, values, 400)
    assert len(at) == len(kept) == 400
    assert np.nanmax(kept) == 9.0
    assert np.isnan(kept).any()
    np.testing.assert_array_equal(thinned(times[:10], values[:10], 400)[1], values[:10])
    middles, means = smooth_for_drawing(Signal(values, 1.0, 0.0, Unit.ARBITRARY), 100)
    assert len(middles) == len(means) == 100
    assert np.isnan(means[71])


def test_somebody_of_whom_nothing_is_known_has_no_rows(pair: Finding, one: Finding, tmp_path: Path):
    nothing = PersonFinding("ben", unknown={"body": because(PersonReason.NO_BODY)})
    finding = replace(pair, bodies=(replace(one.bodies[0], body=replace(one.bodies[0].body, arousal=None)), nothing))
    save(finding, tmp_path)
    for name in ("beats", "body_signals"):
        assert set(pandas.read_csv(tmp_path / "tables" / f"{name}.csv").person) == {"ada"}
    assert pandas.read_csv(tmp_path / "tables" / "body_signals.csv").arousal.isna().all()
    (first, second) = result_of(finding).bodies
    assert (first.arousal, second.beats, second.unknown) == (
        None,
        None,
        {"body": "No heart, breath, skin or movement was recorded in a form that can be read."},
    )


def test_what_is_unknown_of_everybody_for_one_reason_is_one_line(pair: Finding, one: Finding):
    people = tuple(Person(f"p{k}") for k in range(16))
    bodies = tuple(PersonFinding(who.id, unknown={"states": because(PersonReason.NO_AROUSAL)}) for who in people)
    finding = replace(pair, about=replace(pair.about, people=people), bodies=bodies, traces={})
    plain = re.findall(r'<div class="for-people">(.*?)</div>', render_page(finding), flags=re.S)
    assert sum(part.count("no calm/activated labels") for part in plain) == 1
    assert any("All 16 people: no calm/activated labels." in part for part in plain)


@pytest.mark.parametrize(("several", "names"), [(2, "p0 and p1:"), (5, "p0, p1, p2 and 2 others:")])
def test_what_is_unknown_of_several_names_them_or_the_first(pair: Finding, one: Finding, several: int, names: str):
    people = tuple(Person(f"p{k}") for k in range(6))
    unknown = {"states": because(PersonReason.NO_AROUSAL)}
    bodies = tuple(PersonFinding(who.id, unknown=unknown if k < several else {}) for k, who in enumerate(people))
    finding = replace(pair, about=replace(pair.about, people=people), bodies=bodies, traces={})
    assert shared_unknowns(finding, WORDS, Voice.PLAIN)[0].startswith(names)

"""What the screen showed is what the report prints, to 1e-9: from the kept session, opened like any recording."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest

from coregulation.analysis.pipeline import Analysis
from coregulation.io import open_session
from coregulation.live.room import wire
from coregulation.live.server.session_export import write_exported_session
from coregulation.live.signals.engine import LinkageQuestion
from coregulation.physiology.cleaned_beats import clean_beats
from coregulation.physiology.heart_rate import compute_heart_rate
from coregulation.physiology.level_beats import level_beats
from coregulation.signals import Window
from tests.live.rooms import PAIR, Played

RELATIVE = 1e-9


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    folder = tmp_path_factory.mktemp("equality")
    one = Played(folder / "store", minutes=5.0)
    one.whole()
    one.flushed()
    manifest = write_exported_session(one.store, "visit", one.live.room, folder / "session")
    finding = Analysis(jobs=1, surrogates=199)(open_session(manifest))
    yield one, finding
    one.close()


def test_every_heart_rate_on_the_screen_is_in_the_report(played):
    one, finding = played
    shown = [(who, s.at, s.heart_rate) for state in one.states for who, s in state.people.items() if s.heart_rate]
    assert len({(who, at) for who, at, _ in shown}) > 400
    for who in PAIR:
        trace = finding.traces[who, "heart_rate"]
        for at, value in {(at, value) for person, at, value in shown if person == who}:
            printed = trace.values[round((at - trace.start) * trace.rate)]
            assert math.isclose(value, printed, rel_tol=RELATIVE)


def test_every_closed_window_is_a_cell_of_the_reports_map(played):
    one, finding = played
    (rows,) = one.live.engine.rows.values()
    live = {round(row.centre * 4): row.r for row in rows}
    surface = finding.surfaces[(*PAIR, "heart_rate")]
    compared = 0
    for centre, r in zip(surface.centres, surface.r, strict=True):
        told = live.get(round(centre * 4))
        if told is not None:
            both = np.isfinite(r) & np.isfinite(told)
            np.testing.assert_allclose(told[both], r[both], rtol=0, atol=RELATIVE)
            compared += int(both.sum())
    assert compared > 2000


def test_what_was_said_of_linkage_is_said_again_from_the_kept_traces(played):
    one, finding = played
    notes = [msgspec.json.decode(note.body) for note in one.store.notes("visit", "shown")]
    assert {"too-early", "beyond-chance"} & {note["said"] for note in notes}
    for note in notes:
        span = Window(note["since"], max(note["since"], note["at"]))
        x, y = (finding.traces[who, "heart_rate"].within(span) for who in PAIR)
        again = LinkageQuestion(x, y, note["at"], note["since"], False, note["alpha"]).answer()
        assert again.answer == note["said"]
        assert (note["p"] is None and again.p is None) or math.isclose(note["p"], again.p, rel_tol=RELATIVE)
        if note["statistic"] is not None:
            assert math.isclose(note["statistic"], again.statistic, rel_tol=RELATIVE)


def test_arousal_is_the_reports(played):
    one, finding = played
    for who in PAIR:
        live = one.live.engine.arousal(who, 120.0)
        printed = finding.bodies[who].body.arousal.value if isinstance(finding.bodies, dict) else _body(finding, who)
        part = printed.within(live.window)
        known = np.isfinite(live.values)
        assert known.mean() > 0.9
        np.testing.assert_allclose(live.values[known], part.values[known], rtol=RELATIVE, atol=RELATIVE)


def _body(finding, who):
    return next(one for one in finding.bodies if one.person == who).body.arousal.value


def test_a_reloaded_page_and_a_lost_strap_leave_marked_gaps_and_the_same_numbers(tmp_path):
    one = Played(tmp_path / "store", minutes=10.0)
    one.to_sensors()
    one.open_straps()
    one.go(60)
    one.ready()
    one.say(wire.Skip())
    one.go(60)
    one.go(10, without=("ada",))
    one.go(60)
    one.go(60, without=("ben",))
    one.go(40)
    first = one.live.streams["hr-ada"].record.id
    one.live.streams["hr-ada"] = one.live.streams.pop("hr-ada")
    one.live.open_stream(wire.OpenStream("again-ada", "ada", "hr", "Test strap"))
    one.live.streams["hr-ada"] = one.live.streams["again-ada"]
    one.seq["ada"] = 0
    one.go(120)
    one.flushed()
    session = open_session(write_exported_session(one.store, "visit", one.live.room, tmp_path / "session"))
    for who, least in (("ada", 9.0), ("ben", 59.0)):
        beats = session.of(who).beats
        gaps = np.diff(beats.times)
        assert gaps.max() > least
        assert beats.breaks[1:][gaps > 5].all()
        printed = compute_heart_rate(level_beats(clean_beats(beats)))
        live = one.live.engine.people[who].heart_rate.signal
        part = printed.within(live.window)
        assert len(part) == len(live)
        np.testing.assert_array_equal(np.isnan(live.values), np.isnan(part.values))
        np.testing.assert_allclose(live.values, part.values, rtol=RELATIVE, equal_nan=True)
    assert first in [record.id for record in one.store.streams("visit")]
    assert any(remark.code == "recording.signal-lost" for remark in session.remarks)
    again = one.again()
    for who in PAIR:
        np.testing.assert_array_equal(
            again.engine.people[who].heart_rate.signal.values, one.live.engine.people[who].heart_rate.signal.values
        )
    assert again.room.phase == one.live.room.phase
    one.close()

"""The collected cases of files as people have them: the right value, or the refusal that was promised."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import CoregulationError
from coregulation.io import open_session
from tests.paths import ROOT

CASES = ROOT.parent / "shared" / "cases"
PAIR = {"people": ("ada", "ben")}
RR = {"signal": "rr", "unit": "ms"}
HEART = {"signal": "heart_rate"}
EDA = {"signal": "eda"}
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the collected cases are not beside this checkout")


def span(session, channel, person=0):
    """Rate, length in s, share that is there."""
    signal = session.recordings[person].signals[channel]
    return (round(signal.rate, 4), round(signal.window.length, 1), round(signal.coverage, 2))


def beats(session, person=0):
    """How many beats, from the first to the last in s, how many gaps."""
    own = session.recordings[person].beats
    return (len(own), round(float(own.times[-1] - own.times[0]), 1), int(own.breaks.sum()) - 1)


def alike(session, channel):
    one, other = (recording.signals[channel].values for recording in session.recordings)
    return float(np.corrcoef(one, other)[0, 1]) > 0.9


READ = {
    "A0 resampled intervals": (("rri4hz.csv",), {**RR, "rate": 4, "people": {"a": "rri_a", "b": "rri_b"}}, lambda s: span(s, "heart_rate") == (4, 600, 1)),
    "A0 with their times": (("rri2hz_t.csv",), {**RR, "people": {"a": "rri_a", "b": "rri_b"}}, lambda s: span(s, "heart_rate", 1) == (2, 600, 1)),
    "A0 single beats": (("hrv_gap.csv",), {**RR, "column": "rr_ms"}, lambda s: beats(s) == (702, 714.5, 1)),
    "A0 a rate beside a gap": (("gapt_a.csv", "gapt_b.csv"), {**PAIR, **EDA, "rate": 4}, lambda s: span(s, "eda") == (4, 690, 0.87)),
    "A0 the same in a manifest": (("gapt.toml",), {}, lambda s: span(s, "eda", 1) == (4, 690, 0.87)),
    "A1 HRV Logger by its dates": (("hl_a.csv", "hl_b.csv"), {**PAIR, **RR, "time_column": "date"}, lambda s: beats(s, 1)[2] == 1),
    "A1 HRV Logger as it is": (("hl_a.csv", "hl_b.csv"), {**PAIR, **RR}, lambda s: beats(s, 1)[2] == 1),
    "A1 a header with its unit": (("tc_Elapsed_s_a.csv", "tc_Elapsed_s_b.csv"), {**PAIR, **RR}, lambda s: beats(s) == (302, 360.0, 1)),
    "A1 a header without": (("tc_since_start_a.csv", "tc_since_start_b.csv"), {**PAIR, **RR, "time_column": 0, "time_unit": "s"}, lambda s: beats(s)[2] == 1),
    "A1 a manifest without time": (("rr_manifest.toml",), {}, lambda s: beats(s) == (702, 714.5, 1)),
    "A2 resistance": (("eda_kOhm_a.csv", "eda_kOhm_b.csv"), {**PAIR, **EDA}, lambda s: s.recordings[0].signals["eda"].values.max() < 100),
    "A2 one in each": (("mixu_a.csv", "mixu_b.csv"), {**PAIR, **EDA}, lambda s: alike(s, "eda")),
    "A3 packets": (("anch3.xdf",), {**RR, "people": {"a": 0, "b": 1}}, lambda s: (beats(s)[2], beats(s, 1)[2]) == (0, 0) and s.recordings[0].clock("beats").offset_sd > 0.3),
    "A4 smart recording": (("fit_smart_9s.fit",), {}, lambda s: beats(s) == (301, 254.8, 0)),
    "A4 after the timer stopped": (("fit_stop.fit",), {}, lambda s: beats(s) == (301, 254.8, 0)),
    "A4 a record per second": (("fit_every_second.fit",), {}, lambda s: beats(s) == (301, 254.8, 0)),
    "A5 an empty last cell": (("tsv_last_empty.txt",), {**HEART, "column": "heart_rate"}, lambda s: span(s, "heart_rate")[1] == 120),
    "A5 a missing last value": (("tsv_last_missing.txt",), HEART, lambda s: np.isnan(s.recordings[0].signals["heart_rate"].values[-1])),
    "A6 both straps": (("x0_ok.xdf",), {**RR, "people": {"a": 0, "b": 1}}, lambda s: beats(s)[0] == 501),
    "A6 an empty stream": (("x1_empty_numeric.xdf",), {**RR, "people": {"a": 0, "b": 1}}, lambda s: beats(s)[0] == 501),
    "A6 packets that step back": (("x7_ble_chunks.xdf",), {"signal": "ecg", "unit": "µV", "column": 0}, lambda s: abs(span(s, "ecg")[0] - 130) < 0.05),
    "A6 no beats found": (("e4h",), {}, lambda s: s.recordings[0].beats is None and "eda" in s.recordings[0].channels),
    "A7 a zone": (("e4m", "psl_hr.txt"), {**PAIR, **HEART, "zone": "+02:00"}, lambda s: abs(s.recordings[0].signals["heart_rate"].start - s.recordings[1].signals["heart_rate"].start - 10) < 0.1),
    "A9 one column": (("hr1.csv",), {**HEART, "people": ("ada",), "rate": 1}, lambda s: s.people[0].id == "ada"),
    "A9 one file": (("hl_a.csv",), {**RR, "people": ("ada",), "time_column": "date"}, lambda s: s.people[0].id == "ada"),
    "A10 the day first": (("date_de_a.csv", "date_de_b.csv"), {**PAIR, **HEART}, lambda s: span(s, "heart_rate") == (1, 600, 1)),
    "A10 the month first": (("date_us_a.csv", "date_us_b.csv"), {**PAIR, **HEART, "date_order": "month-first"}, lambda s: span(s, "heart_rate") == (1, 600, 1)),
    "A10 midnight": (("midnight_a.csv", "midnight_b.csv"), {**PAIR, **HEART}, lambda s: span(s, "heart_rate") == (1, 600, 1)),
    "A10 blocks in m:ss": (("gapt_a.csv",), {**EDA, "blocks": CASES / "blocks_mmss.csv"}, lambda s: [(b.start, b.end) for b in s.blocks] == [(0, 120), (120, 360)]),
    "A11 LabChart": (("lc_a.txt",), {**EDA, "column": "EDA"}, lambda s: span(s, "eda") == (1000, 20, 1) and s.marks[0].time == 5),
    "A11 AcqKnowledge": (("acq_a.txt",), {**EDA, "column": "EDA"}, lambda s: span(s, "eda") == (1000, 20, 1)),
    "A11 Shimmer": (("shimmer_a.csv",), EDA, lambda s: span(s, "eda")[0] == 128),
    "A11 two headers": (("two_header_a.csv", "two_header_b.csv"), {**PAIR, **HEART}, lambda s: span(s, "heart_rate") == (1, 600, 1)),
    "A12 tags": (("e4t",), {}, lambda s: len(s.marks) == 2),
    "A12 annotations": (("ann.edf",), {}, lambda s: [m.label for m in s.marks] == ["start talk", "hard moment"]),
    "A12 a zero at the end": (("zero_end.txt",), RR, lambda s: beats(s)[0] == 101),
    "A12 sample numbers": (("idx360_a.txt", "idx360_b.txt"), {**PAIR, "signal": "beats", "unit": "1/360 s"}, lambda s: beats(s)[0] == 400),
    "A12 blocks in minutes": (("gapt_a.csv",), {**EDA, "blocks": CASES / "blocks_minutes.csv"}, lambda s: [r.code for r in s.remarks].count("read.block-short") == 2),
    "A12 a belt at its rails": (("resp_clip.csv",), {"signal": "resp", "rate": 25}, lambda s: "read.saturated" in {r.code for r in s.remarks}),
}  # fmt: skip

REFUSED = {
    "A0 a rate of beats": (("hrv_gap.csv",), {**RR, "column": "rr_ms", "rate": 1}, "a rate of 1 Hz was stated for RR"),
    "A0 another rate than the stamps": (("gapt_a.csv", "gapt_b.csv"), {**PAIR, **EDA, "rate": 32}, "the time column says 4 Hz"),
    "A0 another rate than the device": (("e4h",), {**EDA, "rate": 8}, "has 4 Hz, and 8 Hz were stated"),
    "A1 epoch without a unit": (("tc_epoch_a.csv", "tc_epoch_b.csv"), {**PAIR, **RR}, "its unit is not said"),
    "A2 80 millisiemens": (("eda_mS_a.csv", "eda_mS_b.csv"), {**PAIR, **EDA}, "between 0.01 and 100 was expected"),
    "A6 a clock that jumped": (("x8_jump.xdf",), {}, "the clock of a stream jumped"),
    "A7 without a zone": (("e4m", "psl_hr.txt"), {**PAIR, **HEART}, r"--zone \+02:00"),
    "A7 in a manifest": (("mix1.toml",), {}, r"zone = \"\+02:00\""),
    "A7 with a start": (("mix4.toml",), {}, "leave out the start"),
    "A8 two sessions": (("two_sessions.zip",), {}, "in the folders s1 and s2"),
    "A10 either order": (("date_us_a.csv", "date_us_b.csv"), {**PAIR, **HEART}, "--date-order month-first"),
    "A12 thousands": (("thou_nt_a.txt", "thou_nt_b.txt"), {**PAIR, "signal": "resp", "column": "resp", "rate": 4}, r"--decimal \. if it is 1001"),
}  # fmt: skip


@pytest.mark.parametrize("case", READ)
def test_what_is_read_is_right(case):
    files, said, right = READ[case]
    assert right(open_session(*(CASES / name for name in files), **said))


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_says_the_way_on(case):
    files, said, words = REFUSED[case]
    with pytest.raises(CoregulationError, match=words):
        open_session(*(CASES / name for name in files), **said)

"""The unit of a column: used, converted, or refused by name; never replaced by the channel's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coregulation.errors import DataError, UsageError
from coregulation.io import open_session
from tests.io.write import rows

SKIN = 5 + np.sin(np.arange(200) / 20)  # µS
IN_MICROSIEMENS = {
    "µS": 1.0, "uS": 1.0, "nS": 1e3, "mS": 1e-3, "S": 1e-6, "umho": 1.0, "micromho": 1.0, "microsiemens": 1.0, "mho": 1e-6,
}  # fmt: skip
IN_MEGAOHM = {"kOhm": 1e3, "kOhms": 1e3, "kΩ": 1e3, "kohm": 1e3, "Ohm": 1e6, "Ω": 1e6, "MOhm": 1.0, "ohms": 1e6}
fuzzed = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def eda(path, header, values, **said):
    return open_session(rows(path / "x.csv", header, values), signal="eda", rate=4, **said)


@pytest.mark.parametrize("written", ["eda [{}]", "GSR ({})", "eda_{}"])
@pytest.mark.parametrize(("unit", "size"), [*IN_MICROSIEMENS.items(), *((u, None) for u in IN_MEGAOHM)])
def test_conductance_and_resistance_in_each_unit(tmp_path, unit, size, written):
    if written == "eda_{}" and unit in ("S", "MOhm", "mho", "micromho", "microsiemens", "kΩ", "Ω"):
        written = "eda [{}]"
    values = SKIN * size if size else IN_MEGAOHM[unit] / SKIN
    session = eda(tmp_path, written.format(unit), values.tolist())
    np.testing.assert_allclose(session.of("A").signals["eda"].values, SKIN, rtol=1e-9)
    assert ("read.from-resistance" in {remark.code for remark in session.remarks}) == (size is None)


def test_the_same_skin_in_two_units_is_the_same(tmp_path):
    one = rows(tmp_path / "a.csv", "eda [uS]", SKIN)
    other = rows(tmp_path / "b.csv", "eda [kOhm]", 1000 / (SKIN + 0.01 * np.cos(np.arange(200))))
    session = open_session(one, other, signal="eda", rate=4)
    ada, ben = (recording.signals["eda"].values for recording in session.recordings)
    assert np.corrcoef(ada, ben)[0, 1] > 0.99


def test_a_resistance_of_zero_is_missing_and_counted(tmp_path):
    session = eda(tmp_path, "eda [kOhm]", [0.0, *(1000 / SKIN).tolist()])
    assert np.isnan(session.of("A").signals["eda"].values[0])
    assert ("read.resistances-not-positive", 1) in {(remark.code, remark.count) for remark in session.remarks}


@fuzzed
@given(unit=st.sampled_from(["log uS", "%", "counts", "ticks", "kg", "x", "nA", "z-score", "uSiemensX", "raw", "bits"]))
def test_a_unit_that_is_not_known_is_never_the_channels_own(tmp_path, unit):
    for header, signal in ((f"eda [{unit}]", "eda"), (f"HR ({unit})", "heart_rate")):
        path = rows(tmp_path / "x.csv", header, 60 + SKIN)
        with pytest.raises(DataError, match=r"which is not known. If its numbers are in .*, say --unit"):
            open_session(path, signal=signal, rate=4)


def test_following_the_advice_leads_on(tmp_path):
    session = eda(tmp_path, "eda [left hand]", SKIN, unit="µS")
    assert session.of("A").signals["eda"].values[0] == SKIN[0]
    path = rows(tmp_path / "y.csv", "breath [counts]", SKIN)
    assert len(open_session(path, signal="resp", rate=4).of("A").signals["resp"]) == 200  # it has no unit of its own


def test_a_unit_that_contradicts_the_header_names_both(tmp_path):
    with pytest.raises(DataError, match="says that it is in kΩ, and µS was expected"):
        eda(tmp_path, "eda [kOhm]", 1000 / SKIN, unit="µS")
    with pytest.raises(DataError, match="says that it is in mV, and a unit of conductance was expected"):
        eda(tmp_path, "eda [mV]", SKIN)


@pytest.mark.parametrize("unit", ["1/360 s", "1/360s", "sample"])
def test_beats_as_numbers_of_samples(tmp_path, unit):
    samples = np.round(360 * np.cumsum(0.8 + 0.05 * np.sin(np.arange(60))))
    said = {"rate": 360} if unit == "sample" else {}
    beats = open_session(rows(tmp_path / "x.csv", "beat", samples), signal="beats", column=0, unit=unit, **said)
    np.testing.assert_allclose(beats.of("A").beats.times, samples / 360)
    with pytest.raises(UsageError, match="is not known"):
        open_session(tmp_path / "x.csv", signal="beats", column=0, unit="1/0 s")

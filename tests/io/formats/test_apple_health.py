"""The export of Apple's Health app: heart rates, heartbeat series and ECGs; bombs and two exports are refused."""

from __future__ import annotations

import datetime
import zipfile

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io import open_session
from coregulation.io.examples import health
from coregulation.io.examples.values import ECG, RR
from coregulation.io.formats import apple_health
from tests.io.formats.reading import column, table


def test_everything_of_the_export(tmp_path):
    path = health.export(tmp_path / "apple_health.zip")
    found = table(path)
    assert found.names == ("heart_rate", "beats", "ecg_2026-05-04")
    rates, said = column(path, "heart_rate")
    assert (said.unit, rates[:2].tolist(), said.times[0]) == ("1/min", [60, 61], health.BEGIN.timestamp())
    ecg, said = column(path, "ecg_2026-05-04")
    np.testing.assert_allclose(ecg, 1000 * ECG)
    assert (said.unit, said.rate, said.start) == ("µV", 500.0, health.BEGIN)
    assert "Ada" not in repr(found)


@pytest.mark.parametrize("times", ["%H:%M:%S,", "%H:%M:%S.", "%I:%M:%S %p"])
def test_a_series_goes_over_midnight(tmp_path, times):
    path = health.export(tmp_path / "x.zip", **{"export.xml": health.xml(times=times)})
    beats, said = column(path, "beats")
    np.testing.assert_allclose(np.diff(beats), np.diff(np.round(np.cumsum(RR) / 1000, 2)), atol=0.0101)
    assert abs((said.start - health.beats()[0]).total_seconds()) < 0.011
    assert open_session(path, signal="heart_rate").of("A").signals["heart_rate"].rate == 0.2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('time="23:59:5', 'time="22:59:5'),
        ('bpm="74" time="', 'bpm="74" time="soon '),
        ('startDate="2026-05-04 23:59:50 +0200" endDate="2026-05-05', 'startDate="then" endDate="2026-05-05'),
    ],
)
def test_a_series_that_is_not_in_its_record_is_left_out_and_told(tmp_path, old, new):
    content = health.xml()
    assert old in content
    found = table(health.export(tmp_path / "x.zip", **{"export.xml": content.replace(old, new, 1)}))
    assert "beats" not in found.names
    ((reason, count),) = found.remarks
    assert (reason.code, count) == ("read.part-left-out", 1)


def test_two_devices_are_two_columns(tmp_path):
    more = ' <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Strap" unit="count/min" startDate="2026-05-04 23:00:00 +0200" value="70"/>'
    found = table(health.export(tmp_path / "x.zip", **{"export.xml": health.xml(more=more)}))
    assert [name for name in found.names if name.startswith("heart")] == ["heart_rate", "heart_rate 2"]


def test_a_zone_west_of_greenwich(tmp_path):
    content = health.xml().replace("+0200", "-0500")
    _, said = column(health.export(tmp_path / "x.zip", **{"export.xml": content}), "heart_rate")
    assert said.times[0] == health.BEGIN.timestamp() + 7 * 3600
    west = datetime.datetime(2026, 5, 4, 14, tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))
    (tmp_path / "ecg.csv").write_text(health.ecg(west), encoding="utf-8")
    assert column(tmp_path / "ecg.csv", "ECG")[1].start == west


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><HealthData>&b;</HealthData>'
OUTSIDE = '<!DOCTYPE HealthData SYSTEM "x.dtd" [<!ENTITY a SYSTEM "file:///etc/hostname">]><HealthData>&a;</HealthData>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BOMB, "declares entities"),
        (OUTSIDE, "declares entities"),
        (health.xml()[:4000], "damaged, cut off, or not one"),
        ("<HealthData></HealthData>", "no signal"),
        (health.xml(unit="count/s"), "in 'count/s', where count/min"),
        (health.xml().replace("</HealthData>", "</Health>"), "damaged, cut off, or not one"),
        ('<?xml version="1.0" encoding="UTG-8"?><HealthData></HealthData>', "unknown encoding"),
    ],
)
def test_xml_that_is_none(tmp_path, content, words):
    (tmp_path / "export.xml").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=words):
        table(tmp_path / "export.xml")


def test_two_exports_in_one_zip(tmp_path):
    path = health.export(tmp_path / "x.zip")
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("ben/apple_health_export/export.xml", health.xml())
    with pytest.raises(DataError, match="holds 2 exports of the Health app"):
        table(path)


def test_what_is_packed_too_densely(tmp_path):
    content = health.xml(more=" " * 3_000_000)
    with pytest.raises(DataError, match="packed more densely"):
        table(health.export(tmp_path / "x.zip", **{"export.xml": content}))


@pytest.mark.parametrize(
    ("limit", "words"), [("_MOST_BYTES", "unpacks to more"), ("_MOST_VALUES", "more than 20 million values")]
)
def test_what_is_larger_than_any_export(tmp_path, monkeypatch, limit, words):
    path = health.export_xml(tmp_path / "export.xml")
    enough = {"_MOST_BYTES": path.stat().st_size, "_MOST_VALUES": 60 + len(RR)}[limit]
    monkeypatch.setattr(apple_health, limit, enough)
    table(path)
    monkeypatch.setattr(apple_health, limit, enough - 1)
    with pytest.raises(DataError, match=words):
        table(path)


def test_more_ecgs_than_a_watch_keeps(tmp_path, monkeypatch):
    path = health.export(tmp_path / "x.zip")
    monkeypatch.setattr(apple_health, "_MOST_ECGS", 0)
    with pytest.raises(DataError, match="more ECGs"):
        table(path)


def test_a_value_that_is_none_is_left_out_and_told(tmp_path):
    content = health.xml().replace('value="61"', 'value="x"', 1)
    found = table(health.export(tmp_path / "x.zip", **{"export.xml": content}))
    assert (len(found.numbers("heart_rate")), found.remarks[0][1]) == (59, 1)


def test_memory_does_not_grow_with_what_is_not_read(tmp_path):
    """Some 18 MB of other records are parsed in pieces."""
    import tracemalloc

    filler = ' <Record type="HKQuantityTypeIdentifierStepCount" value="1"/>\n'
    path = tmp_path / "export.xml"
    head, tail = health.xml().split("<ExportDate")
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        for _ in range(100):
            file.write(filler * 3000)
        file.write("<ExportDate" + tail)
    tracemalloc.start()
    table(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000 < path.stat().st_size / 8


def test_an_encoding_that_is_none_is_damage(tmp_path):
    path = tmp_path / "export.xml"
    path.write_bytes(b'<?xml version="1.0" encoding="UTF-88"?><HealthData></HealthData>')
    with pytest.raises(DataError, match="damaged"):
        apple_health.read_apple_health(path)

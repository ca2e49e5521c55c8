"""What each device wrote is what is read: values, units, rates, starts and channels."""

from __future__ import annotations

import gzip
import pathlib
import sys

import numpy as np
import pytest

from coregulation.errors import DataError, UsageError
from coregulation.files import open_session
from coregulation.files.formats import read_any, reader_of
from coregulation.files.table import Shape
from coregulation.signals import Unit
from tests.files import devices
from tests.files.devices import ECG, EDA, EPOCH, RR, START

DATA = pathlib.Path(__file__).parents[2] / "../shared/data"


def table(path):
    return read_any(path, Shape())


def alone(path, **said):
    return open_session(path, **said).of("A")


def column(path, name):
    found = table(path)
    return found.numbers(name), found.said(found.index(name))


# EDF


def test_edf_keeps_rates_units_start_and_the_type_of_a_label(tmp_path):
    values, said = column(devices.edf(tmp_path / "x.edf", annotations=[(1.0, None, "go")]), "ECG II")
    np.testing.assert_allclose(values, ECG, atol=6 / 65535)
    assert (said.channel, said.unit, said.rate, said.start) == ("ecg", "mV", 250.0, START)
    skin, said = column(tmp_path / "x.edf", "skin")
    np.testing.assert_allclose(skin, EDA, atol=10 / 65535)
    assert (said.channel, said.unit, said.rate) == (None, "uS", 25.0)


def test_edf_without_plus_types_no_label_and_the_user_says_what_it_is(tmp_path):
    path = devices.edf(tmp_path / "x.edf")
    with pytest.raises(UsageError, match=r"nothing says what kind of signal.*0 'ECG II', 1 'skin'"):
        open_session(path)
    signal = alone(path, signal="eda", column="skin").signals["eda"]
    assert (signal.rate, signal.unit, len(signal)) == (25.0, Unit.MICROSIEMENS, 50)


def test_edf_of_two_people_and_an_anonymous_one(tmp_path):
    path = devices.edf(tmp_path / "x.edf", start=None)
    session = open_session(path, people={"ada": "ECG II", "ben": "skin"}, signal="resp")
    assert [len(session.of(who).signals["resp"]) for who in ("ada", "ben")] == [500, 50]
    assert table(path).said(0).start is None


def test_edf_gaps_that_an_annotation_names_are_missing(tmp_path):
    path = devices.edf(
        tmp_path / "x.edf", annotations=[(0.4, 0.2, "missing ECG II"), (0.1, None, "beat"), (0.9, None, "beat")]
    )
    values, _ = column(path, "ECG II")
    assert np.flatnonzero(np.isnan(values)).tolist() == list(range(100, 150))
    assert column(path, "beats")[0].tolist() == [0.1, 0.9]
    assert alone(path).beats.times.tolist() == [0.1, 0.9]


def test_edf_with_interruptions_is_refused(tmp_path):
    path = devices.edf(tmp_path / "x.edf", annotations=[(0.5, None, "go")])
    content = path.read_bytes().replace(b"EDF+C", b"EDF+D").replace(b"+1\x14\x14", b"+7\x14\x14")
    path.write_bytes(content)
    with pytest.raises(DataError, match="interruptions"):
        table(path)


@pytest.mark.parametrize(("found", "put"), [(b"-3      ", b"nan     "), (b"-3      ", b"3       "), (b"250 ", b"0   ")])
def test_edf_without_a_usable_range_or_rate_is_refused(tmp_path, found, put):
    path = devices.edf(tmp_path / "x.edf")
    path.write_bytes(path.read_bytes().replace(found, put, 1))
    with pytest.raises(DataError, match=r"x\.edf"):
        table(path)


# WFDB


@pytest.mark.parametrize("code", devices.WRITTEN)
def test_wfdb_formats(tmp_path, code):
    path = devices.wfdb(tmp_path / "x.hea", code)
    values, said = column(path, "MLII")
    np.testing.assert_allclose(values, ECG, atol=0.011 if code == "80" else 0.0011)
    assert (said.unit, said.rate, said.start) == ("mV", 250.0, START)
    second, said = column(path.with_suffix(".dat"), "resp")
    np.testing.assert_allclose(second, (np.arange(500) % 100 - 60) / 20)
    assert said.unit == "NU"


def test_wfdb_212_with_an_odd_number_of_samples(tmp_path):
    (tmp_path / "y.dat").write_bytes(devices.packed_212([5, -7, 2047])[:5])
    (tmp_path / "y.hea").write_text("y 1\ny.dat 212\n", encoding="ascii")
    found = table(tmp_path / "y.hea")
    said = found.said(0)
    assert found.numbers(0).tolist() == [5, -7, 2047]
    assert (said.rate, said.unit) == (250.0, "")


def test_wfdb_lost_samples_are_missing_and_several_in_a_frame_are_faster(tmp_path):
    (tmp_path / "y.dat").write_bytes(np.array([1, 2, 9, 3, -32768, 8], "<i2").tobytes())
    (tmp_path / "y.hea").write_text("y 2 10 2\ny.dat 16x2 1/mV\ny.dat 16 1/mV\n", encoding="ascii")
    found = table(tmp_path / "y.hea")
    np.testing.assert_array_equal(found.numbers(0), [1, 2, 3, np.nan])
    assert (found.said(0).rate, found.said(1).rate) == (20.0, 10.0)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("x 2 250", "x/3 2 250", "several segments"),
        ("x 2 250", "x two 250", "first line is not"),
        ("x 2 250", "x 3 250", "announces 3 signals and describes 2"),
        ("x 2 250", "x 2 1e9", "which cannot be"),
        ("x 2 250", "x 2 1.2.3", "rate is '1.2.3'"),
        ("x.dat 212 500", "../x.dat 212 500", "beside the header"),
        ("x.dat 212 500", "z.dat 212 500", "names this file, and it is not there"),
        ("x.dat 212 500", "x.dat 310 500", "is not read"),
        ("x.dat 212 500", "x.dat 212:3 500", "without skew"),
        ("x.dat 212 500", "x.dat 212 5-00", "cannot be read"),
        ("x.dat 212 500(0)/mV", "x.dat 212 x", "cannot be read"),
        ("12 0 ", "12 o ", "a number in the line"),
        ("250 500 14", "250 501 14", "cut off"),
        (" 0 MLII", "1 0 MLII", "checksum"),
    ],
)
def test_wfdb_headers_that_cannot_be_meant(tmp_path, old, new, words):
    path = devices.wfdb(tmp_path / "x.hea")
    path.write_text(path.read_text(encoding="ascii").replace(old, new, 1), encoding="ascii")
    with pytest.raises(DataError, match=words):
        table(path)


def test_wfdb_times_without_a_date_tell_no_moment(tmp_path):
    for record, start in (("x 2 250 500 14:00:00", None), ("x 2 250 500 25:00:00 04/05/2026", None)):
        assert table(devices.wfdb(tmp_path / "x.hea", record=record)).said(0).start == start


@pytest.mark.skipif(not (DATA / "mitdb").is_dir(), reason="the MIT-BIH records are not beside this checkout")
@pytest.mark.parametrize(("record", "first"), [("100", 995), ("104", 994), ("223", 838)])
def test_mitdb_against_a_slow_decoding(record, first):
    raw = (DATA / "mitdb" / f"{record}.dat").read_bytes()
    slow = []
    for a, b, c in zip(raw[0:3000:3], raw[1:3000:3], raw[2:3000:3], strict=True):
        low, high = a + 256 * (b % 16), c + 256 * (b // 16)
        slow.append([low - 4096 * (low > 2047), high - 4096 * (high > 2047)])
    found = table(DATA / "mitdb" / f"{record}.hea")
    assert slow[0][0] == first  # the header's own first value
    for lead in (0, 1):
        own = found.numbers(lead)
        np.testing.assert_array_equal(own[:1000], (np.array(slow)[:, lead] - 1024) / 200)
        assert (len(own), found.said(lead).rate, found.said(lead).unit) == (650_000, 360.0, "mV")
    session = open_session(DATA / "mitdb" / f"{record}.dat", signal="ecg", column=0)
    assert session.of("A").signals["ecg"].unit is Unit.MILLIVOLT


# BIOPAC


@pytest.mark.parametrize(("revision", "compressed"), [(68, False), (45, False), (124, False), (68, True)])
def test_acq_channels_of_different_rates(tmp_path, revision, compressed):
    path = devices.acq(tmp_path / "x.acq", revision=revision, compressed=compressed)
    values, said = column(path, "ECG100C")
    assert values.tolist() == ECG.tolist()
    assert (said.channel, said.unit, said.rate) == (None, "mV", 250.0)
    skin, said = column(path, "skin")
    np.testing.assert_allclose(skin, np.repeat(EDA, 2), atol=0.00051)
    assert said.rate == 50.0
    assert alone(path, signal="eda", column="skin").signals["eda"].unit is Unit.MICROSIEMENS


# FIT


def test_fit_intervals_and_rates(tmp_path):
    recording = alone(devices.fit(tmp_path / "x.fit"))
    np.testing.assert_allclose(recording.beats.rr[1:] * 1000, RR)
    rates = recording.signals["heart_rate"]
    assert (rates.rate, rates.values[:3].tolist(), np.isnan(rates.values[3])) == (1.0, [60, 61, 62], True)


def test_a_pause_of_a_fit_file_stays_a_gap(tmp_path):
    beats = alone(devices.fit(tmp_path / "x.fit", pause=60), signal="rr").beats
    assert beats.breaks.sum() == 2
    assert np.diff(beats.times).max() > 55


def test_a_fit_file_without_records_has_intervals_without_times(tmp_path):
    found = table(devices.fit(tmp_path / "x.fit", records=False))
    assert (found.names, found.said(0).times) == (("rr",), None)
    with pytest.raises(DataError, match="holds no signal"):
        table(devices.fit(tmp_path / "y.fit", records=False, intervals=[]))


# Empatica


def test_an_e4_session_is_read_whole(tmp_path):
    recording = alone(devices.e4(tmp_path / "x.zip"))
    assert recording.channels == ("eda", "ppg", "heart_rate", "beats")
    assert recording.signals["eda"].values.tolist() == EDA.tolist()
    assert (recording.signals["ppg"].rate, recording.signals["heart_rate"].start) == (64.0, 10.0)
    np.testing.assert_allclose(recording.beats.rr[1:] * 1000, RR, atol=1e-6)
    np.testing.assert_allclose(recording.beats.times[-1], sum(RR) / 1000, atol=1e-5)


def test_an_e4_session_as_a_folder(tmp_path):
    for name, content in devices.e4_tables().items():
        packed = name == "EDA.csv"
        target = tmp_path / (name + ".gz" if packed else name)
        target.write_bytes(gzip.compress(content.encode()) if packed else content.encode())
    (tmp_path / "IBI.csv").write_bytes(b"")
    assert alone(tmp_path).channels == ("eda", "ppg", "heart_rate")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("EDA.csv", "1644227574\n4\n0.1\nx\n", "EDA.csv holds a line that is not 1"),
        ("EDA.csv", "1644227574\n", "does not begin with a start"),
        ("EDA.csv", "1644227574\n-4\n1\n", "rate is -4 Hz"),
        ("EDA.csv", "1e300\n4\n1\n", "which is no date"),
        ("ACC.csv", "1,1\n2,2\n", "not 3 number"),
        ("IBI.csv", "1644227574, IBI\n1,2,3\n", "not 2 number"),
    ],
)
def test_e4_tables_that_are_damaged(tmp_path, name, content, words):
    with pytest.raises(DataError, match=words):
        table(devices.e4(tmp_path / "x.zip", **{name: content}))


def test_a_zip_that_is_no_session_or_unpacks_to_too_much(tmp_path, monkeypatch):
    import zipfile

    with zipfile.ZipFile(tmp_path / "y.zip", "w") as packed:
        packed.writestr("letter.txt", "dear")
    with pytest.raises(DataError, match="no session of an Empatica"):
        table(tmp_path / "y.zip")
    monkeypatch.setattr("coregulation.files.empatica.LARGEST", 1000)
    with pytest.raises(DataError, match="unpacks to more"):
        table(devices.e4(tmp_path / "x.zip"))


@pytest.mark.skipif(not (DATA / "stress-predict").is_dir(), reason="the E4 sessions are not beside this checkout")
def test_e4_sessions_of_real_people():
    recording = open_session(DATA / "stress-predict" / "S02").of("A")
    assert {"eda", "ppg", "heart_rate", "beats"} == set(recording.channels)
    assert recording.signals["heart_rate"].start == 10.0
    assert 0.4 < np.nanmedian(recording.beats.rr) < 1.2


@pytest.mark.parametrize("codec", ["null", "deflate"])
def test_an_embraceplus_file(tmp_path, codec):
    recording = alone(devices.embrace(tmp_path / "x.avro", codec=codec))
    assert recording.channels == ("eda", "ppg", "beats")
    np.testing.assert_allclose(recording.signals["eda"].values, EDA, rtol=1e-6)
    np.testing.assert_allclose(recording.beats.rr[1:] * 1000, RR[1:], atol=1e-3)
    x, said = column(tmp_path / "x.avro", "acceleration x")
    assert (x[0], said.unit) == (1.0, "g")


def test_a_folder_of_embraceplus_files_is_joined_and_its_hole_stays_one(tmp_path):
    devices.embrace(tmp_path / "2.avro", begin=60.0)
    devices.embrace(tmp_path / "1.avro")
    eda = alone(tmp_path).signals["eda"]
    assert (eda.rate, len(eda), int(np.isfinite(eda.values).sum())) == (4.0, 290, 100)
    np.testing.assert_allclose(eda.values[240:], EDA, rtol=1e-6)


def test_avro_that_is_not_of_a_watch(tmp_path):
    import fastavro

    empty = {"type": "record", "name": "x", "fields": [{"name": "rawData", "type": {"type": "array", "items": "null"}}]}
    with open(tmp_path / "x.avro", "wb") as out:
        fastavro.writer(out, empty, [{"rawData": [None] * 9}])
    with pytest.raises(DataError, match="not one of Empatica"):
        table(tmp_path / "x.avro")
    with pytest.raises(DataError, match="rate of eda cannot be"):
        table(devices.embrace(tmp_path / "x.avro", rate=0.0))


# loggers


def test_polar_hrm_intervals_and_rates(tmp_path):
    beats = alone(devices.hrm(tmp_path / "x.hrm")).beats
    np.testing.assert_allclose(beats.rr[1:] * 1000, RR)
    rates = alone(devices.hrm(tmp_path / "y.hrm", 5, [f"{60 + n % 9}\t0" for n in range(30)])).signals["heart_rate"]
    assert (rates.rate, rates.values[:3].tolist()) == (0.2, [60, 61, 62])
    assert table(tmp_path / "y.hrm").said(0).start == START


@pytest.mark.parametrize(
    ("old", "new"), [("Interval=238", "Interval=0"), ("Date=2026", "Date=x"), ("[HRData]", "[Hr]"), ("800", "8oo")]
)
def test_polar_hrm_that_is_damaged(tmp_path, old, new):
    path = devices.hrm(tmp_path / "x.hrm")
    path.write_text(path.read_text(encoding="ascii").replace(old, new, 1), encoding="ascii")
    with pytest.raises(DataError, match=r"x\.hrm: "):
        table(path)


def test_polar_sensor_logger_counts_by_the_sensors_own_time(tmp_path):
    signal = alone(devices.polar_logger(tmp_path / "ecg.txt")).signals["ecg"]
    assert (signal.rate, signal.unit, len(signal)) == (125.0, Unit.MILLIVOLT, 500)
    np.testing.assert_allclose(signal.values, ECG, atol=1e-3)
    assert table(tmp_path / "ecg.txt").said(0).start == START
    rates = alone(devices.polar_rates(tmp_path / "hr.txt")).signals["heart_rate"]
    assert (rates.rate, rates.values[0]) == (1.0, 60.0)


def test_polar_sensor_logger_without_a_date(tmp_path):
    path = devices.polar_logger(tmp_path / "ecg.txt")
    path.write_text(
        path.read_text(encoding="utf-8").replace("2026-05-04T14:00:00.000", "14:00:00", 1), encoding="utf-8"
    )
    with pytest.raises(DataError, match=r"row 2.* is no date and time"):
        table(path)


def test_sensor_logger(tmp_path):
    rates = alone(devices.sensor_logger(tmp_path / "hr.csv")).signals["heart_rate"]
    assert (rates.rate, rates.start, rates.values[:2].tolist()) == (1.0, 0.0, [60.0, 61.0])
    assert table(tmp_path / "hr.csv").said(0).times[0] == pytest.approx(EPOCH)


def test_opensignals_names_sensors_and_leaves_the_unit_to_the_user(tmp_path):
    path = devices.opensignals(tmp_path / "signals.txt")
    with pytest.raises(UsageError, match="ecg is written down in more than one unit"):
        alone(path)
    signal = alone(path, signal="resp").signals["resp"]
    assert (signal.rate, signal.values[:2].tolist()) == (100.0, [20000, 20001])
    ecg = alone(path, signal="ecg", unit="mV", scale=1 / 5000).signals["ecg"]
    np.testing.assert_allclose(ecg.values - ecg.values.mean(), ECG - ECG.mean(), atol=2e-4)
    assert table(path).said(0).start == START


def test_opensignals_of_a_device_without_a_clock(tmp_path):
    assert table(devices.opensignals(tmp_path / "signals.txt", time="")).said(0).start is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("# EndOfHeader", "#", "does not end"),
        ('{"00:07"', "[", "not a header"),
        ('"nSeq", ', "", "3 columns"),
        ('"sampling rate": 100', '"sampling rate": 0', "rate is 0"),
        ("0\t0\t", "0\tx\t", "one is text"),
    ],
)
def test_opensignals_that_is_damaged(tmp_path, old, new, words):
    path = devices.opensignals(tmp_path / "signals.txt")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=words):
        table(path)


def test_kubios_lists_the_samples_one_after_the_other(tmp_path):
    beats = alone(devices.kubios(tmp_path / "report.csv")).beats
    np.testing.assert_allclose(beats.rr[1:] * 1000, RR, atol=1e-6)
    session = open_session(tmp_path / "report.csv")
    assert ("intervals as Kubios corrected them", 40) in {(r.what, r.count) for r in session.remarks}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("RR INTERVAL DATA", "NOTHING", "export it from Kubios with the RR data"),
        ("Time,RR", "When,RR", "no column of times"),
        ("Time,RR interval,Time,RR interval", "Time,x,Time,x", "no interval was found"),
        ("(s),(s)", "s,s", "units of time and interval are not told"),
        ("0.800,", "x,", "no time and interval"),
    ],
)
def test_kubios_that_is_damaged(tmp_path, old, new, words):
    path = devices.kubios(tmp_path / "report.csv")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=words):
        table(path)


# all


@pytest.mark.parametrize(
    ("name", "missing"),
    [("x.edf", "edfio"), ("x.xdf", "pyxdf"), ("x.acq", "bioread"), ("x.fit", "fitdecode"), ("x.avro", "fastavro")],
)
def test_a_library_that_is_not_installed_is_named_with_the_command(tmp_path, monkeypatch, name, missing):
    path = devices.EVERY[name](tmp_path / name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(
        UsageError, match=rf'read with {missing}, which is not installed.*pip install "coregulation\[io\]"'
    ):
        table(path)


@pytest.mark.parametrize("name", devices.EVERY)
def test_no_file_and_words_about_tables(tmp_path, name):
    path = devices.EVERY[name](tmp_path / name)
    with pytest.raises(UsageError, match="says how it is written"):
        read_any(path, Shape(separator=";"))
    assert reader_of(path) is not None
    path.unlink()
    with pytest.raises(UsageError, match="no file"):
        table(path)


def test_a_channel_that_comes_twice_must_be_chosen(tmp_path):
    path = devices.two_laptops(tmp_path / "x.xdf")
    with pytest.raises(UsageError, match="holds ecg more than once"):
        open_session(path)


def test_two_peoples_sessions_in_one_call(tmp_path):
    one, other = devices.e4(tmp_path / "1.zip"), devices.embrace(tmp_path / "2.avro", begin=5)
    session = open_session(one, other, people=("ada", "ben"), signal="eda")
    assert [recording.signals["eda"].start for recording in session.recordings] == [0.0, 5.0]


def test_a_manifest_names_the_channels_of_a_device(tmp_path):
    devices.edf(tmp_path / "x.edf")
    (tmp_path / "session.toml").write_text(
        'id = "s"\n[[person]]\nid = "ada"\n[[person.file]]\npath = "x.edf"\nchannel = "ecg"\ncolumn = "ECG II"\n'
        '[[person.file]]\npath = "x.edf"\nchannel = "eda"\ncolumn = "skin"\n',
        encoding="utf-8",
    )
    recording = open_session(tmp_path / "session.toml").of("ada")
    assert {name: signal.rate for name, signal in recording.signals.items()} == {"ecg": 250.0, "eda": 25.0}


def patched(path, header, at, **fields):
    """Write other values into a header of an AcqKnowledge file."""
    from bioread import headers

    own = getattr(headers, header).for_revision(68, "<")
    size = own.struct_length
    content = bytearray(path.read_bytes())
    body = own._struct_class.from_buffer_copy(content[at : at + size])
    for name, value in fields.items():
        setattr(body, name, value)
    content[at : at + size] = bytes(body)
    path.write_bytes(content)
    return size


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"nChannels": 0}, "0 channels are announced"),
        ({"nChannels": 30_000}, "30000 channels are announced"),
        ({"dSampleTime": np.nan}, "a sample every nan ms"),
    ],
)
def test_acq_counts_of_the_file_that_cannot_be(tmp_path, fields, words):
    path = devices.acq(tmp_path / "x.acq")
    patched(path, "GraphHeader", 0, **fields)
    with pytest.raises(DataError, match=words):
        table(path)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"lBufLength": -1}, "a count below zero"),
        ({"lBufLength": 1 << 30}, "more samples than it holds"),
        ({"nVarSampleDivider": -5}, "a count below zero"),
        ({"nVarSampleDivider": 32_749}, "more samples|never coincide"),
        ({"lChanHeaderLen": 1 << 20}, "headers end too early"),
    ],
)
def test_acq_counts_of_a_channel_that_cannot_be(tmp_path, fields, words):
    path = devices.acq(tmp_path / "x.acq")
    first = patched(path, "GraphHeader", 0)
    second = patched(path, "ChannelHeader", first, **({} if "nVarSampleDivider" in fields else fields))
    if "nVarSampleDivider" in fields:
        patched(path, "ChannelHeader", first, nVarSampleDivider=32_719)
        patched(path, "ChannelHeader", first + second, **fields)
    with pytest.raises(DataError, match=words):
        table(path)


def test_acq_that_unpacks_to_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr("coregulation.files.acq.LARGEST", 1000)
    with pytest.raises(DataError, match="it unpacks to 4200 bytes"):
        table(devices.acq(tmp_path / "x.acq", compressed=True))


def test_acq_is_not_read_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr("coregulation.files.acq._HEADER_READS", -8)
    with pytest.raises(DataError, match="headers end too early"):
        table(devices.acq(tmp_path / "x.acq"))


def test_avro_with_too_many_sessions_or_with_a_choice_of_types(tmp_path):
    import fastavro

    record = {"type": "record", "name": "x", "fields": [{"name": "rawData", "type": ["null", "int"]}]}
    with open(tmp_path / "x.avro", "wb") as out:
        fastavro.writer(out, record, [{"rawData": None}] * 1001)
    with pytest.raises(DataError, match="more sessions than a file has"):
        table(tmp_path / "x.avro")


def test_edf_without_a_record_and_kubios_without_rows(tmp_path):
    path = devices.edf(tmp_path / "x.edf")
    path.write_bytes(path.read_bytes()[: 256 * 3].replace(b"EDF+C", b"     "))
    with pytest.raises(DataError, match=r"x\.edf: the EDF file"):
        table(path)
    report = devices.kubios(tmp_path / "report.csv")
    lines = report.read_text(encoding="utf-8").split("\n")
    report.write_text("\n".join(lines[:11]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="no column of times"):
        table(report)

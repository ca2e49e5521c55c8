"""Text of OpenSignals: what was written is what is read, and what is damaged is refused."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError, UsageError
from coregulation.io.examples import exports
from coregulation.io.examples.values import ECG, START
from tests.io.formats.reading import alone, table


def test_opensignals_names_sensors_and_leaves_the_unit_to_the_user(tmp_path):
    path = exports.opensignals(tmp_path / "signals.txt")
    with pytest.raises(UsageError, match="ecg is written down in more than one unit"):
        alone(path)
    signal = alone(path, signal="resp").signals["resp"]
    assert (signal.rate, signal.values[:2].tolist()) == (100.0, [20000, 20001])
    ecg = alone(path, signal="ecg", unit="mV", scale=1 / 5000).signals["ecg"]
    np.testing.assert_allclose(ecg.values - ecg.values.mean(), ECG - ECG.mean(), atol=2e-4)
    assert table(path).metadata_of(0).start == START


def test_opensignals_of_a_device_without_a_clock(tmp_path):
    assert table(exports.opensignals(tmp_path / "signals.txt", time="")).metadata_of(0).start is None


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
    path = exports.opensignals(tmp_path / "signals.txt")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=words):
        table(path)


def test_an_early_header_names_its_channels_alone(tmp_path):
    path = tmp_path / "signals.txt"
    rows = "\n".join(f"0\t0\t0\t0\t0\t{n / 10}\t{n}" for n in range(40))
    head = '# OpenSignals Text File Format\n# {"x": {"sensor": ["PPGBIT", "RESP"], "sampling rate": 125, "channels": [1, 4]}}\n'
    path.write_text(f"{head}# EndOfHeader\n{rows}\n", encoding="utf-8")
    found = table(path)
    assert (found.names, found.metadata_of(0).rate, found.numbers("RESP CH4")[3]) == (
        ("PPGBIT CH1", "RESP CH4"),
        125,
        3,
    )
    path.write_text(path.read_text(encoding="utf-8").replace("[1, 4]", "[1, 2, 3, 4, 5, 6, 7, 8]"), encoding="utf-8")
    with pytest.raises(DataError, match="does not say what its columns are"):
        table(path)

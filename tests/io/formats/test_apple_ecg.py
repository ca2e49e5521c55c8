"""An ECG of Apple Watch: rate, unit and start; a damaged one is refused."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io.examples.values import ECG
from coregulation.io.formats import apple_ecg
from tests.io.formats.reading import alone, table


def test_the_lead_with_its_rate_unit_and_start(tmp_path):
    apple_ecg.write_example(tmp_path / "x.csv")
    signal = alone(tmp_path / "x.csv").signals["ecg"]
    assert (signal.rate, len(signal)) == (500.0, 1000)
    np.testing.assert_allclose(signal.values[:500], ECG, atol=1e-6)
    assert table(tmp_path / "x.csv").metadata_of(0).start.isoformat() == "2026-05-04T14:00:03+02:00"


@pytest.mark.parametrize(
    ("old", "new", "words"), [("500 hertz", "fast", "no sample rate"), ("\n0.", "\nx.", "where a number")]
)
def test_one_that_is_damaged(tmp_path, old, new, words):
    path = tmp_path / "x.csv"
    apple_ecg.write_example(path)
    content = path.read_text(encoding="utf-8")
    assert old in content
    at = content.rindex(old)
    path.write_text(content[:at] + new + content[at + len(old) :], encoding="utf-8")
    with pytest.raises(DataError, match=words):
        table(path)

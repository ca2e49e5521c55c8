"""What a column means is found once: values, time, index, a label, and words that part rows of different kinds."""

from __future__ import annotations

import pytest

from coregulation.errors import UsageError
from coregulation.io import open_session
from coregulation.io.tables.column_meaning import MeaningEvidence, interpret_columns
from coregulation.io.tables.table import TableShape
from coregulation.io.tables.table_reading import read_table
from coregulation.signals import Unit
from tests.io.write import rows, wave

N = 40


def test_one_pass_tells_everything(tmp_path):
    path = rows(tmp_path / "x.csv", ",time [ms],eda [kOhm],code,b", range(N), range(N), wave(N), ["X-1"] * N, wave(N))
    index, time, skin, code, other = interpret_columns(read_table(path, TableShape()))
    assert (index.is_index, time.is_time, time.time_unit, time.why) == (True, True, "ms", MeaningEvidence.HEADER)
    assert (skin.channel, skin.unit_text, skin.unit) == ("eda", "kOhm", Unit.KILOOHM)
    assert (code.is_label, other.why, other.channel) == (True, MeaningEvidence.NOTHING, None)
    assert [meaning.may_hold_values for meaning in (index, time, skin, code, other)] == [
        False,
        False,
        True,
        False,
        True,
    ]


def test_a_participants_code_holds_no_values_and_words_that_change_are_refused(tmp_path):
    path = rows(tmp_path / "x.csv", "time_s,code,hr", range(N), ["X-1"] * N, wave(N))
    assert len(open_session(path, signal="heart_rate").people) == 1
    path = rows(tmp_path / "y.csv", "time_s,event,value", range(N), ["ibi", "hrv"] * (N // 2), wave(N))
    with pytest.raises(
        UsageError, match=r"column 1 \('event'\) holds words.*--long --person-column 1 --value-column 2"
    ):
        open_session(path, signal="heart_rate")

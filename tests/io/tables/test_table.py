from __future__ import annotations

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.errors import DataError, UsageError
from coregulation.io.tables.table import TableShape
from coregulation.io.tables.table_reading import read_table
from tests.io.write import text

ROWS = [(70.5, 81.25), (71.0, 80.5), (72.25, 79.0), (70.0, 78.5), (69.5, 79.5), (70.25, 80.0)]


def written(path, separator, decimal=".", header=None, encoding="utf-8", newline="\n"):
    lines = [separator.join(str(value).replace(".", decimal) for value in row) for row in ROWS]
    path.write_bytes(newline.join([*([header] if header else []), *lines, ""]).encode(encoding))
    return path


def values(table):
    return np.stack([table.numbers(0), table.numbers(1)], axis=1).tolist()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t", " ", "   "])
@pytest.mark.parametrize("header", [None, "a{0}b", '"a"{0}"b"'])
def test_separators_and_headers(tmp_path, separator, header, newline):
    header = header.format(separator) if header else None
    table = read_table(written(tmp_path / "t.txt", separator, header=header, newline=newline), TableShape())
    assert values(table) == [list(row) for row in ROWS]
    assert table.names == (("a", "b") if header else ("", ""))
    assert table.first_row == (2 if header else 1)


@pytest.mark.parametrize("separator", [";", "\t", " "])
def test_a_decimal_comma(tmp_path, separator):
    table = read_table(written(tmp_path / "t.txt", separator, ",", f"a{separator}b"), TableShape())
    assert values(table) == [list(row) for row in ROWS]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path, encoding):
    table = read_table(written(tmp_path / "t.csv", ",", header="SC [µS],hr", encoding=encoding), TableShape())
    assert table.names[0] == "SC [µS]"
    assert values(table) == [list(row) for row in ROWS]


def test_gzip_is_found_by_its_content(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(gzip.compress(written(tmp_path / "u.csv", ",").read_bytes()))
    assert values(read_table(path, TableShape())) == [list(row) for row in ROWS]


def test_one_number_or_two_is_asked_where_only_digits_and_a_comma_stand(tmp_path):
    path = text(tmp_path / "t.txt", *["0,812", "0,799", "0,805", "0,811"])
    with pytest.raises(UsageError, match=r"decimal comma or two columns: say --decimal , or --separator ,"):
        read_table(path, TableShape())
    assert read_table(path, TableShape(decimal=",")).numbers(0).tolist() == [0.812, 0.799, 0.805, 0.811]
    assert read_table(path, TableShape(separator=",")).numbers(1).tolist() == [812, 799, 805, 811]


def test_a_leading_zero_after_the_comma_decides_for_the_decimal_comma(tmp_path):
    path = text(tmp_path / "t.txt", *["1,812", "1,05", "1,805", "1,811", "1,02", "1,07"])
    assert read_table(path, TableShape()).numbers(0).tolist() == [1.812, 1.05, 1.805, 1.811, 1.02, 1.07]


def test_a_header_of_one_word_decides_for_the_decimal_comma(tmp_path):
    path = text(tmp_path / "t.txt", "rr", *["0,812", "0,799", "0,805", "0,811"])
    assert read_table(path, TableShape()).numbers("rr").tolist() == [0.812, 0.799, 0.805, 0.811]


def test_a_decimal_comma_and_a_decimal_point_in_one_file(tmp_path):
    path = text(tmp_path / "t.txt", "a;b", *["1,5;2.5"] * 6)
    with pytest.raises(UsageError, match=r"decimal comma and with a decimal point: say --decimal"):
        read_table(path, TableShape())
    with pytest.raises(DataError, match=r"'1,5', a number with a comma. Say --decimal ,"):
        read_table(path, TableShape(decimal=".")).numbers(0)


def test_a_decimal_comma_that_first_comes_late(tmp_path):
    path = text(tmp_path / "t.txt", "a;b", "1,5;2", *["1;2"] * 200)
    assert read_table(path, TableShape()).numbers("a")[0] == 1.5


def test_names_of_rows_without_a_name(tmp_path):
    table = read_table(text(tmp_path / "t.csv", "a b", "1 5.5 6", "2 5.7 7", "3 5.8 8"), TableShape())
    assert table.names == ("", "a", "b")
    assert table.numbers("b").tolist() == [6, 7, 8]


def test_a_separator_at_the_end_of_each_row(tmp_path):
    for header in ("a;b", "a;b;"):
        table = read_table(text(tmp_path / "t.csv", header, "1;2;", "3;4;", "5;6;"), TableShape())
        assert table.names == ("a", "b")
        assert table.numbers("b").tolist() == [2, 4, 6]


def test_numbered_columns_of_a_data_frame(tmp_path):
    table = read_table(text(tmp_path / "t.csv", ",0,1", "0.5,5,6", "1.0,7,8", "1.5,8,9"), TableShape())
    assert table.names == ("", "0", "1")
    assert table.numbers("1").tolist() == [6, 8, 9]


def test_a_blank_line_in_a_list_is_a_missing_value_and_elsewhere_nothing(tmp_path):
    table = read_table(text(tmp_path / "t.csv", "5", "6", "", "7", "8"), TableShape())
    np.testing.assert_equal(table.numbers(0), [5, 6, np.nan, 7, 8])
    table = read_table(text(tmp_path / "u.csv", "a,b", "1,2", "", "2,3", "3,4", "5,6"), TableShape())
    assert table.numbers("b").tolist() == [2, 3, 4, 6]
    assert list(table.lines) == [2, 4, 5, 6]
    assert table.remarks == ()


def test_columns_are_named_or_counted(tmp_path):
    table = read_table(text(tmp_path / "t.csv", "a,b,a", "1,2,3", "4,5,6"), TableShape())
    assert table.numbers("1").tolist() == table.numbers(1).tolist() == [2, 5]
    with pytest.raises(UsageError, match=r"'a' comes more than once. The columns are 0 'a', 1 'b', 2 'a'"):
        table.numbers("a")
    with pytest.raises(UsageError, match=r"column 3 was named, and the columns are 0 'a'"):
        table.numbers(3)
    with pytest.raises(UsageError, match=r"no column 'c'\. Did you mean a or b"):
        table.numbers("c")


def test_a_quotation_mark_that_does_not_close(tmp_path):
    with pytest.raises(DataError, match="quotation mark"):
        read_table(text(tmp_path / "t.csv", "a,b", '"1,2', "3,4", "5,6", "7,8"), TableShape())


def test_nothing_left_after_skipping(tmp_path):
    with pytest.raises(DataError, match="nothing is left of its 2 lines"):
        read_table(text(tmp_path / "t.csv", "a,b", "1,2"), TableShape(skip_lines=5))
    with pytest.raises(UsageError, match="cannot be negative"):
        read_table(text(tmp_path / "t.csv", "a,b", "1,2"), TableShape(skip_lines=-1))


numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=2, max_size=30), st.sampled_from(",;\t "), st.booleans())
def test_any_table_of_numbers_reads_back(tmp_path_factory, given_rows, separator, header):
    path = tmp_path_factory.mktemp("t") / "t.csv"
    lines = [separator.join(map(repr, row)) for row in given_rows]
    text(path, *([separator.join("abc")] if header else []), *lines)
    table = read_table(path, TableShape())
    read = np.stack([table.numbers(n) for n in range(3)], axis=1)
    assert read.tolist() == [list(row) for row in given_rows]


def test_a_gap_in_the_middle_is_no_want_of_numbers(tmp_path):
    path = tmp_path / "gap.csv"
    path.write_text("value\n" + "0.5\n" * 300 + '""\n' * 400 + "0.7\n" * 290)
    assert np.isnan(read_table(path, TableShape()).numbers("value")).sum() == 400

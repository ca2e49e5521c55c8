"""The script that counts: each count on a small package whose counts are known."""

import pytest
from tools.metrics import measure, table

from tools import metrics

ONE = '''"""A module."""


class Zero:
    """Two lines.

    Without a unit.
    """

    def length(self, rate: float) -> float:
        """Return the length.

        Parameters
        ----------
        rate
            In Hz.

        References
        ----------
        Boker et al. (2002), doi:10.1037/1082-989X.7.3.338
        """
        return 1 / rate


def undocumented(x):
    y = x
    return y


def _private(x):
    return x
'''


@pytest.fixture
def package(tmp_path):
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "__init__.py").write_text("")
    (tmp_path / "inside" / "two.py").write_text("class Zero:\n    '''One line.'''\n")
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "one.py").write_text(ONE)
    return tmp_path


def test_each_count_of_a_small_package(package):
    counts = measure(package)
    assert counts["top-level parts"] == "2"
    assert counts["modules"] == "4"
    assert counts["modules over 400 lines"] == "0"
    assert counts["function without docstring"] == "2 / 3 / 3"
    assert counts["names of two classes"] == counts["of two public classes"] == "1"
    assert counts["public names with a docstring"] == "75 % (3 of 4)"
    assert counts["of these one line only"] == "33 % (1 of 3)"
    assert counts["functions that document their arguments"] == "50 % (1 of 2)"
    assert counts["docstrings with a unit or shape"] == "33 % (1 of 3)"
    assert counts["docstrings with a source"] == "33 % (1 of 3)"


def test_the_table_has_a_column_for_each_folder_and_is_written_where_the_docs_read_it(package, tmp_path, monkeypatch):
    monkeypatch.setattr(metrics, "ROOT", tmp_path)
    (tmp_path / "docs" / "generated").mkdir(parents=True)
    words = [f"0.1={package}", f"0.2={package}"]
    monkeypatch.setattr("sys.argv", ["metrics.py", "--write", *words])
    metrics.main()
    written = (tmp_path / "docs" / "generated" / "sizes.md").read_text()
    assert written.splitlines()[0] == "| | 0.1 | 0.2 |"
    assert "| functions over 30 lines | 0 | 0 |" in written
    assert written == table(words)

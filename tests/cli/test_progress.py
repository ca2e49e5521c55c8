import io

import pytest

from coregulation.cli.progress import ProgressLines, bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_it_is_silent_where_nobody_looks(monkeypatch):
    quiet = io.StringIO()
    monkeypatch.setattr("sys.stderr", quiet)
    with bar() as move:
        move("resp", 1, 2)
    assert quiet.getvalue() == ""


def test_what_takes_minutes_prints_a_line_now_and_then_with_the_time_left(monkeypatch):
    printed = io.StringIO()
    monkeypatch.setattr("sys.stderr", printed)
    now = [0.0]
    move = ProgressLines(lambda: now[0])
    for second in range(200):
        now[0] = float(second)
        move("power", 100 + second, 300)  # a hundred were done by an earlier run
    assert printed.getvalue().splitlines() == [
        "simulated groups: 110 of 300 done, about 3 minutes left",
        "simulated groups: 170 of 300 done, about 2 minutes left",
        "simulated groups: 230 of 300 done, about 70 seconds left",
        "simulated groups: 290 of 300 done, about 10 seconds left",
    ]


def test_lines_are_printed_where_they_are_wanted_and_there_is_no_terminal(monkeypatch):
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with bar(lines=True) as move:
        assert isinstance(move, ProgressLines)


def test_it_moves_on_a_terminal_and_is_gone_afterwards(monkeypatch):
    import tqdm

    shown = Terminal()
    monkeypatch.setattr("sys.stderr", shown)
    made = []
    real = tqdm.tqdm

    def at_once(**said):
        made.append(real(**said | {"delay": 0, "mininterval": 0, "file": shown}))
        return made[0]

    monkeypatch.setattr(tqdm, "tqdm", at_once)
    with bar() as move:
        move("resp", 0, 4)
        move("resp", 3, 4)
        assert (made[0].n, made[0].total) == (3, 4)
        move("eda", 1, 6)
        assert (made[0].n, made[0].total) == (1, 6)
    assert "\rbreathing: 3 of 4" in shown.getvalue()


def test_it_is_closed_by_a_stop(monkeypatch):
    shown = Terminal()
    monkeypatch.setattr("sys.stderr", shown)

    def stopped():
        with bar() as move:
            move("resp", 0, 4)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()

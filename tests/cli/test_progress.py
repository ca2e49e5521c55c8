import io

import pytest

from coregulation.cli.progress import bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_it_is_silent_where_nobody_looks(monkeypatch):
    quiet = io.StringIO()
    monkeypatch.setattr("sys.stderr", quiet)
    with bar() as move:
        move("resp", 1, 2)
    assert quiet.getvalue() == ""


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
    assert "\rresp: 3 of 4" in shown.getvalue()


def test_it_is_closed_by_a_stop(monkeypatch):
    shown = Terminal()
    monkeypatch.setattr("sys.stderr", shown)

    def stopped():
        with bar() as move:
            move("resp", 0, 4)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()

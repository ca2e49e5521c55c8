"""Ctrl-C ends the program whenever it comes, also where Python itself would lose it."""

from __future__ import annotations

import signal
import threading
import weakref

import pytest

from coregulation.live.server.interruption import Interruption


class Server:
    should_exit = False


class Gone:
    """Something whose end is told in a callback, as that of a module's lock in an import."""


BOTH = pytest.mark.parametrize(("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)])


@BOTH
def test_before_anything_serves_it_breaks_off(number, error):
    with pytest.raises(error), Interruption():
        signal.raise_signal(number)


@BOTH
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_one_that_comes_inside_a_callback_is_remembered(number, error):
    with Interruption() as interruption:
        something = Gone()
        reference = weakref.ref(something, lambda _: signal.raise_signal(number))
        del something
        assert reference() is None
        server = Server()
        interruption.watch(server)
        assert server.should_exit
        with pytest.raises(error):
            interruption.check()


def test_while_it_serves_the_server_ends_in_order():
    server = Server()
    with Interruption() as interruption:
        interruption.watch(server)
        interruption.check()
        assert not server.should_exit
        signal.raise_signal(signal.SIGINT)
        assert server.should_exit


def test_afterwards_signals_are_as_before():
    before = signal.getsignal(signal.SIGINT)
    with Interruption():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_in_another_thread_signals_are_left_alone():
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def work():
        with Interruption():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]

"""Questions about linkage in a process of their own: it may die, hang or be killed, and no room waits for ever."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import pickle
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from coregulation.live.room import wire
from coregulation.live.room.feedback import LiveLinkage
from coregulation.live.server import linkage_answers
from coregulation.live.server.linkage_answers import LinkageAnswers
from coregulation.live.server.room_task import RoomTask
from coregulation.live.signals.engine import LinkageQuestion
from coregulation.signals import Signal, Unit
from tests.live.processes import is_gone, parent
from tests.live.served import running, to_sensors

ANSWER = LiveLinkage("not-beyond-chance", 1.0, 0.5, 0.3)
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@dataclass
class Plain:
    """Answered by the number of its process."""

    def answer(self):
        return os.getpid()


@dataclass
class Dies:
    """Ends its process, as often as the folder has no more than so many files."""

    folder: Path
    times: int

    def answer(self):
        died = len(list(self.folder.iterdir()))
        if died < self.times:
            (self.folder / str(died)).touch()
            os._exit(9)
        return ANSWER


class Fails:
    def answer(self):
        raise ValueError("the private words of ada")


class Greedy:
    def answer(self):
        return bytes(10**12)


class Slow:
    def answer(self):
        time.sleep(60)


@dataclass
class Overlaps:
    """Answered by when it was begun and done."""

    number: int

    def answer(self):
        began = time.monotonic()
        time.sleep(0.1)
        return began, time.monotonic()


@pytest.fixture
def answers():
    made = LinkageAnswers(patience=400.0)
    yield made
    made.close()
    with contextlib.suppress(AttributeError):
        made._process.join(10)


def asked(answers, *questions):
    async def ask():
        return await asyncio.gather(*map(answers.ask, questions))

    return asyncio.run(ask())


def traces() -> LinkageQuestion:
    rng = np.random.default_rng(3)
    common = np.cumsum(rng.normal(size=1200)) * 0.05
    x, y = (Signal(70 + common + rng.normal(0, 0.3, 1200), 2.0, 0.0, Unit.PER_MINUTE) for _ in range(2))
    return LinkageQuestion(x, y, 600.0, 0.0, paced=False, alpha=0.05)


def test_a_question_is_answered_as_it_is_here(answers):
    here = traces().answer()
    assert here.p is not None
    assert asked(answers, traces()) == [here]


def test_one_process_answers_all_one_after_the_other(answers):
    first, *spans, last = asked(answers, Plain(), *map(Overlaps, range(3)), Plain())
    assert first == last != os.getpid()
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(sorted(spans)))


def test_a_process_that_died_between_two_questions_is_started_anew(answers):
    [first] = asked(answers, Plain())
    answers._process.kill()
    answers._process.join()
    [second] = asked(answers, Plain())
    assert first != second is not None


@pytest.mark.parametrize(("times", "answer"), [(0, ANSWER), (1, ANSWER), (2, None)])
def test_a_question_that_ends_its_process_is_asked_once_more(answers, tmp_path, times, answer):
    assert asked(answers, Dies(tmp_path, times)) == [answer]
    assert asked(answers, Dies(tmp_path, 0)) == [ANSWER], "the next room gets its answer"


def test_an_error_is_no_answer_and_tells_its_place_alone(answers, capfd):
    before, failed, after = asked(answers, Plain(), Fails(), Plain())
    assert failed is None
    assert before == after, "the process goes on"
    written = capfd.readouterr().err
    assert "ValueError at test_linkage_answers.py:" in written
    assert "ada" not in written


@POSIX
def test_a_question_that_wants_too_much_memory_is_no_answer(answers):
    assert asked(answers, Greedy(), Dies(Path(), 0)) == [None, ANSWER]


def test_a_question_that_takes_too_long_is_no_answer_and_the_next_one_is_asked():
    answers = LinkageAnswers(patience=6.0)
    began = time.monotonic()
    assert asked(answers, Slow()) == [None]
    assert 5 < time.monotonic() - began < 25, "asked once, since the time is over"
    answers._patience = 400.0
    assert asked(answers, Dies(Path(), 0)) == [ANSWER]
    answers.close()


@POSIX
def test_a_process_that_was_stopped_is_replaced(answers):
    [number] = asked(answers, Plain())
    answers._patience = 2.0
    os.kill(number, signal.SIGSTOP)
    assert asked(answers, Plain()) == [None]
    answers._patience = 400.0
    assert asked(answers, Plain())[0] not in (None, number)


def test_a_system_that_starts_no_process_gives_no_answer(answers, monkeypatch):
    def none(*_args):
        raise OSError

    monkeypatch.setattr(linkage_answers.multiprocessing, "get_context", none)
    assert asked(answers, Plain()) == [None]
    monkeypatch.undo()
    assert asked(answers, Plain()) != [None]


def test_at_the_end_nobody_waits_and_no_process_is_left(answers):
    asked(answers, Plain())
    process = answers._process
    threading.Timer(0.5, answers.close).start()
    began = time.monotonic()
    assert asked(answers, Slow()) == [None]
    assert time.monotonic() - began < 20
    assert not process.is_alive()
    assert asked(answers, Plain()) == [None]
    assert answers._process is None, "none is started after the end"


ASK = """
    from coregulation.live.server.linkage_answers import LinkageAnswers
    from tests.live.server.test_linkage_answers import Plain
    answers = LinkageAnswers()
    print(asyncio.run(answers.ask(Plain())), flush=True)
"""


@POSIX
def test_it_ends_with_a_server_that_is_killed(tmp_path):
    process, number = parent(tmp_path, ASK, "time.sleep(60)")
    process.kill()
    process.wait()
    assert is_gone(number)
    process.communicate()


@POSIX
def test_ctrl_c_reaches_it_and_changes_nothing(tmp_path):
    then = (
        "signal.signal(signal.SIGINT, lambda *_: print(asyncio.run(answers.ask(Plain())), flush=True)); time.sleep(60)"
    )
    process, number = parent(tmp_path, ASK, then, start_new_session=True)
    assert process.stdout is not None
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    assert int(process.stdout.readline()) == number
    process.terminate()
    assert process.communicate()[1] == ""
    assert is_gone(number)


def test_question_and_answer_travel():
    question = pickle.loads(pickle.dumps(traces()))
    assert question.answer() == pickle.loads(pickle.dumps(traces().answer()))


class Registry:
    """Counts what is asked elsewhere."""

    def __init__(self, answer):
        self.asked, self.linkage, self._answer = [], self, answer

    async def ask(self, question):
        self.asked.append(question)
        return self._answer


@pytest.mark.parametrize(("alpha", "elsewhere"), [(None, 0), (0.01, 1)])
@pytest.mark.parametrize("answer", [None, ANSWER])
def test_a_room_asks_for_tests_alone_and_without_an_answer_keeps_the_last(alpha, elsewhere, answer):
    registry, taken = Registry(answer), []

    class Live:
        coin = None
        answered = staticmethod(lambda _, answer: taken.append(answer))

    task = RoomTask(Live(), registry)
    question = LinkageQuestion(traces().x, traces().y, 600.0, 0.0, paced=False, alpha=alpha)
    asyncio.run(task._answer(question))
    assert len(registry.asked) == elsewhere
    assert taken == ([LiveLinkage("too-early", 600.0)] if alpha is None else [answer] if answer else [])


def test_a_server_ends_its_process_with_itself(tmp_path):
    with running(tmp_path / "store") as served:
        host = served.host()
        seat = host.enter(host.room(), "ada", "ben")
        to_sensors(seat)
        asked(served.registry.linkage, Plain())
        process = served.registry.linkage._process
        assert process.is_alive()
        seat.say(wire.Ping(0.0))
        seat.of(wire.Pong)
    assert not process.is_alive()

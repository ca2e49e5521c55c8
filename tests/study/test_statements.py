"""What a study says, just below, at and above each limit."""

from __future__ import annotations

import pytest

from coregulation.study.group_tests import GroupEstimate
from coregulation.study.reasons import StudyStatement
from coregulation.study.result import GroupAnswer
from coregulation.study.statements import state


def code(*, difference: float = 0.02, narrow: tuple[float, float] = (-0.1, 0.1), p: float = 0.5) -> str:
    estimate = GroupEstimate(20, 0.1, 0.1 - difference, difference, (-0.2, 0.2), narrow, 0.1, p, p, "permutations", 99)
    return state(GroupAnswer(None, "heart_rate", estimate), 0.15).code


@pytest.mark.parametrize(
    ("narrow", "expected"),
    [
        ((-0.149, 0.149), StudyStatement.NO_MORE),
        ((-0.15, 0.1), StudyStatement.CANNOT_TELL),
        ((-0.1, 0.15), StudyStatement.CANNOT_TELL),
        ((-0.2, 0.1), StudyStatement.CANNOT_TELL),
    ],
)
def test_no_more_than_strangers_needs_the_whole_interval_inside_the_margin(narrow, expected):
    assert code(narrow=narrow) == expected


@pytest.mark.parametrize(("p", "shown"), [(0.049, True), (0.05, True), (0.051, False)])
def test_a_difference_is_shown_up_to_p_05_in_either_direction(p: float, shown: bool):
    assert (code(p=p) == StudyStatement.ALIKE) is shown
    assert (code(p=p, difference=-0.02) == StudyStatement.OPPOSITE) is shown

import numpy as np
import pytest

from coregulation.errors import UsageError
from coregulation.simulate.confounds import known_answer
from coregulation.simulate.linkage import simulated_pair
from coregulation.simulate.random_streams import random_generator
from coregulation.simulate.scenarios import simulate


def test_a_seed_and_a_purpose_are_one_stream():
    draws = [random_generator(*key).random() for key in ((1,), (1,), (1, 0), (1, 1), (2,))]
    assert draws[0] == draws[1]
    assert len(set(draws)) == 4


def test_two_purposes_do_not_go_together():
    a, b = (random_generator(1, k).standard_normal(20_000) for k in (0, 1))
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.03


@pytest.mark.parametrize(
    "call",
    [
        lambda: random_generator(-1),
        lambda: simulate("pet", -1),
        lambda: known_answer("lent", -1),
        lambda: simulated_pair(seed=-1),
    ],
)
def test_a_negative_seed_is_refused(call):
    with pytest.raises(UsageError, match="from 0 up; -1 came"):
        call()

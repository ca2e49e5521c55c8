import pytest

from coregulation.coupling.threads import in_threads


@pytest.mark.parametrize("jobs", [0, 1, 4])
def test_threads_keep_the_order(jobs):
    assert in_threads(lambda k: k * k, range(20), jobs) == [k * k for k in range(20)]

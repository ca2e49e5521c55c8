"""Three kinds of error, one family: a caller can catch what this package raises on purpose, and nothing else."""

import pytest

from coregulation.errors import CoregulationError, DataError, ProtocolError, UsageError


@pytest.mark.parametrize("kind", [DataError, UsageError, ProtocolError])
def test_every_kind_is_one_of_ours(kind):
    with pytest.raises(CoregulationError, match="what came"):
        raise kind("what came, what was expected, what to do")


def test_the_kinds_are_apart():
    assert not issubclass(DataError, (UsageError, ProtocolError))
    assert not issubclass(UsageError, (DataError, ProtocolError))


def test_none_is_mistaken_for_a_python_error():
    assert CoregulationError.__bases__ == (Exception,)

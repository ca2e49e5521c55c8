import pytest

from coregulation.errors import UsageError
from coregulation.signals import Unit


@pytest.mark.parametrize("unit", list(Unit))
def test_each_symbol_reads_back_as_its_unit(unit):
    assert Unit.parse(unit.symbol) is unit


def test_a_second_is_not_a_siemens():
    assert Unit.parse("s") is Unit.SECOND
    assert Unit.parse("S") is Unit.SIEMENS
    assert Unit.parse(" MS ") is Unit.MILLISECOND


def test_an_unknown_unit_lists_the_known_ones():
    with pytest.raises(UsageError, match=r"furlong.*1/min, s, ms"):
        Unit.parse("furlong")

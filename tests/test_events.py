"""Labelled instants and spans: checked when they are made."""

import math

import pytest

from coregulation.errors import DataError
from coregulation.events import Block, Exclusion, Mark, Rating
from coregulation.signals import Window


@pytest.mark.parametrize("span", [(1, 1), (2, 1), (math.nan, 1), (0, math.inf)])
@pytest.mark.parametrize("make", [lambda a, b: Block("talk", a, b), lambda a, b: Exclusion(a, b, "cough")])
def test_a_span_has_a_length(make, span):
    with pytest.raises(DataError, match="start < end"):
        make(*span)


@pytest.mark.parametrize("make", [lambda t: Mark(t, "x"), lambda t: Rating(t, "ada", "felt safe", 5.0)])
def test_an_instant_is_a_time(make):
    with pytest.raises(DataError, match="finite time"):
        make(math.nan)


def test_a_block_is_a_window():
    assert Block("talk", 1.0, 3.0).window == Window(1.0, 3.0)

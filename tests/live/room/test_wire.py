"""Messages: both directions survive their bytes, and anything else is a typed refusal."""

from __future__ import annotations

import random
import typing

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given, settings

from coregulation.errors import ProtocolError
from coregulation.live.room import wire
from tests.live import junk

CLIENT = typing.get_args(wire.FromClient)
SERVER = typing.get_args(wire.FromServer)

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
TAGS = [kind.__struct_config__.tag for kind in CLIENT]
FIELDS = sorted({name for kind in CLIENT for name in kind.__struct_encode_fields__})
NEARLY = st.dictionaries(st.sampled_from(FIELDS), JUNK, max_size=6).flatmap(
    lambda body: st.sampled_from([*TAGS, "room", "nonsense"]).map(lambda tag: {**body, "type": tag})
)


@pytest.mark.parametrize("kind", [*CLIENT, *SERVER], ids=lambda kind: kind.__name__)
def test_every_message_has_a_tag_of_its_own_and_a_sentence(kind):
    tags = [one.__struct_config__.tag for one in (CLIENT if kind in CLIENT else SERVER)]
    assert tags.count(kind.__struct_config__.tag) == 1
    assert kind.__doc__
    assert kind.__struct_config__.forbid_unknown_fields


ANYTHING = st.one_of(NEARLY.map(msgspec.json.encode), JUNK.map(msgspec.json.encode), st.binary(max_size=60))


@settings(max_examples=1000)
@given(ANYTHING)
def test_whatever_comes_is_a_message_or_a_typed_refusal(raw):
    answered(raw)


@pytest.mark.parametrize("count", [2000, pytest.param(100_000, marks=pytest.mark.nightly)])
def test_a_hundred_thousand_messages_are_answered(count):
    rng = random.Random(6)
    read = sum(answered(junk.message(rng)) for _ in range(count))
    assert 0.3 * count < read < 0.8 * count  # it is worth nothing if the door refuses all


def answered(raw):
    try:
        message = wire.from_client(raw)
    except ProtocolError:
        return False
    assert wire.from_client(wire.encode(message)) == message
    return True


def test_a_key_that_is_not_known_is_refused():
    with pytest.raises(ProtocolError, match="unknown field"):
        wire.from_client(b'{"type":"pause","quickly":true}')


def test_a_message_that_is_too_long_is_refused_before_it_is_read():
    with pytest.raises(ProtocolError, match="at most"):
        wire.from_client(b" " * (wire.MAX_MESSAGE + 1))


def test_deep_nesting_is_refused():
    with pytest.raises(ProtocolError):
        wire.from_client(b"[" * 30000)


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"samples","stream":"s","seq":-1,"at":[0],"data":["AA=="]}',
        '{"type":"samples","stream":"s","seq":0,"at":[],"data":[]}',
        '{"type":"samples","stream":"../s","seq":0,"at":[0],"data":["AA=="]}',
        '{"type":"samples","stream":"s","seq":0,"at":[0],"data":["not base64!"]}',
        '{"type":"clock","offset":1e300,"round_trip":0.1}',
        '{"type":"words","person":"ada","ratings":{"calm":11}}',
        '{"type":"hello","role":"king"}',
    ],
)
def test_values_that_cannot_be_are_refused(text):
    with pytest.raises(ProtocolError):
        wire.from_client(text)

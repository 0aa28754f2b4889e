"""The strict reader takes what is certain, exactly, and nothing else whatever the bytes."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.json_body import BodyTooLarge, loads, read_bounded
from linkage.errors import Invalid

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
LEAF = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18) + 1, 10**18 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
VALUE = st.recursive(
    LEAF, lambda below: st.lists(below) | st.dictionaries(TEXT, below), max_leaves=10
)


@given(st.dictionaries(TEXT, VALUE))
def test_what_json_writes_is_read_back(value):
    assert loads(json.dumps(value).encode()) == value
    assert loads(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode()))
def test_any_bytes_give_an_object_or_a_refusal(body):
    try:
        assert isinstance(loads(body), dict)
    except Invalid as error:
        assert error.code.startswith("json_")


def test_the_18th_digit_is_read_and_the_19th_refused():
    assert loads(b'{"a": -999999999999999999}') == {"a": -(10**18) + 1}
    with pytest.raises(Invalid):
        loads(b'{"a": 1000000000000000000}')


def test_32_levels_are_read_and_33_refused():
    assert loads(b'{"a":' * 31 + b"{}" + b"}" * 31)
    with pytest.raises(Invalid):
        loads(b'{"a":' * 33 + b"{}" + b"}" * 33)


def test_a_stream_is_read_up_to_its_limit():
    assert read_bounded(io.BytesIO(b"x" * 10), 10) == b"x" * 10
    with pytest.raises(BodyTooLarge):
        read_bounded(io.BytesIO(b"x" * 11), 10)

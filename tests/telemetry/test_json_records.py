"""JSON objects with nothing lost, and texts that look like names to whoever only counts quotes and colons."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.telemetry import json_records
from lodger.telemetry.json_records import decoded

texts = st.text(st.sampled_from(':"\\u,a{} é'), max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def slowly(raw: bytes) -> object:
    return json_records._slowly(raw)


@given(st.lists(st.tuples(texts, values), max_size=5), st.booleans(), st.sampled_from([(",", ":"), (", ", ": ")]))
def test_what_is_decoded_fast_is_what_looking_closely_finds(
    pairs: list[tuple[str, Any]], ascii_only: bool, separators: tuple[str, str]
) -> None:
    """Also with names said twice, texts that begin with a colon, and either spacing."""
    between, after = separators
    said = (
        json.dumps(name) + after + json.dumps(value, ensure_ascii=ascii_only, separators=separators)
        for name, value in pairs
    )
    raw = ("{" + between.join(said) + "}").encode()
    assert decoded(raw) == slowly(raw)


def test_an_answer_of_the_name_server_is_decoded_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_records, "_slowly", lambda raw: pytest.fail(f"looked closely at {raw!r}"))
    raw = rb'{"QueryResults":"::ffff:192.0.2.1;","Image":"C:\\Windows\\a.exe","parts":[":a",{"b":":c"}]}'
    assert decoded(raw) == json.loads(raw)


@pytest.mark.parametrize(
    "raw", [b'{"a":":x","a":"y"}', b'{"a":"y","a":":x"}', b'{"a":"\\u003ax","a":"\\u003ay"}', b'{"a:":1,"a:":2}']
)
def test_a_name_said_twice_is_never_taken_for_a_colon(raw: bytes) -> None:
    value = decoded(raw)
    assert isinstance(value, dict)
    assert len(value) == 2

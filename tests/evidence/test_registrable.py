"""The part of a name that somebody registered."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.evidence.registrable import DOMAINS, domain, registrable
from lodger.model.tables import TEXT


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a.b.example.co.uk", "example.co.uk"),
        ("WWW.Example.COM.", "example.com"),
        ("example.com", "example.com"),
        ("someone.github.io", "someone.github.io"),
        ("_sip._tcp.example.com", "example.com"),
        ("co.uk", None),
        ("localhost", None),
        ("192.0.2.1", None),
        ("a..b.com", None),
        ("", None),
    ],
)
def test_a_name_has_the_domain_that_was_registered(name: str, wanted: str | None) -> None:
    assert domain(name) == wanted


@given(st.lists(st.text(max_size=80), max_size=10))
def test_any_text_has_a_domain_that_ends_it_or_none(names: list[str]) -> None:
    found = registrable(pa.RecordBatch.from_pydict({"destination": pa.array(names, TEXT)}))
    assert found.schema == DOMAINS
    for row in found.to_pylist():
        assert row["destination"] in names
        assert row["destination"].strip(".").lower().endswith(row["domain"])

"""The contacts of all days in one row a pair: sums, extremes, and the first twenty of all records."""

from __future__ import annotations

from collections import defaultdict
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from lodger import stays
from lodger.engine.duckdb import DuckDB
from lodger.stays.marks import CONTACTS

KEY = ("host", "stay_id", "program", "destination", "called", "own", "named", "told", "address")
START = datetime(2024, 4, 1)

pair = st.tuples(
    st.sampled_from(["ws1", "ws2"]),
    st.sampled_from(["one.example", "two.example"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, "192.0.2.9", "192.0.2.10"]),
)
#: The days of a pair: how many records it has on each.
pairs = st.dictionaries(pair, st.lists(st.integers(1, 20), min_size=1, max_size=5), max_size=12)


def _row(number: int, key: tuple[Any, ...], day: int, records: int) -> dict[str, Any]:
    host, destination, called, own, named, told, address = key
    first = START + timedelta(days=day, minutes=number)
    return {
        "host": host,
        "stay_id": f"{host}-stay",
        "program": r"\tools\tool.exe",
        "destination": destination,
        "called": called,
        "own": own,
        "named": named,
        "told": told,
        "address": address,
        "first": first,
        "last": first + timedelta(hours=1),
        "days": 1,
        "since": date(2024, 4, 1) + timedelta(days=day),
        "contacts": records,
        "bytes_out": 10 * records if told else None,
        "bytes_in": 20 * records if told else None,
        "refs": sorted(f"log{day * 7 % 5}:{number * 1000 + each}" for each in range(records)),
        "times": [first] * records,
        "mark": number,
    }


@settings(max_examples=40)
@given(pairs)
def test_a_pair_is_what_its_days_are_together(tmp_path_factory: Any, found: dict[Any, list[int]]) -> None:
    rows = [
        _row(100 * number + day, key, day, records)
        for number, (key, days) in enumerate(found.items())
        for day, records in enumerate(days)
    ]
    wanted: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        wanted[tuple(row[name] for name in KEY)].append(row)
    with closing(DuckDB(tmp_path_factory.mktemp("pair"))) as engine:
        engine.load("contact_sum", pa.Table.from_pylist(rows, schema=CONTACTS))
        stays.make(engine, "contact_pair")
        told = {tuple(row[name] for name in KEY): row for row in engine.read("contact_pair").to_pylist()}
    assert told.keys() == wanted.keys()
    for key, of in wanted.items():
        assert told[key] == dict(zip(KEY, key, strict=True)) | {
            "first": min(row["first"] for row in of),
            "last": max(row["last"] for row in of),
            "days": len(of),
            "since": min(row["since"] for row in of),
            "contacts": sum(row["contacts"] for row in of),
            "bytes_out": sum(row["bytes_out"] for row in of) if key[7] else None,
            "bytes_in": sum(row["bytes_in"] for row in of) if key[7] else None,
            "refs": sorted(ref for row in of for ref in row["refs"])[:20],
        }

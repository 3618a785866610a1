"""Marks tell calls from others, and those of parts add up."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from lodger.model.tables import TIME
from lodger.stays.marks import marks

calls = st.lists(st.integers(-(2**62), 2**62), max_size=12)


def _marks(lists: list[list[int]]) -> list[int]:
    return [int(mark) for mark in marks(pa.array(lists, pa.list_(pa.int64())).cast(pa.list_(TIME))).to_pylist()]


@given(st.lists(calls, max_size=5), st.integers(0, 5))
def test_the_mark_of_calls_is_the_sum_of_their_parts_in_any_order(lists: list[list[int]], first: int) -> None:
    whole = [call for each in lists for call in each]
    assert _marks([whole, whole[::-1], []]) == [sum(_marks(lists)) % 2**48, sum(_marks(lists)) % 2**48, 0]
    table = pa.array(lists, pa.list_(pa.int64())).cast(pa.list_(TIME))
    assert marks(table.slice(first)).to_pylist() == _marks(lists)[first:]
    assert all(0 <= mark < 2**48 for mark in _marks(lists))


@given(calls.filter(bool), st.integers(0, 11), st.integers(1, 2**40))
def test_other_calls_have_another_mark(times: list[int], place: int, away: int) -> None:
    other = [*times]
    other[place % len(times)] += away
    one, changed, fewer = _marks([times, other, times[1:]])
    assert one != changed
    assert one != fewer

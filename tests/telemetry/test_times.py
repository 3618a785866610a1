"""Times as sensors write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.telemetry import times

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("1970-01-01T00:00:01Z", 1_000_000),
        ("1970-01-01T00:00:01.1234567Z", 1_123_456),
        ("1970-01-01 00:00:01", 1_000_000),
        ("1970-01-01 00:00:01.5 UTC", 1_500_000),
        ("1970-01-01T02:00:01+02:00", 1_000_000),
        ("1601-01-01T00:00:00Z", -11_644_473_600_000_000),
        ("tomorrow", None),
        ("", None),
        (" UTC UTC", None),
    ],
)
def test_iso(text: str, micros: int | None) -> None:
    assert times.iso(text) == micros


@pytest.mark.parametrize(
    ("value", "micros"),
    [
        (1.5, 1_500_000),
        (7, 7_000_000),
        ("1692161622.036086", 1_692_161_622_036_086),
        ("1692161622.0360869", 1_692_161_622_036_086),
        ("-0.5", -500_000),
        ("1.", 1_000_000),
        (True, None),
        (None, None),
        ([], None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        ("1e3", None),
        ("٣", None),
        ("999999999999", None),
    ],
)
def test_epoch(value: object, micros: int | None) -> None:
    assert times.epoch(value) == micros


@given(st.datetimes(timezones=st.just(UTC) | st.integers(-14, 14).map(lambda h: timezone(timedelta(hours=h)))))
def test_a_time_written_is_the_time_read(when: datetime) -> None:
    try:
        micros = (when - EPOCH) // MICROSECOND
    except OverflowError:
        return
    assert times.iso(when.isoformat()) == micros
    assert times.moment(when.isoformat()) == micros
    if when.year >= 1970 and when >= EPOCH:
        assert times.epoch(f"{micros // 1_000_000}.{micros % 1_000_000:06}") == micros


@given(st.text() | st.floats() | st.integers() | st.none() | st.booleans() | st.lists(st.integers()))
def test_anything_else_is_no_time_or_has_a_reason(value: object) -> None:
    micros = times.moment(value)
    reason = times.why_not(value, micros)
    assert (reason is None) == (micros is not None and times.SANE_FROM <= micros < times.SANE_TO)

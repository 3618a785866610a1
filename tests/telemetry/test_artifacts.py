"""What a collection's name says, and times as the tools write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.telemetry.artifacts import Collection, collection, moment, written

NOON = 1_672_574_400_000_000  # 2023-01-01 12:00 UTC


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "/x/Collection-WS1_corp_example-2023-01-01T12_00_00Z.zip!results/Windows.System.Pslist.json",
            ("/x/Collection-WS1_corp_example-2023-01-01T12_00_00Z.zip!", "WS1.corp.example", NOON),
        ),
        (
            "a/Collection-WS-1-2023-01-01T12_00_00_0000_UTC/client_info.json",
            ("a/Collection-WS-1-2023-01-01T12_00_00_0000_UTC/", "WS-1", NOON),
        ),
        ("ws1-C.0123456789abcdef-F.CABC.zip!uploads.json", ("ws1-C.0123456789abcdef-F.CABC.zip!", "ws1", None)),
        ("k/20230101120000_PECmd_Output.json", ("k/", None, NOON)),
        ("k/99999999999999_PECmd_Output.json", ("k/", None, None)),
        ("out.json", ("", None, None)),
    ],
)
def test_a_name_says_what_was_collected_where_and_when(name: str, expected: tuple[str, str | None, int | None]) -> None:
    assert collection(name) == Collection(*expected)


@pytest.mark.parametrize(
    "value",
    [
        NOON // 10**6, NOON // 10**3, NOON, NOON * 1000, NOON / 10**6, "1672574400", "2023-01-01T12:00:00Z",
        "2023-01-01 12:00:00", "2023-01-01T14:00:00.0000000+02:00", "2023-01-01 12:00:00 UTC", "/Date(1672574400000)/",
        ["2022-01-01T00:00:00Z", "2023-01-01T12:00:00Z", "x"],
    ],
)  # fmt: skip
def test_a_time_is_read_in_every_form(value: object) -> None:
    assert moment(value) == NOON


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "",
        "x",
        [],
        {},
        0,
        -1,
        10**400,
        float("nan"),
        float("inf"),
        "1601-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
    ],
)
def test_a_time_that_nobody_set_is_none(value: object) -> None:
    assert moment(value) is None


@given(st.datetimes(datetime(1970, 1, 2), datetime(2099, 12, 31)))
def test_what_is_written_is_read_again(when: datetime) -> None:
    micros = (when.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert moment(written(micros)) == micros

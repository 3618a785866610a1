"""Windows event logs in their own format."""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.telemetry.readers.evtx_writer import chunk, event, evtx

from lodger.telemetry.discovery import choose

Read = Callable[[str, bytes], Any]

WHEN = datetime(2023, 8, 15, 9, 55, 25, 836123)
ROW = {
    "record": 1,
    "time": WHEN,
    "day": date(2023, 8, 15),
    "Computer": "mkt01",
    "EventID": 1,
    "EventRecordID": 1,
    "Level": 4,
    "Channel": "Microsoft-Windows-Sysmon/Operational",
    "Provider": "Microsoft-Windows-Sysmon",
    "other": {},
}
#: Three chunks of one record each.
WHOLE = evtx(*(chunk([event(n, WHEN, 1, Image=f"C:\\{n}.exe")], first=n) for n in (1, 2, 3)))


def rows(reading: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = reading.rows.get("windows_event", [])
    return found


def test_a_whole_file(reading: Read) -> None:
    chosen = choose(WHOLE)
    assert chosen is not None
    assert chosen.name == "evtx"
    found = reading("evtx", WHOLE)
    assert rows(found) == [ROW | {"record": n, "EventRecordID": n, "Image": f"C:\\{n}.exe"} for n in (1, 2, 3)]
    assert (found.asides, found.stops) == ([], [])


def test_fields_without_a_column_and_times_out_of_range(reading: Read) -> None:
    events = [
        event(1, WHEN, 1, Image="a", Zone="b", level="c"),
        event(2, datetime(1601, 1, 1), 1),
        event(3, datetime(9999, 12, 31), 1),
    ]
    found = reading("evtx", evtx(chunk(events)))
    assert rows(found) == [ROW | {"Image": "a", "other": {"Zone": "b", "level": "c"}}]
    assert found.reasons == [
        (2, "time is outside 1970 to 2100 (year 1601)"),
        (3, "time is outside 1970 to 2100 (year 9999)"),
    ]


def test_a_truncated_file_gives_its_whole_chunks_and_says_what_is_missing(reading: Read) -> None:
    found = reading("evtx", WHOLE[: 4096 + 2 * 65_536])
    assert [row["record"] for row in rows(found)] == [1, 2]
    assert found.stops == ["file is cut off: its header counts 3 chunks, 2 are there"]


def test_a_file_cut_inside_a_chunk_gives_the_records_before_the_cut(reading: Read) -> None:
    found = reading("evtx", WHOLE[: 4096 + 65_536 + 30_000])
    assert [row["record"] for row in rows(found)] == [1, 2]
    assert found.stops == ["file is cut off: its header counts 3 chunks, 1 are there"]


def test_a_file_that_ends_within_its_header(reading: Read) -> None:
    found = reading("evtx", WHOLE[:100])
    assert (rows(found), found.asides, found.stops) == ([], [], ["file ends within its header"])


def test_a_damaged_chunk_costs_no_other(reading: Read) -> None:
    damaged = bytearray(WHOLE)
    damaged[4096 + 65_536 : 4096 + 65_536 + 8] = b"garbage!"
    found = reading("evtx", bytes(damaged))
    assert [row["Image"] for row in rows(found)] == ["C:\\1.exe", "C:\\3.exe"]
    ((number, reason),) = found.reasons
    assert number == 2
    assert reason.startswith("chunk 1: Failed to parse chunk header: Invalid EVTX chunk header magic")
    assert found.asides[0].raw == damaged[4096 + 65_536 : 4096 + 2 * 65_536]


def test_a_chunk_that_was_wiped_is_noticed_and_room_at_the_end_is_not(reading: Read) -> None:
    blank = b"\0" * 65_536
    found = reading("evtx", WHOLE[: 4096 + 65_536] + blank + WHOLE[4096 + 2 * 65_536 :] + blank)
    assert found.reasons == [(2, "chunk 1 is blank, with records behind it")]
    assert [row["record"] for row in rows(found)] == [1, 3]
    assert found.stops == []


@pytest.mark.parametrize("table", [128, 384])
@pytest.mark.parametrize("chain", [[600], [600, 700], [65_500], [600, 4_000_000_000]])
def test_chains_that_never_end_or_leave_the_chunk_cost_no_record(reading: Read, table: int, chain: list[int]) -> None:
    damaged = bytearray(chunk([event(1, WHEN, 1, Image="a")], first=1))
    damaged[60_000:65_536] = b"\xff" * 5_536
    tail = 61_000  # behind the records
    places = [at if at > 65_000 else at + tail - 600 for at in chain]
    struct.pack_into("<I", damaged, table, places[0])
    for at, following in zip(places, [*places[1:], places[0]], strict=True):
        if at < 65_000:
            damaged[at : at + 40] = b"\0" * 40
            struct.pack_into("<I", damaged, at, following)
    found = reading("evtx", evtx(bytes(damaged)))
    assert rows(found) == [ROW | {"Image": "a"}]
    assert found.asides == []


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
_FIELDS = st.dictionaries(st.sampled_from(["Image", "CommandLine", "User", "Hashes", "QueryName"]), _TEXT, max_size=5)


@settings(deadline=None)
@given(st.lists(_FIELDS, max_size=8))
def test_records_written_are_rows_read(reading: Read, events: list[dict[str, str]]) -> None:
    content = evtx(chunk([event(n, WHEN, 1, **fields) for n, fields in enumerate(events, 1)])) if events else evtx()
    found = reading("evtx", content)
    assert rows(found) == [ROW | {"record": n, "EventRecordID": n} | fields for n, fields in enumerate(events, 1)]
    assert (found.asides, found.stops) == ([], [])


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.integers(0, 1400), st.integers(0, 255)), min_size=1, max_size=12), st.booleans())
def test_no_damage_stops_the_reader(reading: Read, flips: list[tuple[int, int]], second: bool) -> None:
    damaged = bytearray(
        evtx(chunk([event(n, WHEN, 1, Image="a", User="b") for n in (1, 2)]), chunk([event(3, WHEN, 1)]))
    )
    for at, value in flips:
        damaged[4096 + 65_536 * second + at] = value
    found = reading("evtx", bytes(damaged))
    assert found.numbers == list(range(1, len(found.numbers) + 1))
    if not second:
        assert 3 in [row.get("EventRecordID") for row in rows(found)], "the chunk behind the damage is read"


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_stop_the_reader(reading: Read, noise: bytes) -> None:
    content = b"ElfFile\0" + noise
    choose(content)
    found = reading("evtx", content.ljust(4096, b"\1") + noise)
    assert found.numbers == list(range(1, len(found.numbers) + 1))

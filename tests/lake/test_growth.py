"""A log that goes on being written gives every record once, wherever it was cut when it was read."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lake.test_ingest import CutError, content, cut_at

from lodger.lake import pending
from lodger.lake.growth import LONGEST_HEAD, Trail, Trails, head_key
from lodger.lake.ingest import ingest
from lodger.lake.tables import Lake
from lodger.model.ingest import Silent, SourceReport
from lodger.model.tables import SOURCE

HEAD = "#separator \\x09\n#path\tdns\n#fields\tts\tuid\tid.orig_h\tquery\n#types\ttime\tstring\taddr\tstring\n"
#: Where records come from is told apart: a record of a file that grew is that of the state that brought it.
ORIGIN = {"source", "name"}


def rows(count: int, first: int = 0) -> str:
    return "".join(
        f"{1609459200 + 40000 * number}.5\tC{number}\t10.0.0.1\tname-{number}.example\n"
        for number in range(first, first + count)
    )


def objects(count: int, *, array: bool = False) -> str:
    events = [
        json.dumps({"EventID": 1, "Channel": "c", "Hostname": "h", "EventTime": f"2021-01-01 10:{number:02}:00"})
        for number in range(count)
    ]
    return f"[\n{','.join(events)}]" if array else "\n".join(events) + "\n"


def take(case: Path, *paths: Path) -> tuple[SourceReport, ...]:
    summary = ingest(Lake.create(case), paths, Silent())
    assert summary.problems == ()
    return summary.sources


def records(case: Path) -> list[Any]:
    """All rows of telemetry and all asides, without where they came from."""
    tables = content(case)
    kept = [row for table, found in tables.items() if table not in {"source", "container"} for row in found]
    return sorted(
        ({key: row[key] for key in row.keys() - ORIGIN} for row in kept), key=lambda row: repr(sorted(row.items()))
    )


def test_a_log_that_grew_adds_only_its_new_records(tmp_path: Path) -> None:
    log = tmp_path / "dns.log"
    log.write_text(HEAD + rows(10))
    assert take(tmp_path / "case", log) == (SourceReport(str(log), "zeek_tsv", 10, 10, 0),)
    log.write_text(HEAD + rows(25))
    assert take(tmp_path / "case", log) == (SourceReport(str(log), "zeek_tsv", 15, 15, 0, earlier=10),)
    log.write_text(HEAD + rows(26))
    assert take(tmp_path / "case", log) == (SourceReport(str(log), "zeek_tsv", 1, 1, 0, earlier=25),)
    assert [row["query"] for row in sorted(records(tmp_path / "case"), key=lambda row: row["record"])] == [
        f"name-{number}.example" for number in range(26)
    ]
    assert take(tmp_path / "case", log) == (SourceReport(str(log), "zeek_tsv", 1, 1, 0, already=True, earlier=25),)
    grew = {row["bytes"]: row["grew_from"] for row in content(tmp_path / "case")["source"]}
    assert list(grew.values()).count(None) == 1


def test_a_log_written_anew_under_the_same_name_is_a_new_file(tmp_path: Path) -> None:
    log = tmp_path / "dns.log"
    log.write_text(HEAD + rows(10))
    take(tmp_path / "case", log)
    log.write_text(HEAD + rows(20, first=5))
    assert take(tmp_path / "case", log) == (SourceReport(str(log), "zeek_tsv", 20, 20, 0),)
    assert len(records(tmp_path / "case")) == 30


def test_a_rotated_and_packed_copy_adds_nothing_or_what_came_since(tmp_path: Path) -> None:
    log, old = tmp_path / "dns.log", tmp_path / "dns.2021-01-01.log.gz"
    log.write_text(HEAD + rows(10))
    take(tmp_path / "case", log)
    old.write_bytes(gzip.compress(log.read_bytes()))
    assert take(tmp_path / "case", old) == (SourceReport(str(old), "zeek_tsv", 10, 10, 0, already=True),)
    old.write_bytes(gzip.compress((HEAD + rows(12)).encode()))
    assert take(tmp_path / "case", old) == (SourceReport(str(old), "zeek_tsv", 2, 2, 0, earlier=10),)
    assert len(records(tmp_path / "case")) == 12


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, list[Any]]]:
    """Texts of several formats, and what is recorded of them when they are read once."""
    texts = {
        "tsv": HEAD + rows(6),
        "lines": objects(6),
        "array": objects(6, array=True),
        "crlf": objects(6).replace("\n", "\r\n"),
    }
    found = {}
    for name, text in texts.items():
        folder = tmp_path_factory.mktemp(name)
        (folder / "log").write_bytes(text.encode())
        take(folder / "case", folder / "log")
        found[name] = (text, records(folder / "case"))
        assert len(found[name][1]) == 6
    return found


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_wherever_it_was_cut_each_record_is_counted_once(
    data: st.DataObject, whole: dict[str, tuple[str, list[Any]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text, expected = whole[data.draw(st.sampled_from(sorted(whole)))]
    cuts = sorted(data.draw(st.sets(st.integers(1, len(text) - 1), min_size=1, max_size=3)))
    folder = tmp_path_factory.mktemp("growth")
    for cut in [*cuts, len(text)]:
        (folder / "log").write_bytes(text[:cut].encode())
        take(folder / "case", folder / "log")
    assert records(folder / "case") == expected


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("short", [len(HEAD + rows(7)) - 5, len(HEAD + rows(7)) - 20, len(HEAD + rows(7))])
def test_a_run_over_a_grown_log_that_is_cut_off_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short: int, *, after: bool
) -> None:
    monkeypatch.setattr(pending, "MOST_ROWS", 5)
    log, text = tmp_path / "dns.log", HEAD + rows(12)
    log.write_text(text)
    take(tmp_path / "undisturbed", log)
    for commit in range(1, 4):
        case = tmp_path / f"case{commit}"
        log.write_text(text[:short])
        take(case, log)
        log.write_text(text)
        with cut_at(commit, after=after), contextlib.suppress(CutError):
            take(case, log)
        take(case, log)
        assert records(case) == records(tmp_path / "undisturbed")


def held(trails: Sequence[Trail]) -> pa.Table:
    """The rows of ``source`` of an earlier ingest."""
    rows = [trail._asdict() for trail in trails]
    names = {"bytes": "size", "last_table": "table", "last_day": "day"}
    return pa.table(
        {
            field.name: pa.array([row.get(names.get(field.name, field.name)) for row in rows], field.type)
            for field in SOURCE
        }
    )


@pytest.mark.parametrize("earlier", [0, 2, 5])
def test_of_several_known_beginnings_the_longest_counts(tmp_path: Path, earlier: int) -> None:
    file = tmp_path / "log"
    file.write_bytes(bytes(range(256)) * 1024)
    whole = file.read_bytes()
    sizes = [20, 300, LONGEST_HEAD - 1, LONGEST_HEAD, 200_000]
    fingerprints = [hashlib.sha256(whole[:size]).hexdigest() for size in sizes]
    heads = [head_key(whole[:LONGEST_HEAD], size) for size in sizes]
    known = [
        Trail(fingerprint, size, "zeek_tsv", head, 7, "zeek_dns", date(2024, 3, 1), before, 3)
        for fingerprint, size, head, before in zip(fingerprints, sizes, heads, [None, *fingerprints], strict=False)
    ]

    def trails(count: int) -> Trails:
        """Some from an earlier ingest, the others of this one."""
        made = Trails(held(known[: min(count, earlier)]))
        for trail in known[min(count, earlier) : count]:
            made.add(trail)
        return made

    for count in range(1, len(sizes) + 1):
        found = trails(count).beginning(file, len(whole), whole[:LONGEST_HEAD], "zeek_tsv")
        assert found == known[count - 1]
        assert trails(count).log(fingerprints[0]) == fingerprints[:count][::-1]
    every = trails(len(sizes))
    assert every.knows(fingerprints[4])
    assert not every.knows("0" * 64)
    assert every.longer(LONGEST_HEAD, whole[:LONGEST_HEAD], "zeek_tsv") == fingerprints[::-1]
    assert every.longer(LONGEST_HEAD, whole[:LONGEST_HEAD], "zeek_json") == []
    assert every.beginning(file, len(whole), whole[:LONGEST_HEAD], "zeek_json") is None
    assert every.beginning(file, 20, whole[:20], "zeek_tsv") is None

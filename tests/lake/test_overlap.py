"""An event that comes in several files is counted once: which files, in what order and however disturbed."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lake.test_growth import take
from tests.lake.test_ingest import ROOT, CutError, cut_at
from tests.telemetry.readers.evtx_writer import chunk, event, evtx

from lodger.lake import pending
from lodger.lake.ingest import ingest
from lodger.lake.tables import Lake
from lodger.lake.upkeep import compact, prune
from lodger.model.ingest import Silent, SourceReport

START = datetime(2023, 8, 15, 10, tzinfo=UTC)
SYSMON = "Microsoft-Windows-Sysmon/Operational"
Told = tuple[Any, ...]


def at(number: int) -> datetime:
    """When the event of this number was: some days, with parts of a second."""
    return START + timedelta(hours=7 * number, microseconds=123_456)


def ring(first: int, last: int) -> bytes:
    """An event log that holds these numbers."""
    return evtx(chunk([event(number, at(number), 1) for number in range(first, last + 1)], first))


def exported(number: int, when: datetime | str | None = None, **fields: object) -> dict[str, object]:
    """The event of this number as an exporter writes it."""
    when = at(number) if when is None else when
    stamp = when if isinstance(when, str) else when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    head = {"EventID": 1, "Channel": SYSMON, "Hostname": "mkt01", "RecordNumber": number, "EventTime": stamp}
    return {name: value for name, value in (head | fields).items() if value is not None}


def lines(events: Sequence[dict[str, object]]) -> str:
    return "".join(json.dumps(each) + "\n" for each in events)


def told(case: Path) -> Counter[Told]:
    """What events the lake holds, and how often."""
    rows = DeltaTable(case / "lake" / "windows_event").to_pyarrow_table().to_pylist()
    return Counter((row["Computer"], row["Channel"], row["EventRecordID"], row["EventID"], row["time"]) for row in rows)


def stored(tmp_path: Path, *files: Sequence[dict[str, object]]) -> list[tuple[int, int]]:
    """Take these files of events one after the other: how many of each were stored, and how many were there."""
    reports: list[SourceReport] = []
    for number, events in enumerate(files):
        (tmp_path / f"{number}.json").write_text(lines(events))
        reports += take(tmp_path / "case", tmp_path / f"{number}.json")
    return [(report.stored, report.earlier) for report in reports]


def test_two_collections_of_a_log_that_is_a_ring_give_every_event_once(tmp_path: Path) -> None:
    for name, first, last in (("monday", 1, 9), ("tuesday", 4, 12), ("archived", 1, 5), ("wednesday", 20, 25)):
        (tmp_path / name).write_bytes(ring(first, last))
    names = [tmp_path / name for name in ("monday", "tuesday", "archived", "wednesday")]
    reports = [take(tmp_path / "case", name)[0] for name in names]
    assert reports == [
        SourceReport(str(names[0]), "evtx", 9, 9, 0),
        SourceReport(str(names[1]), "evtx", 3, 3, 0, earlier=6),
        SourceReport(str(names[2]), "evtx", 0, 0, 0, earlier=5),
        SourceReport(str(names[3]), "evtx", 6, 6, 0),
    ]
    assert sorted(number for _, _, number, _, _ in told(tmp_path / "case").elements()) == [
        *range(1, 13),
        *range(20, 26),
    ]
    assert take(tmp_path / "case", names[1]) == (SourceReport(str(names[1]), "evtx", 3, 3, 0, earlier=6, already=True),)


@pytest.mark.parametrize("rows", [1, 4, 1000])
def test_it_does_not_matter_whether_the_first_is_committed_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(pending, "MOST_ROWS", rows)
    for name, first, last in (("a", 1, 9), ("b", 4, 12), ("c", 2, 11)):
        (tmp_path / name).write_bytes(ring(first, last))
    reports = take(tmp_path / "case", tmp_path / "a", tmp_path / "b", tmp_path / "c")
    assert [(report.stored, report.earlier) for report in reports] == [(9, 0), (3, 6), (0, 10)]
    assert len(told(tmp_path / "case")) == told(tmp_path / "case").total() == 12


@pytest.mark.parametrize(
    "stamp", ["2023-08-15T17:00:00.123456Z", "2023-08-15T17:00:00.123Z", "2023-08-15 17:00:00", "2023-08-15T17:00:00Z"]
)
@pytest.mark.parametrize("host", ["mkt01", "MKT01", "mkt01.pandalab.com"])
def test_an_event_is_the_same_beside_its_export(tmp_path: Path, stamp: str, host: str) -> None:
    (tmp_path / "log.evtx").write_bytes(ring(1, 3))
    (tmp_path / "log.json").write_text(lines([exported(1, stamp, Hostname=host)]))
    (tmp_path / "export").mkdir()
    for order in (["log.evtx", "log.json"], ["log.json", "log.evtx"]):
        shutil.rmtree(tmp_path / "case", ignore_errors=True)
        take(tmp_path / "case", *(tmp_path / name for name in order))
        assert told(tmp_path / "case").total() == 3


@pytest.mark.parametrize(
    "other",
    [
        {"RecordNumber": 2},
        {"EventID": 3},
        {"Channel": "Security"},
        {"Hostname": "mkt02"},
        {"EventTime": "2023-08-15T17:00:00.123457Z"},
        {"EventTime": "2023-08-15T17:00:00.124Z"},
        {"EventTime": "2023-08-15T17:00:01Z"},
        {"EventTime": "2022-08-15T17:00:00.123456Z"},
    ],
)
def test_another_event_is_another(tmp_path: Path, other: dict[str, object]) -> None:
    assert stored(tmp_path, [exported(1)], [exported(1) | other]) == [(1, 0), (1, 0)]


def test_hosts_of_one_name_in_two_domains_are_two(tmp_path: Path) -> None:
    files = [[exported(1, Hostname=host)] for host in ("web1.a.example", "web1.b.example", "WEB1.A.example")]
    assert stored(tmp_path, *files) == [(1, 0), (1, 0), (0, 1)]


@pytest.mark.parametrize("gone", ["RecordNumber", "Hostname"])
def test_events_that_their_log_does_not_number_are_not_compared(tmp_path: Path, gone: str) -> None:
    events = [exported(1, **{gone: None}), exported(1, **{gone: None})]
    assert stored(tmp_path, events, events[:1]) == [(2, 0), (1, 0)]


def test_an_event_that_is_in_one_file_twice_is_one(tmp_path: Path) -> None:
    again = [exported(1), exported(2), exported(1), exported(1)]
    assert stored(tmp_path, again, [exported(2), exported(3)]) == [(2, 2), (1, 1)]


def test_times_at_the_edge_of_the_calendar_are_compared(tmp_path: Path) -> None:
    edges = [exported(1, "2099-12-31T23:59:59.999999Z"), exported(1, "1970-01-01T00:00:01Z")]
    assert stored(tmp_path, edges, [*edges, exported(2)]) == [(2, 0), (1, 2)]


def test_what_is_called_a_number_but_is_none_loses_no_event_of_a_file(tmp_path: Path) -> None:
    apart = [exported(1, START + timedelta(microseconds=7 * number)) for number in range(50)]
    same_time = [exported(1, START, Image=f"{number}.exe") for number in range(50)]
    assert stored(tmp_path, apart + same_time) == [(100, 0)]


def test_compaction_forgets_nothing_and_what_was_pruned_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(ring(1, 9))
    take(tmp_path / "case", tmp_path / "a")
    compact(Lake(tmp_path / "case"), Silent())
    (tmp_path / "b").write_bytes(ring(1, 10))
    assert take(tmp_path / "case", tmp_path / "b")[0].stored == 1
    old = sum(at(number).date() < date(2023, 8, 17) for number in range(1, 10))
    prune(Lake(tmp_path / "case"), date(2023, 8, 17))
    (tmp_path / "c").write_bytes(ring(1, 11))
    report = take(tmp_path / "case", tmp_path / "c")[0]
    assert (report.stored, report.earlier) == (old + 1, 10 - old)


def test_an_export_that_grew_after_its_last_line_was_read_without_an_end(tmp_path: Path) -> None:
    text = lines([exported(number) for number in range(1, 7)])
    log = tmp_path / "log.json"
    for count in (2, 4, 6):
        log.write_text("\n".join(text.splitlines()[:count]))
        take(tmp_path / "case", log)
        assert told(tmp_path / "case").total() == count
    (tmp_path / "copy.evtx").write_bytes(ring(1, 7))
    assert take(tmp_path / "case", tmp_path / "copy.evtx")[0].stored == 1


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=40), min_size=1, max_size=5),
    runs=st.lists(st.tuples(st.integers(1, 6), st.booleans(), st.permutations(range(5))), max_size=4),
    rows=st.integers(1, 60),
)
def test_whatever_is_cut_off_and_in_what_order_it_is_taken_again_every_event_is_there_once(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    files: list[list[int]],
    runs: list[tuple[int, bool, list[int]]],
    rows: int,
) -> None:
    monkeypatch.setattr(pending, "MOST_ROWS", rows)
    folder = tmp_path_factory.mktemp("overlap")
    paths = [folder / f"{number}.json" for number in range(len(files))]
    for path, numbers in zip(paths, files, strict=True):
        path.write_text(lines([exported(number) for number in numbers]))
    lake = Lake.create(folder / "case")
    for commit, after, order in runs:
        with cut_at(commit, after=after), contextlib.suppress(CutError):
            ingest(lake, [paths[number] for number in order if number < len(paths)], Silent())
    reports = ingest(lake, paths, Silent()).sources
    distinct = {number for each in files for number in each}
    assert told(folder / "case") == Counter(
        ("mkt01", SYSMON, number, 1, at(number).replace(tzinfo=None)) for number in distinct
    )
    for report, written in zip(reports, files, strict=True):
        assert report.read == report.stored + report.aside
        assert report.stored + report.earlier == len(written)


@pytest.mark.parametrize("parts", [False, True], ids=["whole", "in parts"])
def test_an_ingest_killed_at_random_moments_over_files_that_overlap(tmp_path: Path, *, parts: bool) -> None:
    logs, rng = tmp_path / "logs", random.Random(7)
    logs.mkdir()
    for number in range(12):
        first = rng.randint(1, 400)
        last = first + rng.randint(1, 90)
        content = lines([exported(each) for each in range(first, last + 1)]).encode() if parts else ring(first, last)
        (logs / f"{number:02}.log").write_bytes(content)
    take(tmp_path / "undisturbed", logs)
    expected = told(tmp_path / "undisturbed")
    assert set(expected.values()) == {1}
    program = (
        "import sys, time; from pathlib import Path; from lodger.lake import ingest as i, pending; "
        "from lodger.lake.tables import Lake; from lodger.model.ingest import Silent; pending.MOST_ROWS = 40; "
        "from lodger.telemetry import parts, workers; "
        f"parts.PART, workers.LARGE = {'500, 1' if parts else 'parts.PART, workers.LARGE'}; "
        "print('ready', flush=True); i.ingest(Lake.create(Path(sys.argv[1])), [sys.argv[2]], Silent())"
    )
    killed = 0
    for round_ in range(2):
        case = tmp_path / f"case{round_}"
        for _ in range(3):
            command = [sys.executable, "-c", program, str(case), str(logs)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
                assert process.stdout is not None
                process.stdout.readline()
                time.sleep(rng.uniform(0, 1.2 if parts else 0.4))
                process.send_signal(signal.SIGKILL)
                killed += process.wait() == -signal.SIGKILL
        take(case, logs)
        assert told(case) == expected
    assert killed > 1


def test_real_logs_with_other_bytes_in_their_headers_add_no_event(tmp_path: Path, shared_data: Path) -> None:
    archive = shared_data / "evtx" / "plaso.zip"
    shutil.unpack_archive(archive, tmp_path / "logs")
    first = take(tmp_path / "case", archive)
    before = told(tmp_path / "case")
    for log in [path for path in (tmp_path / "logs").rglob("*") if path.is_file()]:
        content = bytearray(log.read_bytes())
        content[100] ^= 1
        log.write_bytes(content)
    again = take(tmp_path / "case", tmp_path / "logs")
    assert (sum(each.stored for each in again), sum(each.earlier for each in again)) == (0, before.total())
    assert told(tmp_path / "case") == before
    assert sum(each.stored for each in first) == before.total() == 5009

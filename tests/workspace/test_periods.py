"""Day by day is the same as all days at once; what is kept of a period is made anew when, and only when, it must be."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.errors import CaseError, CaseHeldError
from lodger.evidence import regular
from lodger.evidence.rhythm import rhythms
from lodger.lab import write_fleet
from lodger.lab.fleet import START
from lodger.lake.case import sole_analyst
from lodger.lake.files import LiveFile
from lodger.lake.tables import Lake
from lodger.model.ingest import Silent
from lodger.workspace import Workspace, periods

DAYS = 6
#: Of the small fleet below some two days' records.
FEW = 2_500
#: What an analysis answers.
ANSWERS = ("ranked", "evidence", "stay", "contact_day", "coverage", "eligible", "judged")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periods, "ROWS", FEW)
    monkeypatch.setattr(periods, "_SIZES", (2,))


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("periods") / "fleet"
    write_fleet(folder, seed=5, hosts=2, days=DAYS)
    return folder


def of_day(fleet: Path, number: int) -> list[Path]:
    day = (START + timedelta(days=number)).isoformat()
    return [fleet / "zeek" / day, *sorted((fleet / "hosts").glob(f"*/events-{day}.jsonl"))]


def rows(path: Path, table: str) -> list[str]:
    return sorted(map(repr, Workspace.open(path).sql(f"FROM {table}").to_pylist()))  # of ANSWERS


def answer(path: Path) -> dict[str, list[str]]:
    return {table: rows(path, table) for table in ANSWERS}


def analysed(path: Path, batches: Iterable[Iterable[Path]]) -> dict[str, list[str]]:
    """The answer after ingesting and analysing batch after batch."""
    workspace = Workspace.create_or_open(path)
    for batch in batches:
        workspace.ingest(list(batch))
        workspace.analyse()
    return answer(path)


@pytest.fixture(scope="module")
def at_once(fleet: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[str]]]:
    path = tmp_path_factory.mktemp("at_once") / "case"
    with pytest.MonkeyPatch.context() as patch:  # the fixture above is not there yet
        patch.setattr(periods, "ROWS", FEW)
        patch.setattr(periods, "_SIZES", (2,))
        return path, analysed(path, [[fleet]])


def folders(path: Path) -> set[str]:
    """What is kept of periods, but for what was read until the last analysis."""
    told = set(Lake(path).findings_table("period")["folder"].to_pylist())
    assert told <= {folder.name for folder in (path / "periods").iterdir()}
    return told


def test_contacts_are_told_from_what_the_last_analysis_read_until_the_next_has_another_answer(
    fleet: Path, tmp_path: Path
) -> None:
    path = tmp_path / "case"
    analysed(path, [of_day(fleet, 0)])
    first = folders(path)
    analysed(path, [of_day(fleet, 1)])
    assert not first & folders(path)
    there = {folder.name for folder in (path / "periods").iterdir()}
    assert there == first | folders(path), "whoever began to read before the answer changed still finds it"
    Workspace.open(path).analyse()
    assert {folder.name for folder in (path / "periods").iterdir()} == folders(path)
    shutil.rmtree(path / "periods")
    with pytest.raises(CaseError, match="contacts of the last analysis are gone"):
        Workspace.open(path).ranked()


def test_day_by_day_gives_what_all_days_at_once_give(
    fleet: Path, at_once: tuple[Path, dict[str, list[str]]], tmp_path: Path
) -> None:
    path, whole = at_once
    by_day = analysed(tmp_path / "case", (of_day(fleet, number) for number in range(DAYS)))
    assert by_day == whole
    assert folders(tmp_path / "case") == folders(path)
    assert len(folders(path)) >= 3
    assert len(whole["evidence"]) > 20


def test_what_is_put_together_of_what_was_and_what_is_put_together_at_once_are_the_same(
    fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(periods, "ROWS", 1)  # each day is a period
    monkeypatch.setattr(periods, "_SIZES", (4, 2))
    batches = [[file for day in days for file in of_day(fleet, day)] for days in ((0, 1, 2), (3, 4, 5))]
    of_two_and_singles = analysed(tmp_path / "grown", batches)
    of_singles = analysed(tmp_path / "case", [[fleet]])
    assert of_two_and_singles == of_singles
    assert folders(tmp_path / "grown") == folders(tmp_path / "case")
    assert "4" in {name.rpartition("-")[2] for name in folders(tmp_path / "case")}


def test_records_that_come_late_change_their_period_and_those_after_it_and_the_answer_is_the_same(
    fleet: Path, at_once: tuple[Path, dict[str, list[str]]], tmp_path: Path
) -> None:
    path, whole = at_once
    late = of_day(fleet, 3)[-1]
    in_time = [file for number in range(DAYS) for file in of_day(fleet, number) if file != late]
    analysed(tmp_path / "case", [in_time])
    before = folders(tmp_path / "case")
    assert analysed(tmp_path / "case", [[late]]) == whole
    after = folders(tmp_path / "case")
    assert after == folders(path)
    assert before & after, "what came before the late records still holds"
    assert before - after


def test_an_analysis_without_news_makes_no_period_anew(at_once: tuple[Path, dict[str, list[str]]]) -> None:
    path, whole = at_once
    before = {file: file.stat().st_mtime_ns for file in (path / "periods").rglob("*.parquet")}
    Workspace.open(path).analyse()
    assert answer(path) == whole
    assert {file: file.stat().st_mtime_ns for file in (path / "periods").rglob("*.parquet")} == before


def test_what_calls_said_and_cannot_be_read_is_asked_again(
    fleet: Path, at_once: tuple[Path, dict[str, list[str]]], tmp_path: Path
) -> None:
    path, whole = at_once
    shutil.copytree(path, tmp_path / "case")
    for file in Lake(tmp_path / "case").findings_files("judged"):
        Path(file).write_bytes(b"damaged")
    Workspace.open(tmp_path / "case").analyse()
    assert answer(tmp_path / "case") == whole


def test_calls_are_judged_once(fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[int] = []

    def counted(batch: pa.RecordBatch) -> pa.RecordBatch:
        judged.append(batch.num_rows)
        return rhythms(batch)

    monkeypatch.setattr(regular, "rhythms", counted)
    analysed(tmp_path / "case", [of_day(fleet, 0), of_day(fleet, 1)])
    units = len(Workspace.open(tmp_path / "case").sql("FROM judged"))
    assert sum(judged) > units > 10
    judged.clear()
    Workspace.open(tmp_path / "case").analyse()
    assert sum(judged) == 0
    shutil.rmtree(tmp_path / "case" / "periods")
    Workspace.open(tmp_path / "case").analyse()
    assert sum(judged) == 0, "the calls are those that they were"


def test_what_was_deleted_or_cut_off_is_made_anew(at_once: tuple[Path, dict[str, list[str]]], tmp_path: Path) -> None:
    path, whole = at_once
    shutil.copytree(path, tmp_path / "case")
    kept = sorted((tmp_path / "case" / "periods").iterdir())
    shutil.rmtree(kept[1])
    (kept[0] / "names.parquet").write_bytes(b"damaged")
    half = tmp_path / "case" / "spool" / f"period-{kept[1].name}"
    half.mkdir(parents=True)
    (half / "stay.parquet").write_bytes(b"cut off")
    Workspace.open(tmp_path / "case").analyse()
    assert answer(tmp_path / "case") == whole
    assert sorted((tmp_path / "case" / "periods").iterdir()) == kept
    assert not half.exists()


def _event(day: date, computer: str, record: int) -> dict[str, Any]:
    time = f"{day.isoformat()} 09:00:{record:02}.000"
    return {
        "Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1, "Hostname": computer, "EventRecordID": record,
        "@timestamp": f"{time[:10]}T{time[11:]}Z", "UtcTime": time,
        "ProcessGuid": f"{{00000000-0000-0000-0000-0000000000{record:02}}}", "ProcessId": str(record),
        "Image": rf"C:\Tools\tool{record}.exe", "CommandLine": "tool",
        "ParentProcessGuid": "{00000000-0000-0000-0000-000000000001}", "ParentProcessId": "1",
        "ParentImage": r"C:\Windows\explorer.exe",
    }  # fmt: skip


def test_a_host_that_gets_its_full_name_later_is_one_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periods, "ROWS", 2)
    workspace = Workspace.create_or_open(tmp_path / "case")
    for number, computer in enumerate(("ws1", "ws1", "ws1.corp.example")):
        log = tmp_path / f"{number}.jsonl"
        events = (_event(START + timedelta(days=number), computer, 10 * number + k) for k in (2, 3))
        log.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
        workspace.ingest([log])
        workspace.analyse()
    stays = workspace.sql("SELECT DISTINCT host FROM stay").to_pylist()
    assert stays == [{"host": "ws1.corp.example"}]


def test_a_record_that_was_half_and_is_whole_now_is_told_whole(tmp_path: Path) -> None:
    """As many rows on as many days as before: only that the log has grown tells that they are others."""
    names = "ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\torig_bytes"
    header = f"#separator \\x09\n#path\tconn\n#fields\t{names}\n"
    types = "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tcount\n"
    line = "1711965600.000000\tC1\t10.0.0.5\t50000\t192.0.2.9\t443\ttcp\t1234567"
    log, workspace = tmp_path / "conn.log", Workspace.create_or_open(tmp_path / "case")
    told = []
    for text in (line[:-3], line + "\n"):
        log.write_text(header + types + text, encoding="utf-8")
        workspace.ingest([log])
        workspace.analyse()
        told.append(workspace.sql("SELECT orig_bytes FROM zeek_conn").to_pylist())
        told.append(workspace.sql("SELECT bytes_out FROM contact_day").to_pylist())
    assert told == [
        [{"orig_bytes": 1234}],
        [{"bytes_out": 1234}],
        [{"orig_bytes": 1234567}],
        [{"bytes_out": 1234567}],
    ]


def test_a_case_without_records_has_an_empty_answer(tmp_path: Path) -> None:
    workspace = Workspace.create_or_open(tmp_path / "case")
    assert workspace.analyse().stays == 0


def test_two_analyses_at_a_time_are_one_too_many(tmp_path: Path) -> None:
    workspace = Workspace.create_or_open(tmp_path / "case")
    with sole_analyst(workspace.path), pytest.raises(CaseHeldError, match="another analysis"):
        workspace.analyse()


def test_periods_are_made_of_what_they_are_told(tmp_path: Path) -> None:
    """A process of an earlier period is who it was, and a later period does not see it start again."""
    tests = Workspace.create_or_open(tmp_path / "case")
    logs = []
    for number in range(3):
        day = START + timedelta(days=number)
        first = _event(day, "ws1", 4)
        act = {
            **{name: first[name] for name in ("Channel", "Hostname", "ProcessGuid", "ProcessId", "Image")},
            "EventID": 11, "EventRecordID": 100 + number, "@timestamp": f"{day.isoformat()}T10:00:00.000Z",
            "UtcTime": f"{day.isoformat()} 10:00:00.000", "TargetFilename": rf"C:\Tools\out{number}.txt",
        }  # fmt: skip
        events = [first, act] if number == 0 else [act]
        logs.append(tmp_path / f"{number}.jsonl")
        logs[-1].write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(periods, "ROWS", 1)
        tests.ingest(logs)
        tests.analyse()
    (stay,) = tests.sql("SELECT program, days, launches, cmd_line FROM stay WHERE name = 'tool4.exe'").to_pylist()
    assert stay == {"program": r"\tools\tool4.exe", "days": 3, "launches": 1, "cmd_line": "tool"}


@given(
    st.dictionaries(st.tuples(st.integers(0, 60), st.sampled_from(["zeek_conn", "windows_event"])), st.integers(1, 50)),
    st.integers(1, 200),
)
def test_periods_are_the_days_in_order_each_closed_by_the_day_that_fills_it(
    counts: dict[tuple[int, str], int], most: int
) -> None:
    live: dict[str, list[LiveFile]] = {"source": [LiveFile("a", 3, 1, None)]}
    for (number, table), rows in counts.items():
        live.setdefault(table, []).append(LiveFile(f"{number}", rows, 1, START + timedelta(days=number)))
    found = periods.cut(live, most, {})
    days = [day for period in found for day in period.days]
    assert days == sorted({START + timedelta(days=number) for number, _ in counts})
    for period in found[:-1]:
        sizes = [sum(n for day, _, n in period.rows if day == each) for each in period.days]
        assert sum(sizes[:-1]) < most <= sum(sizes)
    # what came before the last day is cut the same way without it: a closed period stays as it is
    without = {name: [file for file in files if file.day != days[-1]] for name, files in live.items()} if days else {}
    assert periods.cut(without, most, {})[:-1] == found[: len(periods.cut(without, most, {})) - 1]


@pytest.mark.parametrize(
    ("count", "found"),
    [
        (1, [(0, 1)]),
        (8, [(0, 1), (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (7, 1)]),
        (9, [(0, 8), (8, 1)]),
        (74, [(0, 64), (64, 8), (72, 1), (73, 1)]),
    ],
)
def test_closed_periods_are_put_together_and_the_last_stays_by_itself(
    count: int, found: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(periods, "_SIZES", (64, 8))
    assert periods.bundled(count) == found


def test_a_period_is_told_apart_by_its_records_alone() -> None:
    one, other = (periods.cut({"zeek_conn": [LiveFile(name, 5, 1, START)]}, 10, {}) for name in ("a", "b"))
    assert one[0].own == other[0].own, "files are put together by the upkeep, and hold the same"
    assert periods.cut({"zeek_dns": [LiveFile("a", 5, 1, START)]}, 10, {})[0].own != one[0].own


def test_progress_is_told_for_each_period(fleet: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int | None]] = []

    class Listening(Silent):
        def phase(self, name: str, total: int | None) -> None:
            told.append((name, total))

    workspace = Workspace.create_or_open(tmp_path / "case")
    workspace.ingest(of_day(fleet, 0))
    workspace.analyse(Listening())
    names = [name for name, _ in told]
    assert names.index("events") < names.index("stays") < names.index("evidence") < names.index("verdict")
    assert dict(told)["events"]

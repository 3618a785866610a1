"""Every file is taken exactly once, whatever is killed when, and every record of it is accounted for."""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lake import fake_telemetry

from lodger.errors import CaseError
from lodger.lake import pending, reading
from lodger.lake.case import sole_writer
from lodger.lake.ingest import UNKNOWN, ingest
from lodger.lake.tables import Lake
from lodger.model.ingest import IngestSummary, Silent, SourceReport
from lodger.model.tables import LAKE

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lodger.lake.ingest.find", fake_telemetry.find)
    monkeypatch.setattr("lodger.lake.ingest.choose", fake_telemetry.choose)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs"


def write(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["fake", *lines]))


def some_logs(folder: Path, seed: int, files: int = 12) -> None:
    """Files of several tables, asides among them, some in boxes, some twice."""
    rng = random.Random(seed)
    tables = ["zeek_other", "zeek_conn", "zeek_dns"]
    for number in range(files):
        lines = [
            f"aside {rng.random()}" if rng.random() < 0.1 else f"{rng.choice(tables)} 2021-01-{rng.randint(1, 4):02}"
            for _ in range(rng.choice([0, 3, 30, 100]))
        ]
        box = rng.choice(["", "", "a.box", "b.box"])
        write(folder / box / f"{number:02}.log", *lines)
        if rng.random() < 0.2:
            write(folder / f"{number:02}-copy.log", *lines)


def take(case: Path, *folders: Path) -> IngestSummary:
    return ingest(Lake.create(case), folders, Silent())


def content(case: Path) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, in one order, without the times of ingest."""
    lake = Lake(case)
    rows = {
        table: DeltaTable(case / "lake" / table).to_pyarrow_table().cast(LAKE[table]).to_pylist()
        for table in lake.tables()
    }
    for row in rows.get("source", []):
        row.pop("ingested")
    return {table: sorted(found, key=repr) for table, found in rows.items()}


def versions(case: Path) -> dict[str, int]:
    return {table: DeltaTable(case / "lake" / table).version() for table in Lake(case).tables()}


def test_every_file_is_reported_with_what_became_of_its_records(tmp_path: Path, logs: Path) -> None:
    write(logs / "a.log", "zeek_dns 2021-01-01", "aside broken", "zeek_conn 2021-01-02")
    write(logs / "b.log", "zeek_dns 2021-01-01", "stop the file is cut off at byte 99", "zeek_dns 2021-01-01")
    (logs / "c.jpg").write_bytes(b"\xff\xd8\xff")
    (logs / "empty").write_bytes(b"")
    (logs / "d.bomb").write_bytes(b"")
    assert take(tmp_path / "case", logs) == IngestSummary(
        (
            SourceReport("a.log", "fake", 3, 2, 1),
            SourceReport("b.log", "fake", 1, 1, 0, "the file is cut off at byte 99"),
            SourceReport("c.jpg", "", 0, 0, 0, UNKNOWN),
            SourceReport("empty", "", 0, 0, 0, UNKNOWN),
        ),
        ("d.bomb: unpacks to too much",),
    )
    rows = content(tmp_path / "case")
    assert {table: len(found) for table, found in rows.items()} == {
        "zeek_conn": 1, "zeek_dns": 2, "kept_aside": 1, "source": 4,
    }  # fmt: skip
    (aside,) = rows["kept_aside"]
    assert (aside["record"], aside["reason"], aside["raw"]) == (2, "broken", b"aside broken")
    assert [row["problem"] for row in rows["source"] if row["name"] == "b.log"] == ["the file is cut off at byte 99"]


def test_rows_lead_back_to_file_and_record(tmp_path: Path, logs: Path) -> None:
    write(logs / "a.log", *["zeek_dns 2021-01-01", "zeek_conn 2021-01-01"] * 40)
    write(logs / "b.log", "zeek_dns 2021-01-01")
    take(tmp_path / "case", logs)
    rows = content(tmp_path / "case")
    names = {row["source"]: row["name"] for row in rows["source"]}
    back = sorted((names[row["source"]], row["record"]) for row in rows["zeek_dns"])
    assert back == [*(("a.log", number) for number in range(1, 80, 2)), ("b.log", 1)]
    assert all(row["other"] == [("number", str(row["record"]))] for row in rows["zeek_dns"])


def test_a_second_ingest_adds_nothing_and_says_so(tmp_path: Path, logs: Path) -> None:
    some_logs(logs, 1)
    first = take(tmp_path / "case", logs)
    before = content(tmp_path / "case"), versions(tmp_path / "case")
    second = take(tmp_path / "case", logs)
    assert (content(tmp_path / "case"), versions(tmp_path / "case")) == before
    assert all(report.already for report in second.sources)
    assert [(r.name, r.reader, r.read, r.stored, r.aside, r.problem) for r in second.sources] == [
        (r.name, r.reader, r.read, r.stored, r.aside, r.problem) for r in first.sources
    ]


def test_new_files_in_a_known_folder_are_taken(tmp_path: Path, logs: Path) -> None:
    some_logs(logs, 2)
    take(tmp_path / "case", logs)
    write(logs / "new.log", "zeek_dns 2021-02-01")
    new = [report for report in take(tmp_path / "case", logs).sources if not report.already]
    assert new == [SourceReport("new.log", "fake", 1, 1, 0)]


def test_equal_content_under_two_names_is_taken_once(tmp_path: Path, logs: Path) -> None:
    for name in ["a.log", "b.log", "one.box/c.log", "two.box/c.log", "two.box/d.log"]:
        write(logs / name, "zeek_dns 2021-01-01", "aside x")
    names = ["a.log", "b.log", "one.box!c.log", "two.box!c.log", "two.box!d.log"]
    already = tuple(SourceReport(name, "fake", 2, 1, 1, already=True) for name in names)
    summary = take(tmp_path / "case", logs)
    assert summary.sources == (SourceReport("a.log", "fake", 2, 1, 1), *already[1:])
    rows = content(tmp_path / "case")
    assert [len(rows[table]) for table in ("zeek_dns", "kept_aside", "source", "container")] == [1, 1, 1, 3]
    assert take(tmp_path / "case", logs).sources == already


def test_a_container_with_a_problem_is_looked_at_again_and_adds_nothing(tmp_path: Path, logs: Path) -> None:
    write(logs / "x.box" / "a.log", "zeek_dns 2021-01-01")
    write(logs / "x.box" / "b.bomb")
    problems = ("x.box!b.bomb: unpacks to too much",)
    report = SourceReport("x.box!a.log", "fake", 1, 1, 0)
    assert take(tmp_path / "case", logs) == IngestSummary((report,), problems)
    again = SourceReport("x.box!a.log", "fake", 1, 1, 0, already=True)
    assert take(tmp_path / "case", logs) == IngestSummary((again,), problems)
    assert len(content(tmp_path / "case")["zeek_dns"]) == 1


def test_many_small_files_share_a_commit(tmp_path: Path, logs: Path) -> None:
    for number in range(300):
        write(logs / f"{number}.log", f"zeek_dns 2021-01-{number % 20 + 1:02}", f"aside {number:03}")
    take(tmp_path / "case", logs)
    assert versions(tmp_path / "case") == {"zeek_dns": 1, "kept_aside": 1, "source": 1}


def test_a_large_file_is_committed_in_parts(tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "MOST_ROWS", 100)
    write(logs / "a.log", *["zeek_dns 2021-01-01"] * 1000)
    take(tmp_path / "case", logs)
    assert versions(tmp_path / "case") == {"zeek_dns": 10, "source": 1}
    assert [row["record"] for row in content(tmp_path / "case")["zeek_dns"]].__len__() == 1000


class CutError(Exception):
    """The run ends here."""


@contextlib.contextmanager
def cut_at(commit: int, *, after: bool) -> Iterator[None]:
    """End the run at the commit of this number, before it is made or right after."""
    append, count = Lake.append, 0

    def failing(self: Lake, table: str, data: pa.Table, marks: dict[str, int]) -> None:
        nonlocal count
        count += 1
        if count == commit and not after:
            raise CutError
        append(self, table, data, marks)
        if count == commit:
            raise CutError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Lake, "append", failing)
        yield


@pytest.mark.parametrize("after", [False, True])
def test_a_run_cut_off_at_any_commit_is_finished_by_the_next(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    monkeypatch.setattr(pending, "MOST_ROWS", 60)
    some_logs(logs, 3, files=5)
    summary = take(tmp_path / "undisturbed", logs)
    expected = content(tmp_path / "undisturbed")
    commits = sum(versions(tmp_path / "undisturbed").values())
    assert commits > 15
    for commit in range(1, commits + 1):
        case = tmp_path / f"case{commit}"
        with cut_at(commit, after=after), pytest.raises(CutError):
            take(case, logs)
        finished = take(case, logs)
        assert content(case) == expected
        assert [(r.name, r.read) for r in finished.sources] == [(r.name, r.read) for r in summary.sources]
        assert all(report.already for report in take(case, logs).sources)


LINE = st.sampled_from(["zeek_dns 2021-01-01", "zeek_dns 2021-01-02", "zeek_conn 2021-01-01", "aside x", "aside y"])
FILES = st.lists(st.tuples(st.sampled_from(["", "a.box", "b.box"]), st.lists(LINE, max_size=60)), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=FILES, cuts=st.lists(st.tuples(st.integers(1, 12), st.booleans()), max_size=4), rows=st.integers(1, 80))
def test_whatever_is_cut_off_how_often_the_lake_ends_up_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    files: list[tuple[str, list[str]]],
    cuts: list[tuple[int, bool]],
    rows: int,
) -> None:
    monkeypatch.setattr(pending, "MOST_ROWS", rows)
    folder = tmp_path_factory.mktemp("files")
    for number, (box, lines) in enumerate(files):
        write(folder / "logs" / box / f"{number}.log", *lines)
    (folder / "logs").mkdir(exist_ok=True)
    take(folder / "undisturbed", folder / "logs")
    for commit, after in cuts:
        with cut_at(commit, after=after), contextlib.suppress(CutError):
            take(folder / "case", folder / "logs")
    take(folder / "case", folder / "logs")
    assert content(folder / "case") == content(folder / "undisturbed")


def test_a_run_killed_at_random_moments_loses_and_doubles_nothing(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending, "MOST_ROWS", 60)
    some_logs(logs, 4, files=20)
    take(tmp_path / "undisturbed", logs)
    expected = content(tmp_path / "undisturbed")
    rng = random.Random(5)
    killed = 0
    for round_ in range(5):
        case = tmp_path / f"case{round_}"
        for _ in range(5):
            command = [sys.executable, "-m", "tests.lake.fake_telemetry", str(case), str(logs)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
                assert process.stdout is not None
                assert process.stdout.readline() == b"ready\n"
                time.sleep(rng.uniform(0.0, 0.25))
                process.kill()
                killed += process.wait() == -signal.SIGKILL
        take(case, logs)
        assert content(case) == expected
    assert killed > 15


def test_a_file_that_fails_while_it_is_read_is_not_promised_and_not_doubled(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending, "MOST_ROWS", 40)
    lines = ["zeek_dns 2021-01-01", "aside x"] * 50
    write(logs / "a.log", *lines, "fail")
    write(logs / "b.log", "zeek_conn 2021-01-01")
    first = take(tmp_path / "case", logs)
    assert first == IngestSummary(
        (SourceReport("b.log", "fake", 1, 1, 0),), ("a.log: cannot be read: input/output error",)
    )
    (fails,) = [number for number, line in enumerate((logs / "a.log").read_text().splitlines()) if line == "fail"]
    assert fails == 101
    monkeypatch.setattr(fake_telemetry, "FAILS", False)
    second = take(tmp_path / "case", logs)
    assert second.sources[0] == SourceReport("a.log", "fake", 100, 50, 50)
    rows = content(tmp_path / "case")
    assert [len(rows[table]) for table in ("zeek_dns", "kept_aside", "source")] == [50, 50, 2]


def test_content_that_failed_under_one_name_is_not_doubled_under_the_next(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending, "MOST_ROWS", 40)
    monkeypatch.setattr(fake_telemetry, "FAILS", {"a.log"})
    for name in ["a.log", "b.log"]:
        write(logs / name, *["zeek_dns 2021-01-01", "aside x"] * 50, "fail")
    summary = take(tmp_path / "case", logs)
    assert summary.sources == (SourceReport("b.log", "fake", 100, 50, 50),)
    rows = content(tmp_path / "case")
    assert [len(rows[table]) for table in ("zeek_dns", "kept_aside", "source")] == [50, 50, 1]


def test_records_of_too_many_days_are_kept_aside_with_what_they_say(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_DAYS", 5)
    days = [f"zeek_dns 2021-01-{day:02}" for day in range(1, 31)]
    write(logs / "a.log", *days, *days, "zeek_conn 2021-01-31")
    (report,) = take(tmp_path / "case", logs).sources
    assert report == SourceReport("a.log", "fake", 61, 11, 50)
    rows = content(tmp_path / "case")
    assert sorted({row["day"].day for row in rows["zeek_dns"]}) == [1, 2, 3, 4, 5]
    aside = next(row for row in rows["kept_aside"] if row["record"] == 30)
    assert aside["reason"] == "one of more than 5 different days in zeek_dns"
    assert b'"time": "2021-01-30 ' in aside["raw"]


def test_two_ingests_at_once_into_one_case_are_refused(tmp_path: Path, logs: Path) -> None:
    lake = Lake.create(tmp_path / "case")
    with sole_writer(lake.root), pytest.raises(CaseError, match="another ingest is writing"):
        take(tmp_path / "case", logs)


def test_what_a_killed_run_left_in_the_spool_is_gone_and_nothing_else(tmp_path: Path, logs: Path) -> None:
    lake = Lake.create(tmp_path / "case")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("")
    (lake.spool / "ingest").mkdir(parents=True)
    (lake.spool / "ingest" / "left").write_text("")
    (lake.spool / "ingest" / "link").symlink_to(outside)
    (lake.spool / "engine").mkdir()
    take(tmp_path / "case", logs)
    assert [entry.name for entry in lake.spool.iterdir()] == ["engine"]
    assert (outside / "precious").exists()

"""Upkeep changes what is kept, or how, and nothing else: no row is lost, doubled or read again."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable
from tests.lake import fake_telemetry
from tests.lake.test_ingest import content, some_logs, take, write

from lodger.errors import CaseError, InputError
from lodger.lake import pending, upkeep
from lodger.lake.case import sole_writer
from lodger.lake.tables import Lake
from lodger.lake.upkeep import compact, cutoff, prune, tidied
from lodger.model.ingest import Silent
from lodger.model.tables import LAKE, TELEMETRY


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lodger.lake.ingest.find", fake_telemetry.find)
    monkeypatch.setattr("lodger.lake.ingest.choose", fake_telemetry.choose)


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case of some tables and four days, in many small files."""
    monkeypatch.setattr(pending, "MOST_ROWS", 60)
    some_logs(tmp_path / "logs", 3, files=6)
    take(tmp_path / "case", tmp_path / "logs")
    return tmp_path / "case"


def files(case: Path) -> dict[str, int]:
    lake = Lake(case)
    return {table: len(lake.files(table)) for table in lake.tables()}


def days(rows: list[dict[str, Any]]) -> set[date]:
    return {row["day"] for row in rows}


@pytest.mark.parametrize(
    ("text", "first"), [("400d", date(2024, 1, 6)), ("0d", date(2025, 2, 9)), ("2025-01-01", date(2025, 1, 1))]
)
def test_an_age_or_a_day_says_what_stays(text: str, first: date) -> None:
    assert cutoff(text, date(2025, 2, 9)) == first


@pytest.mark.parametrize("text", ["", "400", "d", "-3d", "999999d", "2025-13-01", "yesterday"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not an age or a day"):
        cutoff(text, date(2025, 2, 9))


def test_old_days_go_and_their_files_are_not_read_again(case: Path) -> None:
    before = content(case)
    changes = prune(Lake(case), date(2021, 1, 3))
    after = content(case)
    for table in TELEMETRY.keys() & before.keys():
        assert after[table] == [row for row in before[table] if row["day"] >= date(2021, 1, 3)]
    assert {table: after[table] for table in after.keys() - TELEMETRY.keys()} == {
        table: before[table] for table in before.keys() - TELEMETRY.keys()
    }
    assert {change.table: change.rows for change in changes} == {
        table: len(before[table]) - len(after[table]) for table in TELEMETRY.keys() & before.keys()
    }
    assert {(change.days, change.first, change.last) for change in changes} == {(2, date(2021, 1, 1), date(2021, 1, 2))}
    assert all(report.already for report in take(case, case.parent / "logs").sources)
    assert content(case) == after
    assert prune(Lake(case), date(2021, 1, 3)) == ()


def test_a_dry_run_says_the_same_and_changes_nothing(case: Path) -> None:
    before = content(case), files(case)
    said = prune(Lake(case), date(2021, 1, 4), dry_run=True)
    assert (content(case), files(case)) == before
    assert said == prune(Lake(case), date(2021, 1, 4))
    assert said


def test_the_small_files_of_a_day_become_one(case: Path) -> None:
    before, many = content(case), files(case)
    changes = compact(Lake(case), Silent())
    assert content(case) == before
    expected = {table: len(days(rows)) if table in TELEMETRY else 1 for table, rows in before.items()}
    assert files(case) == expected
    assert {change.table for change in changes} == {table for table in many if many[table] > expected[table]}
    assert all(change.files > change.files_after > 0 for change in changes)
    assert compact(Lake(case), Silent()) == ()


def test_files_are_put_together_up_to_the_target_size(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [file.bytes for file in Lake(case).live("zeek_dns") if file.day == date(2021, 1, 1)]
    monkeypatch.setattr(upkeep, "TARGET_BYTES", max(sizes) * 2 + 1)
    before = content(case)
    compact(Lake(case), Silent())
    assert content(case) == before
    left = [file for file in Lake(case).live("zeek_dns") if file.day == date(2021, 1, 1)]
    assert len(sizes) / 4 < len(left) < len(sizes)


@pytest.mark.parametrize("work", ["prune", "compact"])
def test_who_reads_during_upkeep_reads_to_the_end(case: Path, work: str) -> None:
    lake = Lake(case)
    old = lake.files("zeek_dns")
    prune(lake, date(2022, 1, 1)) if work == "prune" else compact(lake, Silent())
    assert set(old).isdisjoint(lake.files("zeek_dns"))
    assert all(Path(file).is_file() for file in old)


def test_files_out_of_use_for_a_day_are_deleted(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(case)
    orphan = Path(lake.files("zeek_dns")[0]).with_name("part-killed.parquet")
    orphan.write_bytes(b"PAR1")
    yesterday = time.time() - 25 * 3600
    os.utime(orphan, (yesterday, yesterday))
    monkeypatch.setattr("lodger.lake.tables.KEEP_REPLACED_HOURS", 0)
    compact(lake, Silent())
    on_disk = {str(file) for file in lake.folder("zeek_dns").rglob("*.parquet") if "_delta_log" not in file.parts}
    assert on_disk == set(lake.files("zeek_dns"))


def test_a_file_that_was_cut_off_is_finished_after_upkeep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "MOST_ROWS", 40)
    write(tmp_path / "logs" / "a.log", *["zeek_dns 2021-01-01", "aside x"] * 50, "fail", "zeek_dns 2021-01-02")
    take(tmp_path / "case", tmp_path / "logs")
    compact(Lake(tmp_path / "case"), Silent())
    prune(Lake(tmp_path / "case"), date(2020, 1, 1))
    monkeypatch.setattr(fake_telemetry, "FAILS", False)
    take(tmp_path / "case", tmp_path / "logs")
    take(tmp_path / "undisturbed", tmp_path / "logs")
    assert content(tmp_path / "case") == content(tmp_path / "undisturbed")


def test_only_crowded_tables_are_tidied(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake, before, many = Lake(case), content(case), files(case)
    told = tidied(lake, Silent())
    assert told == {table: lake.live(table) for table in LAKE}
    assert files(case) == many
    most = max(many.values())
    monkeypatch.setattr(upkeep, "MANY_FILES", most - 1)
    monkeypatch.setattr(upkeep, "A_DAY", 1)
    after = tidied(lake, Silent())
    assert after == {table: lake.live(table) for table in LAKE}
    assert content(case) == before
    changed = {table for table, count in files(case).items() if count != many[table]}
    assert changed == {table for table, count in many.items() if count == most}


def test_a_case_that_is_written_to_is_not_tidied(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "MANY_FILES", 1)
    monkeypatch.setattr(upkeep, "A_DAY", 1)
    many = files(case)
    with sole_writer(case):
        tidied(Lake(case), Silent())
    assert files(case) == many


@pytest.mark.parametrize("moment", ["before the commit", "after the commit"])
def test_a_compaction_that_is_cut_off_leaves_the_old_or_the_new(
    case: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    before, many = content(case), files(case)
    swap = Lake.swap

    def cut(self: Lake, *arguments: Any) -> None:
        if moment == "after the commit":
            swap(self, *arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Lake, "swap", cut)
        with pytest.raises(KeyboardInterrupt):
            compact(Lake(case), Silent())
    assert content(case) == before
    assert (files(case) == many) is (moment == "before the commit")
    compact(Lake(case), Silent())
    assert content(case) == before


def test_upkeep_and_ingest_keep_out_of_each_others_way(case: Path) -> None:
    lake = Lake(case)
    with sole_writer(lake.root):
        with pytest.raises(CaseError, match="another ingest"):
            prune(lake, date(2022, 1, 1))
        with pytest.raises(CaseError, match="another ingest"):
            compact(lake, Silent())


def test_the_log_says_which_rows_a_file_has(case: Path) -> None:
    lake = Lake(case)
    compact(lake, Silent())
    for table in lake.tables():
        rows = DeltaTable(case / "lake" / table).to_pyarrow_table().cast(LAKE[table]).num_rows
        assert sum(file.rows for file in lake.live(table)) == rows

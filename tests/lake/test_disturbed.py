"""A disk that is full, or two ingests at once, cost a rerun and nothing else."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable
from tests.lake import fake_telemetry
from tests.lake.test_ingest import ROOT, content, some_logs, take

from lodger.errors import CaseError
from lodger.lake import pending
from lodger.lake.tables import Lake
from lodger.lake.upkeep import compact
from lodger.model.ingest import Silent


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lodger.lake.ingest.find", fake_telemetry.find)
    monkeypatch.setattr("lodger.lake.ingest.choose", fake_telemetry.choose)
    monkeypatch.setattr(pending, "MOST_ROWS", 60)


def full(write: Callable[..., Any], at: int, *, half: bool = False) -> Callable[..., Any]:
    """``write``, but the disk is full from its call of number ``at`` on; with ``half`` a part of the file is there."""
    count = 0

    def writing(*arguments: Any, **options: Any) -> Any:
        nonlocal count
        count += 1
        if count < at:
            return write(*arguments, **options)
        if half:
            Path(arguments[1]).write_bytes(b"PAR1 and no more")
        raise OSError(errno.ENOSPC, "No space left on device")

    return writing


@contextmanager
def full_disk(where: str, at: int) -> Iterator[None]:
    """The disk fills up while rows are written, while a commit is, or while a table is made."""
    with pytest.MonkeyPatch.context() as patch:
        if where == "rows":
            patch.setattr(pq, "write_table", full(pq.write_table, at, half=True))
        elif where == "commit":
            patch.setattr(DeltaTable, "create_write_transaction", full(DeltaTable.create_write_transaction, at))
        else:
            patch.setattr(DeltaTable, "create", full(DeltaTable.create, at))
        yield


@pytest.mark.parametrize(("where", "every"), [("rows", 5), ("commit", 5), ("table", 2)])  # a table is made once
def test_a_full_disk_at_any_point_is_one_clear_error_and_a_rerun_completes(
    tmp_path: Path, where: str, every: int
) -> None:
    some_logs(tmp_path / "logs", 3, files=4)
    take(tmp_path / "undisturbed", tmp_path / "logs")
    expected = content(tmp_path / "undisturbed")
    errors: list[CaseError] = []
    for at in range(1, 8 * every + 2, every):
        case = tmp_path / f"case{at}"
        with full_disk(where, at):
            try:
                take(case, tmp_path / "logs")
            except CaseError as error:
                errors.append(error)
        take(case, tmp_path / "logs")
        assert content(case) == expected
    assert len(errors) > 2
    assert all("No space left on device" in str(error) and "check space" in error.advice for error in errors)


def test_a_disk_that_stays_full_is_got_over_when_there_is_space(tmp_path: Path) -> None:
    some_logs(tmp_path / "logs", 4, files=4)
    take(tmp_path / "undisturbed", tmp_path / "logs")
    case = tmp_path / "case"
    for at in (1, 2, 2, 3, 5, 8, 8):
        with full_disk("rows", at), pytest.raises(CaseError, match="No space left"):
            take(case, tmp_path / "logs")
        live = {Path(path) for table in Lake(case).tables() for path in Lake(case).files(table)}
        assert set((case / "lake").rglob("*.parquet")) == live, "no attempt leaves the disk fuller"
    take(case, tmp_path / "logs")
    assert content(case) == content(tmp_path / "undisturbed")


def test_a_full_disk_during_compaction_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some_logs(tmp_path / "logs", 3, files=4)
    take(tmp_path / "case", tmp_path / "logs")
    before = content(tmp_path / "case")
    for at in (1, 3, 5):
        with monkeypatch.context() as patch:
            patch.setattr(pq.ParquetWriter, "write_table", full(pq.ParquetWriter.write_table, at))
            with pytest.raises(CaseError, match="No space left"):
                compact(Lake(tmp_path / "case"), Silent())
        assert content(tmp_path / "case") == before
    compact(Lake(tmp_path / "case"), Silent())
    assert content(tmp_path / "case") == before


def test_two_ingests_of_overlapping_folders_at_once_end_as_one(tmp_path: Path) -> None:
    some_logs(tmp_path / "logs", 6, files=14)
    case, logs = tmp_path / "case", tmp_path / "logs"
    take(tmp_path / "undisturbed", logs)
    command = [sys.executable, "-m", "tests.lake.fake_telemetry", str(case), str(logs)]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, text=True) for _ in range(2)
    ]
    said = [process.communicate(timeout=60)[1] for process in both]
    codes = [process.returncode for process in both]
    assert 0 in codes
    for code, error in zip(codes, said, strict=True):
        assert code == 0 or "another ingest is writing to the case" in error
    assert content(case) == content(tmp_path / "undisturbed")
    assert all(report.already for report in take(case, logs).sources)


def test_what_the_refused_ingest_alone_had_is_taken_by_its_rerun(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("two", 2)):
        some_logs(tmp_path / name, seed, files=4)
    both = [tmp_path / "one", tmp_path / "two"]
    take(tmp_path / "undisturbed", *both)
    case = tmp_path / "case"
    command = [sys.executable, "-m", "tests.lake.fake_telemetry", str(case), str(both[0])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        refused: list[str] = []
        while process.poll() is None:
            try:
                take(case, *both)
            except CaseError as error:
                refused.append(str(error))
    assert all("another ingest is writing" in error for error in refused)
    take(case, *both)
    assert content(case) == content(tmp_path / "undisturbed")

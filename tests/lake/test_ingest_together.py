"""Small files that several processes read end in the lake as if one process had read them one after the other."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from lodger.lake import ingest as ingest_module
from lodger.lake import pending
from lodger.lake.ingest import ingest
from lodger.lake.tables import Lake
from lodger.model.ingest import IngestSummary, Silent
from lodger.telemetry.workers import Workers

FILES = 90


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A day of each of many hosts, a broken file and a file of no format that is known among them."""
    folder = tmp_path / "logs"
    folder.mkdir()
    for host in range(FILES):
        with (folder / f"{host:03}.jsonl").open("w") as file:
            for number in range(40):
                event = {
                    "EventID": 1,
                    "TimeCreated": f"2026-03-{1 + number % 3:02}T10:{number:02}:00.{host:06}Z",
                    "Hostname": f"ws{host}",
                    "Image": f"C:\\{number}.exe",
                }
                file.write(json.dumps(event) + "\n" + "no event\n" * (number == 7))
    (folder / "010.jsonl").write_bytes((folder / "010.jsonl").read_bytes()[:-200] + b"\xff{{{")
    (folder / "020.bin").write_bytes(bytes(range(256)))
    return folder


def taken(
    case: Path, folder: Path, count: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[IngestSummary, dict[str, list[dict[str, Any]]]]:
    monkeypatch.setattr(ingest_module, "Workers", lambda: Workers(count))
    monkeypatch.setattr(ingest_module, "_MUCH", 1)
    monkeypatch.setattr(pending, "MOST_ROWS", 500)
    lake = Lake.create(case)
    summary = ingest(lake, [folder], Silent())
    rows = {}
    for table in lake.tables():
        rows[table] = sorted(lake.read(table).to_pylist(), key=repr)
        for row in rows[table]:
            row.pop("ingested", None)
    return summary, rows


def test_the_lake_is_the_same_whatever_the_number_of_processes(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = taken(tmp_path / "alone", logs, 1, monkeypatch)
    assert [(each.stored, each.aside) for each in alone[0].sources] == [
        (40, 1), *[(40, 1)] * 9, (38, 2), *[(40, 1)] * 9, (0, 0), *[(40, 1)] * (FILES - 20),
    ]  # fmt: skip
    assert taken(tmp_path / "together", logs, 3, monkeypatch) == alone
    again = ingest(Lake(tmp_path / "together"), [logs], Silent())
    assert all(each.already for each in again.sources)


def test_files_of_a_process_that_was_killed_are_named_and_taken_by_the_next_run(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = taken(tmp_path / "alone", logs, 1, monkeypatch)
    started: list[Workers] = []

    class Watched(Workers):
        def __init__(self) -> None:
            super().__init__(2)
            started.append(self)

    def kill_one() -> None:
        while not (started and started[0]._processes):
            time.sleep(0.001)
        os.kill(started[0]._processes[0]._process.pid, signal.SIGKILL)

    monkeypatch.setattr(ingest_module, "Workers", Watched)
    monkeypatch.setattr(ingest_module, "_MUCH", 1)
    killer = Thread(target=kill_one)
    killer.start()
    lake = Lake.create(tmp_path / "killed")
    first = ingest(lake, [logs], Silent())
    killer.join()
    assert len(first.problems) <= 1
    assert all("the process that read it ended (sigkill)" in each.lower() for each in first.problems)
    assert len(first.sources) + len(first.problems) == FILES + 1
    second, rows = taken(tmp_path / "killed", logs, 2, monkeypatch)
    assert not second.problems
    assert rows == alone[1]


def test_progress_of_small_files_ends_at_their_size(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Watched:
        total, done = 0, 0

        def phase(self, name: str, total: int | None) -> None:
            assert name == "ingest"
            self.total = total or 0

        def advance(self, amount: int) -> None:
            assert amount > 0
            self.done += amount

    monkeypatch.setattr(ingest_module, "Workers", lambda: Workers(2))
    monkeypatch.setattr(ingest_module, "_MUCH", 1)
    watched = Watched()
    ingest(Lake.create(tmp_path / "case"), [logs], watched)
    assert watched.total == watched.done == sum(path.stat().st_size for path in logs.iterdir())

"""What the lake holds is told as it is, and upkeep says what it did."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from lodger.cli import run

HEAD = "#separator \\x09\n#path\tdns\n#fields\tts\tuid\tid.orig_h\tquery\n#types\ttime\tstring\taddr\tstring\n"


def event(number: int, day: str, channel: str, event_id: int, **data: str) -> str:
    record = {"EventID": event_id, "Channel": channel, "Hostname": "WS-1", "EventTime": f"{day} 10:00:0{number % 10}"}
    return json.dumps(record | {"EventRecordID": number} | data) + "\n"


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Security events of three days in five, without command lines; the names that were asked for on one."""
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "logs"
    folder.mkdir()
    days = ["2021-01-01", "2021-01-02", "2021-01-05"]
    for number, day in enumerate(days, start=1):
        (folder / f"{day}.json").write_text(
            event(number, day, "Security", 4688, NewProcessName="C:\\a.exe") + event(9, day, "Security", 4624)
        )
    (folder / "cleared.json").write_text(event(8, "2021-01-02", "Security", 1102))
    (folder / "dns.log").write_text(HEAD + "1609459200.5\tC1\t10.0.0.1\ta.example\n")
    assert run(["ingest", str(folder)]) == 0
    return folder


@pytest.fixture
def info(logs: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert run(["lake", "info", "--format", "json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_tables_are_told_with_rows_days_and_times(info: dict[str, Any]) -> None:
    tables = {table.pop("table"): table for table in info["tables"]}
    assert all(table.pop("bytes") > 0 and table.pop("files") > 0 for table in tables.values())
    assert tables == {
        "windows_event": {"rows": 7, "days": 3, "first": "2021-01-01T10:00:01Z", "last": "2021-01-05T10:00:09Z"},
        "zeek_dns": {
            "rows": 1,
            "days": 1,
            "first": "2021-01-01T00:00:00.500000Z",
            "last": "2021-01-01T00:00:00.500000Z",
        },
        "source": {"rows": 5, "days": None, "first": None, "last": None},
    }


def test_hosts_and_sensors_are_told_with_the_days_they_were_silent(info: dict[str, Any]) -> None:
    spoke = {
        "records": 7,
        "first": "2021-01-01T10:00:01Z",
        "last": "2021-01-05T10:00:09Z",
        "days": 3,
        "missing_days": 2,
        "missing": [{"first": "2021-01-03", "last": "2021-01-04"}],
    }
    assert info["hosts"] == [{"host": "ws-1", **spoke}]
    assert info["sensors"][0] == {"host": "ws-1", "sensor": "Security", **spoke}
    assert [(each["host"], each["sensor"], each["records"]) for each in info["sensors"][1:]] == [(None, "zeek_dns", 1)]


def test_what_never_came_from_a_host_is_told(info: dict[str, Any]) -> None:
    needs = {each["need"] for each in info["unseen"] if each["host"] == "ws-1"}
    assert {"drivers", "code integrity", "command lines", "modules"} < needs
    assert needs.isdisjoint({"launches", "logons"})


def test_what_changed_what_could_be_seen_is_told(info: dict[str, Any]) -> None:
    assert info["changes"] == [
        {
            "host": "ws-1",
            "sensor": "security",
            "event": "1102",
            "records": 1,
            "first": "2021-01-02T10:00:08Z",
            "last": "2021-01-02T10:00:08Z",
            "means": "the Security log was cleared: what it held before could not be read",
        }
    ]


def test_people_get_a_table_and_programs_rows(logs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["lake", "info"]) == 0
    out = capsys.readouterr().out
    assert "Sysmon 6" in out
    assert "ws-1: the Security log was cleared" in out
    assert [line.split() for line in out.splitlines() if "Security " in line and "ws-1 " in line] == [
        ["ws-1", "Security", "7", "3", "2", "2021-01-01", "2021-01-05"]
    ]
    assert run(["lake", "info", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["table"], row["rows"], row["days"]) for row in rows] == [
        ("windows_event", "7", "3"), ("zeek_dns", "1", "1"), ("source", "5", ""),
    ]  # fmt: skip


def test_prune_says_what_goes_and_takes_it(logs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    said = []
    for more in (["--dry-run"], []):
        assert run(["lake", "prune", "--older-than", "2021-01-02", *more]) == 0
        said.append(capsys.readouterr().out.splitlines())
    assert said[0][:2] == said[1][:2]
    assert said[1][0].startswith("windows_event: 1 days (2021-01-01 to 2021-01-01), 2 rows, ")
    assert said[0][2].endswith(" would go")
    assert said[1][2].startswith("before 2021-01-02: 3 rows, ")
    assert run(["lake", "prune", "--older-than", "2021-01-02"]) == 0
    assert capsys.readouterr().out == "nothing is older than 2021-01-02\n"


def test_a_wrong_age_is_one_line(logs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["lake", "prune", "--older-than", "soon"]) == 2
    assert "not an age or a day: 'soon'" in capsys.readouterr().err


def test_compact_says_what_it_put_together(logs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (logs / "more.json").write_text(event(7, "2021-01-02", "Security", 4624))
    assert run(["ingest", str(logs)]) == 0
    capsys.readouterr()
    assert run(["lake", "compact"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "windows_event: 2 files became 1; 4 rows, as before",
        "source: 2 files became 1; 6 rows, as before",
    ]
    assert run(["lake", "compact"]) == 0
    assert capsys.readouterr().out == "there are no small files to put together\n"


@pytest.mark.parametrize("command", [["info"], ["compact"], ["prune", "--older-than", "1d"]])
def test_there_must_be_a_case(command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lake", *command, "--case", str(tmp_path)]) == 2
    assert "is not a case" in capsys.readouterr().err

"""Lives planted beside records of a small background of the tests' own, and beside real ones."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lodger.errors import InputError
from lodger.lab import is_intruders, read_truth
from lodger.lab.lives import Scenario, named
from lodger.lab.planting import plant, survey
from lodger.workspace import Workspace

T0 = 1_517_336_154.0  # in January 2018
DAY = 86_400.0


def web_log(folder: Path, days: float = 2.0) -> Path:
    """A Zeek http log of three hosts, one request an hour each."""
    folder.mkdir()
    rows = [
        {
            "_path": "http", "ts": T0 + hour * 3600 + host, "uid": f"C{hour}{host}", "id.orig_h": f"10.1.0.{host}",
            "id.orig_p": 50_000, "id.resp_h": "203.0.113.9", "id.resp_p": 80, "method": "GET", "host": "www.example",
            "uri": "/", "user_agent": "Browser/1.0",
        }
        for hour in range(int(days * 24) + 1)
        for host in (1, 2, 3)
    ]  # fmt: skip
    (folder / "http.log").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def host_log(folder: Path) -> Path:
    """Events of one host over four days."""
    folder.mkdir()
    lines = [
        {
            "EventID": 3, "Channel": "Microsoft-Windows-Sysmon/Operational", "Hostname": "PC7.house.example",
            "@timestamp": at, "TimeCreated": at, "UtcTime": at[:-1].replace("T", " "), "Image": "C:\\x.exe",
            "SourceName": "Microsoft-Windows-Sysmon", "User": "HOUSE\\mara", "SourceIp": "10.9.0.7",
            "DestinationIp": "203.0.113.9", "ProcessGuid": "{0b364d7c-0000-0000-0000-000000000000}", "Protocol": "tcp",
        }
        for at in (f"2024-05-0{day}T12:00:00.000Z" for day in range(6, 10))
    ]  # fmt: skip
    (folder / "events.json").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return folder


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def fast(name: str = "duqu2011-36d-1s") -> Scenario:
    return named(name)


def test_connections_alone_get_connections_alone_in_their_own_time(tmp_path: Path) -> None:
    into = web_log(tmp_path / "real")
    before = fingerprint(into)
    truth = plant(tmp_path / "planted", into=into, scenario=fast(), seed=2)
    (intruder,) = truth.intruders
    assert read_truth(tmp_path / "planted.truth.json") == truth
    assert sorted(fingerprint(tmp_path / "planted")) == ["zeek/http.log"]
    assert fingerprint(into) == before
    rows = [
        line.split("\t")
        for line in (tmp_path / "planted" / "zeek" / "http.log").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert truth.zeek_rows == len(rows) > 3
    assert {row[2] for row in rows} == set(intruder.hosts) < {"10.1.0.1", "10.1.0.2", "10.1.0.3"}
    times = [float(row[0]) for row in rows]
    assert times[0] >= T0 + 3600
    assert times[-1] <= T0 + 2 * DAY + 10
    assert intruder.departure is None


def test_a_host_asked_for_is_the_host(tmp_path: Path) -> None:
    into = web_log(tmp_path / "real")
    truth = plant(tmp_path / "planted", into=into, scenario=fast(), host="10.1.0.3")
    assert truth.intruders[0].hosts == ("10.1.0.3",)
    with pytest.raises(InputError, match=r"nothing of 10\.1\.0\.77"):
        plant(tmp_path / "other", into=into, scenario=fast(), host="10.1.0.77")


def test_the_same_seed_plants_the_same_and_another_another(tmp_path: Path) -> None:
    into = web_log(tmp_path / "real")
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        plant(tmp_path / name, into=into, scenario=fast(), seed=seed)
    assert fingerprint(tmp_path / "a") == fingerprint(tmp_path / "b") != fingerprint(tmp_path / "c")


def test_a_hosts_events_bear_its_name_its_person_and_its_address(tmp_path: Path) -> None:
    into = host_log(tmp_path / "real")
    truth = plant(tmp_path / "planted", into=into, scenario=named("sideload-1"))
    lines = [
        json.loads(line) for line in (tmp_path / "planted" / "hosts" / "events.jsonl").read_text("utf-8").splitlines()
    ]
    assert truth.zeek_rows == 0
    assert truth.events == len(lines)
    assert {line["Hostname"] for line in lines} == {"PC7.house.example"}
    assert {line["SourceIp"] for line in lines if line["EventID"] == 3} == {"10.9.0.7"}
    program = truth.intruders[0].programs[0].path
    assert "\\mara\\" in program
    assert {line["User"] for line in lines if line.get("Image") == program} == {"HOUSE\\mara"}
    assert all("2024-05-06T12:00:00" <= line["TimeCreated"] <= "2024-05-09T12:00:01" for line in lines)


def test_what_is_planted_is_read_with_the_real_and_ranked(tmp_path: Path) -> None:
    into = host_log(tmp_path / "real")
    truth = plant(tmp_path / "planted", into=into, scenario=fast())
    case = Workspace.create_or_open(tmp_path / "case")
    summary = case.ingest([into, tmp_path / "planted"])
    assert summary.problems == ()
    assert sum(source.aside for source in summary.sources) == 0
    case.analyse()
    assert is_intruders(truth, case.ranked()[0].host, case.ranked()[0].program) == truth.intruders[0]


def test_what_cannot_be_planted_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="neither Windows events nor"):
        plant(tmp_path / "planted", into=tmp_path / "empty", scenario=fast())
    into = web_log(tmp_path / "real")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(InputError, match="not an empty folder"):
        plant(tmp_path / "full", into=into, scenario=fast())
    with pytest.raises(InputError, match="nothing of tls-1 falls into"):
        plant(tmp_path / "planted", into=into, scenario=named("tls-1"))
    assert not (tmp_path / "planted").exists()


def test_a_day_of_real_requests_gets_a_life(tmp_path: Path, shared_data: Path) -> None:
    into = shared_data / "zeek" / "rita-24h"
    found = survey(into)
    assert found.logs == {"http"}
    assert sum(found.wire.whose.values()) == 27_204
    truth = plant(tmp_path / "planted", into=into, scenario=named("pdf-2"))
    assert truth.zeek_rows > 100
    arrival = datetime.fromisoformat(truth.intruders[0].arrival)
    assert datetime(2018, 1, 30, 19, tzinfo=UTC) < arrival < datetime(2018, 1, 30, 20, tzinfo=UTC)

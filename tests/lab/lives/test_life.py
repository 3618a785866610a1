"""One intruder's life in a fleet long enough for all of it."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lodger.lab import Intruder, Truth, write_fleet

DAYS = 45
Event = dict[str, Any]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    out = tmp_path_factory.mktemp("life") / "fleet"
    return out, write_fleet(out, seed=11, hosts=3, days=DAYS)


@pytest.fixture(scope="module")
def intruder(written: tuple[Path, Truth]) -> Intruder:
    (found,) = written[1].intruders
    return found


@pytest.fixture(scope="module")
def events(written: tuple[Path, Truth], intruder: Intruder) -> list[Event]:
    """All events of the host that the intruder lives on."""
    folder = written[0] / "hosts" / intruder.hosts[0]
    return [json.loads(line) for path in sorted(folder.iterdir()) for line in path.read_text("utf-8").splitlines()]


def _own(events: list[Event], number: int, field: str, value: str) -> list[Event]:
    return [e for e in events if e["EventID"] == number and e[field] == value]


def _utc(event: Event) -> datetime:
    return datetime.strptime(event["TimeCreated"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def test_it_stays_for_36_days_and_the_host_lives_on(intruder: Intruder, events: list[Event]) -> None:
    assert intruder.departure is not None
    arrival, departure = map(datetime.fromisoformat, (intruder.arrival, intruder.departure))
    assert timedelta(days=35) < departure - arrival < timedelta(days=39)  # a weekend may lie between plan and act
    mine = [_utc(e) for e in events if intruder.programs[0].path in (e.get("Image"), e.get("SourceImage"))]
    assert arrival <= min(mine)
    assert max(mine) <= departure + timedelta(seconds=2)
    assert _utc(events[-1]) > departure + timedelta(days=1)


def test_it_comes_in_a_document_by_mail(intruder: Intruder, events: list[Event]) -> None:
    installer = _own(events, 1, "Image", intruder.programs[2].path)[0]
    word = _own(events, 1, "ProcessGuid", installer["ParentProcessGuid"])[0]
    document = word["CommandLine"].partition('/n "')[2].rstrip('"')
    assert word["Image"].endswith("WINWORD.EXE")
    assert word["ParentImage"].endswith("OUTLOOK.EXE")
    assert _own(events, 11, "TargetFilename", document)[0]["Image"].endswith("OUTLOOK.EXE")
    assert _own(events, 15, "TargetFilename", f"{document}:Zone.Identifier")
    assert _own(events, 11, "TargetFilename", intruder.programs[2].path)[0]["ProcessGuid"] == word["ProcessGuid"]
    for path in (intruder.programs[0].path, intruder.programs[1].path):
        assert _own(events, 11, "TargetFilename", path)[0]["Image"] == intruder.programs[2].path


def test_driver_and_service_are_registered_and_validly_signed(intruder: Intruder, events: list[Event]) -> None:
    installed = {e["ImagePath"]: e["ServiceType"] for e in events if e["EventID"] == 7045}
    assert installed[intruder.programs[1].path] == "kernel mode driver"
    assert installed[intruder.programs[0].path] == "user mode service"
    set_to = {e["Details"] for e in events if e["EventID"] == 13 and e["TargetObject"].endswith("\\ImagePath")}
    assert set_to >= {intruder.programs[1].path, intruder.programs[0].path}
    loaded = _own(events, 6, "ImageLoaded", intruder.programs[1].path) + _own(
        events, 7, "ImageLoaded", intruder.programs[0].path
    )
    assert {(e["Signed"], e["Signature"], e["SignatureStatus"]) for e in loaded} == {("true", intruder.signer, "Valid")}
    assert {e["EventID"] for e in loaded} == {6, 7}


def test_it_looks_into_others_and_asks_about_the_network(intruder: Intruder, events: list[Event]) -> None:
    looked = {e["TargetImage"].rpartition("\\")[2] for e in _own(events, 10, "SourceImage", intruder.programs[0].path)}
    assert looked >= {"lsass.exe", "winlogon.exe"}
    assert _own(events, 8, "SourceImage", intruder.programs[0].path)
    shells = _own(events, 1, "ParentImage", intruder.programs[0].path)
    asked = {shell["CommandLine"] for shell in shells if "/c del" not in shell["CommandLine"]}
    assert len({command for command in asked if command.startswith("cmd.exe /c ")}) >= 5


def test_it_talks_for_weeks_in_pictures(written: tuple[Path, Truth], intruder: Intruder, events: list[Event]) -> None:
    address = intruder.destinations[-1]
    contacts = _own(events, 3, "DestinationIp", address)
    assert {e["Image"] for e in contacts} == {intruder.programs[0].path}
    assert {e["DestinationPort"] for e in contacts} == {"80"}
    assert _utc(contacts[-1]) - _utc(contacts[0]) > timedelta(days=30)
    rows = []
    for path in sorted((written[0] / "zeek").rglob("http.log.gz")):
        lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        names = lines[6].split("\t")[1:]
        rows += [dict(zip(names, line.split("\t"), strict=True)) for line in lines if not line.startswith("#")]
    mine = [row for row in rows if row["id.resp_h"] == address]
    assert (
        0.6 * len(contacts) < len(mine) <= len(contacts)
    )  # the wire's sensor misses what is elsewhere, or while it is down
    gets = [row for row in mine if row["method"] == "GET"]
    posts = [row for row in mine if row["method"] == "POST"]
    assert {row["resp_mime_types"] for row in gets} == {"image/jpeg"} == {row["orig_mime_types"] for row in posts}
    assert len({row["response_body_len"] for row in gets}) == 1
    sent = sum(int(row["request_body_len"]) for row in posts)
    assert sent > 10 * sum(int(row["response_body_len"]) for row in mine)


def test_it_takes_away_what_it_brought(intruder: Intruder, events: list[Event]) -> None:
    gone = {e["TargetFilename"] for e in events if e["EventID"] == 23}
    assert gone >= {intruder.programs[0].path, intruder.programs[1].path, intruder.programs[2].path}
    deleted = [e for e in events if e["EventID"] == 12 and e["EventType"] == "DeleteKey"]
    name = intruder.programs[0].path.rpartition("\\")[2].removesuffix(".exe")
    assert any(e["TargetObject"].endswith(f"\\Services\\{name}") for e in deleted)
    assert deleted[-1]["Image"].endswith("services.exe")


def test_nobody_else_has_its_program_its_driver_or_its_server(written: tuple[Path, Truth], intruder: Intruder) -> None:
    out, truth = written
    marks = [
        json.dumps(text).encode()[1:-1]
        for text in (intruder.programs[0].path, intruder.programs[1].path, *intruder.destinations)
    ]
    for host in truth.hosts:
        for path in (out / "hosts" / host).iterdir():
            content = path.read_bytes()
            assert host in intruder.hosts or not any(mark in content for mark in marks)


def test_look_alikes_are_in_the_records_of_their_hosts(written: tuple[Path, Truth]) -> None:
    out, truth = written
    assert len({look.why for look in truth.look_alikes}) >= 5
    for look in truth.look_alikes:
        mark = json.dumps(look.program).encode()[1:-1]
        files = (out / "hosts" / look.host).iterdir()
        assert any(mark in path.read_bytes() for path in files), look


def test_the_trial_removes_itself_and_stays_away(written: tuple[Path, Truth]) -> None:
    out, truth = written
    trial = next(look for look in truth.look_alikes if look.program.endswith("studiotrial.exe"))
    found: list[Event] = []
    for path in sorted((out / "hosts" / trial.host).iterdir()):
        found += [json.loads(line) for line in path.read_text("utf-8").splitlines() if "studiotrial.exe" in line]
    removed = [e for e in found if e["EventID"] == 26 and e["TargetFilename"] == trial.program]
    assert len(removed) == 1
    runs = [_utc(e) for e in _own(found, 1, "Image", trial.program)]
    assert timedelta(days=25) < _utc(removed[0]) - min(runs) < timedelta(days=35)
    assert max(runs) < _utc(removed[0])

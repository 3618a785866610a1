"""A small fleet, written once for the module, and what must hold of any fleet."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lodger.errors import InputError
from lodger.lab import Truth, read_truth, write_fleet
from lodger.lab.gaps import outages

START = date(2024, 4, 1)
HOSTS, DAYS, SEED = 4, 12, 3

# Fields of the OTRF lines per event id, in their order; every line begins with those in HEAD.
HEAD = "SourceName ProviderGuid Level Keywords Channel Hostname TimeCreated @timestamp EventID Message Task"
SHAPES = {
    1: "RuleName UtcTime ProcessGuid ProcessId Image FileVersion Description Product Company OriginalFileName "
    "CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes "
    "ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser",
    3: "RuleName UtcTime ProcessGuid ProcessId Image User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname "
    "SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort "
    "DestinationPortName",
    5: "RuleName UtcTime ProcessGuid ProcessId Image User",
    6: "RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus",
    7: "RuleName UtcTime ProcessGuid ProcessId Image ImageLoaded FileVersion Description Product Company "
    "OriginalFileName Hashes Signed Signature SignatureStatus User",
    8: "RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage "
    "NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser",
    10: "RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID "
    "TargetProcessId TargetImage GrantedAccess CallTrace SourceUser TargetUser",
    11: "RuleName UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime User",
    12: "RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject User",
    13: "RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject Details User",
    15: "RuleName UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime Hash Contents User",
    17: "RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image User",
    18: "RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image User",
    22: "RuleName UtcTime ProcessGuid ProcessId QueryName QueryStatus QueryResults Image User",
    23: "RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable Archived",
    26: "RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable",
    4624: "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId TargetUserSid TargetUserName "
    "TargetDomainName TargetLogonId LogonType LogonProcessName AuthenticationPackageName WorkstationName "
    "LogonGuid TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort "
    "ImpersonationLevel RestrictedAdminMode TargetOutboundUserName TargetOutboundDomainName VirtualAccount "
    "TargetLinkedLogonId ElevatedToken",
    4688: "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId NewProcessId NewProcessName "
    "TokenElevationType ProcessId CommandLine TargetUserSid TargetUserName TargetDomainName TargetLogonId "
    "ParentProcessName MandatoryLabel",
    4697: "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId ServiceName ServiceFileName ServiceType "
    "ServiceStartType ServiceAccount ClientProcessStartKey ClientProcessId ParentProcessId",
    5140: "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId ObjectType IpAddress IpPort ShareName "
    "ShareLocalPath AccessMask AccessList",
    5145: "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId ObjectType IpAddress IpPort ShareName "
    "ShareLocalPath RelativeTargetName AccessMask AccessList AccessReason",
    5156: "ProcessID Application Direction SourceAddress SourcePort DestAddress DestPort Protocol FilterRTID LayerName "
    "LayerRTID RemoteUserID RemoteMachineID",
    7045: "ServiceName ImagePath ServiceType StartType AccountName",
}

AUDITED = {4697, 5140, 5145, 5156}

GUIDS = (
    "ProcessGuid",
    "ParentProcessGuid",
    "SourceProcessGuid",
    "SourceProcessGUID",
    "TargetProcessGuid",
    "TargetProcessGUID",
)

Event = dict[str, Any]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    out = tmp_path_factory.mktemp("lab") / "fleet"
    return out, write_fleet(out, seed=SEED, hosts=HOSTS, days=DAYS, start=START)


@pytest.fixture(scope="module")
def events(written: tuple[Path, Truth]) -> dict[str, list[Event]]:
    """All events by host, in the order of the files."""
    out, _ = written
    return {
        folder.name: [
            json.loads(line) for path in sorted(folder.iterdir()) for line in path.read_text("utf-8").splitlines()
        ]
        for folder in sorted((out / "hosts").iterdir())
    }


@pytest.fixture(scope="module")
def zeek(written: tuple[Path, Truth]) -> dict[str, list[dict[str, str]]]:
    """All rows by log path."""
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for path in sorted((written[0] / "zeek").rglob("*.log.gz")):
        header, body = _split(path)
        rows[header["path"][0]].extend(dict(zip(header["fields"], line, strict=True)) for line in body)
    return rows


def _split(path: Path) -> tuple[dict[str, list[str]], list[list[str]]]:
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    header = {name: rest for name, *rest in (line[1:].split("\t") for line in lines if line.startswith("#"))}
    return header, [line.split("\t") for line in lines if not line.startswith("#")]


def _fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _sysmon(found: list[Event]) -> Iterator[Event]:
    return (e for e in found if "Sysmon" in e["Channel"])


def _utc(event: Event) -> datetime:
    return datetime.strptime(event["UtcTime"], "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC)


def test_same_seed_same_bytes_and_another_seed_others(tmp_path: Path, written: tuple[Path, Truth]) -> None:
    again = write_fleet(tmp_path / "fleet", seed=SEED, hosts=HOSTS, days=DAYS, start=START)
    other = write_fleet(tmp_path / "other", seed=SEED + 1, hosts=HOSTS, days=DAYS, start=START)
    assert again == written[1]
    assert _fingerprint(tmp_path / "fleet") == _fingerprint(written[0])
    one, two = _fingerprint(written[0]), _fingerprint(tmp_path / "other")
    assert not {name for name in one if one[name] == two.get(name)}
    assert other.intruders != again.intruders


def test_every_line_has_the_shape_of_its_event(events: dict[str, list[Event]], written: tuple[Path, Truth]) -> None:
    seen = set()
    for event in (e for found in events.values() for e in found):
        assert list(event) == f"{HEAD} {SHAPES[event['EventID']]}".split()
        assert all(isinstance(value, str) for name, value in event.items() if name != "EventID")
        seen.add(event["EventID"])
    assert seen >= set(SHAPES) - AUDITED  # only where a host's drawn policy audits them
    assert sum(map(len, events.values())) == written[1].events


def test_shapes_are_those_of_real_lines(shared_data: Path) -> None:
    import zipfile

    real: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    for path in sorted(shared_data.glob("otrf/LSASS_campaign_0*/**/*.zip")):
        with zipfile.ZipFile(path) as packed:
            for name in (n for n in packed.namelist() if n.endswith(".json")):
                for line in packed.open(name):
                    event = json.loads(line)
                    if event["Channel"].startswith(("Microsoft-Windows-Sysmon", "Security", "System")):
                        real[event["EventID"]].add(tuple(event))
    assert real
    for number, shape in SHAPES.items():
        if number in real:
            assert tuple(f"{HEAD} {shape}".split()) in real[number], number


def test_times_lie_in_the_days_of_their_files(written: tuple[Path, Truth]) -> None:
    first, last = datetime(2024, 4, 1, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC) + timedelta(days=DAYS)
    for path in (written[0] / "hosts").rglob("*.jsonl"):
        day = path.stem.removeprefix("events-")
        times = [json.loads(line)["TimeCreated"] for line in path.read_text("utf-8").splitlines()]
        assert {time[:10] for time in times} == {day}
        assert times == sorted(times)
    for path in (written[0] / "zeek").rglob("*.log.gz"):
        header, body = _split(path)
        times = [float(row[0]) for row in body]
        assert header["fields"][0] == "ts"
        assert times == sorted(times)
        assert first.timestamp() - 10 <= times[0] <= times[-1] < last.timestamp()
        assert all(path.parent.name == datetime.fromtimestamp(t, UTC).date().isoformat() for t in times)


def test_processes_start_once_before_they_act_and_never_after_their_end(events: dict[str, list[Event]]) -> None:
    for found in events.values():
        started = {e["ProcessGuid"]: e for e in _sysmon(found) if e["EventID"] == 1}
        ended = {e["ProcessGuid"]: _utc(e) for e in found if e["EventID"] == 5}
        assert len(started) == sum(e["EventID"] == 1 for e in found)
        for event in _sysmon(found):
            for field in (
                "ProcessGuid",
                "SourceProcessGuid",
                "SourceProcessGUID",
                "TargetProcessGUID",
                "ParentProcessGuid",
            ):
                guid = event.get(field, "")
                if guid and not guid.endswith("-eb03-000000000000}"):  # the kernel runs before the sensor
                    assert _utc(started[guid]) <= _utc(event), event
                    if event["EventID"] not in (3, 5):  # Sysmon tells of a connection up to seconds late
                        assert _utc(event) <= ended.get(guid, _utc(event)), event


def test_every_connection_of_a_process_is_on_the_wire(
    events: dict[str, list[Event]], zeek: dict[str, list[dict[str, str]]]
) -> None:
    wire = defaultdict(list)
    for row in zeek["conn"]:
        ends = (row["proto"], row["id.orig_h"], row["id.orig_p"], row["id.resp_h"], row["id.resp_p"])
        wire[ends].append(float(row["ts"]))
    down = outages(SEED, DAYS)
    count = 0
    for event in (e for found in events.values() for e in found if e["EventID"] == 3):
        ends = tuple(event[n] for n in ("Protocol", "SourceIp", "SourcePort", "DestinationIp", "DestinationPort"))
        time = _utc(event)
        lags = [time.timestamp() - ts for ts in wire[ends]]
        since_midnight = (time - time.replace(hour=0, minute=0, second=0, microsecond=0)) / timedelta(microseconds=1)
        spans = down.get((time.date() - START).days, ())
        if event["SourceIp"].startswith("192.168."):  # elsewhere, and the VPN not up yet
            assert not lags
        elif not any(since - 2e6 <= since_midnight < until + 2e6 for since, until in spans):
            assert any(0 <= lag <= 2 for lag in lags), event
            count += 1
    assert 0 < count < len(zeek["conn"])  # printers and name servers talk, too, without a sensor on the host


def test_zeek_logs_hold_what_their_headers_say(
    written: tuple[Path, Truth], zeek: dict[str, list[dict[str, str]]]
) -> None:
    checks: dict[str, Callable[[str], object]] = {
        "time": float,
        "interval": float,
        "count": int,
        "port": int,
        "bool": {"T": True, "F": False}.__getitem__,
    }
    for path in (written[0] / "zeek").rglob("*.log.gz"):
        header, body = _split(path)
        assert f"{header['path'][0]}.log.gz" == path.name
        assert len(header["fields"]) == len(header["types"])
        for row in body:
            assert len(row) == len(header["fields"])
            for value, kind in zip(row, header["types"], strict=True):
                assert value
                if value != "-" and kind in checks:
                    checks[kind](value)
    assert set(zeek) >= {"conn", "dns", "http", "ssl", "files", "x509", "dhcp"}
    assert sum(map(len, zeek.values())) == written[1].zeek_rows


def test_rows_of_one_connection_share_its_uid(zeek: dict[str, list[dict[str, str]]]) -> None:
    conn = {row["uid"]: row for row in zeek["conn"]}
    assert len(conn) == len(zeek["conn"])
    for path, service in (("http", "http"), ("ssl", "ssl"), ("dns", "dns"), ("files", "http")):
        for row in zeek[path]:
            assert conn[row["uid"]]["service"] == service
            assert conn[row["uid"]]["id.orig_p"] == row["id.orig_p"]
    bodies = {row["fuid"]: row for row in zeek["files"]}
    for row in zeek["http"]:
        for side in ("orig", "resp"):
            if row[f"{side}_fuids"] != "-":
                assert bodies[row[f"{side}_fuids"]]["mime_type"] == row[f"{side}_mime_types"]


def test_truth_lies_beside_the_fleet_and_nowhere_in_it(written: tuple[Path, Truth]) -> None:
    out, truth = written
    assert read_truth(out.parent / "fleet.truth.json") == truth
    assert {path.name for path in out.iterdir()} == {"hosts", "zeek"}
    assert not [path for path in out.rglob("*") if "truth" in path.name]


def test_a_fleet_without_an_intruder_has_none_and_its_other_hosts_are_the_same(
    tmp_path: Path, written: tuple[Path, Truth]
) -> None:
    out, truth = written
    ordinary = write_fleet(tmp_path / "fleet", seed=SEED, hosts=HOSTS, days=DAYS, start=START, intruders=())
    assert ordinary.intruders == ()
    assert ordinary.look_alikes == truth.look_alikes
    homes = {host for intruder in truth.intruders for host in intruder.hosts}
    assert 0 < len(homes) < HOSTS
    with_it, without = _fingerprint(out / "hosts"), _fingerprint(tmp_path / "fleet" / "hosts")
    assert {name.partition("/")[0] for name in with_it if with_it[name] != without[name]} == homes


@pytest.mark.parametrize(("hosts", "days"), [(1, 1), (1, 2), (2, 3)])
def test_the_smallest_fleets_can_be_written(tmp_path: Path, hosts: int, days: int) -> None:
    truth = write_fleet(tmp_path / "fleet", seed=1, hosts=hosts, days=days)
    assert len(truth.hosts) == hosts
    assert truth.events > 0


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="0 hosts"):
        write_fleet(tmp_path / "fleet", seed=1, hosts=0, days=3)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(InputError, match="not an empty folder"):
        write_fleet(tmp_path / "full", seed=1, hosts=1, days=1)
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_any_number_of_processes_writes_the_same_bytes(tmp_path: Path, written: tuple[Path, Truth]) -> None:
    again = write_fleet(tmp_path / "fleet", seed=SEED, hosts=HOSTS, days=DAYS, start=START, processes=3)
    assert again == written[1]
    assert _fingerprint(tmp_path / "fleet") == _fingerprint(written[0])


def test_packed_events_are_the_same_events(tmp_path: Path, written: tuple[Path, Truth]) -> None:
    write_fleet(tmp_path / "fleet", seed=SEED, hosts=HOSTS, days=DAYS, start=START, packed=True)
    files = sorted((tmp_path / "fleet" / "hosts").rglob("*.jsonl.gz"))
    unpacked = {str(path.relative_to(tmp_path / "fleet"))[:-3]: gzip.decompress(path.read_bytes()) for path in files}
    plain = sorted((written[0] / "hosts").rglob("*.jsonl"))
    assert unpacked == {str(path.relative_to(written[0])): path.read_bytes() for path in plain}

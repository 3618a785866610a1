"""What hosts of a fleet say to each other over SMB is told by both, and by the wire, whoever calls."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from datetime import datetime
from typing import Any
from unittest.mock import Mock

import pytest

from lodger.lab import Truth, write_fleet
from lodger.lab.lives import named
from lodger.lab.lives.arriving import arrive
from lodger.lab.lives.scenario import Arrival
from lodger.lab.people import HOUR, Plan

Event = dict[str, Any]
Written = tuple[Truth, dict[str, list[Event]], dict[str, list[dict[str, str]]]]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    out = tmp_path_factory.mktemp("visiting") / "fleet"
    life = named("duqu2011-30d-1s-peers")
    truth = write_fleet(out, seed=5, hosts=24, days=14, intruders=(life,))
    events = {
        folder.name: [
            json.loads(line) for path in sorted(folder.iterdir()) for line in path.read_text("utf-8").splitlines()
        ]
        for folder in sorted((out / "hosts").iterdir())
    }
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for path in sorted((out / "zeek").rglob("*.log.gz")):
        lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        fields = next(line for line in lines if line.startswith("#fields")).split("\t")[1:]
        found = (dict(zip(fields, line.split("\t"), strict=True)) for line in lines if not line.startswith("#"))
        rows[path.name.partition(".")[0]].extend(found)
    return truth, events, rows


def _ends(event: Event) -> tuple[str, ...]:
    return tuple(event[name] for name in ("SourceIp", "SourcePort", "DestinationIp", "DestinationPort"))


def _time(event: Event) -> float:
    return datetime.fromisoformat(event["TimeCreated"]).timestamp()


def test_who_is_called_and_who_calls_tell_the_same_connection(written: Written) -> None:
    _, events, rows = written
    begun = {_ends(e) for told in events.values() for e in told if e["EventID"] == 3 and e["Initiated"] == "true"}
    wire = {(r["id.orig_h"], r["id.orig_p"], r["id.resp_h"], r["id.resp_p"]) for r in rows["conn"]}
    called = [_ends(e) for told in events.values() for e in told if e["EventID"] == 3 and e["Initiated"] == "false"]
    assert len(called) > 100
    assert {ends[3] for ends in called} == {"445"}
    unseen = [ends for ends in called if ends not in begun]
    assert len(unseen) < 0.1 * len(called)  # where the caller's Sysmon is silent
    assert sum(ends not in wire for ends in called) < 0.1 * len(called)  # where the wire's sensor is down


def test_a_pipe_that_is_reached_over_the_network_has_its_logon(written: Written) -> None:
    _, events, _ = written
    seen: dict[str, int] = defaultdict(int)
    for told in events.values():
        logons = sorted(_time(e) for e in told if e["EventID"] == 4624 and e["LogonType"] == "3")
        for event in told:
            if event["EventID"] == 18 and event["Image"] == "System":
                assert any(0 <= _time(event) - at <= 6 for at in logons), event
                seen[event["PipeName"]] += 1
    assert {"\\ntsvcs", "\\winreg", "\\rwrunner"} <= set(seen)


def test_shares_and_their_files_belong_to_a_connection_that_speaks_smb(written: Written) -> None:
    _, _, rows = written
    conn = {row["uid"]: row for row in rows["conn"]}
    for log in ("smb_mapping", "smb_files"):
        assert len(rows[log]) > 100
        assert all("smb" in conn[row["uid"]]["service"] for row in rows[log])
    assert all("ntlm" in conn[row["uid"]]["service"] for row in rows["ntlm"])
    assert {row["share_type"] for row in rows["smb_mapping"]} == {"PIPE", "DISK"}
    assert rows["kerberos"]


def test_what_peers_say_to_the_first_goes_on_at_once(written: Written) -> None:
    truth, events, _ = written
    life = truth.intruders[0]
    relay = next(place for place in life.destinations if place in life.hosts)
    program = next(each.path for each in life.programs if each.host == relay)
    pipes = {e["PipeName"] for e in events[relay] if e["EventID"] == 17 and e["Image"] == program}
    assert len(pipes) == 1
    asked = [_time(e) for e in events[relay] if e["EventID"] == 18 and e["PipeName"] in pipes]
    outside = [_time(e) for e in events[relay] if e["EventID"] == 3 and e["Image"] == program]
    assert len(asked) > 5
    assert all(any(0 <= at - time <= 8 for at in outside) for time in asked)
    assert {e["Image"] for e in events[relay] if e["EventID"] == 18 and e["PipeName"] in pipes} == {"System"}


def test_peers_come_from_the_first_by_share_and_service(written: Written) -> None:
    truth, events, _ = written
    life = truth.intruders[0]
    relay = next(place for place in life.destinations if place in life.hosts)
    peers = [host for host in life.hosts if host != relay]
    assert peers
    for host in peers:
        installer = next(each.path for each in life.programs if each.host == host and each.path.count("\\") == 2)
        made = next(e for e in events[host] if e["EventID"] == 7045 and e["ImagePath"] == installer)
        logons = [e for e in events[host] if e["EventID"] == 4624 and e["TargetUserName"] == "adm.service"]
        assert any(0 <= _time(made) - _time(e) <= 8 for e in logons)


def test_no_kind_of_record_is_the_intruders_alone(written: Written) -> None:
    truth, events, _ = written
    homes = {host for life in truth.intruders for host in life.hosts}
    ordinary = [e for host, told in events.items() if host not in homes for e in told]
    kinds = {(e["EventID"], e.get("LogonType"), e.get("AuthenticationPackageName")) for e in ordinary}
    assert {(4624, "3", "Kerberos"), (4624, "3", "NTLM"), (7045, None, None)} <= kinds
    assert any(e["EventID"] == 18 and e["Image"] == "System" for e in ordinary)
    users = {e["TargetUserName"] for e in ordinary if e["EventID"] == 4624 and e["LogonType"] == "3"}
    assert "adm.service" in users


def test_what_runs_in_a_persons_name_comes_when_somebody_is_there() -> None:
    """A stolen password lets it in at any hour, but a library beside a person's program needs the person."""
    lodging = Mock(neighbour=None)
    lodging.life.as_system = False
    lodging.life.scenario.arrival = Arrival.PASSWORD
    saturday = Plan(on=0, off=24 * HOUR, boots=False, shuts=False, work=None)
    assert arrive(Mock(), lodging, saturday) is None

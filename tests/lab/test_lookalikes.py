"""The look-alikes in the records of their hosts, and a fleet's records in the eyes of the analysis."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from lodger.disguise import examine
from lodger.lab import LookAlike, Truth, write_fleet
from lodger.lab.addresses import Addresses
from lodger.lab.people import draw_hosts
from lodger.lab.truth import revocations_path
from lodger.stays.paths import path_key
from lodger.workspace import Workspace

SEED, HOSTS, DAYS, START = 16, 12, 10, date(2024, 4, 1)
Event = dict[str, Any]
KINDS = {
    "addin_updater",
    "admin_shell",
    "anti_cheat",
    "backup",
    "bundled_driver",
    "hand_driver",
    "inventory_scan",
    "network_scan",
    "push_deploy",
    "shared_database",
    "niche_agent",
    "niche_driver",
    "own_build",
    "photo_upload",
    "publishers_niche",
    "redistributable",
    "remote_management",
    "revoked_vendor",
    "team_service",
    "trial",
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    out = tmp_path_factory.mktemp("ordinary") / "fleet"
    return out, write_fleet(out, seed=SEED, hosts=HOSTS, days=DAYS, start=START, intruders=(), packed=True)


@pytest.fixture(scope="module")
def case(written: tuple[Path, Truth], tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace.create_or_open(tmp_path_factory.mktemp("ordinary") / "case")
    summary = workspace.ingest([written[0]])
    assert summary.problems == ()
    assert {(source.aside, source.problem) for source in summary.sources} == {(0, None)}
    assert sum(source.stored for source in summary.sources if source.reader == "windows_json") == written[1].events
    assert sum(source.stored for source in summary.sources if source.reader == "zeek_tsv") == written[1].zeek_rows
    workspace.analyse()
    return workspace


def _look(truth: Truth, kind: str) -> LookAlike:
    return next(look for look in truth.look_alikes if look.kind == kind)


def _events(out: Path, host: str) -> list[Event]:
    files = sorted((out / "hosts" / host).iterdir())
    return [json.loads(line) for path in files for line in gzip.decompress(path.read_bytes()).decode().splitlines()]


def _rows(out: Path, log: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for path in sorted((out / "zeek").glob(f"*/{log}.log.gz")):
        lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        names = next(line for line in lines if line.startswith("#fields")).split("\t")[1:]
        rows += [dict(zip(names, line.split("\t"), strict=True)) for line in lines if not line.startswith("#")]
    return rows


def test_every_kind_is_there_on_its_host_and_has_a_stay(written: tuple[Path, Truth], case: Workspace) -> None:
    _, truth = written
    assert {look.kind for look in truth.look_alikes} == KINDS
    stays = {
        (row["host"].partition(".")[0], row["program"])
        for row in case.sql("SELECT host, program FROM stay").to_pylist()
    }
    seen = {look for look in truth.look_alikes if (look.host.lower(), path_key(look.program)) in stays}
    # a tool that a person opens, or a task that runs, may not have its turn in a week
    assert {look.kind for look in seen} >= KINDS - {"inventory_scan", "network_scan", "anti_cheat", "hand_driver"}


def test_every_address_is_the_hosts_that_spoke_from_it(written: tuple[Path, Truth], case: Workspace) -> None:
    out, truth = written
    addresses, had = Addresses(SEED, draw_hosts(SEED, HOSTS)), defaultdict[str, set[int]](set)
    for number in range(DAYS):
        for index, address in enumerate(addresses.of(number, START + timedelta(days=number))):
            had[address].add(index)
    passed_on = {address[:6] for address, hosts in had.items() if len(hosts) > 1}
    assert passed_on == {"10.20.", "10.21."}
    known = case.sql("SELECT ip, host, since, until FROM host_address").to_pylist()
    for host in truth.hosts:
        for event in _events(out, host):
            if event["EventID"] == 3 and event["Initiated"] == "true" and event["SourceIp"].startswith("10."):
                time = datetime.fromisoformat(event["UtcTime"])
                owners = [
                    row["host"]
                    for row in known
                    if row["ip"] == event["SourceIp"] and row["since"] <= time <= row["until"]
                ]
                assert owners == [f"{host.lower()}.fairholt.example"], event


def test_photographs_are_carved_and_have_nothing_hidden(written: tuple[Path, Truth], case: Workspace) -> None:
    out, _ = written
    carved = {path.name: path for path in out.glob("zeek/*/extract_files/*")}
    files = {row["extracted"]: row for row in _rows(out, "files") if row["extracted"] != "-"}
    assert len(carved) > 3
    assert set(files) == set(carved)
    for name, path in carved.items():
        found = examine(path, name, name)
        assert found is not None
        assert (found.inspection.kind, found.inspection.findings) == ("jpeg", ())
        assert found.tail is not None
        assert found.inspection.size == int(files[name]["seen_bytes"])
        assert files[name]["fuid"] in name
    posts = [row for row in _rows(out, "http") if row["orig_mime_types"] == "image/jpeg"]
    assert {row["orig_fuids"] for row in posts} == {row["fuid"] for row in files.values()}
    inspected = case.sql("SELECT file_name FROM file_inspection").to_pylist()
    assert {row["file_name"] for row in inspected} == set(carved)


def test_the_network_inventory_walks_its_net(written: tuple[Path, Truth]) -> None:
    out, truth = written
    look = _look(truth, "network_scan")
    runs = [e for e in _events(out, look.host) if e["EventID"] == 1 and e["Image"] == look.program]
    tried = defaultdict(set)
    for row in _rows(out, "conn"):
        if row["conn_state"] in {"S0", "REJ"}:
            tried[row["id.orig_h"]].add(row["id.resp_h"])
    assert runs
    assert max(map(len, tried.values())) > 180


def test_a_driver_is_renewed_by_hand_and_signed_by_its_small_maker(written: tuple[Path, Truth]) -> None:
    out, truth = written
    look = _look(truth, "hand_driver")
    events = _events(out, look.host)
    maker = next(e["Company"] for e in events if e.get("Image", "").endswith("Setup.exe") and "Probe" in e["Image"])
    written_by = [e for e in events if e["EventID"] == 11 and e["TargetFilename"].endswith("usb.sys")]
    assert len(written_by) == 1
    assert written_by[0]["Image"].endswith("Setup.exe")
    loads = [e for e in events if e["EventID"] == 6 and e["ImageLoaded"] == written_by[0]["TargetFilename"]]
    assert {e["Signature"] for e in loads} == {maker}
    assert len({e["Hashes"] for e in loads if e["UtcTime"] > written_by[0]["UtcTime"]}) == 1


def test_a_vendors_revocation_has_its_day(written: tuple[Path, Truth]) -> None:
    out, truth = written
    look = _look(truth, "revoked_vendor")
    assert look.revocation is not None
    assert look.revocation.known == (START + timedelta(days=DAYS * 2 // 3)).isoformat()
    signers = {
        e["Signature"] for e in _events(out, look.host) if e["EventID"] == 7 and e["ImageLoaded"] == look.program
    }
    assert signers == {look.revocation.signer}
    listed = x509.load_der_x509_crl(revocations_path(out).read_bytes())
    serials = {row["certificate.serial"] for row in _rows(out, "x509") if row["san.dns"] == look.server}
    assert {f"{each.serial_number:032X}" for each in listed} == serials
    assert {each.revocation_date_utc.date().isoformat() for each in listed} == {look.revocation.known}
    assert not [other for other in truth.look_alikes if other.revocation and other.kind != "revoked_vendor"]


def test_new_versions_come_one_host_after_the_other_by_an_updater(written: tuple[Path, Truth]) -> None:
    out, truth = written
    setups = [
        e
        for host in truth.hosts
        for e in _events(out, host)
        if e["EventID"] == 11 and e["Image"].startswith("C:\\Windows\\Temp\\") and e["Image"].endswith("Update.exe")
    ]
    assert len({e["TargetFilename"] for e in setups}) >= 3
    days = defaultdict(set)
    for event in setups:
        days[event["TargetFilename"].rpartition("\\")[2]].add(event["UtcTime"][:10])
    assert max(map(len, days.values())) > 1

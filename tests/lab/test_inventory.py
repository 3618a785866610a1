"""Collections of some hosts, from which a certificate's serial number is known, and what a revocation by it touches."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from lodger.lab import Truth, is_intruders, write_fleet
from lodger.lab.inventory import collects
from lodger.lab.lives import named
from lodger.lab.people import draw_hosts
from lodger.lab.pki import code_certificate
from lodger.ledger import identified
from lodger.workspace import Workspace

SEED, HOSTS, DAYS = 2, 4, 8
Row = dict[str, Any]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    out = tmp_path_factory.mktemp("inventory") / "fleet"
    return out, write_fleet(out, seed=SEED, hosts=HOSTS, days=DAYS, intruders=[named("evasive-all")])


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _collected(out: Path) -> dict[str, list[Row]]:
    files = (out / "collections").glob("*/results/Windows.System.Pslist.json")
    return {rows[0]["Fqdn"].partition(".")[0]: rows for rows in map(_rows, sorted(files))}


def test_one_host_in_four_is_collected_monthly_and_at_the_end() -> None:
    hosts = draw_hosts(1, 2_000)
    chosen = [host for host in hosts if collects(host, 14, 60)]
    assert 0.2 < len(chosen) / len(hosts) < 0.3
    assert [number for number in range(60) if collects(chosen[0], number, 60)] == [14, 44, 59]


def test_what_runs_is_what_the_hosts_events_said_had_started(written: tuple[Path, Truth]) -> None:
    out, _ = written
    found = _collected(out)
    # those that are off on that day are not collected
    assert set() < set(found) <= {host.name for host in draw_hosts(SEED, HOSTS) if host.nature % 4 == 0}
    for host, rows in found.items():
        events = [e for path in sorted((out / "hosts" / host).iterdir()) for e in _rows(path)]
        started = {
            (e["Image"], int(e["ProcessId"]), e["UtcTime"][:19].replace(" ", "T")) for e in events if e["EventID"] == 1
        }
        assert {(row["Exe"], row["Pid"], row["CreateTime"].rstrip("Z")) for row in rows} <= started
        signers = {e["ImageLoaded"]: e["Signature"] for e in events if e["EventID"] == 7}
        signed = [row for row in rows if row["Authenticode"]["Trusted"] == "trusted"]
        assert len(signed) > 8
        assert all(row["Authenticode"]["SubjectName"].endswith(f"CN={signers[row['Exe']]}") for row in signed)


def test_a_large_publisher_has_another_certificate_than_its_thief(written: tuple[Path, Truth]) -> None:
    out, truth = written
    (intruder,) = truth.intruders
    revocation = intruder.revocation
    assert revocation is not None
    assert revocation.serial != code_certificate(revocation.signer).serial
    shown = {
        row["Authenticode"].get("SerialNumber") == revocation.serial
        for host, rows in _collected(out).items()
        for row in rows
        if is_intruders(truth, host, row["Exe"])
    }
    assert shown == {True}


def test_a_revocation_by_serial_number_touches_the_intruder_alone(written: tuple[Path, Truth], tmp_path: Path) -> None:
    out, truth = written
    (intruder,) = truth.intruders
    assert intruder.revocation is not None
    said = intruder.revocation.of_certificate()
    assert (said.signer, said.known_from) == (None, datetime.fromisoformat(intruder.revocation.known))
    workspace = Workspace.create_or_open(tmp_path / "case")
    summary = workspace.ingest([out])
    assert summary.problems == ()
    assert {source.aside for source in summary.sources if source.reader == "velociraptor"} == {0}
    workspace.analyse()
    assert workspace.learn([identified(said)]).statements == 1
    touched = workspace.sql("SELECT DISTINCT host, path, basis FROM touched").to_pylist()
    assert touched
    assert {row["basis"] for row in touched} == {2}
    assert all(is_intruders(truth, row["host"], row["path"]) for row in touched)
    collected = {host.lower() for host in _collected(out)}
    assert {row["host"].partition(".")[0] for row in touched} <= collected
    signers = workspace.sql("SELECT DISTINCT issuer FROM signature WHERE serial IS NOT NULL AND role = 'image'")
    assert set(signers["issuer"].to_pylist()) <= {"Lantern Code Signing CA 2022", "Fathom Code Signing 2021"}

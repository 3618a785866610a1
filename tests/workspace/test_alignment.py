"""The lines on clocks that differ, and on what is many behind one."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.analysis.records import at

from lodger.workspace import Workspace

SYSMON = "Microsoft-Windows-Sysmon/Operational"


def _lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _write(folder: Path) -> None:
    """A host 19 hours behind the network, its audit log in another file 7 hours off; and four behind one address."""
    folder.mkdir()
    sysmon, audit, conn = [], [], []
    for number in range(8):
        when = at(hours=1, minutes=7 * number)
        ends = {"SourceIp": "10.0.0.1", "SourcePort": str(5000 + number), "DestinationIp": "192.0.2.1"}
        sysmon.append(
            {
                "@timestamp": f"{when.isoformat()}Z",
                "Channel": SYSMON,
                "EventID": 3,
                "Hostname": "ws1.corp.example",
                "UtcTime": f"{when:%Y-%m-%d %H:%M:%S}.000",
                "Image": r"C:\a.exe",
                "Initiated": "true",
                "ProcessGuid": "{00000000-0000-0000-0000-000000000001}",
                "ProcessId": "4",
                "Protocol": "tcp",
                **ends,
                "DestinationPort": "443",
            }
        )
        audit.append(
            {
                "@timestamp": f"{(when - timedelta(hours=7)).isoformat()}Z",
                "Channel": "Security",
                "EventID": 5156,
                "Hostname": "ws1.corp.example",
                "SourceAddress": "10.0.0.1",
                "SourcePort": ends["SourcePort"],
                "DestAddress": "192.0.2.1",
                "DestPort": "443",
                "Protocol": "6",
                "Direction": "%%14593",
                "Application": r"\device\a.exe",
                "ProcessID": "4",
            }
        )
        conn.append(
            {
                "ts": (when + timedelta(hours=19, seconds=3)).isoformat() + "Z",
                "uid": f"C{number}",
                "proto": "tcp",
                "id.orig_h": "10.0.0.1",
                "id.orig_p": 5000 + number,
                "id.resp_h": "192.0.2.1",
                "id.resp_p": 443,
                "orig_bytes": 10,
                "resp_bytes": 10,
                "conn_state": "SF",
                "_path": "conn",
            }
        )
    tickets = [
        {
            "@timestamp": f"{at(hours=2, minutes=n).isoformat()}Z",
            "Channel": "Security",
            "EventID": 4768,
            "Hostname": "dc.corp.example",
            "TargetUserName": f"PC{n % 4}$",
            "IpAddress": "::ffff:10.9.0.1",
            "TargetDomainName": "CORP",
            "Status": "0x0",
        }
        for n in range(12)
    ]
    for name, rows in {"sysmon.json": sysmon, "audit.json": audit, "conn.log": conn, "dc.json": tickets}.items():
        _lines(folder / name, rows)


def test_the_summary_and_the_inventory_say_whose_clock_is_off_and_what_is_many_behind_one(tmp_path: Path) -> None:
    _write(tmp_path / "logs")
    workspace = Workspace.create_or_open(tmp_path / "case")
    workspace.ingest([tmp_path / "logs"])
    assert workspace.info().notes == ()
    summary = workspace.analyse()
    network = "the network sensors' clock is 19 h 3 s ahead of the host's, by 8 pairs of one connection on both"
    exporter = "an exporter's time stamps are 7 h behind the events' own UtcTime"
    lines = (
        f"ws1.corp.example: {network}: told on the host's clock",
        f"ws1.corp.example: {exporter}: told by UtcTime, which the host wrote",
        "10.9.0.1: many behind one address (4 hosts at once: pc0, pc1, pc2, and more): its contacts are no one host's",
    )
    assert tuple(summary.notes)[-3:] == lines
    assert workspace.info().notes == lines

"""A capture on the command line: from packets to contacts, and one connection in three files counts once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.telemetry.readers.capture_writer import (
    CLIENT,
    PAGE,
    SERVER,
    START,
    answer,
    client_hello,
    connection,
    get,
    pcap,
    pcapng,
    question,
    udp,
)

import lodger
from lodger.cli import run

HOUR = 3600 * 1_000_000
CONN = (
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\n"
    f"1600000000.0\tC1\t{CLIENT}\t50000\t{SERVER}\t443\ttcp\t-\t0.007\t90\t9\n"
)
EVE = {
    "timestamp": "2020-09-13T12:27:40.000000+0000",
    "event_type": "flow",
    "flow_id": 1,
    "src_ip": CLIENT,
    "src_port": 50000,
    "dest_ip": SERVER,
    "dest_port": 443,
    "proto": "TCP",
    "app_proto": "failed",
    "flow": {
        "bytes_toserver": 600,
        "bytes_toclient": 400,
        "start": "2020-09-13T12:26:40.010000+0000",
        "end": "2020-09-13T12:26:41.000000+0000",
        "state": "closed",
    },
}
TLS = connection(50000, [client_hello("a.example")], [b"\x16\3\3\0\4\2\0\0\0"])


SELECT = """
    SELECT host, destination, contacts, bytes_out, bytes_in, user_agents, tls_fingerprints
    FROM contact_day ORDER BY destination
"""
TLS_CONTACT = {
    "host": CLIENT,
    "destination": "a.example",
    "contacts": 1,
    "bytes_out": len(client_hello("a.example")),
    "bytes_in": 9,
    "user_agents": [],
    "tls_fingerprints": ["t12d030300_13bac7b83268_63be3268461f"],
}


@pytest.fixture(autouse=True)
def _without_zeek(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")


def contacts(case: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = lodger.open(case).sql(SELECT).to_pylist()
    return [
        {**row, "user_agents": row["user_agents"] or [], "tls_fingerprints": row["tls_fingerprints"] or []}
        for row in found
    ]


def test_hunting_through_a_capture_gives_contacts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packets = [
        udp((CLIENT, 5000, "10.0.0.53", 53), question("b.example")),
        udp(("10.0.0.53", 53, CLIENT, 5000), answer("b.example", SERVER)),
        *TLS,
    ]
    for hour in range(5):
        said = [get("b.example", f"/{hour}", "Agent/1.0")]
        packets += connection(51000 + hour, said, [PAGE], at=START + hour * HOUR, server_port=80)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "office.pcap").write_bytes(pcap(packets))
    (tmp_path / "logs" / "cut.pcapng").write_bytes(pcapng(connection(52000, [b"x"], at=START + 9 * HOUR))[:-9])
    case = tmp_path / "case"
    assert run(["hunt", str(tmp_path / "logs"), "--case", str(case), "--format", "json"]) == 0
    assert "inside a block after packet 6" in capsys.readouterr().err
    sent = len(get("b.example", "/0", "Agent/1.0"))
    none: dict[str, Any] = {"host": CLIENT, "user_agents": [], "tls_fingerprints": []}
    assert contacts(case) == [
        {**none, "destination": f"{SERVER}:443", "contacts": 1, "bytes_out": 1, "bytes_in": 0},
        TLS_CONTACT,
        {
            **none,
            "destination": "b.example",
            "contacts": 5,
            "bytes_out": 5 * sent,
            "bytes_in": 5 * len(PAGE),
            "user_agents": ["Agent/1.0"],
        },
    ]
    capsys.readouterr()
    assert run(["lake", "info", "--case", str(case), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(each["table"], each["rows"]) for each in told["tables"] if each["table"] == "nfstream_flow"] == [
        ("nfstream_flow", 8)
    ]
    assert "nfstream_flow" in {each["sensor"] for each in told["sensors"]}


def test_one_connection_in_a_zeek_log_an_eve_log_and_a_capture_counts_once(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "conn.log").write_text(CONN)
    (logs / "eve.json").write_text(json.dumps(EVE) + "\n")
    (logs / "x.pcap").write_bytes(pcap(TLS))
    assert run(["hunt", str(logs), "--case", str(tmp_path / "case")]) == 0
    workspace = lodger.open(tmp_path / "case")
    seen = "SELECT sensor FROM network_activity ORDER BY sensor"
    assert workspace.sql(seen).to_pylist() == [{"sensor": name} for name in ("nfstream", "suricata", "zeek")]
    assert contacts(tmp_path / "case") == [{**TLS_CONTACT, "bytes_out": 90, "bytes_in": 9}]

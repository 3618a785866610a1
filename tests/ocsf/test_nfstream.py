"""What the flows of a capture mean."""

from __future__ import annotations

from typing import Any

import pytest
from tests.analysis.records import Record, analysed, at, captured, rows_of

TO = "192.0.2.1"
ENDS = {"src_endpoint_ip": "10.0.0.1", "src_endpoint_port": 50000, "dst_endpoint_ip": TO}
LINK = "1:dmYcbcEYaxvfdMe0u4f22XNRUYA="


def said(name: str, *records: Record) -> list[dict[str, Any]]:
    """The rows of a class, without NULLs and without ids."""
    engine = analysed(records, "ocsf")
    found = rows_of(engine, f"SELECT * FROM {name} ORDER BY time")  # noqa: S608
    engine.close()
    gone = {"ref", "connection_uid"}
    return [{key: value for key, value in row.items() if value is not None and key not in gone} for row in found]


def test_a_flow_is_network_activity_with_its_community_id() -> None:
    flow = captured(at(), TO, protocol=17, sent=7, fetched=8, seconds=1.5, application_name="QUIC.Google")
    assert said("network_activity", flow) == [
        {
            **ENDS,
            "sensor": "nfstream",
            "time": at(),
            "dst_endpoint_port": 443,
            "connection_protocol_name": "udp",
            "duration_seconds": 1.5,
            "traffic_bytes_out": 7,
            "traffic_bytes_in": 8,
            "app_name": "quic",
            "connection_community_uid": LINK,
            "connection_link_uid": LINK,
        }
    ]


@pytest.mark.parametrize(
    ("protocol", "name", "guessed", "proto", "app"),
    [
        (6, "TLS", 0, "tcp", "ssl"),
        (17, "DTLS", 0, "udp", "ssl"),
        (6, "TLS.Google", 0, "tcp", "ssl"),
        (6, "HTTP_Connect", 0, "tcp", "http"),
        (6, "HTTP_Proxy", 1, "tcp", None),
        (17, "MDNS", 0, "udp", "dns"),
        (17, "DHCPV6", 0, "udp", "dhcp"),
        (6, "SMBv23", 0, "tcp", "smb"),
        (6, "FTP_CONTROL", 0, "tcp", "ftp"),
        (6, "Kerberos", 0, "tcp", "krb"),
        (6, "SSH", 0, "tcp", "ssh"),
        (6, "Unknown", 0, "tcp", None),
        (6, None, 0, "tcp", None),
        (1, "ICMP", 0, "icmp", None),
        (58, "ICMPV6", 0, "icmp", None),
        (132, "Unknown", 0, "sctp", None),
        (47, "Unknown", 0, "gre", None),
        (253, "Unknown", 0, "253", None),
    ],
)
def test_protocols_are_called_as_zeek_calls_them(
    protocol: int, name: str | None, guessed: int, proto: str, app: str | None
) -> None:
    (row,) = said(
        "network_activity",
        captured(at(), TO, protocol=protocol, application_name=name, application_is_guessed=guessed),
    )
    assert (row["connection_protocol_name"], row.get("app_name")) == (proto, app)
    ports = protocol in {6, 17, 132}
    assert ("src_endpoint_port" in row, "dst_endpoint_port" in row) == (ports, ports)
    assert ("connection_link_uid" in row) == (ports or proto == "gre")


def test_a_request_in_the_clear_is_http_activity() -> None:
    flow = captured(
        at(), TO, 80, application_name="HTTP", requested_server_name="B.example", user_agent="Agent/1.0", sent=7
    )
    assert said("http_activity", flow) == [
        {
            **ENDS,
            "sensor": "nfstream",
            "time": at(),
            "dst_endpoint_port": 80,
            "connection_protocol_name": "tcp",
            "http_request_host": "b.example",
            "http_request_user_agent": "Agent/1.0",
            "http_request_length": 7,
            "http_response_length": 5000,
            "connection_community_uid": "1:9LWQf0nOeyHaV5jNCZR2fdAYWVY=",
            "connection_link_uid": "1:9LWQf0nOeyHaV5jNCZR2fdAYWVY=",
        }
    ]
    assert said("tls_activity", flow) == []


def test_a_handshake_is_tls_activity_and_other_fingerprints_are_not() -> None:
    tls = captured(at(), TO, requested_server_name="A.example", client_fingerprint="t13d", server_fingerprint="ja3s")
    dhcp = captured(at(1), TO, protocol=17, application_name="DHCP", client_fingerprint="1,28,2")
    (row,) = said("tls_activity", tls, dhcp)
    assert {key: row[key] for key in ("time", "sensor", "tls_sni", "tls_ja4")} == {
        "time": at(),
        "sensor": "nfstream",
        "tls_sni": "a.example",
        "tls_ja4": "t13d",
    }
    assert "tls_ja3" not in row


def test_a_lookup_is_dns_activity_by_its_first_name() -> None:
    asked = captured(at(), "10.0.0.53", 53, protocol=17, application_name="DNS", requested_server_name="C.example")
    nameless = captured(at(1), "10.0.0.53", 53, protocol=17, application_name="DNS")
    assert said("dns_activity", asked, nameless) == [
        {
            "sensor": "nfstream",
            "time": at(),
            "src_endpoint_ip": "10.0.0.1",
            "dst_endpoint_ip": "10.0.0.53",
            "query_hostname": "c.example",
        }
    ]


def test_ids_are_unique_and_lead_to_the_record() -> None:
    engine = analysed([captured(at(), TO), captured(at(), TO)], "ocsf")
    rows = rows_of(engine, "SELECT connection_uid, ref FROM network_activity")
    engine.close()
    assert len({row["connection_uid"] for row in rows}) == 2
    assert all(row["connection_uid"] == f"nfstream:{row['ref']}" for row in rows)


def test_the_day_on_which_a_capture_spoke_is_known() -> None:
    engine = analysed([captured(at(), TO), captured(at(days=1), TO)], "stays")
    rows = rows_of(engine, "SELECT host, day, sensor, records FROM coverage_day ORDER BY day")
    engine.close()
    assert rows == [
        {"host": None, "day": when.date(), "sensor": "nfstream_flow", "records": 1} for when in (at(), at(days=1))
    ]

"""What Suricata's events mean, and which of them are of one connection."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.records import (
    Record,
    analysed,
    at,
    eve_flow,
    eve_handshake,
    eve_request,
    flow,
    rows_of,
    suricata,
)

from lodger import ocsf

EVE = {"sensor": "suricata"}
TO = "192.0.2.1"
ENDS = {"src_endpoint_ip": "10.0.0.1", "src_endpoint_port": 50000, "dst_endpoint_ip": TO}
DNS = {"flow_id": 5, "dns_id": 1, "src_ip": "10.0.0.1", "src_port": 53000, "dest_ip": "10.0.0.53", "dest_port": 53}
BACK = {"flow_id": 6, "dns_id": 2, "src_ip": "10.0.0.53", "src_port": 53, "dest_ip": "10.0.0.1", "dest_port": 53000}
FILE = {"flow_id": 9, "src_ip": TO, "src_port": 80, "dest_ip": "10.0.0.1", "dest_port": 50009}
MAC = "00:00:5e:00:53:01"

#: A class, records, and the rows that they mean, without `ref`; what is not named is NULL.
MEANINGS: list[tuple[str, list[Record], list[dict[str, Any]]]] = [
    (
        "network_activity",
        [eve_flow(1, at(), TO, proto="UDP", app_proto="failed", community_id="1:own=")],
        [
            {
                **EVE,
                **ENDS,
                "time": at(),
                "dst_endpoint_port": 443,
                "connection_protocol_name": "udp",
                "connection_uid": "suricata:1",
                "duration_seconds": 1.0,
                "traffic_bytes_out": 500,
                "traffic_bytes_in": 5000,
                "connection_state": "closed",
                "connection_community_uid": "1:own=",
                "connection_link_uid": "1:dmYcbcEYaxvfdMe0u4f22XNRUYA=",
            }
        ],
    ),
    (
        "network_activity",
        [eve_flow(1, at(), TO, tcp_tcp_flags_tc="14", fetched=60, community_id="1:own=")],
        [
            {
                **EVE,
                **ENDS,
                "time": at(),
                "dst_endpoint_port": 443,
                "connection_protocol_name": "tcp",
                "connection_uid": "suricata:1",
                "duration_seconds": 1.0,
                "traffic_bytes_out": 500,
                "traffic_bytes_in": 60,
                "app_name": "ssl",
                "connection_state": "REJ",
                "connection_community_uid": "1:own=",
                "connection_link_uid": "1:QAf3+pGMaqGO534pWKUcLd7LteM=",
            }
        ],
    ),
    (
        "http_activity",
        [
            eve_request(
                2, at(), TO, "A.example", "/x.jpg", http_http_refer="r", http_http_content_type="image/png", proto="TCP"
            )
        ],
        [
            {
                **EVE,
                **ENDS,
                "time": at(),
                "dst_endpoint_port": 80,
                "connection_protocol_name": "tcp",
                "connection_uid": "suricata:2",
                "http_request_method": "GET",
                "http_request_host": "a.example",
                "http_request_url_path": "/x.jpg",
                "http_request_user_agent": "Agent/1.0",
                "http_request_referrer": "r",
                "http_response_code": 200,
                "http_response_length": 5000,
                "connection_community_uid": "1:9LWQf0nOeyHaV5jNCZR2fdAYWVY=",
                "connection_link_uid": "1:9LWQf0nOeyHaV5jNCZR2fdAYWVY=",
            }
        ],
    ),
    (
        "tls_activity",
        [
            eve_handshake(
                3, at(), TO, "A.example", tls_ja3_hash="j3", tls_ja4="j4", tls_fingerprint="ab:cd", tls_subject="CN=a"
            )
        ],
        [
            {
                **EVE,
                **ENDS,
                "time": at(),
                "dst_endpoint_port": 443,
                "connection_protocol_name": "tcp",
                "connection_uid": "suricata:3",
                "tls_sni": "a.example",
                "tls_version": "TLS 1.2",
                "tls_ja3": "j3",
                "tls_ja4": "j4",
                "tls_certificate_subject": "CN=a",
                "tls_certificate_chain": ["abcd"],
                "connection_community_uid": "1:QAf3+pGMaqGO534pWKUcLd7LteM=",
                "connection_link_uid": "1:QAf3+pGMaqGO534pWKUcLd7LteM=",
            }
        ],
    ),
    (
        "dns_activity",
        [
            suricata("dns", at(), **DNS, dns_type="query", dns_rrname="A.example"),
            suricata(
                "dns",
                at(seconds=1),
                **DNS,
                dns_type="answer",
                dns_rrname="A.example",
                dns_rcode="NOERROR",
                dns_answers_rdata=["b.example", "192.0.2.7"],
                dns_answers_ttl=["300", "60"],
            ),
            suricata(
                "dns",
                at(seconds=2),
                **BACK,
                dns_type="response",
                dns_queries_rrname=["C.example"],
                dns_rcode="NXDOMAIN",
            ),
            suricata(
                "dns", at(seconds=3), **{**DNS, "dns_id": 3}, dns_type="request", dns_queries_rrname=["D.example"]
            ),
            suricata(
                "dns",
                at(seconds=4),
                **{**DNS, "dns_id": 4},
                dns_type="answer",
                dns_rrname="E.example",
                dns_grouped_A=["192.0.2.8"],
            ),
            suricata(
                "dns",
                at(seconds=5),
                **{**DNS, "dns_id": 5},
                dns_type="answer",
                dns_rrname="F.example",
                dns_rdata="192.0.2.9",
                dns_ttl=30,
            ),
        ],
        [
            {
                **EVE,
                "time": at(seconds=1),
                "src_endpoint_ip": "10.0.0.1",
                "dst_endpoint_ip": "10.0.0.53",
                "query_hostname": "a.example",
                "answers": "b.example;192.0.2.7",
                "answers_ttl": 60.0,
                "rcode": "NOERROR",
            },
            {
                **EVE,
                "time": at(seconds=2),
                "src_endpoint_ip": "10.0.0.1",
                "dst_endpoint_ip": "10.0.0.53",
                "query_hostname": "c.example",
                "rcode": "NXDOMAIN",
            },
            {
                **EVE,
                "time": at(seconds=3),
                "src_endpoint_ip": "10.0.0.1",
                "dst_endpoint_ip": "10.0.0.53",
                "query_hostname": "d.example",
            },
            {
                **EVE,
                "time": at(seconds=4),
                "src_endpoint_ip": "10.0.0.1",
                "dst_endpoint_ip": "10.0.0.53",
                "query_hostname": "e.example",
                "answers": "192.0.2.8",
            },
            {
                **EVE,
                "time": at(seconds=5),
                "src_endpoint_ip": "10.0.0.1",
                "dst_endpoint_ip": "10.0.0.53",
                "query_hostname": "f.example",
                "answers": "192.0.2.9",
                "answers_ttl": 30.0,
            },
        ],
    ),
    (
        "network_file_activity",
        [
            eve_flow(9, at(), TO, 80, source_port=50009),
            suricata("fileinfo", at(seconds=1), **FILE, fileinfo_filename="/x", fileinfo_size=9, fileinfo_md5="ab"),
            suricata(
                "fileinfo",
                at(seconds=2),
                **{**FILE, "src_ip": "10.0.0.1", "src_port": 50009, "dest_ip": TO, "dest_port": 80},
                fileinfo_filename="/y",
                fileinfo_file_id=4,
                fileinfo_magic="PE32+ executable (DLL) (GUI) x86-64, for MS Windows",
            ),
            suricata(
                "fileinfo", at(seconds=3), **{**FILE, "flow_id": 10}, fileinfo_filename="/z", fileinfo_sha256="cd"
            ),
            suricata(
                "smb",
                at(seconds=4),
                **{**FILE, "flow_id": 11},
                smb_command="SMB2_COMMAND_CREATE",
                smb_filename="a",
                smb_fuid="F",
                smb_size=3,
            ),
            suricata("smb", at(seconds=5), **{**FILE, "flow_id": 11}, smb_command="SMB2_COMMAND_CLOSE"),
        ],
        [
            {
                **EVE,
                "time": at(seconds=1),
                "connection_uid": "suricata:9",
                "activity_name": "Download",
                "file_name": "/x",
                "file_size": 9,
                "file_md5": "ab",
            },
            {
                **EVE,
                "time": at(seconds=2),
                "connection_uid": "suricata:9",
                "activity_name": "Upload",
                "file_name": "/y",
                "file_uid": "4",
                "file_mime_type": "application/x-dosexec",
            },
            {**EVE, "time": at(seconds=3), "connection_uid": "suricata:10", "file_name": "/z", "file_sha256": "cd"},
            {
                **EVE,
                "time": at(seconds=4),
                "connection_uid": "suricata:11",
                "activity_name": "SMB2_COMMAND_CREATE",
                "file_name": "a",
                "file_uid": "F",
                "file_size": 3,
            },
        ],
    ),
    (
        "dhcp_activity",
        [
            suricata("dhcp", at(), dhcp_type="request", dhcp_id=1, dhcp_client_mac=MAC, dhcp_hostname="WS1"),
            suricata(
                "dhcp",
                at(seconds=1),
                dhcp_type="reply",
                dhcp_id=1,
                dhcp_client_mac=MAC,
                dhcp_dhcp_type="ack",
                dhcp_assigned_ip="10.0.0.7",
                dhcp_lease_time=600,
            ),
            suricata(
                "dhcp",
                at(seconds=2),
                dhcp_type="reply",
                dhcp_id=2,
                dhcp_client_mac=MAC,
                dhcp_dhcp_type="ack",
                dhcp_assigned_ip="0.0.0.0",  # noqa: S104
            ),
            suricata(
                "dhcp",
                at(seconds=3),
                dhcp_type="reply",
                dhcp_id=3,
                dhcp_client_mac=MAC,
                dhcp_dhcp_type="offer",
                dhcp_assigned_ip="10.0.0.8",
            ),
        ],
        [
            {
                **EVE,
                "time": at(seconds=1),
                "src_endpoint_mac": MAC,
                "src_endpoint_hostname": "ws1",
                "src_endpoint_ip": "10.0.0.7",
                "lease_seconds": 600.0,
                "lease_is_new": False,
            },
        ],
    ),
    (
        "detection_finding",
        [
            suricata(
                "alert",
                at(),
                **FILE,
                proto="TCP",
                alert_gid=1,
                alert_signature_id=2,
                alert_rev=3,
                alert_severity=1,
                alert_signature="ET MALWARE x",
                alert_category="A Network Trojan was detected",
                alert_action="blocked",
                alert_metadata_mitre_technique_id=["T1071"],
            ),
        ],
        [
            {
                **EVE,
                "time": at(),
                "analytic_type": "Rule",
                "analytic_uid": "1:2:3",
                "finding_info_title": "ET MALWARE x",
                "finding_info_type": "A Network Trojan was detected",
                "attack_technique_uids": ["T1071"],
                "severity_id": 4,
                "disposition": "Blocked",
                "connection_uid": "suricata:9",
                "connection_protocol_name": "tcp",
                "src_endpoint_ip": TO,
                "src_endpoint_port": 80,
                "dst_endpoint_ip": "10.0.0.1",
                "dst_endpoint_port": 50009,
            },
        ],
    ),
    (
        "certificate",
        [
            eve_handshake(
                3,
                at(),
                TO,
                None,
                tls_fingerprint="ab:cd",
                tls_serial="0A:0B",
                tls_subject="CN=a",
                tls_issuerdn="CN=b",
                tls_notbefore=at(),
                tls_notafter=at(days=9),
            )
        ],
        [
            {
                **EVE,
                "time": at(),
                "certificate_fingerprint": "abcd",
                "certificate_serial_number": "0A0B",
                "certificate_subject": "CN=a",
                "certificate_issuer": "CN=b",
                "certificate_created_time": at(),
                "certificate_expiration_time": at(days=9),
                "certificate_is_self_signed": False,
            },
        ],
    ),
]


@pytest.mark.parametrize(("name", "rows", "said"), MEANINGS, ids=[name for name, _, _ in MEANINGS])
def test_events_say_this_and_nothing_else(name: str, rows: list[Record], said: list[dict[str, Any]]) -> None:
    engine = analysed(rows, "ocsf")
    found = rows_of(engine, f"SELECT * FROM {name} ORDER BY time")  # noqa: S608
    engine.close()
    given = [{column: value for column, value in row.items() if value is not None and column != "ref"} for row in found]
    assert given == said


# Which records are of one connection


def uids(*rows: Record) -> list[str]:
    """The connection's id of each record, in the order of their numbers."""
    engine = analysed(rows, "ocsf")
    found = rows_of(
        engine,
        """
        SELECT connection_uid FROM (
            SELECT ref, connection_uid FROM network_activity UNION ALL SELECT ref, connection_uid FROM http_activity
            UNION ALL SELECT ref, connection_uid FROM tls_activity
        ) AS records ORDER BY ref
        """,
    )
    engine.close()
    return [row["connection_uid"] for row in found]


def test_a_flow_its_requests_and_its_handshake_are_one_connection_whatever_their_stamps_say() -> None:
    rows = [
        eve_flow(1, at(), TO, 443),
        eve_request(1, at(days=-1), TO, "a", dest_port=443),
        eve_handshake(1, at(days=2), TO, "a"),
    ]
    assert uids(*rows) == ["suricata:1"] * 3


def test_an_id_that_comes_again_for_other_ends_is_another_connection() -> None:
    rows = [
        eve_flow(1, at(), TO),
        eve_flow(1, at(), TO, source_port=50001),
        eve_handshake(1, at(), TO, "a", source_port=50001),
    ]
    assert uids(*rows) == ["suricata:1/1", "suricata:1/2", "suricata:1/2"]


def test_an_id_that_comes_again_for_the_same_ends_is_another_connection() -> None:
    rows = [
        eve_flow(1, at(), TO),
        eve_handshake(1, at(seconds=1), TO, "a"),
        eve_flow(1, at(days=9), TO),
        eve_handshake(1, at(days=9, seconds=1), TO, "b"),
    ]
    assert uids(*rows) == ["suricata:1/1", "suricata:1/1", "suricata:1/2", "suricata:1/2"]


def test_without_flows_an_hour_between_parts_two_connections() -> None:
    rows = [
        eve_handshake(1, at(), TO, "a"),
        eve_handshake(1, at(minutes=59), TO, "a"),
        eve_handshake(1, at(hours=3), TO, "b"),
    ]
    assert uids(*rows) == ["suricata:1/1", "suricata:1/1", "suricata:1/2"]


def test_a_flow_logged_twice_is_one_connection() -> None:
    assert uids(eve_flow(1, at(), TO), eve_flow(1, at(), TO)) == ["suricata:1/1", "suricata:1/1"]


def test_a_start_that_no_clock_showed_is_not_used() -> None:
    engine = analysed(
        [
            eve_flow(n, at(), TO, flow_start=when)
            for n, when in enumerate([datetime(1, 1, 1), datetime(9999, 1, 1), None])
        ],
        "stays",
    )
    assert rows_of(engine, "SELECT DISTINCT time FROM contact_event") == [{"time": at(minutes=1)}]
    engine.close()


# Community ID

#: The specification's own results (baseline/baseline_deflt.json): protocol, ends, ports, Community ID.
BASELINE = [
    ("icmp", "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 135, 136, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="),
    ("icmp", "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 136, 135, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="),
    ("icmp", "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 135, 136, "1:zavyT/cezQr1fmImYCwYnMXbgck="),
    ("icmp", "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 136, 135, "1:zavyT/cezQr1fmImYCwYnMXbgck="),
    ("icmp", "3ffe:501:1800:2345::2", "3ffe:507:0:1:200:86ff:fe05:80da", 3, 0, "1:2ObVBgIn28oZvibYZhZMBgh7WdQ="),
    (
        "icmp",
        "3ffe:501:410:0:2c0:dfff:fe47:33e",
        "3ffe:507:0:1:200:86ff:fe05:80da",
        1,
        4,
        "1:hLZd0XGWojozrvxqE0dWB1iM6R0=",
    ),
    ("icmp", "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:501:0:1001::2", 128, 129, "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg="),
    ("icmp", "3ffe:501:0:1001::2", "3ffe:507:0:1:200:86ff:fe05:80da", 129, 128, "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg="),
    ("icmp", "fe80::200:86ff:fe05:80da", "ff02::2", 133, 134, "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0="),
    ("icmp", "fe80::260:97ff:fe07:69ea", "ff02::1", 134, 133, "1:pkvHqCL88/tg1k4cPigmZXUtL00="),
    ("icmp", "192.168.0.89", "192.168.0.1", 8, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
    ("icmp", "192.168.0.1", "192.168.0.89", 0, 8, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
    ("icmp", "10.0.0.1", "10.0.0.2", 11, 0, "1:YHxtAirCG//0OzkcVAukqKQN9xM="),
    (
        "tcp",
        "2001:470:e5bf:dead:4957:2174:e82c:4887",
        "2607:f8b0:400c:c03::1a",
        63943,
        25,
        "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=",
    ),
    (
        "tcp",
        "2607:f8b0:400c:c03::1a",
        "2001:470:e5bf:dead:4957:2174:e82c:4887",
        25,
        63943,
        "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=",
    ),
    ("sctp", "192.168.170.8", "192.168.170.56", 7, 7, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs="),
    ("sctp", "192.168.170.56", "192.168.170.8", 7, 7, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs="),
    ("tcp", "128.232.110.120", "66.35.250.204", 34855, 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
    ("tcp", "66.35.250.204", "128.232.110.120", 80, 34855, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
    ("udp", "192.168.1.52", "8.8.8.8", 54585, 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
    ("udp", "8.8.8.8", "192.168.1.52", 53, 54585, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
    ("rsvp", "10.1.12.1", "10.1.12.2", None, None, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw="),
    ("rsvp", "10.1.12.2", "10.1.12.1", None, None, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw="),
]


def communities(*rows: Record) -> list[tuple[str | None, str | None]]:
    engine = analysed(rows, "ocsf")
    found = rows_of(
        engine, "SELECT connection_community_uid AS one, connection_link_uid AS two FROM network_activity ORDER BY ref"
    )
    engine.close()
    return [(row["one"], row["two"]) for row in found]


def test_the_community_id_is_that_of_the_specification() -> None:
    rows = [
        flow("C", at(), to, to_port, source=source, source_port=port, proto=proto)  # type: ignore[arg-type]
        for proto, source, to, port, to_port, _ in BASELINE
    ]
    assert communities(*rows) == [(wanted, wanted) for *_, wanted in BASELINE]


def test_suricata_names_icmp_otherwise_and_has_the_same_community_id() -> None:
    ports: dict[str, Any] = {"src_port": None, "dest_port": None}
    rows = [
        eve_flow(
            1, at(), "192.168.0.1", source="192.168.0.89", **{**ports, "proto": "ICMP", "icmp_type": 8, "icmp_code": 0}
        ),
        eve_flow(
            2,
            at(),
            "fe80::260:97ff:fe07:69ea",
            source="fe80::200:86ff:fe05:80da",
            **{**ports, "proto": "IPv6-ICMP", "icmp_type": 135, "icmp_code": 0},
        ),
    ]
    assert [one for one, _ in communities(*rows)] == [BASELINE[10][-1], BASELINE[0][-1]]


def test_a_sensors_own_community_id_is_told_and_links_are_made_by_the_computed_one() -> None:
    rows = [
        flow("C", at(), "8.8.8.8", 53, source="192.168.1.52", source_port=54585, proto="udp", community_id="1:seeded="),
        flow("D", at(), "no address", community_id="1:own="),
        flow("E", at(), "8.8.8.8", 70_000),
        flow("F", at(), "8.8.8.8", -1, proto="other"),
    ]
    assert communities(*rows) == [
        ("1:seeded=", "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
        ("1:own=", "1:own="),
        (None, None),
        (None, None),
    ]


@given(st.ip_addresses())
def test_an_address_is_its_bytes(address: Any) -> None:
    batch = ocsf.addresses(pa.RecordBatch.from_pydict({"text": [str(address), address.exploded]}))
    assert [bytes.fromhex(row["value"]) for row in batch.to_pylist()] == [address.packed] * 2


@given(st.text())
def test_what_is_no_address_has_none(text: str) -> None:
    (row,) = ocsf.addresses(pa.RecordBatch.from_pydict({"text": [text + "x"]})).to_pylist()
    assert row == {"text": text + "x", "value": None}

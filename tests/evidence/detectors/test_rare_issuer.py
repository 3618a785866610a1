"""Certificate authorities that the fleet knows from one place only."""

from __future__ import annotations

from contextlib import closing

from tests.analysis.records import Finding, Record, analysed, at, finding, findings, flow, handshake, zeek

LANTERN = "CN=Lantern CA R3,O=Lantern Trust,C=US"
RARE = "CN=Corner Shop CA"


def _goes(n: int, name: str, issuer: str, subject: str = "") -> tuple[list[Record], list[Record]]:
    """A TLS connection of 10.0.0.n to this place; all records, and that of the flow."""
    when, uid, ends = at(days=n, hours=10), f"C{n}{name}", {"source": f"10.0.0.{n}"}
    seen = flow(uid, when, "192.0.2.9", source=f"10.0.0.{n}")
    told = handshake(uid, when, "192.0.2.9", name, source=ends["source"], cert_chain_fps=[f"fp {name}"])
    names = {"certificate_subject": subject or f"CN={name}", "certificate_issuer": issuer}
    return [seen, told, zeek("x509", when, fingerprint=f"fp {name}", **names)], [seen]


def _everyone(hosts: int, places: int) -> list[Record]:
    return [
        row for n in range(1, hosts + 1) for place in range(places) for row in _goes(n, f"w{place}.example", LANTERN)[0]
    ]


def _found(rows: list[Record]) -> list[Finding]:
    with closing(analysed(rows)) as engine:
        return findings(engine, "rare_issuer")


def test_an_issuer_of_one_place_of_one_host_is_found() -> None:
    rows, seen = _goes(1, "odd.example", RARE)
    told = f"odd.example certified by {RARE}, met nowhere else in the fleet; 1 of 5 hosts go there, since 2021-03-02"
    assert _found(rows + _everyone(5, 19)) == [finding("10.0.0.1", "network: tcp/ssl", told, seen)]


def test_an_issuer_of_two_places_is_not() -> None:
    rows = _goes(1, "odd.example", RARE)[0] + _goes(1, "other.example", RARE)[0]
    assert _found(rows + _everyone(5, 19)) == []


def test_nor_one_to_whose_place_two_hosts_go() -> None:
    rows = _goes(1, "odd.example", RARE)[0] + _goes(2, "odd.example", RARE)[0]
    assert _found(rows + _everyone(5, 19)) == []


def test_who_signs_for_itself_is_no_issuer() -> None:
    assert _found(_goes(1, "odd.example", RARE, subject=RARE)[0] + _everyone(5, 20)) == []


def test_with_few_hosts_or_few_places_every_issuer_is_rare_and_none_is_found() -> None:
    rows = _goes(1, "odd.example", RARE)[0]
    assert _found(rows + _everyone(4, 19)) == []
    assert _found(rows + _everyone(5, 18)) == []

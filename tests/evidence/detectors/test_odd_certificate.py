"""Certificates that no public authority would have given, and those made for the occasion."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.analysis.records import Finding, Record, at, finding, flow, handshake, zeek
from tests.evidence.stories import Story, Told, tell

AUTHORITY = "CN=Lantern CA R3,O=Lantern Trust,C=US"


def _calls(
    host: str,
    *,
    issuer: str = AUTHORITY,
    age: timedelta = timedelta(days=100),
    valid: timedelta = timedelta(days=395),
    place: str = "",
    older: bool = False,
) -> tuple[list[Record], list[Record]]:
    """Two TLS connections, a day apart, with one certificate; ``older`` as Zeek before 4.2 names certificates."""
    n = [story.__name__ for story in STORIES].index(host) + 1
    name, source, to = place or f"www{n}.example", f"10.0.2.{n}", f"192.0.2.{n}"
    rows, seen = [], []
    for day in (1, 2):
        when, uid, fuid = at(days=day, hours=10), f"C{host}{day}", f"F{host}{day}"
        seen.append(flow(uid, when, to, source=source))
        chain: dict[str, Any] = {"cert_chain_fuids": [fuid]} if older else {"cert_chain_fps": [f"fp{n}"]}
        rows.append(handshake(uid, when, to, name, source=source, **chain))
        begin: datetime = at(days=1, hours=10) - age
        names = {"certificate_subject": f"CN={name}", "certificate_issuer": issuer or f"CN={name}"}
        times = {"certificate_not_valid_before": begin, "certificate_not_valid_after": begin + valid}
        own = {"id": fuid} if older else {"fingerprint": f"fp{n}"}
        rows.append(zeek("x509", when, **own, **names, **times))
    return rows + seen, seen


def _found(host: str, what: str, issuer: str, seen: list[Record]) -> Finding:
    n = [story.__name__ for story in STORIES].index(host) + 1
    sentence = f"shown a {what} by www{n}.example ({issuer}); 1 of {len(STORIES)} hosts go there, since 2021-03-02"
    return finding(f"10.0.2.{n}", "network: tcp/ssl", sentence, seen)


def self_signed(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _calls(host, issuer="")
    return rows, [_found(host, "self-signed certificate", "CN=www1.example", seen)]


def self_signed_as_older_zeek_tells_it(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _calls(host, issuer="", older=True)
    return rows, [_found(host, "self-signed certificate", "CN=www2.example", seen)]


def valid_for_ten_years(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _calls(host, valid=timedelta(days=3650))
    return rows, [_found(host, "certificate valid for longer than authorities give", AUTHORITY, seen)]


def two_days_old_at_the_first_contact(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _calls(host, age=timedelta(days=2))
    return rows, [_found(host, "certificate less than three days old", AUTHORITY, seen[:1])]


def three_days_old_at_the_first_contact(host: str) -> tuple[list[Record], list[Finding]]:
    return _calls(host, age=timedelta(days=3))[0], []


def not_valid_yet_by_the_sensors_clock(host: str) -> tuple[list[Record], list[Finding]]:
    return _calls(host, age=timedelta(days=-5))[0], []


def ordinary_certificate(host: str) -> tuple[list[Record], list[Finding]]:
    return _calls(host)[0], []


def self_signed_where_two_hosts_go(host: str) -> tuple[list[Record], list[Finding]]:
    return _calls(host, issuer="", place="shared.example")[0], []


def the_other_of_the_two(host: str) -> tuple[list[Record], list[Finding]]:
    return _calls(host, place="shared.example")[0], []


def renewed_for_an_old_acquaintance(host: str) -> tuple[list[Record], list[Finding]]:
    rows, _ = _calls(host)
    n = [story.__name__ for story in STORIES].index(host) + 1
    source, when = f"10.0.2.{n}", at(days=30, hours=10)
    begin = when - timedelta(days=1)
    rows.append(flow("Crenewed", when, f"192.0.2.{n}", source=source))
    name = f"www{n}.example"
    rows.append(handshake("Crenewed", when, f"192.0.2.{n}", name, source=source, cert_chain_fps=["fpnew"]))
    names = {"certificate_subject": f"CN={name}", "certificate_issuer": AUTHORITY}
    times = {"certificate_not_valid_before": begin, "certificate_not_valid_after": begin + timedelta(days=90)}
    return [*rows, zeek("x509", when, fingerprint="fpnew", **names, **times)], []


def names_of_the_handshake_alone(host: str) -> tuple[list[Record], list[Finding]]:
    n = [story.__name__ for story in STORIES].index(host) + 1
    source, when = f"10.0.2.{n}", at(days=1, hours=10)
    seen = flow("Cnames", when, f"192.0.2.{n}", source=source)
    told = handshake("Cnames", when, f"192.0.2.{n}", f"www{n}.example", source=source, subject="CN=a", issuer="CN=a")
    return [seen, told], [_found(host, "self-signed certificate", "CN=a", [seen])]


STORIES: list[Story] = [
    self_signed,
    self_signed_as_older_zeek_tells_it,
    valid_for_ten_years,
    two_days_old_at_the_first_contact,
    three_days_old_at_the_first_contact,
    not_valid_yet_by_the_sensors_clock,
    ordinary_certificate,
    self_signed_where_two_hosts_go,
    the_other_of_the_two,
    renewed_for_an_old_acquaintance,
    names_of_the_handshake_alone,
]
ADDRESS = {story.__name__: f"10.0.2.{n}" for n, story in enumerate(STORIES, 1)}


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("odd_certificate", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    found = [each for each in told.found["?"] if each.host == ADDRESS[story.__name__]]
    assert found == told.wanted[story.__name__]

"""The lab's own authorities."""

from __future__ import annotations

from datetime import UTC, date, datetime

from cryptography import x509

from lodger.lab.pki import LISTED, certificate, revocation_list


def test_a_server_has_one_certificate_of_its_own() -> None:
    servers = [f"host{number}.example" for number in range(60)] + ["update.one.example"]
    shown = [certificate(server) for server in servers]
    assert len({each.serial for each in shown}) == len({each.mark for each in shown}) == 61
    assert len({each.issuer for each in shown}) == 3
    assert certificate("update.one.example") == shown[-1]
    assert shown[-1].issuer == LISTED


def test_the_list_names_what_was_revoked_and_when() -> None:
    servers = [("update.two.example", date(2024, 5, 7)), ("update.one.example", date(2024, 5, 2))]
    content = revocation_list(7, servers)
    assert content == revocation_list(7, reversed(servers))
    assert content != revocation_list(8, servers)
    listed = x509.load_der_x509_crl(content)
    assert {(f"{each.serial_number:032X}", each.revocation_date_utc) for each in listed} == {
        (certificate(server).serial, datetime(day.year, day.month, day.day, tzinfo=UTC)) for server, day in servers
    }
    assert listed.issuer.rfc4514_string() == LISTED
    assert listed.last_update_utc == datetime(2024, 5, 8, tzinfo=UTC)

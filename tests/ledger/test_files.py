"""Lists of what is known become statements; bad entries are told and counted, and the others taken."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from lodger.errors import InputError
from lodger.ledger import from_rows, identified, rows
from lodger.ledger.files import read_file
from lodger.ledger.normal import serial_number
from lodger.model.trust import Kind, Statement

KNOWN = datetime(2024, 5, 20, 12)
DAY = datetime(2024, 1, 1)
SHA256, SHA1, MD5 = "ab" * 32, "cd" * 20, "ef" * 16


def crl(pem: bool) -> bytes:
    """Three entries: revoked, with an earlier day of compromise, and taken off the list."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(
            x509.Name(
                [
                    x509.NameAttribute(x509.NameOID.COMMON_NAME, "Some CA"),
                    x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Some Ltd"),
                ]
            )
        )
        .last_update(DAY)
        .next_update(DAY + timedelta(days=30))
    )
    for serial, extensions in (
        (0xABC, []),
        (0xDEF, [x509.CRLReason(x509.ReasonFlags.key_compromise), x509.InvalidityDate(DAY - timedelta(days=90))]),
        (0x123, [x509.CRLReason(x509.ReasonFlags.remove_from_crl)]),
    ):
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(DAY)
        for extension in extensions:
            entry = entry.add_extension(extension, critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    signed = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM if pem else serialization.Encoding.DER)


@pytest.mark.parametrize("pem", [True, False], ids=["pem", "der"])
def test_a_revocation_list_says_since_when_each_certificate_does_not_count(tmp_path: Path, pem: bool) -> None:
    file = tmp_path / "list"
    file.write_bytes(crl(pem))
    listing = read_file(file, KNOWN)
    told: dict[str, Any] = {
        "kind": Kind.REVOKED,
        "source": "revocation list of Some CA",
        "known_from": KNOWN,
        "issuer": "Some CA",
    }
    assert (listing.form, listing.read, listing.refused) == ("revocation list", 3, 0)
    assert [entry.statement for entry in listing.entries] == [
        Statement(**told, serial="abc", valid_from=DAY, detail="unspecified"),
        Statement(**told, serial="def", valid_from=DAY - timedelta(days=90), detail="keyCompromise"),
    ]


def read(tmp_path: Path, *entries: Any) -> Any:
    file = tmp_path / "list.json"
    file.write_text(json.dumps(entries), encoding="utf-8")
    return read_file(file, KNOWN)


CERTIFICATE = {
    "serial": "00:0F:A2",
    "subject": "CYNC LIMITED",
    "issuer": "Some CA",
    "valid_from": "2024-07-25",
    "used_by": "a remote\nadministration tool",
    "source": "a list",
}


def test_a_list_of_certificates_speaks_of_each_since_it_was_made(tmp_path: Path) -> None:
    listing = read(tmp_path, CERTIFICATE, CERTIFICATE)
    assert (listing.form, listing.read, listing.refused) == ("certificates", 2, 0)
    assert [entry.statement for entry in listing.entries] == [
        Statement(
            Kind.ABUSED, "a list", KNOWN, datetime(2024, 7, 25), "a remote administration tool", "fa2", "Some CA",
            signer="CYNC LIMITED",
        )
    ]  # fmt: skip


def driver(category: str, subject: str) -> dict[str, Any]:
    authority = {"serial": "01", "subject": "O=Some Ltd, CN=Some Code Signing CA", "valid_from": "2023-01-01 00:00:00"}
    stamp = {"serial": "02", "subject": "O=Some Ltd, CN=Some Time Stamping Signer", "valid_from": "2023-06-01 00:00:00"}
    signer = {"serial": "0A", "subject": f"C=GB, CN={subject}", "valid_from": "2020-01-01 00:00:00"}
    return {
        "id": "1234", "category": category, "names": ["a.sys"], "sha256": SHA256.upper(), "sha1": SHA1, "md5": MD5,
        "authentihash_sha256": SHA256, "certificates": [authority, stamp, signer],
    }  # fmt: skip


def test_a_list_of_drivers_speaks_of_the_file_and_of_a_malicious_ones_signer(tmp_path: Path) -> None:
    of_file: dict[str, Any] = {"sha256": SHA256, "sha1": SHA1, "md5": MD5, "authentihash": SHA256}
    source = "list of drivers, 1234"
    listing = read(
        tmp_path,
        driver("vulnerable driver", "Honest Ltd"),
        driver("malicious", "Acme, Inc., emailAddress=a@example"),
        driver("malicious", "Microsoft Windows Hardware Compatibility Publisher"),
    )
    signer = "Microsoft Windows Hardware Compatibility Publisher"
    assert [entry.statement for entry in listing.entries] == [
        Statement(Kind.VULNERABLE, source, KNOWN, detail="a.sys", **of_file),
        Statement(Kind.MALICIOUS, source, KNOWN, detail="a.sys", **of_file),
        Statement(Kind.ABUSED, source, KNOWN, detail="signed a.sys", serial="a", signer="Acme, Inc."),
        Statement(Kind.ABUSED, source, KNOWN, detail="signed a.sys", serial="a", signer=signer, shared=True),
    ]


def test_bad_entries_are_counted_and_the_first_ones_told_and_the_others_taken(tmp_path: Path) -> None:
    bad = [{**CERTIFICATE, **each} for each in ({"serial": "no hex"}, {"serial": 7}, {"valid_from": "soon"})]
    listing = read(tmp_path, bad[0], CERTIFICATE, bad[1], 5, bad[2], *[{"serial": ""}] * 3)
    assert (listing.read, len(listing.entries), listing.refused) == (8, 1, 7)
    assert listing.problems == (
        "entry 1: not a serial number in hexadecimal: 'no hex'",
        "entry 3: serial is not text",
        "entry 4: not an object",
        "entry 5: not a time: 'soon'",
        "entry 6: no serial number",
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "no revocation list"),
        (b"\x30\x03\x02\x01\x01", "no revocation list"),
        (b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", "PEM without a revocation list"),
        (b"[", "not JSON"),
        (b"[" * 200_000, "not JSON"),
        (b'[{"name": "a"}]', "no list of certificates or drivers"),
    ],
)
def test_what_is_no_list_is_one_clear_line(tmp_path: Path, content: bytes, problem: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(InputError, match=problem):
        read_file(file, KNOWN)


@given(st.integers(0, 2**160), st.booleans(), st.integers(0, 3))
def test_a_serial_number_has_one_spelling(number: int, upper: bool, zeros: int) -> None:
    digits = "0" * zeros + f"{number:x}"
    spelled = " ".join(f"0x{digits.upper() if upper else digits}".split())
    assert serial_number(spelled) == f"{number:x}"
    assert serial_number(":".join(digits)) == f"{number:x}"


TEXTS = st.none() | st.text(max_size=30)


@given(
    st.builds(
        Statement,
        kind=st.sampled_from(Kind),
        source=st.text(max_size=30),
        known_from=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),
        valid_from=st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),
        detail=TEXTS,
        signer=TEXTS,
        issuer=TEXTS,
        shared=st.booleans(),
    )
)
def test_a_statement_comes_back_from_the_ledger_as_it_went_in_and_keeps_its_id(statement: Statement) -> None:
    entry = identified(statement)
    assert from_rows(rows([entry])) == [entry]
    assert identified(entry.statement) == entry


def test_the_public_lists_are_read(shared_data: Path) -> None:
    abused = read_file(shared_data / "certificates" / "known_abused.json", KNOWN)
    drivers = read_file(shared_data / "drivers" / "loldrivers.json", KNOWN)
    assert (abused.form, abused.read, abused.refused) == ("certificates", 3589, 0)
    assert (drivers.form, drivers.read, drivers.refused) == ("drivers", 2213, 6)
    kinds = Counter((entry.statement.kind, entry.statement.shared) for entry in drivers.entries)
    assert kinds == {
        (Kind.VULNERABLE, False): 1837, (Kind.MALICIOUS, False): 331, (Kind.ABUSED, False): 95, (Kind.ABUSED, True): 19
    }  # fmt: skip

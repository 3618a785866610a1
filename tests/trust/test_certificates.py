from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from tests.trust import makers

from lodger.errors import InputError
from lodger.trust import both, keys, load_roots
from lodger.trust.certificates import certificate
from lodger.trust.der import MalformedError, read
from lodger.trust.identities import identity, serial_text
from lodger.trust.names import name_text
from lodger.trust.roots import Terms, roots_of

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=16)


@given(st.lists(TEXT, min_size=1, max_size=3))
def test_names_are_spelled_with_what_is_special_escaped(texts: list[str]) -> None:
    raw = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text) for text in texts]).public_bytes()
    spelled = ["CN=" + "".join(f"\\{each}" if each in ',+"\\<>;=' else each for each in text) for text in texts]
    assert name_text(raw) == ",".join(reversed(spelled))


@given(st.binary(max_size=80))
def test_any_bytes_are_a_name_or_malformed(raw: bytes) -> None:
    try:
        name_text(raw)
    except MalformedError:
        return


@pytest.mark.parametrize(
    ("serial", "text"),
    [(0, "00"), (1, "01"), (0x7F, "7f"), (0x80, "80"), (0xABCDEF, "abcdef"), (-1, "ff"), (-(0x724808C7), "8db7f739")],
)
def test_serial_numbers_are_their_own_bytes(serial: int, text: str) -> None:
    assert serial_text(serial) == text


def test_the_identity_of_a_certificate_is_that_of_the_library() -> None:
    holder = makers.signer(2048)
    told = identity(certificate(holder.der))
    assert told.thumbprint == holder.certificate.fingerprint(hashes.SHA1()).hex()  # noqa: S303
    assert told.sha256 == holder.certificate.fingerprint(hashes.SHA256()).hex()
    assert (told.not_before, told.not_after) == (
        holder.certificate.not_valid_before_utc,
        holder.certificate.not_valid_after_utc,
    )


def test_cut_and_oversized_certificates_are_malformed() -> None:
    der = makers.signer().der
    twice = der[:-90] + der[-90:].replace(makers.oid("1.2.840.10045.4.3.2"), makers.oid("1.2.840.10045.4.3.3"))
    assert twice != der
    for broken in (twice, der[:-1], der[: len(der) // 2], b"", makers.seq(bytes(40_000)), makers.seq(makers.seq())):
        with pytest.raises(MalformedError):
            certificate(broken)


Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey


def signed_by(private: Private) -> bytes:
    return private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_every_kind_of_signature_stands_under_its_own_bytes_only() -> None:
    small, curve = rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP384R1())
    older = dsa.generate_private_key(2048)
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    parameters = makers.seq(makers.tlv(0xA0, makers.digest_algorithm("sha256")))
    cases: list[tuple[Private, str, bytes, bytes]] = [
        (small, "1.2.840.113549.1.1.11", b"\x05\0", small.sign(b"text", padding.PKCS1v15(), hashes.SHA256())),
        (small, "1.2.840.113549.1.1.10", parameters, small.sign(b"text", pss, hashes.SHA256())),
        (curve, "1.2.840.10045.4.3.3", b"", curve.sign(b"text", ec.ECDSA(hashes.SHA384()))),
        (older, "2.16.840.1.101.3.4.3.2", b"", older.sign(b"text", hashes.SHA256())),
    ]
    for private, number, extra, signature in cases:
        how = keys.algorithm(read(makers.seq(makers.oid(number), extra)))
        spki = signed_by(private)
        assert keys.stands(spki, how, signature, b"text"), number
        assert not keys.stands(spki, how, signature, b"test"), number
        assert not keys.stands(signed_by(ec.generate_private_key(ec.SECP256R1())), how, signature, b"text")
        assert not keys.stands(b"no key", how, signature, b"text")
    unknown = keys.algorithm(read(makers.seq(makers.oid("1.2.3.4"), b"\x05\0")))
    assert not keys.stands(signed_by(small), unknown, cases[0][3], b"text")


def test_roots_are_read_from_files_and_folders(tmp_path: Path) -> None:
    pem = makers.root().certificate.public_bytes(Encoding.PEM)
    (tmp_path / "two.pem").write_bytes(b"comment\n" + pem + makers.middle().certificate.public_bytes(Encoding.PEM))
    (tmp_path / "one.der").write_bytes(makers.stamper().der)
    (tmp_path / "readme").write_text("no certificate")
    found = load_roots([tmp_path])
    assert sum(len(each) for each in found.by_subject.values()) == 3
    for holder in (makers.root(), makers.middle(), makers.stamper()):
        assert found.holds(certificate(holder.der))
    with pytest.raises(InputError, match="readme: holds no certificate"):
        load_roots([tmp_path / "readme"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no certificate to trust"):
        load_roots([tmp_path / "empty"])


def test_a_root_that_a_person_names_has_no_terms() -> None:
    mine = certificate(makers.root().der)
    bound = roots_of([mine], {mine.sha1: Terms(usages=frozenset())})
    assert both(bound, roots_of([certificate(makers.middle().der)])).terms == bound.terms
    assert both(bound, roots_of([mine])).terms == {}

"""The cases that a verifier must get right, each with certificates and files of its own."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.trust import files, makers
from tests.trust.judging import IN_TIME, NOW, STAMP, brief, catalogs, look, roots
from tests.trust.makers import day

from lodger.errors import InputError
from lodger.trust import Word, verify


def test_a_signature_with_a_time_stamp_tells_all_that_is_known_of_it() -> None:
    told = look(files.signed(stamps=[STAMP]))
    (signature,) = told.signatures
    who = makers.signer().certificate
    assert brief(told) == ("valid", [("1", "valid")])
    assert (told.kind, told.flags, told.reason) == ("pe", (), "")
    signer = signature.signer
    assert signer is not None
    assert signer.subject == "CN=Signer 0,O=Tests,C=GB"
    assert signer.issuer == "CN=Code signing authority,O=Tests,C=GB"
    assert int(signer.serial, 16) == who.serial_number
    assert signer.thumbprint == hashlib.sha1(makers.signer().der, usedforsecurity=False).hexdigest()
    public = who.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert signer.spki_sha256 == hashlib.sha256(public).hexdigest()
    assert (signer.not_before, signer.not_after) == (day(2015), day(2016))
    assert signer.usages == ("codeSigning",)
    assert [each.subject for each in signature.chain] == [
        "CN=Code signing authority,O=Tests,C=GB",
        "CN=Root,O=Tests,C=GB",
    ]
    stamp = signature.stamp
    assert stamp is not None
    assert (stamp.word, stamp.time, stamp.trusted) == (Word.RFC3161, IN_TIME, True)
    assert stamp.authority is not None
    assert stamp.authority.subject == "CN=Time stamps,O=Tests,C=GB"
    assert (signature.digest_algorithm, signature.publisher) == ("sha256", "A program")


def test_rsa_and_elliptic_curves_both_count() -> None:
    assert brief(look(files.signed(by=makers.signer(2048), stamps=[STAMP])))[0] == "valid"


def test_an_expired_certificate_without_a_time_stamp_is_expired() -> None:
    told = look(files.signed())
    assert brief(told) == ("expired", [("1", "expired")])
    assert told.flags == ("no-timestamp",)
    assert "expired at 2016-01-01" in told.reason
    assert look(files.signed(), at=IN_TIME).verdict == "valid"


@pytest.mark.parametrize("stamp", [makers.token, makers.countersignature])
def test_a_time_stamp_counts_within_the_certificates_time_only(
    stamp: Callable[[datetime], makers.Stamper],
) -> None:
    within, late, early = (files.signed(stamps=[stamp(day(year, 6))]) for year in (2015, 2016, 2014))
    assert [look(each).verdict.value for each in (within, late, early)] == ["valid", "expired", "expired"]


def test_a_countersignature_is_believed_and_told_as_such() -> None:
    told = look(files.signed(stamps=[makers.countersignature(IN_TIME)]))
    (signature,) = told.signatures
    assert signature.stamp is not None
    assert (told.verdict, told.flags, signature.stamp.word) == ("valid", ("legacy-timestamp",), Word.LEGACY)


def test_a_time_stamp_of_an_unknown_authority_is_nobodys_word() -> None:
    stranger = makers.issue("Stranger", usages=[makers.STAMPING])
    told = look(files.signed(stamps=[makers.token(IN_TIME, stranger)]))
    assert (told.verdict, told.flags) == ("expired", ("untrusted-timestamp",))
    stamp = told.signatures[0].stamp
    assert stamp is not None
    assert (stamp.trusted, stamp.reason) == (False, "CN=Stranger,O=Tests,C=GB: a root that is not trusted")


def test_of_several_time_stamps_the_best_and_then_the_earliest_counts() -> None:
    stranger = makers.token(day(2015, 2), makers.issue("Stranger", usages=[makers.STAMPING]))
    late, early, old = makers.token(day(2017)), makers.token(day(2015, 7)), makers.countersignature(day(2015, 3))
    for stamps, time in (
        ([stranger, late, early, old], day(2015, 7)),
        ([early, late], day(2015, 7)),
        ([old, late], day(2017)),
        ([stranger, old], day(2015, 3)),
        ([stranger], day(2015, 2)),
    ):
        stamp = look(files.signed(stamps=stamps)).signatures[0].stamp
        assert stamp is not None
        assert stamp.time == time


def test_a_code_signer_gives_no_time() -> None:
    other = makers.issue("Also signs code", makers.middle(), usages=[makers.CODE])
    told = look(files.signed(stamps=[makers.token(IN_TIME, other)]))
    assert (told.verdict, told.flags) == ("expired", ("untrusted-timestamp",))


def test_the_time_stamp_of_another_signature_is_an_alteration() -> None:
    told = look(files.signed(stamps=[makers.token(IN_TIME, imprint=b"x" * 32)]))
    assert (told.verdict, told.reason) == ("altered", "the time stamp is of another signature")


def test_lifetime_signing_ends_with_the_certificate_whatever_the_time_stamp() -> None:
    who = makers.issue(
        "For its lifetime", makers.middle(), usages=[makers.CODE, makers.LIFETIME], since=day(2015), until=day(2016)
    )
    content = files.signed(by=who, stamps=[STAMP])
    assert (look(content).verdict, look(content).flags) == ("expired", ("lifetime-signing",))
    assert look(content, at=IN_TIME).verdict == "valid"


def test_a_servers_certificate_signs_no_code() -> None:
    who = makers.issue("www.example.net", makers.middle(), usages=[makers.SERVER])
    told = look(files.signed(by=who, stamps=[STAMP]))
    assert (told.verdict, told.reason) == ("untrusted", "the certificate may not sign code")


def test_a_certificate_without_usages_may_sign_and_is_told() -> None:
    told = look(files.signed(by=makers.issue("For anything", makers.middle()), stamps=[STAMP]))
    assert (told.verdict, told.flags) == ("valid", ("any-usage",))


@pytest.mark.parametrize(("digest", "flags"), [("md5", ("weak-digest",)), ("sha1", ("weak-digest",)), ("sha384", ())])
def test_weak_digests_are_told(digest: str, flags: tuple[str, ...]) -> None:
    told = look(files.signed(by=makers.signer(2048), digest=digest, stamps=[STAMP]))
    assert (told.verdict, told.flags, told.signatures[0].digest_algorithm) == ("valid", flags, digest)


def test_short_keys_are_told() -> None:
    told = look(files.signed(by=makers.signer(1024), stamps=[STAMP]))
    assert (told.verdict, told.flags) == ("valid", ("weak-key",))


def test_a_stranger_with_the_same_names_is_not_trusted() -> None:
    false_root = makers.issue("Root", own_key=makers.key("false root"), authority=True)
    false_middle = makers.issue(
        "Code signing authority", false_root, own_key=makers.key("false middle"), authority=True
    )
    who = makers.issue("Signer 0", false_middle, usages=[makers.CODE], own_key=makers.key("false signer"))
    for bag in (who.bag, (*who.bag, false_root.der), (*who.bag, *makers.signer().bag)):
        told = look(files.signed(by=who, stamps=[STAMP], bag=[*bag, *makers.stamper().bag]))
        assert told.verdict == "untrusted"
    lone = look(files.signed(by=who, bag=who.bag[:1]), at=IN_TIME)
    assert lone.reason == "CN=Signer 0,O=Tests,C=GB: its issuer is neither trusted nor in the signature"


def test_a_strangers_certificate_beside_the_right_one_changes_nothing() -> None:
    who = makers.signer()
    false = makers.issue(
        "Signer 0", makers.middle(), usages=[makers.CODE], since=day(2015), until=day(2016), own_key=makers.key("false")
    )
    assert false.certificate.serial_number == who.certificate.serial_number
    bag = [false.der, *who.bag, *makers.stamper().bag]
    assert look(files.signed(stamps=[STAMP], bag=bag)).verdict == "valid"


def test_a_cross_certificate_leads_to_the_other_root() -> None:
    other = makers.issue("Other root", authority=True)
    crossed = makers.issue("Root", other, own_key=makers.root().key, authority=True)
    bag = [*makers.signer().bag, crossed.der, *makers.stamper().bag]
    content = files.signed(stamps=[STAMP], bag=bag)
    told = look(content, trusted=roots(other))
    assert told.verdict == "valid"
    assert [each.subject.split(",")[0] for each in told.signatures[0].chain] == [
        "CN=Code signing authority",
        "CN=Root",
        "CN=Other root",
    ]
    assert look(files.signed(stamps=[STAMP]), trusted=roots(other)).verdict == "untrusted"


@pytest.mark.parametrize("padding", [b"junk" * 4, bytes(16), b"\1"])
def test_padding_behind_the_signature_is_told(padding: bytes) -> None:
    plain = files.program()
    blob = makers.authenticode(lambda algorithm: files.digest(plain, algorithm), stamps=[STAMP])
    told = look(files.attach(plain, files.entry(blob, padding=padding)))
    assert (told.verdict, told.flags) == ("valid", ("padding-after-signature",))


@pytest.mark.parametrize("junk", [b"junk" * 9, bytes(64), struct.pack("<IHH", 4096, 0x200, 9) + b"more"])
def test_junk_in_an_enlarged_certificate_table_is_told(junk: bytes) -> None:
    plain = files.program()
    blob = makers.authenticode(lambda algorithm: files.digest(plain, algorithm), stamps=[STAMP])
    told = look(files.attach(plain, files.entry(blob), junk=junk))
    assert (told.verdict, told.flags) == ("valid", ("junk-in-certificate-table",))


def test_data_behind_the_certificate_table_is_an_alteration() -> None:
    told = look(files.signed(stamps=[STAMP]) + b"appended")
    assert (told.verdict, told.flags) == ("altered", ("data-after-certificate-table",))


def test_a_changed_byte_is_an_alteration() -> None:
    content = bytearray(files.signed(stamps=[STAMP]))
    content[0x600] ^= 1
    told = look(bytes(content))
    assert (told.verdict, told.reason) == ("altered", "the file is not what was signed")
    assert told.signatures[0].signer is not None


def test_pages_are_held_against_their_digests() -> None:
    plain = files.program()
    for algorithm in ("sha1", "sha256"):
        table = files.pages(plain, algorithm)
        good = files.signed(plain, about=makers.paged(algorithm, table), stamps=[STAMP])
        bad = files.signed(plain, about=makers.paged(algorithm, table[:9] + b"?" + table[10:]), stamps=[STAMP])
        assert look(good).verdict == "valid"
        assert (look(bad).verdict, look(bad).reason) == ("altered", "the page at 0 is not what was signed")


def test_nested_signatures_are_each_told() -> None:
    plain = files.program()

    def blob(**how: object) -> bytes:
        return makers.authenticode(lambda algorithm: files.digest(plain, algorithm), **how)  # type: ignore[arg-type]

    stranger = makers.issue("Stranger", usages=[makers.CODE])
    inner, other = blob(stamps=[STAMP]), blob(by=stranger)
    outer = blob(by=makers.signer(2048), digest="sha1", stamps=[STAMP, makers.nested(inner, other)])
    told = look(files.attach(plain, files.entry(outer)))
    assert brief(told) == ("valid", [("1", "valid"), ("1.1", "valid"), ("1.2", "untrusted")])
    assert [each.digest_algorithm for each in told.signatures] == ["sha1", "sha256", "sha256"]
    assert told.flags == ("weak-digest", "self-signed", "no-timestamp", "signatures-disagree")


def test_a_nested_signature_of_another_file_does_not_stand() -> None:
    plain = files.program()
    other = makers.authenticode(lambda algorithm: files.digest(files.program(seed=2), algorithm), stamps=[STAMP])
    told = look(files.signed(plain, stamps=[makers.nested(other)]))
    assert brief(told) == ("expired", [("1", "expired"), ("1.1", "altered")])


def test_nesting_has_an_end() -> None:
    plain = files.program()
    blob = makers.authenticode(lambda algorithm: files.digest(plain, algorithm), stamps=[STAMP])
    for _ in range(10):
        blob = makers.authenticode(
            lambda algorithm: files.digest(plain, algorithm), stamps=[STAMP, makers.nested(blob)]
        )
    told = look(files.attach(plain, files.entry(blob)))
    assert [each.place for each in told.signatures] == ["1", "1.1", "1.1.1", "1.1.1.1", "1.1.1.1.1"]


def test_two_entries_of_the_certificate_table_are_each_told() -> None:
    plain = files.program()
    stranger = makers.issue("Stranger", usages=[makers.CODE])
    first, second = (
        makers.authenticode(lambda algorithm: files.digest(plain, algorithm), by=who, stamps=[STAMP])
        for who in (stranger, makers.signer())
    )
    told = look(files.attach(plain, files.entry(first), files.entry(second)))
    assert brief(told) == ("valid", [("1", "untrusted"), ("2", "valid")])
    assert "several-certificate-entries" in told.flags


def _broken_tables() -> dict[str, bytes]:
    plain = files.program()
    blob = makers.authenticode(lambda algorithm: files.digest(plain, algorithm))
    whole = files.attach(plain, files.entry(blob))
    return {
        "length 0": files.attach(plain, files.entry(blob, length=0)),
        "length of the header": files.attach(plain, files.entry(blob, length=8)),
        "huge length": files.attach(plain, files.entry(blob, length=0xFFFFFFF0)),
        "length beyond the table": files.attach(plain, files.entry(blob, length=len(blob) + 512)),
        "cut off in the signature": whole[:-700],
        "cut off in the signature, and the table with it": files.attach(plain, files.entry(blob[:-700])),
        "table beyond the file": files.attach(plain, files.entry(blob), size=0x7FFFFFFF),
        "table of a few bytes": files.attach(plain, b"\1\2\3\4"),
        "table of zeros": files.attach(plain, bytes(64)),
        "no signed data": files.attach(plain, files.entry(b"\x30\x03\x02\x01\x05")),
        "noise": files.attach(plain, files.entry(b"noise" * 60)),
        "of another type": files.attach(plain, files.entry(blob, kind=1)),
        "two signers": files.signed(plain, signers=2),
        "no signer": files.signed(plain, signers=0),
        "without its certificate": files.signed(plain, bag=makers.middle().bag),
    }


@pytest.mark.parametrize("case", list(_broken_tables()))
def test_a_broken_signature_is_malformed_and_never_unsigned(case: str) -> None:
    told = look(_broken_tables()[case])
    assert told.verdict == "malformed"
    assert told.reason
    assert [each.verdict.value for each in told.signatures] == ["malformed"]


def test_a_broken_entry_behind_a_good_one_is_told() -> None:
    plain = files.program()
    blob = makers.authenticode(lambda algorithm: files.digest(plain, algorithm), stamps=[STAMP])
    told = look(files.attach(plain, files.entry(blob), files.entry(blob, length=0)))
    assert brief(told) == ("valid", [("1", "valid"), ("2", "malformed")])


@pytest.mark.parametrize("size", [0x2000, 0x2003, 0x1FFD])
def test_a_catalog_speaks_for_an_unsigned_program(size: int) -> None:
    plain = files.program(size)
    for algorithm in ("sha1", "sha256"):
        known = catalogs(files.catalog([(algorithm, files.digest(plain, algorithm))], stamps=[STAMP]))
        told = look(plain, known=known)
        assert brief(told) == ("valid", [("catalog", "valid")])
        assert told.signatures[0].catalog == "0.cat"
        assert look(files.program(size, seed=2), known=known).verdict == "unsigned"


def test_a_catalog_speaks_for_any_file_by_the_digest_of_the_whole() -> None:
    known = catalogs(files.catalog([("sha256", hashlib.sha256(b"words").digest())], stamps=[STAMP]))
    told = look(b"words", "readme.txt", known=known)
    assert (brief(told), told.kind, told.flags) == (
        ("valid", [("catalog", "valid")]),
        "other",
        ("kind-not-verified",),
    )


def test_a_catalogs_own_faults_are_the_files() -> None:
    plain = files.program()
    members = [("sha256", files.digest(plain, "sha256"))]
    stranger = makers.issue("Stranger", usages=[makers.CODE])
    assert look(plain, known=catalogs(files.catalog(members, by=stranger))).verdict == "untrusted"
    assert look(plain, known=catalogs(files.catalog(members))).verdict == "expired"
    assert look(plain, known=catalogs(files.catalog(members, unsigned=True))).verdict == "unsigned"


def test_the_time_of_compilation_is_held_against_the_time_of_signing() -> None:
    def flags(compiled: int) -> tuple[str, ...]:
        return look(files.signed(files.program(stamp=compiled), stamps=[STAMP])).flags

    signed = int(IN_TIME.timestamp())
    assert flags(signed - 86_400) == ()
    assert flags(signed + 7_200) == ()
    assert flags(signed + 3 * 86_400) == ("compiled-after-signing",)
    assert flags(signed - 400 * 86_400) == ("compiled-long-before-signing",)
    assert flags(0) == ()


def test_a_file_without_a_signature_is_unsigned() -> None:
    told = look(files.program())
    assert (brief(told), told.flags, told.kind) == (("unsigned", []), (), "pe")
    for content, name in ((b"MZ" + bytes(100), "old.exe"), (b"text", "a.txt"), (b"", "empty")):
        other = look(content, name)
        assert (brief(other), other.flags, other.kind) == (("unsigned", []), ("kind-not-verified",), "other")


def test_a_path_and_its_bytes_get_the_same_verdict(tmp_path: Path) -> None:
    path = tmp_path / "x.exe"
    path.write_bytes(files.signed(stamps=[STAMP]))
    assert look(path) == look(path.read_bytes())
    assert verify(path, roots(), at=NOW).file == str(path)
    with pytest.raises(InputError, match="cannot be read"):
        look(tmp_path / "missing.exe")

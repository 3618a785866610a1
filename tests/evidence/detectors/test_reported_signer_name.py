"""Signers of whom the sensor tells the name alone, which is on a list."""

from __future__ import annotations

from datetime import datetime

from tests.analysis.records import Process, at, loaded
from tests.evidence.signing import KEY, SIGNER, ecs, said, sentences, signed

from lodger.model.trust import Kind

LISTED = {"serial": "0abc", "issuer": "Some CA", "signer": SIGNER, "valid_from": datetime(2021, 1, 1)}


def test_a_name_on_a_list_asks_for_the_file() -> None:
    sentence = (
        "signed by Acme Ltd, the name of one reported abused from 2021-01-01 (an advisory), learned 2021-06-01; "
        "which certificate is not told: get the file"
    )
    assert sentences("reported_signer_name", signed(), said(Kind.ABUSED, **LISTED)) == [("ws1", KEY, sentence)]


def test_before_the_certificate_began_nothing_was_signed_with_it() -> None:
    later = said(Kind.ABUSED, **{**LISTED, "valid_from": datetime(2022, 1, 1)})
    assert sentences("reported_signer_name", signed(), later) == []


def test_a_name_that_signs_six_programs_here_is_no_strangers() -> None:
    many = [
        loaded(Process("WS2", rf"C:\Program Files\Acme\part{number}.exe"), at(), signer=SIGNER) for number in range(5)
    ]
    assert sentences("reported_signer_name", [*signed(), *many], said(Kind.ABUSED, **LISTED)) == []


def test_the_name_of_one_who_signs_good_software_too_says_nothing() -> None:
    assert sentences("reported_signer_name", signed(), said(Kind.ABUSED, **LISTED, shared=True)) == []
    assert sentences("shared_certificate", signed(), said(Kind.ABUSED, **LISTED, shared=True)) == []


def test_another_thumbprint_is_another_certificate() -> None:
    rows = signed(**ecs(subject_name=SIGNER, thumbprint_sha256="ab" * 32))
    rows[0].fields["Signature"] = rows[0].fields["Signed"] = None  # type: ignore[index]
    statement = said(Kind.ABUSED, thumbprint="cd" * 32, signer=SIGNER, valid_from=datetime(2021, 1, 1))
    assert sentences("reported_signer_name", rows, statement) == []

"""Certificates and signers that were reported."""

from __future__ import annotations

from tests.analysis.records import Process, at, launched, loaded
from tests.evidence.signing import KEY, PROGRAM, SIGNER, ecs, said, sentences, signed

from lodger.model.trust import Kind

TOLD = "signed by Acme Ltd, reported abused from 2021-05-01 (an advisory, a stealer), learned 2021-06-01"
REPORTED = said(Kind.ABUSED, signer=SIGNER, detail="a stealer")


def test_a_reported_signer_and_a_reported_certificate_are_found() -> None:
    assert sentences("abused_certificate", signed(), REPORTED) == [("ws1", KEY, TOLD)]
    rows = signed(**ecs(subject_name=SIGNER, thumbprint_sha256="ab" * 32))
    by_certificate = said(Kind.ABUSED, thumbprint="ab" * 32, detail="a stealer")
    assert sentences("abused_certificate", rows, by_certificate) == [("ws1", KEY, TOLD)]


def test_a_signer_of_more_than_five_programs_and_a_shared_certificate_are_another_question() -> None:
    many = [
        loaded(Process("WS2", rf"C:\Program Files\Acme\part{number}.exe"), at(), signer=SIGNER) for number in range(5)
    ]
    assert sentences("abused_certificate", [*signed(), *many], REPORTED) == []
    assert len(sentences("shared_certificate", [*signed(), *many], REPORTED)) == 6
    assert len(sentences("abused_certificate", [*signed(), *many[:4]], REPORTED)) == 5
    assert sentences("abused_certificate", signed(), said(Kind.ABUSED, signer=SIGNER, shared=True)) == []


def test_a_module_in_an_open_folder_counts_for_who_loads_it() -> None:
    helper = Process("WS1", PROGRAM)
    rows = [launched(helper, at()), loaded(helper, at(), r"C:\ProgramData\a.dll", signer=SIGNER), *signed()[1:]]
    sentence = TOLD.replace("signed", r"loads C:\ProgramData\a.dll, signed")
    assert sentences("abused_certificate", rows, REPORTED) == [("ws1", KEY, sentence)]

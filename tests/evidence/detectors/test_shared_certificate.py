"""Certificates that sign malware and good software: they convict nobody."""

from __future__ import annotations

from tests.evidence.signing import KEY, SIGNER, said, sentences, signed

from lodger.evidence import all_detectors
from lodger.model.trust import Kind


def test_the_sentence_says_that_this_alone_says_little() -> None:
    statement = said(Kind.ABUSED, signer=SIGNER, shared=True)
    sentence = (
        "signed by Acme Ltd, reported from 2021-05-01 (an advisory), learned 2021-06-01; "
        "it also signs good software, so this alone says little"
    )
    assert sentences("shared_certificate", signed(), statement) == [("ws1", KEY, sentence)]
    assert sentences("shared_certificate", signed(), said(Kind.ABUSED, signer=SIGNER)) == []


def test_it_never_convicts_alone() -> None:
    (declared,) = (each.detector for each in all_detectors() if each.id == "shared_certificate")
    assert declared.outside
    assert declared.p_implant / declared.p_ordinary < 2  # 3 decibans; from even odds to two to one

"""Issuers that are no longer trusted."""

from __future__ import annotations

from tests.analysis.records import Record, at, windows
from tests.evidence.signing import KEY, PROGRAM, said, sentences, signed

from lodger.model.trust import Kind

INTEGRITY = "Microsoft-Windows-CodeIntegrity/Operational"


def _told(issuer: str) -> list[Record]:
    return [
        *signed(),
        windows("WS1", at(hours=9), INTEGRITY, 3033, ActivityID="A1", FileNameBuffer=PROGRAM),
        windows("WS1", at(hours=9), INTEGRITY, 3089, ActivityID="A1", PublisherName="Acme Ltd", IssuerName=issuer),
    ]


def test_whoever_is_certified_by_a_distrusted_issuer_is_found_and_nobody_else() -> None:
    statement = said(Kind.DISTRUSTED, issuer="Fallen CA")
    sentence = "signed by Acme Ltd, whose issuer is distrusted from 2021-05-01 (an advisory), learned 2021-06-01"
    assert sentences("distrusted_issuer", _told("Fallen CA"), statement) == [("ws1", KEY, sentence)]
    assert sentences("distrusted_issuer", _told("Other CA"), statement) == []

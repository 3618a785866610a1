"""Companies that share no word with the signer."""

from __future__ import annotations

import pytest
from tests.analysis.records import Process, Record, at, launched, loaded
from tests.evidence.signing import KEY, PROGRAM, sentences


def _program(company: str, signer: str) -> list[Record]:
    program = Process("WS1", PROGRAM)
    return [launched(program, at(), Company=company), loaded(program, at(), signer=signer)]


def test_a_signer_of_another_name_is_found() -> None:
    sentence = "says it is of JMicron Technology Corp., and is signed by Quinnex S.r.l."
    assert sentences("contradicts_signer", _program("JMicron Technology Corp.", "Quinnex S.r.l.")) == [
        ("ws1", KEY, sentence)
    ]


@pytest.mark.parametrize(
    ("company", "signer"),
    [
        ("Google LLC", "Google Inc"),
        ("Mozilla Foundation", "Mozilla Corporation"),
        ("The Document Foundation", "Document Foundation, The"),
        ("7-Zip", "7zip project"),
        ("IBM", "IBM Corporation"),
    ],
)
def test_the_same_in_other_words_is_not(company: str, signer: str) -> None:
    assert sentences("contradicts_signer", _program(company, signer)) == []

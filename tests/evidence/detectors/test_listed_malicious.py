"""Files on lists of malicious ones."""

from __future__ import annotations

import pytest
from tests.analysis.records import Process, at, launched
from tests.evidence.signing import KEY, PROGRAM, found, said, sentences, signed

from lodger.model.trust import Kind

SENTENCE = "file is listed as malicious from 2021-05-01 (an advisory), learned 2021-06-01"


@pytest.mark.parametrize(("name", "digits"), [("sha256", 64), ("sha1", 40), ("md5", 32)])
def test_a_file_is_known_by_any_of_its_hashes(name: str, digits: int) -> None:
    rows = signed(Hashes=f"{name.upper()}={'AB' * (digits // 2)},IMPHASH={'00' * 16}")
    assert sentences("listed_malicious", rows, said(Kind.MALICIOUS, **{name: "ab" * (digits // 2)})) == [
        ("ws1", KEY, SENTENCE)
    ]
    assert sentences("listed_malicious", rows, said(Kind.MALICIOUS, **{name: "cd" * (digits // 2)})) == []
    assert sentences("listed_malicious", rows, said(Kind.VULNERABLE, **{name: "ab" * (digits // 2)})) == []


def test_a_launch_tells_the_hash_too() -> None:
    rows = [launched(Process("WS1", PROGRAM), at(), Hashes="SHA256=" + "AB" * 32)]
    assert sentences("listed_malicious", rows, said(Kind.MALICIOUS, sha256="ab" * 32)) == [("ws1", KEY, SENTENCE)]


def test_a_record_that_several_hashes_of_a_statement_meet_counts_once() -> None:
    digits = {"sha256": 64, "sha1": 40, "md5": 32}
    rows = signed(Hashes=",".join(f"{name.upper()}={'AB' * (count // 2)}" for name, count in digits.items()))
    listed = said(Kind.MALICIOUS, **{name: "ab" * (count // 2) for name, count in digits.items()})
    assert [each.records for each in found("listed_malicious", rows, listed)] == [1]

"""Programs whose next version somebody else signed."""

from __future__ import annotations

from tests.analysis.records import Process, Record, at, finding, loaded
from tests.evidence.signing import KEY, PROGRAM, found

OLD, NEW = "SHA256=" + "AA" * 32, "SHA256=" + "BB" * 32


def _versions(*versions: tuple[str, str]) -> list[Record]:
    program = Process("WS1", PROGRAM)
    return [loaded(program, at(days=day), signer=signer, Hashes=file) for day, (signer, file) in enumerate(versions)]


def test_another_signer_of_another_file_is_found() -> None:
    rows = _versions(("Acme Ltd", OLD), ("Quinnex S.r.l.", NEW))
    sentence = "signed by Acme Ltd until 2021-03-01, another file by Quinnex S.r.l. since 2021-03-02"
    assert found("signer_changed", rows) == [finding("WS1", KEY, sentence, rows[1:])]


def test_the_same_company_the_same_file_and_two_that_take_turns_are_not() -> None:
    assert found("signer_changed", _versions(("Acme Ltd", OLD), ("Acme Holding", NEW))) == []
    assert found("signer_changed", _versions(("Acme Ltd", OLD), ("Quinnex S.r.l.", OLD))) == []
    turns = _versions(("Acme Ltd", OLD), ("Quinnex S.r.l.", NEW), ("Acme Ltd", OLD))
    assert found("signer_changed", turns) == []

"""Signers that the fleet hardly knows."""

from __future__ import annotations

from contextlib import closing

from tests.analysis.records import CHROME, Process, Record, analysed, at, finding, findings, launched, loaded

PROGRAM = r"C:\Program Files\Helper\helper.exe"
KEY = r"\program files\helper\helper.exe"


def _signed(host: str, image: str, signer: str | None, status: str = "Valid") -> list[Record]:
    program = Process(host, image)
    return [launched(program, at(hours=9)), loaded(program, at(hours=9), signer=signer, status=status)]


def _fleet(hosts: int) -> list[Record]:
    """Hosts with one program of a common signer, and on some of them one more."""
    rows = [row for n in range(hosts) for row in _signed(f"WS{n}", CHROME, "Google LLC")]
    rows += _signed("WS0", PROGRAM, "Rare Works Ltd")
    rows += _signed("WS1", PROGRAM, "Two Hosts Ltd") + _signed("WS2", PROGRAM, "Two Hosts Ltd")
    for n in range(4):
        rows += _signed("WS3", rf"C:\Program Files\Suite\part{n}.exe", "Four Programs Ltd")
    return rows


def test_a_signer_of_one_program_on_one_host_is_found_and_one_of_two_hosts_or_four_programs_is_not() -> None:
    rows = _fleet(6) + _signed("WS4", PROGRAM, None)
    said = next(row for row in rows if row.fields.get("Signature") == "Rare Works Ltd")
    with closing(analysed(rows)) as engine:
        found = findings(engine, "rare_signer")
    sentence = "signed by Rare Works Ltd, which signs 1 program(s) on 1 of 6 hosts"
    assert found == [finding("WS0", KEY, sentence, [said])]


def test_in_a_fleet_too_small_to_know_anybody_nothing_is_found() -> None:
    with closing(analysed(_fleet(4))) as engine:
        assert findings(engine, "rare_signer") == []

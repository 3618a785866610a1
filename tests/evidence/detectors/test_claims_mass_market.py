"""Programs that claim a large publisher and are signed by a stranger."""

from __future__ import annotations

from tests.analysis.records import CHROME, Process, Record, at, launched, loaded
from tests.evidence.signing import KEY, PROGRAM, sentences


def _fleet(company: str, signer: str, also: int = 0) -> list[Record]:
    program = Process("WS0", PROGRAM)
    own = [launched(program, at(), Company=company), loaded(program, at(), signer=signer)]
    others = [loaded(Process(f"WS{n}", CHROME), at(), signer="Google LLC") for n in range(5)]
    return [*own, *others, *(loaded(Process(f"WS{n}", CHROME), at(), signer=signer) for n in range(also))]


def test_a_strangers_signature_on_a_large_publishers_name_is_found() -> None:
    sentence = "says it is of Adobe Systems, and is signed by Acme Ltd, who signs on this host only (5 hosts)"
    assert sentences("claims_mass_market", _fleet("Adobe Systems", "Acme Ltd")) == [("ws0", KEY, sentence)]


def test_its_own_name_a_small_publisher_and_a_signer_of_two_hosts_are_not() -> None:
    assert sentences("claims_mass_market", _fleet("Adobe Systems", "Adobe Inc.")) == []
    assert sentences("claims_mass_market", _fleet("Acme", "Other Ltd")) == []
    assert sentences("claims_mass_market", _fleet("Adobe Systems", "Acme Ltd", also=2)) == []

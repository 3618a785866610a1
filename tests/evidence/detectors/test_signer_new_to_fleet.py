"""Signers whom nobody in the fleet had met."""

from __future__ import annotations

from tests.analysis.records import CHROME, Process, Record, at, finding, loaded
from tests.evidence.signing import KEY, PROGRAM, SIGNER, found, said

from lodger.model.trust import Kind


def _fleet(hosts: int, day: int) -> tuple[list[Record], list[Record]]:
    own = [loaded(Process("WS0", PROGRAM), at(days=day), signer=SIGNER)]
    return own, [
        loaded(Process(f"WS{n}", CHROME), at(days=d), signer="Google LLC") for n in range(hosts) for d in (0, 9)
    ]


def test_a_signer_first_met_after_a_week_on_one_host_is_found() -> None:
    own, others = _fleet(5, 8)
    sentence = "signed by Acme Ltd, whom nobody in the fleet had met in 8 days; it signs on this host only"
    assert found("signer_new_to_fleet", own + others) == [finding("WS0", KEY, sentence, own)]


def test_one_met_earlier_elsewhere_in_a_small_fleet_or_called_good_is_not() -> None:
    for hosts, day in ((5, 6), (4, 8)):
        own, others = _fleet(hosts, day)
        assert found("signer_new_to_fleet", own + others) == []
    own, others = _fleet(5, 8)
    elsewhere = loaded(Process("WS1", PROGRAM), at(days=8), signer=SIGNER)
    assert found("signer_new_to_fleet", [*own, *others, elsewhere]) == []
    assert found("signer_new_to_fleet", own + others, said(Kind.TRUSTED, signer=SIGNER)) == []
    again = said(Kind.ABUSED, signer=SIGNER, known_from=at(days=300))
    assert len(found("signer_new_to_fleet", own + others, said(Kind.TRUSTED, signer=SIGNER), again)) == 1

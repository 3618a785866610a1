"""A certificate authority that the fleet knows from one place only."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1587.003",
    title="certified by who certifies nothing else",
    question="Does a place of its own show a certificate by an issuer that the fleet has met at no other place?",
    p_implant=0.2,
    because="private authorities and odd resellers serve some controllers; free public ones serve more",
    p_ordinary=0.05,
    needs=frozenset({"handshakes"}),
    sentence=(
        "{places} certified by {issuers}, met nowhere else in the fleet; {hosts} of {fleet_hosts} hosts go "
        "there, since {since}"
    ),
)

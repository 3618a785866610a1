"""A name in the request or handshake that did not lead to the address."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.DISGUISE,
    technique="T1090.004",
    title="names one place and goes to another",
    question="Does it name (Host, SNI) a place whose lookups never gave the address it goes to, while others did?",
    p_implant=0.08,
    because="a false Host or SNI hides a controller behind a good name; few go to the trouble",
    p_ordinary=0.004,
    needs=frozenset({"connections"}),
    sentence=(
        "says {names} to {addresses}, found by asking for {asked}, as {hosts} of {fleet_hosts} hosts do, since {since}"
    ),
)

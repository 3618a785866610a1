"""Contact with an address that has no name in the records."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1071",
    title="talks to a bare address",
    question="Does it talk to an address that nobody asked a name for, on a host whose name lookups are recorded?",
    p_implant=0.45,
    because="controllers by address are common in published implants, by name a little more so",
    p_ordinary=0.1,
    needs=frozenset({"connections"}),
    sentence="talks to {places} without a name lookup",
)

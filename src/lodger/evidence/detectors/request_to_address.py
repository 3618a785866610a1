"""HTTP requests that name no host."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1071.001",
    title="asks an address, not a name",
    question="Does it send HTTP requests whose Host is blank or an address, to a place that few hosts ask so?",
    p_implant=0.25,
    because="controllers by address over plain HTTP are cheap and common among the careless, rare among the patient",
    p_ordinary=0.04,
    needs=frozenset({"traffic"}),
    sentence=(
        "{requests} HTTP requests to {places} with no name as Host; {hosts} of {fleet_hosts} hosts go there, "
        "since {since}"
    ),
)
